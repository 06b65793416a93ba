"""A text of a coordinator's: checked on every occasion of its mail, harmless, and without a hold on the footer."""

from __future__ import annotations

import pytest

from ponts_flows.mail import edited
from ponts_flows.mail.braces import TextFault
from ponts_flows.mail.compose import Composed, compose
from ponts_flows.mail.samples import OTHERWISE
from ponts_flows.model import Language

from .people import PROGRAMME, REFERENCE, SAMPLES

FRENCH = Language.FRENCH


def composed(name: str, **parts: str) -> Composed:
    template = edited.written(name, FRENCH, subject=parts.get("subject", ""), body=parts.get("body", ""))
    texts = {(name, FRENCH): template}
    return compose(name, (FRENCH,), SAMPLES[name], programme=PROGRAMME, reference=REFERENCE, texts=texts)


def check(name: str, **parts: str) -> None:
    given = {"subject": "", "body": "", **parts}
    edited.check(name, FRENCH, subject=given["subject"], body=given["body"], programme=PROGRAMME)


def test_html_and_hidden_signs_of_a_text_stay_words_or_go() -> None:
    body = 'Bonjour <b onclick="x()">{prénom}</b>,\n\n<script>alert(1)</script> \ue0000\ue001 &lt;i&gt;'

    mail = composed("application-received", body=body)

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in mail.html
    assert "<script>" not in mail.html
    assert "<b onclick" not in mail.html
    assert '<b onclick="x()">Bastien</b>' in mail.text
    assert "\ue000" not in mail.html + mail.text


@pytest.mark.parametrize("name", ["application-received", "introduction", "digest"])
def test_reason_contact_way_out_and_reference_are_in_every_mail_whatever_its_text(name: str) -> None:
    mail = composed(name, subject="Bonjour", body="Un mot.")

    for text in (mail.html, mail.text):
        assert "Vous recevez ce message parce que" in " ".join(text.split())
        assert PROGRAMME.mailbox in text
        assert REFERENCE in text
    assert "Pour ne plus recevoir" in " ".join(mail.text.split()) or "ne plus recevoir" in mail.text


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"body": "[ici](javascript:alert)"}, "un lien ne mène nulle part"),
        ({"body": "{si prénom > 3}x{fin}"}, "compare ce qui ne se compare pas"),
        ({"body": "x" * 50_001}, "au plus 50000 signes"),
        ({"body": "mot " * 12_000 + "{prénom} " * 100}, ""),
        ({"subject": "a\nb"}, "un objet tient sur une ligne"),
        ({"subject": "x" * 151}, "l'objet dépasse 150 signes"),
        ({"subject": "{si rôle = mentor}Mentor{fin}"}, "l'objet serait vide"),
    ],
)
def test_what_would_make_no_mail_is_refused_with_its_reason(parts: dict[str, str], why: str) -> None:
    if not why:
        check("application-received", **parts)
        return
    with pytest.raises(TextFault) as fault:
        check("application-received", **parts)
    assert why in str(fault.value)


def test_a_text_is_tried_on_every_occasion_not_on_the_usual_one_alone() -> None:
    subject = "{si date passée}Rencontre du {date passée}{fin}"
    assert any(changes["held_on"] is None for changes in OTHERWISE["answer-noted"].values())

    with pytest.raises(TextFault, match="l'objet serait vide"):
        check("answer-noted", subject=subject)


def test_a_link_that_a_text_does_without_is_named() -> None:
    without = edited.written("pairing-mentor", FRENCH, subject="", body="Bonjour {prénom}")
    complete = edited.written("pairing-mentor", FRENCH, subject="Autre objet", body="")

    assert edited.links_left_out(without) == ("lien de réponse",)
    assert edited.links_left_out(complete) == ()
