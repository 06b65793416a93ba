"""`make run`: the whole product on one machine, for a newcomer to try. Ctrl-C stops all of it."""

from __future__ import annotations

import argparse
import signal
import socket
import sys
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flows import prefect_services
from flows.watching import Prefect, watch
from ponts_flows import clock, local
from ponts_flows.decide.calendar import is_working_day
from ponts_flows.decide.calendar import local as on_the_wall
from ponts_flows.errors import InputError, PontsError
from ponts_flows.ledger import Ledger, facts
from ponts_flows.programme import Programme
from ponts_flows.samples import SIGNUPS
from ponts_flows.settings import Settings
from ponts_flows.steps.context import Installation
from ponts_flows.steps.decide import SIGN_UPS
from ponts_flows.steps.setup import set_up

FIRST = """
Everything runs, on this machine alone: no mail leaves it.

  1. Open the board, tab Propositions; in the column Décision of a line, choose « Valider ».
  2. Open the mailboxes: the mentor's comes first. Answer OUI; a few seconds later, the same for the mentee.
  3. Both have received their introduction.
  Then sign up from the home page as Alix Dupré, promotion 2016, alix.dupre@exemple.example, who has paid her dues;
  or move the clock (top of every page) and see reminders leave.

Ctrl-C stops all of it. What happens, by the sandbox's clock:
"""


def main() -> int:
    """Start everything, show what happens, until interrupted."""
    parser = argparse.ArgumentParser(prog="make run", description="The whole programme on this machine.")
    parser.add_argument("--directory", type=Path, default=Path(".ponts"))
    parser.add_argument("--port", type=int, default=8470, help="of the forms, the board and the mailboxes")
    parser.add_argument("--prefect-port", type=int, default=4210)
    parser.add_argument("--signups", type=Path, default=SIGNUPS, help="a folder of sign-up files")
    options = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    try:
        _run(options.directory.resolve(), options.port, options.prefect_port, options.signups)
    except (PontsError, prefect_services.PrefectFailed) as error:
        print(f"make run: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"Stopped. `make run` goes on where this was; `rm -r {options.directory}` forgets it.")
    return 0


def _interrupt(number: int, frame: object) -> None:
    """Stop everything; once that has begun, a second Ctrl-C must not leave half of it running."""
    for again in (signal.SIGINT, signal.SIGTERM):
        signal.signal(again, signal.SIG_IGN)
    print("\nStopping ...", flush=True)
    raise KeyboardInterrupt


def _run(directory: Path, port: int, prefect_port: int, signups: Path) -> None:
    _must_be_free(port, "--port")
    _must_be_free(prefect_port, "--prefect-port")
    with ExitStack() as stack:
        print("Starting the sandbox and Prefect ...", flush=True)
        sandbox = stack.enter_context(local.sandbox(directory, port=port))
        settings = local.settings_for(directory, sandbox.url)
        prefect = stack.enter_context(
            prefect_services.starting(directory, port=prefect_port, extra=local.environment(settings))
        )
        ledger = Ledger(settings.ledger_url)
        stack.callback(ledger.close)
        installation = _prepare(settings, ledger, sandbox, signups)
        _print_addresses(sandbox.url, installation)
        url = prefect.begin()
        print(f"  Prefect    {url}\n{FIRST}", flush=True)
        watch(settings, ledger, Prefect(url))


def _must_be_free(port: int, option: str) -> None:
    """InputError when something else listens on a port: its pages would be taken for ours."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise InputError(
                f"Port {port} is in use: is `make run` running elsewhere? "
                f"If not, choose another: make run ARGS='{option} {port + 10}'"
            ) from error


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
    print(f"\n  Home       {url}/   (forms, board and mailboxes start here)")
    print(f"  Board      {installation.board_url}")
    print(f"  Mailboxes  {url}/mail")
    for ids in installation.forms:
        if ids.name in SIGN_UPS:  # the others are reached from a mail
            print(f"  Sign up    {ids.responder_uri}   ({ids.name}, {ids.language})")
    print("\nThese pages answer already; Prefect is on its way ...", flush=True)


if __name__ == "__main__":
    sys.exit(main())
