"""What the hidden column of the board remembers, and which spreadsheets may be the board."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ponts_flows.board.layout import FIRST_ROW, HEADING_ROW, TAB
from ponts_flows.board.reading import Cell, as_text
from ponts_flows.board.tabs import MEMORY, Tab
from ponts_flows.google.board_reading import METADATA_KEY, Json, column_tag, sheet_id
from ponts_flows.google.pages import pages
from ponts_flows.google.sheets import Spreadsheet, parsed
from ponts_flows.google.transport import Google

SPREADSHEET = "application/vnd.google-apps.spreadsheet"


def remembered(google: Google, board: str, tabs: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """The identifiers of the rows of some tabs with what each remembers, from top to bottom; in one call."""
    wanted = [TAB[key] for key in tabs]
    matched = Spreadsheet(google, board).columns_by_filter([one for tab in wanted for one in _filters(tab)])
    titles: dict[int, str] = {}
    columns: dict[tuple[str, str], list[str]] = {}
    for found in matched:
        title = parsed(found["valueRange"]["range"])[0]
        for asked in found.get("dataFilters", []):
            if "gridRange" in asked:
                titles[int(asked["gridRange"].get("sheetId", 0))] = title
            else:
                tag = asked["developerMetadataLookup"]["metadataValue"]
                cells: list[Cell] = next(iter(found["valueRange"].get("values", [])), [])
                columns[title, tag] = [as_text(cell) for cell in cells[FIRST_ROW - 1 :]]
    return {tab.key: list(_rows(tab, titles, columns)) for tab in wanted}


def _filters(tab: Tab) -> list[Json]:
    row = {"sheetId": sheet_id(tab), "startRowIndex": HEADING_ROW - 1, "endRowIndex": HEADING_ROW}
    tags = [column_tag(tab, key) for key in (tab.id_column or "", MEMORY.key)]
    lookups = ({"metadataKey": METADATA_KEY, "metadataValue": tag} for tag in tags)
    return [{"gridRange": row}, *({"developerMetadataLookup": lookup} for lookup in lookups)]


def _rows(
    tab: Tab, titles: dict[int, str], columns: dict[tuple[str, str], list[str]]
) -> Iterator[tuple[str, str]]:
    # A copied tab carries copies of the tags: only those on our own sheet count.
    title = titles.get(sheet_id(tab), "")
    ids = columns.get((title, column_tag(tab, tab.id_column or "")), [])
    cells = columns.get((title, column_tag(tab, MEMORY.key)), [])
    for number, id in enumerate(ids):
        if id:
            yield id, cells[number] if number < len(cells) else ""


def boards(google: Google) -> Iterator[str]:
    """The spreadsheets that the programme can see and that are tagged as its board, copies of it included."""
    asked = {
        "q": f"mimeType = '{SPREADSHEET}' and trashed = false",
        "fields": "nextPageToken,files(id)",
        "pageSize": 1000,
        "supportsAllDrives": True,
        "includeItemsFromAllDrives": True,
    }
    for page in pages(google.service("drive", "v3").files(), **asked):
        for file in page.get("files", []):
            if Spreadsheet(google, str(file["id"])).metadata(METADATA_KEY):
                yield str(file["id"])
