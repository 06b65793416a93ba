"""Dates as people and spreadsheets write them: day first, months in words, serial numbers, ISO.

What can't be told for sure is a `DateFault`, never a guess: a mentor's ten years more hang on it.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from ponts_flows.forms.folding import folded, nearest
from ponts_flows.model import YearMonth

EARLIEST_YEAR = 1940
_SERIAL_ORIGIN = datetime(1899, 12, 30)  # noqa: DTZ001 (a spreadsheet's day 0 has no time zone)
_SERIALS = range(10_000, 100_000)  # 1927 to 2173: no year is written with five digits

_MONTHS = (
    ("janvier", "january"),
    ("fevrier", "february"),
    ("mars", "march"),
    ("avril", "april"),
    ("mai", "may"),
    ("juin", "june"),
    ("juillet", "july"),
    ("aout", "august"),
    ("septembre", "september"),
    ("octobre", "october"),
    ("novembre", "november"),
    ("decembre", "december"),
)
_NUMBER_OF = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}
# Words around a date that change nothing: "depuis le 1er septembre 2012", "since September 1st, 2012".
_FILLERS = frozenset(
    {"en", "depuis", "debut", "le", "de", "du", "mois", "er"}
    | {"since", "in", "on", "from", "the", "of", "start", "st", "nd", "rd", "th"}
)
_WEEKDAYS = (
    ("lundi", "monday"),
    ("mardi", "tuesday"),
    ("mercredi", "wednesday"),
    ("jeudi", "thursday"),
    ("vendredi", "friday"),
    ("samedi", "saturday"),
    ("dimanche", "sunday"),
)
_WEEKDAY_OF = {name: number for number, names in enumerate(_WEEKDAYS) for name in names}
_WEEKDAY = re.compile(rf"(?:le |on )?({'|'.join(_WEEKDAY_OF)})\b,?", re.IGNORECASE)
_SHORT_YEAR = re.compile(r"^(\D*\d{1,2}\D\d{1,2}\D)(\d\d)$")
_REMARK = re.compile(r"\([^)]*\)")
_TIME = re.compile(r"[T ]\s*\d{1,2}:\d{2}.*$")
_TOKENS = re.compile(r"\d+|[^\W\d]+")
_STAMP = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:[ T,]+(?:à +)?(\d{1,2})[:h](\d{2})(?::(\d{2}))?)?")


class DateFault(StrEnum):
    """Why a date can't be used."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    NO_MONTH = "no_month"
    IMPOSSIBLE = "impossible"
    FUTURE = "future"
    TOO_EARLY = "too_early"


def career_start(text: str, *, today: date) -> YearMonth | DateFault:
    """The month a career started: `05/2016`, `avril 2021`, `2018-09`, `01/09/2015`, `sept. 2012`, `May 2012`…

    Between 1940 and this month. A start long before graduation is fine: people study again.
    """
    said = _said(text)
    if isinstance(said, DateFault):
        return said
    year, month, _ = said
    if month is None:
        return DateFault.NO_MONTH
    if year < EARLIEST_YEAR:
        return DateFault.TOO_EARLY
    start = YearMonth(year=year, month=month)
    return DateFault.FUTURE if start > YearMonth.of(today) else start


def last_day(cell: str | float) -> date | DateFault:
    """The last day of validity: `31/12/2026`, `31/12/26`, `2026-12-31`, a serial number, a month, a year."""
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    said = _said(_SHORT_YEAR.sub(r"\g<1>20\2", text.strip()))
    if isinstance(said, DateFault):
        return said
    year, month, day = said
    month = month or 12
    return date(year, month, day or monthrange(year, month)[1])


def full_date(text: str) -> date | DateFault:
    """A day of a month of a year: `12/03/2027`, `12/03/27`, `lundi 12 mars 2027`, `2027-03-12`, a serial number.

    One that falls on another day of the week than the one written is unreadable: either may be the slip.
    """
    text = text.strip()
    named = _WEEKDAY.match(text)
    said = _said(_SHORT_YEAR.sub(r"\g<1>20\2", text[named.end() :].strip() if named else text))
    if isinstance(said, DateFault):
        return DateFault.UNREADABLE if text and said is DateFault.MISSING else said
    year, month, day = said
    if month is None or day is None:
        return DateFault.UNREADABLE
    found = date(year, month, day)
    right = named is None or _WEEKDAY_OF[named[1].lower()] == found.weekday()
    return found if right else DateFault.UNREADABLE


def instant(cell: str | float, *, zone: str) -> datetime | None:
    """The moment, in UTC, of a response sheet's time stamp; None when there is none to read.

    Day first or ISO, or a serial number; in the zone's time unless it says otherwise. Of an hour that the end
    of summer time makes twice, the first.
    """
    local = _serial_moment(cell) if isinstance(cell, int | float) else _written_moment(cell.strip())
    if local is None:
        return None
    return (local if local.tzinfo else local.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


@lru_cache(maxsize=4096)  # a career starts in one of a few hundred months
def _said(text: str) -> tuple[int, int | None, int | None] | DateFault:
    """Year, month and day as far as a text tells them."""
    bare = _TIME.sub("", _REMARK.sub(" ", text).strip())
    bare = re.sub(r"^(\d{5})\.\d+$", r"\1", bare)
    tokens = [token for token in _TOKENS.findall(folded(bare)) if token not in _FILLERS]
    if not tokens:
        return DateFault.MISSING if not text.strip() else DateFault.UNREADABLE
    if len(tokens) == 1 and len(tokens[0]) == 5 and tokens[0].isdecimal() and int(tokens[0]) in _SERIALS:
        day = _SERIAL_ORIGIN + timedelta(days=int(tokens[0]))
        return day.year, day.month, day.day
    return _ordered(tokens)


def _ordered(tokens: list[str]) -> tuple[int, int | None, int | None] | DateFault:
    """Which token is the year, which the month: the year has four digits, a day comes before its month."""
    years = [token for token in tokens if token.isdecimal() and len(token) == 4]
    if len(years) != 1 or len(tokens) > 3:
        return DateFault.UNREADABLE
    year_first = tokens[0] == years[0]
    rest = [token for token in tokens if token != years[0]]
    words = [token for token in rest if not token.isdecimal()]
    numbers = [int(token) for token in rest if token.isdecimal() and len(token) <= 2]
    if (
        len(words) + len(numbers) != len(rest)
        or len(words) > 1
        or tokens.index(years[0]) not in (0, len(rest))
    ):
        return DateFault.UNREADABLE
    if words:
        named = _month_named(words[0])
        return DateFault.UNREADABLE if named is None else _checked(int(years[0]), named, *numbers)
    ordered = numbers if year_first else numbers[::-1]
    return _checked(int(years[0]), *ordered)


def _month_named(word: str) -> int | None:
    """The month of a name, an abbreviation of three letters or more, a name with a slip; None when unsure."""
    starts = (
        {number for name, number in _NUMBER_OF.items() if name.startswith(word)} if len(word) >= 3 else set()
    )
    if len(starts) == 1:
        return starts.pop()
    slip = nearest(word, _NUMBER_OF)
    return _NUMBER_OF[slip] if slip else None


def _checked(
    year: int, month: int | None = None, day: int | None = None
) -> tuple[int, int | None, int | None] | DateFault:
    if month is None:
        return year, None, None
    try:
        date(year, month, 1 if day is None else day)
    except ValueError:
        return DateFault.IMPOSSIBLE
    return year, month, day


def _serial_moment(serial: float) -> datetime | None:
    if isinstance(serial, bool) or int(serial) not in _SERIALS:
        return None
    return _SERIAL_ORIGIN + timedelta(seconds=round(serial * 86_400))


def _written_moment(text: str) -> datetime | None:
    try:
        if stamp := _STAMP.fullmatch(text):
            day, month, year, hour, minute, second = (int(part or 0) for part in stamp.groups())
            return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 (its zone is the caller's)
        if re.fullmatch(r"\d{5}(\.\d+)?", text):
            return _serial_moment(float(text))
        return datetime.fromisoformat(text)
    except ValueError:
        return None
