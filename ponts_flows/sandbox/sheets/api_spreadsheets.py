"""The methods of `spreadsheets`, `spreadsheets.developerMetadata` and `spreadsheets.sheets`."""

from __future__ import annotations

from collections.abc import Sequence

from ponts_flows.sandbox.errors import bad_request, not_found
from ponts_flows.sandbox.protocol import Call, method
from ponts_flows.sandbox.sheets import (
    book,
    creation,
    lookup,
    metadata,
    requests,
    requests_sheets,
    resource,
)
from ponts_flows.sandbox.sheets.a1 import Area, Json
from ponts_flows.sandbox.sheets.book import Book
from ponts_flows.sandbox.sheets.masks import read_mask
from ponts_flows.sandbox.sheets.work import Work

API = "sheets.v4"


@method(API, "sheets.spreadsheets.create")
def create(call: Call) -> Json:
    made = creation.created(call.store, call.body, owner=call.caller.email)
    answer = resource.spreadsheet(made, call.base_url)
    book.save(call.store, made)
    return answer


@method(API, "sheets.spreadsheets.get")
def get(call: Call) -> Json:
    found = book.opened(call.store, call.path["spreadsheetId"], call.caller.email)
    ranges = call.query.get("ranges") or None
    areas = None if ranges is None else [lookup.inside(found, lookup.area(found, text)) for text in ranges]
    return _resource(call, found, areas, wanted=call.query.get("includeGridData", False))


@method(API, "sheets.spreadsheets.getByDataFilter")
def get_by_data_filter(call: Call) -> Json:
    found = book.opened(call.store, call.path["spreadsheetId"], call.caller.email)
    filters = call.body.get("dataFilters")
    areas = [area for area, _ in lookup.areas(found, filters)] if filters else None
    return _resource(call, found, areas, wanted=call.body.get("includeGridData", False))


def _resource(call: Call, found: Book, areas: Sequence[Area] | None, *, wanted: bool) -> Json:
    return resource.spreadsheet(found, call.base_url, areas=areas, grid_data=grid_data(call, wanted=wanted))


def grid_data(call: Call, *, wanted: bool, below: str = "") -> Json | None:
    """The mask of GridData: what a `fields` parameter says of it, else everything if it was asked for."""
    fields = call.query.get("fields")
    if not fields:
        return {} if wanted else None
    tree = read_mask(fields)
    for name in [*below.split(), "sheets", "data"]:
        if not tree or "*" in tree:
            return {}
        if name not in tree:
            return None
        tree = tree[name]
    return tree


@method(API, "sheets.spreadsheets.batchUpdate")
def batch_update(call: Call) -> Json:
    with book.editing(call.store, call.path["spreadsheetId"], call.caller.email) as found:
        replies = requests.carry_out(Work(store=call.store, book=found), call.body.get("requests", []))
        answer: Json = {"spreadsheetId": found.id, "replies": replies}
        if call.body.get("includeSpreadsheetInResponse"):
            ranges = call.body.get("responseRanges")
            areas = [lookup.area(found, text) for text in ranges] if ranges else None
            mask = grid_data(
                call, wanted=call.body.get("responseIncludeGridData", False), below="updatedSpreadsheet"
            )
            answer["updatedSpreadsheet"] = resource.spreadsheet(
                found, call.base_url, areas=areas, grid_data=mask
            )
    return answer


@method(API, "sheets.spreadsheets.developerMetadata.get")
def get_developer_metadata(call: Call) -> Json:
    found = book.opened(call.store, call.path["spreadsheetId"], call.caller.email)
    id = call.path["metadataId"]
    entry = found.metadata.get(int(id)) if id.isdecimal() else None
    if entry is None:
        raise not_found()
    return metadata.shown(found, entry)


@method(API, "sheets.spreadsheets.developerMetadata.search")
def search_developer_metadata(call: Call) -> Json:
    found = book.opened(call.store, call.path["spreadsheetId"], call.caller.email)
    matched: dict[int, Json] = {}
    for filter in call.body.get("dataFilters", []):
        for entry in lookup.metadata_of(found, [filter]):
            blank = {"developerMetadata": metadata.shown(found, entry), "dataFilters": []}
            matched.setdefault(entry["metadataId"], blank)["dataFilters"].append(filter)
    return {"matchedDeveloperMetadata": list(matched.values())} if matched else {}


@method(API, "sheets.spreadsheets.sheets.copyTo")
def copy_to(call: Call) -> Json:
    target_id = call.body.get("destinationSpreadsheetId", "")
    source_book = book.opened(call.store, call.path["spreadsheetId"], call.caller.email)
    id = call.path["sheetId"]
    source = next((sheet for sheet in source_book.sheets if str(sheet.id) == id), None)
    if source is None:
        raise bad_request(f"The sheet ({id}) does not exist.")
    with book.editing(call.store, target_id, call.caller.email) as target:
        origin = target if target.id == source_book.id else source_book
        title = requests_sheets.free_title(target, f"Copy of {source.title}")
        sheet = requests_sheets.copied(origin, source, target, title=title)
        sheet.properties.pop("hidden", None)
        return resource.sheet_properties(target, sheet)
