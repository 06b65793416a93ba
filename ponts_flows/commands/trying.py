"""Trials on files; nothing is stored, nothing leaves."""

from __future__ import annotations

import argparse
import math
import sys
from datetime import date
from pathlib import Path

from ponts_flows.commands.places import Commands
from ponts_flows.errors import InputError
from ponts_flows.memory import collect_garbage_seldom


def add(commands: Commands) -> None:
    """Add these commands."""
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

    _add_match(commands)


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


def _rehearse(options: argparse.Namespace) -> int:
    from ponts_flows.rehearsal import Options, rehearse

    collect_garbage_seldom()
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


def _add_match(commands: Commands) -> None:
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


def _match(options: argparse.Namespace) -> int:
    from ponts_flows.memory import collector_at_rest

    with collector_at_rest():
        return _tried(options)


def _tried(options: argparse.Namespace) -> int:
    from ponts_flows import what_if
    from ponts_flows.csv_files import export_folder
    from ponts_flows.settings import load

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
            programme=load().programme,
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
    from ponts_flows.settings import load

    try:
        print(write(options.out, programme=load().programme))
    except OSError as error:
        raise InputError(
            f"The gallery can't be written to {options.out}: {error}. Give another --out."
        ) from error
    return 0
