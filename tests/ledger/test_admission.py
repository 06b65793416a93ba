"""From responses to applications: one a person and role, whatever order the responses come in."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import Connection, select

from ponts_flows.forms import Reading
from ponts_flows.ledger import Ledger, tables
from ponts_flows.model import Role
from tests.builders import MONDAY
from tests.ledger.conftest import a_reading, admitted


def applications(db: Connection) -> list[dict[str, Any]]:
    """What each application says now, but for what depends on the order in which responses were read."""
    t = tables.application
    columns = (
        t.c.id,
        t.c.role,
        t.c.email,
        t.c.submitted_at,
        t.c.applied_at,
        t.c.respondent,
        t.c.profile,
        t.c.problems,
    )
    return [dict(row._mapping) for row in db.execute(select(*columns).order_by(t.c.number))]


def test_the_same_person_may_be_both_mentee_and_mentor(db: Connection) -> None:
    email = "lea.durand@exemple.example"
    mentee = admitted(db, a_reading(Role.MENTEE, email=email))
    mentor = admitted(db, a_reading(Role.MENTOR, email=email))

    assert (mentee.application, mentor.application) == ("A-0001", "A-0002")


def test_a_later_response_replaces_the_earlier_one_and_the_wait_counts_from_the_first(db: Connection) -> None:
    admitted(db, a_reading(city="Paris"))

    again = admitted(db, a_reading(city="Lyon"), at=MONDAY + timedelta(days=3))

    (found,) = applications(db)
    assert (again.application, again.current) == ("A-0001", True)
    assert (found["profile"]["city"], found["applied_at"]) == ("Lyon", MONDAY)


def test_an_earlier_response_that_is_read_late_changes_only_since_when_they_wait(db: Connection) -> None:
    admitted(db, a_reading(city="Lyon"), at=MONDAY)

    late = admitted(db, a_reading(city="Paris"), at=MONDAY - timedelta(days=3))

    (found,) = applications(db)
    assert (late.application, late.current) == ("A-0001", False)
    assert (found["profile"]["city"], found["submitted_at"], found["applied_at"]) == (
        "Lyon",
        MONDAY,
        MONDAY - timedelta(days=3),
    )


def test_an_incomplete_later_response_keeps_the_profile_that_a_pairing_may_need(db: Connection) -> None:
    admitted(db, a_reading(city="Paris"))

    admitted(db, a_reading(complete=False), at=MONDAY + timedelta(days=1))

    (found,) = applications(db)
    assert found["profile"]["city"] == "Paris"
    assert [problem["field"] for problem in found["problems"]] == ["career_start"]


def test_whoever_is_known_by_another_address_is_the_same_person(db: Connection) -> None:
    admitted(db, a_reading(email="lea@travail.example", other_emails=("lea@perso.example",)))

    again = admitted(db, a_reading(email="lea@perso.example"), at=MONDAY + timedelta(days=1))

    assert again.application == "A-0001"
    assert [row["email"] for row in applications(db)] == ["lea@perso.example"]


def test_two_who_turn_out_to_be_one_become_one_and_the_other_says_so(db: Connection) -> None:
    admitted(db, a_reading(email="lea@travail.example"))
    admitted(db, a_reading(email="lea@perso.example"), at=MONDAY + timedelta(days=1))

    both = a_reading(email="lea@travail.example", other_emails=("lea@perso.example",), city="Nantes")
    found = admitted(db, both, at=MONDAY + timedelta(days=2))

    assert (found.application, found.merged) == ("A-0001", ("A-0002",))
    t = tables.application
    assert db.execute(select(t.c.stage, t.c.reason).where(t.c.id == "A-0002")).one() == (
        "withdrawn",
        "doublon de A-0001",
    )
    again = admitted(db, a_reading(email="lea@perso.example", city="Metz"), at=MONDAY + timedelta(days=3))
    assert again.application == "A-0001"


HISTORY = (
    (MONDAY, a_reading(city="Paris")),
    (MONDAY + timedelta(days=1), a_reading(city="Lyon")),
    (MONDAY + timedelta(days=2), a_reading(complete=False)),
)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_responses_in_any_order_make_the_same_application(ledger: Ledger, order: tuple[int, ...]) -> None:
    with ledger.transaction() as db:
        for number in order:
            moment, reading = HISTORY[number]
            admitted(db, reading, at=moment)
        (found,) = applications(db)

    assert found["submitted_at"] == MONDAY + timedelta(days=2)
    assert found["applied_at"] == MONDAY
    assert [problem["field"] for problem in found["problems"]] == ["career_start"]


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_of_two_complete_responses_the_later_one_counts_in_any_order(
    ledger: Ledger, order: tuple[int, ...]
) -> None:
    with ledger.transaction() as db:
        for number in order:
            moment, reading = HISTORY[number]
            admitted(db, reading, at=moment)
        (found,) = applications(db)

    assert found["profile"]["city"] == "Lyon"


def test_whose_address_cannot_be_read_is_found_again_by_what_was_typed(db: Connection) -> None:
    def unreachable(city: str) -> Reading:
        reading = a_reading(city=city, email="")
        respondent = type(reading.respondent)(
            **{**vars(reading.respondent), "typed_email": "lea.durand(at)exemple"}
        )
        return Reading(respondent=respondent, profile=reading.profile, problems=())

    admitted(db, unreachable("Paris"))
    again = admitted(db, unreachable("Lyon"), at=MONDAY + timedelta(days=1))

    assert again.application == "A-0001"
    assert len(applications(db)) == 1
