"""Every column of the ledger is known for what it says of people, and what is left of it once they are erased."""

from __future__ import annotations

from dataclasses import fields

from ponts_flows.answers import KINDS
from ponts_flows.ledger import tables
from ponts_flows.ledger.anonymous import WORDS
from ponts_flows.ledger.personal import HOLDINGS, Kind
from ponts_flows.person.labels import COLUMNS

CHOICES = {"next_theme"}
"""Fields of answers that are text and hold one of several choices."""


def test_every_column_of_every_table_is_classified_once() -> None:
    classified = {holding.table.name: set(holding.kinds) for holding in HOLDINGS}

    assert classified == {name: set(table.c.keys()) for name, table in tables.metadata.tables.items()}
    assert len(HOLDINGS) == len(classified)


def test_a_table_of_nobody_says_why_and_the_others_say_what_is_left() -> None:
    for holding in HOLDINGS:
        personal = any(kind is not Kind.MACHINE for kind in holding.kinds.values())
        assert bool(holding.of_nobody) != personal or holding.table.name in ("erasure", "member", "event")


def test_every_column_that_people_are_shown_has_a_french_name() -> None:
    shown = {
        name
        for holding in HOLDINGS
        if not holding.of_nobody
        for name, kind in holding.kinds.items()
        if kind is not Kind.MACHINE
    }

    assert shown - set(COLUMNS) == set()


def test_every_text_of_every_answer_is_words_or_a_choice() -> None:
    texts = {
        kind: {field.name for field in fields(value) if field.type == "str"} - CHOICES
        for kind, value in KINDS.items()
    }

    assert texts == {kind: set(names) for kind, names in WORDS.items()}
