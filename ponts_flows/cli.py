"""The command `ponts`. Exit codes: 0 done, 1 a run that failed, 2 a wrong call."""

from __future__ import annotations

import argparse
import gc
import logging
import math
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ponts_flows.errors import InputError, PontsError, SettingsError

if TYPE_CHECKING:
    from sqlalchemy.exc import SQLAlchemyError

    from ponts_flows.ledger import Ledger
    from ponts_flows.settings import Settings

DIRECTORY = Path(".ponts")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; never a traceback for what a person can cause."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level="INFO", format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        return int(options.command(options))
    except (InputError, SettingsError) as error:
        print(f"ponts: {error}", file=sys.stderr)
        return 2
    except PontsError as error:
        print(f"ponts: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except _of_the_ledger() as error:
        print(f"ponts: {_ledger_failed(error)}", file=sys.stderr)
        return 1


def _of_the_ledger() -> type[SQLAlchemyError]:
    """What a database raises; asked for once something was raised, as SQLAlchemy takes a while to import."""
    from sqlalchemy.exc import SQLAlchemyError

    return SQLAlchemyError


def _ledger_failed(error: SQLAlchemyError) -> str:
    """What to tell of a database that can't be used; only its own complaint about itself, never what it holds."""
    from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError

    of_itself = isinstance(error, OperationalError) or type(error) is DatabaseError
    why = str(error.orig).strip().splitlines()[0] if of_itself and isinstance(error, DBAPIError) else ""
    return (
        f"The ledger can't be used ({why or type(error).__name__}). "
        "Check PONTS_DATABASE_URL and PONTS_DIRECTORY, and that the database is there and may be written to."
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ponts", description="Runs a mentoring programme.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="one pass: read, decide, send, show")
    run.add_argument("--proposals", action="store_true", help="make proposals in this pass")
    run.add_argument("--digest", action="store_true", help="send the coordinators their digest")
    run.set_defaults(command=_run)

    setup = commands.add_parser("setup", help="create or update the forms and the board")
    setup.add_argument(
        "--sheet",
        action="append",
        default=[],
        metavar="FORM=ID[:TAB]",
        help="a response sheet (mentee=, mentor=) or the membership register (register=)",
    )
    setup.set_defaults(command=_setup)

    export = commands.add_parser("export", help="the ledger as CSV files")
    export.add_argument("directory", type=Path)
    export.set_defaults(command=_export)

    timeline = commands.add_parser("timeline", help="the life of one pair, past and to come")
    timeline.add_argument("pairing", metavar="PAIRING", help="its identifier, such as P-0042")
    timeline.add_argument("--json", action="store_true", help="print it as JSON")
    timeline.set_defaults(command=_timeline)

    why = commands.add_parser("why", help="why someone is proposed to someone, or why not")
    why.add_argument("people", nargs="+", metavar="PERSON", help="one or two, by identifier or address")
    why.set_defaults(command=_why)

    rehearse = commands.add_parser("rehearse", help="play the programme on sign-up files, on a fast clock")
    rehearse.add_argument("directory", type=Path, help="holds mentees.csv, mentors.csv, cotisants.csv")
    rehearse.add_argument(
        "--from", dest="start", type=_day, help="first day (default: after the last response)"
    )
    rehearse.add_argument("--until", type=_day, help="last day (default: eight weeks later)")
    rehearse.add_argument("--approve", choices=("all", "none"), default="all", help="what coordinators do")
    rehearse.add_argument(
        "--answers", choices=("yes", "no", "mixed"), default="mixed", help="what people answer"
    )
    rehearse.add_argument("--seed", type=int, default=1, help="another number: people with other habits")
    rehearse.add_argument("--out", type=Path, help="write the exports and the picture there")
    rehearse.add_argument("--json", action="store_true", help="print the result as JSON")
    rehearse.set_defaults(command=_rehearse)

    _add_match(commands)

    preview = commands.add_parser("preview", help="a gallery of all mails, to open in a browser")
    preview.add_argument(
        "--out", type=Path, default=Path("preview"), metavar="DIR", help="where it is written"
    )
    preview.set_defaults(command=_preview)

    explain = commands.add_parser("explain-mail", help="what a mail says, and why; nothing is stored")
    explain.add_argument("file", type=Path, metavar="FILE.eml")
    explain.add_argument("--sent", type=Path, metavar="FILE.txt", help="the text of ours that it answers")
    explain.add_argument("--question", choices=("pairing", "met", "renewal", "event"), help="what that asks")
    explain.add_argument("--on", type=_day, help="the day it was written (default: its own date)")
    explain.add_argument("--json", action="store_true", help="print it as JSON")
    explain.set_defaults(command=_explain_mail)

    sandbox = commands.add_parser("sandbox", help="only the local Google Workspace")
    sandbox.add_argument("--directory", type=Path, default=DIRECTORY)
    sandbox.add_argument("--port", type=int, default=8470)
    sandbox.set_defaults(command=_sandbox)
    return parser


def _add_match(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    match = commands.add_parser(
        "match", help="try the matching on CSV files, with any weights; nothing is stored"
    )
    match.add_argument("--mentees", type=Path, required=True, metavar="CSV", help="their sign-ups")
    match.add_argument("--mentors", type=Path, required=True, metavar="CSV", help="their sign-ups")
    match.add_argument("--members", type=Path, metavar="CSV", help="the register (default: all are paid up)")
    match.add_argument("--weights", type=Path, metavar="CSV", help="names and values as in the tab Réglages")
    match.add_argument("--on", type=_day, help="the day of the trial (default: that of the last response)")
    match.add_argument(
        "--out", type=Path, metavar="DIR", help="write the pairs, who is left and a page there"
    )
    match.add_argument("--json", action="store_true", help="print it as JSON")
    match.add_argument("--seconds", type=_positive, metavar="N", help="the time that it may take")
    match.add_argument("--gap", type=_positive, metavar="PERCENT", help="how far from the best it may stop")
    match.set_defaults(command=_match)


def _positive(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive number")
    return number


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day such as 2026-11-16") from None


def _run(options: argparse.Namespace) -> int:
    from ponts_flows.steps import DIGEST, PROGRAMME, PROPOSE, run_pass
    from ponts_flows.steps.opening import opened

    steps = list(PROGRAMME)
    at = next(i for i, step in enumerate(steps) if step.name == "send-due")
    steps[at:at] = [
        step for step, wanted in ((PROPOSE, options.proposals), (DIGEST, options.digest)) if wanted
    ]
    with opened() as run:
        report = run_pass(run, tuple(steps))
    print("\n".join(report.lines()) or "Nothing was due.")
    return 1 if report.errors else 0


def _setup(options: argparse.Namespace) -> int:
    from ponts_flows.steps.opening import opened
    from ponts_flows.steps.setup import set_up, sheet_source

    sources = [sheet_source(text) for text in options.sheet]
    with opened() as run:
        installation = set_up(
            run,
            sheets=tuple(source for source in sources if source.form != "register"),
            register=next((source for source in sources if source.form == "register"), None),
        )
    print(f"Board: {installation.board_url}")
    for ids in installation.forms:
        print(f"Form {ids.name} ({ids.language}): {ids.responder_uri}")
    return 0


def _export(options: argparse.Namespace) -> int:
    from ponts_flows.export import export
    from ponts_flows.settings import load

    with _existing_ledger(load()) as ledger:
        for path in export(ledger, options.directory):
            print(path)
    return 0


def _timeline(options: argparse.Namespace) -> int:
    from ponts_flows import clock
    from ponts_flows.settings import load
    from ponts_flows.timeline import timeline

    settings = load()
    with _existing_ledger(settings) as ledger:
        now = clock.now(settings)
        with ledger.transaction() as db:
            told = timeline(db, options.pairing, programme=settings.programme, now=now)
    print(told.as_json() if options.json else told.as_text())
    return 0


def _why(options: argparse.Namespace) -> int:
    from zoneinfo import ZoneInfo

    from ponts_flows import clock
    from ponts_flows.reasons import reasons
    from ponts_flows.settings import load

    if len(options.people) > 2:
        raise InputError("ponts why answers about one person, or about two.")
    settings = load()
    with _existing_ledger(settings) as ledger:
        today = clock.now(settings).astimezone(ZoneInfo(settings.programme.time_zone)).date()
        with ledger.transaction() as db:
            print(reasons(db, options.people, programme=settings.programme, today=today))
    return 0


@contextmanager
def _existing_ledger(settings: Settings) -> Iterator[Ledger]:
    """The ledger of this place, brought up to date; a wrong call where there is none."""
    from ponts_flows.ledger import Ledger

    ledger = Ledger(settings.ledger_url)
    if not ledger.exists:
        raise SettingsError(
            "There is no ledger here yet. Run this where the programme runs, or give its place in PONTS_DIRECTORY."
        )
    ledger.migrate()
    try:
        yield ledger
    finally:
        ledger.close()


def _rehearse(options: argparse.Namespace) -> int:
    from ponts_flows.rehearsal import Options, rehearse

    _collect_garbage_seldom()
    result = rehearse(
        Options(
            directory=options.directory,
            start=options.start,
            until=options.until,
            approve=options.approve,
            answers=options.answers,
            seed=options.seed,
            out=options.out,
        )
    )
    print(result.as_json() if options.json else result.as_text())
    return 1 if result.errors else 0


def _match(options: argparse.Namespace) -> int:
    from ponts_flows.memory import collector_at_rest

    with collector_at_rest():
        return _tried(options)


def _tried(options: argparse.Namespace) -> int:
    from ponts_flows import what_if
    from ponts_flows.csv_files import export_folder

    if options.out:
        export_folder(options.out)  # a wrong call is told before anything is computed
    trial = what_if.try_out(
        what_if.Request(
            mentees=options.mentees,
            mentors=options.mentors,
            members=options.members,
            weights=options.weights,
            on=options.on,
            seconds=options.seconds,
            gap=options.gap,
        )
    )
    for remark in trial.remarks:
        print(remark.line_fr, file=sys.stderr)
    effects = what_if.effects(trial) if options.out else ()
    paths = what_if.write(trial, effects, options.out) if options.out else ()
    print(what_if.as_json(trial, effects) if options.json else what_if.as_text(trial))
    if paths and not options.json:
        print("\n".join(["", *map(str, paths)]))
    return 0


def _explain_mail(options: argparse.Namespace) -> int:
    from ponts_flows.mail.received.explained import explain
    from ponts_flows.mail.received.meaning import Question
    from ponts_flows.settings import load

    try:
        raw = options.file.read_bytes()
        sent = options.sent.read_text(encoding="utf-8", errors="replace") if options.sent else ""
    except OSError as error:
        raise InputError(f"{error.filename} can't be read: {error.strerror}.") from error
    question = Question(options.question) if options.question else None
    found = explain(raw, sent=sent, question=question, on=options.on, mailbox=load().mailbox)
    print(found.json() if options.json else found.text())
    return 0


def _preview(options: argparse.Namespace) -> int:
    from ponts_flows.mail.gallery import write
    from ponts_flows.programme import Programme

    try:
        print(write(options.out, programme=Programme()))
    except OSError as error:
        raise InputError(
            f"The gallery can't be written to {options.out}: {error}. Give another --out."
        ) from error
    return 0


def _sandbox(options: argparse.Namespace) -> int:
    from ponts_flows.sandbox.server import serving

    _collect_garbage_seldom()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        with serving(options.directory, port=options.port) as running:
            print(f"Sandbox: {running.url} (service account: {running.credentials})", flush=True)
            stop.wait()
    except OSError as error:
        raise InputError(
            f"The sandbox can't start in {options.directory} on port {options.port}: {error}. "
            "Give another --directory or --port."
        ) from error
    return 0


def _collect_garbage_seldom() -> None:
    """For a process that keeps what it makes: looking through all of it for garbage took 3 % of its time."""
    gc.freeze()  # what was imported stays
    gc.set_threshold(50_000)


if __name__ == "__main__":
    sys.exit(main())
