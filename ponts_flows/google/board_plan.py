"""What a spreadsheet lacks to be the board: a pure function from what is there to the requests that add it.

What people may change is left to them: widths, columns and filters of theirs, headings of human columns.
"""

from __future__ import annotations

from collections.abc import Iterator

from ponts_flows.board.layout import FIRST_ROW, HEADING_ROW, INTRODUCTION_ROW
from ponts_flows.board.tabs import Colour, Column, Kind, Owner, Tab, View
from ponts_flows.google.board_places import ROWS_AT_FIRST, Placing, TabThere, placing
from ponts_flows.google.board_reading import METADATA_KEY, column_tag, sheet_id
from ponts_flows.google.board_requests import (
    Json,
    cell_request,
    column_range,
    column_requests,
    number_format,
    on_empty_rows,
    validation,
)
from ponts_flows.google.sheets import letters


def _rgb(red: float, green: float, blue: float) -> Json:
    return {"rgbColor": {"red": red, "green": green, "blue": blue}}


_BACKGROUND = {Owner.MACHINE: _rgb(0.85, 0.89, 0.93), Owner.HUMAN: _rgb(1.0, 0.92, 0.66)}
_COLOURS = {
    Colour.DECIDE: _rgb(1.0, 0.93, 0.70),
    Colour.LATE: _rgb(0.98, 0.83, 0.79),
    Colour.GOOD: _rgb(0.84, 0.93, 0.83),
    Colour.CLOSED: _rgb(0.90, 0.90, 0.90),
}


def tab_requests(tab: Tab, there: TabThere, *, editor: str, people: str) -> list[tuple[str, list[Json]]]:
    """What a tab lacks: for each thing a sentence in French and its requests; a whole new tab is one thing.

    `editor` may write in the columns of the programme; `people` is where coordinators keep their names.

    Columns are inserted first; all later requests use the places they then have.
    """
    steps = list(_steps(tab, there, editor=editor, people=people))
    if there.blank:
        return [("onglet mis en place", [request for _, requests in steps for request in requests])]
    return steps


def _steps(tab: Tab, there: TabThere, *, editor: str, people: str) -> Iterator[tuple[str, list[Json]]]:
    places = placing(tab, there)
    if places.created:
        names = ", ".join(f"« {tab.column(key).heading_fr} »" for key in places.created)
        yield f"colonnes ajoutées : {names}", places.requests
    if there.frozen_rows != HEADING_ROW:
        yield "titres figés", [_frozen(tab)]
    if not there.tagged:
        yield "onglet repéré", [_tag(tab.key, {"sheetId": sheet_id(tab)})]
    yield from _introduction(tab, there, places)
    for column in tab.columns:
        index = places.columns[column.key]
        was = None if column.key in places.created else places.before(column.key)
        yield from _column(tab, column, there, people, index=index, was=was)
        if column.owner is Owner.MACHINE and (was is None or was not in there.protected):
            yield f"colonne « {column.heading_fr} » protégée", [_protection(tab, column, index, editor)]
    if tab.row_height and there.blank:
        yield (
            "hauteur des lignes",
            [_sized(tab, "ROWS", FIRST_ROW - 1, pixels=tab.row_height, end=ROWS_AT_FIRST)],
        )
    yield from _boxes(tab, there, places)
    yield from _views(tab, there, places)
    yield from _highlights(tab, there, places)


def _frozen(tab: Tab) -> Json:
    properties = {"sheetId": sheet_id(tab), "gridProperties": {"frozenRowCount": HEADING_ROW}}
    return {"updateSheetProperties": {"properties": properties, "fields": "gridProperties.frozenRowCount"}}


def _tag(value: str, location: Json) -> Json:
    metadata = {
        "metadataKey": METADATA_KEY,
        "metadataValue": value,
        "visibility": "DOCUMENT",
        "location": location,
    }
    return {"createDeveloperMetadata": {"developerMetadata": metadata}}


def _introduction(tab: Tab, there: TabThere, places: Placing) -> Iterator[tuple[str, list[Json]]]:
    first = tab.columns[0].key
    index = places.columns[first]
    was = None if first in places.created else places.before(first)
    if was is not None and there.text(INTRODUCTION_ROW, was) == tab.what_fr:
        return
    data = {
        "userEnteredValue": {"stringValue": tab.what_fr},
        "userEnteredFormat": {
            "wrapStrategy": "OVERFLOW_CELL",
            "verticalAlignment": "TOP",
            "textFormat": {"italic": True},
        },
    }
    fields = "userEnteredValue,userEnteredFormat(wrapStrategy,verticalAlignment,textFormat.italic)"
    requests = [cell_request(sheet_id(tab), (INTRODUCTION_ROW - 1, index), data, fields)]
    requests.append(_sized(tab, "ROWS", INTRODUCTION_ROW - 1, pixels=44))
    yield "introduction écrite", requests


def _sized(tab: Tab, dimension: str, index: int, *, pixels: int, end: int = 0) -> Json:
    where = {
        "sheetId": sheet_id(tab),
        "dimension": dimension,
        "startIndex": index,
        "endIndex": end or index + 1,
    }
    resized = {"range": where, "properties": {"pixelSize": pixels}, "fields": "pixelSize"}
    return {"updateDimensionProperties": resized}


def _out_of_sight(tab: Tab, index: int) -> Json:
    where = {"sheetId": sheet_id(tab), "dimension": "COLUMNS", "startIndex": index, "endIndex": index + 1}
    hidden = {"range": where, "properties": {"hiddenByUser": True}, "fields": "hiddenByUser"}
    return {"updateDimensionProperties": hidden}


def _column(
    tab: Tab, column: Column, there: TabThere, people: str, *, index: int, was: int | None
) -> Iterator[tuple[str, list[Json]]]:
    """What a column lacks; `was` is where it stood before, None for a new one."""
    name = f"colonne « {column.heading_fr} »"
    if was is None or there.columns.get(column.key) != was:
        where = {"sheetId": sheet_id(tab), "dimension": "COLUMNS", "startIndex": index, "endIndex": index + 1}
        yield f"{name} repérée", [_tag(column_tag(tab, column.key), {"dimensionRange": where})]
    heading = _heading(tab, column, {} if was is None else there.cell(HEADING_ROW, was))
    if heading:
        yield (
            f"{name} : titre",
            [cell_request(sheet_id(tab), (HEADING_ROW - 1, index), heading, ",".join(heading))],
        )
    if was is None:
        # A column inserted beside a dropdown inherits its rule.
        rules: list[Json] = [{"setDataValidation": {"range": column_range(sheet_id(tab), index)}}]
        sized = _sized(tab, "COLUMNS", index, pixels=column.width)
        hidden = [_out_of_sight(tab, index)] if column.hidden else []
        formed = [*rules, *column_requests(column, sheet_id(tab), index, people), sized, *hidden]
        yield f"{name} : mise en forme", formed
    elif not _formatted(column, there.cell(FIRST_ROW, was)):
        yield f"{name} : mise en forme", column_requests(column, sheet_id(tab), index, people)


def _boxes(tab: Tab, there: TabThere, places: Placing) -> Iterator[tuple[str, list[Json]]]:
    """Boxes that only some rows have: put where they lack, taken away where they came by accident."""
    if tab.id_column is None or tab.id_column in places.created:
        return
    ids = places.before(tab.id_column)
    for column in (column for column in tab.columns if column.only):
        was = None if column.key in places.created else places.before(column.key)
        requests = [
            _box(tab, column, (row, places.columns[column.key]), wanted=wanted)
            for row in range(FIRST_ROW, len(there.rows) + 1)
            if (wanted := column.has_box(there.text(row, ids)))
            != (was is not None and "dataValidation" in there.cell(row, was))
        ]
        if requests:
            yield f"colonne « {column.heading_fr} » : cases à cocher", requests


def _box(tab: Tab, column: Column, at: tuple[int, int], *, wanted: bool) -> Json:
    row, index = at
    where = column_range(sheet_id(tab), index) | {"startRowIndex": row - 1, "endRowIndex": row}
    return {"setDataValidation": {"range": where, **({"rule": validation(column, "")} if wanted else {})}}


def _heading(tab: Tab, column: Column, cell: Json) -> Json:
    """What to write in a heading: its text where it is lost or was the machine's own, and its note."""
    text = cell.get("userEnteredValue", {}).get("stringValue", "")
    wanted: Json = {}
    if text != column.heading_fr and (column.owner is Owner.MACHINE or not text.strip()):
        wanted["userEnteredValue"] = {"stringValue": column.heading_fr}
    if cell.get("note", "") != column.note_fr:
        wanted["note"] = column.note_fr
    if not text.strip():
        wanted["userEnteredFormat"] = {
            "textFormat": {"bold": True},
            "wrapStrategy": "WRAP",
            "verticalAlignment": "MIDDLE",
            "backgroundColorStyle": _BACKGROUND[column.owner],
        }
    return wanted


def _formatted(column: Column, cell: Json) -> bool:
    shown = number_format(column)
    if shown and cell.get("userEnteredFormat", {}).get("numberFormat", {}).get("type") != shown["type"]:
        return False
    if not on_empty_rows(column):
        return True
    rule, wanted = cell.get("dataValidation", {}), validation(column, "") or {}
    if column.named:  # where the names are moves with their column, by itself
        return bool(rule.get("condition", {}).get("type") == wanted["condition"]["type"])
    return bool(rule.get("condition") == wanted.get("condition") and rule.get("strict"))


def _protection(tab: Tab, column: Column, index: int, editor: str) -> Json:
    protected = {
        "range": {"sheetId": sheet_id(tab), "startColumnIndex": index, "endColumnIndex": index + 1},
        "description": f"Colonne tenue par le programme : {tab.title_fr}, {column.heading_fr}",
        "warningOnly": False,
        "editors": {"users": [editor]},
    }
    return {"addProtectedRange": {"protectedRange": protected}}


def _views(tab: Tab, there: TabThere, places: Placing) -> Iterator[tuple[str, list[Json]]]:
    for view in tab.views:
        if view.title_fr not in there.views:
            index = places.columns[view.column]
            chosen = {"columnIndex": index, "filterCriteria": {"condition": _chosen(tab, view, index)}}
            where = {"sheetId": sheet_id(tab), "startRowIndex": HEADING_ROW - 1}
            added = {"title": view.title_fr, "range": where, "filterSpecs": [chosen]}
            yield f"vue « {view.title_fr} »", [{"addFilterView": {"filter": added}}]


def _chosen(tab: Tab, view: View, index: int) -> Json:
    if tab.column(view.column).kind is Kind.CHECKBOX:
        formula = f"=NOT({letters(index)}{FIRST_ROW})"
        return {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": formula}]}
    if view.anywhere:
        return _text("TEXT_CONTAINS", view.starts_with)
    return _starts_with(view.starts_with)


def _starts_with(text: str) -> Json:
    return _text("TEXT_STARTS_WITH", text)


def _text(condition: str, text: str) -> Json:
    return {"type": condition, "values": [{"userEnteredValue": text}]}


def _highlights(tab: Tab, there: TabThere, places: Placing) -> Iterator[tuple[str, list[Json]]]:
    for highlight in tab.highlights:
        if ("TEXT_STARTS_WITH", highlight.starts_with) not in there.conditions:
            rule = {
                "ranges": [column_range(sheet_id(tab), places.columns[highlight.column])],
                "booleanRule": {
                    "condition": _starts_with(highlight.starts_with),
                    "format": {"backgroundColorStyle": _COLOURS[highlight.colour]},
                },
            }
            added = {"addConditionalFormatRule": {"rule": rule, "index": 0}}
            yield f"couleur « {highlight.starts_with} »", [added]
