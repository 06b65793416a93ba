"""An older ledger, put back, still holds someone erased since: the next pass erases them again."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from ponts_flows.ledger import backup, tables
from ponts_flows.steps.erasing import erase, finish
from tests.journeys import spreadsheet
from tests.journeys.world import LEA, World
from tests.privacy.secrets import ADDRESSES, IN_CONFIDENCE, everywhere, where


@pytest.fixture
def put_back(year: World, tmp_path: Path) -> World:
    """Léa was erased, and then the ledger of before was put back."""
    if year.ledger.is_sqlite:
        backup.back_up(year.ledger, tmp_path / "copy.db")
    else:
        as_it_was = year.databases.keep(year.settings.ledger_url)
    erase(year.a_pass(), LEA)
    finish(year.a_pass())
    year.tick()
    year.tick()
    if year.ledger.is_sqlite:
        backup.restore(year.ledger, tmp_path / "copy.db", beside=tmp_path / "kept.db")
    else:
        year.ledger.close()
        as_it_was()
        backup.put_back_by_hand(year.ledger)
    year.restarted()
    return year


def test_who_was_erased_since_is_erased_again_before_anything_leaves(put_back: World, tmp_path: Path) -> None:
    before = put_back.received(LEA)

    for _ in range(3):
        put_back.tick()

    assert put_back.received(LEA) == before
    assert where(everywhere(put_back, tmp_path / "out"), *IN_CONFIDENCE, *ADDRESSES) == {
        LEA: {"mentor's mailbox"}
    }


def test_without_the_board_people_are_told_that_it_is_theirs_to_do(put_back: World) -> None:
    gone = put_back.installation.board
    spreadsheet.request(put_back, {"deleteSheet": {"sheetId": spreadsheet.at("applications")}})

    put_back.attempt()

    with put_back.ledger.transaction() as db:
        t = tables.to_review
        lines = db.execute(select(t).where(t.c.key.startswith("restored/"))).all()
        still = db.execute(select(tables.application.c.erased_at)).scalars().all()
    assert gone
    assert (len(lines), "ponts person erase" in lines[0].todo, set(still)) == (1, True, {None})
