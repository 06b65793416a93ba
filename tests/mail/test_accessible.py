"""Mails, their gallery and the page of a trial for everyone: no serious finding of axe, light or dark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from ponts_flows.mail.compose import compose
from ponts_flows.mail.gallery import write
from ponts_flows.mail.templates import names
from ponts_flows.model import Language
from tests.accessibility import serious

from .people import PROGRAMME, REFERENCE, SAMPLES

pytestmark = pytest.mark.browser
# The document is put in the place of the one before: the audit, half a megabyte, is loaded once.
SHOW = """html => document.replaceChild(
  new DOMParser().parseFromString(html, "text/html").documentElement, document.documentElement)"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that may read from the disk only."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("language", Language)
def test_axe_finds_nothing_serious_in_any_mail(page: Page, language: Language) -> None:
    for name in names():
        mail = compose(name, (language,), SAMPLES[name], programme=PROGRAMME, reference=REFERENCE)
        page.evaluate(SHOW, mail.html)
        page.emulate_media(color_scheme="light")
        assert serious(page) == [], name
        page.emulate_media(color_scheme="dark")
        assert serious(page, "color-contrast") == [], f"{name}, dark"


def test_axe_finds_nothing_serious_in_the_gallery(page: Page, tmp_path: Path) -> None:
    index = write(tmp_path, programme=PROGRAMME)
    for file in (index, index.parent / "messages" / "renewal.html"):
        page.goto(file.as_uri())
        assert serious(page) == [], file.name
