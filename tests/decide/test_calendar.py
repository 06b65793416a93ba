"""Working days, French holidays, and the hours at which mail may leave."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from ponts_flows.decide.calendar import (
    add_days,
    add_working_days,
    in_sending_window,
    is_working_day,
    next_opening,
)
from ponts_flows.programme import Programme

PARIS = ZoneInfo("Europe/Paris")
PROGRAMME = Programme()
moments = st.datetimes(min_value=datetime(2024, 1, 1), max_value=datetime(2030, 1, 1)).map(
    lambda m: m.replace(tzinfo=UTC)
)


def test_a_weekend_and_a_holiday_are_not_working_days() -> None:
    # Wednesday 11 November 2026 is the Armistice; four working days after Monday 9 are 10, 12, 13, 16.
    monday = datetime(2026, 11, 9, 10, tzinfo=PARIS)

    assert add_working_days(monday, 4, PROGRAMME) == datetime(2026, 11, 16, 10, tzinfo=PARIS)


def test_days_keep_their_hour_across_the_end_of_summer_time() -> None:
    before = datetime(2026, 10, 24, 9, tzinfo=PARIS)

    assert add_days(before, 2, PROGRAMME) == datetime(2026, 10, 26, 9, tzinfo=PARIS)


def test_mail_leaves_from_eight_to_nineteen_paris_time() -> None:
    monday = datetime(2026, 11, 16, tzinfo=PARIS)

    open_hours = [hour for hour in range(24) if in_sending_window(monday + timedelta(hours=hour), PROGRAMME)]

    assert open_hours == list(range(8, 19))


@given(moments)
def test_the_next_opening_is_open_and_nothing_before_it_is(moment: datetime) -> None:
    opening = next_opening(moment, PROGRAMME)

    assert opening >= moment
    assert in_sending_window(opening, PROGRAMME)
    assert opening == moment or not in_sending_window(opening - timedelta(minutes=1), PROGRAMME)


@given(moments, st.integers(min_value=1, max_value=30))
def test_so_many_working_days_later_counts_exactly_the_working_days_in_between(
    moment: datetime, days: int
) -> None:
    start = moment.astimezone(PARIS)

    end = add_working_days(moment, days, PROGRAMME)

    between = [start.date() + timedelta(days=n) for n in range(1, (end.date() - start.date()).days + 1)]
    assert sum(is_working_day(day, PROGRAMME) for day in between) == days
    assert is_working_day(end.date(), PROGRAMME)
