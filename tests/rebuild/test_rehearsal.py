"""A programme rehearsed twice, by the same people: once without an accident, once losing its ledger again and again.

The ends are the same: the same pairs at the same stages, the same mails, each once in the mailbox of each reader.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from ponts_flows.ledger import tables
from ponts_flows.rehearsal import Options, rehearse
from ponts_flows.steps import Pass
from tests.endings import Ending, compared, seen
from tests.journeys.test_call_counts import shortened
from tests.rebuild.loss import lost_and_rebuilt

FIRST = date(2026, 11, 13)


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
