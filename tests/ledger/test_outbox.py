"""A message's path, and what the next run is told at each step of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection, select

from ponts_flows.actions import Urgency
from ponts_flows.ledger import Ledger, outbox, tables
from ponts_flows.ledger.outbox import Status
from tests.ledger.builders import NOW, two_people
from tests.ledger.test_apply import WELCOME, apply

KEY = WELCOME.key
HOUR = timedelta(hours=1)


def standing(db: Connection) -> tuple[list[str], list[str], int]:
    """The keys that wait, the keys under way, and how many left in the last hour."""
    waiting = [message.key for message in outbox.planned(db, at_once_only=False)]
    under_way = [message.key for message in outbox.under_way(db)]
    return waiting, under_way, outbox.left_since(db, NOW - HOUR)


def status(db: Connection) -> str:
    return str(db.execute(select(tables.message.c.status)).scalar_one())


def draft(db: Connection) -> None:
    outbox.drafted(
        db, KEY, draft_id="d1", subject="Sujet", body="Texte", addresses=("lea.durand@exemple.example",)
    )


def test_from_planned_to_sent_a_message_is_in_one_place_at_each_step(ledger: Ledger) -> None:
    with ledger.transaction() as db:
        two_people(db)
        apply(db, WELCOME)
        planned = standing(db)
        outbox.attempting(db, KEY, now=NOW)
        attempted, planned_still = standing(db), status(db)
        draft(db)
        drafted = standing(db)
        outbox.sending(db, KEY, now=NOW)
        sending = standing(db)
        outbox.sent(db, KEY, gmail_id="g1", thread_id="t1", rfc_message_id="<m1@mail.example>", now=NOW)

        assert planned == ([KEY], [], 0)
        assert (attempted, planned_still) == (([], [KEY], 0), "planned")
        assert drafted == ([], [KEY], 0)
        assert sending == ([], [KEY], 1)
        assert (standing(db), status(db)) == (([], [], 1), "sent")
        assert outbox.left_since(db, NOW) == 0


def test_what_a_message_is_about_is_looked_at_again_once_it_left(ledger: Ledger) -> None:
    with ledger.transaction() as db:
        two_people(db)
        apply(db, WELCOME)
        outbox.sent(db, KEY, gmail_id="g1", thread_id="t1", rfc_message_id="<m1>", now=NOW + HOUR)

        t = tables.application
        woken = {row.id: row.wake_at for row in db.execute(select(t))}

    assert woken == {"A-0001": NOW + HOUR, "A-0002": NOW}


def test_a_message_whose_draft_was_never_made_waits_as_it_was_planned(ledger: Ledger) -> None:
    with ledger.transaction() as db:
        apply(db, WELCOME)
        (before,) = outbox.planned(db, at_once_only=False)
        outbox.attempting(db, KEY, now=NOW)
        outbox.start_again(db, KEY)

        assert list(outbox.planned(db, at_once_only=False)) == [before]


def test_what_is_stopped_neither_waits_nor_is_under_way_and_keeps_its_reason(ledger: Ledger) -> None:
    with ledger.transaction() as db:
        for number, end in enumerate((Status.HELD, Status.CANCELLED, Status.FAILED)):
            apply(db, replace(WELCOME, key=f"m/{number}"))
            outbox.stopped(db, f"m/{number}", end, f"motif {number}")

        t = tables.message
        assert standing(db) == ([], [], 0)
        ends = [(row.status, row.reason) for row in db.execute(select(t).order_by(t.c.key))]
        assert ends == [
            ("held", "motif 0"),
            ("cancelled", "motif 1"),
            ("failed", "motif 2"),
        ]


def test_messages_wait_the_most_urgent_first_then_the_oldest_then_by_key(ledger: Ledger) -> None:
    with ledger.transaction() as db:
        apply(db, replace(WELCOME, key="b"), replace(WELCOME, key="a"), now=NOW + HOUR)
        apply(db, replace(WELCOME, key="older"))
        apply(db, replace(WELCOME, key="urgent", urgency=Urgency.INTRODUCTION), now=NOW + 2 * HOUR)
        apply(db, replace(WELCOME, key="at once", urgency=Urgency.NEWS, at_once=True))

        every = [message.key for message in outbox.planned(db, at_once_only=False)]
        out_of_hours = [message.key for message in outbox.planned(db, at_once_only=True)]

    assert every == ["urgent", "older", "a", "b", "at once"]
    assert out_of_hours == ["at once"]
