"""One sheet: its rows and columns, what their cells hold, and everything that is attached to ranges of it.

Rows and columns have keys that never change. Cells, sizes and developer metadata are kept under keys, so that
inserting, deleting or moving rows or columns carries them along and rewrites no row of data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from ponts_flows.sandbox.sheets.a1 import Area, Box, Json

T = TypeVar("T")


class Formula(str):
    """A formula as typed in an English spreadsheet: `=SUM(A1,B2)`."""

    __slots__ = ()


Value = float | str | bool | Formula
"""What a cell holds: a number (dates are serial days), a text, a boolean or a formula; None if empty."""


class Axis:
    """The rows, or the columns, of a sheet in their order."""

    def __init__(
        self, keys: Iterable[int], *, next_key: int, properties: dict[int, Json] | None = None
    ) -> None:
        self.keys = list(keys)
        self.next_key = next_key
        self.properties = properties or {}
        self.changed = False
        self._positions: dict[int, int] | None = None

    @classmethod
    def fresh(cls, count: int) -> Axis:
        """So many rows or columns, nothing special about any of them."""
        return cls(range(count), next_key=count)

    def __len__(self) -> int:
        return len(self.keys)

    def position(self, key: int) -> int | None:
        """Where the row or column with this key stands now; None when it was deleted."""
        if self._positions is None:
            self._positions = {key: position for position, key in enumerate(self.keys)}
        return self._positions.get(key)

    def insert(self, at: int, count: int) -> list[int]:
        """Add rows or columns before position `at`; return their keys."""
        new = list(range(self.next_key, self.next_key + count))
        self.next_key += count
        self.keys[at:at] = new
        self._moved()
        return new

    def delete(self, start: int, end: int) -> list[int]:
        """Take out positions `start` to `end` (exclusive); return their keys."""
        gone = self.keys[start:end]
        del self.keys[start:end]
        for key in gone:
            self.properties.pop(key, None)
        self._moved()
        return gone

    def move(self, start: int, end: int, to: int) -> None:
        """Put positions `start` to `end` before what stands at `to` now."""
        moving = self.keys[start:end]
        rest = self.keys[:start] + self.keys[end:]
        at = to if to <= start else to - len(moving)
        self.keys = rest[:at] + moving + rest[at:]
        self._moved()

    def _moved(self) -> None:
        self.changed = True
        self._positions = None

    def runs(self) -> list[list[int]]:
        """The keys as [first, how many] runs: short, unless they were shuffled."""
        found: list[list[int]] = []
        for key in self.keys:
            if found and key == found[-1][0] + found[-1][1]:
                found[-1][1] += 1
            else:
                found.append([key, 1])
        return found


class Row:
    """What one row holds, by column key: values, numbers of the book's styles, notes and text runs."""

    __slots__ = ("extras", "styles", "values")

    def __init__(
        self,
        values: dict[int, Value] | None = None,
        styles: dict[int, int] | None = None,
        extras: dict[int, Json] | None = None,
    ) -> None:
        self.values: dict[int, Value] = values or {}
        self.styles: dict[int, int] = styles or {}
        self.extras: dict[int, Json] = extras or {}


@dataclass(kw_only=True)
class Cell:
    """A whole cell, as it is copied and moved; `style` is the number of a style of the book (0: none)."""

    value: Value | None = None
    style: int = 0
    extras: Json = field(default_factory=dict)


LISTS = (
    "merges",
    "conditionalFormats",
    "filterViews",
    "protectedRanges",
    "bandedRanges",
    "rowGroups",
    "columnGroups",
    "charts",
    "slicers",
)


class Sheet:
    """A sheet of a spreadsheet; positions are zero-based rows and columns as they stand now."""

    def __init__(self, *, id: int, properties: Json, rows: Axis, columns: Axis) -> None:
        self.id = id
        self.properties = properties
        self.rows = rows
        self.columns = columns
        self.cells: dict[int, Row] = {}
        self.attached: dict[str, list[Json]] = {name: [] for name in LISTS}
        self.basic_filter: Json | None = None
        self.formulas: set[tuple[int, int]] = set()
        self.touched: set[int] = set()
        self.key: int | None = None
        self.saved = ""

    @property
    def title(self) -> str:
        """The name on its tab."""
        return str(self.properties["title"])

    # Reading

    def row(self, row: int) -> Row | None:
        """What a row holds; None when it never held anything."""
        return self.cells.get(self.rows.keys[row])

    def value(self, row: int, column: int) -> Value | None:
        """What was entered in a cell."""
        found = self.cells.get(self.rows.keys[row])
        return None if found is None else found.values.get(self.columns.keys[column])

    def style(self, row: int, column: int) -> int:
        """The number of a cell's style."""
        found = self.cells.get(self.rows.keys[row])
        return 0 if found is None else found.styles.get(self.columns.keys[column], 0)

    def cell(self, row: int, column: int) -> Cell:
        """A copy of a cell."""
        found, key = self.cells.get(self.rows.keys[row]), self.columns.keys[column]
        if found is None:
            return Cell()
        return Cell(
            value=found.values.get(key),
            style=found.styles.get(key, 0),
            extras=dict(found.extras.get(key, {})),
        )

    def box(self, area: Area) -> Box:
        """The part of an area that lies on the grid."""
        return Box(
            top=min(area.top or 0, len(self.rows)),
            bottom=len(self.rows) if area.bottom is None else min(area.bottom, len(self.rows)),
            left=min(area.left or 0, len(self.columns)),
            right=len(self.columns) if area.right is None else min(area.right, len(self.columns)),
        )

    def used(self, *, values_only: bool = True) -> Box:
        """The smallest box from A1 that holds every value (and, if asked, every style and note)."""
        bottom, right = 0, 0
        for position in range(len(self.rows) - 1, -1, -1):
            found = self.cells.get(self.rows.keys[position])
            if found and (found.values or (not values_only and (found.styles or found.extras))):
                bottom = max(bottom, position + 1)
                keys = (
                    found.values.keys()
                    if values_only
                    else found.values.keys() | found.styles.keys() | found.extras.keys()
                )
                right = max(right, *((self.columns.position(key) or 0) + 1 for key in keys))
        return Box(top=0, bottom=bottom, left=0, right=right)

    def last_row(self) -> int:
        """One past the last row that holds a value."""
        for position in range(len(self.rows) - 1, -1, -1):
            found = self.cells.get(self.rows.keys[position])
            if found and found.values:
                return position + 1
        return 0

    def filled(self, box: Box) -> Iterator[tuple[int, int, Value]]:
        """The cells of a box that hold a value, row by row: (row, column, value)."""
        keys = self.columns.keys[box.left : box.right]
        for position in range(box.top, box.bottom):
            found = self.cells.get(self.rows.keys[position])
            if found and found.values:
                for column, key in enumerate(keys, start=box.left):
                    if key in found.values:
                        yield position, column, found.values[key]

    # Writing: every change of a cell goes through these two.

    def edited(self, row: int) -> Row:
        """The row, to be changed; it will be saved."""
        key = self.rows.keys[row]
        self.touched.add(key)
        return self.cells.setdefault(key, Row())

    def put(self, row: int, column: int, cell: Cell) -> None:
        """Replace a whole cell."""
        self.put_value(row, column, cell.value)
        found, key = self.edited(row), self.columns.keys[column]
        _keep(found.styles, key, cell.style)
        _keep(found.extras, key, cell.extras)

    def put_value(self, row: int, column: int, value: Value | None) -> None:
        """Replace what was entered in a cell; text runs go with the old value."""
        found, key = self.edited(row), self.columns.keys[column]
        place = (self.rows.keys[row], key)
        self.formulas.discard(place)
        if value is None:
            found.values.pop(key, None)
        else:
            found.values[key] = value
            if isinstance(value, Formula):
                self.formulas.add(place)
        if key in found.extras:
            found.extras[key].pop("textFormatRuns", None)

    def put_style(self, row: int, column: int, style: int) -> None:
        """Give a cell another style, by its number in the book."""
        _keep(self.edited(row).styles, self.columns.keys[column], style)

    def put_extra(self, row: int, column: int, name: str, value: object) -> None:
        """Set or, with None, remove a note (`note`) or the text runs (`textFormatRuns`) of a cell."""
        extras, key = self.edited(row).extras, self.columns.keys[column]
        entry = {k: v for k, v in extras.get(key, {}).items() if k != name}
        _keep(extras, key, {**entry, name: value} if value else entry)


def _keep(entries: dict[int, T], key: int, value: T) -> None:
    if value:
        entries[key] = value
    else:
        entries.pop(key, None)
