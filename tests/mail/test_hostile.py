"""Whatever a stranger sends is read without a crash, and nothing is done by itself because of it.

How long each takes, and how much memory, is measured by `tests/bench/bench_mail.py`.
"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ponts_flows.mail.received.explained import Explained, explain
from ponts_flows.mail.received.meaning import Question
from tests.mail.hostile import cases

CASES = cases()
SENT = "Bonjour Léa,\n\nAvez-vous convenu d’une première rencontre avec Paul ?\n\nRéf. M-7K2Q-4FXD\n"


def read(raw: bytes, question: Question = Question.MET) -> Explained:
    return explain(raw, sent=SENT, question=question, on=date(2026, 11, 27), mailbox="mentoring@ponts.org")


@pytest.mark.parametrize("case", CASES)
def test_a_hostile_mail_is_read_and_told_about(case: str) -> None:
    found = read(CASES[case])

    assert found.json()
    assert found.text()


@given(st.sampled_from(sorted(CASES)), st.data())
@settings(max_examples=60, deadline=None)
def test_so_is_any_piece_of_one(case: str, data: st.DataObject) -> None:
    raw = CASES[case][:20_000]
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, len(raw)))

    assert read(raw[:start] + raw[end:]).json()


@given(st.binary(max_size=2_000), st.sampled_from(Question))
@settings(max_examples=200, deadline=None)
def test_so_are_any_bytes_at_all(raw: bytes, question: Question) -> None:
    assert read(raw, question).json()


@given(st.text(max_size=500), st.sampled_from(["text/plain", "text/html"]), st.sampled_from(Question))
@settings(max_examples=200, deadline=None)
def test_so_is_any_text(text: str, content_type: str, question: Question) -> None:
    head = f"From: a@exemple.example\nTo: b@ponts.org\nContent-Type: {content_type}; charset=utf-8\n\n"

    assert read(head.encode() + text.encode("utf-8", "replace"), question).json()
