"""What an answer of one of the two does at once, beyond being kept."""

from __future__ import annotations

from typing import Any

import pytest

from ponts_flows.actions import (
    Action,
    AskCoordinator,
    MoveApplication,
    MovePairing,
    NoReminders,
    Plan,
    Skipped,
    Wake,
)
from ponts_flows.answers import (
    Again,
    EventAnswer,
    Going,
    Held,
    MidpointAnswer,
    ParticipationAnswer,
    RenewalAnswer,
    ReviewAnswer,
    Said,
    SessionReport,
    Value,
    Wish,
)
from ponts_flows.decide.engagement import said
from ponts_flows.decide.pairing_case import PairingCase
from ponts_flows.lifecycle import ApplicationStage, PairingStage
from ponts_flows.model import Answer, Language, Role
from tests.builders import a_party, a_profile
from tests.decide.engagement_builders import (
    MENTEE,
    MENTOR,
    PROGRAMME,
    Stage,
    both_reported,
    engaged,
    moment,
    on,
    reported,
    saying,
)

SECRET = "Il ne faut pas que cela se sache."
BEFORE = [Stage.PROPOSED, Stage.ASKING_MENTOR, Stage.ASKING_MENTEE, Stage.ACCEPTED, Stage.DECLINED]


def heard(one: Said, case: PairingCase | None = None) -> list[Action]:
    """What an answer does, but for looking at the pair again."""
    there = case or engaged()
    with_it = PairingCase(**{**vars(there), "said": (*there.said, one)})
    found = said(with_it, one, programme=PROGRAMME, now=one.given_at)
    return [action for action in found if not isinstance(action, Wake)]


def rows(actions: list[Action]) -> list[str]:
    """The lines opened for the coordinators."""
    return [action.subject for action in actions if isinstance(action, AskCoordinator)]


def mails(actions: list[Action]) -> list[tuple[str, tuple[str, ...], bool]]:
    """The mails asked for: which, to whom, at once or not."""
    return [(action.template, action.to, action.at_once) for action in actions if isinstance(action, Plan)]


def test_an_answer_wakes_its_pair() -> None:
    one = reported(MENTEE, 20)

    assert said(engaged(said=(one,)), one, programme=PROGRAMME, now=moment(21)) == [
        Wake(about="P-0001", at=moment(21))
    ]


@pytest.mark.parametrize(
    ("value", "subject"),
    [
        (SessionReport(held=Held.HELD, on=on(20), call_me=True), "Le mentee souhaite être appelé"),
        (MidpointAnswer(call_me=True), "Le mentee au point intermédiaire, souhaite être appelé"),
        (MidpointAnswer(going=Going.HARD), "Le mentee au point intermédiaire, fait état de difficultés"),
    ],
)
def test_call_me_reaches_the_coordinators(value: Value, subject: str) -> None:
    (row,) = rows(heard(saying(MENTEE, value, 21)))

    assert row.startswith(subject)


@pytest.mark.parametrize(
    "value", [MidpointAnswer(going=Going.WELL), MidpointAnswer(going=Going.ADJUSTING), MidpointAnswer()]
)
def test_a_midpoint_that_goes_well_asks_nobody_for_anything(value: Value) -> None:
    assert heard(saying(MENTEE, value, 121)) == []


def test_a_mentor_who_says_that_the_mentee_kept_silent_is_heard_by_the_coordinators() -> None:
    silent = saying(MENTOR, SessionReport(held=Held.SILENT), 18)

    assert rows(heard(silent)) == ["Le mentor dit que son mentee ne l'a pas encore contacté"]
    assert heard(silent, engaged(said=both_reported(15))) == []


def test_a_mentee_who_says_that_they_are_not_in_touch_alarms_nobody() -> None:
    assert heard(saying(MENTEE, SessionReport(held=Held.SILENT), 18)) == []


NOTES: list[Any] = [
    SessionReport,
    MidpointAnswer,
    RenewalAnswer,
    ParticipationAnswer,
]
NEEDED: dict[Any, dict[str, Any]] = {
    SessionReport: {"held": Held.PLANNED},
    RenewalAnswer: {"answer": Answer.NO},
    ParticipationAnswer: {"wish": Wish.NO_REMINDERS},
}


@pytest.mark.parametrize("kind", NOTES)
@pytest.mark.parametrize("role", Role)
def test_free_text_reaches_the_coordinators_only_if_its_author_ticked_so_and_never_the_other(
    kind: Any, role: Role
) -> None:
    needed = NEEDED.get(kind, {})
    kept = heard(saying(role, kind(**needed, note=SECRET), 121))
    shared = heard(saying(role, kind(**needed, note=SECRET, share_note=True), 121))

    assert SECRET not in repr(kept)
    assert [row for row in rows(shared) if SECRET in row] == [f"Le {role} écrit à la coordination : {SECRET}"]
    assert SECRET not in repr([action for action in shared if not isinstance(action, AskCoordinator)])


def test_an_empty_note_opens_no_line_even_if_ticked() -> None:
    assert heard(saying(MENTEE, MidpointAnswer(share_note=True), 121)) == []


def test_nothing_that_a_review_says_reaches_a_mail_or_a_line() -> None:
    review = ReviewAnswer(
        key_points=SECRET, results=SECRET, value=SECRET, testimony=SECRET, video=True, share_texts=True
    )

    actions = heard(saying(MENTEE, review, 190), engaged(Stage.CLOSING, since=moment(180)))

    assert rows(actions) == ["Le mentee accepte de témoigner en vidéo"]
    assert SECRET not in repr(actions)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("answer", Answer)
@pytest.mark.parametrize("stage", [Stage.ENGAGED, Stage.PAUSED])
def test_a_renewal_is_acknowledged_to_its_author_alone(role: Role, answer: Answer, stage: Stage) -> None:
    actions = heard(saying(role, RenewalAnswer(answer=answer), 152), engaged(stage))

    (noted,) = [action for action in actions if isinstance(action, Plan)]
    author = "A-0002" if role is MENTOR else "A-0001"
    assert mails(actions) == [("renewal-noted", (author,), True)]
    assert noted.values == {"answer": answer.value}
    assert noted.key == f"P-0001/renewal-noted/20270417090000/{role}"


@pytest.mark.parametrize("stage", [Stage.CLOSING, Stage.COMPLETED, Stage.STOPPED])
def test_a_renewal_answered_after_the_end_is_seen_by_a_coordinator_and_moves_nothing(stage: Stage) -> None:
    actions = heard(saying(MENTEE, RenewalAnswer(answer=Answer.YES), 190), engaged(stage))

    assert rows(actions) == ["Le mentee a dit « Oui » à la prolongation après la fin du terme"]
    assert not any(isinstance(action, MovePairing | Plan) for action in actions)


@pytest.mark.parametrize("stage", [Stage.RENEWED, Stage.PAUSED, Stage.CLOSING])
@pytest.mark.parametrize("answer", Answer)
def test_a_renewal_answered_once_it_is_done_changes_nothing(stage: Stage, answer: Answer) -> None:
    actions = heard(saying(MENTEE, RenewalAnswer(answer=answer), 190), engaged(stage, renewed_at=moment(180)))

    assert [type(action) for action in actions] == [Skipped]


@pytest.mark.parametrize("stage", [Stage.COMPLETED, Stage.STOPPED])
def test_a_report_for_a_pair_that_is_over_is_kept_and_shown(stage: Stage) -> None:
    assert rows(heard(reported(MENTEE, 20), engaged(stage))) == [
        "Le mentee rend compte d'une rencontre, alors que l'accompagnement est terminé"
    ]


@pytest.mark.parametrize("stage", BEFORE)
def test_an_answer_about_a_pair_that_was_never_introduced_is_shown(stage: Stage) -> None:
    assert rows(heard(reported(MENTEE, 20), engaged(stage, engaged_at=None))) == [
        "Le mentee a répondu avant la mise en relation"
    ]


@pytest.mark.parametrize("language", Language)
def test_a_date_before_the_introduction_is_told_to_its_author_at_once_in_their_language(
    language: Language,
) -> None:
    mentee = a_party(MENTEE, profile=a_profile(MENTEE, mail_language=language))
    (plan,) = heard(reported(MENTEE, -2, given=3, source="form/7"), engaged(mentee=mentee))

    assert isinstance(plan, Plan)
    assert (plan.key, plan.template, plan.to, plan.languages, plan.at_once) == (
        "P-0001/answer-problem/form/7/20261119090000/mentee",
        "answer-problem",
        ("A-0001",),
        (language,),
        True,
    )
    assert plan.values["form"] == "session"
    assert "16/11/2026" in plan.values["problems"]


def test_a_review_of_a_pair_that_is_over_brings_its_author_back_if_they_say_so() -> None:
    over = engaged(Stage.COMPLETED, mentor=a_party(MENTOR, finished=True))

    back = heard(saying(MENTOR, ReviewAnswer(again=(Again.MENTOR_AGAIN,)), 220), over)

    assert [(action.application, action.to) for action in back if isinstance(action, MoveApplication)] == [
        ("A-0002", ApplicationStage.ELIGIBLE)
    ]
    assert heard(saying(MENTOR, ReviewAnswer(again=(Again.MENTEE_AGAIN,)), 220), over) == []
    assert heard(saying(MENTOR, ReviewAnswer(again=(Again.MENTOR_AGAIN,)), 190), engaged(Stage.CLOSING)) == []


def wish(kind: Wish, role: Role = MENTEE) -> Said:
    """A wish for one's own part."""
    return saying(role, ParticipationAnswer(wish=kind), 60)


@pytest.mark.parametrize("stage", [Stage.COMPLETED, Stage.STOPPED])
def test_asking_to_stop_a_pair_that_is_over_changes_nothing(stage: Stage) -> None:
    assert [type(action) for action in heard(wish(Wish.STOP), engaged(stage))] == [Skipped]


@pytest.mark.parametrize("stage", [Stage.ENGAGED, Stage.COMPLETED])
def test_whoever_leaves_the_programme_is_withdrawn_and_told(stage: PairingStage) -> None:
    actions = heard(wish(Wish.LEAVE), engaged(stage))

    assert [(action.application, action.to) for action in actions if isinstance(action, MoveApplication)] == [
        ("A-0001", ApplicationStage.WITHDRAWN)
    ]
    assert mails(actions) == [("leave-noted", ("A-0001",), True)]
    assert rows(actions) == ["Le mentee a quitté le programme"]


@pytest.mark.parametrize("state", [{"finished": True}, {"left": True, "gone": True}])
def test_whoever_comes_back_after_the_end_is_in_the_pool_again(state: dict[str, bool]) -> None:
    actions = heard(wish(Wish.BACK), engaged(Stage.STOPPED, mentee=a_party(MENTEE, **state)))

    assert [(action.application, action.to) for action in actions if isinstance(action, MoveApplication)] == [
        ("A-0001", ApplicationStage.ELIGIBLE)
    ]
    assert mails(actions) == [("back-noted", ("A-0001",), True)]


def test_whoever_is_set_aside_and_wishes_to_come_back_is_seen_by_a_coordinator() -> None:
    aside = a_party(MENTEE, set_aside=True, gone=True)
    actions = heard(wish(Wish.BACK), engaged(Stage.STOPPED, mentee=aside))

    assert rows(actions) == ["Le mentee demande un autre binôme alors que sa candidature est en attente"]
    assert mails(actions) == []


def test_whoever_asks_for_another_pair_while_theirs_runs_is_seen_by_a_coordinator() -> None:
    actions = heard(wish(Wish.BACK))

    assert rows(actions) == ["Le mentee demande un autre binôme alors que celui-ci court"]
    assert mails(actions) == []


def test_no_reminders_is_noted_and_told() -> None:
    actions = heard(wish(Wish.NO_REMINDERS, MENTOR))

    assert NoReminders(application="A-0002") in actions
    assert mails(actions) == [("no-reminders-noted", ("A-0002",), True)]


def test_an_answer_about_a_group_meeting_is_none_about_the_pair() -> None:
    assert heard(saying(MENTEE, EventAnswer(answer=Answer.YES), 60)) == []


def test_each_answer_has_its_own_acknowledgement_however_often_it_is_given() -> None:
    keys = {
        action.key
        for day in (152, 153)
        for role in Role
        for action in heard(saying(role, RenewalAnswer(answer=Answer.YES), day))
        if isinstance(action, Plan)
    }

    assert len(keys) == 4
