"""A programme rehearsed twice, by the same people: once without an accident, once losing its ledger again and again.

The ends are the same: the same pairs at the same stages, the same mails, each once in the mailbox of each reader.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from ponts_flows.ledger import tables
from ponts_flows.players import Pages
from ponts_flows.rehearsal import Options, rehearse
from ponts_flows.steps import Pass
from tests.journeys.test_call_counts import shortened
from tests.rebuild.loss import lost_and_rebuilt

REFERENCE = re.compile(r"M-[0-9A-Z]{4}-[0-9A-Z]{4}")
DRAWN = re.compile(r"/(answer-noted|answer-problem|answer-to-confirm)/.*")
"""What follows in a key is an identifier that Google draws."""
FIRST = date(2026, 11, 13)


@dataclass(kw_only=True)
class Ending:
    """How a rehearsal ended, and what was not as it should be on the way."""

    applications: dict[str, str] = field(default_factory=dict)
    pairings: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    messages: Counter[tuple[str, str]] = field(default_factory=Counter)
    received: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    stages_lost: set[str] = field(default_factory=set)
    templates_sent: set[str] = field(default_factory=set)


def played(directory: Path, until: date, losses: Collection[date]) -> Ending:
    """Rehearse until a day, losing the ledger on some evenings."""
    ending = Ending()
    result = rehearse(
        Options(directory=directory, start=FIRST, until=until, seed=3),
        progress=False,
        overnight=befalls(ending, until, losses),
    )
    ending.wrong += result.errors
    return ending


def befalls(ending: Ending, until: date, losses: Collection[date]) -> Callable[[Pass], None]:
    due = sorted(losses, reverse=True)

    def overnight(run: Pass) -> None:
        if due and run.today >= due[-1]:
            while due and run.today >= due[-1]:
                due.pop()
            report, wrong = lost_and_rebuilt(run)
            ending.wrong += [f"{run.today}: {one}" for one in (*wrong, *report.lost)]
            with run.ledger.transaction() as db:
                ending.stages_lost |= set(db.execute(select(tables.pairing.c.stage)).scalars())
        if run.today == until:
            seen(run, ending)

    return overnight


def seen(run: Pass, ending: Ending) -> None:
    """What the programme says and what people have."""
    a, p, m = tables.application, tables.pairing, tables.message
    with run.ledger.transaction() as db:
        ending.applications = dict(db.execute(select(a.c.id, a.c.stage)).tuples().all())
        pairs = db.execute(select(p.c.id, p.c.mentor_id, p.c.mentee_id, p.c.stage))
        ending.pairings = {row.id: (row.mentor_id, row.mentee_id, row.stage) for row in pairs}
        messages = list(db.execute(select(m.c.key, m.c.reference, m.c.status, m.c.template)))
        people = sorted(set(db.execute(select(a.c.email)).scalars()))
    ending.messages = Counter((DRAWN.sub(r"/\1", row.key), row.status) for row in messages)
    ending.templates_sent = {row.template for row in messages if row.status == "sent"}
    keys = {row.reference: row.key for row in messages}
    pages = Pages(url=run.settings.google_root or "")
    for address in people:
        for mail in pages.get(f"/mail/{address}/messages.json", q="in:inbox")["messages"]:
            if run.settings.mailbox in mail["from"] and (found := REFERENCE.search(mail["text"])):
                ending.received[address, keys[found[0]]] += 1


def compared(ending: Ending, twin: Ending) -> None:
    assert ending.wrong == [], "\n".join(ending.wrong)
    assert ending.applications == twin.applications
    assert ending.pairings == twin.pairings
    assert ending.messages == twin.messages
    assert set(ending.received.values()) == {1}
    without_drawn = [
        Counter((address, DRAWN.sub(r"/\1", key)) for address, key in one.received) for one in (ending, twin)
    ]
    assert without_drawn[0] == without_drawn[1]


@pytest.mark.timeout(300)
def test_four_weeks_of_which_three_evenings_lose_the_ledger_end_as_if_it_had_never_been_lost(
    tmp_path: Path,
) -> None:
    signups, until = shortened(tmp_path / "signups", 24), FIRST + timedelta(weeks=4)
    losses = (FIRST, FIRST + timedelta(days=10), FIRST + timedelta(days=24))

    ending, twin = (played(signups, until, days) for days in (losses, ()))

    compared(ending, twin)
    assert ending.stages_lost >= {"asking_mentor", "asking_mentee", "engaged", "declined"}
    assert len(ending.received) > 80


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_a_year_of_which_every_fortnight_loses_the_ledger_ends_as_if_it_had_never_been_lost(
    tmp_path: Path,
) -> None:
    signups, until = shortened(tmp_path / "signups", 40), FIRST + timedelta(days=400)
    losses = [FIRST + timedelta(days=14 * number) for number in range(28)]

    ending, twin = (played(signups, until, days) for days in (losses, ()))

    compared(ending, twin)
    assert ending.stages_lost >= {"engaged", "renewed", "closing", "completed", "released"}
    assert ending.templates_sent >= {"midpoint", "renewal", "renewed", "review", "thanks"}
