"""Working days and the hours at which mail may leave."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from ponts_flows.programme import Programme


@cache
def _holidays(country: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=year))


def is_working_day(day: date, programme: Programme) -> bool:
    """Monday to Friday, public holidays of the programme's country excluded."""
    return day.weekday() < 5 and day not in _holidays(programme.country, day.year)


def local(moment: datetime, programme: Programme) -> datetime:
    """A moment on the programme's own clock."""
    return moment.astimezone(ZoneInfo(programme.time_zone))


def add_working_days(moment: datetime, days: int, programme: Programme) -> datetime:
    """The same hour, so many working days later, on the programme's clock."""
    start = local(moment, programme)
    day = start.date()
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day, programme)
    return datetime.combine(day, start.timetz())


def add_days(moment: datetime, days: int, programme: Programme) -> datetime:
    """The same hour on the programme's clock, so many days later, whatever summer time does."""
    start = local(moment, programme)
    return datetime.combine(start.date() + timedelta(days=days), start.timetz())


def months_before(moment: datetime, months: int, programme: Programme) -> datetime:
    """The same hour on the programme's clock, so many months earlier; the last day of a month that is shorter."""
    start = local(moment, programme)
    year, month = divmod(start.year * 12 + start.month - 1 - months, 12)
    day = min(start.day, monthrange(year, month + 1)[1])
    return datetime.combine(date(year, month + 1, day), start.timetz())


def in_sending_window(moment: datetime, programme: Programme) -> bool:
    """Whether planned mail may leave now."""
    at = local(moment, programme)
    return is_working_day(at.date(), programme) and programme.opens_at <= at.hour < programme.closes_at


def next_opening(moment: datetime, programme: Programme) -> datetime:
    """The first moment, now or later, at which planned mail may leave."""
    if in_sending_window(moment, programme):
        return moment
    at = local(moment, programme)
    day = at.date() if at.hour < programme.opens_at else at.date() + timedelta(days=1)
    while not is_working_day(day, programme):
        day += timedelta(days=1)
    return datetime.combine(day, time(programme.opens_at), tzinfo=ZoneInfo(programme.time_zone))
