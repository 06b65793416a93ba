"""Days as people write them: every day of the window, in every way, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ponts_flows.mail.received.meaning.days import (
    IMPOSSIBLE,
    NEXT_OR_THE_ONE_AFTER,
    TOO_FAR,
    VAGUE,
    WINDOW,
    WRONG_WEEKDAY,
    Around,
    Day,
    day,
    marked,
)
from ponts_flows.mail.received.meaning.spelling import spelled

MOIS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
MONTHS = "January February March April May June July August September October November December".split()
JOURS = "lundi mardi mercredi jeudi vendredi samedi dimanche".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
THURSDAY = date(2026, 3, 19)


def french(d: date) -> str:
    return f"{'1er' if d.day == 1 else d.day} {MOIS[d.month - 1]}"


def ordinal(d: date) -> str:
    ending = "th" if 10 < d.day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(d.day % 10, "th")
    return f"{d.day}{ending}"


WAYS: dict[str, Callable[[date], str]] = {
    "le 12 mars": lambda d: f"le {french(d)}",
    "12 mars": french,
    "12 MARS": lambda d: french(d).upper(),
    "jeudi 12 mars": lambda d: f"{JOURS[d.weekday()]} {french(d)}",
    "le jeudi 12 mars 2026": lambda d: f"le {JOURS[d.weekday()]} {french(d)} {d.year}",
    "12 mars à 18h30": lambda d: f"{french(d)} à 18h30",
    "le 12 mars au soir": lambda d: f"le {french(d)} au soir",
    "12/03": lambda d: f"{d:%d/%m}",
    "12/3": lambda d: f"{d.day}/{d.month}",
    "12/3/26": lambda d: f"{d.day}/{d.month}/{d:%y}",
    "12/03/2026": lambda d: f"{d:%d/%m/%Y}",
    "jeudi 12/03": lambda d: f"{JOURS[d.weekday()]} {d:%d/%m}",
    "12.03.2026": lambda d: f"{d:%d.%m.%Y}",
    "12-03-2026": lambda d: f"{d:%d-%m-%Y}",
    "2026-03-12": lambda d: d.isoformat(),
    "March 12": lambda d: f"{MONTHS[d.month - 1]} {d.day}",
    "March 12th, 2026": lambda d: f"{MONTHS[d.month - 1]} {ordinal(d)}, {d.year}",
    "12 March": lambda d: f"{d.day} {MONTHS[d.month - 1]}",
    "the 12th of March": lambda d: f"the {ordinal(d)} of {MONTHS[d.month - 1]}",
    "Thursday, March 12": lambda d: f"{DAYS[d.weekday()]}, {MONTHS[d.month - 1]} {d.day}",
    "Thursday 12 March 2026": lambda d: f"{DAYS[d.weekday()]} {d.day} {MONTHS[d.month - 1]} {d.year}",
    "on Mar 12 at 6pm": lambda d: f"on {MONTHS[d.month - 1][:3]} {d.day} at 6pm",
    "12 Mar": lambda d: f"{d.day} {MONTHS[d.month - 1][:3]}",
}
days_of_writing = st.dates(min_value=date(2024, 1, 1), max_value=date(2031, 12, 31))


@pytest.mark.parametrize("way", WAYS)
@given(on=days_of_writing, away=st.integers(min_value=-WINDOW, max_value=WINDOW))
def test_every_day_of_the_window_is_read_back_however_it_is_written(way: str, on: date, away: int) -> None:
    meant = on + timedelta(days=away)
    found = day(spelled(WAYS[way](meant)), on=on)
    assert found is not None
    assert (found.past, found.future, found.fault) == (
        meant if away <= 0 else None,
        meant if away >= 0 else None,
        "",
    )


@given(on=days_of_writing, n=st.integers(min_value=2, max_value=60).filter(lambda n: n not in {8, 15}))
def test_days_counted_from_today_are_counted(on: date, n: int) -> None:
    past, future = on - timedelta(days=n), on + timedelta(days=n)
    assert {told(text.format(n=n), on) for text in ("il y a {n} jours", "{n} days ago")} == {(past, None)}
    assert {told(text.format(n=n), on) for text in ("dans {n} jours", "in {n} days")} == {(None, future)}


@given(on=days_of_writing, away=st.integers(min_value=1, max_value=6))
def test_a_weekday_is_the_last_or_the_next_one(on: date, away: int) -> None:
    past, future = on - timedelta(days=away), on + timedelta(days=7 - away)
    for names, last in ((JOURS, "{} dernier"), (DAYS, "last {}")):
        name = names[past.weekday()]
        assert told(name, on) == (past, future)
        assert told(last.format(name), on) == (past, None)


def told(text: str, on: date = THURSDAY) -> tuple[date | None, date | None] | str | None:
    found = day(spelled(text), on=on)
    return None if found is None else found.fault or (found.past, found.future)


def at(n: int) -> date:
    return THURSDAY + timedelta(days=n)


@pytest.mark.parametrize(
    ("text", "past", "future"),
    [
        ("hier", at(-1), None),
        ("hier soir", at(-1), None),
        ("avant-hier", at(-2), None),
        ("aujourd’hui", at(0), at(0)),
        ("ce matin", at(0), None),
        ("ce soir", None, at(0)),
        ("tout à l'heure", at(0), at(0)),
        ("demain à 8 h", None, at(1)),
        ("après-demain", None, at(2)),
        ("yesterday evening", at(-1), None),
        ("the day before yesterday", at(-2), None),
        ("this morning at 9", at(0), None),
        ("tomorrow at noon", None, at(1)),
        ("the day after tomorrow", None, at(2)),
        ("il y a deux semaines", at(-14), None),
        ("two weeks ago", at(-14), None),
        ("a week ago", at(-7), None),
        ("dans dix jours", None, at(10)),
        ("in two weeks' time", None, at(14)),
        ("mardi dernier", at(-2), None),
        ("last Tuesday", at(-2), None),
        ("mardi prochain", None, at(5)),
        ("next Tuesday", None, at(5)),
        ("jeudi dernier", at(-7), None),
        ("this coming Saturday", None, at(2)),
        ("mardi de la semaine dernière", at(-9), None),
        ("vendredi de la semaine prochaine", None, at(8)),
        ("next week on Friday", None, at(8)),
        ("mardi soir", at(-2), at(5)),
        ("le 12", at(-7), date(2026, 4, 12)),
        ("the 12th", at(-7), date(2026, 4, 12)),
        ("mardi 17", at(-2), None),
        ("Tuesday the 14th", None, date(2026, 4, 14)),
        ("le 12 du mois dernier", date(2026, 2, 12), None),
        ("le douze mars", at(-7), None),
        ("le vingt-deux avril", None, date(2026, 4, 22)),
        ("premier avril", None, date(2026, 4, 1)),
        ("le 9 avr. à 18 h 30", None, date(2026, 4, 9)),
        ("12 sept", None, None),
    ],
)
def test_days_in_other_words(text: str, past: date | None, future: date | None) -> None:
    assert told(text) == (TOO_FAR if text == "12 sept" else (past, future))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("31 avril", IMPOSSIBLE),
        ("30/02", IMPOSSIBLE),
        ("le 32", IMPOSSIBLE),
        ("mardi 12 mars", WRONG_WEEKDAY),
        ("mardi 18", WRONG_WEEKDAY),
        ("12 mars 2025", TOO_FAR),
        ("14 août", TOO_FAR),
        ("il y a quinze jours", VAGUE),
        ("dans huit jours", VAGUE),
        ("mardi en huit", VAGUE),
        ("le mardi", VAGUE),
        ("vendredi prochain", NEXT_OR_THE_ONE_AFTER),
        ("next Friday", NEXT_OR_THE_ONE_AFTER),
    ],
)
def test_days_that_can_t_be_relied_on_say_why(text: str, fault: str) -> None:
    assert told(text) == fault


def test_a_weekday_that_is_today_s_and_today_s_number_are_neither_past_nor_to_come() -> None:
    assert told("jeudi") == (None, None)
    assert told("le 19") == (None, None)


@pytest.mark.parametrize(
    "text", ["", "oui", "je", "mars", "12", "le 2e rendez-vous", "the 1st meeting", "le 12 et le 13"]
)
def test_what_is_no_day_or_more_than_one_is_not_read_as_one(text: str) -> None:
    assert told(text) is None


def test_hours_are_understood_and_leave_the_day_alone() -> None:
    around = Around(on=THURSDAY)
    for text in ("le 9 avril de 10h à 12h", "le 9 avril 10h-12h", "le 9 avril à 18 h", "April 9, 6:30 pm"):
        line, days = marked(spelled(text), around)
        assert (line.replace(",", "").split()[0], days[0].future) == ("@0", date(2026, 4, 9))
    assert marked("le 10 a 12 h", around) == (
        "@0 #",
        [Day(words="le 10", past=date(2026, 3, 10), future=date(2026, 4, 10))],
    )
