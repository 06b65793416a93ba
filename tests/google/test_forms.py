"""The programme's forms, pushed to a sandbox by the real client, answered there and read back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from ponts_flows.errors import GoogleRefused
from ponts_flows.forms import (
    FORMS,
    FormIds,
    FormSpec,
    Kind,
    Question,
    Scale,
    Section,
    Wording,
    answers_by_field,
    load,
    prefilled,
    question_id,
    read,
)
from ponts_flows.google.forms import FormResponse, Forms
from ponts_flows.google.transport import Google, execute
from ponts_flows.model import Language, Mode, Profile, Role, YearMonth
from ponts_flows.programme import Programme
from ponts_flows.sandbox.server import serving

FRENCH, ENGLISH = Language.FRENCH, Language.ENGLISH
MENTEE = load("mentee", Programme())
SESSION = load("session", Programme())
REVIEW = load("review", Programme())
SCALE = Scale(
    low=1, high=5, low_label=Wording(fr="Peu", en="Little"), high_label=Wording(fr="Très", en="Much")
)
ANSWERS = {
    "email": ("alice.martin@exemple.example",),
    "last_name": ("Martin",),
    "first_name": ("Alice",),
    "graduation_year": ("2018",),
    "career_start": ("09/2018",),
    "employer": ("Exemple & Fils",),
    "sector": ("Énergie",),
    "city": ("Lyon",),
    "languages": ("Français", "Anglais"),
    "mode": ("Visio",),
    "main_theme": ("Networking",),
    "themes": ("Confiance en soi",),
    "charter": ("Oui, je m'engage",),
}


@pytest.fixture(scope="module")
def google(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Google]:
    directory: Path = tmp_path_factory.mktemp("sandbox")
    with serving(directory) as running:
        yield Google(
            credentials_file=running.credentials, mailbox="mentoring@exemple.example", root=running.url
        )


@pytest.fixture
def forms(google: Google) -> Forms:
    return Forms(google)


def form_as_it_is(google: Google, ids: FormIds) -> dict[str, Any]:
    return dict(execute(google.service("forms", "v1").forms().get(formId=ids.form_id)))


def edited_by_hand(google: Google, ids: FormIds, *requests_: dict[str, Any]) -> None:
    execute(
        google.service("forms", "v1").forms().batchUpdate(formId=ids.form_id, body={"requests": requests_})
    )


def writes(google: Google, act: Callable[[], object]) -> int:
    """How many calls `act` makes beyond the one that reads a form."""
    before = google.calls.total()
    act()
    return google.calls.total() - before - 1


def with_question(spec: FormSpec, field: str, change: Callable[[Question], Question | None]) -> FormSpec:
    """A specification where one question is changed, or left out for None."""

    def changed(section: Section) -> Section:
        questions = (
            change(question) if question.field == field else question for question in section.questions
        )
        return replace(section, questions=tuple(question for question in questions if question))

    return replace(spec, sections=tuple(map(changed, spec.sections)))


def answer(ids: FormIds, spec: FormSpec, answers: dict[str, tuple[str, ...]]) -> str:
    """Fill in and send a form as its page does."""
    entries = {
        f"entry.{int(question_id(spec.name, field), 16)}": list(said) for field, said in answers.items()
    }
    sent = requests.post(ids.responder_uri.replace("viewform", "formResponse"), json=entries, timeout=10)
    assert sent.status_code == 200, sent.text
    return str(sent.json()["responseId"])


def titles(form: dict[str, Any]) -> list[str]:
    return [item["title"] for item in form["items"]]


def test_a_new_form_takes_two_calls_and_a_known_one_its_reading(google: Google, forms: Forms) -> None:
    ids = forms.push(SESSION, FRENCH, None)

    assert writes(google, lambda: forms.push(SESSION, FRENCH, None)) == 1
    assert writes(google, lambda: forms.push(SESSION, FRENCH, ids)) == 0


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("on", lambda question: replace(question, kind=Kind.TEXT)),
        ("on", lambda question: replace(question, kind=Kind.TIME)),
        ("next_at", lambda question: replace(question, kind=Kind.DATE, required=True)),
        ("token", lambda question: replace(question, kind=Kind.DATE)),
        ("minutes", lambda question: replace(question, kind=Kind.SCALE, choices=(), scale=SCALE)),
    ],
    ids=["date to text", "date to time", "time to date", "text to date", "list to scale"],
)
def test_a_question_changes_its_kind_and_back(
    google: Google, forms: Forms, field: str, change: Callable[[Question], Question]
) -> None:
    ids = forms.push(SESSION, FRENCH, None)
    before = form_as_it_is(google, ids)["items"]
    spec = with_question(SESSION, field, change)

    assert writes(google, lambda: forms.push(spec, FRENCH, ids)) == 1
    assert writes(google, lambda: forms.push(spec, FRENCH, ids)) == 0
    assert (
        form_as_it_is(google, ids)["items"] == form_as_it_is(google, forms.push(spec, FRENCH, None))["items"]
    )
    forms.push(SESSION, FRENCH, ids)
    assert form_as_it_is(google, ids)["items"] == before


def test_a_scale_keeps_its_answers_when_its_ends_are_worded_anew(google: Google, forms: Forms) -> None:
    ids = forms.push(REVIEW, ENGLISH, None)
    answer(ids, REVIEW, {"score": ("7",), "token": ("t",)})
    spec = with_question(REVIEW, "score", lambda question: replace(question, scale=SCALE))

    assert writes(google, lambda: forms.push(spec, ENGLISH, ids)) == 1
    [kept] = forms.responses(ids.form_id, since=None)
    assert answers_by_field(REVIEW, kept.body) == {"score": ("7",), "token": ("t",)}


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", FORMS)
def test_each_form_is_made_published_and_then_left_alone(
    google: Google, forms: Forms, name: str, language: Language
) -> None:
    spec = load(name, Programme())

    ids = forms.push(spec, language, None)

    form = form_as_it_is(google, ids)
    asked = [
        item["questionItem"]["question"]["questionId"] for item in form["items"] if "questionItem" in item
    ]
    assert form["info"]["title"] == spec.title.of(language)
    assert asked == [question_id(name, question.field) for question in spec.questions]
    assert form["publishSettings"]["publishState"] == {"isPublished": True, "isAcceptingResponses": True}
    assert writes(google, lambda: forms.push(spec, language, ids)) == 0
    assert form_as_it_is(google, ids)["revisionId"] == form["revisionId"]


def test_an_edited_title_changes_that_question_and_nothing_else(google: Google, forms: Forms) -> None:
    ids = forms.push(MENTEE, FRENCH, None)
    before = form_as_it_is(google, ids)
    title = Wording(fr="Votre ville", en="Your town")

    spec = with_question(MENTEE, "city", lambda question: replace(question, title=title))
    calls = writes(google, lambda: forms.push(spec, FRENCH, ids))

    after = form_as_it_is(google, ids)
    assert calls == 1
    differing = [(old, new) for old, new in zip(before["items"], after["items"], strict=True) if old != new]
    assert [(old["title"], new["title"]) for old, new in differing] == [("Ville", "Votre ville")]
    assert differing[0][0] | {"title": ""} == differing[0][1] | {"title": ""}


@pytest.mark.parametrize(
    "change",
    [
        lambda question: replace(question, help=Wording(fr="Une aide", en="A help")),
        lambda question: replace(question, required=not question.required),
        lambda question: replace(question, choices=question.choices[:-1]),
        lambda question: replace(question, kind=Kind.DROP_DOWN),
        lambda question: replace(question, kind=Kind.TEXT, choices=()),
    ],
    ids=["help", "required", "choices", "drop-down", "text"],
)
def test_any_change_of_a_question_is_made_once(
    google: Google, forms: Forms, change: Callable[[Question], Question]
) -> None:
    ids = forms.push(MENTEE, FRENCH, None)
    spec = with_question(MENTEE, "mode", change)

    assert writes(google, lambda: forms.push(spec, FRENCH, ids)) == 1
    assert writes(google, lambda: forms.push(spec, FRENCH, ids)) == 0
    assert (
        form_as_it_is(google, ids)["items"] == form_as_it_is(google, forms.push(spec, FRENCH, None))["items"]
    )


def test_questions_are_added_removed_and_moved_without_losing_a_response(
    google: Google, forms: Forms
) -> None:
    ids = forms.push(MENTEE, FRENCH, None)
    response = answer(ids, MENTEE, ANSWERS)
    shorter = with_question(MENTEE, "city", lambda question: None)
    turned = replace(shorter, sections=(*shorter.sections[:1], *reversed(shorter.sections[1:])))

    assert writes(google, lambda: forms.push(turned, FRENCH, ids)) == 1
    assert "Ville" not in titles(form_as_it_is(google, ids))
    assert titles(form_as_it_is(google, ids)) == titles(
        form_as_it_is(google, forms.push(turned, FRENCH, None))
    )
    forms.push(MENTEE, FRENCH, ids)

    assert titles(form_as_it_is(google, ids)) == titles(
        form_as_it_is(google, forms.push(MENTEE, FRENCH, None))
    )
    [kept] = forms.responses(ids.form_id, since=None)
    assert kept.response_id == response
    assert answers_by_field(MENTEE, kept.body)["career_start"] == ("09/2018",)


def test_what_a_coordinator_added_by_hand_stays_where_it_is(google: Google, forms: Forms) -> None:
    ids = forms.push(MENTEE, FRENCH, None)
    by_hand = {"title": "Comment nous avez-vous connus ?", "questionItem": {"question": {"textQuestion": {}}}}
    edited_by_hand(google, ids, {"createItem": {"item": by_hand, "location": {"index": 3}}})

    assert writes(google, lambda: forms.push(MENTEE, FRENCH, ids)) == 0
    assert titles(form_as_it_is(google, ids))[3] == "Comment nous avez-vous connus ?"


def test_a_question_broken_by_hand_is_put_right(google: Google, forms: Forms) -> None:
    ids = forms.push(MENTEE, FRENCH, None)
    before = form_as_it_is(google, ids)
    edited_by_hand(
        google,
        ids,
        {"deleteItem": {"location": {"index": 1}}},
        {"moveItem": {"originalLocation": {"index": 0}, "newLocation": {"index": 4}}},
        {"updateFormInfo": {"info": {"title": "Copie"}, "updateMask": "title"}},
    )

    assert writes(google, lambda: forms.push(MENTEE, FRENCH, ids)) == 1
    after = form_as_it_is(google, ids)
    assert (after["items"], after["info"]) == (before["items"], before["info"])


def test_a_form_closed_by_hand_stays_closed(google: Google, forms: Forms) -> None:
    ids = forms.push(MENTEE, FRENCH, None)
    closed = {"publishSettings": {"publishState": {"isPublished": True, "isAcceptingResponses": False}}}
    execute(google.service("forms", "v1").forms().setPublishSettings(formId=ids.form_id, body=closed))

    assert writes(google, lambda: forms.push(MENTEE, FRENCH, ids)) == 0


def test_a_form_left_half_made_is_finished(google: Google, forms: Forms) -> None:
    made = execute(google.service("forms", "v1").forms().create(body={"info": {"title": "À faire"}}))
    half = FormIds(name="mentee", language=FRENCH, form_id=made["formId"], responder_uri=made["responderUri"])

    ids = forms.push(MENTEE, FRENCH, half)

    form = form_as_it_is(google, ids)
    assert ids == half
    assert form["info"]["title"] == MENTEE.title.fr
    assert form["publishSettings"]["publishState"] == {"isPublished": True, "isAcceptingResponses": True}


def test_a_form_that_is_gone_is_named_with_the_remedy(forms: Forms) -> None:
    gone = FormIds(name="mentee", language=FRENCH, form_id="nowhere", responder_uri="")

    with pytest.raises(GoogleRefused, match=r"mentee \(fr\), nowhere, is gone.*ponts setup"):
        forms.push(MENTEE, FRENCH, gone)


class EditedMeanwhile(Forms):
    """The forms, while a coordinator edits each of them as soon as it was read."""

    google: Google

    def _get(self, form_id: str, spec: FormSpec, language: Language) -> dict[str, Any]:
        form = super()._get(form_id, spec, language)
        ids = FormIds(name=spec.name, language=language, form_id=form_id, responder_uri="")
        edited_by_hand(
            self.google, ids, {"updateFormInfo": {"info": {"title": "Copie"}, "updateMask": "title"}}
        )
        return form


def test_an_edit_made_at_the_same_moment_is_not_overwritten(google: Google, forms: Forms) -> None:
    ids = forms.push(MENTEE, FRENCH, None)
    racing = EditedMeanwhile(google)
    racing.google = google

    with pytest.raises(GoogleRefused):
        racing.push(with_question(MENTEE, "city", lambda question: None), FRENCH, ids)

    form = form_as_it_is(google, ids)
    assert form["info"]["title"] == "Copie"
    assert "Ville" in titles(form)


def test_an_answer_comes_back_as_a_complete_profile(forms: Forms) -> None:
    ids = forms.push(MENTEE, FRENCH, None)
    answer(ids, MENTEE, ANSWERS)

    [response] = forms.responses(ids.form_id, since=None)
    reading = read(MENTEE, answers_by_field(MENTEE, response.body), today=date(2026, 11, 16), language=FRENCH)

    assert reading.profile == Profile(
        role=Role.MENTEE,
        email="alice.martin@exemple.example",
        other_emails=(),
        first_name="Alice",
        last_name="Martin",
        graduation_year=2018,
        career_start=YearMonth(year=2018, month=9),
        employer="Exemple & Fils",
        sector="Énergie",
        function="",
        city="Lyon",
        languages=(FRENCH, ENGLISH),
        mode=Mode.VIDEO,
        themes=("networking", "confidence"),
        wanted_sector="",
        wanted_function="",
        capacity=1,
        about="",
        mail_language=FRENCH,
    )


def test_responses_are_read_from_a_moment_on_that_moment_included(forms: Forms) -> None:
    ids = forms.push(MENTEE, FRENCH, None)
    answer(ids, MENTEE, ANSWERS)
    answer(ids, MENTEE, ANSWERS | {"first_name": ("Aline",)})
    first, last = sorted(forms.responses(ids.form_id, since=None), key=lambda response: response.submitted_at)

    since_last = list(forms.responses(ids.form_id, since=last.submitted_at))

    assert since_last == [last] if first.submitted_at < last.submitted_at else [first, last]
    assert list(forms.responses(ids.form_id, since=datetime(2100, 1, 1, tzinfo=UTC))) == []


def test_responses_of_several_pages_all_arrive(
    google: Google, forms: Forms, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = forms.push(MENTEE, FRENCH, None)
    sent = [answer(ids, MENTEE, ANSWERS) for _ in range(5)]
    monkeypatch.setattr("ponts_flows.google.forms.PAGE", 2)

    before = google.calls.total()
    found = [response.response_id for response in forms.responses(ids.form_id, since=None)]

    assert Counter(found) == Counter(sent)
    assert google.calls.total() - before == 3


def test_an_edited_response_has_another_version() -> None:
    first = FormResponse(
        response_id="r1",
        created_at=datetime(2026, 11, 16, tzinfo=UTC),
        submitted_at=datetime(2026, 11, 16, tzinfo=UTC),
        body={},
    )

    assert first.version == replace(first, body={"answers": {}}).version
    assert first.version != replace(first, submitted_at=datetime(2026, 11, 17, tzinfo=UTC)).version


@pytest.mark.parametrize("language", Language)
def test_a_prefilled_link_opens_the_form_with_the_answers_in_it(forms: Forms, language: Language) -> None:
    ids = forms.push(MENTEE, language, None)

    link = prefilled(
        MENTEE, ids, {**ANSWERS, "career_start": ("13/2015",), "themes": ("Confiance en soi", "Inconnu")}
    )

    page = requests.get(link, timeout=10)
    filled = parse_qs(urlsplit(link).query)
    entry = f"entry.{int(question_id('mentee', 'themes'), 16)}"
    assert page.status_code == 200
    assert 'value="13/2015"' in page.text
    assert filled[entry] == [{"fr": "Confiance en soi", "en": "Self-confidence"}[language]]
