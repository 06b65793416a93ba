"""What is asked of Google for a web form: only what differs, by the most precise field mask."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from ponts_flows.forms import FORMS, Choice, FormSpec, Kind, Question, Scale, Section, Wording, item_id, load
from ponts_flows.google.form_requests import changes, items
from ponts_flows.model import Language
from ponts_flows.programme import Programme

Json = dict[str, Any]
FRENCH, ENGLISH = Language.FRENCH, Language.ENGLISH
SCALE = Scale(
    low=0,
    high=10,
    low_label=Wording(fr="Non", en="No"),
    high_label=Wording(fr="Oui", en="Yes"),
)
YES = Choice(id="yes", wording=Wording(fr="Oui", en="Yes"))


def asking(kind: Kind, **changed: Any) -> FormSpec:
    """A form with one question."""
    question = Question(
        field="when",
        kind=kind,
        title=Wording(fr="Quand ?", en="When?"),
        help=Wording(fr="", en=""),
        required=False,
        needed=False,
    )
    if kind is Kind.SCALE:
        question = replace(question, scale=SCALE)
    if kind.has_choices:
        question = replace(question, choices=(YES,))
    section = Section(
        title=Wording(fr="", en=""), help=Wording(fr="", en=""), questions=(replace(question, **changed),)
    )
    return FormSpec(
        name="x",
        role=None,
        title=Wording(fr="Un", en="A"),
        description=Wording(fr="", en=""),
        sections=(section,),
        programme=Programme(),
    )


def as_google_keeps(spec: FormSpec, language: Language = FRENCH) -> Json:
    """A form that is what its specification says, as Google answers it: without false, 0 and empty texts."""
    kept = deepcopy(items(spec, language))
    for item in kept:
        for body in item.get("questionItem", {}).get("question", {}).values():
            if isinstance(body, dict):
                for name in [name for name, value in body.items() if value in (False, 0, "")]:
                    del body[name]
    return {
        "info": {"title": spec.title.of(language), "description": spec.description.of(language)},
        "items": kept,
    }


def mask(now: FormSpec, wanted: FormSpec) -> str:
    """The field mask of the one update that leads from a form to the other."""
    [request] = changes(as_google_keeps(now), wanted, FRENCH)
    return str(request["updateItem"]["updateMask"]).replace("questionItem.question.", "")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (Kind.TEXT, {"textQuestion": {}}),
        (Kind.PARAGRAPH, {"textQuestion": {"paragraph": True}}),
        (Kind.DATE, {"dateQuestion": {"includeYear": True}}),
        (Kind.TIME, {"timeQuestion": {}}),
        (Kind.SCALE, {"scaleQuestion": {"low": 0, "high": 10, "lowLabel": "Non", "highLabel": "Oui"}}),
        (Kind.RADIO, {"choiceQuestion": {"type": "RADIO", "options": [{"value": "Oui"}]}}),
    ],
)
def test_each_kind_of_question_is_what_google_calls_it(kind: Kind, body: Json) -> None:
    [item] = items(asking(kind), FRENCH)

    assert item["itemId"] == item_id("x", "when")
    asked = item["questionItem"]["question"]
    assert {name: value for name, value in asked.items() if name != "questionId"} == body


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", FORMS)
def test_a_form_that_is_what_its_file_says_is_left_alone(name: str, language: Language) -> None:
    spec = load(name, Programme())

    assert changes(as_google_keeps(spec, language), spec, language) == []


KINDS = (Kind.TEXT, Kind.RADIO, Kind.DROP_DOWN, Kind.DATE, Kind.TIME, Kind.SCALE)
BODIES = {
    Kind.TEXT: "textQuestion",
    Kind.RADIO: "choiceQuestion",
    Kind.DROP_DOWN: "choiceQuestion",
    Kind.DATE: "dateQuestion",
    Kind.TIME: "timeQuestion",
    Kind.SCALE: "scaleQuestion",
}


@pytest.mark.parametrize("after", KINDS)
@pytest.mark.parametrize("before", KINDS)
def test_a_change_of_kind_replaces_what_the_question_asks_and_nothing_else(before: Kind, after: Kind) -> None:
    if before is after:
        assert changes(as_google_keeps(asking(before)), asking(after), FRENCH) == []
    else:
        assert mask(asking(before), asking(after)) == BODIES[after]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (asking(Kind.TEXT), asking(Kind.PARAGRAPH), "textQuestion.paragraph"),
        (asking(Kind.PARAGRAPH), asking(Kind.TEXT), "textQuestion.paragraph"),
        (asking(Kind.DATE), asking(Kind.DATE, required=True), "required"),
        (
            asking(Kind.SCALE),
            asking(Kind.SCALE, scale=replace(SCALE, low=1, high=5)),
            "scaleQuestion.low,scaleQuestion.high",
        ),
        (
            asking(Kind.SCALE, scale=replace(SCALE, low=1)),
            asking(Kind.SCALE, scale=replace(SCALE, high_label=Wording(fr="Sûr", en="Sure"))),
            "scaleQuestion.low,scaleQuestion.highLabel",
        ),
        (
            asking(Kind.SCALE),
            asking(Kind.SCALE, scale=replace(SCALE, low_label=Wording(fr="", en=""))),
            "scaleQuestion.lowLabel",
        ),
        (
            asking(Kind.RADIO),
            asking(Kind.RADIO, choices=(YES, Choice(id="no", wording=Wording(fr="Non", en="No")))),
            "choiceQuestion.options",
        ),
        (
            asking(Kind.TIME),
            asking(Kind.TIME, title=Wording(fr="À quelle heure ?", en="At what time?")),
            "title",
        ),
    ],
)
def test_an_update_names_what_differs_and_no_more(before: FormSpec, after: FormSpec, expected: str) -> None:
    assert mask(before, after) == expected


@pytest.mark.parametrize(
    ("kind", "by_hand", "expected"),
    [
        (Kind.DATE, {"dateQuestion": {"includeYear": True, "includeTime": True}}, "dateQuestion.includeTime"),
        (Kind.DATE, {"dateQuestion": {}}, "dateQuestion.includeYear"),
        (Kind.TIME, {"timeQuestion": {"duration": True}}, "timeQuestion.duration"),
    ],
)
def test_a_date_or_a_time_changed_by_hand_is_put_right(kind: Kind, by_hand: Json, expected: str) -> None:
    form = as_google_keeps(asking(kind))
    form["items"][0]["questionItem"]["question"] |= by_hand

    [request] = changes(form, asking(kind), FRENCH)

    assert request["updateItem"]["updateMask"] == f"questionItem.question.{expected}"
