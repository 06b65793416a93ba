"""The forms of a pair as people see them: opened by their link, filled in, sent, and read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import Page, expect

from ponts_flows.answers import (
    KINDS,
    Again,
    EventAnswer,
    Held,
    ReviewAnswer,
    SessionReport,
    Use,
    Value,
    Way,
)
from ponts_flows.forms import FormIds, answers_by_field, load, prefilled, question_id, read_said
from ponts_flows.google.forms import Forms
from ponts_flows.google.transport import Google
from ponts_flows.model import Answer, Language
from ponts_flows.programme import Programme
from ponts_flows.sandbox.server import serving

FRENCH, ENGLISH = Language.FRENCH, Language.ENGLISH
SPECS = {name: load(name, Programme()) for name in KINDS}
TODAY = datetime.now(UTC).date()
ON, NEXT_ON = TODAY - timedelta(days=4), TODAY + timedelta(days=24)


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forms]:
    directory: Path = tmp_path_factory.mktemp("sandbox")
    with serving(directory) as running:
        yield Forms(
            Google(credentials_file=running.credentials, mailbox="m@exemple.example", root=running.url)
        )


def link(ids: FormIds, **answers: str) -> str:
    """The link of a mail, with the code of the pair and role it was sent to."""
    return prefilled(SPECS[ids.name], ids, {field: (said,) for field, said in answers.items()})


def entry(form: str, field: str, *, of: str = "") -> str:
    return f'[name="entry.{int(question_id(form, field), 16)}"]{of}'


def received(forms: Forms, ids: FormIds, today: date = TODAY) -> list[tuple[str, Value | None]]:
    """What came of each response to a form: the code and the value."""
    spec = SPECS[ids.name]
    readings = [
        read_said(spec, answers_by_field(spec, response.body), language=ids.language, today=today)
        for response in forms.responses(ids.form_id, since=None)
    ]
    return [(reading.token, reading.value) for reading in readings]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("language", "held", "way", "call_me", "send"),
    [
        (
            FRENCH,
            "Oui, elle a eu lieu",
            "En visio",
            "Je souhaite qu'une personne de la coordination m'appelle",
            "Envoyer",
        ),
        (ENGLISH, "Yes, it took place", "By video", "I would like a coordinator to call me", "Submit"),
    ],
)
def test_a_report_of_a_meeting_is_filled_in_on_its_page(
    forms: Forms, browser_page: Page, language: Language, held: str, way: str, call_me: str, send: str
) -> None:
    ids, page = forms.push(SPECS["session"], language, None), browser_page
    page.goto(link(ids, token="tok.en", on=ON.isoformat(), next_at="18h30", minutes="60"))

    expect(page.locator(entry("session", "on"))).to_have_value(ON.isoformat())
    expect(page.locator(entry("session", "next_at"))).to_have_value("18:30")
    expect(page.locator(entry("session", "minutes"))).to_have_value("1 h")
    expect(page.locator(entry("session", "token"))).to_have_value("tok.en")
    page.get_by_role("button", name=send).click()
    expect(page.locator(".problem")).to_have_count(1)
    page.get_by_label(held, exact=True).check()
    page.locator(entry("session", "way", of=f'[value="{way}"]')).check()
    page.locator(entry("session", "next_on")).fill(NEXT_ON.isoformat())
    page.locator(entry("session", "next_theme")).select_option("Networking")
    page.get_by_label(call_me).check()
    page.get_by_role("button", name=send).click()
    page.wait_for_url(re.compile("edit2="))

    report = SessionReport(
        held=Held.HELD,
        on=ON,
        way=Way.VIDEO,
        minutes=60,
        next_on=NEXT_ON,
        next_at=time(18, 30),
        next_theme="networking",
        call_me=True,
    )
    assert received(forms, ids) == [("tok.en", report)]


@pytest.mark.browser
def test_a_review_is_filled_in_and_its_consents_withdrawn_by_the_link_to_edit_it(
    forms: Forms, browser_page: Page
) -> None:
    ids, page = forms.push(SPECS["review"], FRENCH, None), browser_page
    page.goto(link(ids, token="tok.en", score="6"))
    expect(page.locator(entry("review", "score", of=":checked"))).to_have_value("6")
    expect(page.get_by_text("Non, pas du tout")).to_be_visible()
    expect(page.get_by_text("Oui, sans hésiter")).to_be_visible()
    expect(page.locator(entry("review", "score"))).to_have_count(11)

    page.locator(entry("review", "score", of='[value="10"]')).check()
    page.get_by_label("Devenir mentor plus tard").check()
    page.locator(entry("review", "testimony")).fill("Une année qui compte.")
    page.get_by_label("Publier sur le site de Ponts Alumni").check()
    page.get_by_role("button", name="Envoyer").click()
    page.get_by_role("link", name="Modifier votre réponse").click()

    whole = ReviewAnswer(
        score=10, again=(Again.MENTOR_LATER,), testimony="Une année qui compte.", uses=(Use.WEBSITE,)
    )
    assert received(forms, ids) == [("tok.en", whole)]
    expect(page.locator(entry("review", "score", of=":checked"))).to_have_value("10")
    page.get_by_label("Publier sur le site de Ponts Alumni").uncheck()
    page.get_by_role("button", name="Enregistrer les modifications").click()
    page.wait_for_url(re.compile("formResponse"))
    without = ReviewAnswer(score=10, again=(Again.MENTOR_LATER,), testimony="Une année qui compte.")
    assert received(forms, ids) == [("tok.en", without)]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", KINDS)
def test_every_page_shows_what_its_file_says(forms: Forms, name: str, language: Language) -> None:
    ids = forms.push(SPECS[name], language, None)

    page = requests.get(link(ids, token="tok.en"), timeout=10)

    assert page.status_code == 200
    shown = re.sub(r"&#39;|&#34;", lambda mark: {"&#39;": "'", "&#34;": '"'}[mark[0]], page.text)
    texts = [
        text.of(language)
        for question in SPECS[name].questions
        for text in (question.title, *(choice.wording for choice in question.choices))
    ]
    assert [text for text in texts if text not in shown] == []
    assert 'value="tok.en"' in page.text


def send(ids: FormIds, **answers: str) -> requests.Response:
    """Send a form as its page does, without a browser."""
    entries = {f"entry.{int(question_id(ids.name, field), 16)}": said for field, said in answers.items()}
    address = ids.responder_uri.replace("viewform", "formResponse")
    return requests.post(address, data=entries, timeout=10)


@pytest.mark.parametrize(
    ("form", "answers", "problem"),
    [
        ("session", {"held": "Oui, elle a eu lieu", "on": "31/12/2026"}, "Indiquez une date valide."),
        ("session", {"held": "Oui, elle a eu lieu", "on": "2026-02-30"}, "Indiquez une date valide."),
        ("session", {"held": "Oui, elle a eu lieu", "next_at": "25:00"}, "Indiquez une heure valide."),
        ("session", {"held": "Peut-être"}, "Choisissez une des réponses proposées."),
        ("review", {"score": "11"}, "Choisissez une des réponses proposées."),
        ("renewal", {}, "Cette question est obligatoire."),
    ],
)
def test_a_page_refuses_what_google_would(
    forms: Forms, form: str, answers: dict[str, str], problem: str
) -> None:
    ids = forms.push(SPECS[form], FRENCH, None)

    answer = send(ids, token="tok.en", **answers)

    assert answer.status_code == 422
    assert problem in answer.text
    assert received(forms, ids) == []


def test_answering_again_by_the_same_link_is_another_response(forms: Forms) -> None:
    ids = forms.push(SPECS["event"], FRENCH, None)

    for said in ("Oui, je viens", "Non, je ne viens pas"):
        assert send(ids, token="tok.en", answer=said).status_code == 200

    assert [value for _, value in received(forms, ids)] == [
        EventAnswer(answer=Answer.YES),
        EventAnswer(answer=Answer.NO),
    ]


def test_a_link_stays_short_enough_for_a_mail(forms: Forms) -> None:
    ids = forms.push(SPECS["session"], FRENCH, None)

    address = link(ids, token="t" * 80, on=ON.isoformat(), held="held", next_theme="balance")

    assert urlsplit(address).query.startswith("usp=pp_url&entry.")
    assert len(address) < 500
