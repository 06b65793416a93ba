"""The pictures of the documentation, taken in a browser from a programme that runs: `make screenshots`.

With the name of a folder they go there, and all tabs of the board with them, at two widths, to be looked at.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from ponts_flows import local
from ponts_flows.board.layout import TAB, TABS
from ponts_flows.samples import SIGNUPS
from ponts_flows.sandbox.server import serving
from ponts_flows.steps import PROPOSALS
from ponts_flows.steps.setup import set_up
from tests.conftest import _QUIET, CHROMIUM
from tests.journeys.world import World, a_member, address_of, opened

IMAGES = Path(__file__).parent.parent / "docs" / "images"
PAUL = address_of("Paul", "Martin")
# The board down to the second proposal, and across to the reasons; shown as wide as a README is read.
BOARD_WIDTH, BOARD_HEIGHT, SHOWN_WIDTH = 1418, 615, 1280
GUIDE_SIZE = (1280, 720)
GUIDE = {
    "howto": "guide-mode-d-emploi.png",
    "applications": "guide-candidatures.png",
    "proposals": "guide-propositions.png",
    "pairings": "guide-binomes.png",
    "to_review": "guide-a-traiter.png",
    "dashboard": "guide-tableau-de-bord.png",
    "years": "guide-bilan-annuel.png",
}
"""The tabs shown in docs/guide-coordinateur.md, and the names of their pictures."""


def main() -> None:
    """Take them all."""
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(_QUIET))
        for name, take in (("board.png", take_board), ("mail.png", take_mail)):
            with a_world() as world:
                keep(IMAGES / name, take(world, browser))
        with a_world() as world:
            take_guide(world, browser, IMAGES)
        browser.close()


def look(folder: Path) -> None:
    """Take every tab of a board in use, at two widths."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, a_world() as world:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(_QUIET))
        in_use(world)
        for width in (1280, 1920):
            page = a_page(browser, width, 900)
            for tab in TABS:
                open_tab(page, world, tab.key)
                keep(folder / f"{tab.key}-{width}.png", page.screenshot())
        browser.close()


def keep(file: Path, picture: bytes) -> None:
    """Write a picture, and say so."""
    file.write_bytes(picture)
    print(f"{file.name}: {len(picture) // 1000} kB")


def in_use(world: World) -> None:
    """The sample sign-ups, their proposals made, the first few approved and answered, a few weeks on."""
    sheets, register = local.load_sheets(world.a_pass(), SIGNUPS)
    world.installation = set_up(world.a_pass(), sheets=sheets, register=register)
    world.tick(PROPOSALS)
    for row in world.board("proposals")[:6]:
        world.decide(row["id"], "Valider sans demander")
    for row in world.board("proposals")[6:9]:
        world.decide(row["id"], "Valider")
    world.tick()
    world.advance(days=50)
    world.tick()


def open_tab(page: Page, world: World, tab: str) -> None:
    """Have a tab of the board shown."""
    page.goto(world.installation.board_url)
    page.get_by_role("link", name=TAB[tab].title_fr, exact=True).click()
    page.wait_for_load_state()


def take_guide(world: World, browser: Browser, folder: Path) -> None:
    """The pictures of the coordinators' guide."""
    in_use(world)
    page = a_page(browser, *GUIDE_SIZE)
    for tab, name in GUIDE.items():
        open_tab(page, world, tab)
        keep(folder / name, page.screenshot())


@contextmanager
def a_world() -> Iterator[World]:
    """A programme set up, with nobody in it."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder)) as sandbox,
        opened(Path(folder), sandbox.url) as world,
    ):
        yield world


def take_board(world: World, browser: Browser) -> bytes:
    """The proposals among the sample sign-ups, the first one being approved."""
    sheets, register = local.load_sheets(world.a_pass(), SIGNUPS)
    world.installation = set_up(world.a_pass(), sheets=sheets, register=register)
    world.tick(PROPOSALS)
    page = a_page(browser, BOARD_WIDTH, BOARD_HEIGHT, scale=SHOWN_WIDTH / BOARD_WIDTH)
    page.goto(world.installation.board_url)
    page.get_by_role("link", name=TAB["proposals"].title_fr, exact=True).click()
    page.locator('tr[data-r="3"] td[data-c="1"]').dblclick()
    with page.expect_response(lambda answer: answer.url.endswith("/edit")):
        page.get_by_label("Cellule B3").select_option("Valider")
    page.locator("td.saving").wait_for(state="hidden")
    return page.screenshot()


def take_mail(world: World, browser: Browser) -> bytes:
    """The question to a mentor, whether he would accompany a mentee."""
    world.register(a_member("Léa", "Durand"), a_member("Paul", "Martin"))
    world.sign_up("mentee", function="Cheffe de projet")
    world.sign_up("mentor")
    world.tick(PROPOSALS)
    world.decide("P-0001", "Valider")
    world.tick()
    (*_, mail) = world.inbox(PAUL)
    assert mail.subject == "Accepteriez-vous d’accompagner Léa ?", mail.subject
    page = a_page(browser, 640, 400)
    page.goto(f"{world.pages.url}/mail/{PAUL}/m/{mail.id}/html")
    return page.screenshot(full_page=True)


def a_page(browser: Browser, width: int, height: int, *, scale: float = 1) -> Page:
    """A new page of a size; its picture is `scale` times as wide."""
    return browser.new_page(
        viewport={"width": width, "height": height}, device_scale_factor=scale, locale="fr-FR"
    )


if __name__ == "__main__":
    look(Path(sys.argv[1])) if len(sys.argv) > 1 else main()
