"""The quick ways of tidying text give what the thorough ones give."""

from __future__ import annotations

import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from ponts_flows.forms.folding import folded, line, paragraph


@given(st.text() | st.text(alphabet="aé  \t\n\u00a0\u200bÀ\u0301Œ"), st.integers(1, 30))
def test_a_line_is_a_paragraph_on_one_line(text: str, longest: int) -> None:
    assert line(text, longest) == " ".join(paragraph(text, longest * 2).split())[:longest].strip()


@given(st.text() | st.text(alphabet="aÉçñ\u0301\u05b0ŒßÅ-_'"))
def test_what_is_folded_has_no_accent_left(text: str) -> None:
    assert not any(map(unicodedata.combining, folded(text)))


@given(st.text() | st.text(alphabet="𝑨ℌŒßİΣſ№㎏ﬁ"))
@example("0:_0")
def test_folding_again_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_accents_of_any_alphabet_are_dropped() -> None:
    assert folded("Évêque d'Œuvre, Ångström, שָׁלוֹם, Йод") == "eveque d oeuvre angstrom שלום иод"
