"""What the functions of batchUpdate share: the spreadsheet at hand, and the cells that a request names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ponts_flows.sandbox.errors import bad_request
from ponts_flows.sandbox.sheets import protection
from ponts_flows.sandbox.sheets.a1 import Area, Box, Json
from ponts_flows.sandbox.sheets.book import Book
from ponts_flows.sandbox.sheets.grid import Axis, Sheet
from ponts_flows.sandbox.sheets.reader import Reader
from ponts_flows.sandbox.store import Store


@dataclass(frozen=True, kw_only=True)
class Work:
    """One batchUpdate under way."""

    store: Store
    book: Book

    def reader(self) -> Reader:
        """Reads cells as they are now."""
        return Reader(self.book)

    def tab(self, id: int) -> Sheet:
        """A sheet by its identifier, in the words of requests about sheets."""
        for sheet in self.book.sheets:
            if sheet.id == id:
                return sheet
        raise bad_request(f"No sheet with id: {id}")

    def area(self, grid_range: Json | None) -> tuple[Sheet, Area]:
        """A GridRange that lies on the grid; 400 when it starts or ends outside."""
        area = Area.of(grid_range or {})
        sheet = self.book.sheet(area.sheet)
        for name, value in (grid_range or {}).items():
            if name != "sheetId" and value < 0:
                raise bad_request(f"{name}[{value}] must be non-negative")
        _check_order(area)
        _check_inside(sheet, area)
        return sheet, area

    def open_area(self, grid_range: Json | None) -> tuple[Sheet, Box]:
        """The same, as a box that the caller may edit."""
        sheet, area = self.area(grid_range)
        protection.check(self.book, [area])
        return sheet, sheet.box(area)

    def dimension(self, given: Json | None) -> tuple[Sheet, Axis, bool, int, int]:
        """A DimensionRange: its sheet, axis, whether rows are meant, start and end (exclusive)."""
        given = given or {}
        sheet = self.book.sheet(given.get("sheetId", 0))
        if given.get("dimension") not in ("ROWS", "COLUMNS"):
            raise bad_request("No dimension specified.")
        rows = given["dimension"] == "ROWS"
        axis = sheet.rows if rows else sheet.columns
        start, end = given.get("startIndex", 0), given.get("endIndex", len(axis))
        if start < 0:
            raise bad_request(f"range.startIndex[{start}] must be non-negative")
        if end < start:
            raise bad_request(f"range.endIndex[{end}] must be after range.startIndex[{start}]")
        return sheet, axis, rows, start, end


def _check_order(area: Area) -> None:
    for name, start, end in (("Row", area.top, area.bottom), ("Column", area.left, area.right)):
        if start is not None and end is not None and start > end:
            raise bad_request(f"range.end{name}Index[{end}] must be after range.start{name}Index[{start}]")


def _check_inside(sheet: Sheet, area: Area) -> None:
    """A range must begin on the grid; what it has beyond the grid's end does not count."""
    for name, start, size in (("Row", area.top, len(sheet.rows)), ("Column", area.left, len(sheet.columns))):
        if start is not None and start > size:
            raise bad_request(f"range.start{name}Index[{start}] is too large. Max {name.lower()}s: {size}")


def places(box: Box) -> Iterator[tuple[int, int]]:
    """Every (row, column) of a box, row by row."""
    return ((row, column) for row in range(box.top, box.bottom) for column in range(box.left, box.right))


def grown(work: Work, sheet: Sheet, *, rows: int, columns: int) -> None:
    """Make the grid at least so large, adding rows and columns at its ends."""
    from ponts_flows.sandbox.sheets import structure

    if rows > len(sheet.rows):
        structure.insert(work.book, sheet, rows=True, at=len(sheet.rows), count=rows - len(sheet.rows))
    if columns > len(sheet.columns):
        structure.insert(
            work.book, sheet, rows=False, at=len(sheet.columns), count=columns - len(sheet.columns)
        )
