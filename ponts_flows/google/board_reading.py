"""How the board is read: the filters of the one call, and the rows made of its answer. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zlib import crc32

from ponts_flows.board.layout import FIRST_ROW, HEADING_ROW, TABS
from ponts_flows.board.reading import BoardReading, Cell, Row, Rows, TabReading, as_text, is_blank, table
from ponts_flows.board.tabs import Kind, Tab
from ponts_flows.errors import BoardChanged
from ponts_flows.google.sheets import parsed

Json = dict[str, Any]
METADATA_KEY = "ponts"
_REMEDY = "`ponts setup` puts it back."


def sheet_id(tab: Tab) -> int:
    """The sheet of a tab: its id is chosen by us, for ever, so that nothing has to be looked up."""
    return crc32(f"ponts/{tab.key}".encode()) & 0x7FFFFFFF


def column_tag(tab: Tab, column: str) -> str:
    """What a column's developer metadata holds: it stays with the column wherever people move it."""
    return f"{tab.key}/{column}"


def filters() -> list[Json]:
    """What one call reads: headings, identifiers and human columns of each tab; the register whole."""
    asked: list[Json] = []
    for tab in TABS:
        if tab.id_column is None:
            asked.append({"gridRange": {"sheetId": sheet_id(tab)}})
            continue
        row = {"sheetId": sheet_id(tab), "startRowIndex": HEADING_ROW - 1, "endRowIndex": HEADING_ROW}
        asked.append({"gridRange": row})
        asked += [_lookup(tab, key) for key in _read_columns(tab)]
    return asked


def _read_columns(tab: Tab) -> tuple[str, ...]:
    return (tab.id_column or "", *(column.key for column in tab.human))


def _lookup(tab: Tab, column: str) -> Json:
    tag = {"metadataKey": METADATA_KEY, "metadataValue": column_tag(tab, column)}
    return {"developerMetadataLookup": tag}


def board_reading(matched: Sequence[Json]) -> BoardReading:
    """The board in the matched ranges of the answer; BoardChanged when a tab or a column is not there."""
    rows: dict[int, Json] = {}
    columns: dict[str, list[Json]] = {}
    for found in matched:
        for asked in found.get("dataFilters", []):
            if "gridRange" in asked:
                rows[int(asked["gridRange"].get("sheetId", 0))] = found["valueRange"]
            else:
                columns.setdefault(asked["developerMetadataLookup"]["metadataValue"], []).append(
                    found["valueRange"]
                )
    tabs: dict[str, TabReading] = {}
    members = table([])
    for tab in TABS:
        if sheet_id(tab) not in rows:
            raise BoardChanged(f"The board has no tab « {tab.title_fr} » any more. {_REMEDY}")
        if tab.id_column is None:
            members = table(_transposed(rows[sheet_id(tab)].get("values", [])))
        else:
            tabs[tab.key] = _tab_reading(tab, rows[sheet_id(tab)], columns)
    return BoardReading(tabs=tabs, members=members)


def _tab_reading(tab: Tab, heading_range: Json, columns: dict[str, list[Json]]) -> TabReading:
    title, first, _ = parsed(heading_range["range"])
    headings = [""] * first + [
        as_text(column[0]) if column else "" for column in heading_range.get("values", [])
    ]
    positions: dict[str, int] = {}
    values: dict[str, list[Cell]] = {}
    height = FIRST_ROW
    for key in _read_columns(tab):
        for found in columns.get(column_tag(tab, key), ()):
            # A copied tab carries copies of the tags: only those on our own sheet count.
            where, position, last = parsed(found["range"])
            if where == title and key not in positions:
                positions[key], height = position, max(height, last)
                values[key] = [cell for column in found.get("values", [])[:1] for cell in column]
        if key not in positions:
            raise BoardChanged(_missing(tab, key))
    for column in tab.machine:
        if column.key not in positions:
            positions[column.key] = _found(tab, column.key, headings, set(positions.values()))
    ids = values.pop(tab.id_column or "")[FIRST_ROW - 1 :]
    rows, added, duplicated = _rows(tab, ids, values)
    typed = (row.number for row in (*added, *duplicated))
    return TabReading(
        key=tab.key,
        sheet_id=sheet_id(tab),
        title=title,
        columns=positions,
        headings=tuple(headings),
        row_count=height,
        last_row=max((*rows.numbers.values(), *typed), default=FIRST_ROW - 1),
        rows=rows,
        added=added,
        duplicated=duplicated,
    )


def _found(tab: Tab, key: str, headings: Sequence[str], taken: set[int]) -> int:
    heading = tab.column(key).heading_fr
    for position, text in enumerate(headings):
        if text == heading and position not in taken:
            return position
    raise BoardChanged(_missing(tab, key))


def _missing(tab: Tab, key: str) -> str:
    return f"The tab « {tab.title_fr} » has no column « {tab.column(key).heading_fr} » any more. {_REMEDY}"


def _rows(
    tab: Tab, ids: Sequence[Cell], values: dict[str, list[Cell]]
) -> tuple[Rows, tuple[Row, ...], tuple[Row, ...]]:
    boxes = {column.key for column in tab.human if column.kind is Kind.CHECKBOX}
    typed: dict[int, dict[str, Cell]] = {}
    for key, cells in values.items():
        for number, cell in enumerate(cells[FIRST_ROW - 1 :], start=FIRST_ROW):
            if not is_blank(cell) and not (key in boxes and cell is False):
                typed.setdefault(number, {})[key] = cell
    numbers: dict[str, int] = {}
    copies: list[tuple[int, str]] = []
    for number, cell in enumerate(ids, start=FIRST_ROW):
        id = cell.strip() if type(cell) is str else as_text(cell)
        if id and numbers.setdefault(id, number) != number:
            copies.append((number, id))
    of_copies = tuple(Row(number=number, id=id, cells=typed.pop(number, {})) for number, id in copies)
    theirs = {number: typed.pop(number) for number in numbers.values() if number in typed}
    added = tuple(Row(number=number, id="", cells=cells) for number, cells in sorted(typed.items()))
    return Rows(numbers, theirs), added, of_copies


def _transposed(columns: list[list[Cell]]) -> list[list[Cell]]:
    height = max(map(len, columns), default=0)
    return [[column[i] if i < len(column) else "" for column in columns] for i in range(height)]
