"""What the two say of their meetings, late, twice, by one side, with other dates, becomes sessions and a next date."""

from __future__ import annotations

from datetime import date, time
from itertools import permutations

import pytest

from ponts_flows.answers import Held, Said, Way
from ponts_flows.decide.engagement import Life
from ponts_flows.model import Role
from tests.decide.engagement_builders import (
    MENTEE,
    MENTOR,
    PROGRAMME,
    asked,
    due_on,
    engaged,
    gone,
    moment,
    of,
    on,
    reported,
)


def life(day: float, *said: Said) -> Life:
    """A pair on a day, with all that was said."""
    return Life(case=engaged(said=said), programme=PROGRAMME, now=moment(day))


def sessions(day: float, *said: Said) -> list[date]:
    """The days of the sessions."""
    return [meeting.on for meeting in life(day, *said).held]


def next_on(day: float, *said: Said) -> date | None:
    """The date of the next meeting."""
    found = life(day, *said).next
    return found.on if found else None


def called_off(role: Role, day: int, *, given: float, next: int | None = None) -> Said:
    """A meeting that will not take place, or did not."""
    return reported(role, day, given=given, held=Held.MISSED, next=next)


def test_reports_of_both_sides_are_one_session() -> None:
    assert sessions(22, reported(MENTEE, 20), reported(MENTOR, 20)) == [on(20)]


@pytest.mark.parametrize("apart", [1, 2, 3])
def test_dates_within_three_days_are_one_session_on_the_first(apart: int) -> None:
    assert sessions(30, reported(MENTEE, 20 + apart), reported(MENTOR, 20)) == [on(20)]


def test_dates_four_days_apart_are_two_sessions() -> None:
    assert sessions(30, reported(MENTEE, 24), reported(MENTOR, 20)) == [on(20), on(24)]


def test_dates_that_follow_each_other_are_not_one_long_session() -> None:
    assert sessions(30, *(reported(MENTEE, day) for day in (20, 22, 24))) == [on(20), on(24)]


def test_one_meeting_under_two_dates_is_shown_to_the_coordinator_and_counts_twice_until_it_is_corrected() -> (
    None
):
    two = (reported(MENTEE, 24), reported(MENTOR, 20, source="mentor"))
    line = f"dates/{on(20)}/{on(24)}"

    assert f"+{line}" in asked(due_on(25, engaged(said=two)))
    corrected = (two[0], reported(MENTOR, 24, given=26, source="mentor"))
    assert f"-{line}" in asked(due_on(27, engaged(said=corrected, rows={f"P-0001/{line}": True})))


def test_two_dates_far_apart_or_of_one_side_or_of_both_are_shown_to_nobody() -> None:
    far = (reported(MENTEE, 35), reported(MENTOR, 20))
    same = (reported(MENTEE, 24), reported(MENTEE, 20))
    both = (reported(MENTEE, 24), reported(MENTOR, 24), reported(MENTOR, 20))

    for said in (far, same, both):
        assert [one for one in asked(due_on(36, engaged(said=said))) if "dates" in one] == []


def test_a_report_given_twice_is_one_session() -> None:
    assert sessions(30, reported(MENTEE, 20), reported(MENTEE, 20, given=25)) == [on(20)]


def test_reports_come_in_any_order() -> None:
    said = (reported(MENTEE, 8, given=50), reported(MENTOR, 38), reported(MENTEE, 38, given=39, next=70))

    for order in permutations(said):
        assert sessions(60, *order) == [on(8), on(38)]
        assert next_on(60, *order) == on(70)


def test_a_meeting_that_one_says_held_is_held_and_the_coordinator_is_shown_the_doubt() -> None:
    said = (reported(MENTEE, 20), called_off(MENTOR, 20, given=21))

    assert sessions(22, *said) == [on(20)]
    assert f"+disputed/{on(20)}" in asked(due_on(22, engaged(said=said)))


def test_a_line_about_a_doubt_closes_when_the_two_agree() -> None:
    said = (reported(MENTEE, 20), reported(MENTOR, 20, given=23))
    rows = {f"P-0001/disputed/{on(20)}": True}

    assert f"-disputed/{on(20)}" in asked(due_on(24, engaged(said=said, rows=rows)))


def test_meetings_that_did_not_take_place_are_counted_once_their_day_has_come() -> None:
    said = (called_off(MENTEE, 20, given=21), called_off(MENTOR, 60, given=50))

    assert [life(day, *said).missed for day in (22, 59, 60)] == [1, 1, 2]


def test_a_session_before_the_introduction_or_still_to_come_is_none() -> None:
    assert sessions(30, reported(MENTEE, -3, given=1), reported(MENTOR, 40, given=25)) == []
    assert sessions(30, reported(MENTEE, 0)) == [on(0)]


def test_a_first_session_on_the_day_of_the_introduction_counts() -> None:
    assert sessions(1, reported(MENTOR, 0)) == [on(0)]


def test_the_next_date_is_the_last_one_said() -> None:
    said = (reported(MENTEE, 20, next=50), reported(MENTOR, 20, given=22, next=55))

    assert next_on(30, *said) == on(55)


def test_an_edit_counts() -> None:
    assert next_on(30, reported(MENTEE, 20, given=23, next=60, source="edited")) == on(60)


def test_a_next_date_is_known_until_its_day_is_over() -> None:
    said = reported(MENTEE, 20, next=50)

    assert [next_on(day, said) for day in (49, 50, 51)] == [on(50), on(50), None]


def test_a_late_report_does_not_take_back_what_was_agreed_on_since() -> None:
    said = (reported(MENTOR, 38, next=70), reported(MENTEE, 8, given=39, next=45))

    assert next_on(40, *said) == on(70)


def test_correcting_an_old_report_does_not_take_back_what_was_agreed_on_since() -> None:
    said = (reported(MENTOR, 38, next=70), reported(MENTEE, 8, given=45, next=38))

    assert next_on(46, *said) == on(70)


def test_who_says_the_date_alone_leaves_the_time_the_place_and_the_theme_as_they_were() -> None:
    said = (
        reported(MENTEE, 20, next=50, next_at=time(18, 30), next_way=Way.VIDEO, next_theme="confidence"),
        reported(MENTOR, 20, given=22, next=50),
    )
    found = life(30, *said).next

    assert found is not None
    assert (found.at, found.way, found.theme, found.said_by) == (
        time(18, 30),
        Way.VIDEO,
        "confidence",
        MENTEE,
    )


def test_a_meeting_called_off_has_no_date_any_more() -> None:
    said = (reported(MENTEE, 20, next=50), called_off(MENTOR, 50, given=45))

    assert next_on(46, *said) is None


@pytest.mark.parametrize("given", [45, 50.4])
def test_a_meeting_put_off_by_a_day_or_two_has_its_new_date(given: float) -> None:
    said = (reported(MENTEE, 20, next=50), called_off(MENTOR, 50, given=given, next=52))

    assert next_on(50.5, *said) == on(52)
    assert next_on(51, *said, called_off(MENTEE, 50, given=50.8)) == on(52)


def test_a_meeting_held_a_day_early_is_over() -> None:
    said = (reported(MENTEE, 20, next=50), reported(MENTOR, 49))

    assert next_on(49.5, *said) is None


def test_a_meeting_called_off_then_agreed_on_anew_has_its_date() -> None:
    said = (
        reported(MENTEE, 20, next=50),
        called_off(MENTOR, 50, given=40),
        reported(MENTEE, None, given=42, held=Held.PLANNED, next=50),
    )

    assert next_on(45, *said) == on(50)


def test_repeating_an_old_report_does_not_bring_back_a_meeting_called_off_since() -> None:
    said = (
        reported(MENTEE, 20, next=50),
        called_off(MENTOR, 50, given=40),
        reported(MENTOR, 20, given=42, next=50),
    )

    assert next_on(45, *said) is None


def test_a_meeting_put_off_by_two_days_is_reported_by_whoever_was_there_and_is_one_session() -> None:
    missed = called_off(MENTOR, 50, given=50.4, next=52)
    sent = gone((f"session-report/{on(50)}/mentee", 51))
    case = engaged(said=(reported(MENTEE, 20, next=50), reported(MENTOR, 20), missed), sent=sent)

    assert of("session-report", 53, case) == [f"{on(52)}/mentee", f"{on(52)}/mentor"]
    assert sessions(54, *case.said, reported(MENTEE, 52)) == [on(20), on(52)]


def test_nobody_is_asked_about_a_meeting_that_was_called_off_before_its_day() -> None:
    case = engaged(
        said=(reported(MENTEE, 20, next=50), reported(MENTOR, 20), called_off(MENTOR, 50, given=45))
    )

    assert of("session-report", 51, case) == []


def test_the_other_is_asked_about_a_meeting_that_one_said_was_missed() -> None:
    case = engaged(
        said=(reported(MENTEE, 20, next=50), reported(MENTOR, 20), called_off(MENTOR, 50, given=50.4))
    )

    assert of("session-report", 51, case) == [f"{on(50)}/mentee"]


def test_a_meeting_is_asked_about_under_one_date_though_the_other_gave_another() -> None:
    sent = gone((f"session-report/{on(50)}/mentee", 51), (f"session-report/{on(50)}/mentor", 51))
    case = engaged(
        said=(reported(MENTEE, 20, next=50), reported(MENTOR, 20), reported(MENTOR, 51)), sent=sent
    )

    assert of("session-report", 53, case) == []
    assert of("session-report-reminder", 56.5, case) == [f"{on(50)}/mentee"]


def test_two_meetings_within_a_week_are_asked_about_apart() -> None:
    sent = gone((f"session-report/{on(20)}/mentor", 21))
    case = engaged(said=(reported(MENTEE, 20), reported(MENTEE, 25)), sent=sent)

    assert of("session-report", 26, case) == [f"{on(25)}/mentor"]
