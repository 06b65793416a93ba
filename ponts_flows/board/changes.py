"""What may be changed on the board, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from ponts_flows.board.reading import Cell


@dataclass(frozen=True, kw_only=True)
class Link:
    """A text that leads to an address."""

    text: str
    url: str


Value = str | int | float | bool | date | datetime | Link | None
"""What a cell may be given. Text stays text, whatever its first sign; None empties the cell.

A date and time is written as the wall clock it shows: convert it to the programme's time zone first.
"""


@dataclass(frozen=True, kw_only=True)
class SetCells:
    """Write machine columns of a row, only those given."""

    tab: str
    row: str
    cells: Mapping[str, Value]


@dataclass(frozen=True, kw_only=True)
class AppendRow:
    """Add a row at the end of a tab, with its identifier and machine columns."""

    tab: str
    id: str
    cells: Mapping[str, Value]


@dataclass(frozen=True, kw_only=True)
class AdoptRow:
    """Give an identifier and machine columns to a row that people added; `typed` is what was read in it."""

    tab: str
    row: int
    id: str
    cells: Mapping[str, Value]
    typed: Mapping[str, Cell]


@dataclass(frozen=True, kw_only=True)
class ClearCell:
    """Empty a human cell that was acted upon, with a note saying what was done; `was` is what was acted upon.

    `row` is an identifier, or the number of a row that people added. A cell that holds something else than
    `was` by now is left alone.
    """

    tab: str
    row: str | int
    column: str
    note: str
    was: Cell


@dataclass(frozen=True, kw_only=True)
class MarkCell:
    """Mark a human cell that can't be understood: red, with a note that explains; its value stays."""

    tab: str
    row: str | int
    column: str
    note: str


@dataclass(frozen=True, kw_only=True)
class UnmarkCell:
    """Take a mark and its note away."""

    tab: str
    row: str | int
    column: str


Change = SetCells | AppendRow | AdoptRow | ClearCell | MarkCell | UnmarkCell
Place = tuple[str, str]
"""A tab and an identifier in it; `n° 12` for a row that has none."""


@dataclass(frozen=True, kw_only=True)
class WriteOutcome:
    """What became of the changes.

    `rows` were written in `calls` calls. `missing` have no row any more: append them again if they are still
    wanted. `kept` were not emptied, as somebody has changed them since. `misplaced` moved between reading and
    writing: what they show is unknown until it is written again; what was to be emptied there was not. The last
    `left` of the changes did not fit in the call: nothing was done about them.
    """

    rows: int = 0
    calls: int = 0
    missing: tuple[Place, ...] = ()
    kept: tuple[Place, ...] = ()
    misplaced: tuple[Place, ...] = ()
    left: int = 0
