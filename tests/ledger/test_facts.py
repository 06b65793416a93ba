"""Facts are stored once, handled once, and waited for in an order of their own."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from ponts_flows.ledger import Ledger, facts, tables
from ponts_flows.model import Member
from tests.ledger.builders import NOW, a_response

VALIDER = facts.Decision(tab="proposals", row_id="P-0001", values={"decision": "Valider"})
REFUSER = facts.Decision(tab="proposals", row_id="P-0001", values={"decision": "Refuser"})


def test_a_response_is_read_back_as_it_was_stored(ledger: Ledger) -> None:
    response = a_response()

    with ledger.transaction() as db:
        facts.store_responses(db, [response], now=NOW)
        (found,) = facts.unhandled_responses(db)

    assert found == a_response(id=1)


def test_a_response_read_again_adds_nothing_and_an_edited_one_is_a_new_fact(ledger: Ledger) -> None:
    with ledger.transaction() as db:
        counts = [
            facts.store_responses(db, responses, now=NOW)
            for responses in (
                [a_response(), a_response()],
                [a_response()],
                [a_response(revision="2"), a_response(source="form:f2"), a_response("r2")],
            )
        ]
        known = facts.known_revisions(db, "form:f1")

    assert counts == [1, 0, 3]
    assert known == {("r1", "1"), ("r1", "2"), ("r2", "1")}


def test_responses_wait_in_the_order_of_their_own_time_stamps_until_they_are_handled(ledger: Ledger) -> None:
    late, early = a_response("late", submitted_at=NOW + timedelta(hours=1)), a_response("early")
    with ledger.transaction() as db:
        facts.store_responses(db, [late, early], now=NOW)
        before = facts.unhandled_responses(db)
        facts.handled(db, tables.response, before[0].id, "A-0001", now=NOW)
        after = facts.unhandled_responses(db)

    assert [response.source_key for response in before] == ["early", "late"]
    assert [response.source_key for response in after] == ["late"]


def test_a_decision_read_twice_is_one_decision_before_and_after_it_is_carried_out(ledger: Ledger) -> None:
    with ledger.transaction() as db:
        first = facts.store_decision(db, VALIDER, now=NOW)
        again = facts.store_decision(db, VALIDER, now=NOW)
        (decision,) = facts.unhandled_decisions(db)
        facts.handled(db, tables.decision, decision.id, "Validée.", now=NOW)
        not_yet_cleared = facts.store_decision(db, VALIDER, now=NOW)

        assert (first, again, not_yet_cleared) == (True, False, False)
        assert facts.unhandled_decisions(db) == ()
        assert facts.waiting_to_be_cleared(db) == {("proposals", "P-0001")}


def test_the_same_decision_after_its_cell_was_seen_empty_is_a_new_one(ledger: Ledger) -> None:
    with ledger.transaction() as db:
        facts.store_decision(db, VALIDER, now=NOW)
        facts.handled(db, tables.decision, 1, "Validée.", now=NOW)
        facts.decisions_cleared(db, "proposals", "P-0001", now=NOW)

        assert facts.waiting_to_be_cleared(db) == frozenset()
        assert facts.store_decision(db, VALIDER, now=NOW) is True
        assert [decision.id for decision in facts.unhandled_decisions(db)] == [2]


def test_a_decision_not_yet_carried_out_survives_its_cell_being_emptied(ledger: Ledger) -> None:
    with ledger.transaction() as db:
        facts.store_decision(db, VALIDER, now=NOW)
        facts.decisions_cleared(db, "proposals", "P-0001", now=NOW)

        assert [decision.id for decision in facts.unhandled_decisions(db)] == [1]
        assert facts.store_decision(db, VALIDER, now=NOW) is False


def test_another_choice_in_the_same_row_is_another_decision(ledger: Ledger) -> None:
    with ledger.transaction() as db:
        stored = [facts.store_decision(db, one, now=NOW) for one in (VALIDER, REFUSER, VALIDER)]

    assert stored == [True, True, True]


def test_a_mail_is_stored_once_and_waits_until_it_is_handled(ledger: Ledger) -> None:
    mail = facts.IncomingMail(gmail_id="g1", thread_id="t1", received_at=NOW, raw="cmF3")
    with ledger.transaction() as db:
        counts = [facts.store_incoming(db, mails) for mails in ([mail, mail], [mail])]
        waiting = facts.unhandled_incoming(db)
        facts.handled(db, tables.incoming, "g1", "lu", now=NOW)
        after = facts.unhandled_incoming(db)
        outcome = db.execute(select(tables.incoming.c.outcome)).scalar_one()

    assert (counts, waiting, after, outcome) == ([1, 0], (mail,), (), "lu")


def a_member(key: str, *emails: str, paid: bool = True) -> Member:
    return Member(
        key=key,
        last_name="Durand",
        first_name="Léa",
        graduation_year=2018,
        emails=emails,
        says_paid=paid,
        valid_until=None,
    )


def test_reading_the_register_again_tells_who_is_new_changed_or_gone_and_nobody_else(ledger: Ledger) -> None:
    lea, marc = a_member("N-1", "lea@exemple.example"), a_member("N-2", "marc@exemple.example")
    unpaid, anne = a_member("N-2", "marc@exemple.example", paid=False), a_member("N-3")
    with ledger.transaction() as db:
        changes = [
            set(facts.replace_members(db, register))
            for register in ([lea, marc], [lea, marc], [lea, unpaid, anne], [lea])
        ]
        assert facts.members(db) == (lea,)

    assert changes == [{lea, marc}, set(), {marc, unpaid, anne}, {unpaid, anne}]


def test_what_is_remembered_last_is_recalled(ledger: Ledger) -> None:
    with ledger.transaction() as db:
        facts.remember(db, "cursor", "1")
        facts.remember(db, "cursor", "2")

        assert (facts.recall(db, "cursor"), facts.recall(db, "other", "none")) == ("2", "none")


def test_a_transaction_that_raises_leaves_nothing(ledger: Ledger) -> None:
    class Stopped(Exception):
        pass

    try:
        with ledger.transaction() as db:
            facts.store_responses(db, [a_response()], now=NOW)
            raise Stopped
    except Stopped:
        pass

    with ledger.transaction() as db:
        assert facts.unhandled_responses(db) == ()
