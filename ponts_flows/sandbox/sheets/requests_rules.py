"""batchUpdate: conditional formats, filters and bands."""

from __future__ import annotations

import copy

from ponts_flows.sandbox.errors import bad_request
from ponts_flows.sandbox.sheets import filters, formats
from ponts_flows.sandbox.sheets.a1 import Area, Json
from ponts_flows.sandbox.sheets.grid import Sheet
from ponts_flows.sandbox.sheets.masks import mask, replaced
from ponts_flows.sandbox.sheets.requests_names import attached, range_of
from ponts_flows.sandbox.sheets.work import Work

# Conditional formats


def _rule(work: Work, given: Json) -> tuple[Sheet, Json]:
    ranges = given.get("ranges", [])
    if not ranges:
        raise bad_request("A conditional format rule must have at least one range.")
    if len({entry.get("sheetId", 0) for entry in ranges}) > 1:
        raise bad_request("All the ranges of a conditional format must be on the same sheet.")
    if ("booleanRule" in given) == ("gradientRule" in given):
        raise bad_request("A conditional format rule must have exactly one of booleanRule and gradientRule.")
    areas = [work.area(entry) for entry in ranges]
    rule: Json = formats.with_both_colours(copy.deepcopy(given))
    rule["ranges"] = [area.json() for _, area in areas]
    return areas[0][0], rule


def add_conditional_format_rule(work: Work, request: Json) -> None:
    sheet, rule = _rule(work, request.get("rule", {}))
    rules, index = sheet.attached["conditionalFormats"], request.get("index", 0)
    if not 0 <= index <= len(rules):
        raise bad_request(f"No conditional format on sheet: {sheet.id} at index: {index}")
    rules.insert(index, rule)


def _rules(work: Work, sheet: Sheet, index: int) -> list[Json]:
    rules = sheet.attached["conditionalFormats"]
    if not 0 <= index < len(rules):
        raise bad_request(f"No conditional format on sheet: {sheet.id} at index: {index}")
    return rules


def update_conditional_format_rule(work: Work, request: Json) -> Json:
    index = request.get("index", 0)
    if "rule" in request:
        sheet, rule = _rule(work, request["rule"])
        rules = _rules(work, sheet, index)
        old, rules[index] = rules[index], rule
        return (
            {"oldRule": old, "oldIndex": index, "newRule": rule, "newIndex": index}
            if index
            else {"oldRule": old, "newRule": rule}
        )
    sheet = work.book.sheet(request.get("sheetId", 0))
    rules, new_index = _rules(work, sheet, index), request.get("newIndex", 0)
    _rules(work, sheet, new_index)
    rule = rules.pop(index)
    rules.insert(new_index, rule)
    found = {"oldRule": rule, "oldIndex": index, "newRule": rule, "newIndex": new_index}
    return {name: part for name, part in found.items() if part != 0}


def delete_conditional_format_rule(work: Work, request: Json) -> Json:
    sheet = work.book.sheet(request.get("sheetId", 0))
    rules = _rules(work, sheet, request.get("index", 0))
    return {"rule": rules.pop(request.get("index", 0))}


# Filters


def set_basic_filter(work: Work, request: Json) -> None:
    given = request.get("filter", {})
    sheet, area = work.area(given.get("range"))
    box = sheet.box(area)
    whole = Area(sheet=sheet.id, top=box.top, bottom=box.bottom, left=box.left, right=box.right)
    sheet.basic_filter = filters.complete({**given, "range": whole.json()})


def clear_basic_filter(work: Work, request: Json) -> None:
    work.book.sheet(request.get("sheetId", 0)).basic_filter = None


def add_filter_view(work: Work, request: Json) -> Json:
    given = request.get("filter", {})
    sheet, area = range_of(work, given)
    id = given.get("filterViewId") or work.book.free_id()
    if any(entry["filterViewId"] == id for s in work.book.sheets for entry in s.attached["filterViews"]):
        raise bad_request(f"Filter view with id: {id} already exists.")
    count = len(sheet.attached["filterViews"]) + 1
    entry = filters.complete(
        {**given, "filterViewId": id, "title": given.get("title") or f"Filter {count}", "range": area}
    )
    sheet.attached["filterViews"].append(entry)
    return {"filter": entry}


def update_filter_view(work: Work, request: Json) -> None:
    given = request.get("filter", {})
    tree = {n: b for n, b in mask(request.get("fields"), "FilterView").items() if n != "filterViewId"}
    sheet, entry = attached(work, "filterViews", "filterViewId", given.get("filterViewId", 0), "filter view")
    new = replaced(entry, given, tree)
    if "range" in tree or "namedRangeId" in tree:
        new["range"] = range_of(work, new)[1]
    if "criteria" in tree and not given.get("filterSpecs"):
        new.pop("filterSpecs", None)
    sheet.attached["filterViews"][sheet.attached["filterViews"].index(entry)] = filters.complete(new)


def delete_filter_view(work: Work, request: Json) -> None:
    sheet, entry = attached(work, "filterViews", "filterViewId", request.get("filterId", 0), "filter view")
    sheet.attached["filterViews"].remove(entry)


def duplicate_filter_view(work: Work, request: Json) -> Json:
    sheet, entry = attached(work, "filterViews", "filterViewId", request.get("filterId", 0), "filter view")
    new = {**copy.deepcopy(entry), "filterViewId": work.book.free_id(), "title": f"Copy of {entry['title']}"}
    sheet.attached["filterViews"].append(new)
    return {"filter": new}


# Bands


def add_banding(work: Work, request: Json) -> Json:
    given = formats.with_both_colours(request.get("bandedRange", {}))
    sheet, area = work.area(given.get("range"))
    if any(Area.of(entry["range"]).meets(area) for entry in sheet.attached["bandedRanges"]):
        raise bad_request(
            "You cannot add alternating background colors to a range "
            "that already has alternating background colors."
        )
    entry = {
        **given,
        "bandedRangeId": given.get("bandedRangeId") or work.book.free_id(),
        "range": area.json(),
    }
    sheet.attached["bandedRanges"].append(entry)
    return {"bandedRange": entry}


def update_banding(work: Work, request: Json) -> None:
    given = formats.with_both_colours(request.get("bandedRange", {}))
    tree = formats.mask_with_both_colours(mask(request.get("fields"), "BandedRange"))
    sheet, entry = attached(
        work, "bandedRanges", "bandedRangeId", given.get("bandedRangeId", 0), "banded range"
    )
    new = replaced(entry, given, {n: b for n, b in tree.items() if n != "bandedRangeId"})
    new["range"] = work.area(new.get("range"))[1].json()
    sheet.attached["bandedRanges"][sheet.attached["bandedRanges"].index(entry)] = new


def delete_banding(work: Work, request: Json) -> None:
    sheet, entry = attached(
        work, "bandedRanges", "bandedRangeId", request.get("bandedRangeId", 0), "banded range"
    )
    sheet.attached["bandedRanges"].remove(entry)
