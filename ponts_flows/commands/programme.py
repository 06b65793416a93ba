"""Running the programme: a pass, and what it needs."""

from __future__ import annotations

import argparse

from ponts_flows.commands.places import Commands


def add(commands: Commands) -> None:
    """Add these commands."""
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
    setup.add_argument(
        "--form", action="append", default=[], metavar="FORM[/en]=ID", help="a web form that is there already"
    )
    setup.add_argument("--board", metavar="ID", help="a spreadsheet to make the board of")
    setup.add_argument("--dry-run", action="store_true", help="say what it would do, and change nothing")
    setup.set_defaults(command=_setup)

    take_in = commands.add_parser("import", help="take in pairs that ran before; nothing is sent of the past")
    take_in.add_argument("pairs", metavar="PAIRS", help="a CSV file, or sheet:ID[:TAB]")
    take_in.add_argument(
        "--mentees", metavar="FILE", help="sign-ups of mentees who are not known yet, likewise"
    )
    take_in.add_argument("--mentors", metavar="FILE", help="the same of mentors")
    take_in.add_argument(
        "--dry-run", action="store_true", help="say what would come of it, and change nothing"
    )
    take_in.set_defaults(command=_import)

    rebuild = commands.add_parser(
        "rebuild", help="make a lost ledger again, from the board, forms and mailbox"
    )
    rebuild.add_argument(
        "--board", metavar="ID", help="the board's identifier (default: the one found in Drive)"
    )
    rebuild.set_defaults(command=_rebuild)


def _run(options: argparse.Namespace) -> int:
    from ponts_flows.doctor.weekly import EXAMINE
    from ponts_flows.steps import DIGEST, PROGRAMME, PROPOSE, run_pass
    from ponts_flows.steps.opening import opened

    steps = list(PROGRAMME)
    at = next(i for i, step in enumerate(steps) if step.name == "send-due")
    steps[at:at] = [
        step
        for step, wanted in (
            (PROPOSE, options.proposals),
            (EXAMINE, options.digest),
            (DIGEST, options.digest),
        )
        if wanted
    ]
    with opened() as run:
        report = run_pass(run, tuple(steps))
    print("\n".join(report.lines()) or "Nothing was due.")
    return 1 if report.errors else 0


def _setup(options: argparse.Namespace) -> int:
    from ponts_flows.steps.opening import opened
    from ponts_flows.steps.setup import Adopted, form_adopted, planned, set_up, sheet_source
    from ponts_flows.steps.show import refresh_board

    sources = [sheet_source(text) for text in options.sheet]
    adopted = Adopted(
        sheets=tuple(source for source in sources if source.form != "register"),
        register=next((source for source in sources if source.form == "register"), None),
        forms=dict(map(form_adopted, options.form)),
        board=options.board,
    )
    with opened() as run:
        if options.dry_run:
            print("\n".join(planned(run, adopted)) or "Rien à faire.")
            return 0
        installation = set_up(run, adopted=adopted)
        with run.ledger.lock():
            refresh_board(run)  # from now on it remembers what was set up, should the ledger be lost
    print(f"Board: {installation.board_url}")
    for ids in installation.forms:
        print(f"Form {ids.name} ({ids.language}): {ids.responder_uri}")
    return 0


def _import(options: argparse.Namespace) -> int:
    from ponts_flows.imports import Given, take_in
    from ponts_flows.steps.opening import opened

    given = Given(pairs=options.pairs, mentees=options.mentees, mentors=options.mentors)
    with opened() as run:
        report = take_in(run, given, dry=options.dry_run)
    print("\n".join(report.lines()))
    if options.dry_run:
        print("À blanc : rien n'a été changé.")
    return 1 if report.refused else 0


def _rebuild(options: argparse.Namespace) -> int:
    from ponts_flows.rebuild import rebuild
    from ponts_flows.steps.opening import opened

    with opened() as run:
        print(rebuild(run, board=options.board).as_text())
    return 0
