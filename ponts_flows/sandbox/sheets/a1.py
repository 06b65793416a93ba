"""Cells and ranges by name: A1 notation and the half-open, zero-based areas it stands for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

Json = dict[str, Any]
_CORNER = r"\$?([A-Za-z]{1,3})?\$?([1-9][0-9]{0,7})?"
_RANGE = re.compile(rf"{_CORNER}(?::{_CORNER})?")
_R1C1 = re.compile(r"[Rr]([1-9]\d*)[Cc]([1-9]\d*)(?::[Rr]([1-9]\d*)[Cc]([1-9]\d*))?")
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]+|[rR][0-9]*[cC][0-9]*|[rRcC]")


@dataclass(frozen=True, kw_only=True)
class Area:
    """Cells of one sheet: first row and column inclusive, last exclusive, zero-based; None is unbounded."""

    sheet: int
    top: int | None = None
    bottom: int | None = None
    left: int | None = None
    right: int | None = None

    @classmethod
    def of(cls, grid_range: Json) -> Area:
        """The area of a GridRange of the API."""
        return cls(
            sheet=int(grid_range.get("sheetId", 0)),
            top=grid_range.get("startRowIndex"),
            bottom=grid_range.get("endRowIndex"),
            left=grid_range.get("startColumnIndex"),
            right=grid_range.get("endColumnIndex"),
        )

    def json(self) -> Json:
        """The GridRange of the API: the sheet 0 and unbounded sides are left out, as Google does."""
        named = {
            "sheetId": self.sheet or None,
            "startRowIndex": self.top,
            "endRowIndex": self.bottom,
            "startColumnIndex": self.left,
            "endColumnIndex": self.right,
        }
        return {name: value for name, value in named.items() if value is not None}

    def holds(self, row: int, column: int) -> bool:
        """Whether a cell lies inside."""
        return (
            (self.top or 0) <= row
            and (self.bottom is None or row < self.bottom)
            and (self.left or 0) <= column
            and (self.right is None or column < self.right)
        )

    def meets(self, other: Area) -> bool:
        """Whether the two have a cell in common (on an endless grid)."""
        return (
            self.sheet == other.sheet
            and _overlap(self.top, self.bottom, other.top, other.bottom)
            and _overlap(self.left, self.right, other.left, other.right)
        )

    def covers(self, other: Area) -> bool:
        """Whether every cell of the other lies inside."""
        return (
            self.sheet == other.sheet
            and _inside(self.top, self.bottom, other.top, other.bottom)
            and _inside(self.left, self.right, other.left, other.right)
        )


@dataclass(frozen=True, kw_only=True)
class Box:
    """An area with all four sides known: rows `top` to `bottom`, columns `left` to `right` (exclusive)."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def height(self) -> int:
        """Number of rows."""
        return self.bottom - self.top

    @property
    def width(self) -> int:
        """Number of columns."""
        return self.right - self.left


def _overlap(start: int | None, end: int | None, other_start: int | None, other_end: int | None) -> bool:
    return (other_end is None or (start or 0) < other_end) and (end is None or (other_start or 0) < end)


def _inside(start: int | None, end: int | None, other_start: int | None, other_end: int | None) -> bool:
    return (start or 0) <= (other_start or 0) and (
        end is None or (other_end is not None and other_end <= end)
    )


@lru_cache(maxsize=20_000)
def letters(column: int) -> str:
    """The name of a zero-based column: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_number(name: str) -> int:
    """The zero-based number of a column called A, B, … AA."""
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def cell_name(row: int, column: int) -> str:
    """`B3` for row 2, column 1."""
    return f"{letters(column)}{row + 1}"


def quoted(title: str) -> str:
    """A sheet's title as it stands in A1 notation, in quotes where it needs them."""
    if (
        _PLAIN.fullmatch(title)
        and not _LIKE_A_CELL.fullmatch(title)
        and title.upper() not in ("TRUE", "FALSE")
    ):
        return title
    return "'" + title.replace("'", "''") + "'"


def split_sheet(text: str) -> tuple[str | None, str]:
    """The sheet title before the `!`, unquoted, and the cells after it; None when no sheet is named."""
    if text.startswith("'"):
        match = re.match(r"'((?:[^']|'')*)'(?:!(.*))?$", text, re.DOTALL)
        if match:
            return match[1].replace("''", "'"), match[2] or ""
    title, mark, cells = text.rpartition("!")
    return (title, cells) if mark else (None, text)


def cells(text: str, sheet: int) -> Area | None:
    """The area of `A1`, `A1:B2`, `A:B`, `1:2` or `A5:B`, corners in any order; None for anything else."""
    if by_number := _R1C1.fullmatch(text):
        return _by_number(by_number, sheet)
    match = _RANGE.fullmatch(text)
    if match is None or not text:
        return None
    column, row, other_column, other_row = match.groups()
    if ":" not in text:
        if column is None or row is None:
            return None
        other_column, other_row = column, row
    if (column is None and row is None) or (other_column is None and other_row is None):
        return None
    top, bottom = _ordered(row and int(row) - 1, other_row and int(other_row) - 1)
    left, right = _ordered(column and column_number(column), other_column and column_number(other_column))
    return Area(sheet=sheet, top=top, bottom=bottom, left=left, right=right)


def _by_number(match: re.Match[str], sheet: int) -> Area:
    """The area of `R1C1` or `R1C1:R2C2`."""
    row, column, last_row, last_column = (part and int(part) - 1 for part in match.groups())
    top, bottom = _ordered(row, row if last_row is None else last_row)
    left, right = _ordered(column, column if last_column is None else last_column)
    return Area(sheet=sheet, top=top, bottom=bottom, left=left, right=right)


def _ordered(one: Any, other: Any) -> tuple[int | None, int | None]:
    """Start inclusive and end exclusive of two corners; a corner without a number leaves that side open."""
    if one is None and other is None:
        return None, None
    if one is None or other is None:
        return (other if one is None else one), None
    return min(one, other), max(one, other) + 1


def named(title: str, box: Box) -> str:
    """A range as Google answers it: `Sheet1!A1:C10`, or one cell alone."""
    first = cell_name(box.top, box.left)
    last = cell_name(box.bottom - 1, box.right - 1)
    return f"{quoted(title)}!{first}" + ("" if first == last else f":{last}")
