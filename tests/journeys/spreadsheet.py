"""What people do to a spreadsheet that the pages do not offer, and what they see beside the values."""

from __future__ import annotations

from typing import Any

from ponts_flows.board.layout import TAB
from ponts_flows.google.board_reading import sheet_id
from ponts_flows.google.sheets import Spreadsheet, quoted
from tests.journeys.world import World


def note(world: World, tab: str, row_id: str, column: str) -> str:
    """The note on a cell of the row that has an identifier."""
    return note_at(world, tab, number_of(world, tab, row_id), column)


def number_of(world: World, tab: str, row_id: str) -> int:
    """The number of the row that has an identifier."""
    sheet = world._sheet(tab)
    place = list(sheet.columns).index("id")
    (number,) = [number for number, values in sheet.rows.items() if values[place] == row_id]
    return number


def type_at(world: World, tab: str, number: int, **cells: Any) -> None:
    """Type into cells of a row by its number."""
    world._type(world._sheet(tab), number, cells)


def note_at(world: World, tab: str, number: int, column: str) -> str:
    """The note on a cell of a row by its number."""
    return str(_cell(world, tab, number, column).get("note", ""))


def is_marked(world: World, tab: str, number: int, column: str) -> bool:
    """Whether a cell has a background colour of its own."""
    return "backgroundColorStyle" in _cell(world, tab, number, column).get("userEnteredFormat", {})


def _cell(world: World, tab: str, number: int, column: str) -> dict[str, Any]:
    letter = world._sheet(tab).columns[column]
    place = f"{quoted(TAB[tab].title_fr)}!{letter}{number}"
    fields = "sheets.data.rowData.values(note,userEnteredFormat,userEnteredValue)"
    body = spreadsheet(world)._call("get", "", params={"ranges": [place], "fields": fields})
    rows = body["sheets"][0]["data"][0].get("rowData", [{}])
    return dict((rows[0].get("values") or [{}])[0])


def spreadsheet(world: World) -> Spreadsheet:
    """The board's spreadsheet, to do anything with."""
    return Spreadsheet(world.google, world.installation.board)


def at(tab: str) -> int:
    """The sheet of a tab."""
    return sheet_id(TAB[tab])


def overwrite(world: World, tab: str, number: int, column: str, value: str | float | bool) -> None:
    """Put a value in a cell past every protection and list of choices, as pasting does."""
    position = list(world._sheet(tab).columns).index(column)
    kind = {str: "stringValue", float: "numberValue", int: "numberValue", bool: "boolValue"}[type(value)]
    cell = {"userEnteredValue": {"formulaValue" if str(value).startswith("=") else kind: value}}
    start = {"sheetId": at(tab), "rowIndex": number - 1, "columnIndex": position}
    request(
        world, {"updateCells": {"start": start, "rows": [{"values": [cell]}], "fields": "userEnteredValue"}}
    )


def request(world: World, *requests: dict[str, Any]) -> None:
    """Do to the board what these requests of the API say."""
    spreadsheet(world).update(requests)


def span(tab: str, dimension: str, start: int, end: int | None = None) -> dict[str, Any]:
    """Rows or columns of a tab, from zero."""
    end = start + 1 if end is None else end
    return {"sheetId": at(tab), "dimension": dimension, "startIndex": start, "endIndex": end}
