"""batchUpdate: charts and developer metadata."""

from __future__ import annotations

import copy

from ponts_flows.sandbox.errors import GoogleError, bad_request
from ponts_flows.sandbox.sheets import charts, formats, lookup, metadata
from ponts_flows.sandbox.sheets.a1 import Json
from ponts_flows.sandbox.sheets.grid import Sheet
from ponts_flows.sandbox.sheets.masks import mask, replaced
from ponts_flows.sandbox.sheets.requests_names import attached
from ponts_flows.sandbox.sheets.work import Work

# Charts


def add_chart(work: Work, request: Json) -> Json:
    given = copy.deepcopy(request.get("chart", {}))
    if "spec" not in given:
        raise bad_request("Chart spec is required.")
    charts.check_spec(work.book, given["spec"])
    id = given.get("chartId")
    if id is not None and id in work.book.attached_ids():
        raise bad_request(f"Chart with id {id} already exists.")
    position = given.get("position", {})
    if position.get("newSheet"):
        raise GoogleError(501, "The sandbox does not put charts on sheets of their own.")
    anchor = position.get("overlayPosition", {}).get("anchorCell", {})
    sheet = _anchored(work, anchor)
    overlay = {
        "anchorCell": {},
        "widthPixels": 600,
        "heightPixels": 371,
        **position.get("overlayPosition", {}),
    }
    spec = formats.with_both_colours(given["spec"])
    entry = {
        "chartId": id or work.book.free_id(),
        "spec": spec,
        "position": {"overlayPosition": overlay},
    }
    if "border" in given:
        entry["border"] = formats.with_both_colours(given["border"])
    sheet.attached["charts"].append(entry)
    return {"chart": entry}


def _anchored(work: Work, anchor: Json) -> Sheet:
    """The sheet of a chart's corner; 400 when that lies outside the grid."""
    sheet = work.book.sheet(anchor.get("sheetId", 0))
    for name, size in (("rowIndex", len(sheet.rows)), ("columnIndex", len(sheet.columns))):
        if not 0 <= anchor.get(name, 0) < size:
            raise bad_request(f"anchorCell.{name}[{anchor[name]}] is outside the grid: it has {size}.")
    return sheet


def update_chart_spec(work: Work, request: Json) -> None:
    _, entry = attached(work, "charts", "chartId", request.get("chartId", 0), "chart")
    charts.check_spec(work.book, request.get("spec", {}))
    entry["spec"] = formats.with_both_colours(copy.deepcopy(request.get("spec", {})))


def delete_embedded_object(work: Work, request: Json) -> None:
    sheet, entry = attached(work, "charts", "chartId", request.get("objectId", 0), "embedded object")
    sheet.attached["charts"].remove(entry)


def update_embedded_object_position(work: Work, request: Json) -> Json:
    sheet, entry = attached(work, "charts", "chartId", request.get("objectId", 0), "embedded object")
    overlay = request.get("newPosition", {}).get("overlayPosition", {})
    tree = mask(request.get("fields"), "OverlayPosition")
    new = replaced(entry["position"]["overlayPosition"], overlay, tree)
    entry["position"] = {"overlayPosition": new}
    target = _anchored(work, new.get("anchorCell", {}))
    sheet.attached["charts"].remove(entry)
    target.attached["charts"].append(entry)
    return {"position": entry["position"]}


# Developer metadata


def create_developer_metadata(work: Work, request: Json) -> Json:
    return {"developerMetadata": metadata.add(work.book, request.get("developerMetadata", {}))}


def update_developer_metadata(work: Work, request: Json) -> Json:
    given = request.get("developerMetadata", {})
    tree = mask(request.get("fields"), "DeveloperMetadata")
    found = lookup.metadata_of(work.book, request.get("dataFilters", []))
    for entry in found:
        new = replaced(
            entry,
            given,
            {n: b for n, b in tree.items() if n in ("metadataKey", "metadataValue", "visibility")},
        )
        if "location" in tree:
            new = {n: p for n, p in new.items() if n not in ("sheet", "axis", "key")} | metadata.place(
                work.book, given.get("location")
            )
        work.book.metadata[entry["metadataId"]] = new
        work.book.touched_metadata.add(entry["metadataId"])
    shown = [metadata.shown(work.book, work.book.metadata[entry["metadataId"]]) for entry in found]
    return {"developerMetadata": shown} if shown else {}


def delete_developer_metadata(work: Work, request: Json) -> Json:
    found = lookup.metadata_of(work.book, [request.get("dataFilter", {})])
    shown = [metadata.shown(work.book, entry) for entry in found]
    for entry in found:
        work.book.remove_metadata(entry["metadataId"])
    return {"deletedDeveloperMetadata": shown} if shown else {}
