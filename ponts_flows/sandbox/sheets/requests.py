"""batchUpdate: the table of requests, and how a list of them is carried out."""

from __future__ import annotations

from collections.abc import Callable

from ponts_flows.sandbox.errors import GoogleError, bad_request
from ponts_flows.sandbox.sheets import requests_cells as cells
from ponts_flows.sandbox.sheets import requests_dimensions as dimensions
from ponts_flows.sandbox.sheets import requests_names as names
from ponts_flows.sandbox.sheets import requests_objects as objects
from ponts_flows.sandbox.sheets import requests_ranges as ranges
from ponts_flows.sandbox.sheets import requests_rules as rules
from ponts_flows.sandbox.sheets import requests_sheets as sheets
from ponts_flows.sandbox.sheets import requests_texts as texts
from ponts_flows.sandbox.sheets.a1 import Json
from ponts_flows.sandbox.sheets.work import Work

Request = Callable[[Work, Json], Json | None]

REQUESTS: dict[str, Request] = {
    "addSheet": sheets.add_sheet,
    "deleteSheet": sheets.delete_sheet,
    "duplicateSheet": sheets.duplicate_sheet,
    "updateSheetProperties": sheets.update_sheet_properties,
    "updateSpreadsheetProperties": sheets.update_spreadsheet_properties,
    "updateCells": cells.update_cells,
    "appendCells": cells.append_cells,
    "repeatCell": cells.repeat_cell,
    "setDataValidation": cells.set_data_validation,
    "updateBorders": cells.update_borders,
    "mergeCells": cells.merge_cells,
    "unmergeCells": cells.unmerge_cells,
    "trimWhitespace": cells.trim_whitespace,
    "appendDimension": dimensions.append_dimension,
    "insertDimension": dimensions.insert_dimension,
    "deleteDimension": dimensions.delete_dimension,
    "moveDimension": dimensions.move_dimension,
    "updateDimensionProperties": dimensions.update_dimension_properties,
    "autoResizeDimensions": dimensions.auto_resize_dimensions,
    "addDimensionGroup": dimensions.add_dimension_group,
    "deleteDimensionGroup": dimensions.delete_dimension_group,
    "updateDimensionGroup": dimensions.update_dimension_group,
    "insertRange": dimensions.insert_range,
    "deleteRange": dimensions.delete_range,
    "copyPaste": ranges.copy_paste,
    "cutPaste": ranges.cut_paste,
    "findReplace": texts.find_replace,
    "sortRange": ranges.sort_range,
    "randomizeRange": ranges.randomize_range,
    "deleteDuplicates": ranges.delete_duplicates,
    "textToColumns": texts.text_to_columns,
    "pasteData": texts.paste_data,
    "autoFill": texts.auto_fill,
    "addNamedRange": names.add_named_range,
    "updateNamedRange": names.update_named_range,
    "deleteNamedRange": names.delete_named_range,
    "addProtectedRange": names.add_protected_range,
    "updateProtectedRange": names.update_protected_range,
    "deleteProtectedRange": names.delete_protected_range,
    "addConditionalFormatRule": rules.add_conditional_format_rule,
    "updateConditionalFormatRule": rules.update_conditional_format_rule,
    "deleteConditionalFormatRule": rules.delete_conditional_format_rule,
    "setBasicFilter": rules.set_basic_filter,
    "clearBasicFilter": rules.clear_basic_filter,
    "addFilterView": rules.add_filter_view,
    "updateFilterView": rules.update_filter_view,
    "deleteFilterView": rules.delete_filter_view,
    "duplicateFilterView": rules.duplicate_filter_view,
    "addBanding": rules.add_banding,
    "updateBanding": rules.update_banding,
    "deleteBanding": rules.delete_banding,
    "addChart": objects.add_chart,
    "updateChartSpec": objects.update_chart_spec,
    "deleteEmbeddedObject": objects.delete_embedded_object,
    "updateEmbeddedObjectPosition": objects.update_embedded_object_position,
    "createDeveloperMetadata": objects.create_developer_metadata,
    "updateDeveloperMetadata": objects.update_developer_metadata,
    "deleteDeveloperMetadata": objects.delete_developer_metadata,
}


def carry_out(work: Work, requests: list[Json]) -> list[Json]:
    """Apply requests in order and return their replies; the first that fails stops them all."""
    if not requests:
        raise bad_request("Must specify at least one request.")
    return [_one(work, number, request) for number, request in enumerate(requests)]


def _one(work: Work, number: int, request: Json) -> Json:
    if len(request) > 1:
        raise bad_request(
            f"Invalid value at 'requests[{number}]' (oneof), oneof field 'kind' is already set. "
            f"Cannot set '{list(request)[1]}'"
        )
    if not request:
        raise bad_request(f"Invalid requests[{number}]: No request set.")
    [(name, parameters)] = request.items()
    if name not in REQUESTS:
        raise GoogleError(501, f"Invalid requests[{number}].{name}: the sandbox does not play this request.")
    try:
        reply = REQUESTS[name](work, parameters)
    except GoogleError as error:
        raise GoogleError(error.code, f"Invalid requests[{number}].{name}: {error.message}") from None
    work.book.computed.clear()
    return {} if reply is None else {name: reply}
