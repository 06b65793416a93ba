"""Requests built for the board fit Google's published schema and never touch what is people's."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ponts_flows.board.changes import (
    AdoptRow,
    AppendRow,
    Change,
    ClearCell,
    Link,
    MarkCell,
    SetCells,
    UnmarkCell,
    Value,
)
from ponts_flows.board.layout import FIRST_ROW, TABS
from ponts_flows.board.reading import BoardReading, Row, Rows, TabReading
from ponts_flows.board.tabs import Tab
from ponts_flows.google.board_places import fresh
from ponts_flows.google.board_plan import tab_requests
from ponts_flows.google.board_reading import sheet_id
from ponts_flows.google.board_requests import cell, cells_requests
from ponts_flows.google.board_share import first_that_fit
from ponts_flows.google.board_writing import Writing
from ponts_flows.google.sheets import letters, parsed, quoted
from ponts_flows.sandbox import schema


def departures(requests: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Where a batch of requests departs from the schema of the service."""
    return schema.violations("sheets.v4", {"$ref": "BatchUpdateSpreadsheetRequest"}, {"requests": requests})


def a_tab_reading(tab: Tab, *rows: Row, added: tuple[Row, ...] = (), row_count: int = 1000) -> TabReading:
    """A tab whose columns stand where the layout puts them."""
    return TabReading(
        key=tab.key,
        sheet_id=sheet_id(tab),
        title=tab.title_fr,
        columns={column.key: i for i, column in enumerate(tab.columns)},
        headings=tuple(column.heading_fr for column in tab.columns),
        row_count=row_count,
        last_row=max((row.number for row in (*rows, *added)), default=FIRST_ROW - 1),
        rows=Rows({row.id: row.number for row in rows}, {row.number: row.cells for row in rows}),
        added=added,
    )


def a_reading(**tabs: TabReading) -> BoardReading:
    """A board of empty tabs, but for those given."""
    empty = {tab.key: a_tab_reading(tab) for tab in TABS if tab.id_column}
    return BoardReading(tabs={**empty, **tabs})


def proposals(*rows: Row, added: tuple[Row, ...] = (), row_count: int = 1000) -> TabReading:
    return a_tab_reading(
        next(t for t in TABS if t.key == "proposals"), *rows, added=added, row_count=row_count
    )


@pytest.mark.parametrize("tab", TABS, ids=lambda tab: tab.key)
def test_the_requests_that_lay_out_a_tab_fit_the_schema(tab: Tab) -> None:
    ((_, requests),) = tab_requests(
        tab, fresh(tab), editor="robot@projet.example", people="='Réglages'!$G$3:$G$22"
    )

    assert departures(requests) == []


def test_the_requests_of_every_change_fit_the_schema() -> None:
    row = Row(number=3, id="P-0001", cells={"decision": "Valider"})
    added = Row(number=9, id="", cells={"wanted_mentee": "C-0002"})
    changes: list[Change] = [
        SetCells(tab="proposals", row="P-0001", cells={"stage": "À décider", "score": 12, "gap": 10.5}),
        AppendRow(tab="proposals", id="P-0002", cells={"mentor": "Alice Martin"}),
        AdoptRow(tab="proposals", row=9, id="P-0003", cells={"stage": "À décider"}, typed=added.cells),
        ClearCell(tab="proposals", row="P-0001", column="decision", note="Validé.", was="Valider"),
        MarkCell(tab="proposals", row=9, column="wanted_mentor", note="Il manque le mentor."),
        UnmarkCell(tab="proposals", row="P-0001", column="exemption"),
        AppendRow(
            tab="to_review", id="T-1", cells={"link": Link(text="Voir", url="https://ponts.example/1")}
        ),
    ]

    requests = Writing(a_reading(proposals=proposals(row, added=(added,))), changes).requests()

    assert departures(requests) == []


@pytest.mark.parametrize(
    ("value", "data"),
    [
        ('=HYPERLINK("http://evil.example")', {"stringValue": '=HYPERLINK("http://evil.example")'}),
        ("+33 6", {"stringValue": "+33 6"}),
        ("-1", {"stringValue": "-1"}),
        ("@moi", {"stringValue": "@moi"}),
        ("0612345678", {"stringValue": "0612345678"}),
        (True, {"boolValue": True}),
        (3, {"numberValue": 3}),
        (date(2026, 11, 23), {"numberValue": 46349.0}),
        (datetime(2026, 11, 23, 12, 0), {"numberValue": 46349.5}),
    ],
)
def test_a_value_keeps_its_type_and_text_is_never_a_formula(value: Value, data: dict[str, Any]) -> None:
    assert cell(value) == {"userEnteredValue": data}


@pytest.mark.parametrize("value", [None, ""])
def test_nothing_empties_a_cell(value: Value) -> None:
    assert cell(value) == {}


def test_a_text_longer_than_a_cell_can_hold_is_cut_and_shows_it() -> None:
    text = cell("x" * 60_000)["userEnteredValue"]["stringValue"]

    assert (len(text), text[-2:]) == (50_000, "x…")


def test_neighbouring_cells_are_written_together() -> None:
    requests = cells_requests(7, {(2, 1): "a", (2, 2): "b", (3, 1): "c", (3, 2): "d", (9, 1): "e"})

    starts = [(r["updateCells"]["start"]["rowIndex"], len(r["updateCells"]["rows"])) for r in requests]
    assert starts == [(2, 2), (9, 1)]


@given(
    st.dictionaries(st.tuples(st.integers(2, 9), st.integers(0, 5)), st.integers(0, 99) | st.text(max_size=3))
)
def test_every_cell_is_written_once_where_it_was_asked(cells: dict[tuple[int, int], Value]) -> None:
    written = [
        ((start["rowIndex"] + i, start["columnIndex"] + j), data)
        for request in cells_requests(7, cells)
        if (start := request["updateCells"]["start"])
        for i, row in enumerate(request["updateCells"]["rows"])
        for j, data in enumerate(row["values"])
    ]

    assert sorted(written, key=lambda item: item[0]) == sorted(
        ((at, cell(value)) for at, value in cells.items()), key=lambda item: item[0]
    )


def test_no_change_makes_no_request() -> None:
    assert Writing(a_reading(), []).requests() == []


def test_the_machine_can_not_write_in_a_human_column() -> None:
    row = Row(number=3, id="P-0001", cells={})

    with pytest.raises(ValueError, match="proposals/decision"):
        Writing(
            a_reading(proposals=proposals(row)),
            [SetCells(tab="proposals", row="P-0001", cells={"decision": "Valider"})],
        )


def test_the_machine_can_not_rewrite_an_identifier() -> None:
    row = Row(number=3, id="P-0001", cells={})

    with pytest.raises(ValueError, match="proposals/id"):
        Writing(
            a_reading(proposals=proposals(row)),
            [SetCells(tab="proposals", row="P-0001", cells={"id": "P-0002"})],
        )


def test_a_cell_that_somebody_changed_meanwhile_is_not_emptied() -> None:
    row = Row(number=3, id="P-0001", cells={"decision": "Refuser"})
    change = ClearCell(tab="proposals", row="P-0001", column="decision", note="Validé.", was="Valider")

    writing = Writing(a_reading(proposals=proposals(row)), [change])

    assert writing.requests() == []
    assert writing.outcome(calls=0).kept == (("proposals", "P-0001"),)


def test_a_row_that_is_gone_is_told_and_the_others_are_written() -> None:
    row = Row(number=3, id="P-0001", cells={})
    changes = [SetCells(tab="proposals", row=id, cells={"score": 1}) for id in ("P-0001", "P-0002")]

    writing = Writing(a_reading(proposals=proposals(row)), changes)

    assert len(writing.requests()) == 1
    assert writing.outcome(calls=1).missing == (("proposals", "P-0002"),)


def test_appending_a_row_that_is_there_already_writes_into_it() -> None:
    row = Row(number=3, id="P-0001", cells={})
    change = AppendRow(tab="proposals", id="P-0001", cells={"score": 1})

    (request,) = Writing(a_reading(proposals=proposals(row)), [change]).requests()

    assert request["updateCells"]["start"]["rowIndex"] == 2


def test_rows_beyond_the_bottom_of_the_sheet_get_the_dropdown_too() -> None:
    changes = [AppendRow(tab="proposals", id=f"P-{i}", cells={}) for i in range(3)]

    requests = Writing(a_reading(proposals=proposals(row_count=4)), changes).requests()

    rules = [
        r["setDataValidation"]["range"]["startColumnIndex"] for r in requests if "setDataValidation" in r
    ]
    assert rules == [1, 2]  # Décision, Qui décide
    assert departures(requests) == []


def test_a_full_sheet_grows_by_many_rows_so_that_the_next_rows_find_it_ready() -> None:
    full = Writing(
        a_reading(proposals=proposals(row_count=2)), [AppendRow(tab="proposals", id="P-1", cells={})]
    )
    grown = full.requests()[0]["appendDimension"]
    assert grown["dimension"] == "ROWS"
    there = proposals(Row(number=3, id="P-1", cells={}), row_count=2 + grown["length"])

    changes = [AppendRow(tab="proposals", id=f"P-{i}", cells={}) for i in range(2, 100)]

    assert [[*request] for request in Writing(a_reading(proposals=there), changes).requests()] == [
        ["appendCells"]
    ]


def ten_more() -> list[AppendRow]:
    return [
        AppendRow(tab="proposals", id=f"P-{i}", cells={"reasons": "Même secteur. " * 30}) for i in range(10)
    ]


def test_what_does_not_fit_in_one_call_is_left_and_what_comes_first_is_written() -> None:
    size = len(json.dumps(Writing(a_reading(), ten_more()).requests()))

    writing, left = first_that_fit(a_reading(), ten_more(), most=size // 2)

    assert 4 <= 10 - left <= 5
    assert writing.requests() == Writing(a_reading(), ten_more()[: 10 - left]).requests()
    assert len(json.dumps(writing.requests())) <= size // 2


def test_all_is_written_that_fits_in_one_call_and_one_change_whatever_its_size() -> None:
    assert first_that_fit(a_reading(), ten_more(), most=2_000_000)[1] == 0
    assert first_that_fit(a_reading(), ten_more(), most=10)[1] == 9
    assert first_that_fit(a_reading(), [], most=10)[1] == 0


@pytest.mark.parametrize(
    ("a1", "read"),
    [
        ("'À traiter'!C1:C1000", ("À traiter", 2, 1000)),
        ("Envois!AA2:AB2", ("Envois", 26, 2)),
        ("'L''an 1'!A:A", ("L'an 1", 0, 0)),
        ("Envois!B7", ("Envois", 1, 7)),
    ],
)
def test_ranges_are_understood(a1: str, read: tuple[str, int, int]) -> None:
    assert parsed(a1) == read


def test_titles_and_columns_are_written_as_a1_notation_wants() -> None:
    assert quoted("L'an 1") == "'L''an 1'"
    assert [letters(i) for i in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
