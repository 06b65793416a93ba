"""`spreadsheets.create`: a spreadsheet from a Spreadsheet resource."""

from __future__ import annotations

from ponts_flows.sandbox.errors import GoogleError, bad_request
from ponts_flows.sandbox.sheets import (
    book,
    cells,
    locales,
    metadata,
    requests_names,
    requests_rules,
    requests_sheets,
)
from ponts_flows.sandbox.sheets.a1 import Json
from ponts_flows.sandbox.sheets.book import Book
from ponts_flows.sandbox.sheets.grid import Sheet
from ponts_flows.sandbox.sheets.masks import mask
from ponts_flows.sandbox.sheets.work import Work
from ponts_flows.sandbox.store import Store


def created(store: Store, given: Json, *, owner: str) -> Book:
    """Create a spreadsheet as described; what is left open gets Google's defaults. Not saved yet."""
    properties = given.get("properties", {})
    if properties.get("locale") and not locales.known(properties["locale"]):
        raise bad_request(
            f"Invalid spreadsheet.properties.locale: Unsupported locale: {properties['locale']}"
        )
    if properties.get("timeZone") and not locales.known_zone(properties["timeZone"]):
        raise bad_request(
            f"Invalid spreadsheet.properties.timeZone: Invalid time zone: {properties['timeZone']}"
        )
    own = {name: properties[name] for name in ("locale", "timeZone", "autoRecalc") if properties.get(name)}
    made = book.new(
        store, owner=owner, title=properties.get("title") or "Untitled spreadsheet", properties=own
    )
    work = Work(store=store, book=made)
    if not given.get("sheets"):
        made.add_sheet(title=locales.locale(made.locale).first_sheet, rows=1000, columns=26, id=0)
    for number, sheet in enumerate(given.get("sheets", [])):
        try:
            _sheet(work, sheet)
        except GoogleError as error:
            raise GoogleError(error.code, f"Invalid sheets[{number}]: {error.message}") from None
    for entry in given.get("namedRanges", []):
        requests_names.add_named_range(work, {"namedRange": entry})
    for entry in given.get("developerMetadata", []):
        metadata.add(made, {**entry, "location": entry.get("location") or {"spreadsheet": True}})
    return made


def _sheet(work: Work, given: Json) -> None:
    wanted = {**given.get("properties", {})}
    wanted.pop("index", None)
    for data in given.get("data", []):
        grid = wanted.setdefault("gridProperties", {})
        rows = data.get("startRow", 0) + len(data.get("rowData", []))
        grid["rowCount"] = max(grid.get("rowCount") or 1000, rows)
        width = max((len(row.get("values", [])) for row in data.get("rowData", [])), default=0)
        grid["columnCount"] = max(grid.get("columnCount") or 26, data.get("startColumn", 0) + width)
    sheet = requests_sheets.new_sheet(work.book, wanted)
    for data in given.get("data", []):
        _data(work.book, sheet, data)
    _attached(work, sheet, given)


def _data(book: Book, sheet: Sheet, data: Json) -> None:
    every = mask("*", "CellData")
    for row, line in enumerate(data.get("rowData", []), start=data.get("startRow", 0)):
        for column, cell in enumerate(line.get("values", []), start=data.get("startColumn", 0)):
            if cell:
                cells.write(book, sheet, row, column, cell, every)
    for name, axis in (("rowMetadata", sheet.rows), ("columnMetadata", sheet.columns)):
        first = data.get("startRow" if name == "rowMetadata" else "startColumn", 0)
        for key, entry in zip(axis.keys[first:], data.get(name, []), strict=False):
            known = {part: entry[part] for part in ("pixelSize", "hiddenByUser") if entry.get(part)}
            if known:
                axis.properties[key] = known


def _attached(work: Work, sheet: Sheet, given: Json) -> None:
    def here(entry: Json) -> Json:
        return {**entry, "sheetId": sheet.id}

    sheet.attached["merges"] = [work.area(here(entry))[1].json() for entry in given.get("merges", [])]
    for entry in given.get("protectedRanges", []):
        requests_names.add_protected_range(
            work, {"protectedRange": {**entry, "range": here(entry.get("range", {}))}}
        )
    for entry in reversed(given.get("conditionalFormats", [])):
        rule = {**entry, "ranges": [here(area) for area in entry.get("ranges", [])]}
        requests_rules.add_conditional_format_rule(work, {"rule": rule})
    for entry in given.get("filterViews", []):
        requests_rules.add_filter_view(work, {"filter": {**entry, "range": here(entry.get("range", {}))}})
    for entry in given.get("bandedRanges", []):
        requests_rules.add_banding(work, {"bandedRange": {**entry, "range": here(entry.get("range", {}))}})
    if "basicFilter" in given:
        basic = given["basicFilter"]
        requests_rules.set_basic_filter(work, {"filter": {**basic, "range": here(basic.get("range", {}))}})
    for entry in given.get("developerMetadata", []):
        metadata.add(work.book, {**entry, "location": {"sheetId": sheet.id}})
