"""`make run`: the whole product on one machine, for a newcomer to try. Ctrl-C stops all of it."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import func, select

from flows import prefect_services
from ponts_flows import clock, local
from ponts_flows.decide.calendar import is_working_day
from ponts_flows.decide.calendar import local as on_the_wall
from ponts_flows.errors import PontsError
from ponts_flows.ledger import Ledger, facts, tables
from ponts_flows.programme import Programme
from ponts_flows.samples import SIGNUPS
from ponts_flows.settings import Settings
from ponts_flows.steps.context import Installation
from ponts_flows.steps.setup import set_up

LOOK_EVERY = 2.0
FINISHED = ("COMPLETED", "FAILED", "CANCELLED", "CRASHED")


def main() -> int:
    """Start everything, show what happens, until interrupted."""
    parser = argparse.ArgumentParser(prog="make run", description="The whole programme on this machine.")
    parser.add_argument("--directory", type=Path, default=Path(".ponts"))
    parser.add_argument("--port", type=int, default=8470, help="of the forms, the board and the mailboxes")
    parser.add_argument("--prefect-port", type=int, default=4210)
    parser.add_argument("--signups", type=Path, default=SIGNUPS, help="a folder of sign-up files")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        _run(options.directory.resolve(), options.port, options.prefect_port, options.signups)
    except (PontsError, prefect_services.PrefectFailed) as error:
        print(f"\nmake run: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. `make run` goes on where this was; `rm -r .ponts` forgets it.")
    return 0


def _run(directory: Path, port: int, prefect_port: int, signups: Path) -> None:
    with ExitStack() as stack:
        print("Starting the sandbox ...", flush=True)
        sandbox = stack.enter_context(local.sandbox(directory, port=port))
        settings = local.settings_for(directory, sandbox.url)
        ledger = Ledger(settings.ledger_url)
        stack.callback(ledger.close)
        installation = _prepare(settings, ledger, sandbox, signups)
        _print_addresses(sandbox.url, installation)
        print("Starting Prefect ...", flush=True)
        prefect = stack.enter_context(
            prefect_services.running(directory, port=prefect_port, extra=local.environment(settings))
        )
        print(f"  Prefect       {prefect}\n\nEverything runs. Ctrl-C stops all of it.\n", flush=True)
        _watch(settings, ledger, Prefect(prefect))


def _prepare(settings: Settings, ledger: Ledger, sandbox: local.Sandbox, signups: Path) -> Installation:
    """On a fresh directory: a working morning, the sample sign-ups, forms and board. Else as it was left."""
    ledger.migrate()
    with ledger.transaction() as db:
        fresh = facts.recall(db, "installation") is None
    if fresh:
        sandbox.set_clock(_working_morning(datetime.now(UTC), settings.programme), standing=False)
    run = local.a_pass(settings, ledger, clock.now(settings))
    if not fresh:
        return set_up(run)
    print("Loading the sign-ups, creating the forms and the board ...", flush=True)
    sheets, register = local.load_sheets(run, signups)
    return set_up(run, sheets=sheets, register=register)


def _working_morning(now: datetime, programme: Programme) -> datetime:
    """Nine o'clock on the first working day from today on."""
    day = on_the_wall(now, programme).replace(hour=9, minute=0, second=0, microsecond=0)
    while not is_working_day(day.date(), programme):
        day += timedelta(days=1)
    return day


def _print_addresses(url: str, installation: Installation) -> None:
    print(f"\n  Home          {url}/")
    print(f"  Board         {installation.board_url}")
    for ids in installation.forms:
        print(f"  Form          {ids.responder_uri}   ({ids.name}, {ids.language})")
    print(f"  Mailboxes     {url}/mail")
    print(f"  Programme     {url}/mail/mentoring@ponts.org/", flush=True)


class Prefect:
    """Prefect's own API, as far as starting a deployment's run and waiting for its end."""

    def __init__(self, url: str) -> None:
        self._api = f"{url}/api"

    def run(self, name: str) -> str:
        """Run a deployment now; returns how it ended."""
        deployment = self._call("GET", f"/deployments/name/{name}/{name}")
        flow_run = self._call("POST", f"/deployments/{deployment['id']}/create_flow_run", json={})
        while flow_run["state"]["type"] not in FINISHED:
            time.sleep(0.3)
            flow_run = self._call("GET", f"/flow_runs/{flow_run['id']}")
        return str(flow_run["state"]["name"])

    def _call(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        answer = requests.request(method, self._api + path, timeout=30, **options)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found


def _watch(settings: Settings, ledger: Ledger, prefect: Prefect) -> None:
    """Run a pass whenever somebody did something or moved the clock, and tell what it did.

    Prefect's schedules run too, by the real clock; this is for people who do not want to wait ten minutes.
    """
    proposed_at: datetime | None = None
    seen = -1
    before = _figures(ledger)
    while True:
        now, changes = _sandbox_state(settings)
        if changes != seen:
            weekly = proposed_at is None or now - proposed_at >= timedelta(days=7)
            ended = prefect.run("proposals" if weekly else "programme")
            proposed_at = now if weekly else proposed_at
            seen = _sandbox_state(settings)[1]
            after = _figures(ledger)
            _tell(now, settings.programme, ended, before, after)
            before = after
        time.sleep(LOOK_EVERY)


def _sandbox_state(settings: Settings) -> tuple[datetime, int]:
    answer = requests.get(f"{settings.google_root}/sandbox/clock", timeout=30).json()
    return datetime.fromisoformat(answer["now"]), int(answer["changes"])


def _figures(ledger: Ledger) -> Counter[str]:
    """How many of everything there are in the ledger."""
    a, p, m, r = tables.application, tables.pairing, tables.message, tables.to_review
    with ledger.transaction() as db:
        figures = Counter({"sign-ups": db.execute(select(func.count()).select_from(a)).scalar_one()})
        for stage, count in db.execute(select(p.c.stage, func.count()).group_by(p.c.stage)):
            figures[f"pairings {stage}"] = count
        for status, count in db.execute(select(m.c.status, func.count()).group_by(m.c.status)):
            figures[f"mails {status}"] = count
        waiting = select(func.count()).select_from(r).where(r.c.closed_at.is_(None))
        figures["lines to review"] = db.execute(waiting).scalar_one()
    return figures


def _tell(now: datetime, programme: Programme, ended: str, before: Counter[str], after: Counter[str]) -> None:
    """One line: the time in the sandbox, and what is different."""
    parts = [
        f"{name} {after[name]} ({after[name] - before[name]:+d})"
        for name in sorted(after | before)
        if after[name] != before[name]
    ]
    state = "" if ended == "Completed" else f"[{ended}: see Prefect's pages] "
    at = on_the_wall(now, programme)
    print(f"{at:%a %d %b %H:%M}  {state}{', '.join(parts) or 'nothing new'}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
