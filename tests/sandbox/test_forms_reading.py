"""How the fields that people send become answers, and which sections of a form they lead through."""

from __future__ import annotations

from typing import Any

import pytest

from ponts_flows.sandbox.forms import entries, sections
from ponts_flows.sandbox.forms.entries import Reading

Json = dict[str, Any]
ID, NAME = "0000000f", "entry.15"
DAY = {"dateQuestion": {"includeYear": True}}
BIRTHDAY: Json = {"dateQuestion": {}}
MEETING = {"dateQuestion": {"includeYear": True, "includeTime": True}}
CLOCK: Json = {"timeQuestion": {}}
LENGTH = {"timeQuestion": {"duration": True}}
OFFERED = [{"value": "Oui"}, {"value": "Non"}, {"isOther": True}]
ONE = {"choiceQuestion": {"type": "RADIO", "options": OFFERED}}
SEVERAL = {"choiceQuestion": {"type": "CHECKBOX", "options": OFFERED}}
LINE: Json = {"textQuestion": {}}
TEXT = {"textQuestion": {"paragraph": True}}


def answered(*values: str) -> Reading:
    return Reading(values=values)


def wrong(problem: str) -> Reading:
    return Reading(problem=problem)


@pytest.mark.parametrize(
    ("question", "fields", "reading"),
    [
        (DAY, {NAME: ["2024-02-29"]}, answered("2024-02-29")),
        (
            DAY,
            {f"{NAME}_year": ["1990"], f"{NAME}_month": ["1"], f"{NAME}_day": ["2"]},
            answered("1990-01-02"),
        ),
        (DAY, {NAME: ["2023-02-29"]}, wrong("date")),
        (DAY, {NAME: ["01/02/2024"]}, wrong("date")),
        (DAY, {f"{NAME}_year": ["1990"], f"{NAME}_month": ["1"]}, wrong("date")),
        (BIRTHDAY, {f"{NAME}_month": ["2"], f"{NAME}_day": ["29"]}, answered("02-29")),
        (BIRTHDAY, {NAME: ["05-19"]}, answered("05-19")),
        (MEETING, {NAME: ["2026-11-23T14:30"]}, answered("2026-11-23 14:30")),
        (
            MEETING,
            {NAME: ["2026-11-23"], f"{NAME}_hour": ["9"], f"{NAME}_minute": ["5"]},
            answered("2026-11-23 09:05"),
        ),
        (MEETING, {NAME: ["2026-11-23"]}, wrong("time")),
        (CLOCK, {f"{NAME}_hour": ["7"], f"{NAME}_minute": ["0"]}, answered("07:00")),
        (CLOCK, {NAME: ["24:00"]}, wrong("time")),
        (
            LENGTH,
            {f"{NAME}_hour": ["30"], f"{NAME}_minute": ["1"], f"{NAME}_second": ["2"]},
            answered("30:01:02"),
        ),
        (ONE, {NAME: ["Oui"]}, answered("Oui")),
        (ONE, {NAME: ["Oui", "Non"]}, wrong("one_only")),
        (ONE, {NAME: ["__other_option__"], f"{NAME}.other_option_response": [" Si "]}, answered("Si")),
        (SEVERAL, {NAME: ["Non", "Oui", "Oui"]}, answered("Oui", "Non")),
        (SEVERAL, {NAME: ["Peut-être"]}, wrong("choice")),
        (LINE, {NAME: ["une\r\nligne"]}, answered("une ligne")),
        (TEXT, {NAME: ["deux\r\nlignes"]}, answered("deux\nlignes")),
        (LINE, {NAME: [" \n"]}, answered()),
        ({"scaleQuestion": {"high": 5}}, {NAME: ["0"]}, answered("0")),
        ({"scaleQuestion": {"low": 1, "high": 5}}, {NAME: ["0"]}, wrong("choice")),
        ({"ratingQuestion": {"ratingScaleLevel": 3}}, {NAME: ["4"]}, wrong("choice")),
    ],
)
def test_fields_are_read_into_the_values_that_the_service_lists(
    question: Json, fields: dict[str, list[str]], reading: Reading
) -> None:
    assert entries.read({"questionId": ID, **question}, None, fields) == reading


@pytest.mark.parametrize(
    ("question", "values"),
    [
        (DAY, ("2024-02-29",)),
        (BIRTHDAY, ("02-29",)),
        (MEETING, ("2026-11-23 14:30",)),
        (LENGTH, ("30:01:02",)),
        (ONE, ("Autre chose",)),
        (SEVERAL, ("Oui", "Autre chose")),
        (TEXT, ("deux\nlignes",)),
    ],
)
def test_an_answer_written_as_fields_is_read_as_the_same_answer(
    question: Json, values: tuple[str, ...]
) -> None:
    question = {"questionId": ID, **question}
    assert entries.read(question, None, entries.written(question, None, values)) == Reading(values=values)


def test_a_required_question_left_out_is_a_problem() -> None:
    assert entries.read({"questionId": ID, "required": True, **LINE}, None, {}) == wrong("required")


def test_a_way_that_leads_back_is_not_complete_and_ends() -> None:
    options = [{"value": "Recommencer", "goToAction": "RESTART_FORM"}, {"value": "Finir"}]
    question = {"questionId": ID, "choiceQuestion": {"type": "RADIO", "options": options}}
    items = [{"pageBreakItem": {}, "itemId": "0000000a"}, {"questionItem": {"question": question}}]
    parts = sections.split(items)

    back = sections.read(parts, {NAME: ["Recommencer"]})
    through = sections.read(parts, {NAME: ["Finir"]})

    assert (back.visited, back.complete) == ((0, 1), False)
    assert (through.visited, through.complete) == ((0, 1), True)
