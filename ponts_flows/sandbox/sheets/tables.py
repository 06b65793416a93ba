"""Where the tables of a sheet are, for `values.append`: blocks of filled cells that touch each other."""

from __future__ import annotations

from ponts_flows.sandbox.sheets.a1 import Box
from ponts_flows.sandbox.sheets.grid import Sheet


def table_in(sheet: Sheet, box: Box) -> Box | None:
    """The last table that has a cell in the box; None when the box holds no value."""
    for row in range(box.bottom - 1, box.top - 1, -1):
        columns = _filled(sheet, row, box.left, box.right)
        if columns:
            return _around(sheet, Box(top=row, bottom=row + 1, left=columns[0], right=columns[0] + 1))
    return None


def _filled(sheet: Sheet, row: int, left: int, right: int) -> list[int]:
    found = sheet.cells.get(sheet.rows.keys[row])
    if found is None or not found.values:
        return []
    keys = sheet.columns.keys
    return [column for column in range(max(0, left), min(right, len(keys))) if keys[column] in found.values]


def _around(sheet: Sheet, table: Box) -> Box:
    """Grow a block by the filled cells that touch it, corners included, until there are none."""
    while True:
        wider = _sideways(sheet, table)
        taller = _downwards(sheet, _upwards(sheet, wider))
        if taller == table:
            return table
        table = taller


def _upwards(sheet: Sheet, table: Box) -> Box:
    top, left, right = table.top, table.left, table.right
    while top > 0 and (columns := _filled(sheet, top - 1, left - 1, right + 1)):
        top, left, right = top - 1, min(left, columns[0]), max(right, columns[-1] + 1)
    return Box(top=top, bottom=table.bottom, left=left, right=right)


def _downwards(sheet: Sheet, table: Box) -> Box:
    bottom, left, right = table.bottom, table.left, table.right
    while bottom < len(sheet.rows) and (columns := _filled(sheet, bottom, left - 1, right + 1)):
        bottom, left, right = bottom + 1, min(left, columns[0]), max(right, columns[-1] + 1)
    return Box(top=table.top, bottom=bottom, left=left, right=right)


def _sideways(sheet: Sheet, table: Box) -> Box:
    left, right = table.left, table.right
    rows = range(table.top, table.bottom)
    while left > 0 and any(_holds(sheet, row, left - 1) for row in rows):
        left -= 1
    while right < len(sheet.columns) and any(_holds(sheet, row, right) for row in rows):
        right += 1
    return Box(top=table.top, bottom=table.bottom, left=left, right=right)


def _holds(sheet: Sheet, row: int, column: int) -> bool:
    found = sheet.cells.get(sheet.rows.keys[row])
    return found is not None and sheet.columns.keys[column] in found.values
