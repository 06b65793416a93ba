"""The gallery of all mails."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from ponts_flows.cli import main
from ponts_flows.mail.gallery import MOMENTS, write
from ponts_flows.mail.templates import names
from ponts_flows.model import Language

from .people import OTHERWISE, PROGRAMME, SAMPLES

PHONE, DESKTOP = 390, 600


def test_every_message_has_its_place_in_one_moment() -> None:
    placed = Counter(name for moment in MOMENTS for name in moment.names)

    assert set(placed) == set(names())
    assert set(placed.values()) == {1}


def test_what_differs_on_another_occasion_is_among_the_fields_of_its_message() -> None:
    for name, occasions in OTHERWISE.items():
        for occasion, changes in occasions.items():
            assert set(changes) <= set(SAMPLES[name]), (name, occasion)


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of a gallery."""
    return write(tmp_path_factory.mktemp("gallery"), programme=PROGRAMME)


def test_the_gallery_is_written_twice_the_same_and_needs_nothing_from_elsewhere(
    gallery: Path, tmp_path: Path
) -> None:
    again = write(tmp_path, programme=PROGRAMME)

    pages = sorted(gallery.parent.rglob("*.*"))
    assert len(pages) == len(names()) + 3
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert text == (again.parent / page.relative_to(gallery.parent)).read_text(encoding="utf-8")
        outside = re.findall(r'<(?:link|script|img)[^>]* (?:href|src)="([^"]*)"', text)
        assert [address for address in outside if "//" in address] == []


def test_the_command_writes_the_gallery_and_says_where_its_index_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["preview", "--out", str(tmp_path / "mails")])

    index = Path(capsys.readouterr().out.strip())
    assert (code, index) == (0, tmp_path / "mails" / "index.html")
    assert index.is_file()


def test_a_place_where_the_gallery_can_t_be_written_is_told_with_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")

    assert main(["preview", "--out", str(tmp_path / "taken")]) == 2
    assert "Give another --out" in capsys.readouterr().err


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that may read from the disk only."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


MEASURED = """() => [...document.querySelectorAll('iframe.mail')].map(frame => {
    const mail = frame.contentDocument, root = mail.documentElement;
    const ground = mail.defaultView.getComputedStyle(mail.querySelector('.sheet')).backgroundColor;
    return {language: root.lang, scheme: frame.dataset.scheme, width: frame.dataset.width,
            room: root.clientWidth, wanted: root.scrollWidth, hidden: root.scrollHeight - frame.clientHeight,
            ground, words: mail.body.innerText.trim().length}
})"""


# The page gives each mail its height once the browser has laid it out, a few frames after it was loaded.
FITTED = """() => [...document.querySelectorAll('iframe.mail')].every(frame =>
    frame.contentDocument.documentElement.scrollHeight <= frame.clientHeight)"""


@pytest.mark.browser
def test_every_mail_is_seen_in_both_languages_at_both_widths_light_and_dark_and_nothing_sticks_out(
    gallery: Path, page: Page
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    seen: Counter[tuple[str, str, str, str]] = Counter()

    for name in names():
        page.goto((gallery.parent / "messages" / f"{name}.html").as_uri())
        page.wait_for_function(FITTED)
        mails = page.evaluate(MEASURED)
        for mail in mails:
            seen[name, mail["language"], mail["scheme"], mail["width"]] += 1
            assert mail["room"] == PHONE if mail["width"] == "phone" else mail["room"] > DESKTOP
            assert mail["wanted"] <= mail["room"], (name, mail)
            assert mail["hidden"] <= 0, (name, mail)
            assert mail["words"] > 200, (name, mail)
        grounds = {(mail["scheme"], mail["ground"]) for mail in mails}
        assert len(grounds) == len({ground for _, ground in grounds}) == 2, (name, grounds)

    assert seen == {
        (name, language, scheme, width): 1 + len(OTHERWISE.get(name, {}))
        for name in names()
        for language in Language
        for scheme in ("light", "dark")
        for width in ("desktop", "phone")
    }
    assert [address for address in asked if not address.startswith(("file:", "about:"))] == []


@pytest.mark.browser
def test_the_gallery_is_walked_through_with_the_keyboard(gallery: Path, page: Page) -> None:
    page.goto(gallery.as_uri())
    page.get_by_role("link", name="Candidature reçue", exact=True).focus()

    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Candidature reçue")
    page.locator("a[rel=next]").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Candidature reçue, adhésion en vérification")
    page.get_by_text("Plain text").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("pre").first).to_be_visible()
    expect(page.locator("pre").first).to_contain_text("Bonjour Bastien,")


@pytest.mark.browser
@pytest.mark.parametrize("width", [PHONE, 1280])
def test_the_gallery_s_own_pages_fit_their_window(gallery: Path, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})

    for file in (gallery, gallery.parent / "messages" / "renewal.html"):
        page.goto(file.as_uri())
        wanted = page.evaluate("document.documentElement.scrollWidth")
        assert wanted <= width, file.name
