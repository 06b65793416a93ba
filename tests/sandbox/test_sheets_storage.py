"""What is kept, and what it costs: a write touches its rows only, a failure leaves nothing behind."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ponts_flows.sandbox import drive, sheets
from ponts_flows.sandbox.errors import GoogleError
from ponts_flows.sandbox.sheets import book as books
from ponts_flows.sandbox.sheets.a1 import Area, Json
from ponts_flows.sandbox.sheets.requests import carry_out
from ponts_flows.sandbox.sheets.values import Rendering, append, read, write
from ponts_flows.sandbox.sheets.work import Work
from ponts_flows.sandbox.store import Store
from tests.sandbox.sheets_builders import area, span

OWNER = "alice.martin@exemple.example"


def opened_store(path: Path) -> Store:
    store = Store(path)
    store.create(drive.SCHEMA)
    store.create(sheets.SCHEMA)
    return store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store of files and spreadsheets."""
    made = opened_store(tmp_path / "sandbox.db")
    yield made
    made.close()


@pytest.fixture
def id(store: Store) -> str:
    """A spreadsheet with 200 rows of three cells."""
    with store.transaction():
        made = books.create(store, owner=OWNER, title="Tableau")
    with books.editing(store, made, OWNER) as book:
        write(book, Area(sheet=0), [[f"P-{n}", n, True] for n in range(200)], option="RAW")
    return made


def values(store: Store, id: str) -> Json:
    return read(books.opened(store, id, OWNER), Area(sheet=0), Rendering(render="UNFORMATTED_VALUE"))


def change(store: Store, id: str, *requests: Json) -> None:
    with books.editing(store, id, OWNER) as book:
        carry_out(Work(store=store, book=book), list(requests))


def test_everything_is_read_back_by_another_process(store: Store, id: str) -> None:
    label = {
        "metadataKey": "k",
        "visibility": "DOCUMENT",
        "location": {"dimensionRange": span("ROWS", 9, 10)},
    }
    noted = {"note": "n", "userEnteredFormat": {"wrapStrategy": "WRAP"}}
    tall = {"properties": {"pixelSize": 50}, "fields": "pixelSize"}
    change(
        store,
        id,
        {"moveDimension": {"source": span("COLUMNS", 0, 1), "destinationIndex": 3}},
        {"insertDimension": {"range": span("ROWS", 2, 4)}},
        {"repeatCell": {"range": area(0, 1, 0, 2), "cell": noted, "fields": "*"}},
        {"updateCells": {
            "start": {"rowIndex": 5}, "fields": "userEnteredValue",
            "rows": [{"values": [{"userEnteredValue": {"formulaValue": "=SUM(A1:A2)"}}]}],
        }},
        {"createDeveloperMetadata": {"developerMetadata": label}},
        {"addNamedRange": {"namedRange": {"name": "tout", "range": area(0, 5, 0, 2)}}},
        {"updateDimensionProperties": {**tall, "range": span("ROWS", 0, 1)}},
    )  # fmt: skip
    other = opened_store(store.path)

    here, there = (books.opened(each, id, OWNER) for each in (store, other))

    assert values(other, id) == values(store, id)
    assert [sheet.cells[0].__reduce_ex__(2)[2] for sheet in there.sheets] == [
        sheet.cells[0].__reduce_ex__(2)[2] for sheet in here.sheets
    ]
    assert (there.styles, there.metadata, there.named_ranges) == (
        here.styles,
        here.metadata,
        here.named_ranges,
    )
    assert there.sheets[0].rows.properties == here.sheets[0].rows.properties == {0: {"pixelSize": 50}}
    assert there.sheets[0].formulas == here.sheets[0].formulas != set()
    other.close()


def test_a_failed_change_leaves_neither_the_file_nor_the_memory_changed(store: Store, id: str) -> None:
    before = values(store, id)

    with pytest.raises(GoogleError):
        change(store, id, {"addSheet": {}}, {"deleteSheet": {"sheetId": 99}})

    assert values(store, id) == before
    assert [sheet.title for sheet in books.opened(store, id, OWNER).sheets] == ["Sheet1"]


def test_a_transaction_rolled_back_after_the_change_was_saved_is_forgotten_too(store: Store, id: str) -> None:
    before = values(store, id)

    store.db.execute("BEGIN IMMEDIATE")
    with books.editing(store, id, OWNER) as book:
        write(book, Area(sheet=0), [["lost"]], option="RAW")
    store.db.execute("ROLLBACK")

    assert values(store, id) == before


@pytest.mark.parametrize(
    ("request_", "most"),
    [
        ({"insertDimension": {"range": span("ROWS", 1, 3)}}, 0),
        ({"deleteDimension": {"range": span("ROWS", 0, 1)}}, 0),
        ({"moveDimension": {"source": span("COLUMNS", 0, 1), "destinationIndex": 3}}, 0),
        ({"insertDimension": {"range": span("COLUMNS", 0, 2)}}, 0),
        ({"repeatCell": {"range": area(7, 8, 0, 1), "cell": {"note": "n"}, "fields": "note"}}, 1),
    ],
)
def test_a_change_writes_only_the_rows_it_touches(store: Store, id: str, request_: Json, most: int) -> None:
    statements: list[str] = []
    store.db.set_trace_callback(statements.append)

    change(store, id, request_)

    store.db.set_trace_callback(None)
    assert sum("INSERT OR REPLACE INTO spreadsheet_row" in statement for statement in statements) == most


def test_an_appended_row_is_one_row_written(store: Store, id: str) -> None:
    statements: list[str] = []
    with books.editing(store, id, OWNER) as book:
        store.db.set_trace_callback(statements.append)
        append(book, Area(sheet=0), [["P-200", 1, False]], option="RAW", insert=False)

    store.db.set_trace_callback(None)
    assert sum("INSERT OR REPLACE INTO spreadsheet_row" in statement for statement in statements) == 1
    assert values(store, id)["values"][200] == ["P-200", 1, False]


def test_a_copy_has_everything_and_stays_apart(store: Store, id: str) -> None:
    with store.transaction():
        copy = books.duplicate(store, id, owner=OWNER, title="Copie")

    with books.editing(store, copy, OWNER) as book:
        write(book, Area(sheet=0), [["changed"]], option="RAW")

    assert values(store, copy)["values"][1:] == values(store, id)["values"][1:]
    assert (values(store, copy)["values"][0][0], values(store, id)["values"][0][0]) == ("changed", "P-0")


def test_a_deleted_spreadsheet_leaves_no_row_behind(store: Store, id: str) -> None:
    with store.transaction():
        books.delete(store, id)

    tables = (
        "spreadsheet",
        "spreadsheet_sheet",
        "spreadsheet_row",
        "spreadsheet_style",
        "spreadsheet_metadata",
    )
    counts = [store.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]
    assert counts == [0, 0, 0, 0, 0]


def test_a_file_put_back_is_read_as_it_is_even_after_as_many_changes_as_it_had(store: Store, id: str) -> None:
    def put_back(copy: sqlite3.Connection) -> None:
        with closing(sqlite3.connect(store.path)) as there:
            copy.backup(there)

    def copied() -> sqlite3.Connection:
        copy = sqlite3.connect(":memory:")
        store.db.backup(copy)
        return copy

    def write_once(text: str) -> None:
        with books.editing(store, id, OWNER) as book:
            write(book, Area(sheet=0), [[text]], option="RAW")

    with closing(copied()) as before:
        write_once("one")
        with closing(copied()) as one:
            put_back(before)
            write_once("another")
            put_back(one)

    assert values(store, id)["values"][0][0] == "one"
