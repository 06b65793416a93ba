"""The first line that is just a yes or a no."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ponts_flows.mail.answer import first_answer
from ponts_flows.model import Answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("OUI", Answer.YES),
        ("oui", Answer.YES),
        ("Oui !", Answer.YES),
        ("Oui\u00a0!", Answer.YES),
        ("\n \u200b\n  Oui.  \nLe lun. 23 nov. 2026, X a écrit :\n> OUI ou NON", Answer.YES),
        ("Yes", Answer.YES),
        ("NON\r\nMerci", Answer.NO),
        ("No.", Answer.NO),
        ("\ufeffNon!!!", Answer.NO),
        ("ouï", Answer.YES),
        ("Oui, mais pas avant janvier", None),
        ("Bonjour,\nOui", None),
        ("Oui ?", None),
        ("> Oui", None),
        ("Ouii", None),
        ("nono", None),
        ("OUI ou NON", None),
        ("...\nOui", None),
        ("oui" + " " * 100 + "non", None),
        ("", None),
        ("ok", None),
    ],
)
def test_only_a_first_line_that_is_a_bare_yes_or_no_counts(text: str, answer: Answer | None) -> None:
    assert first_answer(text) == answer


@given(
    st.sampled_from(["oui", "non", "yes", "no"]),
    st.text(alphabet="abcdefghijklmnopqrstuvwxyz?,", min_size=1, max_size=50),
)
def test_one_more_letter_or_word_and_it_is_for_a_person(word: str, more: str) -> None:
    assert first_answer(f"{word} {more}") is None


def test_a_long_text_without_a_line_is_no_answer() -> None:
    assert first_answer("On " * 20_000) is None
