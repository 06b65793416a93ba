"""Make a spreadsheet the board: create what it lacks, put back what was deleted, change nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ponts_flows.board.layout import DASHBOARD, FIGURES, FIRST_ROW, SETTINGS, TABS
from ponts_flows.board.tabs import NAMES, Tab
from ponts_flows.errors import GoogleRefused, InputError
from ponts_flows.google.board_charts import chart_requests
from ponts_flows.google.board_places import TabThere, boxes_by_row, fresh, placing, sheet_properties
from ponts_flows.google.board_plan import tab_requests
from ponts_flows.google.board_reading import METADATA_KEY, column_tag, sheet_id
from ponts_flows.google.board_requests import Json, names_range
from ponts_flows.google.sheets import Spreadsheet
from ponts_flows.google.transport import Google, execute

LOCALE, TIME_ZONE = "fr_FR", "Europe/Paris"
_OVERVIEW = (
    "spreadsheetUrl,properties(locale,timeZone),"
    "sheets(properties(sheetId,title,gridProperties),protectedRanges,filterViews.title,conditionalFormats,charts.chartId)"
)
_ROWS = (
    "sheets(properties.sheetId,data(startRow,startColumn,"
    "rowData.values(userEnteredValue,note,dataValidation,userEnteredFormat.numberFormat)))"
)


@dataclass(frozen=True, kw_only=True)
class BoardSetup:
    """The board's spreadsheet, and what was done to it, in French; nothing when nothing was lacking."""

    spreadsheet_id: str
    url: str
    created: bool
    done: tuple[str, ...]


def ensure(
    google: Google, spreadsheet_id: str | None, title: str, coordinators: Sequence[str] = ()
) -> BoardSetup:
    """Create the board, or bring an existing spreadsheet up to the layout; share it with the coordinators.

    Run again it writes nothing. Raises InputError when another tab already has the title of one of ours.
    """
    if spreadsheet_id is None:
        sheet = Spreadsheet.created(google, _new(title))
    else:
        sheet = Spreadsheet(google, spreadsheet_id)
    overview = sheet.get(_OVERVIEW)
    steps = _steps(sheet, overview, editor=google.mailbox)
    requests = [request for _, wanted in steps for request in wanted]
    if requests:
        sheet.update(requests)
    shared = share(google, sheet.id, coordinators) if coordinators else 0
    done = [sentence for sentence, _ in steps]
    if shared:
        done.append(f"partagé avec la coordination ({shared} de plus)")
    return BoardSetup(
        spreadsheet_id=sheet.id,
        url=str(overview.get("spreadsheetUrl", "")),
        created=spreadsheet_id is None,
        done=tuple(done),
    )


def lacking(google: Google, spreadsheet_id: str) -> tuple[str, ...]:
    """What `ensure` would do to a spreadsheet, in French; it is left as it is."""
    sheet = Spreadsheet(google, spreadsheet_id)
    overview = sheet.get(_OVERVIEW)
    steps = _steps(sheet, overview, editor=google.mailbox)
    return tuple(sentence for sentence, _ in steps)


def _new(title: str) -> Json:
    properties = {"title": title, "locale": LOCALE, "timeZone": TIME_ZONE}
    return {"properties": properties, "sheets": [{"properties": sheet_properties(tab)} for tab in TABS]}


def _steps(sheet: Spreadsheet, overview: Json, *, editor: str) -> list[tuple[str, list[Json]]]:
    there = _tabs_there(sheet, overview)
    taken = {s["properties"]["title"]: s["properties"].get("sheetId", 0) for s in overview.get("sheets", [])}
    steps = _locale(overview.get("properties", {}))
    for index, tab in enumerate(TABS):
        if tab.key not in there:
            steps.append((f"{tab.title_fr} : onglet créé", [_added(tab, index, taken)]))
    people = _names_there(there.get(SETTINGS.key), {id: title for title, id in taken.items()})
    # The tab in which names are kept comes first: columns of the others point at it.
    for tab in sorted(TABS, key=lambda tab: tab is not SETTINGS):
        named = tab_requests(tab, there.get(tab.key) or fresh(tab), editor=editor, people=people)
        steps += [(f"{tab.title_fr} : {what}", requests) for what, requests in named]
    return steps + _charts(overview, there)


def _charts(overview: Json, there: Mapping[str, TabThere]) -> list[tuple[str, list[Json]]]:
    """The charts that are on no tab, whichever people moved them to."""
    made = {chart["chartId"] for sheet in overview.get("sheets", []) for chart in sheet.get("charts", [])}
    board, figures = (placing(tab, there.get(tab.key, fresh(tab))).columns for tab in (DASHBOARD, FIGURES))
    lacking = chart_requests(made, column=board["charts"], figures=figures)
    return [(f"{DASHBOARD.title_fr} : {what}", requests) for what, requests in lacking]


def _added(tab: Tab, index: int, taken: Mapping[str, int]) -> Json:
    if tab.title_fr in taken:
        raise InputError(
            f"The spreadsheet has a tab « {tab.title_fr} » that is not the programme's. Rename it, "
            "then run `ponts setup` again."
        )
    return {"addSheet": {"properties": sheet_properties(tab) | {"index": index}}}


def _names_there(found: TabThere | None, titles: Mapping[int, str]) -> str:
    column = placing(SETTINGS, found or fresh(SETTINGS)).columns[NAMES]
    return names_range(titles.get(sheet_id(SETTINGS), SETTINGS.title_fr), column)


def _locale(properties: Json) -> list[tuple[str, list[Json]]]:
    wanted = {"locale": LOCALE, "timeZone": TIME_ZONE}
    if all(properties.get(name) == value for name, value in wanted.items()):
        return []
    update = {"properties": wanted, "fields": "locale,timeZone"}
    return [("langue et fuseau horaire", [{"updateSpreadsheetProperties": update}])]


def _tabs_there(sheet: Spreadsheet, overview: Json) -> dict[str, TabThere]:
    sheets = {s["properties"].get("sheetId", 0): s for s in overview.get("sheets", [])}
    ours = [tab for tab in TABS if sheet_id(tab) in sheets]
    if not ours:
        return {}
    first = {"startRowIndex": 0, "endRowIndex": FIRST_ROW}
    ranges = [
        {"gridRange": {"sheetId": sheet_id(tab), **({} if boxes_by_row(tab) else first)}} for tab in ours
    ]
    rows = {
        s["properties"].get("sheetId", 0): s.get("data", [{}])[0].get("rowData", [])
        for s in sheet.get_by_filter(ranges, _ROWS).get("sheets", [])
    }
    tags = sheet.metadata(METADATA_KEY)
    return {
        tab.key: _tab_there(tab, sheets[sheet_id(tab)], rows.get(sheet_id(tab), []), tags) for tab in ours
    }


def _tab_there(tab: Tab, sheet: Json, rows: list[Json], tags: list[Json]) -> TabThere:
    grid = sheet["properties"].get("gridProperties", {})
    columns: dict[str, int] = {}
    tagged = False
    for tag in tags:
        location, value = tag.get("location", {}), tag.get("metadataValue")
        where = location.get("dimensionRange", {})
        if location.get("sheetId") == sheet_id(tab):
            tagged |= value == tab.key
        elif where.get("sheetId") == sheet_id(tab):
            keys = [column.key for column in tab.columns if column_tag(tab, column.key) == value]
            columns |= {key: where.get("startIndex", 0) for key in keys if key not in columns}
    return TabThere(
        column_count=grid.get("columnCount", 0),
        frozen_rows=grid.get("frozenRowCount", 0),
        tagged=tagged,
        columns=columns,
        rows=[row.get("values", []) for row in rows],
        protected=frozenset(i for found in sheet.get("protectedRanges", []) for i in _whole_columns(found)),
        views=frozenset(view.get("title", "") for view in sheet.get("filterViews", [])),
        conditions=tuple(
            (condition.get("type", ""), value.get("userEnteredValue", ""))
            for rule in sheet.get("conditionalFormats", [])
            if (condition := rule.get("booleanRule", {}).get("condition"))
            for value in condition.get("values", [])[:1]
        ),
    )


def _whole_columns(protected: Json) -> range:
    """The columns that a protected range closes from top to bottom."""
    where = protected.get("range", {})
    if protected.get("warningOnly") or where.get("startRowIndex", 0) or "endColumnIndex" not in where:
        return range(0)
    return range(where.get("startColumnIndex", 0), where["endColumnIndex"])


def shut_out(google: Google, spreadsheet_id: str, coordinators: Sequence[str]) -> list[str]:
    """The coordinators who can't edit the board."""
    fields = "permissions(emailAddress,role)"
    permissions = google.service("drive", "v3").permissions()
    listed = execute(permissions.list(fileId=spreadsheet_id, fields=fields, supportsAllDrives=True))
    able = {
        found.get("emailAddress", "").casefold()
        for found in listed.get("permissions", [])
        if found.get("role") in ("writer", "fileOrganizer", "organizer", "owner")
    }
    return [address for address in coordinators if address.casefold() not in able]


def share(google: Google, spreadsheet_id: str, coordinators: Sequence[str]) -> int:
    """Let coordinators edit the board; how many could not before.

    Raises GoogleRefused for a board that the programme did not make: of others' files it may not see who has them.
    """
    permissions = google.service("drive", "v3").permissions()
    try:
        without = shut_out(google, spreadsheet_id, coordinators)
        for address in without:
            body = {"type": "user", "role": "writer", "emailAddress": address}
            created = permissions.create(
                fileId=spreadsheet_id, body=body, sendNotificationEmail=False, supportsAllDrives=True
            )
            execute(created)
    except GoogleRefused as error:
        raise GoogleRefused(
            f"The board is ready but could not be shared (Google answered {error.status}). "
            "Share it with the coordinators by hand.",
            error.status,
        ) from error
    return len(without)
