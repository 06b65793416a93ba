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
    setup.set_defaults(command=_setup)


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
