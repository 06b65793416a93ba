"""Tableau de bord: charts made once, left where people put them, read with the eyes, the keyboard or a reader."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ponts_flows.board.charts import CHARTS
from ponts_flows.board.layout import DASHBOARD, TAB, TABS
from ponts_flows.board.words import LATE
from ponts_flows.google.board_charts import chart_id
from ponts_flows.google.board_reading import sheet_id
from ponts_flows.google.board_setup import ensure
from ponts_flows.google.sheets import Spreadsheet
from ponts_flows.steps import PROPOSALS
from tests.journeys.world import World, a_member, introduced

Json = dict[str, Any]
# What our own look at a page finds: no substitute for an audit, and none is claimed.
FINDINGS = """() => {
  const found = [], seen = (node) => node.getClientRects().length > 0;
  const labelled = (node) => (node.getAttribute("aria-labelledby") ?? "").split(" ")
    .map((id) => document.getElementById(id)?.textContent ?? "").join("");
  const name = (node) => node.getAttribute("aria-label") || labelled(node)
    || [...(node.labels ?? [])].map((one) => one.textContent).join("") || node.textContent;
  for (const node of document.querySelectorAll("a[href], button, summary, select, input:not([type=hidden]), textarea"))
    if (seen(node) && !node.closest("td[data-c]") && !name(node).trim())
      found.push("no name: " + node.outerHTML.slice(0, 80));
  for (const node of document.querySelectorAll("svg"))
    if (node.getAttribute("role") !== "img" || !node.getAttribute("aria-label")) found.push("drawing without words");
  for (const node of document.querySelectorAll("[id]"))
    if (document.querySelectorAll("#" + CSS.escape(node.id)).length > 1) found.push("id twice: " + node.id);
  for (const node of document.querySelectorAll("[tabindex]"))
    if (node.tabIndex > 0) found.push("order of focus changed: " + node.outerHTML.slice(0, 80));
  if (!document.documentElement.lang) found.push("no language");
  if (!document.title) found.push("no title");
  if (document.querySelectorAll("main").length !== 1) found.push("not one main");
  const light = (text) => { const [r, g, b, a = 1] = text.match(/[0-9.]+/g).map(Number);
    return a === 0 ? null : [r, g, b].map((v) => v / 255)
      .map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
      .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0); };
  const under = (node) => { for (let at = node; at; at = at.parentElement) {
    const value = light(getComputedStyle(at).backgroundColor); if (value !== null) return value; } return 1; };
  for (const node of document.querySelectorAll("body *")) {
    const own = [...node.childNodes].some((part) => part.nodeType === 3 && part.textContent.trim());
    if (!own || !seen(node) || node.closest("option, script, style, [disabled]")) continue;
    const style = getComputedStyle(node), ink = light(node.closest("svg") ? style.fill : style.color);
    const [low, high] = [ink ?? 0, under(node)].sort((one, other) => one - other);
    if ((high + 0.05) / (low + 0.05) < 4.5) found.push("contrast: " + node.textContent.slice(0, 40));
  }
  return [...new Set(found)];
}"""


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


@pytest.mark.browser
def test_our_own_look_at_the_pages_of_the_board_finds_nothing_serious(
    world: World, browser_page: Page
) -> None:
    introduced(world)
    for tab in TABS:
        browser_page.goto(world.installation.board_url)
        browser_page.get_by_role("link", name=tab.title_fr, exact=True).click()
        assert browser_page.evaluate(FINDINGS) == [], tab.key
    for path in ("/", "/forms", "/spreadsheets", "/mail"):
        browser_page.goto(world.pages.url + path)
        assert browser_page.evaluate(FINDINGS) == [], path


@pytest.mark.browser
def test_our_own_look_at_a_page_finds_what_is_wrong_with_it(world: World, browser_page: Page) -> None:
    browser_page.goto(world.pages.url)
    browser_page.evaluate("""() => {
      document.querySelector("main").innerHTML = '<button></button><svg></svg><p id="a" tabindex="3">x</p>'
        + '<p id="a" style="color:#aaa;background:#fff">pale</p>';
      document.title = "";
    }""")

    found = browser_page.evaluate(FINDINGS)
    assert [finding.partition(":")[0] for finding in found] == [
        "no name",
        "drawing without words",
        "id twice",
        "order of focus changed",
        "no title",
        "contrast",
    ]
