"""Facts: stored once however often they are read, handled once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, select

from ponts_flows.ledger import facts, inbox, tables
from ponts_flows.ledger.facts import Decision
from ponts_flows.ledger.inbox import IncomingMail
from ponts_flows.model import Member
from tests.builders import MONDAY
from tests.ledger.conftest import LATER, a_response

APPROVED = Decision(tab="proposals", row_id="P-0001", values={"decision": "Valider"})
REFUSED = Decision(tab="proposals", row_id="P-0001", values={"decision": "Refuser"})


def a_member(key: str = "N-1", **changes: object) -> Member:
    plain: dict[str, object] = {
        "key": key,
        "last_name": "DURAND",
        "first_name": "Léa",
        "graduation_year": 2018,
        "emails": ("lea.durand@exemple.example",),
        "says_paid": True,
        "valid_until": None,
    }
    return Member(**(plain | changes))  # type: ignore[arg-type]


def handle_all(db: Connection) -> None:
    for decision in facts.unhandled_decisions(db):
        facts.handled(db, tables.decision, decision.id, "fait", now=LATER)


def test_a_response_read_again_is_stored_once(db: Connection) -> None:
    assert facts.store_responses(db, [a_response(), a_response()], now=MONDAY) == 1
    assert facts.store_responses(db, [a_response()], now=LATER) == 0

    assert len(facts.unhandled_responses(db)) == 1


def test_a_response_that_its_author_edited_is_another_fact(db: Connection) -> None:
    edited = a_response(revision="2026-11-17T09:00:00+00:00", answers={"first_name": ("Léa-Marie",)})
    facts.store_responses(db, [a_response()], now=MONDAY)

    assert facts.store_responses(db, [a_response(), edited], now=LATER) == 1

    assert [response.answers["first_name"] for response in facts.unhandled_responses(db)] == [
        ("Léa",),
        ("Léa-Marie",),
    ]


def test_responses_wait_in_the_order_of_their_own_time_stamps(db: Connection) -> None:
    late = a_response(source_key="late", submitted_at=MONDAY + timedelta(hours=2))
    early = a_response(source_key="early", submitted_at=MONDAY)

    facts.store_responses(db, [late, early], now=LATER)

    assert [response.source_key for response in facts.unhandled_responses(db)] == ["early", "late"]


def test_a_response_comes_back_as_it_was_stored(db: Connection) -> None:
    given = a_response(answers={"themes": ("Networking", "Organisation"), "first_name": ("Léa",)})
    facts.store_responses(db, [given], now=LATER)

    (found,) = facts.unhandled_responses(db)

    assert replace(found, id=0) == given


def test_what_was_handled_does_not_wait_any_more_and_says_what_came_of_it(db: Connection) -> None:
    facts.store_responses(db, [a_response()], now=MONDAY)
    (response,) = facts.unhandled_responses(db)

    facts.handled(db, tables.response, response.id, "A-0001", now=LATER)

    assert facts.unhandled_responses(db) == ()
    t = tables.response
    assert db.execute(select(t.c.outcome, t.c.handled_at)).one() == ("A-0001", LATER)


def test_a_decision_that_still_stands_in_its_cell_is_stored_once(db: Connection) -> None:
    assert facts.store_decision(db, APPROVED, now=MONDAY)
    assert not facts.store_decision(db, APPROVED, now=MONDAY)
    handle_all(db)

    assert not facts.store_decision(db, APPROVED, now=LATER)
    assert facts.unhandled_decisions(db) == ()


def test_a_decision_that_is_changed_before_it_was_emptied_is_a_new_one(db: Connection) -> None:
    facts.store_decision(db, APPROVED, now=MONDAY)

    assert facts.store_decision(db, REFUSED, now=LATER)

    assert [decision.values for decision in facts.unhandled_decisions(db)] == [
        APPROVED.values,
        REFUSED.values,
    ]


def test_the_same_decision_after_its_cell_was_emptied_is_a_new_one(db: Connection) -> None:
    facts.store_decision(db, APPROVED, now=MONDAY)
    handle_all(db)
    facts.decisions_cleared(db, "proposals", "P-0001", now=LATER)

    assert facts.store_decision(db, APPROVED, now=LATER)


def test_the_same_decision_in_another_row_is_another_one(db: Connection) -> None:
    facts.store_decision(db, APPROVED, now=MONDAY)

    assert facts.store_decision(db, replace(APPROVED, row_id="P-0002"), now=MONDAY)
    assert facts.store_decision(db, replace(APPROVED, tab="applications"), now=MONDAY)


def test_a_decision_that_was_not_carried_out_is_not_taken_for_emptied(db: Connection) -> None:
    facts.store_decision(db, APPROVED, now=MONDAY)

    facts.decisions_cleared(db, "proposals", "P-0001", now=LATER)

    assert [decision.values for decision in facts.unhandled_decisions(db)] == [APPROVED.values]
    assert not facts.store_decision(db, APPROVED, now=LATER)


def test_what_was_carried_out_waits_to_be_emptied_until_it_is(db: Connection) -> None:
    facts.store_decision(db, APPROVED, now=MONDAY)
    assert facts.waiting_to_be_cleared(db) == frozenset()
    handle_all(db)
    assert facts.waiting_to_be_cleared(db) == {("proposals", "P-0001")}

    facts.decisions_cleared(db, "proposals", "P-0001", now=LATER)

    assert facts.waiting_to_be_cleared(db) == frozenset()


def test_a_mail_listed_twice_is_stored_once_and_mails_wait_in_the_order_they_arrived(db: Connection) -> None:
    second = IncomingMail(gmail_id="a", thread_id="t", received_at=LATER, raw="UmU")
    first = IncomingMail(gmail_id="b", thread_id="t", received_at=MONDAY, raw="UmU")

    assert inbox.store(db, [second, first, second]) == 2
    assert inbox.store(db, [first]) == 0

    assert inbox.unhandled(db) == (first, second)


def test_a_register_read_again_unchanged_concerns_nobody(db: Connection) -> None:
    register = (a_member("N-1"), a_member("N-2", first_name="Nina"))
    assert facts.replace_members(db, register) == register

    assert facts.replace_members(db, reversed(register)) == ()
    assert facts.members(db) == register


def test_a_changed_register_concerns_the_new_the_changed_before_and_after_and_the_gone(
    db: Connection,
) -> None:
    stays, before, gone = a_member("N-1"), a_member("N-2"), a_member("N-3")
    facts.replace_members(db, (stays, before, gone))
    after, new = a_member("N-2", says_paid=False), a_member("N-4")

    changed = facts.replace_members(db, (stays, after, new))

    assert sorted(changed, key=repr) == sorted((after, before, gone, new), key=repr)
    assert facts.members(db) == (stays, after, new)


def test_what_is_remembered_under_a_name_is_the_last_value(db: Connection) -> None:
    assert facts.recall(db, "gmail/history") is None
    facts.remember(db, "gmail/history", "12")
    facts.remember(db, "gmail/history", "15")

    assert facts.recall(db, "gmail/history") == "15"


def test_the_ledger_takes_no_time_without_its_zone_and_gives_back_utc(db: Connection) -> None:
    paris = datetime.fromisoformat("2026-11-16T10:00:00+01:00")
    facts.store_responses(db, [a_response(submitted_at=paris)], now=MONDAY)

    (found,) = facts.unhandled_responses(db)

    assert (found.submitted_at, found.submitted_at.tzinfo) == (paris, UTC)
    naive = datetime(2026, 11, 16, 10)
    with pytest.raises(Exception, match="without its zone"):
        facts.store_responses(db, [a_response(source_key="r-2", submitted_at=naive)], now=MONDAY)
