"""A certificate of participation, as a PDF of one page. Names nobody but the person it is for."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date

from ponts_flows.mail.mime import MailError
from ponts_flows.model import Language, Role

_FONTS = Path(__file__).parent / "fonts"
_FACES = {"": "DejaVuSans.ttf", "B": "DejaVuSans-Bold.ttf"}
_INK, _ACCENT, _SOFT = (31, 41, 51), (11, 90, 138), (82, 96, 109)
_WIDTH, _HEIGHT, _MARGIN = 297, 210, 25  # A4, lying, in millimetres
_LARGEST, _SMALLEST = 34, 12  # points: a long name is written smaller

_WORDS = {
    Language.FRENCH: {
        "title": "Attestation de participation",
        "says": "{association} atteste que",
        Role.MENTOR: "a participé comme mentor au programme de mentoring de l’association,",
        Role.MENTEE: "a participé comme mentee au programme de mentoring de l’association,",
        "span": "du {began} au {ended}.",
        "one": "Une rencontre a été déclarée.",
        "many": "{meetings} rencontres ont été déclarées.",
        "signed": "Fait le {day}, par la coordination du programme ({mailbox}).",
    },
    Language.ENGLISH: {
        "title": "Certificate of participation",
        "says": "{association} certifies that",
        Role.MENTOR: "took part as a mentor in the mentoring programme of the association,",
        Role.MENTEE: "took part as a mentee in the mentoring programme of the association,",
        "span": "from {began} to {ended}.",
        "one": "One meeting was reported.",
        "many": "{meetings} meetings were reported.",
        "signed": "Issued on {day} by the coordinators of the programme ({mailbox}).",
    },
}


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """What a certificate says. `now` is aware: the moment it is made."""

    name: str
    role: Role
    began: date
    ended: date
    meetings: int
    association: str
    programme: str
    mailbox: str
    language: Language
    now: datetime


def filename(language: Language) -> str:
    """The name of its file."""
    return "attestation.pdf" if language is Language.FRENCH else "certificate.pdf"


def pdf(certificate: Certificate) -> bytes:
    """The file, the same for the same certificate. MailError for a name that its font can't write rightly."""
    if not can_be_written(certificate.name):
        raise MailError(
            "l'attestation ne peut pas être écrite : la police n'a pas, ou n'assemble pas, les caractères de ce nom ; "
            "la faire à la main"
        )
    page, words = _blank(certificate), _WORDS[certificate.language]
    days = {name: _day(getattr(certificate, name), certificate.language) for name in ("began", "ended")}
    given = days | {
        "association": certificate.association,
        "mailbox": certificate.mailbox,
        "meetings": certificate.meetings,
        "day": _day(certificate.now.date(), certificate.language),
    }
    _line(page, 42, 13, certificate.programme, style="B", colour=_ACCENT)
    _line(page, 58, 30, words["title"], style="B")
    _line(page, 84, 14, words["says"].format(**given), colour=_SOFT)
    _line(page, 100, _fitting(page, certificate.name), certificate.name, style="B", colour=_ACCENT)
    _line(page, 122, 14, words[certificate.role])
    _line(page, 132, 14, words["span"].format(**given))
    if certificate.meetings:
        _line(
            page, 146, 12, words["one" if certificate.meetings == 1 else "many"].format(**given), colour=_SOFT
        )
    _line(page, 172, 11, words["signed"].format(**given), colour=_SOFT)
    return bytes(page.output())


def can_be_written(text: str) -> bool:
    """Whether the font has all letters of a text, and writes them side by side as they are.

    Letters that join (Arabic) or stack (many of India's) would come out apart: such a name is left to a person.
    """
    known = _letters()
    return all(
        ord(letter) in known
        and unicodedata.bidirectional(letter) not in ("R", "AL", "AN")
        and not unicodedata.combining(letter)
        for letter in unicodedata.normalize("NFC", text)
    )


@cache
def _letters() -> frozenset[int]:
    """The letters that both faces have."""
    from fontTools.ttLib import TTFont

    maps = [set(TTFont(_FONTS / file).getBestCmap()) for file in _FACES.values()]
    return frozenset(set.intersection(*maps))


def _blank(certificate: Certificate) -> Any:
    """A page with its frame, and its fonts."""
    from fpdf import FPDF

    page = FPDF(orientation="landscape", format="A4")
    page.set_creation_date(certificate.now)
    page.set_lang(certificate.language.value)
    page.set_title(_WORDS[certificate.language]["title"])
    page.set_author(certificate.association)
    page.set_auto_page_break(False)
    for style, file in _FACES.items():
        page.add_font("DejaVu", style, _FONTS / file)
    page.add_page()
    page.set_draw_color(*_ACCENT)
    page.set_line_width(0.8)
    page.rect(12, 12, _WIDTH - 24, _HEIGHT - 24)
    return page


def _line(
    page: Any, y: float, size: float, text: str, *, style: str = "", colour: tuple[int, int, int] = _INK
) -> None:
    page.set_font("DejaVu", style, size)
    page.set_text_color(*colour)
    page.set_xy(_MARGIN, y)
    page.cell(_WIDTH - 2 * _MARGIN, 10, unicodedata.normalize("NFC", text), align="C")


def _fitting(page: Any, text: str) -> float:
    """The largest size at which a text stands on one line."""
    for size in range(_LARGEST, _SMALLEST, -1):
        page.set_font("DejaVu", "B", size)
        if page.get_string_width(text) <= _WIDTH - 2 * _MARGIN:
            return size
    return _SMALLEST


def _day(day: date, language: Language) -> str:
    return format_date(day, "d MMMM y", locale=language.value)
