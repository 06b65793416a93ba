"""The path of a message, step by step, and who is looked at when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from ponts_flows.actions import Plan, Urgency
from ponts_flows.ledger import outbox, tables
from ponts_flows.ledger.outbox import Status
from ponts_flows.model import Language
from tests.builders import MONDAY
from tests.ledger.conftest import LATER, a_pair, carried_out


def plan(db: Connection, key: str, urgency: Urgency = Urgency.QUESTION, **when: float) -> None:
    """Plan a message about the pair, so long after Monday morning."""
    message = Plan(
        key=key,
        about="P-0001",
        template="pairing-mentor",
        to=("A-0002",),
        languages=(Language.FRENCH,),
        urgency=urgency,
        at_once=urgency is Urgency.ACKNOWLEDGEMENT,
    )
    carried_out(db, message, now=MONDAY + timedelta(**when))


def draft(db: Connection, key: str) -> None:
    outbox.attempting(db, key, by=None, now=LATER)
    outbox.drafted(
        db, key, draft_id="r-1", subject="Objet", body="Texte", addresses=("paul.martin@exemple.example",)
    )


def send(db: Connection, key: str, **after: float) -> None:
    outbox.sending(db, key, now=LATER + timedelta(**after))
    ids = {"gmail_id": "g-1", "thread_id": "t-1"}
    outbox.sent(db, key, **ids, now=LATER + timedelta(**after))


def waiting(db: Connection, *, at_once_only: bool = False) -> list[str]:
    return [message.key for message in outbox.planned(db, at_once_only=at_once_only)]


def unsettled(db: Connection) -> list[tuple[str, Status]]:
    return [(message.key, message.status) for message in outbox.under_way(db)]


def test_at_each_step_a_message_either_waits_or_is_to_be_settled_or_is_over(db: Connection) -> None:
    a_pair(db)
    plan(db, "one")
    assert (waiting(db), unsettled(db)) == (["one"], [])

    outbox.attempting(db, "one", by=None, now=LATER)
    assert (waiting(db), unsettled(db)) == ([], [("one", Status.PLANNED)])

    draft(db, "one")
    assert (waiting(db), unsettled(db)) == ([], [("one", Status.DRAFTED)])

    outbox.sending(db, "one", now=LATER)
    assert (waiting(db), unsettled(db)) == ([], [("one", Status.SENDING)])

    send(db, "one")
    assert (waiting(db), unsettled(db)) == ([], [])


def test_a_draft_that_was_never_made_puts_the_message_back_in_its_place(db: Connection) -> None:
    a_pair(db)
    plan(db, "one")
    outbox.attempting(db, "one", by=None, now=LATER)

    outbox.start_again(db, "one")

    assert (waiting(db), unsettled(db)) == (["one"], [])


@pytest.mark.parametrize("status", [Status.HELD, Status.CANCELLED, Status.FAILED])
def test_what_was_stopped_never_leaves_by_itself_and_says_why(db: Connection, status: Status) -> None:
    a_pair(db)
    plan(db, "one")

    outbox.stopped(db, "one", status, "adresse refusée")

    assert (waiting(db), unsettled(db)) == ([], [])
    t = tables.message
    assert db.execute(select(t.c.status, t.c.reason)).one() == (status.value, "adresse refusée")


def test_the_most_urgent_wait_in_front_then_the_oldest(db: Connection) -> None:
    plan(db, "reminder", Urgency.REMINDER, hours=0)
    plan(db, "question, later", Urgency.QUESTION, hours=2)
    plan(db, "question", Urgency.QUESTION, hours=1)
    plan(db, "introduction", Urgency.INTRODUCTION, hours=3)
    plan(db, "acknowledgement", Urgency.ACKNOWLEDGEMENT, hours=4)

    assert waiting(db) == ["acknowledgement", "introduction", "question", "question, later", "reminder"]
    assert waiting(db, at_once_only=True) == ["acknowledgement"]


def test_what_left_or_is_leaving_counts_from_the_moment_it_did(db: Connection) -> None:
    a_pair(db)
    for key in ("before", "after", "leaving", "drafted", "planned"):
        plan(db, key)
    for key in ("before", "after", "leaving", "drafted"):
        draft(db, key)
    send(db, "before", hours=-30)
    send(db, "after", hours=-1)
    outbox.sending(db, "leaving", now=LATER)

    assert outbox.left_since(db, LATER - timedelta(days=1)) == 2


def test_what_left_is_kept_as_gmail_knows_it_with_the_text_to_read_replies_by(db: Connection) -> None:
    a_pair(db)
    plan(db, "one")
    draft(db, "one")
    send(db, "one")
    assert outbox.without_message_id(db) == {"one": "g-1"}
    outbox.name(db, {"one": "<1@mail.example>"})
    assert outbox.without_message_id(db) == {}

    t = tables.message
    columns = (
        t.c.sent_at,
        t.c.gmail_id,
        t.c.thread_id,
        t.c.rfc_message_id,
        t.c.subject,
        t.c.body,
        t.c.addresses,
    )
    assert db.execute(select(*columns)).one() == (
        LATER,
        "g-1",
        "t-1",
        "<1@mail.example>",
        "Objet",
        "Texte",
        ["paul.martin@exemple.example"],
    )


def test_once_a_message_left_what_it_is_about_is_looked_at_again(db: Connection) -> None:
    a_pair(db)
    plan(db, "one")
    draft(db, "one")
    assert db.execute(select(tables.pairing.c.wake_at)).scalar_one() is None

    send(db, "one")

    assert db.execute(select(tables.pairing.c.wake_at)).scalar_one() == LATER
