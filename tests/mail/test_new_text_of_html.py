"""What somebody wrote is found in a page too, by the marks that clients set and by the rules of texts."""

from __future__ import annotations

from html import escape

import pytest

from ponts_flows.mail.compose import compose
from ponts_flows.mail.received.answer.lines import MARK
from ponts_flows.mail.received.answer.new_text import new_text_of_html
from ponts_flows.mail.received.htmltext import html_to_quoted_text
from ponts_flows.mail.received.incoming import parse
from ponts_flows.mail.samples import PROGRAMME, REFERENCE, SAMPLES
from ponts_flows.model import Language
from tests.mail.client_forms import pages

PAGES = pages()
OURS = compose(
    "pairing-mentor",
    (Language.FRENCH, Language.ENGLISH),
    SAMPLES["pairing-mentor"],
    programme=PROGRAMME,
    reference=REFERENCE,
)

ANSWERS = [
    "Oui",
    "Bonjour,\n\nNous nous sommes vus le 12 mars.\n\n\nCordialement,\nJean",
    "Non, pas encore.\n\nLe mardi 14 avril nous irait, elle m'a écrit :\nje serai là dès 10 h.",
    "Rendez-vous\nDe : 10h\nÀ : 12h\nDate : 14 avril",
    "Mes créneaux :\n---\n1. lundi\n2. <mardi> & jeudi",
]


def page(name: str, answer: str) -> str:
    written = "".join(f"<div>{escape(line) or '<br>'}</div>" for line in answer.split("\n"))
    return PAGES[name].replace("{answer}", written).replace("{original}", OURS.html)


@pytest.mark.parametrize("sent", ["", OURS.text], ids=["whatever was sent", "knowing what was sent"])
@pytest.mark.parametrize("name", PAGES)
def test_an_answer_is_found_whole_and_alone_in_every_client_s_page(name: str, sent: str) -> None:
    found = {answer: new_text_of_html(page(name, answer), sent=sent) for answer in ANSWERS}

    assert found == {answer: answer for answer in ANSWERS}


@pytest.mark.parametrize("name", [name for name in PAGES if name != "nothing quoted"])
def test_a_page_that_holds_nothing_but_the_quotation_says_nothing(name: str) -> None:
    assert new_text_of_html(page(name, "")) == ""


def test_an_answer_between_our_paragraphs_in_outlook_is_found_knowing_what_was_sent() -> None:
    original = OURS.html.replace(
        "</blockquote>", "</blockquote><p style='color:red'>Oui, avec plaisir</p>", 1
    )
    reply = PAGES["Outlook"].replace("{answer}", "").replace("{original}", original)

    assert new_text_of_html(reply, sent=OURS.text) == "Oui, avec plaisir"


def test_the_page_keeps_its_blank_lines_and_shows_what_is_quoted() -> None:
    html = (
        "<p>Oui</p><p>Non</p><div>a<br></div><div><br></div><div>b<br><br>c</div><pre>d\ne</pre>"
        "<blockquote type=cite>f<blockquote>g</blockquote></blockquote>h"
    )

    assert html_to_quoted_text(html).split("\n") == [
        *("Oui", "", "Non", "a", "", "b", "", "c", "d", "e"),
        *(MARK, "> f", "> > g", "h"),
    ]


def test_nobody_can_write_the_mark_of_a_quotation() -> None:
    assert new_text_of_html(f"Oui<br>{MARK}<br>Non") == "Oui\n\nNon"


def test_styles_of_any_length_do_not_hide_the_answer() -> None:
    assert new_text_of_html(f"<head><style>{'p {} ' * 30_000}</style></head><body>Oui</body>") == "Oui"


HOSTILE = {
    "tags": "<",
    "attributes": "<a b=c ",
    "open quotes": '<a b="',
    "quotes": '<a b=">',
    "comments": "<!--",
    "styles": "<style>",
    "closings": "</",
    "divisions": "<div>",
    "quotations": "<blockquote type=cite>a",
    "breaks": "<br>",
    "paragraphs": "<p>mot",
    "cells": "<td>a",
    "entities": "&#",
    "identifiers": "<div id=a>",
    "blank lines": "<pre>\n\n\n\n",
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_no_page_keeps_it_busy(piece: str) -> None:
    assert len(new_text_of_html(piece * (200_000 // len(piece)))) <= 20_000


def test_a_mail_without_text_keeps_its_page_and_one_with_text_does_not() -> None:
    head = "From: a@exemple.example\nContent-Type: "

    assert parse(f"{head}text/html; charset=utf-8\n\n<p>Oui</p>".encode()).html == "<p>Oui</p>"
    assert parse(f"{head}text/plain\n\nOui".encode()).html == ""
