"""What a person does on the page of a spreadsheet beside typing: sort, insert, delete, move."""

from __future__ import annotations

from ponts_flows.sandbox.sheets import book as books
from ponts_flows.sandbox.sheets.a1 import Json
from ponts_flows.sandbox.sheets.person import Refused, request
from ponts_flows.sandbox.store import Store

ACTIONS = ("sort_up", "sort_down", "insert_row", "delete_row", "column_left", "column_right")


def act(store: Store, id: str, email: str, *, action: str, gid: int, row: int, column: int) -> None:
    """Carry an action out at a cell (positions from zero); Refused says in French why not."""
    if action not in ACTIONS:
        raise Refused("Cette action n'existe pas.")
    sheet = books.opened(store, id, email).sheet(gid)
    heading = max(1, sheet.properties.get("gridProperties", {}).get("frozenRowCount", 0))
    if action in ("insert_row", "delete_row") and row < heading:
        raise Refused("La ligne des titres reste en place : choisissez une ligne en dessous.")
    wanted = _request(action, gid, row, column, heading=heading, last=sheet.last_row())
    if wanted is not None:
        request(store, id, email, wanted)


def _request(action: str, gid: int, row: int, column: int, *, heading: int, last: int) -> Json | None:
    """The batchUpdate request of an action; nothing when there is nothing to do."""
    rows = {"sheetId": gid, "dimension": "ROWS", "startIndex": row, "endIndex": row + 1}
    columns = {"sheetId": gid, "dimension": "COLUMNS", "startIndex": column, "endIndex": column + 1}
    match action:
        case "insert_row":
            return {"insertDimension": {"range": rows, "inheritFromBefore": row > heading}}
        case "delete_row":
            return {"deleteDimension": {"range": rows}}
        case "column_left":
            return {"moveDimension": {"source": columns, "destinationIndex": column - 1}} if column else None
        case "column_right":
            return {"moveDimension": {"source": columns, "destinationIndex": column + 2}}
    if last <= heading:
        return None
    order = {"dimensionIndex": column, "sortOrder": "ASCENDING" if action == "sort_up" else "DESCENDING"}
    area = {"sheetId": gid, "startRowIndex": heading, "endRowIndex": last}
    return {"sortRange": {"range": area, "sortSpecs": [order]}}
