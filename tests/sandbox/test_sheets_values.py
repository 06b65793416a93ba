"""`spreadsheets.values`: ranges, rendering, what is cut, what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.sheets_builders import Rest, area, span


def test_an_empty_spreadsheet_has_the_shape_that_google_gives_it(spreadsheet: Rest) -> None:
    found = spreadsheet.send("GET", "")

    assert found["properties"]["title"] == "Untitled spreadsheet"
    assert (found["properties"]["locale"], found["properties"]["timeZone"]) == ("en_US", "Etc/GMT")
    assert found["properties"]["defaultFormat"]["textFormat"]["fontFamily"] == "arial,sans,sans-serif"
    assert found["sheets"] == [
        {
            "properties": {
                "sheetId": 0,
                "title": "Sheet1",
                "index": 0,
                "sheetType": "GRID",
                "gridProperties": {"rowCount": 1000, "columnCount": 26},
            }
        }
    ]
    assert found["spreadsheetUrl"] == f"{spreadsheet.base}/spreadsheets/d/{spreadsheet.id}/edit"


def test_an_empty_range_has_no_values_and_a_range_clipped_to_the_grid(spreadsheet: Rest) -> None:
    assert spreadsheet.read("A1:AZ2000") == {"range": "Sheet1!A1:Z1000", "majorDimension": "ROWS"}


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("A1", "Sheet1!A1"),
        ("B2:A1", "Sheet1!A1:B2"),
        ("A:B", "Sheet1!A1:B1000"),
        ("2:3", "Sheet1!A2:Z3"),
        ("B5:C", "Sheet1!B5:C1000"),
        ("Sheet1", "Sheet1!A1:Z1000"),
        ("'Sheet1'!A1", "Sheet1!A1"),
        ("sheet1!$A$1:$B$2", "Sheet1!A1:B2"),
        ("Sheet1!R2C1:R3C2", "Sheet1!A2:B3"),
    ],
)
def test_each_way_of_writing_a_range_is_answered_in_one_form(
    spreadsheet: Rest, asked: str, answered: str
) -> None:
    assert spreadsheet.read(asked)["range"] == answered


def test_titles_are_quoted_where_they_need_it(spreadsheet: Rest) -> None:
    titles = ["Été d'août", "Q1", "Plain_1", "2026"]
    spreadsheet.batch(*({"addSheet": {"properties": {"title": title}}} for title in titles))

    found = [spreadsheet.read(f"'{title.replace(chr(39), chr(39) * 2)}'!A1")["range"] for title in titles]

    assert found == ["'Été d''août'!A1", "'Q1'!A1", "Plain_1!A1", "'2026'!A1"]


@pytest.mark.parametrize("range", ["Nowhere!A1", "A1:B2:C3", "A0", "!A1", "Sheet1!", "A1:[5"])
def test_a_range_that_is_none_is_a_400_that_names_it(spreadsheet: Rest, range: str) -> None:
    answer = spreadsheet.refused("GET", f"/values/{range.replace('/', '%2F')}")

    assert answer == (400, f"Unable to parse range: {range}")


def test_a_range_that_begins_beyond_the_grid_exceeds_its_limits(spreadsheet: Rest) -> None:
    answer = spreadsheet.refused("GET", "/values/A1001:B1002")

    expected = "Range (Sheet1!A1001:B1002) exceeds grid limits. Max rows: 1000, max columns: 26"
    assert answer == (400, expected)


def test_trailing_empty_cells_and_rows_are_cut_and_inner_ones_are_kept(spreadsheet: Rest) -> None:
    spreadsheet.put("A1:D4", [["a", "", "c", ""], [], ["", "b"], [""]])

    assert spreadsheet.get("A1:D4") == [["a", "", "c"], [], ["", "b"]]
    assert spreadsheet.get("A1:D4", majorDimension="COLUMNS") == [["a"], ["", "", "b"], ["c"]]


def test_null_leaves_a_cell_alone_and_the_empty_string_empties_it(spreadsheet: Rest) -> None:
    spreadsheet.put("A1:C1", [["a", "b", "c"]])

    answer = spreadsheet.put("A1:C1", [[None, "", "z"]])

    assert spreadsheet.get("A1:C1") == [["a", "", "z"]]
    assert (answer["updatedRange"], answer["updatedCells"], answer["updatedRows"]) == ("Sheet1!A1:C1", 2, 1)


def test_raw_values_keep_their_json_types(spreadsheet: Rest) -> None:
    typed: list[list[Any]] = [[1, 2.5, True, "TRUE", "=A1", "1/2/2026"]]
    spreadsheet.put("A1", typed)

    assert spreadsheet.get("A1:F1", valueRenderOption="UNFORMATTED_VALUE") == typed
    assert spreadsheet.get("A1:F1") == [["1", "2.5", "TRUE", "TRUE", "=A1", "1/2/2026"]]


@pytest.mark.parametrize(
    ("typed", "unformatted", "formatted"),
    [
        ("12", 12, "12"),
        ("1,234.5", 1234.5, "1,234.50"),
        ("10%", 0.1, "10%"),
        ("$5", 5, "$5"),
        ("1/2/2026", 46024, "1/2/2026"),
        ("2026-01-02", 46024, "2026-01-02"),
        ("2026-01-02 06:00", 46024.25, "2026-01-02 06:00"),
        ("3:00 PM", 0.625, "3:00 PM"),
        ("true", True, "TRUE"),
        ("'012", "012", "012"),
        ("06 12", "06 12", "06 12"),
        ("0612345678", 612345678, "612345678"),
        ("31/02/2026", "31/02/2026", "31/02/2026"),
        ("=1+1", 2, "2"),
    ],
)
def test_what_is_typed_is_understood_as_in_an_english_spreadsheet(
    spreadsheet: Rest, typed: str, unformatted: object, formatted: str
) -> None:
    spreadsheet.put("A1", [[typed]], "USER_ENTERED")

    assert spreadsheet.get("A1", valueRenderOption="UNFORMATTED_VALUE") == [[unformatted]]
    assert spreadsheet.get("A1") == [[formatted]]


@pytest.mark.parametrize(
    ("typed", "unformatted", "formatted"),
    [
        ("3,5", 3.5, "3,5"),
        ("3.5", "3.5", "3.5"),
        ("1 234,5", 1234.5, "1\u202f234,50"),
        ("12,5 €", 12.5, "12,50 €"),
        ("01/02/2026", 46054, "01/02/2026"),
        ("12 janvier 2026", 46034, "12 janvier 2026"),
        ("VRAI", True, "VRAI"),
        ("false", False, "FAUX"),
        ("=SUM(1,5;2)", 3.5, "3,5"),
    ],
)
def test_what_is_typed_is_understood_as_in_a_french_spreadsheet(
    spreadsheet: Rest, typed: str, unformatted: object, formatted: str
) -> None:
    properties = {"properties": {"locale": "fr_FR"}, "fields": "locale"}
    spreadsheet.batch({"updateSpreadsheetProperties": properties})

    spreadsheet.put("A1", [[typed]], "USER_ENTERED")

    assert spreadsheet.get("A1", valueRenderOption="UNFORMATTED_VALUE") == [[unformatted]]
    assert spreadsheet.get("A1") == [[formatted]]
    if typed.startswith("="):
        assert spreadsheet.get("A1", valueRenderOption="FORMULA") == [[typed]]


def test_dates_are_serial_numbers_unless_they_are_asked_for_as_text(spreadsheet: Rest) -> None:
    spreadsheet.put("A1", [["2026-01-02", 5]], "USER_ENTERED")
    options = {"valueRenderOption": "UNFORMATTED_VALUE"}

    assert spreadsheet.get("A1:B1", **options) == [[46024, 5]]
    assert spreadsheet.get("A1:B1", **options, dateTimeRenderOption="FORMATTED_STRING") == [["2026-01-02", 5]]


def test_writing_without_saying_how_is_refused(spreadsheet: Rest) -> None:
    answer = spreadsheet.refused("PUT", "/values/A1", {"values": [["a"]]})

    assert answer == (400, "'valueInputOption' is required but not specified")


@pytest.mark.parametrize(
    ("range", "values", "message"),
    [
        (
            "A1:B1",
            [["a", "b", "c"]],
            "Requested writing within range [Sheet1!A1:B1], but tried writing to column [C]",
        ),
        (
            "A1:B1",
            [["a"], ["b"]],
            "Requested writing within range [Sheet1!A1:B1], but tried writing to row [2]",
        ),
        ("Z1", [["a", "b"]], "Range (Sheet1!Z1:AA1) exceeds grid limits. Max rows: 1000, max columns: 26"),
        (
            "A1",
            [["x" * 50_001]],
            "Your input contains more than the maximum of 50000 characters in a single cell.",
        ),
    ],
)
def test_values_that_do_not_fit_are_refused_and_nothing_is_written(
    spreadsheet: Rest, range: str, values: list[list[str]], message: str
) -> None:
    answer = spreadsheet.refused("PUT", f"/values/{range}", {"values": values}, valueInputOption="RAW")

    assert answer == (400, message)
    assert spreadsheet.get("Sheet1") == []


def test_a_batch_that_fails_names_its_item_and_leaves_nothing(spreadsheet: Rest) -> None:
    data = [{"range": "A1", "values": [["a"]]}, {"range": "Nowhere!A1", "values": [["b"]]}]

    answer = spreadsheet.refused("POST", "/values:batchUpdate", {"valueInputOption": "RAW", "data": data})

    assert answer == (400, "Invalid data[1]: Unable to parse range: Nowhere!A1")
    assert spreadsheet.get("A1") == []


def test_a_batch_counts_what_it_updated(spreadsheet: Rest) -> None:
    data = [
        {"range": "A1:B2", "values": [["a", "b"], ["c", "d"]]},
        {"range": "B2:B3", "majorDimension": "COLUMNS", "values": [["e", "f"]]},
    ]

    answer = spreadsheet.send("POST", "/values:batchUpdate", {"valueInputOption": "RAW", "data": data})

    totals = {name: value for name, value in answer.items() if name.startswith("total")}
    assert totals == {
        "totalUpdatedRows": 3,
        "totalUpdatedColumns": 2,
        "totalUpdatedCells": 5,
        "totalUpdatedSheets": 1,
    }
    assert [response["updatedCells"] for response in answer["responses"]] == [4, 2]
    assert spreadsheet.get("Sheet1") == [["a", "b"], ["c", "e"], ["", "f"]]


def test_what_was_written_can_be_answered_in_the_same_call(spreadsheet: Rest) -> None:
    options = {"includeValuesInResponse": True, "responseValueRenderOption": "FORMULA"}

    answer = spreadsheet.put("A1:B1", [["=1+1"]], "USER_ENTERED", **options)

    expected = {"range": "Sheet1!A1:B1", "majorDimension": "ROWS", "values": [["=1+1"]]}
    assert answer["updatedData"] == expected


@pytest.mark.parametrize(
    ("range", "written"),
    [
        ("Sheet1", "B7"),
        ("B4", "B7"),
        ("C5:D5", "B7"),
        ("B2:D4", "B7"),
        ("A3:G10", "B7"),
        ("A1", "A3"),
        ("E4", "E4"),
        ("A4", "A4"),
    ],
)
def test_append_finds_the_tables_that_the_documentation_describes(
    spreadsheet: Rest, range: str, written: str
) -> None:
    spreadsheet.put("A1:C2", [["x", "y", "z"], ["x", "y", "z"]])
    spreadsheet.put("B4:D6", [["x", "y"], ["y", "z"], ["x", "y", "z"]])

    answer = spreadsheet.append(range, [["new"]])

    assert answer["updates"]["updatedRange"] == f"Sheet1!{written}"
    tables = {"B7": "Sheet1!B4:D6", "A3": "Sheet1!A1:C2"}
    assert answer.get("tableRange") == tables.get(written)


def test_append_grows_the_grid_where_update_does_not(spreadsheet: Rest) -> None:
    grid = {"sheetId": 0, "gridProperties": {"rowCount": 2, "columnCount": 2}}
    spreadsheet.batch(
        {"updateSheetProperties": {"properties": grid, "fields": "gridProperties(rowCount,columnCount)"}}
    )
    spreadsheet.put("A1:B2", [["a", "b"], ["c", "d"]])

    spreadsheet.append("A1", [["e", "f", "g"]])

    assert spreadsheet.sheet()["properties"]["gridProperties"] == {"rowCount": 3, "columnCount": 3}
    assert spreadsheet.get("Sheet1")[2] == ["e", "f", "g"]


def test_append_can_push_down_what_is_below(spreadsheet: Rest) -> None:
    spreadsheet.put("A1:A4", [["a"], [""], ["below"], ["last"]])

    spreadsheet.append("A1", [["new"], ["newer"]], insertDataOption="INSERT_ROWS")

    assert spreadsheet.get("A1:A6") == [["a"], ["new"], ["newer"], [], ["below"], ["last"]]


def test_clearing_keeps_formats_and_answers_the_clipped_range(spreadsheet: Rest) -> None:
    bold = {"userEnteredFormat": {"textFormat": {"bold": True}}}
    spreadsheet.put("A1:B1", [["a", "b"]])
    spreadsheet.batch(
        {
            "repeatCell": {
                "range": area(0, 1, 0, 1),
                "cell": bold,
                "fields": "userEnteredFormat.textFormat.bold",
            }
        }
    )

    answer = spreadsheet.send("POST", "/values/A:A:clear", {})

    assert answer == {"spreadsheetId": spreadsheet.id, "clearedRange": "Sheet1!A1:A1000"}
    assert spreadsheet.get("A1:B1") == [["", "b"]]
    assert spreadsheet.cell("A1")["userEnteredFormat"] == {"textFormat": {"bold": True}}


def test_several_ranges_are_cleared_and_read_at_once(spreadsheet: Rest) -> None:
    spreadsheet.put("A1:C1", [["a", "b", "c"]])

    cleared = spreadsheet.send("POST", "/values:batchClear", {"ranges": ["A1", "C1"]})
    read = spreadsheet.send("GET", "/values:batchGet", ranges=["A1", "B1"])

    assert cleared["clearedRanges"] == ["Sheet1!A1", "Sheet1!C1"]
    assert [found.get("values") for found in read["valueRanges"]] == [None, [["b"]]]


def test_values_are_found_by_what_a_program_attached_to_their_row(spreadsheet: Rest) -> None:
    spreadsheet.put("A1:B3", [["id", "name"], ["1", "Alice"], ["2", "Benoît"]])
    label = {
        "metadataKey": "person",
        "metadataValue": "2",
        "visibility": "DOCUMENT",
        "location": {"dimensionRange": span("ROWS", 2, 3)},
    }
    [reply] = spreadsheet.batch({"createDeveloperMetadata": {"developerMetadata": label}})
    spreadsheet.batch({"insertDimension": {"range": span("ROWS", 1, 2), "inheritFromBefore": True}})
    wanted = {"developerMetadataLookup": {"metadataKey": "person", "metadataValue": "2"}}

    read = spreadsheet.send("POST", "/values:batchGetByDataFilter", {"dataFilters": [wanted]})
    data = [{"dataFilter": wanted, "values": [[None, "Bruno"]]}]
    written = spreadsheet.send(
        "POST", "/values:batchUpdateByDataFilter", {"valueInputOption": "RAW", "data": data}
    )
    cleared = spreadsheet.send("POST", "/values:batchClearByDataFilter", {"dataFilters": [wanted]})

    assert read["valueRanges"] == [
        {
            "valueRange": {"range": "Sheet1!A4:Z4", "majorDimension": "ROWS", "values": [["2", "Benoît"]]},
            "dataFilters": [wanted],
        }
    ]
    assert written["responses"][0]["updatedCells"] == 1
    assert cleared["clearedRanges"] == ["Sheet1!A4:Z4"]
    assert reply["createDeveloperMetadata"]["developerMetadata"]["location"]["locationType"] == "ROW"


def test_a_cell_formatted_as_text_keeps_what_is_typed(spreadsheet: Rest) -> None:
    text = {"userEnteredFormat": {"numberFormat": {"type": "TEXT"}}}
    spreadsheet.batch(
        {"repeatCell": {"range": area(0, 1, 0, 2), "cell": text, "fields": "userEnteredFormat"}}
    )

    spreadsheet.put("A1:B1", [["0612", "=1+1"]], "USER_ENTERED")

    assert spreadsheet.get("A1:B1", valueRenderOption="FORMULA") == [["0612", "=1+1"]]
    assert spreadsheet.get("A1:B1") == [["0612", "=1+1"]]


def test_a_date_beyond_the_calendar_and_an_infinite_number_do_no_harm(spreadsheet: Rest) -> None:
    date = {"userEnteredFormat": {"numberFormat": {"type": "DATE"}}}
    spreadsheet.batch(
        {"repeatCell": {"range": area(0, 1, 0, 1), "cell": date, "fields": "userEnteredFormat"}}
    )
    spreadsheet.put("A1", [[10**9]])
    cell = {"userEnteredValue": {"numberValue": "Infinity"}}

    refused = spreadsheet.batch_refused(
        {"repeatCell": {"range": area(0, 1, 0, 1), "cell": cell, "fields": "*"}}
    )

    assert spreadsheet.get("A1") == [["1000000000"]]
    assert refused == "Invalid requests[0].repeatCell: Invalid number: inf"


def test_a_value_that_no_cell_can_hold_is_refused(spreadsheet: Rest) -> None:
    code, message = spreadsheet.refused("PUT", "/values/A1", {"values": [[["a"]]]}, valueInputOption="RAW")

    assert code == 400
    assert message.startswith("Invalid values[0][0]: list_value")


def test_a_spreadsheet_that_is_not_there_is_a_404_and_one_of_another_person_a_403(
    spreadsheet: Rest, shared_session: Any
) -> None:
    stranger = shared_session("dominique.leroy@exemple.example")
    missing = Rest(session=spreadsheet.session, base=spreadsheet.base, id="1nowhere")
    closed = Rest(session=stranger, base=spreadsheet.base, id=spreadsheet.id)

    assert missing.refused("GET", "") == (404, "Requested entity was not found.")
    assert closed.refused("GET", "/values/A1") == (403, "The caller does not have permission")
