"""What is kept for so long is forgotten on the day its time is over, without anybody asking."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, update

from ponts_flows.ledger import tables
from ponts_flows.programme import Programme
from tests.journeys.world import LEA, World, a_member, paris
from tests.privacy.secrets import BY_MAIL, IN_CONFIDENCE, everywhere, where

KEPT = Programme().retention


def days_later(world: World, days: int) -> None:
    """So many days later: each pass that there would have been is one."""
    world.advance(days=days)
    world.tick()
    world.tick()


def ended(world: World) -> None:
    """The pair ended today."""
    world.type_in("pairings", "P-0001", decision="Mettre fin")
    world.tick()
    world.tick()
    assert world.row("pairings", "P-0001")["stage"].startswith("Arrêté")


def test_the_texts_of_mails_are_forgotten_after_their_months_and_not_before(
    year: World, tmp_path: Path
) -> None:
    ended(year)
    year.at(paris(2027, 11, 15))
    year.tick()
    year.tick()
    places = {"ledger incoming", "mailbox"}
    assert where(everywhere(year, tmp_path), BY_MAIL)[BY_MAIL] >= places

    year.at(paris(2027, 11, 21, 11))
    year.tick()
    year.tick()

    assert where(everywhere(year, tmp_path), BY_MAIL) == {}


def test_words_of_a_pair_go_with_their_responses_and_a_testimony_stays_while_a_use_is_consented_to(
    year: World, tmp_path: Path
) -> None:
    ended(year)
    with year.ledger.transaction() as db:
        a = tables.answer
        (review,) = db.execute(select(a).where(a.c.kind == "review")).all()
        db.execute(
            update(a).where(a.c.source == review.source).values(data=review.data | {"uses": ["website"]})
        )
    days_later(year, 300)
    assert set(where(everywhere(year, tmp_path), *IN_CONFIDENCE)) == set(IN_CONFIDENCE)

    days_later(year, 75)

    found = where(everywhere(year, tmp_path), *IN_CONFIDENCE)
    assert set(found) <= {"zirconium", "sodalite"}  # of her application, and of her testimony
    assert found["sodalite"] == {"board", "ledger answer"}


@pytest.mark.parametrize(("days", "there"), [(24 * 30, True), (24 * 31, False)])
def test_who_never_was_in_a_pair_is_erased_two_years_after_they_left(
    world: World, tmp_path: Path, days: int, there: bool
) -> None:
    world.register(a_member("Léa", "Durand"))
    world.sign_up("mentee", about="zirconium")
    world.tick()
    world.decide("A-0001", "Retirer")
    world.tick()

    days_later(world, days)
    days_later(world, 1)

    found = where(everywhere(world, tmp_path), "zirconium", LEA)
    assert ("zirconium" in found) == there
    assert (world.row("applications", "A-0001")["last_name"] == "Durand") == there
    if not there:
        assert found.get(LEA, set()) <= {"board", "ledger member"}  # the register is the association's


def test_who_waits_for_a_mentor_is_not_forgotten(world: World) -> None:
    world.register(a_member("Léa", "Durand", valid_until="31/12/2039"))
    world.sign_up("mentee")
    world.tick()

    days_later(world, 1200)

    assert world.row("applications", "A-0001")["last_name"] == "Durand"


def test_who_was_in_a_pair_is_kept_a_year_longer(year: World, tmp_path: Path) -> None:
    ended(year)
    year.decide("A-0001", "Retirer")
    year.tick()
    days_later(year, 30 * KEPT.applications + 60)
    assert year.row("applications", "A-0001")["last_name"] == "Durand"

    days_later(year, 31 * (KEPT.people - KEPT.applications))
    days_later(year, 1)

    assert year.row("applications", "A-0001")["last_name"] == "effacée"
    assert set(where(everywhere(year, tmp_path), *IN_CONFIDENCE)) == set()
    with year.ledger.transaction() as db:
        assert set(db.execute(select(tables.erasure.c.by)).scalars()) == {"rule"}


def test_the_rules_are_applied_once_a_day(world: World) -> None:
    world.tick()
    with world.ledger.transaction() as db:
        day = db.execute(
            select(tables.note.c.value).where(tables.note.c.name == "retention/day")
        ).scalar_one()

    assert day == world.now.date().isoformat()
    assert replace(KEPT) == Programme().retention
