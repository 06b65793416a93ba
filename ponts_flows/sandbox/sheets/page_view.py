"""What of a spreadsheet somebody looks at: the tab, the filter view, the stretch of rows, the columns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ponts_flows.sandbox.drive import files
from ponts_flows.sandbox.errors import not_found
from ponts_flows.sandbox.sheets import book as books
from ponts_flows.sandbox.sheets.a1 import column_number, letters
from ponts_flows.sandbox.sheets.book import Book
from ponts_flows.sandbox.sheets.grid import Sheet
from ponts_flows.sandbox.sheets.person import visible_rows
from ponts_flows.sandbox.store import Store

Json = dict[str, Any]
ROWS_AT_ONCE = 500
BLANK_ROWS = 25
_CELL = re.compile(r"([A-Za-z]{1,3})?(\d{1,7})?(?::.*)?")


@dataclass(frozen=True, kw_only=True)
class Looking:
    """Somebody looking at a sheet; positions from zero. `rows` are those shown, the frozen ones first."""

    book: Book
    sheet: Sheet
    email: str
    people: tuple[str, ...]
    view: int | None
    rows: tuple[int, ...]
    frozen: int
    start: int
    total: int
    columns: tuple[int, ...]
    target: tuple[int, int] | None

    @property
    def tabs(self) -> list[Sheet]:
        """The sheets that are not hidden."""
        return [
            sheet for sheet in self.book.sheets if not sheet.properties.get("hidden") or sheet is self.sheet
        ]

    @property
    def frozen_columns(self) -> int:
        """How many of the columns shown stay in place."""
        count = self.sheet.properties.get("gridProperties", {}).get("frozenColumnCount", 0)
        return sum(1 for column in self.columns if column < count)

    @property
    def headings(self) -> list[tuple[str, int]]:
        """The letter and the width in pixels of each column shown."""
        return [(letters(column), width(self.sheet, column)) for column in self.columns]

    @property
    def views(self) -> list[tuple[int, str]]:
        """The filter views of the sheet."""
        return [(view["filterViewId"], view.get("title", "")) for view in self.sheet.attached["filterViews"]]


def width(sheet: Sheet, column: int) -> int:
    """The width of a column in pixels."""
    return int(sheet.columns.properties.get(sheet.columns.keys[column], {}).get("pixelSize", 100))


def people_of(store: Store, id: str) -> tuple[str, ...]:
    """Those who may open a spreadsheet, people before service accounts, who have no eyes."""
    everyone = files.people(store, id, "reader")
    return tuple(sorted(everyone, key=lambda email: email.endswith(".gserviceaccount.com")))


def sheet_of(book: Book, gid: int | None) -> Sheet:
    """The sheet asked for, else the first one shown; 404 when there is no such sheet."""
    if gid is None:
        return next((sheet for sheet in book.sheets if not sheet.properties.get("hidden")), book.sheets[0])
    for sheet in book.sheets:
        if sheet.id == gid:
            return sheet
    raise not_found()


def look(
    store: Store, id: str, *, who: str, gid: int | None, view: int | None, start: int, place: str
) -> Looking:
    """Open a spreadsheet for somebody (the first who may when `who` has no right) at a place."""
    people = people_of(store, id)
    if not people:
        raise not_found()
    email = who if who in people else people[0]
    book = books.opened(store, id, email)
    sheet = sheet_of(book, gid)
    view = view if view in {entry["filterViewId"] for entry in sheet.attached["filterViews"]} else None
    used = sheet.used()
    frozen, rest = _rows(book, sheet, view, used.bottom)
    target = _target(place, len(sheet.rows), len(sheet.columns))
    if target and target[0] in rest:
        start = rest.index(target[0])
    start = max(0, min(start, len(rest) - 1)) // ROWS_AT_ONCE * ROWS_AT_ONCE
    return Looking(
        book=book,
        sheet=sheet,
        email=email,
        people=people,
        view=view,
        rows=(*frozen, *rest[start : start + ROWS_AT_ONCE]),
        frozen=len(frozen),
        start=start,
        total=len(rest),
        columns=_columns(sheet, used.right, len(rest), target),
        target=target,
    )


def _rows(book: Book, sheet: Sheet, view: int | None, used: int) -> tuple[list[int], list[int]]:
    """The frozen rows, and the others with some blank ones after the last used."""
    frozen_count = sheet.properties.get("gridProperties", {}).get("frozenRowCount", 0)
    last = max(used, frozen_count, *_under_charts(sheet))
    blank = range(max(used, frozen_count), min(last + BLANK_ROWS, len(sheet.rows)))
    properties, keys = sheet.rows.properties, sheet.rows.keys
    shown = [row for row in blank if not properties.get(keys[row], {}).get("hiddenByUser")]
    everything = [*visible_rows(book, sheet, view), *shown]
    frozen = [row for row in everything if row < frozen_count]
    return frozen, [row for row in everything if row >= frozen_count]


def _under_charts(sheet: Sheet) -> list[int]:
    """The rows where charts begin: they lie over cells that are there."""
    places = (entry["position"]["overlayPosition"] for entry in sheet.attached["charts"])
    return [place.get("anchorCell", {}).get("rowIndex", 0) + 1 for place in places]


def _columns(sheet: Sheet, used: int, row_count: int, target: tuple[int, int] | None) -> tuple[int, ...]:
    """The columns not hidden: all of a small sheet, and of a large one those in use and two more."""
    last = len(sheet.columns)
    if last * min(row_count, ROWS_AT_ONCE) > 6000:
        last = min(last, max(used + 2, 8, (target[1] + 1) if target else 0))
    return tuple(
        column
        for column in range(last)
        if not sheet.columns.properties.get(sheet.columns.keys[column], {}).get("hiddenByUser")
    )


def _target(text: str, row_count: int, column_count: int) -> tuple[int, int] | None:
    """The cell that `range=` in an address points at: `B12`, `12`, `B`, or the first of `B12:D14`."""
    match = _CELL.fullmatch(text.strip()) if text.strip() else None
    if match is None or not (match[1] or match[2]):
        return None
    row, column = int(match[2] or 1) - 1, column_number(match[1] or "A")
    return (row, column) if 0 <= row < row_count and column < column_count else None


def is_linked(book: Book) -> bool:
    """Whether a change of one cell may change how another looks, by a formula or by a rule that uses one."""
    if any(sheet.formulas for sheet in book.sheets):
        return True
    rules = [rule for sheet in book.sheets for rule in sheet.attached["conditionalFormats"]]
    return any(
        rule.get("booleanRule", {}).get("condition", {}).get("type") == "CUSTOM_FORMULA"
        or "gradientRule" in rule
        for rule in rules
    )
