"""The tables of spreadsheets: one record a row of cells, so that a write costs what it changes."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ponts_flows.sandbox.sheets.grid import LISTS, Axis, Formula, Row, Sheet, Value

if TYPE_CHECKING:
    from ponts_flows.sandbox.sheets.book import Book

SCHEMA = """
CREATE TABLE IF NOT EXISTS spreadsheet (id TEXT PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS spreadsheet_sheet (
    key INTEGER PRIMARY KEY AUTOINCREMENT, spreadsheet TEXT NOT NULL, sheet INTEGER NOT NULL,
    body TEXT NOT NULL, axes TEXT NOT NULL, UNIQUE (spreadsheet, key)
);
CREATE TABLE IF NOT EXISTS spreadsheet_row (
    sheet INTEGER NOT NULL, key INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (sheet, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS spreadsheet_style (
    spreadsheet TEXT NOT NULL, number INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (spreadsheet, number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS spreadsheet_metadata (
    spreadsheet TEXT NOT NULL, id INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (spreadsheet, id)
) WITHOUT ROWID;
"""


def version(db: sqlite3.Connection, id: str) -> int | None:
    """How often a spreadsheet was saved; None when there is none."""
    row = db.execute("SELECT version FROM spreadsheet WHERE id = ?", (id,)).fetchone()
    return None if row is None else int(row["version"])


def insert(db: sqlite3.Connection, book: Book) -> None:
    """Make room for a new spreadsheet."""
    db.execute("INSERT INTO spreadsheet VALUES (?, 0, '{}')", (book.id,))


def save(db: sqlite3.Connection, book: Book) -> None:
    """Write the parts of a spreadsheet that changed since it was read or saved."""
    # Drawn, not counted: a file put back from a copy never agrees by chance with what is in memory.
    book.version = random.getrandbits(62)
    for gone in book.gone_sheets:
        db.execute("DELETE FROM spreadsheet_row WHERE sheet = ?", (gone.key,))
        db.execute("DELETE FROM spreadsheet_sheet WHERE key = ?", (gone.key,))
    book.gone_sheets.clear()
    _save_styles(db, book)
    _save_metadata(db, book)
    for sheet in book.sheets:
        _save_sheet(db, book.id, sheet)
    body = json.dumps(
        {
            "properties": book.properties,
            "namedRanges": book.named_ranges,
            "order": [s.key for s in book.sheets],
        }
    )
    db.execute("UPDATE spreadsheet SET version = ?, body = ? WHERE id = ?", (book.version, body, book.id))


def _save_styles(db: sqlite3.Connection, book: Book) -> None:
    new = enumerate(book.styles[book.saved_styles :], start=book.saved_styles)
    db.executemany(
        "INSERT INTO spreadsheet_style VALUES (?, ?, ?)", ((book.id, n, json.dumps(s)) for n, s in new)
    )
    book.saved_styles = len(book.styles)
    changed = ((json.dumps(book.styles[number]), book.id, number) for number in book.touched_styles)
    db.executemany("UPDATE spreadsheet_style SET body = ? WHERE spreadsheet = ? AND number = ?", changed)
    book.touched_styles.clear()


def _save_metadata(db: sqlite3.Connection, book: Book) -> None:
    for id in book.touched_metadata:
        if id in book.metadata:
            values = (book.id, id, json.dumps(book.metadata[id]))
            db.execute("INSERT OR REPLACE INTO spreadsheet_metadata VALUES (?, ?, ?)", values)
        else:
            db.execute("DELETE FROM spreadsheet_metadata WHERE spreadsheet = ? AND id = ?", (book.id, id))
    book.touched_metadata.clear()


def _save_sheet(db: sqlite3.Connection, id: str, sheet: Sheet) -> None:
    body = json.dumps(
        {"properties": sheet.properties, "filter": sheet.basic_filter, "attached": sheet.attached}
    )
    if sheet.key is None:
        cursor = db.execute(
            "INSERT INTO spreadsheet_sheet (spreadsheet, sheet, body, axes) VALUES (?, ?, ?, ?)",
            (id, sheet.id, body, _axes(sheet)),
        )
        sheet.key = cursor.lastrowid
    elif sheet.rows.changed or sheet.columns.changed:
        db.execute(
            "UPDATE spreadsheet_sheet SET body = ?, axes = ? WHERE key = ?", (body, _axes(sheet), sheet.key)
        )
    elif body != sheet.saved:
        db.execute("UPDATE spreadsheet_sheet SET body = ? WHERE key = ?", (body, sheet.key))
    sheet.saved, sheet.rows.changed, sheet.columns.changed = body, False, False
    _save_rows(db, sheet)


def _save_rows(db: sqlite3.Connection, sheet: Sheet) -> None:
    kept, gone = [], []
    for key in sheet.touched:
        row = sheet.cells.get(key)
        if row is None or not (row.values or row.styles or row.extras):
            sheet.cells.pop(key, None)
            gone.append((sheet.key, key))
        else:
            kept.append((sheet.key, key, _row_text(row)))
    db.executemany("INSERT OR REPLACE INTO spreadsheet_row VALUES (?, ?, ?)", kept)
    db.executemany("DELETE FROM spreadsheet_row WHERE sheet = ? AND key = ?", gone)
    sheet.touched.clear()


def _axes(sheet: Sheet) -> str:
    return json.dumps([[axis.next_key, axis.runs(), axis.properties] for axis in (sheet.rows, sheet.columns)])


def _row_text(row: Row) -> str:
    values = {k: {"f": str(v)} if isinstance(v, Formula) else v for k, v in row.values.items()}
    parts: list[Any] = [values, row.styles, row.extras]
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


def load(db: sqlite3.Connection, id: str, kind: Callable[..., Book]) -> Book:
    """Read a whole spreadsheet."""
    record = db.execute("SELECT * FROM spreadsheet WHERE id = ?", (id,)).fetchone()
    body = json.loads(record["body"])
    book = kind(id=id, title="", properties=body["properties"])
    book.version, book.named_ranges = record["version"], body["namedRanges"]
    styles = db.execute("SELECT body FROM spreadsheet_style WHERE spreadsheet = ? ORDER BY number", (id,))
    book.know_styles([json.loads(row["body"]) for row in styles])
    for row in db.execute("SELECT id, body FROM spreadsheet_metadata WHERE spreadsheet = ?", (id,)):
        book.metadata[row["id"]] = json.loads(row["body"])
    sheets = {
        row["key"]: _sheet(db, row)
        for row in db.execute("SELECT * FROM spreadsheet_sheet WHERE spreadsheet = ?", (id,)).fetchall()
    }
    book.sheets = [sheets[key] for key in body["order"]]
    return book


def _sheet(db: sqlite3.Connection, record: sqlite3.Row) -> Sheet:
    body = json.loads(record["body"])
    rows, columns = (_axis(*axis) for axis in json.loads(record["axes"]))
    sheet = Sheet(id=record["sheet"], properties=body["properties"], rows=rows, columns=columns)
    sheet.key, sheet.saved, sheet.basic_filter = record["key"], record["body"], body["filter"]
    sheet.attached = {name: body["attached"].get(name, []) for name in LISTS}
    for row in db.execute("SELECT key, body FROM spreadsheet_row WHERE sheet = ?", (sheet.key,)):
        sheet.cells[row["key"]] = found = _row(row["body"])
        sheet.formulas.update((row["key"], k) for k, v in found.values.items() if isinstance(v, Formula))
    return sheet


def _row(text: str) -> Row:
    # The rows that nobody wrote in yet are many, and alike.
    if text.startswith("[{},") and text.endswith(",{}]"):
        return Row({}, _styles(text).copy(), {})
    values, styles, extras = json.loads(text)
    return Row(
        {int(k): _value(v) for k, v in values.items()},
        {int(k): v for k, v in styles.items()},
        {int(k): v for k, v in extras.items()},
    )


@lru_cache(maxsize=1024)
def _styles(text: str) -> dict[int, int]:
    """The styles of an empty row. Not to be changed in place."""
    _, styles, _ = json.loads(text)
    return {int(k): v for k, v in styles.items()}


def _value(stored: Any) -> Value:
    found: Value = Formula(stored["f"]) if isinstance(stored, dict) else stored
    return found


def _axis(next_key: int, runs: list[list[int]], properties: dict[str, Any]) -> Axis:
    keys = [key for first, count in runs for key in range(first, first + count)]
    return Axis(keys, next_key=next_key, properties={int(k): v for k, v in properties.items()})


def delete(db: sqlite3.Connection, id: str) -> None:
    """Remove everything of a spreadsheet."""
    db.execute(
        "DELETE FROM spreadsheet_row"
        " WHERE sheet IN (SELECT key FROM spreadsheet_sheet WHERE spreadsheet = ?)",
        (id,),
    )
    for table in ("spreadsheet_sheet", "spreadsheet_style", "spreadsheet_metadata"):
        db.execute(f"DELETE FROM {table} WHERE spreadsheet = ?", (id,))  # noqa: S608
    db.execute("DELETE FROM spreadsheet WHERE id = ?", (id,))


def copy(db: sqlite3.Connection, source: str, target: str) -> None:
    """Copy everything of a spreadsheet under another identifier."""
    record = db.execute("SELECT body FROM spreadsheet WHERE id = ?", (source,)).fetchone()
    body = json.loads(record["body"])
    order = []
    for key in body["order"]:
        cursor = db.execute(
            "INSERT INTO spreadsheet_sheet (spreadsheet, sheet, body, axes)"
            " SELECT ?, sheet, body, axes FROM spreadsheet_sheet WHERE key = ?",
            (target, key),
        )
        order.append(cursor.lastrowid)
        db.execute(
            "INSERT INTO spreadsheet_row SELECT ?, key, body FROM spreadsheet_row WHERE sheet = ?",
            (order[-1], key),
        )
    for table, column in (("spreadsheet_style", "number"), ("spreadsheet_metadata", "id")):
        statement = f"INSERT INTO {table} SELECT ?, {column}, body FROM {table} WHERE spreadsheet = ?"  # noqa: S608
        db.execute(statement, (target, source))
    db.execute("INSERT INTO spreadsheet VALUES (?, 1, ?)", (target, json.dumps({**body, "order": order})))
