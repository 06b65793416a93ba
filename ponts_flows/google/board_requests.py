"""The requests by which the board is written: pure functions from changes to `batchUpdate` requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ponts_flows.board.changes import AppendRow, Link, Value
from ponts_flows.board.layout import FIRST_ROW
from ponts_flows.board.reading import TabReading, serial
from ponts_flows.board.tabs import Column, Kind, Tab
from ponts_flows.google.sheets import letters, quoted

Json = dict[str, Any]
Position = tuple[int, int]
"""Row and column, counted from 0."""

# The service refuses a longer text, and with it all the changes of the call.
_LONGEST_TEXT = 50_000
# About 2 MB a request are advised; a block is small beside it.
_ROWS_PER_BLOCK = 500
# A sheet that is full grows by so many rows more than are needed: all its columns are then formatted anew.
_ROOM = 1000
_HUMAN_FIELDS = "userEnteredValue,note,userEnteredFormat.backgroundColorStyle"
# So many names may be chosen from.
_MOST_NAMES = 20
_MARK = {"rgbColor": {"red": 0.96, "green": 0.78, "blue": 0.76}}
_FORMATS = {
    Kind.DATE: {"type": "DATE", "pattern": "dd/MM/yyyy"},
    Kind.DATETIME: {"type": "DATE_TIME", "pattern": "dd/MM/yyyy HH:mm"},
}


def cell(value: Value) -> Json:
    """The `CellData` of a value: text stays text, whatever its first sign; dates become serial numbers."""
    if value is None or value == "":
        return {}
    if isinstance(value, Link):
        runs = [{"startIndex": 0, "format": {"link": {"uri": value.url}}}]
        return {"userEnteredValue": {"stringValue": value.text}, "textFormatRuns": runs}
    if isinstance(value, bool):
        return {"userEnteredValue": {"boolValue": value}}
    if isinstance(value, int | float):
        return {"userEnteredValue": {"numberValue": value}}
    if isinstance(value, date):
        return {"userEnteredValue": {"numberValue": serial(value)}}
    text = value if len(value) <= _LONGEST_TEXT else value[: _LONGEST_TEXT - 1] + "…"
    return {"userEnteredValue": {"stringValue": text}}


def cells_requests(sheet_id: int, cells: Mapping[Position, Value]) -> list[Json]:
    """Write values at positions, neighbours together."""
    runs: list[tuple[Position, list[Value]]] = []
    for (row, column), value in sorted(cells.items(), key=lambda item: item[0]):
        if runs and runs[-1][0][0] == row and runs[-1][0][1] + len(runs[-1][1]) == column:
            runs[-1][1].append(value)
        else:
            runs.append(((row, column), [value]))
    blocks: dict[tuple[int, int], list[tuple[Position, list[list[Value]]]]] = {}
    for (row, column), values in runs:
        shape = blocks.setdefault((column, len(values)), [])
        if shape and shape[-1][0][0] + len(shape[-1][1]) == row and len(shape[-1][1]) < _ROWS_PER_BLOCK:
            shape[-1][1].append(values)
        else:
            shape.append(((row, column), [values]))
    return [_block(sheet_id, start, rows) for shape in blocks.values() for start, rows in shape]


def _block(sheet_id: int, start: Position, rows: list[list[Value]]) -> Json:
    links = any(isinstance(value, Link) for row in rows for value in row)
    return {
        "updateCells": {
            "start": {"sheetId": sheet_id, "rowIndex": start[0], "columnIndex": start[1]},
            "rows": [{"values": [cell(value) for value in row]} for row in rows],
            "fields": "userEnteredValue,textFormatRuns" if links else "userEnteredValue",
        }
    }


def cell_request(sheet_id: int, at: Position, data: Json, fields: str) -> Json:
    """Write one cell's data under a field mask."""
    start = {"sheetId": sheet_id, "rowIndex": at[0], "columnIndex": at[1]}
    return {"updateCells": {"start": start, "rows": [{"values": [data]}], "fields": fields}}


def clear_request(sheet_id: int, at: Position, note: str) -> Json:
    """Empty a cell and its mark, and say in a note what was done."""
    return cell_request(sheet_id, at, {"note": note}, _HUMAN_FIELDS)


def mark_request(sheet_id: int, at: Position, note: str | None) -> Json:
    """Mark a cell with a note, or take mark and note away (None); its value is not touched."""
    data = {} if note is None else {"note": note, "userEnteredFormat": {"backgroundColorStyle": _MARK}}
    return cell_request(sheet_id, at, data, "note,userEnteredFormat.backgroundColorStyle")


def restore_request(sheet_id: int, at: Position, value: Value) -> Json:
    """Put a person's value back into a cell that was written by mistake, and take our note and mark away."""
    return cell_request(sheet_id, at, cell(value), _HUMAN_FIELDS)


def append_requests(tab: Tab, reading: TabReading, rows: Sequence[AppendRow], names: str) -> list[Json]:
    """Add rows after the last one that holds data, in today's order of columns; `names`: see `validation`.

    A box to tick comes with its row: were boxes on empty rows data, new rows would go below them all. Only where
    people begin the lines are boxes there before (`Column.ready`): hardly a row is added there by the programme.
    """
    boxes = any(column.kind is Kind.CHECKBOX for column in tab.columns)
    fields = "userEnteredValue"
    fields += ",textFormatRuns" if any(column.kind is Kind.LINK for column in tab.columns) else ""
    fields += ",dataValidation" if boxes else ""
    data = [_appended(tab, reading, row, names, boxes=boxes) for row in rows]
    requests: list[Json] = [
        {
            "appendCells": {
                "sheetId": reading.sheet_id,
                "rows": data[i : i + _ROWS_PER_BLOCK],
                "fields": fields,
            }
        }
        for i in range(0, len(data), _ROWS_PER_BLOCK)
    ]
    if reading.last_row + len(rows) > reading.row_count:
        grown = {"sheetId": reading.sheet_id, "dimension": "ROWS", "length": len(rows) + _ROOM}
        requests.insert(0, {"appendDimension": grown})
        for column in tab.columns:
            requests += column_requests(column, reading.sheet_id, reading.columns[column.key], names)
    return requests


def _appended(tab: Tab, reading: TabReading, row: AppendRow, names: str, *, boxes: bool) -> Json:
    values: list[Json] = [{} for _ in range(max(reading.columns.values()) + 1)]
    for key, value in {**row.cells, tab.id_column or "": row.id}.items():
        values[reading.columns[key]] = cell(value)
    for column in tab.human if boxes else ():
        if column.kind is Kind.DROPDOWN or column.has_box(row.id):
            values[reading.columns[column.key]] = {"dataValidation": validation(column, names)}
    return {"values": values}


def names_range(title: str, column: int) -> str:
    """Where coordinators keep their names: a column, from 0, of the tab Réglages under its title."""
    place = f"${letters(column)}${FIRST_ROW}:${letters(column)}${FIRST_ROW + _MOST_NAMES - 1}"
    return f"={quoted(title)}!{place}"


def validation(column: Column, names: str) -> Json | None:
    """The rule of a dropdown or a box to tick; None for other kinds. `names`: the range that names are chosen from."""
    if column.kind is Kind.CHECKBOX:
        return {"condition": {"type": "BOOLEAN"}, "strict": True, "showCustomUi": True}
    if column.named:
        return {
            "condition": {"type": "ONE_OF_RANGE", "values": [{"userEnteredValue": names}]},
            "inputMessage": "Choisissez votre nom, ou laissez vide.",
            "strict": True,
            "showCustomUi": True,
        }
    if column.kind is Kind.DROPDOWN:
        values = [{"userEnteredValue": choice} for choice in column.choices]
        return {
            "condition": {"type": "ONE_OF_LIST", "values": values},
            "inputMessage": "Choisissez dans la liste, ou laissez vide.",
            "strict": True,
            "showCustomUi": True,
        }
    return None


def on_empty_rows(column: Column) -> bool:
    """Whether the rule of a column is there before a row is: to choose from, or to tick, on a line begun by hand."""
    return column.kind is Kind.DROPDOWN or column.ready


def number_format(column: Column) -> Json | None:
    """How the dates of a column are shown; None for what shows well by itself."""
    return _FORMATS.get(column.kind)


def column_range(sheet_id: int, index: int) -> Json:
    """All rows of a column, to the bottom of the sheet however far that is."""
    return {
        "sheetId": sheet_id,
        "startRowIndex": FIRST_ROW - 1,
        "startColumnIndex": index,
        "endColumnIndex": index + 1,
    }


def column_requests(column: Column, sheet_id: int, index: int, names: str) -> list[Json]:
    """Give all rows of a column their format and the rule that they have even when they are empty."""
    form: Json = {"wrapStrategy": "WRAP" if column.wrap else "CLIP", "verticalAlignment": "TOP"}
    fields = ["userEnteredFormat.wrapStrategy", "userEnteredFormat.verticalAlignment"]
    if shown := number_format(column):
        form["numberFormat"] = shown
        fields.append("userEnteredFormat.numberFormat")
    where = column_range(sheet_id, index)
    repeated = {"range": where, "cell": {"userEnteredFormat": form}, "fields": ",".join(fields)}
    requests: list[Json] = [{"repeatCell": repeated}]
    if on_empty_rows(column):
        requests.append({"setDataValidation": {"range": where, "rule": validation(column, names)}})
    return requests
