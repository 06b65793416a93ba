"""Whether an installation can work."""

from __future__ import annotations

import argparse

from ponts_flows.commands.places import Commands


def add(commands: Commands) -> None:
    """Add these commands."""
    doctor = commands.add_parser("doctor", help="what the programme needs, each green or red with its remedy")
    doctor.add_argument("--json", action="store_true", help="print it as JSON")
    doctor.set_defaults(command=_doctor)

    watch = commands.add_parser("watch", help="tell the coordinators of flows that fail or are silent")
    watch.set_defaults(command=_watch)


def _doctor(options: argparse.Namespace) -> int:
    from ponts_flows.doctor import as_json, as_text, examined

    checks = examined()
    print(as_json(checks) if options.json else as_text(checks))
    return 1 if any(check.well is False for check in checks) else 0


def _watch(options: argparse.Namespace) -> int:
    from ponts_flows.doctor.watch import TELL, WATCH
    from ponts_flows.errors import AlreadyRunning
    from ponts_flows.steps import run_pass
    from ponts_flows.steps.opening import opened

    with opened() as run:
        try:
            report = run_pass(run, WATCH)
        except AlreadyRunning:  # or hangs, which is to be told
            report = run_pass(run, TELL, beside=True)
    print("\n".join(report.lines()) or "All runs as it should.")
    return 1 if report.errors else 0
