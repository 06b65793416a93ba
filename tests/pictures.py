"""The pictures of the documentation, taken from the sample sign-ups: `make pictures`."""

from __future__ import annotations

import tempfile
from pathlib import Path

import requests
from playwright.sync_api import sync_playwright

from ponts_flows import local
from ponts_flows.board.layout import TAB
from ponts_flows.ledger import Ledger
from ponts_flows.samples import SIGNUPS
from ponts_flows.sandbox.server import serving
from ponts_flows.steps import PROPOSALS, run_pass
from ponts_flows.steps.setup import set_up
from tests.conftest import _QUIET, CHROMIUM
from tests.journeys.world import MONDAY

IMAGES = Path(__file__).parent.parent / "docs" / "images"


def main() -> None:
    """Take them all."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as sandbox:
        board = _programme_of_the_samples(Path(folder), sandbox.url)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(_QUIET))
            page = browser.new_page(viewport={"width": 1400, "height": 540}, locale="fr-FR")
            page.goto(board)
            page.get_by_role("link", name=TAB["proposals"].title_fr, exact=True).click()
            page.wait_for_load_state("networkidle")
            page.locator('tr[data-r="3"] td[data-c="1"]').dblclick()
            page.get_by_label("Cellule B3").select_option("Valider")
            page.locator("td.saving").wait_for(state="hidden")
            page.reload()
            IMAGES.mkdir(exist_ok=True)
            page.screenshot(path=IMAGES / "board.png")
            browser.close()
    print(f"docs/images/board.png: {(IMAGES / 'board.png').stat().st_size // 1000} kB")


def _programme_of_the_samples(directory: Path, url: str) -> str:
    """Set up, read the sample sign-ups, propose; returns the board's address."""
    settings = local.settings_for(directory, url)
    ledger = Ledger(settings.ledger_url, durable=False)
    ledger.migrate()
    requests.put(f"{url}/sandbox/clock", json={"now": MONDAY.isoformat(), "standing": True}, timeout=10)
    run = local.a_pass(settings, ledger, MONDAY)
    sheets, register = local.load_sheets(run, SIGNUPS)
    board = set_up(run, sheets=sheets, register=register).board_url
    report = run_pass(local.a_pass(settings, ledger, MONDAY), PROPOSALS)
    assert not report.errors, report.lines()
    ledger.close()
    return board


if __name__ == "__main__":
    main()
