"""Dates as people and spreadsheets write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ponts_flows.forms.dates import DateFault, career_start, full_date, instant, last_day
from ponts_flows.model import YearMonth

TODAY = date(2026, 11, 16)
PARIS = "Europe/Paris"
FRENCH = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("05/2016", "2016-05"),
        ("5/2016", "2016-05"),
        ("05-2016", "2016-05"),
        ("05.2016", "2016-05"),
        ("2016/05", "2016-05"),
        ("Avril 2021", "2021-04"),
        ("avril 2021", "2021-04"),
        ("AOUT 2014", "2014-08"),
        ("août 2014", "2014-08"),
        ("2018-09", "2018-09"),
        ("2018-09-01", "2018-09"),
        ("2018-09-01T00:00:00", "2018-09"),
        ("01/09/2015", "2015-09"),
        ("1er septembre 2012", "2012-09"),
        ("sept. 2012", "2012-09"),
        ("September 2012", "2012-09"),
        ("September 1st, 2012", "2012-09"),
        ("since May 2009", "2009-05"),
        ("depuis mars 2014 (CDI)", "2014-03"),
        ("septmbre 2012", "2012-09"),
        ("  novembre   2026 ", "2026-11"),
        ("42248", "2015-09"),
        ("42248.0", "2015-09"),
        ("01/1940", "1940-01"),
    ],
)
def test_a_start_of_career_is_read_in_every_shape_people_use(text: str, expected: str) -> None:
    assert career_start(text, today=TODAY) == YearMonth.parse(expected)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", DateFault.MISSING),
        ("   ", DateFault.MISSING),
        ("il y a longtemps", DateFault.UNREADABLE),
        ("jui 2010", DateFault.UNREADABLE),
        ("09/15", DateFault.UNREADABLE),
        ("01/09/15", DateFault.UNREADABLE),
        ("2015 ou 2016", DateFault.UNREADABLE),
        ("septembre", DateFault.UNREADABLE),
        ("fin 2012", DateFault.UNREADABLE),
        ("2015", DateFault.NO_MONTH),
        ("en 2015", DateFault.NO_MONTH),
        ("13/2015", DateFault.IMPOSSIBLE),
        ("00/2015", DateFault.IMPOSSIBLE),
        ("2015-13", DateFault.IMPOSSIBLE),
        ("31/02/2015", DateFault.IMPOSSIBLE),
        ("09/15/2015", DateFault.IMPOSSIBLE),
        ("09/2062", DateFault.FUTURE),
        ("12/2026", DateFault.FUTURE),
        ("12/1939", DateFault.TOO_EARLY),
    ],
)
def test_a_start_of_career_that_cannot_be_told_is_a_fault_and_never_a_guess(
    text: str, fault: DateFault
) -> None:
    assert career_start(text, today=TODAY) is fault


@given(day=st.dates(min_value=date(1940, 1, 1), max_value=TODAY))
def test_every_month_written_any_way_is_read_back(day: date) -> None:
    month = YearMonth.of(day)
    serial = (day - date(1899, 12, 30)).days
    ways = [
        f"{day:%m/%Y}",
        f"{day:%d/%m/%Y}",
        f"{day:%Y-%m}",
        day.isoformat(),
        f"{FRENCH[day.month - 1]} {day.year}",
        f"{day.day} {FRENCH[day.month - 1].upper()} {day.year}",
        f"{day:%B %Y}",
        str(serial),
    ]

    assert [career_start(way, today=TODAY) for way in ways] == [month] * len(ways)


@given(text=st.text(max_size=30))
def test_any_text_gives_a_past_month_or_a_fault(text: str) -> None:
    start = career_start(text, today=TODAY)

    assert isinstance(start, DateFault) or YearMonth(year=1940, month=1) <= start <= YearMonth.of(TODAY)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("31/12/2026", date(2026, 12, 31)),
        ("31/12/26", date(2026, 12, 31)),
        ("2026-12-31", date(2026, 12, 31)),
        ("2026-12-31 00:00:00", date(2026, 12, 31)),
        (46387, date(2026, 12, 31)),
        (46387.0, date(2026, 12, 31)),
        ("46387", date(2026, 12, 31)),
        ("31 décembre 2026", date(2026, 12, 31)),
        ("02/2024", date(2024, 2, 29)),
        ("2026", date(2026, 12, 31)),
        ("bientôt", DateFault.UNREADABLE),
        ("31/11/2026", DateFault.IMPOSSIBLE),
        ("", DateFault.MISSING),
    ],
)
def test_a_validity_lasts_to_the_end_of_what_is_written(
    cell: str | float, expected: date | DateFault
) -> None:
    assert last_day(cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("16/11/2026 09:30:00", datetime(2026, 11, 16, 8, 30, tzinfo=UTC)),
        ("16/11/2026 9:30", datetime(2026, 11, 16, 8, 30, tzinfo=UTC)),
        ("16/11/2026 à 09h30", datetime(2026, 11, 16, 8, 30, tzinfo=UTC)),
        ("01/07/2026 09:30:00", datetime(2026, 7, 1, 7, 30, tzinfo=UTC)),
        ("2026-11-16T09:30:00", datetime(2026, 11, 16, 8, 30, tzinfo=UTC)),
        ("2026-11-16T09:30:00Z", datetime(2026, 11, 16, 9, 30, tzinfo=UTC)),
        (46342.395833333336, datetime(2026, 11, 16, 8, 30, tzinfo=UTC)),
        ("46342.395833333336", datetime(2026, 11, 16, 8, 30, tzinfo=UTC)),
        ("25/10/2026 02:30:00", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("25/10/2026 03:01:00", datetime(2026, 10, 25, 2, 1, tzinfo=UTC)),
        ("29/03/2026 02:30:00", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        ("11/16/2026 09:30:00", None),
        ("hier", None),
        ("", None),
        (12, None),
    ],
)
def test_a_time_stamp_is_paris_time_day_first_unless_it_says_otherwise(
    cell: str | float, expected: datetime | None
) -> None:
    assert instant(cell, zone=PARIS) == expected


@given(
    moment=st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)).map(
        lambda naive: naive.replace(microsecond=0)
    )
)
def test_a_time_stamp_read_as_text_and_as_serial_number_is_one_instant(moment: datetime) -> None:
    serial = (moment - datetime(1899, 12, 30)) / timedelta(days=1)
    expected = moment.replace(tzinfo=ZoneInfo(PARIS)).astimezone(UTC)

    assert instant(f"{moment:%d/%m/%Y %H:%M:%S}", zone=PARIS) == expected
    assert instant(serial, zone=PARIS) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2027-03-12", date(2027, 3, 12)),
        ("12/03/2027", date(2027, 3, 12)),
        ("12/03/27", date(2027, 3, 12)),
        ("12.3.2027", date(2027, 3, 12)),
        ("12 mars 2027", date(2027, 3, 12)),
        ("March 12, 2027", date(2027, 3, 12)),
        ("le 1er mars 2027", date(2027, 3, 1)),
        ("vendredi 12 mars 2027", date(2027, 3, 12)),
        ("Friday, 12 March 2027", date(2027, 3, 12)),
        ("le vendredi 12/03/2027", date(2027, 3, 12)),
        ("2027-03-12 18:30:00", date(2027, 3, 12)),
        ("46458", date(2027, 3, 12)),
        ("", DateFault.MISSING),
        ("jeudi 12 mars 2027", DateFault.UNREADABLE),
        ("12 mars", DateFault.UNREADABLE),
        ("mars 2027", DateFault.UNREADABLE),
        ("2027", DateFault.UNREADABLE),
        ("vendredi", DateFault.UNREADABLE),
        ("la semaine prochaine", DateFault.UNREADABLE),
        ("31/02/2027", DateFault.IMPOSSIBLE),
        ("03/13/2027", DateFault.IMPOSSIBLE),
    ],
)
def test_a_full_date_has_its_day_month_and_year_or_is_a_fault(text: str, expected: date | DateFault) -> None:
    assert full_date(text) == expected


@given(day=st.dates(min_value=date(1950, 1, 1), max_value=date(2100, 1, 1)))
def test_a_full_date_written_any_way_is_read_back(day: date) -> None:
    weekdays = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
    ways = [
        day.isoformat(),
        f"{day:%d/%m/%Y}",
        f"{day.day} {FRENCH[day.month - 1]} {day.year}",
        f"{weekdays[day.weekday()]} {day.day} {FRENCH[day.month - 1]} {day.year}",
        f"{day:%A %d %B %Y}",
        str((day - date(1899, 12, 30)).days),
    ]

    assert [full_date(way) for way in ways] == [day] * len(ways)


@given(text=st.text(max_size=30))
def test_any_text_gives_a_full_date_or_a_fault(text: str) -> None:
    assert isinstance(full_date(text), date | DateFault)
