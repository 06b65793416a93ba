"""One person has one application a role, whatever addresses they used and in whatever order responses came in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from ponts_flows.forms import Reading
from ponts_flows.ledger import Ledger, tables
from ponts_flows.ledger.admission import Admitted
from ponts_flows.model import Role
from tests.builders import MONDAY
from tests.ledger.conftest import a_reading, admitted

ONE, OTHER, THIRD = "lea@exemple.example", "lea@travail.example", "lea@maison.example"
Sent = tuple[int, Reading]


def sent(hour: int, email: str, *other_emails: str, role: Role = Role.MENTEE, complete: bool = True) -> Sent:
    """A response sent so many hours after the first; its city tells which it was."""
    said = a_reading(role, complete=complete, email=email, other_emails=other_emails, city=f"Ville {hour}")
    return hour, said


def come_in(db: Connection, *responses: Sent) -> list[Admitted]:
    return [admitted(db, reading, at=MONDAY + timedelta(hours=hour)) for hour, reading in responses]


def people(db: Connection) -> list[dict[str, Any]]:
    """What each application that still counts says."""
    a, t = tables.address, tables.application
    return [
        {
            "role": row.role,
            "email": row.email,
            "city": row.profile["city"],
            "problems": len(row.problems),
            "sent": row.submitted_at - MONDAY,
            "applied": row.applied_at - MONDAY,
            "addresses": set(db.execute(select(a.c.email).where(a.c.application_id == row.id)).scalars()),
        }
        for row in db.execute(select(t).where(t.c.stage != "withdrawn").order_by(t.c.role, t.c.number))
    ]


class Undone(Exception):
    """Ends a trial's transaction without a trace."""


def people_after(ledger: Ledger, order: list[Sent]) -> list[dict[str, Any]]:
    """Who there is once these came in; the ledger is empty again afterwards."""
    found: list[dict[str, Any]] = []
    try:
        with ledger.transaction() as db:
            come_in(db, *order)
            found = people(db)
            raise Undone
    except Undone:
        return found


in_any_order = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
RESPONSES = [
    sent(0, ONE),
    sent(1, ONE, OTHER),
    sent(2, OTHER),
    sent(3, ONE, THIRD),
    sent(4, THIRD),
    sent(0, ONE, role=Role.MENTOR),
]


@in_any_order
@given(order=st.permutations(RESPONSES))
def test_in_any_order_the_latest_response_of_a_person_counts_and_roles_stay_apart(
    ledger: Ledger, order: list[Sent]
) -> None:
    mentee = {
        "role": "mentee",
        "email": THIRD,
        "city": "Ville 4",
        "problems": 0,
        "sent": timedelta(hours=4),
        "applied": timedelta(0),
        "addresses": {ONE, OTHER, THIRD},
    }
    mentor = mentee | {
        "role": "mentor",
        "email": ONE,
        "city": "Ville 0",
        "sent": timedelta(0),
        "addresses": {ONE},
    }

    assert people_after(ledger, order) == [mentee, mentor]


@in_any_order
@given(order=st.permutations([sent(0, ONE), sent(2, ONE, complete=False)]))
def test_in_any_order_an_incomplete_later_response_counts_and_the_complete_profile_is_kept(
    ledger: Ledger, order: list[Sent]
) -> None:
    (found,) = people_after(ledger, order)

    assert (found["problems"], found["city"], found["sent"]) == (1, "Ville 0", timedelta(hours=2))


def test_what_merges_says_what_the_latest_said_even_if_the_response_that_joins_them_is_not_it(
    db: Connection,
) -> None:
    *_, joining = come_in(db, sent(0, ONE), sent(3, OTHER), sent(1, OTHER, ONE))

    assert joining == Admitted(application="A-0001", current=False, merged=("A-0002",))
    assert [(person["email"], person["city"]) for person in people(db)] == [(OTHER, "Ville 3")]
