"""A gallery of all mails: static pages that open from a folder, without a network.

The index follows the life of a participant; one page a message shows it in both languages, as wide as a computer
and as a phone, light and dark, with its plain text.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jinja2

from ponts_flows.board.words import MESSAGES
from ponts_flows.mail.compose import compose
from ponts_flows.mail.samples import OTHERWISE, REFERENCE, SAMPLES, Values
from ponts_flows.mail.templates import load
from ponts_flows.model import Language
from ponts_flows.programme import Programme

_PAGES = Path(__file__).parent / "pages"
_STYLES = ("gallery.css", "gallery.js")
_DARK_ONLY = "@media (prefers-color-scheme: dark)"


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A part of a participant's life, and the messages that it may bring, in the order in which they come."""

    id: str
    title: str
    names: tuple[str, ...]


MOMENTS = (
    Moment(
        id="sign-up",
        title="Sign-up",
        names=(
            "application-received",
            "application-review",
            "correction",
            "correction-reminder",
            "dues",
            "dues-reminder",
            "waiting",
        ),
    ),
    Moment(
        id="pairing",
        title="Pairing",
        names=(
            "pairing-mentor",
            "pairing-mentee",
            "pairing-reminder",
            "pairing-yes-noted",
            "pairing-no-noted",
            "pairing-released",
            "pairing-off",
            "introduction",
        ),
    ),
    Moment(
        id="engagement",
        title="Engagement",
        names=(
            "prepare-first-mentee",
            "prepare-first-mentor",
            "start-mentee",
            "start-mentor",
            "meeting-invitation",
            "meeting-update",
            "meeting-cancelled",
            "meeting-soon",
            "session-report",
            "session-report-reminder",
            "prepare-second-mentee",
            "prepare-second-mentor",
            "after-second-mentee",
            "after-second-mentor",
            "propose-next",
            "at-risk",
            "midpoint",
            "renewal",
            "renewal-reminder",
            "renewal-noted",
            "renewal-waiting",
            "renewed",
            "no-reminders-noted",
            "answer-noted",
            "answer-to-confirm",
            "answer-problem",
        ),
    ),
    Moment(
        id="closing",
        title="Closing",
        names=(
            "last-meeting-mentee",
            "last-meeting-mentor",
            "review",
            "review-reminder",
            "thanks",
            "stop-noted",
            "stopped",
            "leave-noted",
            "back-noted",
            "certificate",
        ),
    ),
    Moment(
        id="events",
        title="Events",
        names=("event-invitation", "event-update", "event-reminder", "event-noted", "event-cancelled"),
    ),
    Moment(id="coordination", title="Coordination", names=("digest", "access-lost", "flows-failed")),
)


@dataclass(frozen=True, kw_only=True)
class View:
    """A message as it reads in one language on one occasion, as two documents: seen in the light, in the dark."""

    id: str
    language: Language
    occasion: str
    subject: str
    text: str
    light: str
    dark: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A message of the gallery: what it is, who gets it and when, and how it looks."""

    name: str
    title_fr: str
    moment: Moment
    to: str
    when: str
    views: tuple[View, ...]

    @property
    def subjects(self) -> tuple[View, ...]:
        """The usual occasion, once in each language."""
        return tuple(view for view in self.views if not view.occasion)


def write(directory: Path, *, programme: Programme) -> Path:
    """Write the gallery into a folder, over the one that is there; the path of its index."""
    entries = tuple(_entry(name, moment, programme) for moment in MOMENTS for name in moment.names)
    messages = directory / "messages"
    messages.mkdir(parents=True, exist_ok=True)
    for name in _STYLES:
        (directory / name).write_bytes((_PAGES / name).read_bytes())
    for before, entry, after in zip((None, *entries), entries, (*entries[1:], None), strict=False):
        page = _page("message.html").render(entry=entry, before=before, after=after, programme=programme)
        (messages / f"{entry.name}.html").write_text(page, encoding="utf-8")
    index = directory / "index.html"
    page = _page("index.html").render(moments=MOMENTS, entries=entries, programme=programme)
    index.write_text(page, encoding="utf-8")
    return index


def _entry(name: str, moment: Moment, programme: Programme) -> Entry:
    template = load(name, Language.FRENCH)
    occasions: dict[str, Values] = {"": {}, **OTHERWISE.get(name, {})}
    views = tuple(
        _view(name, language, occasion=occasion, number=number, programme=programme)
        for number, occasion in enumerate(occasions)
        for language in Language
    )
    return Entry(
        name=name, title_fr=MESSAGES[name], moment=moment, to=template.to, when=template.when, views=views
    )


def _view(name: str, language: Language, *, occasion: str, number: int, programme: Programme) -> View:
    values = {**SAMPLES[name], **(OTHERWISE[name][occasion] if occasion else {})}
    mail = compose(name, (language,), values, programme=programme, reference=REFERENCE)
    return View(
        id=f"{language}-{number + 1}",
        language=language,
        occasion=occasion,
        subject=mail.subject,
        text=mail.text,
        light=_seen(mail.html, "light"),
        dark=_seen(mail.html, "dark"),
    )


def _seen(html: str, scheme: str) -> str:
    """The mail as one colour scheme shows it, whatever the reader's own is."""
    html = html.replace(_DARK_ONLY, "@media all" if scheme == "dark" else "@media not all")
    return html.replace('content="light dark"', f'content="{scheme}"').replace(
        "color-scheme: light dark", f"color-scheme: {scheme}"
    )


@cache
def _page(name: str) -> jinja2.Template:
    pages = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_PAGES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return pages.get_template(name)
