"""Carrying out actions: twice adds nothing, a forbidden move changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Table, select, update

from ponts_flows.actions import (
    Action,
    AskCoordinator,
    CancelUnsent,
    CloseReview,
    Confirm,
    MoveApplication,
    MovePairing,
    Plan,
    Propose,
    Skipped,
    Urgency,
    Wake,
)
from ponts_flows.errors import PontsError
from ponts_flows.ledger import Ledger, facts, outbox, tables
from ponts_flows.ledger.apply import carry_out
from ponts_flows.lifecycle import TRANSITIONS, ApplicationStage, PairingStage
from ponts_flows.model import Language
from tests.ledger.builders import NOW, two_people

LATER = NOW + timedelta(hours=1)
PROPOSE = Propose(
    mentor="A-0002", mentee="A-0001", score=80, parts=(("themes", 10, 10, ""),), alternatives=()
)
WELCOME = Plan(
    key="A-0001/application-received",
    about="A-0001",
    template="application-received",
    to=("A-0001",),
    languages=(Language.FRENCH,),
    urgency=Urgency.QUESTION,
)
ASK = AskCoordinator(key="A-0001/membership", about="A-0001", subject="Sujet", todo="À faire")


def apply(db: Connection, *actions: Action, now: datetime = NOW) -> None:
    carry_out(db, actions, reference=lambda key: f"réf. {key}", now=now)


def rows(db: Connection, table: Table) -> list[dict[str, Any]]:
    return [dict(row) for row in db.execute(select(table)).mappings()]


def test_a_message_planned_twice_under_one_key_is_one_message_as_first_planned(ledger: Ledger) -> None:
    with ledger.transaction() as db:
        apply(db, WELCOME)
        first = rows(db, tables.message)

        apply(db, WELCOME, replace(WELCOME, template="dues", to=("A-0002",)), now=LATER)

        assert rows(db, tables.message) == first
        assert (first[0]["reference"], first[0]["status"]) == ("réf. A-0001/application-received", "planned")


def test_a_pair_proposed_twice_is_one_pairing_and_after_its_end_it_may_be_proposed_anew(
    ledger: Ledger,
) -> None:
    with ledger.transaction() as db:
        two_people(db)
        apply(db, PROPOSE, PROPOSE)
        apply(db, MovePairing(pairing="P-0001", to=PairingStage.WITHDRAWN, reason="remplacée"), PROPOSE)

        assert [(row["id"], row["stage"]) for row in rows(db, tables.pairing)] == [
            ("P-0001", "withdrawn"),
            ("P-0002", "proposed"),
        ]


@pytest.mark.parametrize("to", PairingStage)
@pytest.mark.parametrize("stage", PairingStage)
def test_a_pairing_makes_the_moves_of_the_table_and_no_other(
    ledger: Ledger, stage: PairingStage, to: PairingStage
) -> None:
    with ledger.transaction() as db:
        two_people(db)
        apply(db, PROPOSE)
        db.execute(update(tables.pairing).values(stage=stage.value))
        before = rows(db, tables.pairing)
        move = MovePairing(pairing="P-0001", to=to, reason="motif")

        if to in TRANSITIONS[stage]:
            apply(db, move, now=LATER)
            (after,) = rows(db, tables.pairing)
            assert (after["stage"], after["reason"], after["since"]) == (to.value, "motif", LATER)
            assert after["engaged_at"] == (LATER if to is PairingStage.ENGAGED else None)
        else:
            with pytest.raises(PontsError, match=f"P-0001 can't go from {stage} to {to}"):
                apply(db, move, now=LATER)
            assert rows(db, tables.pairing) == before


def test_what_is_cancelled_is_what_waits_and_neither_answers_nor_what_is_on_its_way(ledger: Ledger) -> None:
    waiting, answer, begun, other = (
        replace(WELCOME, key="waiting"),
        replace(WELCOME, key="answer", at_once=True),
        replace(WELCOME, key="begun"),
        replace(WELCOME, key="other", about="A-0002"),
    )
    with ledger.transaction() as db:
        apply(db, waiting, answer, begun, other)
        outbox.attempting(db, "begun", now=NOW)

        apply(db, CancelUnsent(about="A-0001", reason="candidature retirée"))

        assert {row["key"]: (row["status"], row["reason"]) for row in rows(db, tables.message)} == {
            "waiting": ("cancelled", "candidature retirée"),
            "answer": ("planned", ""),
            "begun": ("planned", ""),
            "other": ("planned", ""),
        }


def test_a_line_to_review_opens_once_closes_once_and_opens_again_only_when_asked(ledger: Ledger) -> None:
    with ledger.transaction() as db:
        apply(db, ASK, ASK, CloseReview(key=ASK.key))
        apply(db, ASK, CloseReview(key=ASK.key), now=LATER)
        closed = rows(db, tables.to_review)
        facts.reopen(db, ASK.key)
        reopened = rows(db, tables.to_review)

    assert [(row["opened_at"], row["closed_at"]) for row in closed] == [(NOW, NOW)]
    assert [(row["opened_at"], row["closed_at"]) for row in reopened] == [(NOW, None)]


def test_an_application_that_stays_where_it_is_keeps_its_date_and_writes_no_journal(ledger: Ledger) -> None:
    eligible = MoveApplication(application="A-0001", to=ApplicationStage.ELIGIBLE, reason="à jour")
    with ledger.transaction() as db:
        two_people(db)
        apply(db, eligible)
        apply(db, replace(eligible, reason="à jour jusqu'en 2027"), now=LATER)

        row = rows(db, tables.application)[0]
        assert (row["stage"], row["since"], row["reason"]) == ("eligible", NOW, "à jour jusqu'en 2027")
        assert [line["event"] for line in rows(db, tables.journal)] == ["eligible"]


def test_dues_that_lapse_begin_a_new_episode_of_reminders(ledger: Ledger) -> None:
    eligible = MoveApplication(application="A-0001", to=ApplicationStage.ELIGIBLE, reason="")
    missing = replace(eligible, to=ApplicationStage.MEMBERSHIP_MISSING)
    with ledger.transaction() as db:
        two_people(db)
        episodes = []
        for move in (missing, missing, eligible, missing, missing):
            apply(db, move)
            episodes.append(rows(db, tables.application)[0]["episode"])

    assert episodes == [1, 1, 1, 2, 2]


def test_whoever_moves_has_their_open_pairings_looked_at_again(ledger: Ledger) -> None:
    with ledger.transaction() as db:
        two_people(db)
        apply(db, PROPOSE, Wake(about="P-0001", at=None))

        apply(db, MoveApplication(application="A-0002", to=ApplicationStage.ON_HOLD, reason=""), now=LATER)

        assert rows(db, tables.pairing)[0]["wake_at"] == LATER


def test_what_a_coordinator_said_of_a_person_and_what_was_skipped_are_kept_with_their_reasons(
    ledger: Ledger,
) -> None:
    with ledger.transaction() as db:
        two_people(db)
        apply(
            db, Confirm(application="A-0001", same_person=False), Skipped(about="A-0002", reason="déjà deux")
        )

        assert rows(db, tables.application)[0]["confirmation"] is False
        assert [(line["about"], line["event"], line["reason"]) for line in rows(db, tables.journal)] == [
            ("A-0001", "not the same person", ""),
            ("A-0002", "skipped", "déjà deux"),
        ]
