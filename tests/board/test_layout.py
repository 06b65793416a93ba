"""The board's layout says all that people and code need to know of a tab, once."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from ponts_flows.board import words
from ponts_flows.board.decisions import (
    EFFECTS,
    ApplicationDecision,
    EngagementDecision,
    OutboxDecision,
    ProposalDecision,
    ReviewDecision,
)
from ponts_flows.board.layout import APPLICATIONS, OUTBOX, PAIRINGS, PROPOSALS, TABS, TO_REVIEW
from ponts_flows.board.reading import Cell, Table, as_text, read_date, read_moment, serial, table
from ponts_flows.board.tabs import MEMORY, Kind, Owner, Tab
from ponts_flows.lifecycle import ApplicationStage, PairingStage, WaitingOn
from ponts_flows.steps.rows import memory


@pytest.mark.parametrize("tab", TABS, ids=lambda tab: tab.key)
def test_each_tab_says_in_two_lines_what_to_do_there(tab: Tab) -> None:
    assert len(tab.what_fr.split("\n")) == 2


@pytest.mark.parametrize("tab", TABS, ids=lambda tab: tab.key)
def test_keys_and_headings_are_unique_and_every_heading_has_a_note(tab: Tab) -> None:
    assert len({column.key for column in tab.columns}) == len(tab.columns)
    assert len({column.heading_fr for column in tab.columns}) == len(tab.columns)
    assert [column.key for column in tab.columns if not column.note_fr] == []


@pytest.mark.parametrize("tab", TABS, ids=lambda tab: tab.key)
def test_identifiers_are_the_machines_and_only_people_have_boxes_and_dropdowns(tab: Tab) -> None:
    assert tab.id_column is None or tab.column(tab.id_column).owner is Owner.MACHINE
    assert [c.key for c in tab.machine if c.kind in (Kind.CHECKBOX, Kind.DROPDOWN)] == []
    assert [c.key for c in tab.columns if (bool(c.choices) or c.named) != (c.kind is Kind.DROPDOWN)] == []


@pytest.mark.parametrize("tab", TABS, ids=lambda tab: tab.key)
def test_views_and_colours_point_at_columns_of_their_tab(tab: Tab) -> None:
    named = {item.column for item in (*tab.views, *tab.highlights)}

    assert named <= {column.key for column in tab.columns}


def test_what_was_read_is_remembered_in_the_tab_that_is_written_last() -> None:
    """A writing too large for one call may end half-way: what came of facts must be there before their cursor is."""
    assert TABS[-1].key == memory.PROGRAMME[0]
    assert [tab.key for tab in TABS if MEMORY in tab.columns] == [
        tab.key for tab in TABS if tab.key in {*memory.RECORDS, memory.PROGRAMME[0]}
    ]


def test_every_stage_and_everyone_awaited_has_its_french_words() -> None:
    assert set(words.APPLICATION_STAGES) == set(ApplicationStage)
    assert set(words.PAIRING_STAGES) == set(PairingStage)
    assert set(words.AWAITED) == set(WaitingOn)


def test_the_words_of_a_stage_are_those_of_no_other() -> None:
    assert len(set(words.APPLICATION_STAGES.values())) == len(ApplicationStage)
    assert len(set(words.PAIRING_STAGES.values())) == len(PairingStage)


def test_the_effect_of_each_choice_is_written_in_the_note_of_its_column() -> None:
    kinds = (ApplicationDecision, ProposalDecision, EngagementDecision, OutboxDecision, ReviewDecision)
    assert set(EFFECTS) == {decision for kind in kinds for decision in kind}
    decided = (
        (OUTBOX, OutboxDecision),
        (APPLICATIONS, ApplicationDecision),
        (PROPOSALS, ProposalDecision),
        (PAIRINGS, EngagementDecision),
        (TO_REVIEW, ReviewDecision),
    )
    for tab, decisions in decided:
        note = tab.column("decision").note_fr
        assert [d for d in decisions if f"« {d} » : {EFFECTS[d]}" not in note] == []


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (date(1899, 12, 30), 0.0),
        (date(2026, 11, 23), 46349.0),
        (datetime(2026, 11, 23, 18, 0), 46349.75),
    ],
)
def test_a_date_is_written_as_a_serial_number_and_read_back(value: date, number: float) -> None:
    assert serial(value) == number
    assert read_date(number) == (value.date() if isinstance(value, datetime) else value)


def test_a_moment_is_read_to_the_second() -> None:
    moment = datetime(2026, 11, 23, 9, 59, 59)

    assert read_moment(serial(moment)) == moment


@pytest.mark.parametrize("cell", ["31/12/2026", True, 9e9, -9e9, float("nan")])
def test_what_is_no_serial_number_is_no_date(cell: Cell) -> None:
    assert read_date(cell) is None


@pytest.mark.parametrize(
    ("cell", "text"), [(" oui ", "oui"), (2005.0, "2005"), (2.5, "2.5"), (True, "oui"), (False, "non")]
)
def test_any_cell_can_be_read_as_text(cell: Cell, text: str) -> None:
    assert as_text(cell) == text


def test_a_table_starts_at_its_headings_whatever_stands_above_and_keeps_row_numbers() -> None:
    values: list[list[Cell]] = [
        ["Une ligne d'introduction"],
        [],
        ["Nom", " Promo "],
        ["MARTIN", 2005],
        [],
        ["", 2011, "x"],
    ]

    assert table(values) == Table(
        headings=("Nom", "Promo", ""), rows=(("MARTIN", 2005, ""), ("", 2011, "x")), row_numbers=(4, 6)
    )


def test_an_empty_sheet_is_an_empty_table() -> None:
    assert table([]) == Table()
