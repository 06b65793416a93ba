"""The stages of an engagement: the term, the second one, pauses, the end, a stop."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ponts_flows.actions import (
    Action,
    AskCoordinator,
    MoveApplication,
    MovePairing,
    Pause,
    Plan,
    Summarise,
    Wake,
)
from ponts_flows.answers import Again, Extension, MidpointAnswer, ParticipationAnswer, Wish
from ponts_flows.board.decisions import EngagementDecision as Choose
from ponts_flows.decide.calendar import add_days
from ponts_flows.decide.engagement import follow
from ponts_flows.decide.pairing_case import PairingCase
from ponts_flows.model import Answer, Role
from tests.builders import a_party
from tests.decide.engagement_builders import (
    MENTEE,
    MENTOR,
    PROGRAMME,
    Stage,
    asked,
    both_reported,
    both_wish,
    due_on,
    engaged,
    gone,
    moment,
    on,
    reported,
    reviewed,
    saying,
    wishing,
)
from tests.decide.engagement_play import Change, Choice, Play

UNPAID = {"mentor": a_party(MENTOR, paid=False)}


def moves(actions: list[Action]) -> list[Stage]:
    """Where a pair is moved."""
    return [action.to for action in actions if isinstance(action, MovePairing)]


def stages(play: Play) -> list[tuple[int, Stage]]:
    """The stages of a life, each with the day it began."""
    return [(round((one.at - moment(0)).total_seconds() / 86400), one.move.to) for one in play.moves]


def reason(actions: list[Action]) -> str:
    """Why a pair is moved."""
    return next(action.reason for action in actions if isinstance(action, MovePairing))


def test_two_yeses_and_paid_dues_make_a_second_term_on_the_day_the_first_ends() -> None:
    case = engaged(said=both_wish())

    assert moves(due_on(179, case)) == []
    assert moves(due_on(180, case)) == [Stage.RENEWED]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ((wishing(MENTEE, Answer.YES), wishing(MENTOR, Answer.NO)), "l'un des deux s'arrête à six mois"),
        ((wishing(MENTEE, Answer.YES),), "prolongation non demandée par les deux"),
        ((), "prolongation non demandée par les deux"),
        ((*both_wish(150), wishing(MENTOR, Answer.NO, 170)), "l'un des deux s'arrête à six mois"),
    ],
)
def test_one_no_or_silence_ends_the_engagement_at_six_months(said: Any, why: str) -> None:
    actions = due_on(180, engaged(said=said))

    assert moves(actions) == [Stage.CLOSING]
    assert why in reason(actions)


def test_the_last_word_counts() -> None:
    said = (
        wishing(MENTOR, Answer.NO, 152),
        wishing(MENTEE, Answer.YES, 153),
        wishing(MENTOR, Answer.YES, 160),
    )

    assert moves(due_on(180, engaged(said=said))) == [Stage.RENEWED]


def test_a_yes_to_the_extension_at_the_midpoint_is_no_yes_to_the_renewal() -> None:

    said = tuple(saying(role, MidpointAnswer(extension=Extension.YES), 121) for role in (MENTOR, MENTEE))

    assert moves(due_on(180, engaged(said=said))) == [Stage.CLOSING]


def test_dues_missing_at_the_term_may_come_within_a_month() -> None:
    case = engaged(said=both_wish(), **UNPAID)

    assert moves(due_on(180, case)) == []
    assert moves(due_on(209, case)) == []
    assert moves(due_on(209, engaged(said=both_wish()))) == [Stage.RENEWED]
    assert moves(due_on(210, case)) == [Stage.CLOSING]
    assert "cotisation absente" in reason(due_on(210, case))


def test_dues_paid_after_the_month_renew_nothing() -> None:
    play = Play().live(
        230,
        *((152, one) for one in both_wish(151.9)),
        (170, Change(role=MENTOR, to={"paid": False})),
        (215, Change(role=MENTOR, to={"paid": True})),
    )

    assert stages(play) == [(210, Stage.CLOSING)]


def test_a_second_term_ends_a_month_before_the_twelve_are_over() -> None:
    case = engaged(Stage.RENEWED, since=moment(180), renewed_at=moment(180), said=both_wish())

    assert moves(due_on(334, case)) == []
    assert moves(due_on(335.1, case)) == [Stage.CLOSING]


def test_there_is_no_second_renewal() -> None:
    play = Play().live(400, *((day, one) for day in (152, 300) for one in both_wish(day)))

    assert stages(play) == [(180, Stage.RENEWED), (335, Stage.CLOSING), (366, Stage.COMPLETED)]


@pytest.mark.parametrize(
    ("back", "expected"),
    [
        (190, [(170, Stage.PAUSED), (190, Stage.ENGAGED), (190, Stage.RENEWED)]),
        (215, [(170, Stage.PAUSED), (210, Stage.CLOSING)]),
    ],
)
def test_a_pair_paused_at_its_term_that_both_wish_to_go_on_has_a_month_to_resume(
    back: int, expected: list[tuple[int, Stage]]
) -> None:
    play = Play().live(
        220,
        *((152, one) for one in both_wish(151.9)),
        (170, Choice(choice=Choose.PAUSE)),
        (back, Choice(choice=Choose.RESUME)),
    )

    assert stages(play) == expected


def test_a_pair_paused_across_its_term_without_two_yeses_ends_there_and_a_coordinator_is_told_before() -> (
    None
):
    play = Play().live(181, (140, Choice(choice=Choose.PAUSE)))

    assert stages(play) == [(140, Stage.PAUSED), (180, Stage.CLOSING)]
    (told,) = [
        at for at, action in play.history if isinstance(action, AskCoordinator) and "paused" in action.key
    ]
    assert told == moment(150)


def test_a_pair_paused_before_the_renewal_is_looked_at_on_its_day() -> None:
    heard = {f"P-0001/quiet/1/{role}": moment(140) for role in Role}
    found = follow(engaged(Stage.PAUSED, noted=heard), programme=PROGRAMME, now=moment(141))

    assert [action.at for action in found if isinstance(action, Wake)] == [
        add_days(moment(0), 150, PROGRAMME)
    ]


def test_a_line_about_a_pause_at_the_term_closes_when_the_pair_resumes() -> None:
    play = Play().live(165, (140, Choice(choice=Choose.PAUSE)), (160, Choice(choice=Choose.RESUME)))

    assert play.case.rows["P-0001/paused-at-term"] is False
    assert "P-0001/renewal/mentee" in {one.plan.key for one in play.mailed}


def test_a_pause_ends_by_itself_on_the_day_after_its_last() -> None:
    play = Play().live(60, (20, Choice(choice=Choose.PAUSE, until=on(49))))

    assert stages(play) == [(20, Stage.PAUSED), (50, Stage.ENGAGED)]
    assert play.case.until is None


def test_a_pause_does_not_move_the_term() -> None:
    play = Play().live(200, (20, Choice(choice=Choose.PAUSE, until=on(99))))

    assert stages(play)[-1] == (180, Stage.CLOSING)


def test_a_pause_in_the_second_term_comes_back_to_the_second_term() -> None:
    case = engaged(Stage.PAUSED, since=moment(200), renewed_at=moment(180), until=moment(210))

    assert asked(due_on(210, case)) == [">renewed"]
    assert [action for action in due_on(210, case) if isinstance(action, Pause)] == [
        Pause(pairing="P-0001", until=None)
    ]


def test_a_pause_longer_than_the_second_term_ends_with_it() -> None:
    case = engaged(Stage.PAUSED, since=moment(200), renewed_at=moment(180), until=moment(500))

    assert moves(due_on(335.1, case)) == [Stage.CLOSING]


def closing(**changes: Any) -> PairingCase:
    """A pair whose first term is over."""
    return engaged(Stage.CLOSING, since=moment(180), **changes)


def test_an_engagement_is_over_when_both_reviews_are_in() -> None:
    assert moves(due_on(190, closing(said=(reviewed(MENTEE, 185),)))) == []
    assert moves(due_on(190, closing(said=(reviewed(MENTEE, 185), reviewed(MENTOR, 189))))) == [
        Stage.COMPLETED
    ]


def test_an_engagement_is_over_a_month_after_its_term_without_reviews() -> None:
    assert moves(due_on(209, closing())) == []
    assert asked(due_on(210, closing())) == [
        ">completed",
        ">finished",
        ">finished",
        # What the stage had no time to send has its reason kept.
        "~last-meeting/mentee",
        "~last-meeting/mentor",
        "~review/mentee",
        "~review/mentor",
    ]


def test_a_pair_whose_engagement_is_over_has_no_next_meeting() -> None:
    said = (reported(MENTEE, 170, next=230),)

    def next_on(case: PairingCase) -> list[object]:
        found = follow(case, programme=PROGRAMME, now=moment(212))
        return [action.summary.next_on for action in found if isinstance(action, Summarise)]

    assert next_on(engaged(Stage.CLOSING, said=said, since=moment(190))) == [on(230)]
    assert next_on(engaged(Stage.COMPLETED, said=said, since=moment(210))) == [None]


def released(actions: list[Action]) -> list[str]:
    """Who leaves the pool."""
    return [action.application for action in actions if isinstance(action, MoveApplication)]


@pytest.mark.parametrize(
    ("mentor", "mentee", "leaving"),
    [
        ((Again.MENTOR_AGAIN,), (), ["A-0001"]),
        ((), (Again.MENTEE_AGAIN,), ["A-0002"]),
        ((Again.NOT_NOW,), (Again.MENTOR_LATER,), ["A-0002", "A-0001"]),
        ((Again.MENTOR_AGAIN,), (Again.MENTEE_AGAIN,), []),
    ],
)
def test_whoever_said_so_goes_back_to_the_pool_and_the_others_are_left_in_peace(
    mentor: tuple[Again, ...], mentee: tuple[Again, ...], leaving: list[str]
) -> None:
    said = (reviewed(MENTOR, 185, again=mentor), reviewed(MENTEE, 186, again=mentee))

    assert released(due_on(190, closing(said=said))) == leaving


def test_a_mentor_with_another_mentee_stays_and_one_set_aside_is_left_as_they_are() -> None:
    busy = closing(mentor=a_party(MENTOR, elsewhere=True))
    aside = closing(mentor=a_party(MENTOR, gone=True, set_aside=True))

    assert released(due_on(211, busy)) == ["A-0001"]
    assert released(due_on(211, aside)) == ["A-0001"]


def wished(wish: Wish, role: Any = MENTEE, day: float = 60) -> tuple[float, Any]:
    """A wish of one of the two, on a day."""
    return day, saying(role, ParticipationAnswer(wish=wish), day - 0.1)


def mails(play: Play, day: int) -> list[tuple[str, tuple[str, ...]]]:
    """The mails of a day."""
    return [(one.plan.template, one.plan.to) for one in play.mailed if one.at == moment(day)]


def test_whoever_asks_to_stop_is_thanked_and_the_other_is_told_and_both_leave_the_pool() -> None:
    play = Play().live(61, wished(Wish.STOP))

    assert stages(play) == [(60, Stage.STOPPED)]
    assert mails(play, 60) == [("stop-noted", ("A-0001",)), ("stopped", ("A-0002",))]
    assert released([action for _, action in play.history]) == ["A-0002", "A-0001"]
    assert "P-0001/stopped" in play.case.rows


@pytest.mark.parametrize("stage", [Stage.ENGAGED, Stage.RENEWED, Stage.PAUSED, Stage.CLOSING])
def test_a_pair_may_be_stopped_by_one_of_the_two_from_any_stage(stage: Stage) -> None:
    renewed_at = moment(50) if stage is Stage.RENEWED else None
    play = Play(engaged(stage, renewed_at=renewed_at)).live(6, wished(Wish.STOP, MENTOR, 5))

    assert stages(play) == [(5, Stage.STOPPED)]


def test_what_waited_to_leave_is_cancelled_by_a_stop() -> None:
    play = Play(slow=(30,)).live(70, wished(Wish.STOP))

    assert [one for one in play.mailed if one.step not in ("stop-noted", "stopped")] == []


def test_a_coordinator_may_end_a_pair_and_both_are_told_without_detail() -> None:
    play = Play().live(61, (60, Choice(choice=Choose.END)))

    assert stages(play) == [(60, Stage.STOPPED)]
    assert mails(play, 60) == [("stopped", ("A-0001",)), ("stopped", ("A-0002",))]
    assert all(one.plan.values == {} for one in play.mailed if one.step == "stopped")


def test_when_someone_leaves_the_programme_the_other_alone_is_told() -> None:
    play = Play().live(61, wished(Wish.LEAVE, MENTOR))

    assert stages(play) == [(60, Stage.STOPPED)]
    assert mails(play, 60) == [("leave-noted", ("A-0002",)), ("stopped", ("A-0001",))]


def test_nobody_is_told_when_both_left() -> None:
    party = {"left": True, "gone": True}
    case = engaged(mentor=a_party(MENTOR, **party), mentee=a_party(MENTEE, **party))

    assert [action for action in due_on(60, case) if isinstance(action, Plan)] == []


def test_a_stop_takes_a_meeting_to_come_out_of_both_calendars() -> None:
    play = Play().live(61, (21, reported(MENTEE, 20, next=80)), wished(Wish.STOP))

    cancelled = [one.plan for one in play.mailed if one.plan.template == "meeting-cancelled"]
    assert [(plan.key, plan.values["method"], plan.values["meeting_on"]) for plan in cancelled] == [
        ("P-0001/meeting/1/1/mentor", "CANCEL", f"{on(80)}"),
        ("P-0001/meeting/1/1/mentee", "CANCEL", f"{on(80)}"),
    ]


def test_a_stop_cancels_nothing_in_the_calendar_of_someone_who_never_had_the_meeting() -> None:
    values = {"method": "REQUEST", "meeting": "1", "sequence": "0", "meeting_on": f"{on(80)}"}
    case = engaged(sent=gone(("meeting/1/0/mentee", 50), values=values))
    play = Play(replace(case, said=(reported(MENTEE, 20, next=80),)))
    play.now = moment(60)
    play.take(Choice(choice=Choose.END))

    assert [key for key in asked([action for _, action in play.history]) if "meeting" in key] == [
        "meeting/1/1/mentee"
    ]


def test_lines_open_about_a_pair_close_when_it_stops() -> None:
    case = engaged(rows={"P-0001/start-row": True, "P-0001/note/x": True})
    play = Play(case)
    play.take(Choice(choice=Choose.END))

    assert play.case.rows == {"P-0001/start-row": False, "P-0001/note/x": True, "P-0001/stopped": True}


def test_a_pair_that_was_stopped_asks_for_nothing_more() -> None:
    play = Play().live(400, wished(Wish.STOP))

    assert play.mailed[-1].at == moment(60)


def test_a_full_life_goes_from_the_introduction_to_the_thanks() -> None:
    meetings = [one for day in range(8, 335, 30) for one in both_reported(day)]
    play = Play().live(
        400,
        *(((one.given_at - moment(0)).total_seconds() / 86400, one) for one in meetings),
        *((152, one) for one in both_wish(151.9)),
        *((350, reviewed(role, 349.9)) for role in (MENTEE, MENTOR)),
    )

    assert stages(play) == [(180, Stage.RENEWED), (335, Stage.CLOSING), (350, Stage.COMPLETED)]
    assert [one.plan.template for one in play.mailed if "A-0002" in one.plan.to and one.at > moment(90)] == [
        "midpoint",
        "renewal",
        "renewal-noted",
        "renewed",
        "last-meeting-mentor",
        "review",
        "thanks",
    ]
