"""The forms' own files: complete in both languages, without two names for one thing."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import pytest

from ponts_flows.answers import KINDS, Again, Extension, Going, Held, Use, Way, Wish
from ponts_flows.errors import SettingsError
from ponts_flows.forms import FORMS, FormSpec, Kind, item_id, load, match_headings, question_id
from ponts_flows.forms.spec_file import parse
from ponts_flows.model import Answer, Language, Role
from ponts_flows.programme import Programme, Theme

ALL = (*FORMS, "register")


@pytest.fixture(params=ALL)
def spec(request: pytest.FixtureRequest) -> FormSpec:
    return load(request.param, Programme())


def a_form(**question: Any) -> dict[str, Any]:
    asked = {"field": "city", "type": "text", "title": {"fr": "Ville", "en": "City"}, **question}
    return {"title": {"fr": "Un", "en": "A"}, "sections": [{"questions": [asked]}]}


def test_every_form_speaks_both_languages(spec: FormSpec) -> None:
    texts = [spec.title, *(section.title for section in spec.sections[1:])]
    texts += [question.title for section in spec.sections for question in section.questions]
    texts += [choice.wording for question in spec.questions for choice in question.choices]
    scales = [question.scale for question in spec.questions if question.scale]
    texts += [label for scale in scales for label in (scale.low_label, scale.high_label)]

    assert [text for text in texts if not (text.fr and text.en)] == []
    helps = [question.help for section in spec.sections for question in section.questions]
    assert [text for text in helps if bool(text.fr) is not bool(text.en)] == []


def test_no_heading_could_be_two_fields(spec: FormSpec) -> None:
    names = [
        (name, question.field)
        for question in spec.questions
        for name in (*question.aliases, question.title.fr)
    ]

    for name, field in names:
        assert list(match_headings(spec, [name]).columns) == [field], name


def test_titles_are_what_google_accepts(spec: FormSpec) -> None:
    titles = [question.title for section in spec.sections for question in section.questions]

    assert [title for title in titles if "\n" in title.fr + title.en] == []


def test_no_two_items_of_a_form_share_an_identifier(spec: FormSpec) -> None:
    fields = [question.field for section in spec.sections for question in section.questions]
    fields += [f"section {number}" for number in range(1, len(spec.sections))]
    identifiers = [make(spec.name, field) for field in fields for make in (question_id, item_id)]

    assert len(set(identifiers)) == len(identifiers)
    assert all(len(identifier) == 8 and int(identifier, 16) < 0x80000000 for identifier in identifiers)


def test_the_choices_of_themes_and_capacity_are_the_programmes() -> None:
    programme = Programme(
        themes=(*Programme().themes[:2], Theme(id="travel", fr="Mobilité", en="Mobility")), most_mentees=3
    )

    mentor = load("mentor", programme)

    assert [choice.id for choice in mentor.question("themes").choices] == [
        "orientation",
        "relations",
        "travel",
    ]
    assert [choice.id for choice in mentor.question("capacity").choices] == ["1", "2", "3"]


def test_texts_name_the_programme_and_the_association_of_the_settings() -> None:
    elsewhere = Programme(name="Parrainage", name_en="Sponsorship", mailbox="parrains@exemple.example")

    spec = load("mentee", elsewhere)

    assert spec.title.of(Language.FRENCH) == "Parrainage : devenir mentee"
    assert spec.title.of(Language.ENGLISH) == "Sponsorship: become a mentee"
    assert "parrains@exemple.example" in spec.description.fr


def test_a_sign_up_tells_the_rules_and_asks_for_consent() -> None:
    for role in Role:
        spec = load(role, Programme())
        notices = [q for section in spec.sections for q in section.questions if q.kind is Kind.NOTICE]

        assert spec.role is role
        assert "https://ponts.org/mentoring/charte" in spec.question("charter").help.fr
        assert [notice.title.fr for notice in notices] == ["Vos données"]
        assert "confidentiel" in spec.question("about").help.fr


@pytest.mark.parametrize(
    ("form", "field", "ids"),
    [
        ("session", "held", Held),
        ("session", "way", Way),
        ("session", "next_way", Way),
        ("midpoint", "going", Going),
        ("midpoint", "extension", Extension),
        ("renewal", "answer", Answer),
        ("review", "again", Again),
        ("review", "uses", Use),
        ("participation", "wish", Wish),
        ("event", "answer", Answer),
    ],
)
def test_the_choices_of_a_form_are_the_values_that_it_gives(
    form: str, field: str, ids: type[StrEnum]
) -> None:
    assert [choice.id for choice in load(form, Programme()).question(field).choices] == list(ids)


@pytest.mark.parametrize("name", KINDS)
def test_a_form_of_a_pair_asks_who_answers_last_and_shares_no_text_without_a_tick_beside_it(
    name: str,
) -> None:
    fields = [question.field for question in load(name, Programme()).questions]

    assert fields[-1] == "token"
    assert ("note" in fields) == ("share_note" in fields)
    assert "note" not in fields or fields.index("share_note") == fields.index("note") + 1


def test_a_report_of_a_meeting_says_what_it_does_not_ask() -> None:
    spec = load("session", Programme())

    assert "nous ne le demandons pas" in spec.description.fr
    assert "nous ne demandons pas non plus de qui cela vient" in spec.description.fr
    assert "we do not ask" in spec.description.en


def test_a_testimony_says_that_consents_are_use_by_use_and_can_be_withdrawn() -> None:
    uses = load("review", Programme()).question("uses")

    assert "ni publié, ni montré à la coordination" in uses.help.fr
    assert "retirer votre accord à tout moment" in uses.help.fr
    assert "withdraw your consent at any time" in uses.help.en


def test_only_the_answer_itself_is_required_of_people_in_a_pair() -> None:
    required = {
        name: [question.field for question in load(name, Programme()).questions if question.required]
        for name in KINDS
    }

    assert required == {
        "session": ["held", "token"],
        "midpoint": ["going", "token"],
        "renewal": ["answer", "token"],
        "review": ["token"],
        "participation": ["wish", "token"],
        "event": ["answer", "token"],
    }


LABELS = {"low_label": {"fr": "Non", "en": "No"}, "high_label": {"fr": "Oui", "en": "Yes"}}
OUT_OF_SCALE = "forms/x.yaml, question city: a scale goes from low, 0 or 1, to high, 2 to 10"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ([], "forms/x.yaml, the file: expected names and values"),
        ({"sections": []}, "forms/x.yaml: sections must be a list"),
        (a_form(type="txt"), "forms/x.yaml, question city: needs a field and a type among text"),
        (a_form(titel="Ville"), "forms/x.yaml, section 1: unknown titel"),
        (a_form(title={"fr": "Ville"}), "forms/x.yaml, question city: no text in en"),
        (a_form(help={"fr": "{boite}", "en": "a"}), "forms/x.yaml, question city: placeholder 'boite'"),
        (a_form(type="radio"), "forms/x.yaml, question city: needs choices"),
        (a_form(type="scale"), "forms/x.yaml, question city: needs a scale"),
        (a_form(scale={"low": 0, "high": 5, **LABELS}), "forms/x.yaml, question city: takes no scale"),
        (a_form(type="scale", scale={"low": 2, "high": 5, **LABELS}), OUT_OF_SCALE),
        (a_form(type="scale", scale={"low": 0, "high": 11, **LABELS}), OUT_OF_SCALE),
        (a_form(type="scale", scale={"low": "0", "high": 5, **LABELS}), OUT_OF_SCALE),
        (
            a_form(type="scale", scale={"low": 0, "high": 5}),
            "forms/x.yaml, question city, low_label: expected names and values",
        ),
        (a_form(type="date", choices="themes"), "forms/x.yaml, question city: takes no choices"),
        (a_form(choices="themes"), "forms/x.yaml, question city: takes no choices"),
        (
            a_form(type="radio", choices=[{"id": True, "fr": "Oui", "en": "Yes"}]),
            "forms/x.yaml, question city: each choice needs an id in quotes, this one has True",
        ),
        (
            a_form(type="radio", choices=[{"id": "a", "fr": "A", "en": "A"}] * 2),
            "forms/x.yaml, question city: a is there twice",
        ),
        ({**a_form(), "role": "boss"}, "forms/x.yaml, role: is 'boss'"),
    ],
)
def test_a_mistake_in_a_file_is_named(body: Any, message: str) -> None:
    titled = {"title": {"fr": "Un", "en": "A"}, **body} if isinstance(body, dict) else body

    with pytest.raises(SettingsError) as raised:
        parse("x", titled, Programme())

    assert str(raised.value).startswith(message)


def test_a_form_that_does_not_exist_is_named() -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.yaml can't be read"):
        load("nowhere", Programme())


def test_a_field_asked_twice_is_named() -> None:
    body = a_form()
    body["sections"] += [{"title": {"fr": "Deux", "en": "Two"}, **body["sections"][0]}]

    with pytest.raises(SettingsError, match="the fields: city is there twice"):
        parse("x", body, Programme())
