"""Carrying out decisions: twice adds nothing, the table of moves is law, what has begun is not recalled."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from ponts_flows.actions import (
    AskCoordinator,
    CancelUnsent,
    CloseReview,
    Forbid,
    Keep,
    MoveApplication,
    MovePairing,
    Plan,
    Propose,
    Refresh,
    Skipped,
    Urgency,
    Wake,
)
from ponts_flows.errors import PontsError
from ponts_flows.ledger import outbox, tables
from ponts_flows.lifecycle import TRANSITIONS, ApplicationStage, PairingStage
from ponts_flows.model import Language
from tests.builders import MONDAY
from tests.ledger.conftest import LATER, a_pair, a_reading, admitted, carried_out, everything

S = PairingStage
ALL_MOVES = [(before, after) for before in S for after in S]


def a_plan(key: str = "P-0001/ask/mentor", *, at_once: bool = False) -> Plan:
    return Plan(
        key=key,
        about="P-0001",
        template="pairing-mentor",
        to=("A-0002",),
        languages=(Language.FRENCH,),
        urgency=Urgency.ACKNOWLEDGEMENT if at_once else Urgency.QUESTION,
        values={"answer_before": "2026-12-04"},
        at_once=at_once,
    )


def a_line(key: str = "P-0001/no-answer/mentor") -> AskCoordinator:
    return AskCoordinator(key=key, about="P-0001", subject="Sans réponse", todo="Relancer")


def a_proposal(**changes: object) -> Propose:
    plain: dict[str, object] = {
        "mentor": "A-0002",
        "mentee": "A-0001",
        "score": 80,
        "parts": (("Thèmes", 80, 10, "1 thème"),),
        "alternatives": ("A-0003",),
    }
    return Propose(**(plain | changes))  # type: ignore[arg-type]


def statuses(db: Connection) -> dict[str, tuple[str, str]]:
    t = tables.message
    return {row.key: (row.status, row.reason) for row in db.execute(select(t.c.key, t.c.status, t.c.reason))}


def journal(db: Connection) -> list[tuple[str, str, str]]:
    t = tables.journal
    return [tuple(row) for row in db.execute(select(t.c.about, t.c.event, t.c.reason).order_by(t.c.id))]


@pytest.mark.parametrize(
    "action",
    [a_plan(), a_line(), a_proposal(), Forbid(mentor="A-0002", mentee="A-0001", reason="écartée")],
    ids=["Plan", "AskCoordinator", "Propose", "Forbid"],
)
def test_what_is_carried_out_again_adds_nothing(
    db: Connection, action: Plan | AskCoordinator | Propose | Forbid
) -> None:
    admitted(db, a_reading())
    admitted(db, a_reading(email="paul.martin@exemple.example"))
    empty = everything(db)
    carried_out(db, action)
    once = everything(db)

    carried_out(db, action, now=LATER + timedelta(days=1))

    assert everything(db) == once
    assert once != empty


def test_a_message_planned_again_after_it_left_stays_as_it_left(db: Connection) -> None:
    a_pair(db)
    carried_out(db, a_plan())
    outbox.sent(db, "P-0001/ask/mentor", gmail_id="g", thread_id="t", now=LATER)
    before = everything(db)

    carried_out(db, a_plan())

    assert everything(db) == before


def test_a_line_that_was_closed_is_not_opened_again_by_the_same_key(db: Connection) -> None:
    carried_out(db, a_line(), CloseReview(key="P-0001/no-answer/mentor"))
    before = everything(db)

    carried_out(db, a_line())

    assert everything(db) == before


def test_a_planned_message_keeps_its_reference_and_what_was_known(db: Connection) -> None:
    carried_out(db, a_plan())

    (message,) = outbox.planned(db, at_once_only=False)
    assert (message.reference, message.recipients, message.values, message.planned_at) == (
        "[P-0001/ask/mentor]",
        ("A-0002",),
        {"answer_before": "2026-12-04"},
        LATER,
    )


@pytest.mark.parametrize(("before", "after"), ALL_MOVES, ids=lambda stage: stage.value)
def test_a_pairing_makes_the_moves_of_the_table_and_no_other(
    db: Connection, before: PairingStage, after: PairingStage
) -> None:
    id = a_pair(db, before)
    then = everything(db)
    move = MovePairing(pairing=id, to=after, reason="essai")

    if after in TRANSITIONS[before]:
        carried_out(db, move)
        t = tables.pairing
        assert db.execute(select(t.c.stage, t.c.since, t.c.reason)).one() == (after.value, LATER, "essai")
        assert journal(db) == [(id, after.value, "essai")]
    else:
        with pytest.raises(PontsError, match=rf"P-0001 .*{before}.*{after}"):
            carried_out(db, move)
        assert everything(db) == then


def test_the_engagement_counts_from_the_move_that_engages(db: Connection) -> None:
    id = a_pair(db, S.ASKING_MENTEE)

    carried_out(db, MovePairing(pairing=id, to=S.ENGAGED, reason="présentés l'un à l'autre"))

    assert db.execute(select(tables.pairing.c.engaged_at)).scalar_one() == LATER


def test_a_written_reason_stays_with_the_pairing_through_later_moves(db: Connection) -> None:
    id = a_pair(db)
    carried_out(
        db, MovePairing(pairing=id, to=S.ASKING_MENTOR, reason="validée", override="ils se connaissent")
    )

    carried_out(db, MovePairing(pairing=id, to=S.ASKING_MENTEE, reason="oui"))

    assert db.execute(select(tables.pairing.c.override)).scalar_one() == "ils se connaissent"


def test_two_people_are_proposed_to_each_other_again_only_once_the_first_time_is_over(db: Connection) -> None:
    id = a_pair(db)
    carried_out(db, a_proposal())
    assert len(db.execute(select(tables.pairing.c.id)).all()) == 1

    carried_out(db, MovePairing(pairing=id, to=S.WITHDRAWN, reason="une autre répartition"), a_proposal())

    t = tables.pairing
    found = {row.id: row.stage for row in db.execute(select(t.c.id, t.c.stage))}
    assert found == {"P-0001": "withdrawn", "P-0002": "proposed"}


def test_a_refreshed_proposal_keeps_its_place_and_changes_its_score(db: Connection) -> None:
    id = a_pair(db)

    carried_out(
        db, Refresh(pairing=id, score=91, parts=(("Lieu", 100, 6, "même ville"),), alternatives=("A-0009",))
    )

    t = tables.pairing
    assert db.execute(select(t.c.stage, t.c.since, t.c.score, t.c.parts, t.c.alternatives)).one() == (
        "proposed",
        MONDAY,
        91,
        [["Lieu", 100, 6, "même ville"]],
        ["A-0009"],
    )


def test_what_has_not_left_is_cancelled_but_what_has_begun_and_what_acknowledges_goes_on(
    db: Connection,
) -> None:
    a_pair(db)
    keys = ("waits", "attempted", "drafted", "sending", "sent")
    carried_out(db, *(a_plan(key) for key in keys), a_plan("acknowledges", at_once=True))
    for key in keys[1:]:
        outbox.attempting(db, key, by=None, now=LATER)
    for key in keys[2:]:
        outbox.drafted(db, key, draft_id=f"r-{key}", subject="", body="", addresses=())
    for key in keys[3:]:
        outbox.sending(db, key, now=LATER)
    outbox.sent(db, "sent", gmail_id="g", thread_id="t", now=LATER)

    carried_out(db, CancelUnsent(about="P-0001", reason="le mentor a dit non"))

    assert statuses(db) == {
        "waits": ("cancelled", "le mentor a dit non"),
        "attempted": ("planned", ""),
        "drafted": ("drafted", ""),
        "sending": ("sending", ""),
        "sent": ("sent", ""),
        "acknowledges": ("planned", ""),
    }


def test_cancelling_for_one_pairing_leaves_the_others_alone(db: Connection) -> None:
    carried_out(db, a_plan())

    carried_out(db, CancelUnsent(about="P-0002", reason="autre chose"))

    assert statuses(db) == {"P-0001/ask/mentor": ("planned", "")}


def test_an_application_that_moves_wakes_the_open_pairings_of_that_person(db: Connection) -> None:
    a_pair(db, S.ASKING_MENTOR)
    carried_out(db, Wake(about="P-0001", at=None))

    carried_out(
        db,
        MoveApplication(
            application="A-0002", to=ApplicationStage.WITHDRAWN, reason="retirée par la coordination"
        ),
    )

    assert db.execute(select(tables.pairing.c.wake_at)).scalar_one() == LATER


def test_an_application_that_moves_leaves_finished_pairings_asleep(db: Connection) -> None:
    a_pair(db, S.DECLINED)

    carried_out(db, MoveApplication(application="A-0002", to=ApplicationStage.WITHDRAWN, reason="retirée"))

    assert db.execute(select(tables.pairing.c.wake_at)).scalar_one() is None


def test_dues_that_go_missing_again_open_a_new_episode_and_a_move_to_the_same_stage_does_not(
    db: Connection,
) -> None:
    admitted(db, a_reading())
    t = tables.application
    moves = (
        (ApplicationStage.MEMBERSHIP_MISSING, 1),
        (ApplicationStage.ELIGIBLE, 1),
        (ApplicationStage.MEMBERSHIP_MISSING, 2),
        (ApplicationStage.MEMBERSHIP_MISSING, 2),
    )

    for stage, episode in moves:
        carried_out(db, MoveApplication(application="A-0001", to=stage, reason=""))
        assert db.execute(select(t.c.stage, t.c.episode)).one() == (stage.value, episode)

    assert [event for _, event, _ in journal(db)] == ["membership_missing", "eligible", "membership_missing"]


def test_a_decision_not_to_act_can_be_read_with_its_reason(db: Connection) -> None:
    carried_out(db, Skipped(about="P-0001", reason="le mentor avait déjà dit oui"))

    assert journal(db) == [("P-0001", "skipped", "le mentor avait déjà dit oui")]


def test_two_people_kept_apart_are_a_refused_pair_with_a_number_of_its_own(db: Connection) -> None:
    a_pair(db, S.WITHDRAWN)

    carried_out(db, Forbid(mentor="A-0002", mentee="A-0001", reason="écartée"))

    t = tables.pairing
    found = db.execute(select(t.c.id, t.c.stage, t.c.reason).order_by(t.c.number)).all()
    assert [tuple(row) for row in found] == [
        ("P-0001", "withdrawn", ""),
        ("P-0002", "refused", "écartée"),
    ]
    assert journal(db) == [("P-0002", "refused", "écartée")]


def test_a_proposal_is_kept_and_given_back_and_the_board_shows_it_anew(db: Connection) -> None:
    a_pair(db)
    t = tables.pairing
    seen = []

    for kept in (True, False):
        carried_out(db, Keep(pairing="P-0001", kept=kept))
        seen.append(tuple(db.execute(select(t.c.stage, t.c.asked_for, t.c.version)).one()))

    assert seen == [("proposed", True, 2), ("proposed", False, 3)]
    assert journal(db) == [("P-0001", "kept", ""), ("P-0001", "let go", "")]
