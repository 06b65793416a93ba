"""The real gspread 6 against the sandbox, feature by feature, as its users write it."""

from __future__ import annotations

import gspread
import pytest
from gspread.exceptions import APIError
from gspread.utils import ValidationConditionType

EDITOR = "alice.martin@exemple.example"


@pytest.fixture
def worksheet(client: gspread.Client) -> gspread.Worksheet:
    """A sheet with a heading and three records."""
    found = client.create("Tableau de bord").sheet1
    found.update(
        [["id", "nom", "âge"], ["P-1", "Alice", 41], ["P-2", "Benoît", 35], ["P-3", "Chloé", 52]], "A1"
    )
    return found


def test_records_come_back_with_their_types(worksheet: gspread.Worksheet) -> None:
    assert worksheet.get_all_records()[1] == {"id": "P-2", "nom": "Benoît", "âge": 35}
    assert worksheet.get_all_values()[0] == ["id", "nom", "âge"]
    assert worksheet.row_values(2) == ["P-1", "Alice", "41"]
    assert worksheet.col_values(1) == ["id", "P-1", "P-2", "P-3"]


def test_single_cells_and_ranges_are_read_and_written(worksheet: gspread.Worksheet) -> None:
    worksheet.update_acell("D1", "ville")
    worksheet.update_cell(2, 4, "Lyon")
    cells = worksheet.range("D3:D4")
    for cell, city in zip(cells, ["Nantes", "Lille"], strict=True):
        cell.value = city
    worksheet.update_cells(cells)

    assert worksheet.acell("D2").value == "Lyon"
    assert worksheet.cell(3, 4).value == "Nantes"
    assert worksheet.get("D1:D4") == [["ville"], ["Lyon"], ["Nantes"], ["Lille"]]


def test_many_ranges_go_and_come_in_one_call(worksheet: gspread.Worksheet) -> None:
    worksheet.batch_update([{"range": "A2", "values": [["Q-1"]]}, {"range": "C2:C3", "values": [[1], [2]]}])

    found = worksheet.batch_get(["A2", "C2:C3"])
    worksheet.batch_clear(["A2:A3", "C2"])

    assert found == [[["Q-1"]], [["1"], ["2"]]]
    assert worksheet.get("A2:C3") == [["", "Alice"], ["", "Benoît", "2"]]


def test_rows_are_appended_inserted_and_deleted(worksheet: gspread.Worksheet) -> None:
    worksheet.append_row(["P-4", "Denis", 29], value_input_option="USER_ENTERED")
    worksheet.append_rows([["P-5"], ["P-6"]], table_range="A1")
    worksheet.insert_row(["P-0"], 2)
    worksheet.insert_rows([["x"], ["y"]], 3)
    worksheet.delete_rows(3, 4)

    assert worksheet.col_values(1) == ["id", "P-0", "P-1", "P-2", "P-3", "P-4", "P-5", "P-6"]
    assert worksheet.row_count == 1004


def test_columns_are_inserted_and_deleted(worksheet: gspread.Worksheet) -> None:
    worksheet.insert_cols([["un", "deux"]], col=2)
    inserted = worksheet.row_values(1)
    worksheet.delete_columns(2)

    assert inserted == ["id", "un", "nom", "âge"]
    assert worksheet.row_values(1) == ["id", "nom", "âge"]


def test_the_grid_grows_and_shrinks(worksheet: gspread.Worksheet) -> None:
    worksheet.resize(rows=4, cols=3)
    worksheet.add_rows(2)
    worksheet.add_cols(1)

    fresh = worksheet.spreadsheet.sheet1
    assert (fresh.row_count, fresh.col_count) == (6, 4)
    with pytest.raises(APIError, match=r"exceeds grid limits\. Max rows: 6, max columns: 4"):
        worksheet.update([["beyond"]], "A7")


def test_cells_are_found_by_text(worksheet: gspread.Worksheet) -> None:
    found = worksheet.find("Benoît")

    assert found is not None
    assert (found.row, found.col) == (3, 2)
    assert [cell.address for cell in worksheet.findall("P-1")] == ["A2"]
    assert worksheet.find("Zoé") is None


def test_rows_are_sorted(worksheet: gspread.Worksheet) -> None:
    worksheet.freeze(rows=1)
    worksheet.sort((3, "des"), range="A2:C4")

    assert worksheet.col_values(2) == ["nom", "Chloé", "Alice", "Benoît"]
    assert worksheet.frozen_row_count == 1


def test_formats_are_set_in_batches_and_read(worksheet: gspread.Worksheet) -> None:
    worksheet.format("A1:C1", {"textFormat": {"bold": True}})
    worksheet.batch_format(
        [
            {"range": "C2:C4", "format": {"numberFormat": {"type": "NUMBER", "pattern": "0.0"}}},
            {"range": "A1", "format": {"backgroundColorStyle": {"themeColor": "ACCENT1"}}},
        ]
    )

    assert worksheet.get("C2:C4") == [["41.0"], ["35.0"], ["52.0"]]
    sheet = worksheet.spreadsheet.fetch_sheet_metadata({"includeGridData": True, "ranges": "A1"})["sheets"][0]
    entered = sheet["data"][0]["rowData"][0]["values"][0]["userEnteredFormat"]
    assert entered["textFormat"] == {"bold": True}
    assert entered["backgroundColor"] == {"red": 0.25882354, "green": 0.52156866, "blue": 0.95686275}


def test_notes_are_written_read_and_cleared(worksheet: gspread.Worksheet) -> None:
    worksheet.update_notes({"A1": "identifiant", "B2": "mentor"})
    before = worksheet.get_notes()
    worksheet.clear_note("A1")

    assert before == [["identifiant"], ["", "mentor"]]
    assert (worksheet.get_note("A1"), worksheet.get_note("B2")) == ("", "mentor")


def test_a_dropdown_is_kept_as_it_was_asked_for(worksheet: gspread.Worksheet) -> None:
    worksheet.add_validation(
        "D2:D4", ValidationConditionType.one_of_list, ["Valider", "Refuser"], strict=True, showCustomUi=True
    )

    sheet = worksheet.spreadsheet.fetch_sheet_metadata({"includeGridData": True, "ranges": "D3"})["sheets"][0]
    assert sheet["data"][0]["rowData"][0]["values"][0]["dataValidation"] == {
        "condition": {
            "type": "ONE_OF_LIST",
            "values": [{"userEnteredValue": "Valider"}, {"userEnteredValue": "Refuser"}],
        },
        "strict": True,
        "showCustomUi": True,
    }


def test_ranges_are_protected_listed_and_freed(worksheet: gspread.Worksheet) -> None:
    worksheet.add_protected_range("A1:C1", [EDITOR], description="titres")
    [found] = worksheet.spreadsheet.list_protected_ranges(worksheet.id)
    worksheet.delete_protected_range(found["protectedRangeId"])

    block = {"startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 3}
    assert (found["range"], found["description"]) == (block, "titres")
    assert EDITOR in found["editors"]["users"]
    assert worksheet.spreadsheet.list_protected_ranges(worksheet.id) == []


def test_named_ranges_are_read_and_written_by_name(worksheet: gspread.Worksheet) -> None:
    worksheet.define_named_range("A2:A4", "ids")
    worksheet.update([["R-1"]], "ids")
    [named] = worksheet.spreadsheet.list_named_ranges()

    assert worksheet.get("ids") == [["R-1"], ["P-2"], ["P-3"]]
    assert named["name"] == "ids"
    worksheet.delete_named_range(named["namedRangeId"])
    with pytest.raises(APIError, match="Unable to parse range"):
        worksheet.get("ids")


def test_cells_are_merged_filtered_hidden_and_grouped(worksheet: gspread.Worksheet) -> None:
    worksheet.merge_cells("E1:F2")
    worksheet.set_basic_filter("A1:C4")
    worksheet.hide_columns(2, 3)
    worksheet.hide_rows(0, 1)
    worksheet.add_dimension_group_rows(1, 3)

    sheet = worksheet.spreadsheet.fetch_sheet_metadata({"includeGridData": True})["sheets"][0]
    assert sheet["merges"] == [
        {"startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 4, "endColumnIndex": 6}
    ]
    assert sheet["basicFilter"]["range"]["endRowIndex"] == 4
    assert sheet["data"][0]["columnMetadata"][2] == {"pixelSize": 100, "hiddenByUser": True}
    assert sheet["rowGroups"][0]["depth"] == 1
    worksheet.unmerge_cells("E1:F2")
    worksheet.clear_basic_filter()
    worksheet.unhide_columns(2, 3)
    assert not {"merges", "basicFilter"} & worksheet.spreadsheet.fetch_sheet_metadata()["sheets"][0].keys()


def test_worksheets_are_added_renamed_ordered_copied_and_removed(worksheet: gspread.Worksheet) -> None:
    book = worksheet.spreadsheet
    second = book.add_worksheet("Envois", rows=10, cols=4, index=0)
    copy = worksheet.duplicate(new_sheet_name="Copie")
    second.update_title("Messages")
    second.update_tab_color("#ff0000")
    book.reorder_worksheets([worksheet, second, copy])

    assert [tab.title for tab in book.worksheets()] == ["Sheet1", "Messages", "Copie"]
    assert book.worksheet("Copie").acell("B2").value == "Alice"
    assert second.tab_color == "#FF0000"
    book.del_worksheet(second)
    with pytest.raises(gspread.WorksheetNotFound):
        book.worksheet("Messages")


def test_a_spreadsheet_is_opened_renamed_copied_and_localised(client: gspread.Client) -> None:
    made = client.create("Premier nom")
    made.update_title("Second nom")
    made.update_locale("fr_FR")
    made.update_timezone("Europe/Paris")
    made.sheet1.update([["3,5"]], "A1", value_input_option="USER_ENTERED")

    copy = client.copy(made.id, title="Copie")

    assert (client.open("Second nom").id, made.title) == (made.id, "Second nom")
    assert (made.locale, made.timezone) == ("fr_FR", "Europe/Paris")
    assert copy.sheet1.acell("A1", value_render_option="UNFORMATTED_VALUE").value == 3.5


def test_a_sheet_is_copied_to_another_spreadsheet(
    client: gspread.Client, worksheet: gspread.Worksheet
) -> None:
    target = client.create("Cible")

    worksheet.copy_to(target.id)

    assert target.worksheet("Copy of Sheet1").acell("B4").value == "Chloé"


def test_ranges_are_copied_and_cut(worksheet: gspread.Worksheet) -> None:
    worksheet.copy_range("A1:B2", "E1")
    worksheet.cut_range("C1:C4", "H1")

    assert worksheet.get("E1:F2") == [["id", "nom"], ["P-1", "Alice"]]
    assert worksheet.col_values(8) == ["âge", "41", "35", "52"]
    assert worksheet.col_values(3) == []


def test_values_are_asked_for_as_formulas_or_unformatted(worksheet: gspread.Worksheet) -> None:
    worksheet.update([["=SUM(C2:C4)"]], "D1", raw=False)

    assert worksheet.acell("D1").value == "128"
    assert worksheet.acell("D1", value_render_option="FORMULA").value == "=SUM(C2:C4)"
    assert worksheet.acell("D1", value_render_option="UNFORMATTED_VALUE").value == 128


def test_a_wrong_call_is_the_api_error_that_gspread_users_know(worksheet: gspread.Worksheet) -> None:
    with pytest.raises(APIError) as caught:
        worksheet.spreadsheet.values_get("Nowhere!A1")

    assert caught.value.error == {
        "code": 400,
        "message": "Unable to parse range: Nowhere!A1",
        "status": "INVALID_ARGUMENT",
    }
