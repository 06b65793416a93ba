"""Texts and messages on the pages, in a real browser: what a coordinator types, chooses, ticks, and then reads."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from ponts_flows.board.layout import TAB
from tests.journeys.spreadsheet import type_at
from tests.journeys.test_outbox_decisions import ASKED, asked
from tests.journeys.world import COORDINATOR, PAUL, World, paris

__all__ = ["asked"]


def open_tab(page: Page, world: World, tab: str) -> None:
    page.goto(world.installation.board_url)
    page.get_by_role("link", name=TAB[tab].title_fr, exact=True).click()


def cell(page: Page, tab: str, row: str, column: str) -> Locator:
    """The cell of a column, in the row that begins with an identifier."""
    place = [one.key for one in TAB[tab].columns].index(column)
    rows = page.locator("tr").filter(has=page.locator('td[data-c="0"]', has_text=re.compile(f"^{row}$")))
    return rows.locator(f'td[data-c="{place}"]')


def type_text(page: Page, tab: str, row: str, column: str, text: str) -> None:
    cell(page, tab, row, column).click()
    page.get_by_label("Contenu de la cellule").fill(text)
    page.keyboard.press("Enter")
    expect(page.locator("td.saving")).to_have_count(0)


def choose(page: Page, tab: str, row: str, column: str, choice: str) -> None:
    cell(page, tab, row, column).click()
    page.keyboard.press("Enter")
    page.locator("select.cell-editor").select_option(choice)
    expect(page.locator("td.saving")).to_have_count(0)


@pytest.mark.browser
def test_a_text_is_typed_seen_in_a_preview_mended_and_taken_back(world: World, browser_page: Page) -> None:
    page, row = browser_page, "pairing-mentor/fr"
    world.tick()
    open_tab(page, world, "texts")
    box = cell(page, "texts", row, "default_body").bounding_box()
    assert box is not None
    assert box["height"] < 80  # long texts do not push the others out of sight

    type_text(page, "texts", row, "subject", "Un mentee pour vous, {prénon} ?")
    world.tick()
    page.reload()
    remark = cell(page, "texts", row, "remark")
    expect(remark).to_contain_text("Non compris, l'objet, ligne 1 : {prénon} n'existe pas dans ce message")
    expect(remark).to_contain_text("celui du programme reste en usage")

    type_text(page, "texts", row, "subject", "Un mentee pour vous, {prénom} ?")
    cell(page, "texts", row, "preview").locator("input").click()
    expect(page.locator("td.saving")).to_have_count(0)
    world.tick()
    page.reload()
    expect(remark).to_contain_text("En usage : l'objet de la coordination.")
    expect(cell(page, "texts", row, "preview").locator("input")).not_to_be_checked()
    page.goto(f"{world.pages.url}/mail/{COORDINATOR}/")
    page.get_by_role("link", name="[Aperçu] Un mentee pour vous, Hélène ?").click()
    expect(page.frame_locator("iframe").get_by_text("Bonjour Hélène,")).to_be_visible()

    open_tab(page, world, "texts")
    cell(page, "texts", row, "subject").click()
    page.keyboard.press("Delete")
    expect(page.locator("td.saving")).to_have_count(0)
    world.tick()
    page.reload()
    expect(remark).to_have_text("")


@pytest.mark.browser
def test_a_message_is_read_held_and_hurried_and_the_journal_says_who_did(
    asked: World, browser_page: Page
) -> None:
    page, world = browser_page, asked
    type_at(world, "settings", 3, names="Camille")
    open_tab(page, world, "outbox")
    expect(cell(page, "outbox", ASKED, "planned_at")).to_have_text("17/11/2026 08:00")

    choose(page, "outbox", ASKED, "by", "Camille")
    choose(page, "outbox", ASKED, "decision", "Voir le texte")
    world.tick()
    page.reload()
    with page.context.expect_page() as opened:
        cell(page, "outbox", ASKED, "reference").get_by_role("link").click()
    letter = opened.value.frame_locator("iframe")
    expect(letter.get_by_text("Bonjour Paul,")).to_be_visible()

    choose(page, "outbox", ASKED, "by", "Camille")
    choose(page, "outbox", ASKED, "decision", "Retenir")
    world.at(paris(2026, 11, 17, 10))
    world.tick()
    page.reload()
    expect(cell(page, "outbox", ASKED, "status")).to_have_text("Retenu")
    assert ASKED not in world.received(PAUL)

    choose(page, "outbox", ASKED, "decision", "Envoyer maintenant")
    world.tick()
    page.reload()
    expect(cell(page, "outbox", ASKED, "status")).to_have_text("Envoyé")
    expect(cell(page, "outbox", ASKED, "decision")).to_have_text("")
    assert world.received(PAUL).count(ASKED) == 1

    page.get_by_role("link", name=TAB["journal"].title_fr, exact=True).click()
    for line, who in (
        ("Voir le texte", "Camille"),
        ("Retenir", "Camille"),
        ("Envoyer maintenant", "non précisé"),
    ):
        what = page.locator('td[data-c="5"]', has_text=re.compile(f"^« {line} »$"))
        row = page.locator("tr").filter(has=what)
        expect(row).to_contain_text(who)
        expect(row).to_contain_text(ASKED)
