"""Charts: kept as given, following their cells, refused where Google refuses, drawn for people with words beside."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.sandbox.sheets_builders import Json, Rest, area, span

ROWS: list[list[object]] = [["Étape", "Mentees", "Mentors"], ["Admis", 12, 7], ["Retiré", 3, 0]]


def source(column: int) -> Json:
    return {"sourceRange": {"sources": [area(0, 3, column, column + 1)]}}


def basic(kind: str = "COLUMN", **more: object) -> Json:
    series = [{"series": source(1)}, {"series": source(2)}]
    chart = {"chartType": kind, "headerCount": 1, "domains": [{"domain": source(0)}], "series": series}
    return {"title": "Candidatures", "basicChart": chart, **more}


def added(spreadsheet: Rest, spec: Json, *, row: int = 4, column: int = 1, **chart: object) -> Json:
    place = {"overlayPosition": {"anchorCell": {"rowIndex": row, "columnIndex": column}}}
    [reply] = spreadsheet.batch({"addChart": {"chart": {"spec": spec, "position": place, **chart}}})
    made: Json = reply["addChart"]["chart"]
    return made


@pytest.fixture
def filled(spreadsheet: Rest) -> Rest:
    spreadsheet.put("A1:C3", ROWS)
    return spreadsheet


def test_a_chart_is_returned_as_it_was_given_with_its_identifier_and_its_place(filled: Rest) -> None:
    chart = added(filled, basic(), chartId=77)

    assert chart["chartId"] == 77
    assert filled.send("GET", "", fields="sheets.charts(chartId,spec.title)")["sheets"] == [
        {"charts": [{"chartId": 77, "spec": {"title": "Candidatures"}}]}
    ]
    assert filled.sheet()["charts"] == [chart]


def test_a_kind_that_is_not_drawn_is_kept_whole(filled: Rest) -> None:
    spec = {"title": "Jauge", "scorecardChart": {"keyValueData": source(1), "aggregateType": "SUM"}}
    added(filled, spec)

    assert filled.sheet()["charts"][0]["spec"] == spec


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"title": "Rien"}, "No chart type specified."),
        ({**basic(), "pieChart": {}}, "Chart must have exactly one chart type."),
        ({"basicChart": {"series": [{"series": source(1)}]}}, "basicChart.chartType must be specified."),
        ({"basicChart": {"chartType": "BAR"}}, "basicChart must have at least one series."),
        (
            {"pieChart": {"series": {"sourceRange": {"sources": [area(0, 3, 0, 2)]}}}},
            "Chart source ranges must have a width or a height of 1.",
        ),
        ({"pieChart": {"series": {"sourceRange": {"sources": [{"sheetId": 5}]}}}}, "No grid with id: 5"),
    ],
)
def test_a_chart_that_shows_nothing_is_refused_and_so_is_its_batch(
    filled: Rest, spec: Json, said: str
) -> None:
    written = {"updateCells": {"start": {}, "rows": [{"values": [{}]}], "fields": "userEnteredValue"}}

    message = filled.batch_refused(written, {"addChart": {"chart": {"spec": spec}}})

    assert message == f"Invalid requests[1].addChart: {said}"
    assert filled.get("A1") == [["Étape"]]


def test_two_charts_have_not_one_identifier_and_none_lies_outside_the_grid(filled: Rest) -> None:
    added(filled, basic(), chartId=77)

    again = filled.batch_refused({"addChart": {"chart": {"spec": basic(), "chartId": 77}}})
    place = {"overlayPosition": {"anchorCell": {"rowIndex": 5000}}}
    outside = filled.batch_refused({"addChart": {"chart": {"spec": basic(), "position": place}}})

    assert again == "Invalid requests[0].addChart: Chart with id 77 already exists."
    assert "anchorCell.rowIndex[5000] is outside the grid" in outside


def test_a_chart_is_changed_moved_and_deleted(filled: Rest) -> None:
    id = added(filled, basic())["chartId"]
    place = {"overlayPosition": {"anchorCell": {"rowIndex": 9}, "widthPixels": 300}}
    moved = {"objectId": id, "newPosition": place, "fields": "anchorCell,widthPixels"}
    filled.batch(
        {"updateChartSpec": {"chartId": id, "spec": basic("BAR")}}, {"updateEmbeddedObjectPosition": moved}
    )

    [chart] = filled.sheet()["charts"]
    assert chart["spec"]["basicChart"]["chartType"] == "BAR"
    assert chart["position"]["overlayPosition"] == {
        "anchorCell": {"rowIndex": 9},
        "widthPixels": 300,
        "heightPixels": 371,
    }
    filled.batch({"deleteEmbeddedObject": {"objectId": id}})
    assert "charts" not in filled.sheet()
    assert "No embedded object with id" in filled.batch_refused({"deleteEmbeddedObject": {"objectId": id}})


def test_what_a_chart_reads_and_where_it_lies_follow_rows_and_columns(filled: Rest) -> None:
    added(filled, basic())
    filled.batch(
        {"insertDimension": {"range": span("ROWS", 1, 3), "inheritFromBefore": True}},
        {"insertDimension": {"range": span("COLUMNS", 0, 1)}},
        {"deleteDimension": {"range": span("ROWS", 6, 7)}},
    )

    [chart] = filled.sheet()["charts"]
    assert chart["spec"]["basicChart"]["domains"][0]["domain"]["sourceRange"]["sources"] == [area(0, 5, 1, 2)]
    assert chart["position"]["overlayPosition"]["anchorCell"] == {"rowIndex": 6, "columnIndex": 2}


def test_a_copied_sheet_has_charts_of_its_own_that_read_the_copy(filled: Rest) -> None:
    first = added(filled, basic())
    filled.batch({"duplicateSheet": {"sourceSheetId": 0, "newSheetId": 9}})

    [copy] = next(s for s in filled.send("GET", "")["sheets"] if s["properties"]["sheetId"] == 9)["charts"]
    read = copy["spec"]["basicChart"]["series"][0]["series"]["sourceRange"]["sources"]
    assert copy["chartId"] != first["chartId"]
    assert read == [{**area(0, 3, 1, 2), "sheetId": 9}]
    filled.batch({"deleteSheet": {"sheetId": 9}})
    assert [s["charts"] for s in filled.send("GET", "")["sheets"]] == [[first]]


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["COLUMN", "BAR", "LINE", "AREA"])
def test_a_chart_lies_over_its_cells_and_says_in_words_what_it_shows(
    filled: Rest, browser_page: Page, kind: str
) -> None:
    added(filled, basic(kind))
    browser_page.goto(f"{filled.base}/spreadsheets/d/{filled.id}/edit")

    figure = browser_page.get_by_role("figure", name="Candidatures")
    drawing = figure.get_by_role("img")
    expect(drawing).to_have_accessible_name(
        re.compile("Mentees – Admis : 12, Retiré : 3 ; Mentors – Admis : 7, Retiré : 0")
    )
    place, corner = (
        figure.bounding_box(),
        browser_page.locator('tr[data-r="5"] > td[data-c="1"]').bounding_box(),
    )
    assert place
    assert corner
    assert abs(place["x"] - corner["x"]) < 2
    assert abs(place["y"] - corner["y"]) < 2
    figure.get_by_text("Les chiffres").press("Enter")
    expect(figure.get_by_role("row", name="Retiré 3 0")).to_be_visible()


@pytest.mark.browser
def test_a_pie_tells_shares_and_is_drawn_anew_with_its_cells(filled: Rest, browser_page: Page) -> None:
    part = {"sourceRange": {"sources": [area(1, 3, 0, 1)]}}
    numbers = {"sourceRange": {"sources": [area(1, 3, 1, 2)]}}
    added(filled, {"title": "Mentees", "pieChart": {"domain": part, "series": numbers}})
    browser_page.goto(f"{filled.base}/spreadsheets/d/{filled.id}/edit")
    expect(browser_page.get_by_role("figure", name="Mentees")).to_contain_text("Admis : 12 (80 %)")

    filled.put("B2", [[3]])
    browser_page.reload()
    expect(browser_page.get_by_role("figure", name="Mentees")).to_contain_text("Admis : 3 (50 %)")


@pytest.mark.browser
def test_what_is_written_in_a_chart_is_text(filled: Rest, browser_page: Page) -> None:
    filled.put("A2", [["<script>document.title = 'x'</script>"]])
    added(filled, basic())
    browser_page.goto(f"{filled.base}/spreadsheets/d/{filled.id}/edit")

    expect(browser_page.get_by_role("figure")).to_contain_text("<script>")
    assert browser_page.title() != "x"
