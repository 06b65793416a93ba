"""A coordinator's whole session with nothing but the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ponts_flows.board.layout import TAB
from ponts_flows.steps import PROPOSALS
from tests.journeys.world import COORDINATOR, PAUL, World, a_member

pytestmark = pytest.mark.browser
WHERE = """() => { const at = document.activeElement, cell = at.closest("td[data-c]");
  return cell ? [Number(cell.parentElement.dataset.r), Number(cell.dataset.c)] : [at.textContent.trim()]; }"""


class Hands:
    """What two hands do on a keyboard; the page is never clicked."""

    def __init__(self, page: Page, world: World) -> None:
        self.page, self.world = page, world

    def opens(self, tab: str) -> None:
        """Walk to the link of a tab, and follow it."""
        title = TAB[tab].title_fr
        self._walk(lambda at: at == [title])
        self.page.keyboard.press("Enter")
        link = self.page.get_by_role("link", name=title, exact=True)
        expect(link).to_have_attribute("aria-current", "page")

    def goes_to(self, tab: str, row: int, column: str) -> None:
        """Walk into the grid, and with the arrows to a cell."""
        wanted = [row, [one.key for one in TAB[tab].columns].index(column)]
        here = self._walk(lambda at: len(at) == 2)
        for _ in range(200):
            if here == wanted:
                return
            if here[0] != wanted[0]:
                self.page.keyboard.press("ArrowDown" if here[0] < wanted[0] else "ArrowUp")
            else:
                self.page.keyboard.press("ArrowRight" if here[1] < wanted[1] else "ArrowLeft")
            here = self.page.evaluate(WHERE)
        raise AssertionError(f"no way from {here} to {wanted}")

    def chooses(self, choice: str) -> None:
        """Open the list of the cell, and type the choice."""
        self.page.keyboard.press("Enter")
        self.page.keyboard.type(choice)
        self.page.keyboard.press("Enter")
        self._saved()

    def types(self, text: str) -> None:
        """Type into the cell."""
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")
        self._saved()

    def ticks(self) -> None:
        """Tick the cell's box."""
        self.page.keyboard.press("Space")
        self._saved()

    def _saved(self) -> None:
        expect(self.page.locator("td.saving")).to_have_count(0)

    def _walk(self, there: Callable[[list[Any]], bool]) -> list[Any]:
        for _ in range(80):
            at = self.page.evaluate(WHERE)
            if there(at):
                return list(at)
            self.page.keyboard.press("Tab")
        raise AssertionError("not reached with the tabulator")


def test_a_coordinator_s_session_needs_no_mouse(world: World, browser_page: Page) -> None:
    page, hands = browser_page, Hands(browser_page, world)
    world.register(a_member("Léa", "Durand"), a_member("Paul", "Martin"))
    world.sign_up("mentor")
    world.sign_up("mentee")
    world.tick(PROPOSALS)
    page.goto(world.installation.board_url)

    hands.opens("settings")
    hands.goes_to("settings", 3, "names")
    hands.types("Camille")
    hands.opens("texts")
    hands.goes_to("texts", 3, "preview")
    hands.ticks()
    hands.opens("proposals")
    hands.goes_to("proposals", 3, "by")
    hands.chooses("Camille")
    hands.goes_to("proposals", 3, "decision")
    hands.chooses("Valider")
    hands.goes_to("proposals", 3, "remark")
    hands.types("vus ensemble")
    hands.opens("outbox")
    hands.goes_to("outbox", 3, "decision")
    hands.chooses("Voir le texte")
    world.tick()
    assert len(world.received(PAUL)) == 2  # application received, and the question
    assert [mail.subject[:9] for mail in world.inbox(COORDINATOR)][-1:] == ["[Aperçu] "]

    page.reload()
    hands.goes_to("outbox", 3, "reference")
    with page.context.expect_page() as opened:
        page.keyboard.press("Alt+Enter")
    expect(opened.value.frame_locator("iframe").get_by_text("Bonjour")).to_be_visible()
    hands.opens("journal")
    expect(page.locator("tr").filter(has_text="« Valider »")).to_contain_text("Camille")
