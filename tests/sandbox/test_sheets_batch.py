"""`spreadsheets.batchUpdate`: atomic, in order, with replies; cells, formats, rules, objects."""

from __future__ import annotations

from typing import Any

import pytest

from ponts_flows.sandbox import schema
from ponts_flows.sandbox.sheets.requests import REQUESTS
from tests.sandbox.sheets_builders import Json, Rest, area, span

NOT_PLAYED = {
    "addComment", "addCommentReply", "addDataSource", "addSlicer", "addTable",
    "cancelDataSourceRefresh", "deleteComment", "deleteCommentReply", "deleteDataSource",
    "deleteTable", "insertComment", "refreshDataSource", "updateCommentPost", "updateDataSource",
    "updateEmbeddedObjectBorder", "updateSlicerSpec", "updateTable",
}  # fmt: skip


def test_every_request_of_the_schema_is_played_or_known_not_to_be() -> None:
    known = set(schema.discovery("sheets.v4")["schemas"]["Request"]["properties"])

    assert known - REQUESTS.keys() - NOT_PLAYED == set()
    assert REQUESTS.keys() - known == set()


def test_replies_mirror_the_requests(spreadsheet: Rest) -> None:
    replies = spreadsheet.batch(
        {"addSheet": {"properties": {"title": "Binômes", "sheetId": 12, "gridProperties": {"rowCount": 5}}}},
        {"updateSheetProperties": {"properties": {"sheetId": 12, "title": "Paires"}, "fields": "title"}},
        {"trimWhitespace": {"range": area(0, 1, 0, 1)}},
    )

    properties = {
        "sheetId": 12,
        "title": "Binômes",
        "index": 1,
        "sheetType": "GRID",
        "gridProperties": {"rowCount": 5, "columnCount": 26},
    }
    assert replies == [{"addSheet": {"properties": properties}}, {}, {"trimWhitespace": {}}]


def test_a_batch_whose_last_request_fails_changes_nothing(spreadsheet: Rest) -> None:
    message = spreadsheet.batch_refused(
        {"addSheet": {"properties": {"title": "Neuf"}}},
        {"updateSpreadsheetProperties": {"properties": {"title": "Autre"}, "fields": "title"}},
        {"deleteSheet": {"sheetId": 99}},
    )

    found = spreadsheet.send("GET", "")
    assert message == "Invalid requests[2].deleteSheet: No sheet with id: 99"
    assert [sheet["properties"]["title"] for sheet in found["sheets"]] == ["Sheet1"]
    assert found["properties"]["title"] == "Untitled spreadsheet"


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (
            {"addSheet": {"properties": {"title": "Sheet1"}}},
            (
                'Invalid requests[0].addSheet: A sheet with the name "Sheet1" already exists. '
                "Please enter another name."
            ),
        ),
        (
            {"deleteSheet": {}},
            "Invalid requests[0].deleteSheet: You can't remove all the visible sheets in a document.",
        ),
        (
            {"repeatCell": {"range": {"sheetId": 3}, "fields": "note"}},
            "Invalid requests[0].repeatCell: No grid with id: 3",
        ),
        (
            {
                "updateSheetProperties": {
                    "properties": {"gridProperties": {"frozenRowCount": 1000}},
                    "fields": "gridProperties.frozenRowCount",
                }
            },
            "Invalid requests[0].updateSheetProperties: You can't freeze all visible rows on the sheet.",
        ),
    ],
)
def test_errors_say_which_request_and_what_is_wrong(spreadsheet: Rest, request_: Json, message: str) -> None:
    assert spreadsheet.batch_refused(request_) == message


def test_an_empty_batch_and_an_unknown_request_are_refused(spreadsheet: Rest) -> None:
    assert (
        spreadsheet.refused("POST", ":batchUpdate", {"requests": []})[1]
        == "Must specify at least one request."
    )
    unknown = spreadsheet.batch_refused({"paintCells": {}})
    expected = (
        "Invalid JSON payload received. Unknown name \"paintCells\" at 'requests[0]': Cannot find field."
    )
    assert unknown == expected


def test_two_requests_in_one_and_an_unknown_time_zone_are_refused(spreadsheet: Rest) -> None:
    both = spreadsheet.batch_refused({"addSheet": {}, "deleteSheet": {}})
    zone = {"properties": {"timeZone": "Europe/Nowhere"}, "fields": "timeZone"}
    nowhere = spreadsheet.batch_refused({"updateSpreadsheetProperties": zone})

    assert both == (
        "Invalid value at 'requests[0]' (oneof), oneof field 'kind' is already set. Cannot set 'deleteSheet'"
    )
    assert nowhere == "Invalid requests[0].updateSpreadsheetProperties: Invalid time zone: Europe/Nowhere"


def test_the_spreadsheet_can_come_back_with_the_replies(spreadsheet: Rest) -> None:
    body = {
        "requests": [{"updateCells": {
            "start": {"sheetId": 0},
            "rows": [{"values": [{"userEnteredValue": {"numberValue": 3}}]}],
            "fields": "userEnteredValue",
        }}],
        "includeSpreadsheetInResponse": True,
        "responseIncludeGridData": True,
        "responseRanges": ["A1:B1"],
    }  # fmt: skip

    found = spreadsheet.send("POST", ":batchUpdate", body)["updatedSpreadsheet"]

    [row] = found["sheets"][0]["data"][0]["rowData"]
    assert row["values"][0]["formattedValue"] == "3"


def test_numbers_written_as_strings_are_numbers(spreadsheet: Rest) -> None:
    spreadsheet.put("A1:A2", [["a"], ["b"]])

    spreadsheet.batch(
        {
            "deleteDimension": {
                "range": {"sheetId": "0", "dimension": "ROWS", "startIndex": "0", "endIndex": "1"}
            }
        }
    )

    assert spreadsheet.get("A1:A2") == [["b"]]


def test_a_cell_tells_what_was_entered_what_it_is_and_how_it_looks(spreadsheet: Rest) -> None:
    cell = {
        "userEnteredValue": {"formulaValue": "=1/4"},
        "userEnteredFormat": {
            "numberFormat": {"type": "PERCENT", "pattern": "0.0%"},
            "backgroundColor": {"red": 0.5},
        },
        "note": "un quart",
    }
    spreadsheet.batch(
        {"updateCells": {"range": area(0, 1, 0, 1), "rows": [{"values": [cell]}], "fields": "*"}}
    )

    found = spreadsheet.cell("A1")

    effective = found.pop("effectiveFormat")
    shade = {"red": 0.49803922}
    assert found == {
        "userEnteredValue": {"formulaValue": "=1/4"},
        "effectiveValue": {"numberValue": 0.25},
        "formattedValue": "25.0%",
        "userEnteredFormat": {
            "numberFormat": {"type": "PERCENT", "pattern": "0.0%"},
            "backgroundColor": shade,
            "backgroundColorStyle": {"rgbColor": shade},
        },
        "note": "un quart",
    }
    assert effective["horizontalAlignment"] == "RIGHT"
    assert effective["textFormat"]["fontFamily"] == "Arial"
    assert effective["backgroundColor"] == shade


def test_a_mask_limits_what_is_written_and_clears_what_it_names(spreadsheet: Rest) -> None:
    every = {"textFormat": {"bold": True, "italic": True}, "horizontalAlignment": "CENTER"}
    whole = {"userEnteredFormat": every}
    spreadsheet.batch(
        {"repeatCell": {"range": area(0, 1, 0, 1), "cell": whole, "fields": "userEnteredFormat"}},
        {"repeatCell": {
            "range": area(0, 1, 0, 1),
            "cell": {"userEnteredFormat": {"textFormat": {"bold": False}}},
            "fields": "userEnteredFormat(textFormat.bold,horizontalAlignment)",
        }},
    )  # fmt: skip

    assert spreadsheet.cell("A1")["userEnteredFormat"] == {"textFormat": {"bold": False, "italic": True}}


@pytest.mark.parametrize("fields", [None, "", "userEnteredValeur"])
def test_a_mask_that_names_nothing_known_is_refused(spreadsheet: Rest, fields: str | None) -> None:
    message = spreadsheet.batch_refused(
        {"repeatCell": {"range": area(0, 1, 0, 1), "cell": {}, "fields": fields}}
    )

    assert message.startswith("Invalid requests[0].repeatCell: ")


def test_cells_are_appended_after_the_last_row_with_data(spreadsheet: Rest) -> None:
    spreadsheet.put("B2", [["x"]])
    row = {"values": [{"userEnteredValue": {"stringValue": "a"}}, {"userEnteredValue": {"boolValue": True}}]}

    spreadsheet.batch({"appendCells": {"sheetId": 0, "rows": [row], "fields": "userEnteredValue"}})

    assert spreadsheet.get("A1:B3") == [[], ["", "x"], ["a", "TRUE"]]


def test_sorting_keeps_notes_with_their_rows_and_empty_cells_last(spreadsheet: Rest) -> None:
    spreadsheet.put("A1:B5", [["n", "t"], [3, "c"], ["", "e"], [1, "a"], ["x", "d"]])
    note = {"range": area(1, 2, 1, 2), "cell": {"note": "three"}, "fields": "note"}
    order = {"range": area(1, 5, 0, 2), "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "ASCENDING"}]}

    spreadsheet.batch({"repeatCell": note}, {"sortRange": order})

    assert spreadsheet.get("A1:B5") == [["n", "t"], ["1", "a"], ["3", "c"], ["x", "d"], ["", "e"]]
    assert spreadsheet.cell("B3")["note"] == "three"


def test_copying_moves_relative_references_and_repeats_to_fill(spreadsheet: Rest) -> None:
    spreadsheet.put("A1:B2", [[1, "=A1*10"], [2, ""]], "USER_ENTERED")

    spreadsheet.batch({"copyPaste": {"source": area(0, 1, 1, 2), "destination": area(0, 2, 1, 3)}})

    assert spreadsheet.get("A1:C2", valueRenderOption="FORMULA") == [
        [1, "=A1*10", "=B1*10"],
        [2, "=A2*10", "=B2*10"],
    ]


def test_cutting_leaves_nothing_behind(spreadsheet: Rest) -> None:
    spreadsheet.put("A1:B1", [["a", "b"]])

    spreadsheet.batch(
        {"cutPaste": {"source": area(0, 1, 0, 2), "destination": {"rowIndex": 2, "columnIndex": 1}}}
    )

    assert spreadsheet.get("A1:C3") == [[], [], ["", "a", "b"]]


def test_find_and_replace_counts_what_it_changed(spreadsheet: Rest) -> None:
    spreadsheet.put("A1:B2", [["chat chat", "chien"], ["Chat", '=LEN("chat")']], "USER_ENTERED")

    [reply] = spreadsheet.batch({"findReplace": {"find": "chat", "replacement": "ours", "allSheets": True}})

    counts = {"valuesChanged": 2, "rowsChanged": 2, "sheetsChanged": 1, "occurrencesChanged": 3}
    assert reply == {"findReplace": counts}
    assert spreadsheet.get("A1:B2") == [["ours ours", "chien"], ["ours", "4"]]


def test_duplicates_are_removed_and_the_rest_moves_up(spreadsheet: Rest) -> None:
    spreadsheet.put("A1:B4", [["a", 1], ["A", 2], ["b", 3], ["a", 4]])

    [reply] = spreadsheet.batch(
        {"deleteDuplicates": {"range": area(0, 4, 0, 2), "comparisonColumns": [span("COLUMNS", 0, 1)]}}
    )

    assert reply == {"deleteDuplicates": {"duplicatesRemovedCount": 2}}
    assert spreadsheet.get("A1:B4") == [["a", "1"], ["b", "3"]]


def test_text_is_split_pasted_and_series_are_continued(spreadsheet: Rest) -> None:
    spreadsheet.put("A1", [["a;b;1"]])
    fill = {"source": area(2, 4, 0, 1), "dimension": "ROWS", "fillLength": 2}

    spreadsheet.batch(
        {"textToColumns": {"source": area(0, 1, 0, 1), "delimiterType": "SEMICOLON"}},
        {"pasteData": {"coordinate": {"rowIndex": 2}, "data": "10\tx\n20\ty", "delimiter": "\t"}},
        {"autoFill": {"sourceAndDestination": fill}},
    )

    found = spreadsheet.get("A1:C6", valueRenderOption="UNFORMATTED_VALUE")
    assert found == [["a", "b", 1], [], [10, "x"], [20, "y"], [30], [40]]


def test_merging_keeps_the_first_value_only(spreadsheet: Rest) -> None:
    spreadsheet.put("A1:B2", [["", "b"], ["c", "d"]])

    spreadsheet.batch({"mergeCells": {"range": area(0, 2, 0, 2), "mergeType": "MERGE_ALL"}})
    part = spreadsheet.batch_refused({"unmergeCells": {"range": area(0, 1, 0, 1)}})

    assert spreadsheet.get("A1:B2") == [["b"]]
    assert part.endswith("You must select all cells in a merged range to merge or unmerge them.")
    spreadsheet.batch({"unmergeCells": {"range": area(0, 3, 0, 3)}})
    assert "merges" not in spreadsheet.sheet()


def test_conditional_formats_show_in_the_effective_format(spreadsheet: Rest) -> None:
    spreadsheet.put("A1:B2", [[1, ""], [5, ""]])
    red = {"condition": {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": "=$A1>3"}]},
           "format": {"backgroundColor": {"red": 1}}}  # fmt: skip
    rule = {"ranges": [area(0, 2, 0, 2)], "booleanRule": red}

    spreadsheet.batch({"addConditionalFormatRule": {"rule": rule}})

    white = {"red": 1, "green": 1, "blue": 1}
    assert spreadsheet.cell("A1")["effectiveFormat"]["backgroundColor"] == white
    assert spreadsheet.cell("A2")["effectiveFormat"]["backgroundColor"] == {"red": 1}
    assert "userEnteredFormat" not in spreadsheet.cell("A2")


def test_conditional_formats_are_listed_moved_replaced_and_deleted(spreadsheet: Rest) -> None:
    def rule(text: str) -> Json:
        condition = {"type": "TEXT_CONTAINS", "values": [{"userEnteredValue": text}]}
        return {
            "ranges": [area(0, 9, 0, 1)],
            "booleanRule": {"condition": condition, "format": {"textFormat": {"bold": True}}},
        }

    spreadsheet.batch(
        *({"addConditionalFormatRule": {"rule": rule(t), "index": i}} for i, t in enumerate("abc"))
    )
    moved, deleted = spreadsheet.batch(
        {"updateConditionalFormatRule": {"sheetId": 0, "index": 0, "newIndex": 2}},
        {"deleteConditionalFormatRule": {"sheetId": 0, "index": 0}},
    )
    message = spreadsheet.batch_refused({"deleteConditionalFormatRule": {"sheetId": 0, "index": 5}})

    def texts(rules: list[Json]) -> list[str]:
        return [r["booleanRule"]["condition"]["values"][0]["userEnteredValue"] for r in rules]

    assert moved["updateConditionalFormatRule"]["newIndex"] == 2
    assert texts([deleted["deleteConditionalFormatRule"]["rule"]]) == ["b"]
    assert texts(spreadsheet.sheet()["conditionalFormats"]) == ["c", "a"]
    assert message.endswith("No conditional format on sheet: 0 at index: 5")


def test_a_filter_hides_rows_in_the_row_metadata(spreadsheet: Rest) -> None:
    spreadsheet.put("A1:A3", [["stage"], ["open"], ["closed"]])
    criteria = {"0": {"hiddenValues": ["closed"]}}

    spreadsheet.batch({"setBasicFilter": {"filter": {"range": area(0, 3, 0, 1), "criteria": criteria}}})

    data = spreadsheet.sheet(ranges="A1:A3", includeGridData=True)["data"][0]
    assert [row.get("hiddenByFilter", False) for row in data["rowMetadata"]] == [False, False, True]
    assert spreadsheet.sheet()["basicFilter"]["filterSpecs"] == [
        {"columnIndex": 0, "filterCriteria": criteria["0"]}
    ]
    spreadsheet.batch({"clearBasicFilter": {"sheetId": 0}})
    assert "basicFilter" not in spreadsheet.sheet()


def test_filter_views_are_added_changed_copied_and_deleted(spreadsheet: Rest) -> None:
    [added] = spreadsheet.batch(
        {"addFilterView": {"filter": {"title": "à décider", "range": {"sheetId": 0}}}}
    )
    id = added["addFilterView"]["filter"]["filterViewId"]
    _, copied = spreadsheet.batch(
        {"updateFilterView": {"filter": {"filterViewId": id, "title": "en retard"}, "fields": "title"}},
        {"duplicateFilterView": {"filterId": id}},
    )
    spreadsheet.batch({"deleteFilterView": {"filterId": id}})

    assert [view["title"] for view in spreadsheet.sheet()["filterViews"]] == ["Copy of en retard"]
    assert copied["duplicateFilterView"]["filter"]["filterViewId"] != id


def test_charts_bands_borders_and_sizes_are_kept(spreadsheet: Rest) -> None:
    chart = {"spec": {"title": "Étapes", "pieChart": {"legendPosition": "RIGHT_LEGEND"}},
             "position": {"overlayPosition": {"anchorCell": {"rowIndex": 2}}}}  # fmt: skip
    solid = {"style": "SOLID"}
    [added, *_] = spreadsheet.batch(
        {"addChart": {"chart": chart}},
        {"updateBorders": {"range": area(0, 2, 0, 1), "top": solid, "innerHorizontal": solid}},
        {
            "updateDimensionProperties": {
                "range": span("COLUMNS", 0, 1),
                "properties": {"pixelSize": 250},
                "fields": "pixelSize",
            }
        },
        {
            "updateDimensionProperties": {
                "range": span("ROWS", 1, 2),
                "properties": {"hiddenByUser": True},
                "fields": "hiddenByUser",
            }
        },
    )

    sheet = spreadsheet.sheet(includeGridData=True, ranges="A1:B2")
    line = {"style": "SOLID", "width": 1, "color": {}, "colorStyle": {"rgbColor": {}}}
    assert sheet["charts"][0]["chartId"] == added["addChart"]["chart"]["chartId"]
    assert sheet["charts"][0]["position"]["overlayPosition"]["widthPixels"] == 600
    assert spreadsheet.cell("A1")["userEnteredFormat"]["borders"] == {"top": line, "bottom": line}
    assert sheet["data"][0]["columnMetadata"] == [{"pixelSize": 250}, {"pixelSize": 100}]
    assert sheet["data"][0]["rowMetadata"] == [{"pixelSize": 21}, {"pixelSize": 21, "hiddenByUser": True}]


def test_sheets_are_moved_hidden_coloured_and_duplicated(spreadsheet: Rest) -> None:
    properties = {"sheetId": 1, "hidden": True, "tabColor": {"blue": 1}}
    spreadsheet.put("A1", [["copied"]])
    replies = spreadsheet.batch(
        {"addSheet": {"properties": {"sheetId": 1, "title": "B"}}},
        {"updateSheetProperties": {"properties": properties, "fields": "hidden,tabColor"}},
        {"updateSheetProperties": {"properties": {"sheetId": 0, "index": 2}, "fields": "index"}},
        {"duplicateSheet": {"sourceSheetId": 0, "insertSheetIndex": 2}},
    )

    sheets = [sheet["properties"] for sheet in spreadsheet.send("GET", "")["sheets"]]
    assert [(s["title"], s["index"]) for s in sheets] == [("B", 0), ("Sheet1", 1), ("Copy of Sheet1", 2)]
    assert (sheets[0]["hidden"], sheets[0]["tabColorStyle"]) == (True, {"rgbColor": {"blue": 1}})
    assert replies[3]["duplicateSheet"]["properties"]["title"] == "Copy of Sheet1"
    assert spreadsheet.get("'Copy of Sheet1'!A1") == [["copied"]]


def test_a_sheet_is_copied_into_another_spreadsheet(spreadsheet: Rest) -> None:
    body = {"properties": {"title": "Cible", "locale": "fr_FR"}}
    target = spreadsheet.session.post(f"{spreadsheet.base}/v4/spreadsheets", json=body, timeout=30).json()
    spreadsheet.put("A1:B1", [["a", "=1+1"]], "USER_ENTERED")
    bold = {"userEnteredFormat": {"textFormat": {"bold": True}}}
    spreadsheet.batch(
        {"repeatCell": {"range": area(0, 1, 0, 1), "cell": bold, "fields": "userEnteredFormat"}}
    )

    answer = spreadsheet.send(
        "POST", "/sheets/0:copyTo", {"destinationSpreadsheetId": target["spreadsheetId"]}
    )

    copy = Rest(session=spreadsheet.session, base=spreadsheet.base, id=target["spreadsheetId"])
    assert target["sheets"][0]["properties"]["title"] == "Feuille 1"
    assert (answer["title"], answer["index"]) == ("Copy of Sheet1", 1)
    assert copy.get("'Copy of Sheet1'!A1:B1") == [["a", "2"]]
    assert copy.cell("'Copy of Sheet1'!A1")["userEnteredFormat"]["textFormat"] == {"bold": True}


def test_a_spreadsheet_is_created_from_a_whole_description(spreadsheet: Rest) -> None:
    cell = {"userEnteredValue": {"stringValue": "titre"}, "note": "une note"}
    grid = {"rowCount": 10, "columnCount": 3, "frozenRowCount": 1}
    body: dict[str, Any] = {
        "properties": {"title": "Tableau", "timeZone": "Europe/Paris"},
        "sheets": [{
            "properties": {"sheetId": 4, "title": "Un", "gridProperties": grid},
            "data": [{"startRow": 1, "rowData": [{"values": [cell]}]}],
            "merges": [area(4, 5, 0, 2, 4)],
        }],
    }  # fmt: skip

    made = spreadsheet.session.post(f"{spreadsheet.base}/v4/spreadsheets", json=body, timeout=30).json()

    copy = Rest(session=spreadsheet.session, base=spreadsheet.base, id=made["spreadsheetId"])
    sheet = copy.sheet()
    assert sheet["properties"]["gridProperties"] == {"rowCount": 10, "columnCount": 3, "frozenRowCount": 1}
    assert sheet["merges"] == [area(4, 5, 0, 2, 4)]
    assert copy.cell("A2")["note"] == "une note"


def test_a_field_mask_decides_whether_cells_come_along(spreadsheet: Rest) -> None:
    spreadsheet.put("A1", [["a"]])

    titles = spreadsheet.send("GET", "", fields="sheets.properties.title", includeGridData=True)
    values = spreadsheet.send("GET", "", fields="sheets.data.rowData.values.formattedValue")

    assert titles == {"sheets": [{"properties": {"title": "Sheet1"}}]}
    assert values == {"sheets": [{"data": [{"rowData": [{"values": [{"formattedValue": "a"}]}]}]}]}


def test_metadata_is_updated_found_by_location_and_deleted(spreadsheet: Rest) -> None:
    label = {
        "metadataId": 9,
        "metadataKey": "row",
        "visibility": "DOCUMENT",
        "location": {"dimensionRange": span("ROWS", 3, 4)},
    }
    by_key = {"developerMetadataLookup": {"metadataKey": "row"}}
    spreadsheet.batch(
        {"createDeveloperMetadata": {"developerMetadata": label}},
        {"updateDeveloperMetadata": {
            "dataFilters": [by_key], "developerMetadata": {"metadataValue": "P-1"}, "fields": "metadataValue",
        }},
    )  # fmt: skip
    inside = {"dataFilters": [{"gridRange": area(3, 4, 0, 1)}]}
    outside = {"dataFilters": [{"gridRange": area(4, 5, 0, 1)}]}

    found = spreadsheet.send("POST", "/developerMetadata:search", inside)["matchedDeveloperMetadata"]
    one = spreadsheet.send("GET", "/developerMetadata/9")
    [deleted] = spreadsheet.batch({"deleteDeveloperMetadata": {"dataFilter": by_key}})

    assert [entry["developerMetadata"] for entry in found] == [one]
    assert one["metadataValue"] == "P-1"
    assert deleted["deleteDeveloperMetadata"]["deletedDeveloperMetadata"] == [one]
    assert spreadsheet.send("POST", "/developerMetadata:search", outside) == {}
