"""`spreadsheets.values` on one spreadsheet: reading, writing, clearing and appending blocks of values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ponts_flows.sandbox.errors import bad_request
from ponts_flows.sandbox.sheets import a1, cells, lookup, protection, structure
from ponts_flows.sandbox.sheets.a1 import Area, Box, Json
from ponts_flows.sandbox.sheets.book import Book
from ponts_flows.sandbox.sheets.grid import Sheet
from ponts_flows.sandbox.sheets.reader import Reader
from ponts_flows.sandbox.sheets.tables import table_in

OPTIONS = ("RAW", "USER_ENTERED")


@dataclass(frozen=True, kw_only=True)
class Rendering:
    """How values are answered."""

    render: str = "FORMATTED_VALUE"
    moments: str = "SERIAL_NUMBER"
    columns: bool = False


@dataclass(frozen=True, kw_only=True)
class Written:
    """What a write touched."""

    sheet: Sheet
    asked: Area
    box: Box
    cells: frozenset[tuple[int, int]]

    def json(self) -> Json:
        """The counts of an UpdateValuesResponse, zeros left out."""
        counts = {
            "updatedRange": a1.named(self.sheet.title, self.box),
            "updatedRows": len({row for row, _ in self.cells}),
            "updatedColumns": len({column for _, column in self.cells}),
            "updatedCells": len(self.cells),
        }
        return {name: value for name, value in counts.items() if value}


def read(book: Book, area: Area, how: Rendering) -> Json:
    """A ValueRange: empty rows and cells at its ends are cut; its range is the one asked for, on the grid."""
    lookup.inside(book, area)
    sheet = book.sheet(area.sheet)
    return read_box(book, sheet, sheet.box(area), how)


def read_box(book: Book, sheet: Sheet, box: Box, how: Rendering) -> Json:
    """The same, of a part of one sheet."""
    reader = Reader(book)
    if how.columns and box.width == 1:
        lines = [reader.column(sheet, box, render=how.render, moments=how.moments)]
    else:
        lines = reader.rows(sheet, box, render=how.render, moments=how.moments)
        if how.columns:
            lines = [[row[i] if i < len(row) else None for row in lines] for i in range(box.width)]
    values = _cut(lines)
    found: Json = {
        "range": a1.named(sheet.title, box),
        "majorDimension": "COLUMNS" if how.columns else "ROWS",
    }
    return {**found, "values": values} if values else found


def _cut(lines: list[list[Any]]) -> list[list[Any]]:
    result = []
    for line in lines:
        end = len(line)
        while end and line[end - 1] is None:
            end -= 1
        result.append(["" if value is None else value for value in line[:end]])
    while result and not result[-1]:
        result.pop()
    return result


def check_option(option: str | None) -> str:
    """RAW or USER_ENTERED; 400 when neither was said."""
    if option not in OPTIONS:
        raise bad_request("'valueInputOption' is required but not specified")
    return option


def lines_of(given: Json) -> list[list[Any]]:
    """The values of a ValueRange, row by row; 400 for values that no cell can hold."""
    lines: list[list[Any]] = given.get("values") or []
    for i, line in enumerate(lines):
        for j, value in enumerate(line):
            if isinstance(value, list | dict):
                kind = "list_value" if isinstance(value, list) else "struct_value"
                raise bad_request(f"Invalid values[{i}][{j}]: {kind} {{\n{_proto(value)}}}\n")
    if given.get("majorDimension") == "COLUMNS":
        height = max((len(line) for line in lines), default=0)
        return [[line[i] if i < len(line) else None for line in lines] for i in range(height)]
    return lines


def _proto(value: Any) -> str:
    items = value if isinstance(value, list) else value.values()
    return "".join(f"  values {{\n    string_value: {str(item)!r}\n  }}\n" for item in items)


def write(
    book: Book, area: Area, lines: list[list[Any]], *, option: str, start_only: bool = False
) -> Written:
    """Write rows of values from the first cell of an area on; null leaves a cell as it is.

    `start_only` is for a single cell that only says where to begin (`B2`, but not `B2:B2`). 400 when the
    values do not fit into the area or the grid, or when a cell is protected from the caller.
    """
    lookup.inside(book, area)
    sheet = book.sheet(area.sheet)
    width = max((len(line) for line in lines), default=0)
    top, left = area.top or 0, area.left or 0
    box = Box(top=top, bottom=top + max(1, len(lines)), left=left, right=left + max(1, width))
    _check_fit(sheet, area, box, start_only=start_only)
    places = put(book, sheet, box, lines, option=option)
    return Written(sheet=sheet, asked=area, box=box, cells=places)


def put(
    book: Book, sheet: Sheet, box: Box, lines: list[list[Any]], *, option: str
) -> frozenset[tuple[int, int]]:
    """Write rows of values into a box of the grid; return the cells that were set."""
    places = frozenset(
        (row, column)
        for row, line in enumerate(lines, start=box.top)
        for column, value in enumerate(line, start=box.left)
        if value is not None
    )
    if places and sheet.attached["protectedRanges"] and not book.owner_rights():
        touched = (Area(sheet=sheet.id, top=r, bottom=r + 1, left=c, right=c + 1) for r, c in sorted(places))
        protection.check(book, touched)
    for row, line in enumerate(lines, start=box.top):
        for column, value in enumerate(line, start=box.left):
            cells.enter(book, sheet, row, column, value, option=option)
    return places


def starts_only(area: Area, text: str) -> bool:
    """Whether a range written as `text` is one cell where values begin; any colon makes it a range."""
    one = area.top is not None and area.left is not None
    return (
        one and ":" not in text and area.bottom == (area.top or 0) + 1 and area.right == (area.left or 0) + 1
    )


def _check_fit(sheet: Sheet, area: Area, box: Box, *, start_only: bool) -> None:
    """Values must stay inside the range that was named, and on the grid."""
    asked = lookup.text_of(sheet, area)
    if not start_only and area.bottom is not None and box.bottom > area.bottom:
        raise bad_request(
            f"Requested writing within range [{asked}], but tried writing to row [{area.bottom + 1}]"
        )
    if not start_only and area.right is not None and box.right > area.right:
        column = a1.letters(area.right)
        raise bad_request(f"Requested writing within range [{asked}], but tried writing to column [{column}]")
    if box.bottom > len(sheet.rows) or box.right > len(sheet.columns):
        raise bad_request(
            f"Range ({a1.named(sheet.title, box)}) exceeds grid limits. "
            f"Max rows: {len(sheet.rows)}, max columns: {len(sheet.columns)}"
        )


def clear(book: Book, area: Area) -> str:
    """Empty the cells of an area, formats and all else kept; return the range that was cleared."""
    lookup.inside(book, area)
    sheet = book.sheet(area.sheet)
    protection.check(book, [area])
    box = sheet.box(area)
    for row, column, _ in list(sheet.filled(box)):
        sheet.put_value(row, column, None)
    return a1.named(sheet.title, box)


def append(
    book: Book, area: Area, lines: list[list[Any]], *, option: str, insert: bool
) -> tuple[str, Written]:
    """Write rows after the last table that meets the area; return that table's range, or "".

    Without a table the rows begin at the area's first cell. The grid grows as needed; `insert` pushes down
    what is below.
    """
    lookup.inside(book, area)
    sheet = book.sheet(area.sheet)
    table = table_in(sheet, sheet.box(area))
    top, left = (table.bottom, table.left) if table else (area.top or 0, area.left or 0)
    width = max((len(line) for line in lines), default=0)
    box = Box(top=top, bottom=top + max(1, len(lines)), left=left, right=left + max(1, width))
    if insert and top < len(sheet.rows) and lines:
        structure.insert(book, sheet, rows=True, at=top, count=len(lines), like=top - 1 if top else None)
    _grow(book, sheet, box)
    places = put(book, sheet, box, lines, option=option)
    written = Written(sheet=sheet, asked=area, box=box, cells=places)
    return a1.named(sheet.title, table) if table else "", written


def _grow(book: Book, sheet: Sheet, box: Box) -> None:
    for rows, end in ((True, box.bottom), (False, box.right)):
        axis = structure.axis(sheet, rows=rows)
        if end > len(axis):
            structure.insert(book, sheet, rows=rows, at=len(axis), count=end - len(axis))
