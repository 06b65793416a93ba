"""Whatever order responses come in, the later one by the same person counts, and one person has one application."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from ponts_flows.forms import Reading
from ponts_flows.ledger import Ledger, tables
from ponts_flows.ledger.admission import Admitted
from ponts_flows.model import Problem, Role
from tests.ledger.builders import NOW, a_reading, admitted

ONE, OTHER, THIRD = "lea@exemple.example", "lea@travail.example", "lea@maison.example"
WRONG = Problem(field="career_start", text="Début de carrière : ce n'est pas une date.")
Sent = tuple[datetime, Reading]


def sent(hours: int, *emails: str, **changes: Any) -> Sent:
    """A response sent so many hours after the first, from a city that tells which it was."""
    return NOW + timedelta(hours=hours), a_reading(*emails, city=f"Ville {hours}", **changes)


def come_in(db: Connection, *responses: Sent) -> list[Admitted]:
    return [admitted(db, reading, submitted_at=at) for at, reading in responses]


def people(db: Connection) -> list[dict[str, Any]]:
    """What each application that still counts says."""
    a, t = tables.address, tables.application
    found = []
    for row in db.execute(select(t).where(t.c.stage != "withdrawn").order_by(t.c.role, t.c.number)):
        addresses = db.execute(select(a.c.email).where(a.c.application_id == row.id)).scalars()
        found.append(
            {
                "role": row.role,
                "email": row.email,
                "city": (row.profile or {}).get("city"),
                "problems": len(row.problems),
                "submitted_at": row.submitted_at,
                "applied_at": row.applied_at,
                "addresses": sorted(addresses),
            }
        )
    return found


class Undone(Exception):
    """Ends a transaction without a trace."""


def in_a_trial(ledger: Ledger, trial: Callable[[Connection], Any]) -> Any:
    """What a trial finds; the ledger is as before."""
    found = None
    try:
        with ledger.transaction() as db:
            found = trial(db)
            raise Undone
    except Undone:
        return found


any_order = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@any_order
@given(
    order=st.permutations(
        [
            sent(0, ONE),
            sent(1, ONE, OTHER),
            sent(2, OTHER),
            sent(3, ONE, THIRD),
            sent(4, THIRD),
            sent(0, ONE, role=Role.MENTOR),
        ]
    )
)
def test_in_any_order_the_latest_response_of_a_person_counts_and_roles_stay_apart(
    ledger: Ledger, order: list[Sent]
) -> None:
    def trial(db: Connection) -> list[dict[str, Any]]:
        come_in(db, *order)
        return people(db)

    mentee = {
        "role": "mentee",
        "email": THIRD,
        "city": "Ville 4",
        "problems": 0,
        "submitted_at": NOW + timedelta(hours=4),
        "applied_at": NOW,
        "addresses": sorted((ONE, OTHER, THIRD)),
    }
    mentor = mentee | {
        "role": "mentor",
        "email": ONE,
        "city": "Ville 0",
        "submitted_at": NOW,
        "addresses": [ONE],
    }
    assert in_a_trial(ledger, trial) == [mentee, mentor]


@any_order
@given(order=st.permutations([sent(0, ONE), sent(2, ONE, problems=(WRONG,))]))
def test_in_any_order_an_incomplete_later_response_counts_and_the_complete_profile_is_kept(
    ledger: Ledger, order: list[Sent]
) -> None:
    def trial(db: Connection) -> list[dict[str, Any]]:
        come_in(db, *order)
        return people(db)

    (found,) = in_a_trial(ledger, trial)

    assert (found["problems"], found["city"], found["submitted_at"]) == (
        1,
        "Ville 0",
        NOW + timedelta(hours=2),
    )


def test_a_later_response_replaces_and_an_earlier_one_that_comes_in_late_does_not(ledger: Ledger) -> None:
    with ledger.transaction() as db:
        results = come_in(db, sent(1, ONE), sent(2, ONE), sent(0, ONE))

        assert results == [
            Admitted(application="A-0001", current=True),
            Admitted(application="A-0001", current=True),
            Admitted(application="A-0001", current=False),
        ]
        assert [person["city"] for person in people(db)] == ["Ville 2"]


def test_two_applications_that_turn_out_to_be_one_persons_merge_into_the_older_number(
    ledger: Ledger,
) -> None:
    with ledger.transaction() as db:
        *_, joining = come_in(db, sent(0, ONE), sent(1, OTHER), sent(2, OTHER, ONE))

        t = tables.application
        other = db.execute(select(t).where(t.c.id == "A-0002")).one()
        assert joining == Admitted(application="A-0001", current=True, merged=("A-0002",))
        assert (other.stage, other.reason) == ("withdrawn", "doublon de A-0001")
        assert [(person["email"], person["city"]) for person in people(db)] == [(OTHER, "Ville 2")]


def test_what_merges_says_what_the_latest_said_even_if_the_response_that_joins_them_is_not_it(
    ledger: Ledger,
) -> None:
    with ledger.transaction() as db:
        *_, joining = come_in(db, sent(0, ONE), sent(3, OTHER), sent(1, OTHER, ONE))

        assert joining == Admitted(application="A-0001", current=False, merged=("A-0002",))
        assert [(person["email"], person["city"]) for person in people(db)] == [(OTHER, "Ville 3")]


def test_two_people_with_no_address_in_common_are_two(ledger: Ledger) -> None:
    with ledger.transaction() as db:
        come_in(db, sent(0, ONE), sent(1, OTHER))

        assert [person["email"] for person in people(db)] == [ONE, OTHER]
