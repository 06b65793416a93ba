"""The last day of an absence, as automatic answers tell it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ponts_flows.mail.received.meaning import absent_until

MONDAY = date(2026, 8, 3)


@pytest.mark.parametrize(
    ("text", "last_day"),
    [
        ("Absent jusqu'au 12 août", date(2026, 8, 12)),
        ("Je suis absente jusqu’au vendredi 14 août inclus.", date(2026, 8, 14)),
        ("Absent jusqu'à vendredi", date(2026, 8, 7)),
        ("en congé du 3 au 17 août inclus", date(2026, 8, 17)),
        (
            "Je suis en congés du lundi 3 août au vendredi 21 août. Pour une urgence, voyez Paul.",
            date(2026, 8, 21),
        ),
        ("Absence du 01/08 au 15/08", date(2026, 8, 15)),
        ("de retour le lundi 17 août", date(2026, 8, 16)),
        ("Je serai de retour au bureau le 17 août", date(2026, 8, 16)),
        ("Absent jusqu'au 14 août, de retour le 17.", date(2026, 8, 16)),
        ("I am out of office until 12 August", date(2026, 8, 12)),
        ("I will be away from August 3rd to August 17th.", date(2026, 8, 17)),
        ("Out of office. Back on 17 August.", date(2026, 8, 16)),
        ("I'm on leave through next Monday", date(2026, 8, 10)),
        ("Congé maternité jusqu'au 15 mai 2027", date(2027, 5, 15)),
        ("Absent jusqu'au 17 août. On leave until August 17th.", date(2026, 8, 17)),
    ],
)
def test_the_last_day_of_an_absence_is_the_eve_of_the_return(text: str, last_day: date) -> None:
    assert absent_until(text, on=MONDAY) == last_day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Oui",
        "Je suis absent la semaine prochaine",
        "Absent jusqu'au 31 septembre",
        "Absent jusqu'au mardi 12 août",
        "Absent du 3 au 14 août puis jusqu'au 5 septembre",
        "Vous pouvez vous inscrire jusqu'au 12 août",
        "Absent jusqu'au 12 juillet",
        "Absent jusqu'au 14 août, de retour le 10 août",
    ],
)
def test_what_is_not_told_clearly_or_is_over_is_no_absence(text: str) -> None:
    assert absent_until(text, on=MONDAY) is None


@given(st.text(max_size=300))
def test_any_text_tells_a_day_to_come_or_none(text: str) -> None:
    found = absent_until(f"Absent {text}", on=MONDAY)
    assert found is None or found >= MONDAY
