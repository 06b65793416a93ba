"""What is attached to rows and columns follows them: protections, validations, merges, filters, labels."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.sheets_builders import Json, Rest, area, span


def _insert(dimension: str, start: int, end: int, *, before: bool = False) -> Json:
    return {"insertDimension": {"range": span(dimension, start, end), "inheritFromBefore": before}}


def _delete(dimension: str, start: int, end: int) -> Json:
    return {"deleteDimension": {"range": span(dimension, start, end)}}


def _move(dimension: str, start: int, end: int, to: int) -> Json:
    return {"moveDimension": {"source": span(dimension, start, end), "destinationIndex": to}}


@pytest.fixture
def furnished(spreadsheet: Rest) -> Rest:
    """A sheet where B2:C4 carries one of everything, and column C a label."""
    block = area(1, 4, 1, 3)
    spreadsheet.put("A1:D5", [[f"{c}{r}" for c in "ABCD"] for r in range(1, 6)])
    rule = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "oui"}]}, "strict": True}
    highlight = {"condition": {"type": "NOT_BLANK"}, "format": {"textFormat": {"bold": True}}}
    criteria = [{"columnIndex": 2, "filterCriteria": {"hiddenValues": ["C3"]}}]
    label = {"metadataKey": "column", "metadataValue": "decision", "visibility": "DOCUMENT"}
    spreadsheet.batch(
        {"addProtectedRange": {"protectedRange": {"range": block, "description": "machine"}}},
        {"setDataValidation": {"range": block, "rule": rule}},
        {"mergeCells": {"range": block, "mergeType": "MERGE_ROWS"}},
        {"addNamedRange": {"namedRange": {"name": "block", "range": block}}},
        {"addFilterView": {"filter": {"title": "vue", "range": block, "filterSpecs": criteria}}},
        {"setBasicFilter": {"filter": {"range": block, "sortSpecs": [{"dimensionIndex": 2}]}}},
        {"addConditionalFormatRule": {"rule": {"ranges": [block], "booleanRule": highlight}, "index": 0}},
        {"addBanding": {"bandedRange": {"range": block, "rowProperties": {"headerColor": {"red": 1}}}}},
        {
            "createDeveloperMetadata": {
                "developerMetadata": {**label, "location": {"dimensionRange": span("COLUMNS", 2, 3)}}
            }
        },
    )
    spreadsheet.put("F1", [["=COUNTA(B2:C4)"]], "USER_ENTERED")
    return spreadsheet


def _ranges(spreadsheet: Rest) -> dict[str, Any]:
    whole = spreadsheet.send("GET", "")
    sheet = whole["sheets"][0]
    return {
        "protected": sheet.get("protectedRanges", [{}])[0].get("range"),
        "merges": sheet.get("merges"),
        "named": whole.get("namedRanges", [{}])[0].get("range"),
        "view": sheet.get("filterViews", [{}])[0].get("range"),
        "filter": sheet.get("basicFilter", {}).get("range"),
        "format": sheet.get("conditionalFormats", [{}])[0].get("ranges"),
        "bands": sheet.get("bandedRanges", [{}])[0].get("range"),
    }


def _all_at(top: int, bottom: int, left: int, right: int) -> dict[str, Any]:
    block = {name: value for name, value in area(top, bottom, left, right).items() if name != "sheetId"}
    rows = [{**block, "startRowIndex": row, "endRowIndex": row + 1} for row in range(top, bottom)]
    return {
        "protected": block,
        "merges": rows,
        "named": block,
        "view": block,
        "filter": block,
        "format": [block],
        "bands": block,
    }


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (_insert("ROWS", 0, 2), (3, 6, 1, 3)),
        (_insert("COLUMNS", 0, 1), (1, 4, 2, 4)),
        (_delete("ROWS", 0, 1), (0, 3, 1, 3)),
        (_delete("COLUMNS", 0, 1), (1, 4, 0, 2)),
        (_move("ROWS", 0, 1, 5), (0, 3, 1, 3)),
        (_move("COLUMNS", 4, 5, 0), (1, 4, 2, 4)),
    ],
)
def test_every_attached_range_follows_rows_and_columns(
    furnished: Rest, change: Json, expected: tuple[int, int, int, int]
) -> None:
    furnished.batch(change)

    assert _ranges(furnished) == _all_at(*expected)


def test_validations_labels_and_formulas_follow_a_moved_column(furnished: Rest) -> None:
    furnished.batch(_insert("COLUMNS", 0, 1))
    lookup = {"dataFilters": [{"developerMetadataLookup": {"metadataKey": "column"}}]}

    [found] = furnished.send("POST", "/developerMetadata:search", lookup)["matchedDeveloperMetadata"]

    assert found["developerMetadata"]["location"] == {
        "locationType": "COLUMN",
        "dimensionRange": {"dimension": "COLUMNS", "startIndex": 3, "endIndex": 4},
    }
    assert "dataValidation" in furnished.cell("C2")
    assert "dataValidation" not in furnished.cell("B2")
    assert furnished.get("G1", valueRenderOption="FORMULA") == [["=COUNTA(C2:D4)"]]
    view = furnished.sheet()["filterViews"][0]
    assert [spec["columnIndex"] for spec in view["filterSpecs"]] == [3]
    assert list(view["criteria"]) == ["3"]


def test_what_was_attached_to_deleted_columns_is_gone_and_formulas_are_broken(furnished: Rest) -> None:
    furnished.batch(_delete("COLUMNS", 1, 3))
    lookup = {"dataFilters": [{"developerMetadataLookup": {"metadataKey": "column"}}]}

    assert furnished.send("POST", "/developerMetadata:search", lookup) == {}
    assert furnished.get("D1", valueRenderOption="FORMULA") == [["=COUNTA(#REF!)"]]
    assert set(_ranges(furnished).values()) == {None}


def test_deleting_a_sheet_takes_its_names_labels_and_references_along(spreadsheet: Rest) -> None:
    spreadsheet.batch({"addSheet": {"properties": {"sheetId": 7, "title": "Réglages"}}})
    spreadsheet.put("'Réglages'!A1", [["valeur"]])
    spreadsheet.put("A1", [["='Réglages'!A1"]], "USER_ENTERED")
    label = {"metadataId": 5, "metadataKey": "k", "visibility": "DOCUMENT", "location": {"sheetId": 7}}
    spreadsheet.batch(
        {"addNamedRange": {"namedRange": {"name": "choix", "range": area(0, 1, 0, 1, 7)}}},
        {"createDeveloperMetadata": {"developerMetadata": label}},
    )

    spreadsheet.batch({"deleteSheet": {"sheetId": 7}})

    assert spreadsheet.get("A1") == [["#REF!"]]
    assert "namedRanges" not in spreadsheet.send("GET", "")
    assert spreadsheet.refused("GET", "/developerMetadata/5")[0] == 404


def test_renaming_a_sheet_renames_it_in_formulas_and_validations(spreadsheet: Rest) -> None:
    spreadsheet.batch({"addSheet": {"properties": {"sheetId": 7, "title": "Old"}}})
    spreadsheet.put("A1", [["=Old!B2+1"]], "USER_ENTERED")
    rule = {"condition": {"type": "ONE_OF_RANGE", "values": [{"userEnteredValue": "=Old!$A$1:$A$3"}]}}
    spreadsheet.batch(
        {"setDataValidation": {"range": area(0, 1, 1, 2), "rule": rule}},
        {"updateSheetProperties": {"properties": {"sheetId": 7, "title": "Tout neuf"}, "fields": "title"}},
    )

    condition = spreadsheet.cell("B1")["dataValidation"]["condition"]

    assert spreadsheet.get("A1", valueRenderOption="FORMULA") == [["='Tout neuf'!B2+1"]]
    assert condition["values"] == [{"userEnteredValue": "='Tout neuf'!$A$1:$A$3"}]


def test_inserted_rows_look_like_the_row_they_inherit_from(furnished: Rest) -> None:
    furnished.batch(_insert("ROWS", 4, 5, before=True), _insert("ROWS", 1, 2, before=True))

    assert "dataValidation" in furnished.cell("B6")
    assert "dataValidation" not in furnished.cell("B2")


def test_cells_are_shifted_within_a_range(spreadsheet: Rest) -> None:
    spreadsheet.put("A1:B3", [["a", "x"], ["b", "y"], ["c", "z"]])

    spreadsheet.batch({"insertRange": {"range": area(0, 1, 0, 1), "shiftDimension": "ROWS"}})
    inserted = spreadsheet.get("A1:B4")
    spreadsheet.batch({"deleteRange": {"range": area(1, 2, 0, 1), "shiftDimension": "ROWS"}})

    assert inserted == [["", "x"], ["a", "y"], ["b", "z"], ["c"]]
    assert spreadsheet.get("A1:B4") == [["", "x"], ["b", "y"], ["c", "z"]]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            _delete("ROWS", 0, 1000),
            "Invalid requests[0].deleteDimension: You can't delete all the rows on the sheet.",
        ),
        (
            _delete("COLUMNS", 26, 27),
            (
                "Invalid requests[0].deleteDimension: Cannot delete a column that doesn't exist. "
                "Tried to delete column index 26 but there are only 26 columns."
            ),
        ),
        (
            {"appendDimension": {"sheetId": 0, "dimension": "ROWS", "length": 400_000}},
            (
                "Invalid requests[0].appendDimension: This action would increase the number of cells "
                "in the workbook above the limit of 10000000 cells."
            ),
        ),
    ],
)
def test_impossible_changes_of_the_grid_are_refused(spreadsheet: Rest, change: Json, message: str) -> None:
    assert spreadsheet.batch_refused(change) == message


def test_groups_nest_and_dissolve_as_documented(spreadsheet: Rest) -> None:
    first, second = spreadsheet.batch(
        {"addDimensionGroup": {"range": span("COLUMNS", 1, 5)}},
        {"addDimensionGroup": {"range": span("COLUMNS", 2, 4)}},
    )
    [third] = spreadsheet.batch({"deleteDimensionGroup": {"range": span("COLUMNS", 3, 5)}})

    def depths(reply: Json) -> list[tuple[int, int, int]]:
        [body] = reply.values()
        found = body["dimensionGroups"]
        return [(g["range"]["startIndex"], g["range"]["endIndex"], g["depth"]) for g in found]

    assert depths(first) == [(1, 5, 1)]
    assert depths(second) == [(1, 5, 1), (2, 4, 2)]
    assert depths(third) == [(1, 4, 1), (2, 3, 2)]


def test_frozen_rows_grow_with_rows_inserted_among_them(spreadsheet: Rest) -> None:
    frozen = {"sheetId": 0, "gridProperties": {"frozenRowCount": 2}}
    spreadsheet.batch(
        {"updateSheetProperties": {"properties": frozen, "fields": "gridProperties.frozenRowCount"}},
        _insert("ROWS", 1, 2),
    )

    assert spreadsheet.sheet()["properties"]["gridProperties"]["frozenRowCount"] == 3
