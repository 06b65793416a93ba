"""Once a week the doctor looks by itself, and what is red is kept for the coordinators' digest."""

from __future__ import annotations

import re

from ponts_flows import doctor
from ponts_flows.ledger import facts
from ponts_flows.ledger.week import DOCTOR
from ponts_flows.steps import DIGEST, WEEKLY, Pass, Step

_ADDRESS = re.compile(r"[^\s<>«»,;@]+@[^\s<>«»,;@]+")


def note_what_is_red(run: Pass) -> int:
    """Keep what is red today, by name and remedy, without any address; returns how many things are."""
    checks = doctor.examine(run.settings)
    red = [
        {"name": check.name, "said": without_addresses(check.said)} for check in checks if check.well is False
    ]
    with run.ledger.transaction() as db:
        facts.remember(db, DOCTOR, red)
    return len(red)


def without_addresses(text: str) -> str:
    """A text in which no address is left to be read."""
    return _ADDRESS.sub("…", text)


EXAMINE = Step(name="examine", run=note_what_is_red, counts="things that are not well")
WEEK = tuple(one for step in WEEKLY for one in ((EXAMINE, step) if step is DIGEST else (step,)))
"""The steps of the weekly flow: those of the week, the doctor before the digest that tells what it found."""
