"""Killed anywhere in an erasure: run again, or at the next pass, all is erased; before the commit nothing was."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from ponts_flows.ledger import tables
from ponts_flows.steps.erasing import erase, finish
from tests.journeys.mortal import Fate, Killed, mortal_ledger, on_a_mortal_line
from tests.journeys.world import LEA, World
from tests.privacy.secrets import ADDRESSES, IN_CONFIDENCE, everywhere, where


def mortally(world: World, fate: Fate) -> None:
    """Erase Léa with a process that may die."""
    world.restarted(
        google=on_a_mortal_line(world.google_for(world.settings), fate),
        ledger=mortal_ledger(world.settings.ledger_url, fate),
    )
    erase(world.a_pass(), LEA)
    finish(world.a_pass())


def proofs(world: World) -> int:
    with world.ledger.transaction() as db:
        return len(db.execute(select(tables.erasure.c.id)).all())


@pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.soak)])
@pytest.mark.timeout(1200)
def test_wherever_it_dies_the_next_passes_or_the_next_try_end_it(
    year: World, tmp_path: Path, every: int
) -> None:
    start, fate = year.snapshot(), Fate()
    mortally(year, fate)
    places = [
        at for at, point in enumerate(fate.points) if point.leaves_more or point.name == "before a commit"
    ]
    assert len(places) > 6

    for place in places[::every]:
        year.restore(start)
        with pytest.raises(Killed):
            mortally(year, Fate(dies_at=place))
        year.restarted()
        if proofs(year) == 0:
            assert set(where(everywhere(year, tmp_path), *IN_CONFIDENCE)) == set(IN_CONFIDENCE)
            erase(year.a_pass(), LEA)
        for _ in range(3):
            year.tick()

        found = where(everywhere(year, tmp_path), *IN_CONFIDENCE, *ADDRESSES)
        assert found == {LEA: {"mentor's mailbox"}}, fate.points[place]
        assert proofs(year) == 1
