"""The Spreadsheet resource, whole or the parts that ranges and a field mask ask for."""

from __future__ import annotations

from collections.abc import Sequence

from ponts_flows.sandbox.sheets import filters, formats, metadata, protection
from ponts_flows.sandbox.sheets.a1 import Area, Json
from ponts_flows.sandbox.sheets.book import Book
from ponts_flows.sandbox.sheets.grid import LISTS, Sheet
from ponts_flows.sandbox.sheets.reader import Reader

ROW_HEIGHT, COLUMN_WIDTH = 21, 100


def spreadsheet(
    book: Book, base_url: str, *, areas: Sequence[Area] | None = None, grid_data: Json | None = None
) -> Json:
    """A spreadsheet as the API answers it.

    `areas` limits it to the sheets and cells named; `grid_data` is the mask of GridData (empty: all of it),
    and None leaves the cells out.
    """
    sheets = book.sheets if areas is None else [s for s in book.sheets if any(a.sheet == s.id for a in areas)]
    result: Json = {
        "spreadsheetId": book.id,
        "properties": properties(book),
        "sheets": [_sheet(book, sheet, areas, grid_data) for sheet in sheets],
        "spreadsheetUrl": f"{base_url}/spreadsheets/d/{book.id}/edit",
    }
    if book.named_ranges:
        result["namedRanges"] = book.named_ranges
    own = metadata.on(book).get(None)
    if own:
        result["developerMetadata"] = own
    return result


def properties(book: Book) -> Json:
    """SpreadsheetProperties, with the defaults that Google spells out."""
    return {
        "title": book.title,
        **book.properties,
        "defaultFormat": formats.DEFAULT,
        "spreadsheetTheme": formats.SPREADSHEET_THEME,
    }


def sheet_properties(book: Book, sheet: Sheet) -> Json:
    """SheetProperties: identifiers and positions are there even when they are 0."""
    own = {name: part for name, part in sheet.properties.items() if name != "gridProperties"}
    grid = {"rowCount": len(sheet.rows), "columnCount": len(sheet.columns)}
    return {
        "sheetId": sheet.id,
        "index": book.sheets.index(sheet),
        "sheetType": "GRID",
        **own,
        "gridProperties": {**grid, **sheet.properties.get("gridProperties", {})},
    }


def _sheet(book: Book, sheet: Sheet, areas: Sequence[Area] | None, grid_data: Json | None) -> Json:
    result: Json = {"properties": sheet_properties(book, sheet)}
    if grid_data is not None:
        wanted = [Area(sheet=sheet.id)] if areas is None else [a for a in areas if a.sheet == sheet.id]
        reader = Reader(book)
        result["data"] = [_grid_data(reader, sheet, area, grid_data) for area in wanted]
    for name in LISTS:
        if sheet.attached[name]:
            result[name] = sheet.attached[name]
    if sheet.attached["protectedRanges"]:
        result["protectedRanges"] = [
            protection.visible(book, entry) for entry in sheet.attached["protectedRanges"]
        ]
    if sheet.basic_filter is not None:
        result["basicFilter"] = sheet.basic_filter
    own = metadata.on(book, sheet=sheet.id).get(None)
    if own:
        result["developerMetadata"] = own
    return result


def _grid_data(reader: Reader, sheet: Sheet, area: Area, mask: Json) -> Json:
    box = sheet.box(area)
    result: Json = {}
    if box.top:
        result["startRow"] = box.top
    if box.left:
        result["startColumn"] = box.left
    if not mask or "rowData" in mask or "*" in mask:
        below = mask.get("rowData", {}).get("values", {}) if mask else {}
        rows = _row_data(reader, sheet, area, None if not below or "*" in below else frozenset(below))
        if rows:
            result["rowData"] = rows
    if not mask or "rowMetadata" in mask or "*" in mask:
        result["rowMetadata"] = _dimension(reader, sheet, box.top, box.bottom, rows=True)
    if not mask or "columnMetadata" in mask or "*" in mask:
        result["columnMetadata"] = _dimension(reader, sheet, box.left, box.right, rows=False)
    return result


def _row_data(reader: Reader, sheet: Sheet, area: Area, wanted: frozenset[str] | None) -> list[Json]:
    box = sheet.box(area)
    positions = [(sheet.columns.keys[column], column) for column in range(box.left, box.right)]
    result: list[Json] = []
    for row in range(box.top, box.bottom):
        found = sheet.row(row)
        if found is None:
            result.append({})
            continue
        busy = found.values.keys() | found.styles.keys() | found.extras.keys()
        cells = [reader.data(sheet, row, column, wanted) if key in busy else {} for key, column in positions]
        while cells and not cells[-1]:
            cells.pop()
        result.append({"values": cells} if cells else {})
    while result and not result[-1]:
        result.pop()
    return result


def _dimension(reader: Reader, sheet: Sheet, start: int, end: int, *, rows: bool) -> list[Json]:
    axis = sheet.rows if rows else sheet.columns
    size = ROW_HEIGHT if rows else COLUMN_WIDTH
    labels = metadata.on(reader.book, sheet=sheet.id, axis="ROWS" if rows else "COLUMNS")
    hidden = filters.hidden(reader, sheet, sheet.basic_filter) if rows and sheet.basic_filter else set()
    result = []
    for position in range(start, end):
        entry = {"pixelSize": size, **axis.properties.get(axis.keys[position], {})}
        if position in hidden:
            entry["hiddenByFilter"] = True
        if position in labels:
            entry["developerMetadata"] = labels[position]
        result.append(entry)
    return result
