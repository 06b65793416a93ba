"""Whether an installation can work."""

from __future__ import annotations

import argparse

from ponts_flows.commands.places import Commands


def add(commands: Commands) -> None:
    """Add these commands."""
    doctor = commands.add_parser("doctor", help="what the programme needs, each green or red with its remedy")
    doctor.add_argument("--json", action="store_true", help="print it as JSON")
    doctor.set_defaults(command=_doctor)


def _doctor(options: argparse.Namespace) -> int:
    from ponts_flows.doctor import as_json, as_text, examined

    checks = examined()
    print(as_json(checks) if options.json else as_text(checks))
    return 1 if any(check.well is False for check in checks) else 0
