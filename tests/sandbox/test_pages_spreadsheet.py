"""The page of a spreadsheet: what it shows, what it lets people change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests
from playwright.sync_api import Page, expect

from ponts_flows.sandbox.server import Running

Json = dict[str, Any]
ALICE, BRUNO = "alice.martin@exemple.example", "bruno.petit@exemple.example"
SERVICE = "ponts-flows@ponts-sandbox.iam.gserviceaccount.com"
HEADINGS = ["Réf.", "Mentee", "Décision", "Vu", "Score"]
GRID = {"frozenRowCount": 1, "rowCount": 40, "columnCount": 6}
PEOPLE = ["Zoé", "Anne", "<b>Max</b>", "Louis"]


def over(top: int, bottom: int, left: int, right: int) -> Json:
    return {
        "sheetId": 7,
        "startRowIndex": top,
        "endRowIndex": bottom,
        "startColumnIndex": left,
        "endColumnIndex": right,
    }


def row_of(*values: Any) -> Json:
    kinds = {str: "stringValue", bool: "boolValue", float: "numberValue"}
    return {"values": [{"userEnteredValue": {kinds[type(value)]: value}} for value in values]}


def listed(*choices: str) -> Json:
    values = [{"userEnteredValue": choice} for choice in choices]
    return {"condition": {"type": "ONE_OF_LIST", "values": values}, "strict": True, "showCustomUi": True}


REQUESTS: list[Json] = [
    {
        "updateCells": {
            "start": {"sheetId": 7},
            "rows": [row_of(*HEADINGS)]
            + [row_of(f"P-{i}", name, "", False, 0.9 - i / 10) for i, name in enumerate(PEOPLE)],
            "fields": "userEnteredValue",
        }
    },
    {
        "repeatCell": {
            "range": over(1, 5, 4, 5),
            "cell": {"userEnteredFormat": {"numberFormat": {"type": "PERCENT", "pattern": "0%"}}},
            "fields": "userEnteredFormat.numberFormat",
        }
    },
    {
        "updateCells": {
            "start": {"sheetId": 7, "columnIndex": 2},
            "rows": [{"values": [{"note": "Valider : on demande."}]}],
            "fields": "note",
        }
    },
    {"setDataValidation": {"range": over(1, 20, 2, 3), "rule": listed("Valider", "Refuser")}},
    {"setDataValidation": {"range": over(1, 5, 3, 4), "rule": {"condition": {"type": "BOOLEAN"}}}},
    {"addProtectedRange": {"protectedRange": {"range": over(0, 20, 0, 2), "editors": {"users": [SERVICE]}}}},
    {
        "addFilterView": {
            "filter": {
                "filterViewId": 5,
                "title": "Sans décision",
                "range": over(0, 5, 0, 5),
                "filterSpecs": [{"columnIndex": 2, "filterCriteria": {"condition": {"type": "BLANK"}}}],
                "sortSpecs": [{"dimensionIndex": 1, "sortOrder": "ASCENDING"}],
            }
        }
    },
]


@pytest.fixture
def sandbox(without_files: Running) -> Running:
    return without_files


@pytest.fixture
def board(sandbox: Running, session_for: Callable[..., Any]) -> str:
    """The address of a small spreadsheet that Alice may edit and Bruno may read."""
    service = session_for()
    sheets = [
        {
            "properties": {
                "sheetId": 7,
                "title": "Propositions",
                "gridProperties": {"frozenRowCount": 1, "rowCount": 40, "columnCount": 6},
            }
        },
        {"properties": {"sheetId": 8, "title": "Coulisses", "hidden": True}},
    ]
    body = {"properties": {"title": "Tableau", "locale": "fr_FR"}, "sheets": sheets}
    id = service.post(f"{sandbox.url}/v4/spreadsheets", json=body).json()["spreadsheetId"]
    answer = service.post(f"{sandbox.url}/v4/spreadsheets/{id}:batchUpdate", json={"requests": REQUESTS})
    assert answer.status_code == 200, answer.text
    for email, role in ((ALICE, "writer"), (BRUNO, "reader")):
        share = {"type": "user", "role": role, "emailAddress": email}
        service.post(f"{sandbox.url}/drive/v3/files/{id}/permissions", json=share)
    return f"{sandbox.url}/spreadsheets/d/{id}"


def edit(board: str, row: int, column: str, value: Any, who: str = ALICE) -> tuple[int, Json]:
    body = {"who": who, "gid": 7, "row": row, "column": column, "value": value}
    answer = requests.post(f"{board}/edit", json=body, timeout=10)
    return answer.status_code, answer.json()


def act(board: str, action: str, row: int, column: str, who: str = ALICE) -> tuple[int, Json]:
    body = {"who": who, "gid": 7, "row": row, "column": column, "action": action}
    answer = requests.post(f"{board}/action", json=body, timeout=10)
    return answer.status_code, answer.json()


def seen(board: str, **query: Any) -> list[list[str]]:
    body = requests.get(f"{board}/values", params={"gid": 7, **query}, timeout=10).json()
    return [row["values"] for row in body["rows"]]


def test_the_values_are_those_that_a_person_sees(board: str) -> None:
    assert requests.get(f"{board}/values?gid=7", timeout=10).json() == {
        "gid": 7,
        "title": "Propositions",
        "tabs": [{"gid": 7, "title": "Propositions"}],
        "columns": ["A", "B", "C", "D", "E"],
        "rows": [
            {"row": 1, "values": HEADINGS},
            {"row": 2, "values": ["P-0", "Zoé", "", "FAUX", "90%"]},
            {"row": 3, "values": ["P-1", "Anne", "", "FAUX", "80%"]},
            {"row": 4, "values": ["P-2", "<b>Max</b>", "", "FAUX", "70%"]},
            {"row": 5, "values": ["P-3", "Louis", "", "FAUX", "60%"]},
        ],
    }


def test_a_filter_view_filters_and_sorts_what_is_seen_and_nothing_else(board: str) -> None:
    edit(board, 2, "C", "Valider")

    assert [row[1] for row in seen(board, fvid=5)] == ["Mentee", "<b>Max</b>", "Anne", "Louis"]
    assert [row[1] for row in seen(board)] == ["Mentee", *PEOPLE]


def test_the_page_escapes_what_people_typed_and_shows_lists_notes_and_locks(board: str) -> None:
    page = requests.get(f"{board}/edit", timeout=10).text

    assert "&lt;b&gt;Max&lt;/b&gt;" in page
    assert "<b>Max" not in page
    assert 'title="Valider : on demande."' in page
    assert 'aria-readonly="true">P-0</td>' in page
    assert 'data-strict="1"' in page
    assert "Coulisses" not in page
    assert "lignes 1 à 29" in page


def test_a_typed_cell_is_kept_and_its_row_comes_back_drawn(board: str) -> None:
    status, answer = edit(board, 3, "C", "Refuser")

    assert status == 200
    assert list(answer["rows"]) == ["3"]
    assert ">Refuser</td>" in answer["rows"]["3"]
    assert seen(board)[2] == ["P-1", "Anne", "Refuser", "FAUX", "80%"]


def test_a_checkbox_takes_true_and_false(board: str) -> None:
    edit(board, 2, "D", True)
    assert seen(board)[1][3] == "VRAI"
    edit(board, 2, "D", False)
    assert seen(board)[1][3] == "FAUX"


@pytest.mark.parametrize(
    ("who", "row", "column", "value"),
    [
        (ALICE, 2, "A", "P-9"),
        (ALICE, 2, "C", "Peut-être"),
        (BRUNO, 2, "C", "Valider"),
        (ALICE, 4000, "C", "Valider"),
    ],
)
def test_a_refused_edit_says_why_and_changes_nothing(
    board: str, who: str, row: int, column: str, value: str
) -> None:
    before = seen(board)

    status, answer = edit(board, row, column, value, who)

    assert status == 403
    assert answer["message"].endswith(".")
    assert seen(board) == before


def test_the_owner_may_edit_a_protected_cell(board: str) -> None:
    assert edit(board, 2, "A", "P-9", who=SERVICE)[0] == 200
    assert seen(board)[1][0] == "P-9"


def test_several_cells_are_pasted_all_or_none(board: str) -> None:
    def paste(*cells: tuple[int, str, str]) -> int:
        sent = [{"row": row, "column": column, "value": value} for row, column, value in cells]
        body = {"who": ALICE, "gid": 7, "cells": sent}
        return requests.post(f"{board}/edit", json=body, timeout=10).status_code

    assert paste((2, "C", "Valider"), (3, "A", "x")) == 403
    assert seen(board)[1][2] == ""
    assert paste((2, "C", "Valider"), (3, "C", "Refuser")) == 200
    assert [row[2] for row in seen(board)[1:3]] == ["Valider", "Refuser"]


def test_an_edit_without_a_cell_or_of_an_unknown_spreadsheet_is_refused(board: str, sandbox: Running) -> None:
    wrong = requests.post(f"{board}/edit", json={"who": ALICE, "gid": 7}, timeout=10)
    unknown = f"{sandbox.url}/spreadsheets/d/1nothing"

    assert wrong.status_code == 400
    assert edit(unknown, 1, "A", "x")[0] == 404
    assert edit(board, 2, "C", "Valider", who="mallory@exemple.example")[0] == 403
    assert requests.get(f"{unknown}/edit", timeout=10).status_code == 404
    assert requests.get(f"{board}/edit?gid=99", timeout=10).status_code == 404


def test_sorting_is_refused_across_protected_cells_and_done_for_the_owner(board: str) -> None:
    assert act(board, "sort_up", 2, "B") == (
        403,
        {"message": "Cette opération toucherait des cellules protégées."},
    )
    assert act(board, "sort_up", 2, "B", who=SERVICE)[0] == 200
    assert [row[1] for row in seen(board)] == ["Mentee", "<b>Max</b>", "Anne", "Louis", "Zoé"]
    act(board, "sort_down", 2, "E", who=SERVICE)
    assert [row[4] for row in seen(board)] == ["Score", "90%", "80%", "70%", "60%"]


def test_rows_are_inserted_and_deleted_and_columns_moved(board: str) -> None:
    assert act(board, "insert_row", 3, "A", who=SERVICE)[0] == 200
    assert [row[0] for row in seen(board)] == ["Réf.", "P-0", "", "P-1", "P-2", "P-3"]
    assert act(board, "delete_row", 3, "A", who=SERVICE)[0] == 200
    assert act(board, "delete_row", 1, "A", who=SERVICE)[0] == 403
    assert act(board, "column_right", 1, "D", who=ALICE)[0] == 200
    assert seen(board)[0] == ["Réf.", "Mentee", "Décision", "Score", "Vu"]


def test_a_plain_form_may_edit_too_and_comes_back_to_the_page(board: str) -> None:
    body = {"who": ALICE, "gid": "7", "row": "2", "column": "C", "value": "Valider"}

    answer = requests.post(f"{board}/edit", data=body, timeout=10)

    assert answer.history[0].status_code == 303
    assert seen(board)[1][2] == "Valider"


def test_a_long_sheet_is_shown_500_rows_at_a_time(board: str, session_for: Callable[..., Any]) -> None:
    id = board.rpartition("/")[2]
    api = board.partition("/spreadsheets")[0] + f"/v4/spreadsheets/{id}"
    sheet = {"sheetId": 9, "title": "Long", "gridProperties": {"rowCount": 1300, "columnCount": 2}}
    session_for().post(f"{api}:batchUpdate", json={"requests": [{"addSheet": {"properties": sheet}}]})
    body = {"values": [[f"n° {i + 1}"] for i in range(1200)]}
    session_for().put(f"{api}/values/Long!A1?valueInputOption=RAW", json=body)

    first = requests.get(f"{board}/edit?gid=9", timeout=10).text
    third = requests.get(f"{board}/edit?gid=9&range=A1101", timeout=10).text

    assert "lignes 1 à 500" in first
    assert "n° 500<" in first
    assert "n° 501<" not in first
    assert "lignes 1001 à 1225" in third
    assert "n° 1101<" in third


@pytest.mark.browser
def test_a_volunteer_decides_with_the_keyboard_and_the_mouse(board: str, browser_page: Page) -> None:
    page = browser_page
    page.goto(f"{board}/edit?gid=7&range=C3")

    def cell(row: int, column: int) -> Any:
        return page.locator(f"tr[data-r='{row}'] > td[data-c='{column}']")

    expect(page.get_by_label("Vous êtes")).to_have_value(ALICE)
    expect(cell(3, 2)).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_label("Cellule C3").select_option("Valider")
    expect(cell(3, 2)).to_have_text("Valider")

    cell(3, 3).locator("input").click()
    expect(cell(3, 3).locator("input")).to_be_checked()

    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("rappeler à midi")
    page.keyboard.press("Tab")
    expect(cell(3, 5)).to_have_text("rappeler à midi")
    page.keyboard.type("perdu")
    page.keyboard.press("Escape")

    cell(3, 5).click()
    page.get_by_label("Contenu de la cellule").fill("=1+1")
    page.keyboard.press("Enter")
    expect(cell(3, 5)).to_have_text("2")

    cell(3, 1).click()
    page.keyboard.type("x")
    expect(page.get_by_role("alert")).to_contain_text("protégée")

    cell(3, 2).click()
    page.keyboard.press("Delete")
    expect(cell(3, 2)).to_have_text("")
    assert seen(board)[2] == ["P-1", "Anne", "", "VRAI", "80%", "2"]
