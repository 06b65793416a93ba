"""Two workers of Prefect's own on one pool, PostgreSQL for the ledger and for Prefect, one killed again and again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from flows import prefect_services
from flows.prefect_services import POOL, ROOT
from flows.watching import Prefect
from ponts_flows import local
from ponts_flows.sandbox.server import free_port
from tests.databases import Servers
from tests.journeys.test_several_workers import (
    answers,
    comes_to_rest,
    every_sign_up_is_one_application,
    is_told_once,
    somebody_signs_up,
)
from tests.journeys.world import a_member, opened
from tests.postgresql import Server
from tests.sandbox.conftest import checked_sandbox

PREFECT = [sys.executable, "-m", "prefect", "--no-prompt"]
DEPLOYMENTS = ("programme", "outbox", "mailbox")
MOST_WAITING = 12
"""Runs that are asked for and not begun: more would only wait for one another."""


@contextmanager
def a_worker(env: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker that takes up two runs at a time; it and its runs die with the block, without a warning."""
    command = [*PREFECT, "worker", "start", "--pool", POOL, "--type", "process", "--limit", "2"]
    with log.open("ab") as file:
        process = subprocess.Popen(
            command, env=env, cwd=ROOT, stdout=file, stderr=file, start_new_session=True
        )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def asks_for_runs(prefect: Prefect, ids: dict[str, str]) -> None:
    """One more run of each flow, unless many are waiting already."""
    waiting = {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED", "PENDING"]}}}}
    if prefect.call("POST", "/flow_runs/count", json=waiting) < MOST_WAITING:
        for name in DEPLOYMENTS:
            once = {"idempotency_key": str(uuid4())}
            prefect.call("POST", f"/deployments/{ids[name]}/create_flow_run", json=once)


def ended(prefect: Prefect) -> Counter[tuple[str, str]]:
    """How many runs of each flow ended in each state."""
    flows = {one["id"]: one["name"] for one in prefect.call("POST", "/flows/filter", json={})}
    found: Counter[tuple[str, str]] = Counter()
    page: list[dict[str, Any]] = [{}]
    while page:
        page = prefect.call("POST", "/flow_runs/filter", json={"offset": found.total(), "limit": 200})
        found.update((flows[run["flow_id"]], run["state"]["type"]) for run in page)
    return found


@pytest.mark.soak
@pytest.mark.prefect
@pytest.mark.timeout(900)
def test_two_workers_of_prefect_one_killed_every_twenty_seconds_send_each_mail_once(
    postgresql: Server, tmp_path: Path
) -> None:
    database = f"postgresql+asyncpg://ponts@127.0.0.1:{postgresql.port}/{postgresql.create()}"
    with (
        checked_sandbox(tmp_path) as sandbox,
        opened(tmp_path, sandbox.url, databases=Servers(server=postgresql)) as world,
    ):
        world.register(
            *(a_member("Membre", f"Numéro{n}", email=f"n{n}@exemple.example") for n in range(0, 400, 3))
        )
        extra = local.environment(world.settings) | {"PREFECT_API_DATABASE_CONNECTION_URL": database}
        with prefect_services.starting(tmp_path, port=free_port(), extra=extra) as services:
            prefect = Prefect(services.begin())
            deploy = [*PREFECT, "deploy", "--all", "--prefect-file", "prefect-workers.yaml"]
            subprocess.run(deploy, env=services.env, cwd=ROOT, check=True, stdin=subprocess.DEVNULL)
            ids = {one["name"]: one["id"] for one in prefect.call("POST", "/deployments/filter", json={})}
            died = people = 0
            end = time.monotonic() + 180
            while time.monotonic() < end:
                # Beside the worker that `begin` started, which lives.
                with a_worker(services.env, tmp_path / "worker.log"):
                    next_death = time.monotonic() + 20
                    while time.monotonic() < next_death:
                        somebody_signs_up(world, people)
                        if people % 3 == 2:
                            answers(world, f"n{people - 2}@exemple.example")
                        people += 1
                        asks_for_runs(prefect, ids)
                        time.sleep(0.5)
                died += 1
            came_to = ended(prefect)
        comes_to_rest(world)

        print(f"{died} workers killed, {people} people, {dict(came_to)}")
        assert all(came_to[name, "COMPLETED"] for name in DEPLOYMENTS)
        assert [run for run in came_to if run[1] == "FAILED"] == []
        every_sign_up_is_one_application(world)
        is_told_once(world)
