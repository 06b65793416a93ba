"""Each line of the timetable: when it is due, to whom, under which key, and what makes it needless."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from ponts_flows.actions import Plan, Urgency
from ponts_flows.answers import Held, MidpointAnswer, Way
from ponts_flows.decide.pairing_case import PairingCase
from ponts_flows.model import Answer, Role
from ponts_flows.programme import Programme
from tests.builders import a_party
from tests.decide.engagement_builders import (
    MENTEE,
    MENTOR,
    Stage,
    asked,
    both_reported,
    both_wish,
    cancelled,
    due_on,
    engaged,
    gone,
    moment,
    of,
    on,
    reported,
    reviewed,
    saying,
    waiting,
    wishing,
)

BOTH = ["mentee", "mentor"]
MET_TWENTY = both_reported(20)
NEXT_FORTY = (reported(MENTEE, 20, next=40),)
AT_FORTY = f"{on(40)}"
UNPAID = {"mentor": a_party(MENTOR, paid=False)}
MIDPOINTS = tuple(saying(role, MidpointAnswer(), 100) for role in Role)
CALLED = gone(("propose-next/1/mentee", 52), (f"at-risk/{on(20)}/mentee", 66))
REVIEWS = tuple(reviewed(role, 185) for role in Role)


def renewed(**changes: Any) -> PairingCase:
    """A pair in its second term."""
    return engaged(Stage.RENEWED, since=moment(180), renewed_at=moment(180), **changes)


def closing(**changes: Any) -> PairingCase:
    """A pair whose first term is over."""
    return engaged(Stage.CLOSING, since=moment(180), **changes)


DUE: list[tuple[str, PairingCase, int, list[str]]] = [
    ("start", engaged(), 10, ["mentee"]),
    ("start-mentor", engaged(sent=gone(("start/mentee", 12))), 19, ["mentor"]),
    ("start-row", engaged(sent=gone(("start-mentor/mentor", 20))), 27, ["+start-row"]),
    ("meeting-soon", engaged(said=NEXT_FORTY), 37, [f"{AT_FORTY}/mentee", f"{AT_FORTY}/mentor"]),
    (
        "session-report",
        engaged(said=NEXT_FORTY, sent=gone((f"session-report/{on(20)}/mentor", 21))),
        41,
        [f"{AT_FORTY}/mentee", f"{AT_FORTY}/mentor"],
    ),
    (
        "session-report-reminder",
        engaged(said=NEXT_FORTY, sent=gone((f"session-report/{AT_FORTY}/mentor", 42))),
        47,
        [f"{AT_FORTY}/mentor"],
    ),
    ("propose-next", engaged(said=MET_TWENTY), 50, ["1/mentee"]),
    ("propose-next", engaged(said=MET_TWENTY, sent=CALLED), 96, ["2/mentee"]),
    ("propose-next", engaged(sent=gone((f"at-risk/{on(0)}/mentee", 46))), 76, ["1/mentee"]),
    ("at-risk", engaged(), 45, [f"{on(0)}/mentee"]),
    ("at-risk", engaged(said=MET_TWENTY), 65, [f"{on(20)}/mentee"]),
    (
        "at-risk-row",
        engaged(said=MET_TWENTY, sent=gone((f"at-risk/{on(20)}/mentee", 66))),
        73,
        [f"+{on(20)}"],
    ),
    ("midpoint", engaged(), 120, BOTH),
    ("renewal", engaged(), 150, BOTH),
    ("renewal-reminder", engaged(sent=gone(("renewal/mentor", 152))), 159, ["mentor"]),
    ("renewal-waiting", engaged(said=both_wish(), **UNPAID), 180, BOTH),
    ("review", closing(), 190, BOTH),
    ("review", closing(said=both_reported(183)), 185, BOTH),
    ("review-reminder", closing(sent=gone(("review/mentee", 191))), 201, ["mentee"]),
]


@pytest.mark.parametrize(("step", "case", "day", "expected"), DUE)
def test_a_step_is_due_on_its_day_and_not_the_day_before(
    step: str, case: PairingCase, day: int, expected: list[str]
) -> None:
    assert of(step, day, case) == expected
    assert of(step, day - 1, case) == []


AT_ONCE: list[tuple[str, PairingCase, float, list[str]]] = [
    ("prepare-first", engaged(), 0, BOTH),
    ("meeting", engaged(said=NEXT_FORTY), 21, ["1/0/mentee", "1/0/mentor"]),
    ("session-report", engaged(said=(reported(MENTEE, 20),)), 20.6, [f"{on(20)}/mentor"]),
    ("prepare-second", engaged(said=MET_TWENTY), 20.4, BOTH),
    ("after-second", engaged(said=both_reported(20, 40)), 40.4, BOTH),
    ("midpoint", engaged(said=both_reported(10, 20, 30, 40)), 40.4, BOTH),
    ("renewed", renewed(), 180, BOTH),
    ("last-meeting", closing(), 180, BOTH),
    ("thanks", engaged(Stage.COMPLETED, since=moment(190)), 190, BOTH),
]


@pytest.mark.parametrize(("step", "case", "day", "expected"), AT_ONCE)
def test_a_step_is_due_as_soon_as_its_cause_is_known(
    step: str, case: PairingCase, day: float, expected: list[str]
) -> None:
    assert of(step, day, case) == expected


def test_each_of_the_two_prepares_the_first_meeting_with_a_text_of_their_own() -> None:
    plans = [action for action in due_on(0, engaged()) if isinstance(action, Plan)]

    assert [(plan.key, plan.template, plan.to, plan.urgency) for plan in plans] == [
        ("P-0001/prepare-first/mentee", "prepare-first-mentee", ("A-0001",), Urgency.PREPARATION),
        ("P-0001/prepare-first/mentor", "prepare-first-mentor", ("A-0002",), Urgency.PREPARATION),
    ]


NEEDLESS: list[tuple[str, PairingCase, float]] = [
    ("prepare-first", engaged(said=both_reported(1)), 2),
    ("start", engaged(said=both_reported(5)), 12),
    ("start", engaged(said=(reported(MENTOR, None, given=5, held=Held.PLANNED),)), 12),
    ("start", engaged(said=(reported(MENTEE, None, given=5, held=Held.PLANNED, next=30),)), 12),
    ("start-mentor", engaged(said=both_reported(15), sent=gone(("start/mentee", 12))), 20),
    ("start-row", engaged(said=both_reported(25), sent=gone(("start-mentor/mentor", 20))), 28),
    ("session-report", engaged(said=both_reported(20)), 22),
    (
        "session-report-reminder",
        engaged(said=both_reported(20), sent=gone((f"session-report/{on(20)}/mentor", 21))),
        30,
    ),
    ("prepare-second", engaged(said=both_reported(10, 20)), 20.4),
    (
        "propose-next",
        engaged(said=(*MET_TWENTY, reported(MENTEE, None, given=45, held=Held.PLANNED, next=60))),
        52,
    ),
    (
        "at-risk",
        engaged(said=(*MET_TWENTY, reported(MENTEE, None, given=45, held=Held.PLANNED, next=75))),
        67,
    ),
    ("at-risk-row", engaged(said=both_reported(20, 68), sent=gone((f"at-risk/{on(20)}/mentee", 66))), 74),
    ("midpoint", engaged(said=MIDPOINTS), 121),
    ("renewal", engaged(said=both_wish(149)), 151),
    ("renewal-reminder", engaged(said=both_wish(155), sent=gone(("renewal/mentor", 152))), 160),
    ("renewal-waiting", engaged(said=both_wish()), 180),
    ("review", closing(said=REVIEWS[:1]), 179),
    ("thanks", closing(), 200),
]


@pytest.mark.parametrize(("step", "case", "day"), NEEDLESS)
def test_a_step_is_needless_once_what_it_asks_for_is_known(step: str, case: PairingCase, day: float) -> None:
    assert of(step, day, case) == []


@pytest.mark.parametrize(
    ("key", "case", "day"),
    [
        ("prepare-first/mentor", engaged(said=both_reported(1)), 2),
        ("start/mentee", engaged(said=both_reported(9)), 11),
        (f"session-report/{on(20)}/mentor", engaged(said=both_reported(20)), 21),
        ("midpoint/mentee", engaged(said=MIDPOINTS), 121),
        ("renewal/mentee", engaged(said=both_wish(149)), 151),
        ("propose-next/1/mentee", engaged(said=(reported(MENTEE, 20, next=60),)), 52),
        ("meeting-soon/2026-12-20/mentor", engaged(said=NEXT_FORTY), 32),
        ("renewal/mentor", renewed(), 181),
        ("midpoint/mentor", engaged(Stage.PAUSED), 121),
    ],
)
def test_what_waits_to_leave_and_became_needless_is_cancelled_with_its_reason(
    key: str, case: PairingCase, day: float
) -> None:
    assert f"x{key}" in asked(due_on(day, replace(case, sent=waiting((key, day - 1)))))


@pytest.mark.parametrize(
    ("key", "case", "day"),
    [
        ("prepare-first/mentee", engaged(), 13),
        ("start/mentee", engaged(), 23),
        ("midpoint/mentor", engaged(), 144),
        ("renewal/mentee", engaged(), 179),
        ("renewed/mentee", renewed(), 193),
        ("last-meeting/mentee", closing(), 193),
        ("review/mentor", closing(), 209),
        ("thanks/mentee", engaged(Stage.COMPLETED, since=moment(190)), 219),
    ],
)
def test_what_waited_too_long_is_dropped_and_its_reason_kept_the_day_after_its_last(
    key: str, case: PairingCase, day: float
) -> None:
    step = key.partition("/")[0]
    waits = replace(case, sent=waiting((key, day - 5)))

    assert of(step, day, waits) == [one for one in of(step, day, case) if not key.endswith(one)]
    if step not in ("renewal", "review"):  # the term ends on the same day
        assert {f"x{key}", f"~{key}"} <= set(asked(due_on(day + 1.1, waits)))


def test_what_never_could_be_sent_keeps_its_reason_once() -> None:
    asleep = due_on(145.5, engaged())
    noted = {"P-0001/midpoint/mentee": moment(145.5), "P-0001/midpoint/mentor": moment(145.5)}

    assert [one for one in asked(asleep) if "midpoint" in one] == ["~midpoint/mentee", "~midpoint/mentor"]
    assert of("midpoint", 146, engaged(noted=noted)) == []


def test_a_calendar_file_is_kept_as_long_as_its_meeting_is_to_come() -> None:
    case = engaged(said=(reported(MENTEE, 20, next=80),))
    files = waiting(("meeting/1/0/mentor", 21), values={"method": "REQUEST", "meeting_on": f"{on(80)}"})

    assert of("meeting", 79, case) == ["1/0/mentee", "1/0/mentor"]
    assert of("meeting", 81, replace(case, sent=files)) == ["x1/0/mentor"]


def test_the_midpoint_is_asked_by_the_fourth_session_or_by_the_day_whichever_comes_first_and_once() -> None:
    four = both_reported(80, 90, 100, 110)

    assert of("midpoint", 110.4, engaged(said=four)) == BOTH
    assert (
        of("midpoint", 120, engaged(said=four, sent=gone(("midpoint/mentee", 111), ("midpoint/mentor", 111))))
        == []
    )
    assert of("midpoint", 120, engaged(said=both_reported(80, 90, 100))) == BOTH


def test_sessions_reported_late_count_from_when_they_are_known_not_from_when_they_were_held() -> None:
    late = (reported(MENTEE, 38), reported(MENTEE, 8, given=70))

    assert of("after-second", 70, engaged(said=late)) == BOTH
    assert of("after-second", 69, engaged(said=late[:1])) == []


def test_a_mentee_whose_alarm_is_on_its_way_is_not_asked_the_same_twice() -> None:
    late = engaged(said=MET_TWENTY, sent=gone(("propose-next/1/mentee", 35)))

    assert of("propose-next", 65, late) == []
    assert of("at-risk", 65, late) == [f"{on(20)}/mentee"]
    assert (
        of("propose-next", 66, replace(late, sent={**late.sent, **waiting((f"at-risk/{on(20)}/mentee", 65))}))
        == []
    )


def test_a_date_that_passed_without_a_word_puts_the_alarm_off_until_its_reports_were_asked_for() -> None:
    case = engaged(said=(reported(MENTEE, 20, next=64),))

    assert of("at-risk", 70, case) == []
    assert of("at-risk", 72, case) == [f"{on(20)}/mentee"]


def test_a_meeting_announced_at_the_last_moment_has_its_invitation_and_no_preparation() -> None:
    case = engaged(said=(reported(MENTEE, 20, next=23),))

    assert of("meeting", 21, case) == ["1/0/mentee", "1/0/mentor"]
    assert of("meeting-soon", 21, case) == []


def test_a_preparation_is_never_sent_on_the_day_of_the_meeting_or_after_it() -> None:
    case = engaged(said=NEXT_FORTY)

    assert of("meeting-soon", 39, case) == [f"{AT_FORTY}/mentee", f"{AT_FORTY}/mentor"]
    assert of("meeting-soon", 40, case) == [f"~{AT_FORTY}/mentee", f"~{AT_FORTY}/mentor"]


def test_the_preparation_says_the_time_the_way_and_the_theme() -> None:
    said = reported(MENTEE, 20, next=40, next_at=time(18, 30), next_way=Way.VIDEO, next_theme="confidence")
    (plan, _) = (
        action
        for action in due_on(38, engaged(said=(said,)))
        if isinstance(action, Plan) and "meeting-soon" in action.key
    )

    assert plan.values == {
        "meeting_on": AT_FORTY,
        "meeting_time": "18:30",
        "way": "video",
        "theme": "confidence",
    }


@pytest.mark.parametrize("step", ["start", "propose-next", "at-risk"])
def test_whoever_wants_no_reminders_has_none_and_the_reason_is_kept(step: str) -> None:
    mentee = a_party(MENTEE, no_reminders=True)
    day, said = {"start": (10, ()), "propose-next": (50, MET_TWENTY), "at-risk": (65, MET_TWENTY)}[step]
    noted = {"P-0001/propose-next/1/mentee": moment(50)} if step == "at-risk" else {}
    name = {"start": "mentee", "propose-next": "1/mentee", "at-risk": f"{on(20)}/mentee"}[step]

    assert of(step, day, engaged(mentee=mentee, said=said, noted=noted)) == [f"~{name}"]


def test_the_mentor_and_then_the_coordinators_are_told_though_the_mentee_wants_no_reminders() -> None:
    noted = {"P-0001/start/mentee": moment(10)}

    assert of("start-mentor", 17, engaged(noted=noted)) == ["mentor"]
    assert of("at-risk-row", 52, engaged(noted={f"P-0001/at-risk/{on(0)}/mentee": moment(45)})) == [
        f"+{on(0)}"
    ]


def test_a_reminder_counts_from_when_its_question_left_however_late_that_was() -> None:
    assert of("renewal-reminder", 158, engaged(sent=waiting(("renewal/mentor", 150)))) == []
    assert of("renewal-reminder", 169, engaged(sent=gone(("renewal/mentor", 162)))) == ["mentor"]


def test_on_leave_messages_wait_and_their_moment_with_them() -> None:
    mentor = a_party(MENTOR, away_until=moment(160))

    assert of("midpoint", 121, engaged(mentor=mentor)) == ["mentee"]
    assert of("midpoint", 160, engaged(mentor=mentor)) == ["~mentee", "mentor"]


def test_what_waits_to_leave_is_held_back_when_its_reader_goes_on_leave() -> None:
    mentor = a_party(MENTOR, away_until=moment(160))

    assert of("midpoint", 121, engaged(mentor=mentor, sent=waiting(("midpoint/mentor", 120)))) == [
        "mentee",
        "xmentor",
    ]


def test_what_was_held_back_leaves_after_all() -> None:
    there = {
        key: replace(message, status="cancelled")
        for key, message in waiting(("midpoint/mentor", 120)).items()
    }

    assert "mentor" in of("midpoint", 130, engaged(sent=there))


def test_nothing_is_sent_to_someone_set_aside() -> None:
    mentee = a_party(MENTEE, set_aside=True, gone=True)

    assert [one for one in asked(due_on(121, engaged(mentee=mentee))) if one.endswith("mentee")] == [
        "~quiet/1/mentee"
    ]


def test_nothing_of_the_timetable_is_sent_during_a_pause() -> None:
    assert asked(due_on(121, engaged(Stage.PAUSED, since=moment(110)))) == [
        "~quiet/1/mentor",
        "~quiet/1/mentee",
    ]


def test_an_introduction_that_has_not_left_starts_nothing_yet() -> None:
    introduction = waiting(("introduction", 0))

    assert asked(due_on(11, engaged(sent=introduction))) == []
    assert of("prepare-first", 3, engaged(sent=gone(("introduction", 2)))) == BOTH
    assert of("start", 11, engaged(sent=gone(("introduction", 2)))) == []


def test_lines_for_the_coordinators_close_by_themselves() -> None:
    started = engaged(
        said=both_reported(30), rows={"P-0001/start-row": True}, sent=gone(("start-mentor/mentor", 20))
    )
    over = closing(rows={f"P-0001/at-risk-row/{on(20)}": True}, sent=gone((f"at-risk/{on(20)}/mentee", 66)))

    assert "-start-row" in asked(due_on(31, started))
    assert f"-at-risk-row/{on(20)}" in asked(due_on(181, over))


def test_a_line_is_opened_once() -> None:
    sent = gone(("start-mentor/mentor", 20))

    assert of("start-row", 30, engaged(sent=sent, rows={"P-0001/start-row": True})) == []
    assert of("start-row", 30, engaged(sent=sent, rows={"P-0001/start-row": False})) == []


def test_a_delay_changed_by_coordinators_changes_the_day() -> None:
    changed = Programme(delays=(("Démarrage : mentee relancé après", 15),))

    assert of("start", 14, engaged(), changed) == []
    assert of("start", 15, engaged(), changed) == ["mentee"]


def test_a_month_of_silence_has_its_reason_for_each_of_the_two() -> None:
    sent = gone(("prepare-second/mentee", 21), ("prepare-second/mentor", 30))
    case = engaged(Stage.PAUSED, sent=sent)

    assert [[one for one in asked(due_on(day, case)) if "quiet" in one] for day in (50, 51, 60)] == [
        [],
        ["~quiet/1/mentee"],
        ["~quiet/1/mentor", "~quiet/1/mentee"],
    ]


def test_whoever_is_written_to_today_is_not_said_to_hear_nothing() -> None:
    case = engaged(said=MET_TWENTY, sent=gone(("prepare-second/mentee", 20), ("prepare-second/mentor", 20)))

    assert [one for one in asked(due_on(50.5, case)) if "quiet" in one] == ["~quiet/1/mentor"]


def test_a_message_called_off_is_no_news() -> None:
    called_off = cancelled(("midpoint/mentor", 40))
    case = engaged(said=MET_TWENTY, sent=gone(("prepare-second/mentor", 20)) | called_off)

    assert "~quiet/1/mentor" in asked(due_on(50.5, case))


def test_a_pair_is_no_case_for_coordinators_while_its_mentee_is_to_be_reminded_again() -> None:
    said = (*both_reported(7), reported(MENTEE, 52, held=Held.MISSED, next=54))
    case = engaged(said=said, sent=cancelled((f"at-risk/{on(7)}/mentee", 52)))

    assert of("at-risk-row", 60, case) == []
    assert of("at-risk", 61, case) == [f"{on(7)}/mentee"]


def test_answers_already_given_are_not_asked_for_again_after_the_other_said_no() -> None:
    assert of("renewal", 151, engaged(said=(wishing(MENTOR, Answer.NO, 150),))) == ["mentee"]
