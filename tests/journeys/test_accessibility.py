"""Pages and mails for everyone: no serious finding of axe on any page of the sandbox, nor in any mail."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from ponts_flows.board.layout import TABS
from tests.accessibility import serious
from tests.journeys.test_browser import MENTEE
from tests.journeys.world import World, introduced

pytestmark = pytest.mark.browser


def test_axe_finds_nothing_serious_on_any_tab_of_the_board(world: World, browser_page: Page) -> None:
    page = browser_page
    introduced(world)
    for tab in TABS:
        page.goto(world.installation.board_url)
        link = page.get_by_role("link", name=tab.title_fr, exact=True)
        link.click()
        expect(link).to_have_attribute("aria-current", "page")
        assert serious(page) == [], tab.key


def test_axe_finds_nothing_serious_on_the_other_pages(world: World, browser_page: Page) -> None:
    page = browser_page
    introduced(world)
    for path in ("/", "/forms", "/spreadsheets", "/mail", f"/mail/{MENTEE}/"):
        page.goto(world.pages.url + path)
        assert serious(page) == [], path
    page.get_by_role("link", name=re.compile("Votre binôme")).click()
    expect(page.frame_locator("iframe").get_by_text("Léa, à vous d’écrire en premier")).to_be_visible()
    assert serious(page) == []
    page.get_by_role("link", name="Répondre", exact=True).click()
    expect(page.get_by_label("Votre message")).to_be_visible()
    assert serious(page) == []
    for form in world.installation.forms:
        page.goto(form.responder_uri)
        assert serious(page) == [], (form.name, form.language)
    page.get_by_role("button").last.click()  # sent empty: what is missing is told beside each question
    assert serious(page) == []


def test_axe_sees_what_is_wrong_with_a_page(world: World, browser_page: Page) -> None:
    browser_page.goto(world.pages.url)
    browser_page.evaluate("""() => { document.querySelector("main").innerHTML =
      '<button></button><p style="color:#aaa;background:#fff">pale</p>'; }""")

    assert [finding.partition(" ")[0] for finding in serious(browser_page)] == [
        "button-name",
        "color-contrast",
    ]
