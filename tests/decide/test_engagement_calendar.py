"""The calendar files of a pair's meetings: asked, updated, cancelled, each meeting under a number of its own."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest

from ponts_flows.actions import Plan
from ponts_flows.answers import Held, Said, Way
from ponts_flows.board.decisions import EngagementDecision as Choose
from ponts_flows.model import Role
from tests.decide.engagement_builders import (
    MENTEE,
    MENTOR,
    asked,
    due_on,
    engaged,
    gone,
    moment,
    on,
    reported,
    waiting,
)
from tests.decide.engagement_play import Choice, Play


def agreed(role: Role, day: float, next: int | None, **details: Any) -> tuple[float, Said]:
    """The next date, or none, said on a day."""
    return day, reported(role, None, given=day - 0.1, held=Held.PLANNED, next=next, **details)


def called_off(role: Role, day: float, meeting: int) -> tuple[float, Said]:
    """A meeting that will not take place, said on a day."""
    return day, reported(role, meeting, given=day - 0.1, held=Held.MISSED)


def files(play: Play, role: Role = MENTOR) -> list[tuple[int, str, str, str]]:
    """The files sent to one of the two: the day, the number, the mail, the date they say."""
    return [
        (
            round((one.at - moment(0)).total_seconds() / 86400),
            one.plan.key.removeprefix("P-0001/meeting/").removesuffix(f"/{role}"),
            one.plan.template,
            one.plan.values["meeting_on"],
        )
        for one in play.mailed
        if one.step == "meeting" and one.plan.key.endswith(role)
    ]


def test_a_date_said_is_asked_of_both_at_once_for_whoever_said_it() -> None:
    play = Play().live(11, agreed(MENTEE, 10, 40))

    sent = [one.plan for one in play.mailed if one.step == "meeting"]
    assert [(plan.key, plan.template, plan.to, plan.at_once) for plan in sent] == [
        ("P-0001/meeting/1/0/mentee", "meeting-invitation", ("A-0001",), True),
        ("P-0001/meeting/1/0/mentor", "meeting-invitation", ("A-0002",), False),
    ]


def test_a_file_says_the_day_the_time_the_way_the_theme_its_method_and_its_numbers() -> None:
    details = {"next_at": time(9), "next_way": Way.IN_PERSON, "next_theme": "networking"}
    play = Play().live(11, agreed(MENTEE, 10, 40, **details))

    assert play.case.sent["P-0001/meeting/1/0/mentor"].values == {
        "meeting_on": f"{on(40)}",
        "meeting_time": "09:00",
        "way": "in_person",
        "theme": "networking",
        "method": "REQUEST",
        "meeting": "1",
        "sequence": "0",
    }


def test_a_date_moved_is_an_update_of_the_same_meeting_even_back_to_the_first_date() -> None:
    play = Play().live(31, agreed(MENTEE, 10, 40), agreed(MENTOR, 15, 45), agreed(MENTEE, 20, 40))

    assert files(play) == [
        (10, "1/0", "meeting-invitation", f"{on(40)}"),
        (15, "1/1", "meeting-update", f"{on(45)}"),
        (20, "1/2", "meeting-update", f"{on(40)}"),
    ]


def test_a_time_or_a_place_that_changes_is_an_update_and_the_same_said_again_is_none() -> None:
    play = Play().live(
        31, agreed(MENTEE, 10, 40), agreed(MENTOR, 15, 40), agreed(MENTOR, 20, 40, next_at=time(18))
    )

    assert [number for _, number, _, _ in files(play)] == ["1/0", "1/1"]


def test_a_theme_alone_is_no_reason_for_an_update() -> None:
    play = Play().live(31, agreed(MENTEE, 10, 40), agreed(MENTEE, 15, 40, next_theme="confidence"))

    assert [number for _, number, _, _ in files(play)] == ["1/0"]


@pytest.mark.parametrize("role", Role)
def test_a_meeting_called_off_is_cancelled_and_the_next_one_is_another(role: Role) -> None:
    play = Play().live(31, agreed(MENTEE, 10, 40), called_off(MENTOR, 20, 40), agreed(MENTEE, 25, 60))

    assert files(play, role) == [
        (10, "1/0", "meeting-invitation", f"{on(40)}"),
        (20, "1/1", "meeting-cancelled", f"{on(40)}"),
        (25, "2/0", "meeting-invitation", f"{on(60)}"),
    ]


def test_the_date_after_a_meeting_that_took_place_is_another_meeting() -> None:
    held = reported(MENTEE, 40, next=70)
    play = Play().live(60, agreed(MENTEE, 10, 40), (41, held))

    assert [number for _, number, _, _ in files(play)] == ["1/0", "2/0"]


def test_a_meeting_reported_on_its_own_day_with_the_next_date_stays_in_the_calendar() -> None:
    play = Play().live(39.5, agreed(MENTEE, 10, 40))
    play.live(60, (40.6, reported(MENTEE, 40, given=40.4, next=70)), every=0.1)

    assert [(number, on_) for _, number, _, on_ in files(play)] == [
        ("1/0", f"{on(40)}"),
        ("2/0", f"{on(70)}"),
    ]


def test_a_meeting_put_off_on_its_eve_is_moved() -> None:
    put_off = reported(MENTOR, 40, given=38.9, held=Held.MISSED, next=42)
    play = Play().live(45, agreed(MENTEE, 10, 40), (39, put_off))

    assert [(number, mail, on_) for _, number, mail, on_ in files(play)] == [
        ("1/0", "meeting-invitation", f"{on(40)}"),
        ("1/1", "meeting-update", f"{on(42)}"),
    ]


def test_a_date_taken_back_by_an_edit_leaves_the_calendar() -> None:
    first = reported(MENTEE, 10, next=40, source="edited")
    edited = reported(MENTEE, 10, given=14.9, source="edited")
    play = Play().live(31, (11, first), (15, edited))

    assert files(play) == [
        (11, "1/0", "meeting-invitation", f"{on(40)}"),
        (15, "1/1", "meeting-cancelled", f"{on(40)}"),
    ]


def test_a_meeting_called_off_before_its_invitation_left_is_never_spoken_of() -> None:
    play = Play(slow=(4,)).live(31, agreed(MENTEE, 10, 40), called_off(MENTOR, 12, 40))

    assert files(play, MENTOR) == []
    assert [mail for _, _, mail, _ in files(play, MENTEE)] == ["meeting-invitation", "meeting-cancelled"]


def test_whoever_did_not_have_the_first_invitation_is_invited_not_told_of_a_change() -> None:
    play = Play(slow=(4,)).live(31, agreed(MENTEE, 10, 40), agreed(MENTEE, 12, 45))

    assert [(number, mail) for _, number, mail, _ in files(play, MENTOR)] == [("1/1", "meeting-invitation")]
    assert [(number, mail) for _, number, mail, _ in files(play, MENTEE)] == [
        ("1/0", "meeting-invitation"),
        ("1/1", "meeting-update"),
    ]


def test_a_meeting_called_off_and_agreed_on_anew_while_mail_is_slow_leaves_no_ghost_behind() -> None:
    play = Play(slow=(0, 6)).live(
        40, agreed(MENTOR, 10, 60), called_off(MENTOR, 20, 60), agreed(MENTOR, 22, 70)
    )

    for role in Role:
        calendar = {}
        for _, number, mail, day in files(play, role):
            meeting = number.partition("/")[0]
            calendar[meeting] = None if mail == "meeting-cancelled" else day
        assert [day for day in calendar.values() if day] == [f"{on(70)}"]


def test_a_date_changed_during_a_pause_reaches_both_when_the_pair_resumes() -> None:
    play = Play().live(
        40,
        agreed(MENTEE, 10, 60),
        (12, Choice(choice=Choose.PAUSE)),
        agreed(MENTEE, 20, 65),
        (30, Choice(choice=Choose.RESUME)),
    )

    assert files(play) == [
        (10, "1/0", "meeting-invitation", f"{on(60)}"),
        (30, "1/1", "meeting-update", f"{on(65)}"),
    ]


def test_a_date_that_passed_during_a_pause_while_a_later_one_was_announced_leaves_the_calendar() -> None:
    play = Play().live(
        60,
        agreed(MENTEE, 10, 90),
        (12, Choice(choice=Choose.PAUSE)),
        agreed(MENTEE, 20, 35),
        (50, Choice(choice=Choose.RESUME)),
    )

    assert files(play) == [
        (10, "1/0", "meeting-invitation", f"{on(90)}"),
        (50, "1/1", "meeting-cancelled", f"{on(90)}"),
    ]


def test_the_last_meeting_after_the_term_has_its_file_too() -> None:
    play = Play().live(200, agreed(MENTEE, 182, 195))

    assert files(play) == [(182, "1/0", "meeting-invitation", f"{on(195)}")]


def test_a_move_that_could_not_be_told_in_time_takes_the_date_that_its_reader_has_out_of_the_calendar() -> (
    None
):
    request = {"method": "REQUEST", "meeting": "1", "meeting_time": "", "way": ""}
    first = gone(("meeting/1/0/mentor", 5), values={**request, "sequence": "0", "meeting_on": f"{on(41)}"})
    moved = waiting(
        ("meeting/1/1/mentor", 10), values={**request, "sequence": "1", "meeting_on": f"{on(18)}"}
    )
    said = (reported(MENTEE, None, given=10, held=Held.PLANNED, next=18),)

    found = due_on(19, engaged(said=said, sent={**first, **moved}))

    assert [one for one in asked(found) if "meeting/" in one] == ["meeting/1/2/mentor", "xmeeting/1/1/mentor"]
    (off,) = (one for one in found if isinstance(one, Plan) and one.template == "meeting-cancelled")
    assert (off.values["meeting_on"], off.values["method"]) == (f"{on(41)}", "CANCEL")
