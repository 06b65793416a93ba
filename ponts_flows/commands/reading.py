"""What the ledger holds, read and changed by nobody."""

from __future__ import annotations

import argparse
from pathlib import Path

from ponts_flows.commands.places import Commands, existing_ledger
from ponts_flows.errors import InputError


def add(commands: Commands) -> None:
    """Add these commands."""
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

    trial = commands.add_parser("trial", help="the mails that a trial sent to its own address instead")
    trial.add_argument("--json", action="store_true", help="print it as JSON")
    trial.set_defaults(command=_trial)


def _export(options: argparse.Namespace) -> int:
    from ponts_flows.export import export
    from ponts_flows.settings import load

    with existing_ledger(load()) as ledger:
        for path in export(ledger, options.directory):
            print(path)
    return 0


def _timeline(options: argparse.Namespace) -> int:
    from ponts_flows import clock
    from ponts_flows.settings import load
    from ponts_flows.timeline import timeline

    settings = load()
    with existing_ledger(settings) as ledger:
        now = clock.now(settings)
        with ledger.transaction() as db:
            told = timeline(db, options.pairing, programme=settings.programme, now=now)
    print(told.as_json() if options.json else told.as_text())
    return 0


def _trial(options: argparse.Namespace) -> int:
    import json
    from dataclasses import asdict

    from ponts_flows.settings import load
    from ponts_flows.steps.trial import redirected

    with existing_ledger(load()) as ledger:
        found = redirected(ledger)
    if options.json:
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2))
        return 0
    for one in found:
        print(f"{one.sent_on}  {one.reference}  {', '.join(one.recipients):<16}  {one.template}, {one.about}")
    print(f"{len(found)} redirected: none of them reached whom it was for, and none leaves again.")
    return 0


def _why(options: argparse.Namespace) -> int:
    from zoneinfo import ZoneInfo

    from ponts_flows import clock
    from ponts_flows.reasons import reasons
    from ponts_flows.settings import load

    if len(options.people) > 2:
        raise InputError("ponts why answers about one person, or about two.")
    settings = load()
    with existing_ledger(settings) as ledger:
        today = clock.now(settings).astimezone(ZoneInfo(settings.programme.time_zone)).date()
        with ledger.transaction() as db:
            print(reasons(db, options.people, programme=settings.programme, today=today))
    return 0
