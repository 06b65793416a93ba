"""Texts that clients cut into lines are put back as they were written."""

from __future__ import annotations

import pytest

from ponts_flows.mail.received.answer.new_text import new_text
from ponts_flows.mail.received.flowed import unflowed
from ponts_flows.mail.received.incoming import parse

LONG = "Nous nous sommes vus mardi et nous nous reverrons le 12"


def test_a_cut_line_is_joined_and_its_blank_is_one_of_the_text_or_the_client_s() -> None:
    assert unflowed(f"{LONG} \nmars. Bien à vous\nJean") == f"{LONG} mars. Bien à vous\nJean"
    assert unflowed(f"{LONG}  \nmars.", delsp=True) == f"{LONG} mars."


def test_a_short_line_that_ends_with_a_blank_was_ended_by_its_author() -> None:
    assert unflowed("Oui \nMerci \nJean") == "Oui \nMerci \nJean"


def test_blanks_that_shelter_the_beginning_of_a_line_are_taken_off() -> None:
    assert unflowed(" > dit-elle\n From Lyon\n  - un") == "> dit-elle\nFrom Lyon\n - un"


def test_a_signature_s_delimiter_joins_nothing() -> None:
    assert unflowed(f"{LONG} \n-- \n{LONG}") == f"{LONG} \n-- \n{LONG}"


def test_quoted_lines_are_joined_with_those_of_their_depth() -> None:
    assert unflowed(f"> {LONG} \n> mars.\n>> {LONG} \n> non") == f"> {LONG} mars.\n>> {LONG} \n> non"


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        ("; format=flowed", f"{LONG} mars"),
        ("; format=Flowed; delsp=yes", f"{LONG}mars"),
        ("", f"{LONG} \nmars"),
    ],
)
def test_a_received_text_is_put_back_when_it_says_that_it_was_cut(parameters: str, text: str) -> None:
    mail = f"From: a@exemple.example\nContent-Type: text/plain; charset=utf-8{parameters}\n\n{LONG} \nmars"

    assert parse(mail.encode()).text == text


def test_an_attribution_that_was_cut_is_known() -> None:
    above = "Le vendredi 3 avril 2026 à 10:12, Programme de mentorat de l'école  \n<m@programme.example> a écrit :"

    assert new_text(unflowed(f"Oui\n\n{above}\n\n> Bonjour", delsp=True)) == "Oui"
