# `make` alone lists the commands.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# What has a ledger, but for pages in a browser, one long rehearsal, and what is on PostgreSQL in any case.
ON_A_LEDGER := tests/ledger tests/steps tests/rebuild/test_rebuild.py tests/test_invariants.py tests/journeys \
	$(addprefix --ignore=tests/journeys/,test_signups_truth.py test_several_workers.py)

.DEFAULT_GOAL := help
.PHONY: help setup run test test-postgresql soak check deploy deploy-workers format bench diagram screenshots

help: ## list the commands
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/ready ## build the environment in .venv

$(VENV)/ready: constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=/path/to/python3.11 ...")'
	@echo 'Building the environment in $(VENV): about a minute, this once ...'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

run: $(VENV)/ready ## everything on this machine: forms, board, mailboxes, Prefect
	@$(BIN)/python -m flows.start $(ARGS)

test: $(VENV)/ready ## the tests
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

test-postgresql: $(VENV)/ready ## the tests that have a ledger, on PostgreSQL (Debian's package)
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder --database=postgresql -m 'not browser and not soak' $(ON_A_LEDGER) $(ARGS)

soak: $(VENV)/ready ## the tests that take minutes: every crash there is, twice, and much later
	$(BIN)/python -m pytest -m soak $(ARGS)

check: $(VENV)/ready ## what CI checks beside the tests: style, types, layers, dependencies
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pip check --disable-pip-version-check
	$(BIN)/python .ci/dependencies.py

format: $(VENV)/ready ## put the code in its usual form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

deploy: $(VENV)/ready ## hand the flows to Prefect (PREFECT_API_URL says which)
	PONTS_HOME="$(CURDIR)" DO_NOT_TRACK=1 $(BIN)/prefect --no-prompt deploy --all
	DO_NOT_TRACK=1 $(BIN)/python -m flows.automations

deploy-workers: deploy ## the same, and what several workers do at once (docs/workers.md)
	PONTS_HOME="$(CURDIR)" DO_NOT_TRACK=1 $(BIN)/prefect --no-prompt deploy --all --prefect-file prefect-workers.yaml

bench: $(VENV)/ready ## the benchmarks: see docs/benchmarks.md
	$(BIN)/python -m tests.bench.bench_matching $(MENTEES)
	$(BIN)/python -m tests.bench.bench_engagements $(PAIRS)
	$(BIN)/python -m tests.bench.bench_mail
	$(BIN)/python -m tests.bench.bench_load

diagram: $(VENV)/ready ## draw the stages in README.md anew
	$(BIN)/python -m ponts_flows.diagram README.md

screenshots: $(VENV)/ready ## take the pictures of docs/images anew (needs Chromium)
	$(BIN)/python -m tests.screenshots
