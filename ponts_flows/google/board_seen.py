"""What the answer to a writing shows of the sheets, and which rows to look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ponts_flows.board.reading import Cell
from ponts_flows.google.board_requests import Json, Position

AFTERWARDS = (
    "replies,updatedSpreadsheet.sheets(properties.sheetId,"
    "data(startRow,startColumn,rowData.values.effectiveValue))"
)
# Rows nearer than this to one another are looked at in one range.
_NEAR = 20
Seen = Mapping[int, Mapping[Position, Cell]]
"""The values in cells, by sheet and position."""
FORMULA_ERROR = "#"
"""Stands for a cell whose formula fails: the answer does not give it in the words the reading has."""


def spans(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """First and last of the ranges in which ascending row numbers are looked at."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and number - found[-1][1] <= _NEAR:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def seen_cells(answer: Json) -> Seen:
    """The values of an answer's ranges, by sheet and position."""
    seen: dict[int, dict[Position, Cell]] = {}
    for sheet in answer.get("updatedSpreadsheet", {}).get("sheets", []):
        cells = seen.setdefault(int(sheet.get("properties", {}).get("sheetId", 0)), {})
        for data in sheet.get("data", []):
            for i, row in enumerate(data.get("rowData", []), start=data.get("startRow", 0)):
                for j, cell in enumerate(row.get("values", []), start=data.get("startColumn", 0)):
                    for value in cell.get("effectiveValue", {}).values():
                        cells[(i, j)] = FORMULA_ERROR if isinstance(value, dict) else value
    return seen
