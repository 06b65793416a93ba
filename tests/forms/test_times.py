"""Times of day and marks, as people and spreadsheets write them."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ponts_flows.forms import Scale, Wording
from ponts_flows.forms.numbers import mark
from ponts_flows.forms.times import clock_time

NONE = Wording(fr="", en="")
TEN = Scale(low=0, high=10, low_label=NONE, high_label=NONE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("18:30", time(18, 30)),
        ("18:30:00", time(18, 30)),
        ("08:05", time(8, 5)),
        ("18h30", time(18, 30)),
        ("18 h 30", time(18, 30)),
        ("18\u202fh\u202f30", time(18, 30)),
        ("18h", time(18)),
        ("18 heures", time(18)),
        ("à 18h30", time(18, 30)),
        ("18.30", time(18, 30)),
        ("6:30 pm", time(18, 30)),
        ("6 p.m.", time(18)),
        ("12 am", time(0)),
        ("12 pm", time(12)),
        ("0.75", time(18)),
        ("0.7708333333333334", time(18, 30)),
        ("", None),
        ("18", None),
        ("25:00", None),
        ("18:60", None),
        ("18:3", None),
        ("18:30 pm", None),
        ("vers 18h30 ou 19h", None),
        ("le soir", None),
    ],
)
def test_a_time_of_day_is_read_in_the_shapes_people_use_or_not_at_all(
    text: str, expected: time | None
) -> None:
    assert clock_time(text) == expected


@given(moment=st.times().map(lambda moment: moment.replace(second=0, microsecond=0)))
def test_a_time_of_day_written_any_way_is_read_back(moment: time) -> None:
    fraction = (moment.hour * 60 + moment.minute) / (24 * 60)
    ways = [f"{moment:%H:%M}", f"{moment:%H:%M:%S}", f"{moment.hour} h {moment:%M}", f"{moment:%I:%M %p}"]

    assert [clock_time(way) for way in (*ways, f"{fraction:.10f}")] == [moment] * 5


@given(text=st.text(max_size=30))
def test_any_text_gives_a_time_of_day_or_none(text: str) -> None:
    assert isinstance(clock_time(text), time | None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8", 8),
        (" 10 ", 10),
        ("0", 0),
        ("8.0", 8),
        ("8/10", 8),
        ("8 / 10", 8),
        ("8/20", None),
        ("11", None),
        ("-1", None),
        ("8,5", None),
        ("huit", None),
        ("", None),
    ],
)
def test_a_mark_is_a_whole_number_of_its_scale_or_nothing(text: str, expected: int | None) -> None:
    assert mark(text, TEN) == expected
