"""Tableau de bord: charts made once, left where people put them, read with the eyes, the keyboard or a reader."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ponts_flows.board.charts import CHARTS
from ponts_flows.board.layout import DASHBOARD, TAB
from ponts_flows.board.words import LATE
from ponts_flows.google.board_charts import chart_id
from ponts_flows.google.board_reading import sheet_id
from ponts_flows.google.board_setup import ensure
from ponts_flows.google.sheets import Spreadsheet
from ponts_flows.steps import PROPOSALS
from tests.journeys.world import World, a_member, introduced

Json = dict[str, Any]


def charts(world: World) -> dict[int, Json]:
    sheets = Spreadsheet(world.google, world.installation.board).get("sheets.charts")["sheets"]
    return {chart["chartId"]: chart for sheet in sheets for chart in sheet.get("charts", [])}


def set_up_again(world: World) -> tuple[str, ...]:
    return ensure(world.google, world.installation.board, "").done


def test_charts_are_made_once_stay_where_people_put_them_and_come_back_by_setup_alone(world: World) -> None:
    made = charts(world)
    assert set(made) == {chart_id(chart) for chart in CHARTS}
    assert set_up_again(world) == ()

    sheet = Spreadsheet(world.google, world.installation.board)
    moved, gone = chart_id(CHARTS[0]), chart_id(CHARTS[1])
    corner = {"sheetId": sheet_id(TAB["pairings"]), "rowIndex": 30, "columnIndex": 1}
    place = {
        "objectId": moved,
        "newPosition": {"overlayPosition": {"anchorCell": corner}},
        "fields": "anchorCell",
    }
    sheet.update([{"updateEmbeddedObjectPosition": place}, {"deleteEmbeddedObject": {"objectId": gone}}])
    world.tick()

    assert set(charts(world)) == set(made) - {gone}
    assert set_up_again(world) == ("Tableau de bord : graphique « Binômes par étape »",)
    assert charts(world)[gone] == made[gone]
    assert charts(world)[moved]["position"]["overlayPosition"]["anchorCell"] == corner


def test_each_chart_reads_its_own_rows_of_chiffres(world: World) -> None:
    introduced(world)
    world.advance(hours=1)
    world.tick()
    rows = world.board("figures")

    assert [row["id"] for row in rows] == [id for chart in CHARTS for id in chart.rows]
    for chart in CHARTS:
        spec = charts(world)[chart_id(chart)]["spec"]
        read = spec.get("pieChart") or spec["basicChart"]["series"][0]
        (where,) = read["series"]["sourceRange"]["sources"]
        shown = {row["chart"] for row in rows[where["startRowIndex"] - 2 : where["endRowIndex"] - 2]}
        assert shown == {chart.title_fr}
    assert {row["label"]: row["first"] for row in rows if row["id"].startswith("pairings/")}[
        "En cours"
    ] == "1"
    assert world.row("years", "2026")["introduced"] == "1"


def test_figures_are_counted_anew_once_an_hour_at_most_and_no_change_is_forgotten(world: World) -> None:
    def applied() -> str:
        return world.row("years", "2026")["mentees"]

    world.advance(days=1)
    world.tick()
    world.sign_up("mentee")
    world.tick()
    assert applied() == "0"
    world.advance(hours=1)
    world.tick()
    assert applied() == "1"


def test_a_day_later_figures_are_counted_anew_and_nothing_else_is_written(world: World) -> None:
    introduced(world)
    before = {row["label"]: row for row in world.board("figures") if row["id"].startswith("sessions/")}
    world.advance(days=40)
    world.tick()
    after = {row["label"]: row for row in world.board("figures") if row["id"].startswith("sessions/")}

    assert list(after)[-1] != list(before)[-1]
    assert len(after) == len(before) == 13


def test_a_proposal_without_an_answer_is_late_on_the_board_until_it_is_released(world: World) -> None:
    world.register(a_member("Léa", "Durand"), a_member("Paul", "Martin"))
    world.sign_up("mentee")
    world.sign_up("mentor")
    world.tick(PROPOSALS)
    world.decide("P-0001", "Valider")
    world.tick()
    told = []
    for _ in range(40):
        world.advance(days=1)
        world.tick()
        told.append(world.row("proposals", "P-0001")["follow_up"])

    late = [text.startswith(LATE) for text in told]
    assert not late[0]
    assert any(text.startswith("En retard : sans réponse du mentor depuis") for text in told)
    assert not late[-1]
    assert world.row("proposals", "P-0001")["stage"] == "Libéré, faute de réponse"


@pytest.mark.browser
def test_the_charts_are_seen_beside_the_figures_and_opened_with_the_keyboard(
    world: World, browser_page: Page
) -> None:
    introduced(world)
    world.advance(hours=1)
    world.tick()
    browser_page.goto(world.installation.board_url)
    browser_page.get_by_role("link", name=DASHBOARD.title_fr, exact=True).press("Enter")

    expect(browser_page.get_by_role("figure")).to_have_count(len(CHARTS))
    pairs = browser_page.get_by_role("figure", name="Binômes par étape")
    said = re.compile("En cours : 1")
    expect(pairs.get_by_role("img")).to_have_accessible_name(said)
    pairs.locator("summary").focus()
    browser_page.keyboard.press("Enter")
    expect(pairs.get_by_role("row", name="En cours 1")).to_be_visible()
    boxes = [figure.bounding_box() for figure in browser_page.locator("figure.chart.placed svg").all()]
    assert len(boxes) == len(CHARTS)
    corners = {(round(box["x"]), round(box["y"])) for box in boxes if box}
    assert len(corners) == len(CHARTS)
