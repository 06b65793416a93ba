"""What people do to a spreadsheet that the pages do not offer, and what they see beside the values."""

from __future__ import annotations

from typing import Any

from ponts_flows.board.layout import TAB
from ponts_flows.google.board_reading import sheet_id
from ponts_flows.google.sheets import Spreadsheet, quoted
from tests.journeys.world import World


def note(world: World, tab: str, row_id: str, column: str) -> str:
    """The note on a cell of the row that has an identifier."""
    number, _ = world._row(tab, row_id)
    return note_at(world, tab, number, column)


def note_at(world: World, tab: str, number: int, column: str) -> str:
    """The note on a cell of a row by its number."""
    return str(_cell(world, tab, number, column).get("note", ""))


def is_marked(world: World, tab: str, number: int, column: str) -> bool:
    """Whether a cell has a background colour of its own."""
    return "backgroundColorStyle" in _cell(world, tab, number, column).get("userEnteredFormat", {})


def _cell(world: World, tab: str, number: int, column: str) -> dict[str, Any]:
    letter = world._sheet(tab)[1][column]
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
