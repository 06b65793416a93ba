"""The page of a trial, in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from ponts_flows.cli import main
from ponts_flows.samples import SIGNUPS
from tests.accessibility import serious

pytestmark = pytest.mark.browser
WIDTHS = (390, 1280)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the samples."""
    out = tmp_path_factory.mktemp("trial")
    files = {"mentees": "mentees", "mentors": "mentors", "members": "cotisants"}
    main(["match", *(f"--{option}={SIGNUPS / name}.csv" for option, name in files.items()), f"--out={out}"])
    return out / "apercu.html"


@pytest.fixture
def page(browser: Browser, written: Path) -> Iterator[Page]:
    """The page, without a network; a message of the browser is a failure."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True, locale="fr-FR")
    context.set_default_timeout(10_000)
    opened, complaints = context.new_page(), list[str]()
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "request", lambda asked: complaints.extend([] if asked.url == written.as_uri() else [asked.url])
    )
    opened.goto(written.as_uri())
    yield opened
    context.close()
    assert complaints == []


def names(page: Page, column: int) -> list[str]:
    cells = page.locator(f"#table-binomes tbody tr:visible > :nth-child({column})")
    return [text.strip() for text in cells.all_inner_texts()]


def test_a_name_is_found_whatever_its_accents(page: Page) -> None:
    everyone = names(page, 1)
    box = page.locator("#binomes input[type=search]")

    box.fill("helene LEMAITRE")

    assert names(page, 1) == ["Hélène Lemaître"]
    expect(page.locator("#binomes output")).to_have_text(f"1 sur {len(everyone)}")
    box.fill("")
    assert names(page, 1) == everyone


def test_a_heading_sorts_up_then_down(page: Page) -> None:
    score = page.locator("#table-binomes").get_by_role("button", name="Score")

    score.click()
    upwards = [int(text) for text in names(page, 3)]
    score.click()
    downwards = [int(text) for text in names(page, 3)]

    assert upwards == sorted(upwards)
    assert downwards == sorted(upwards, reverse=True)
    expect(page.locator("#table-binomes th").nth(2)).to_have_attribute("aria-sort", "descending")


def test_a_gap_is_sorted_by_its_length_not_by_its_words(page: Page) -> None:
    page.locator("#table-binomes").get_by_role("button", name="Écart").click()

    first, last = names(page, 5)[0], names(page, 5)[-1]
    assert first.startswith("10 ans")
    assert int(last.split()[0]) > 25


def test_all_reasons_and_other_mentors_unfold(page: Page) -> None:
    row = page.locator("#table-binomes tbody tr").first
    expect(row.get_by_text("Autres mentors possibles")).to_be_hidden()

    row.get_by_text("Tout voir").click()

    expect(row.get_by_text("Autres mentors possibles")).to_be_visible()


def test_each_picture_has_a_name_and_its_numbers_in_writing(page: Page) -> None:
    pictures = page.get_by_role("img")

    assert pictures.count() == 4
    for picture in pictures.all():
        assert picture.locator("title").first.text_content()
        assert picture.locator("text").count() > 4


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_is_as_wide_as_the_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})

    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_axe_finds_nothing_serious(page: Page) -> None:
    assert serious(page) == []
