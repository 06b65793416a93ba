"""What is remembered of a record outside the ledger: whatever changes it has its row written anew."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, Table, select, update

from ponts_flows.actions import Plan, Skipped, Urgency
from ponts_flows.answers import Held, RenewalAnswer, SessionReport
from ponts_flows.ledger import addresses, facts, inbox, remembered, tables
from ponts_flows.ledger.inbox import Handled, IncomingMail
from ponts_flows.lifecycle import PairingStage
from ponts_flows.model import Answer, Language, Role
from tests.ledger.conftest import LATER, MONDAY, a_pair, a_reading, admitted, carried_out

LEA = a_reading(Role.MENTEE).respondent.email


def said_by_mail(db: Connection) -> None:
    value = RenewalAnswer(answer=Answer.YES)
    of = {"about": "P-0001", "who": "mentor", "kind": "renewal"}
    facts.keep_answer(db, source="mail:17", given_at=MONDAY, value=value, **of)


def a_reason_kept_once(db: Connection) -> None:
    carried_out(db, Skipped(about="P-0001", reason="trop tard", key="P-0001/start/mentee"))


def a_reply_seen_to(db: Connection) -> None:
    inbox.store(db, [IncomingMail(gmail_id="17", thread_id="17", received_at=MONDAY, raw="")])
    handled = Handled(outcome="P-0001: yes", kind="human", question="P-0001/renewal/mentor", reader="A-0002")
    inbox.mark_handled(db, "17", handled, now=LATER)


def an_address_fails(db: Connection) -> None:
    addresses.record(db, LEA, now=LATER)


def an_address_works_again(db: Connection) -> None:
    addresses.works(db, LEA)


@pytest.mark.parametrize(
    ("before", "happens", "table", "key", "name"),
    [
        (None, said_by_mail, tables.pairing, "P-0001", "answers"),
        (None, a_reason_kept_once, tables.pairing, "P-0001", "noted"),
        (None, a_reply_seen_to, tables.message, "P-0001/renewal/mentor", "replies"),
        (None, an_address_fails, tables.application, "A-0001", "failing"),
        (an_address_fails, an_address_works_again, tables.application, "A-0001", "failing"),
    ],
)
def test_what_is_remembered_beside_a_record_makes_its_row_out_of_date_when_it_changes(
    db: Connection,
    before: Callable[[Connection], None] | None,
    happens: Callable[[Connection], None],
    table: Table,
    key: str,
    name: str,
) -> None:
    a_pair(db, PairingStage.ENGAGED)
    planned = Plan(
        key="P-0001/renewal/mentor",
        about="P-0001",
        template="renewal",
        to=("A-0002",),
        languages=(Language.FRENCH,),
        urgency=Urgency.QUESTION,
    )
    carried_out(db, planned)
    if before:
        before(db)
    db.execute(update(table).values(shown=table.c.version, version=table.c.version))
    was = of(db, table, key).get(name)

    happens(db)

    assert of(db, table, key).get(name) != was
    column = table.primary_key.columns.values()[0]
    out_of_date = select(column).where(table.c.version != table.c.shown)
    assert list(db.execute(out_of_date).scalars()) == [key]


def of(db: Connection, table: Table, key: str) -> remembered.Data:
    (column,) = table.primary_key.columns
    rows = list(db.execute(select(table).where(column == key)))
    return remembered.records(db, table, rows)[key]


def test_what_was_said_by_form_is_not_remembered_there_for_the_form_has_it(db: Connection) -> None:
    a_pair(db, PairingStage.ENGAGED)
    value = SessionReport(held=Held.SILENT, note="Entre nous.")
    of_whom = {"about": "P-0001", "who": "mentee", "kind": "session"}
    facts.keep_answer(db, source="form:1abc/r-9", given_at=MONDAY, value=value, **of_whom)

    assert "answers" not in of(db, tables.pairing, "P-0001")


def test_the_free_text_of_a_profile_is_not_remembered(db: Connection) -> None:
    admitted(db, a_reading(Role.MENTEE, about="Je voudrais parler de mes doutes."))

    data = of(db, tables.application, "A-0001")

    assert data["profile"]["about"] == ""
    assert data["addresses"] == [LEA]
    assert data["from"]["source"] == "form:1abc"


def test_what_a_message_quotes_of_its_reader_is_forgotten_once_it_has_left(db: Connection) -> None:
    values = {"problems": "« hier » ne se lit pas.", "form": "session"}
    plan = Plan(
        key="P-0001/answer-problem/mail:17/mentee",
        about="P-0001",
        template="answer-problem",
        to=("A-0001",),
        languages=(Language.FRENCH,),
        urgency=Urgency.ACKNOWLEDGEMENT,
        values=values,
    )
    carried_out(db, plan)
    assert of(db, tables.message, plan.key)["values"] == values

    db.execute(update(tables.message).values(status="sent"))

    assert of(db, tables.message, plan.key)["values"] == {"form": "session"}
