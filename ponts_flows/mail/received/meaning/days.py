"""Days in people's words, French or English, seen from the day on which they were written.

A day is given both ways: what it is if it has come, and what it is if it is to come; the sentence around it tells
which. What may be two days is neither.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from ponts_flows.mail.received.meaning import day_words as said

WINDOW = 120
"""How many days before and after an answer a meeting may be: further is a slip, or needs a person."""

IMPOSSIBLE = "une date qui n’existe pas"
TOO_FAR = "une date trop lointaine"
WRONG_WEEKDAY = "un jour de la semaine et une date qui ne vont pas ensemble"
VAGUE = "une date vague"
MONTH_FIRST = "une date en chiffres qui peut se lire de deux façons"
NEXT_OR_THE_ONE_AFTER = "un jour de cette semaine, ou de la suivante"


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day as it was told. `fault`, in French, says why it can't be relied on."""

    words: str
    past: date | None = None
    future: date | None = None
    fault: str = ""


@dataclass(frozen=True, kw_only=True)
class Around:
    """The day of writing, and how far back and ahead of it a day may be."""

    on: date
    back: int = WINDOW
    ahead: int = WINDOW
    month_first: bool = False
    """Whether the writer may put the month first, in figures: 4/3 is then told by its place in the window alone."""

    def holds(self, day: date) -> bool:
        return -self.back <= (day - self.on).days <= self.ahead

    def placed(self, words: str, day: date) -> Day:
        """A day known in itself, on its side of today."""
        if not self.holds(day):
            return Day(words=words, fault=TOO_FAR)
        return Day(words=words, past=day if day <= self.on else None, future=day if day >= self.on else None)


_Read = Callable[[re.Match[str], Around], Day]


def marked(words: str, around: Around) -> tuple[str, list[Day]]:
    """Put `@0`, `@1`… in the place of each day and `#` in that of each hour; give the days in that order.

    `words` is folded, one blank between. A day told as a limit or as an end of a span is marked like any other.
    """
    days: list[Day] = []
    if not said.HINT.search(words):
        return words, days
    for pattern, read in _READERS:
        words = pattern.sub(partial(_put, days, read, around) if read else "#", words)
    return words, days


def _put(days: list[Day], read: _Read, around: Around, match: re.Match[str]) -> str:
    days.append(read(match, around))
    return f"@{len(days) - 1}"


def day(words: str, *, on: date) -> Day | None:
    """The one day that folded words tell, at whatever hour; None when they say something else, or more."""
    left, days = marked(words, Around(on=on))
    return days[0] if left.replace("#", "").strip() == "@0" else None


def _dated(match: re.Match[str], around: Around) -> Day:
    told = match.groupdict()
    month = said.MONTH_OF.get(told["month"]) or int(told["month"])
    found = _of_the_year(around, month, _number(told["day"]), told.get("year"))
    if found is None:
        return Day(words=match[0], fault=IMPOSSIBLE)
    week = told.get("week")
    if week and said.WEEKDAY_OF[week] != found.weekday():
        return Day(words=match[0], fault=WRONG_WEEKDAY)
    return _turned(around.placed(match[0], found), told.get("turn"))


def _in_figures(match: re.Match[str], around: Around) -> Day:
    """A day in figures, day first; where the writer may have put the month first and either is near, neither."""
    told = match.groupdict()
    if around.month_first and told["day"] != told["month"] and not told.get("week"):
        other = _of_the_year(around, int(told["day"]), int(told["month"]), told.get("year"))
        if other and around.holds(other):
            return Day(words=match[0], fault=MONTH_FIRST)
    return _dated(match, around)


def _of_the_year(around: Around, month: int, day: int, year: str | None) -> date | None:
    """A day of a month: of the year told, or else of the year that brings it in reach, or nearest."""
    if year:
        return _valid(int(year) + (2000 if len(year) == 2 else 0), month, day)
    years = range(around.on.year - 1, around.on.year + 2)
    found = [valid for y in years if (valid := _valid(y, month, day))]
    return min(found, key=lambda day: (not around.holds(day), abs((day - around.on).days)), default=None)


def _of_a_month(match: re.Match[str], around: Around) -> Day:
    """`le 12`: the last one that came, the next to come. Today's number without more may be neither."""
    number, week, of, on = _number(match["day"]), match["week"], match["of"], around.on
    if not 1 <= number <= 31:
        return Day(words=match[0], fault=IMPOSSIBLE)
    if number == on.day and not of and not week:
        return Day(words=match[0])
    reach = 62 if of else 31
    near = (on + timedelta(days=n) for n in range(-reach, reach + 1))
    found = [
        day for day in near if day.day == number and (not week or day.weekday() == said.WEEKDAY_OF[week])
    ]
    if of:
        month = on.year * 12 + on.month + _shift(of)
        found = [day for day in found if day.year * 12 + day.month == month]
    if not found:
        return Day(words=match[0], fault=WRONG_WEEKDAY if week else IMPOSSIBLE)
    past = max((day for day in found if day <= on), default=None)
    future = min((day for day in found if day >= on), default=None)
    return _turned(Day(words=match[0], past=past, future=future), match["turn"])


def _weekday(match: re.Match[str], around: Around) -> Day:
    on, wanted, before = around.on, said.WEEKDAY_OF[match["week"]], match["before"] or ""
    whole, turn = match["whole"] or match["ahead"], match["turn"]
    if match["later"] or (before in _ANY and not (turn or whole)):
        return Day(words=match[0], fault=VAGUE)
    if whole:
        return around.placed(match[0], on + timedelta(days=wanted - on.weekday() + 7 * _shift(whole)))
    turn = turn or _TURN_BEFORE.get(before)
    if turn and _shift(turn) > 0 and wanted > on.weekday() and before not in {"this coming", "a"}:
        return Day(words=match[0], fault=NEXT_OR_THE_ONE_AFTER)
    back = (on.weekday() - wanted) % 7 or 7
    past, future = on - timedelta(days=back), on + timedelta(days=7 - back or 7)
    if back == 7 and not turn:
        return Day(words=match[0])
    return _turned(Day(words=match[0], past=past, future=future), turn)


def _counted(match: re.Match[str], around: Around) -> Day:
    """`il y a deux semaines`: to the day. "Quinze jours" are two weeks more or less, and a month is vaguer."""
    number = match["n"] or match["n2"]
    count = int(number) if number.isdecimal() else 1
    weeks = "sem" in match[0] or "week" in match[0]
    if (count in {8, 15} and not weeks) or (count > 4 and weeks):
        return Day(words=match[0], fault=VAGUE)
    ahead = match[0].startswith(("dans ", "in "))
    return around.placed(
        match[0], around.on + timedelta(days=count * (7 if weeks else 1) * (1 if ahead else -1))
    )


def _near(match: re.Match[str], around: Around) -> Day:
    past, future = said.NEAR[match["near"]]
    return Day(
        words=match[0],
        past=None if past is None else around.on + timedelta(days=past),
        future=None if future is None else around.on + timedelta(days=future),
    )


_ANY = frozenset({"le", "un", "chaque", "every", "tous les"})
_TURN_BEFORE = {
    "last": "last",
    "past": "last",
    "this past": "last",
    "next": "next",
    "coming": "next",
    "this coming": "next",
    "a": "next",
    "le prochain": "next",
}
_BACK = ("dernier", "passe", "last", "past")
_AHEAD = ("prochain", "qui vient", "next")


def _shift(words: str) -> int:
    """-1 for the last one, 1 for the next one, 0 for this one."""
    return -any(word in words for word in _BACK) or int(any(word in words for word in _AHEAD))


def _turned(day: Day, turn: str | None) -> Day:
    """Of both readings the one that `dernier` or `prochain` leaves."""
    if not turn or day.fault:
        return day
    return replace(day, future=None) if _shift(turn) < 0 else replace(day, past=None)


def _number(day: str) -> int:
    return 1 if day in {"premier", "first"} else int(day)


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


# In this order: what is longer or surer comes first, and leaves nothing to misread.
_READERS: tuple[tuple[re.Pattern[str], _Read | None], ...] = (
    (said.COUNTED, _counted),
    (said.WORD, _near),
    (said.CLOCK, None),
    *((pattern, _in_figures) for pattern in said.NUMERIC),
    *((pattern, _dated) for pattern in said.WRITTEN),
    *((pattern, _of_a_month) for pattern in said.OF_A_MONTH),
    (said.WEEKDAY, _weekday),
)
