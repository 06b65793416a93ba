"""What was read of the board: for each tab its rows by identifier, with what people typed in them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

Cell = str | float | bool
"""A cell's unformatted value; a date is a serial number of days."""

_NOTHING: Mapping[str, Cell] = {}
# Serial numbers are wall clock time, in no zone.
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row: its number in the sheet (1 is the first), its identifier, and what people typed, by column key.

    Blank cells and boxes that are not ticked are absent from `cells`. `id` is empty in a row added by people.
    """

    number: int
    id: str
    cells: Mapping[str, Cell]

    def text(self, column: str) -> str:
        """What is written in a column, without blanks around; empty when nothing is."""
        return as_text(self.cells.get(column, ""))

    def ticked(self, column: str) -> bool:
        """Whether a box is ticked."""
        return self.cells.get(column) is True


class Rows(Mapping[str, Row]):
    """Rows by identifier, made when they are asked for: a board has very many, and few are looked at.

    `numbers` says where each stands, `typed` what people typed, by number.
    """

    def __init__(self, numbers: Mapping[str, int], typed: Mapping[int, Mapping[str, Cell]]) -> None:
        self.numbers, self.typed = numbers, typed

    def __getitem__(self, id: str) -> Row:
        number = self.numbers[id]
        return Row(number=number, id=id, cells=self.typed.get(number, _NOTHING))

    def typed_in(self, also: Collection[str] = ()) -> Iterator[Row]:
        """The rows in which people typed, and some others, of the very many there are."""
        for id, number in self.numbers.items():
            if number in self.typed or id in also:
                yield self[id]

    def __contains__(self, id: object) -> bool:
        return id in self.numbers

    def __iter__(self) -> Iterator[str]:
        return iter(self.numbers)

    def __len__(self) -> int:
        return len(self.numbers)


@dataclass(frozen=True, kw_only=True)
class TabReading:
    """A tab as it stood: where its columns are (from 0), its headings as found there, and its rows.

    `added` are rows without an identifier in which someone typed; `duplicated` are further rows of an
    identifier already seen above (a copied row). `row_count` is the height of the sheet, `last_row` the number
    of the last row that is one of them.
    """

    key: str
    sheet_id: int
    title: str
    columns: Mapping[str, int]
    headings: tuple[str, ...]
    row_count: int
    last_row: int
    rows: Rows
    added: tuple[Row, ...] = ()
    duplicated: tuple[Row, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Table:
    """A sheet that people own, as it is: headings, rows as wide as them (`""` where blank), row numbers."""

    headings: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    row_numbers: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class BoardReading:
    """The whole board at one moment: the tabs by key, and the register of members as it is."""

    tabs: Mapping[str, TabReading]
    members: Table = field(default_factory=Table)


def as_text(cell: Cell) -> str:
    """A cell as text, without blanks around: whole numbers without decimals, boxes in French."""
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, float | int):
        return str(int(cell)) if float(cell).is_integer() else str(cell)
    return cell.strip()


def is_blank(cell: Cell) -> bool:
    """Whether nothing can be read in a cell."""
    return isinstance(cell, str) and not cell.strip()


def read_moment(cell: Cell) -> datetime | None:
    """The local date and time of a serial number, to the second; None when the cell holds something else."""
    if isinstance(cell, bool | str) or not -690_000 < cell < 2_950_000:
        return None
    return _DAY_ZERO + timedelta(seconds=round(cell * 86_400))


def read_date(cell: Cell) -> date | None:
    """The day of a serial number; None when the cell holds something else."""
    moment = read_moment(cell)
    return moment.date() if moment else None


def serial(value: date | datetime) -> float:
    """The serial number of a day or of a local date and time; a time zone, if any, is not looked at."""
    if not isinstance(value, datetime):
        return float((value - _DAY_ZERO.date()).days)
    return (value.replace(tzinfo=None) - _DAY_ZERO) / timedelta(days=1)


def table(values: list[list[Cell]]) -> Table:
    """Read a sheet's values, whose headings stand in the first row that fills two cells or more.

    A title or an introduction above the headings is passed over, and so are blank rows.
    """
    at = next((i for i, row in enumerate(values) if sum(not is_blank(c) for c in row) > 1), None)
    if at is None:
        return Table()
    width = max(len(row) for row in values[at:])
    headings = (*map(as_text, values[at]), *[""] * (width - len(values[at])))
    kept = [(at + i, row) for i, row in enumerate(values[at + 1 :], start=2) if not all(map(is_blank, row))]
    return Table(
        headings=headings,
        rows=tuple((*row, *[""] * (width - len(row))) for _, row in kept),
        row_numbers=tuple(number for number, _ in kept),
    )
