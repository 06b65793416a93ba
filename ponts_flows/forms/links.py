"""The names a form's questions have at Google, derived, never stored; answers to fields; pre-filled links."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlencode

from ponts_flows.forms.choices import picked
from ponts_flows.forms.dates import DateFault, full_date
from ponts_flows.forms.numbers import mark
from ponts_flows.forms.reading import Answers
from ponts_flows.forms.spec import FormSpec, Kind, Question
from ponts_flows.forms.times import clock_time
from ponts_flows.model import Language

# Mail clients break longer links; a long free text is left for its author to paste again.
_LONGEST_TEXT = 300


@dataclass(frozen=True, kw_only=True)
class FormIds:
    """Where the web form of a specification and language is. All else about it is derived."""

    name: str
    language: Language
    form_id: str
    responder_uri: str


def question_id(form: str, field: str) -> str:
    """The identifier of a question, the same in every language: 8 hexadecimal digits, under 80000000."""
    return _identifier("question", form, field)


def item_id(form: str, field: str) -> str:
    """The identifier of the item that holds a question, a notice or the start of a section."""
    return _identifier("item", form, field)


def is_ours(identifier: str) -> bool:
    """Whether an identifier was made here; one that Google chose for a hand-made item fits once in 32,768."""
    if not re.fullmatch("[0-9a-f]{8}", identifier):
        return False
    number = int(identifier, 16)
    return number >> 16 == _seal(number & 0xFFFF)


def _identifier(*names: str) -> str:
    """Half names, half seals: what a later version of the form no longer asks is still known to be ours."""
    half = int.from_bytes(sha256("/".join(names).encode()).digest()[:2], "big")
    return f"{_seal(half) << 16 | half:08x}"


def _seal(half: int) -> int:
    return int.from_bytes(sha256(f"ponts-flows {half}".encode()).digest()[:2], "big") & 0x7FFF


def answers_by_field(spec: FormSpec, response: Mapping[str, Any]) -> Answers:
    """The answers of a response of the Forms API. Those to questions the form no longer has are left out."""
    given = response.get("answers", {})
    answers: dict[str, tuple[str, ...]] = {}
    for question in spec.questions:
        texts = (
            given.get(question_id(spec.name, question.field), {}).get("textAnswers", {}).get("answers", ())
        )
        if values := tuple(str(text.get("value", "")) for text in texts):
            answers[question.field] = values
    # Someone may have switched on the form's own collection of addresses.
    if spec.asks("email") and "email" not in answers and response.get("respondentEmail"):
        answers["email"] = (str(response["respondentEmail"]),)
    return answers


def strange_questions(spec: FormSpec, response: Mapping[str, Any]) -> tuple[str, ...]:
    """The identifiers of questions answered that no version of the form ever asked: someone added them by hand."""
    asked = {question_id(spec.name, question.field) for question in spec.questions}
    return tuple(sorted(id for id in response.get("answers", {}) if id not in asked and not is_ours(id)))


def prefilled(spec: FormSpec, ids: FormIds, answers: Answers) -> str:
    """The link that opens a form with these answers in it; choices by text or id, unknown ones left out."""
    fields: list[tuple[str, str]] = [("usp", "pp_url")]
    answers = _with_main_theme(spec, answers)
    for question in spec.questions:
        entry = f"entry.{int(question_id(spec.name, question.field), 16)}"
        fields += [
            (entry, value) for value in _shown(question, answers.get(question.field, ()), ids.language)
        ]
    return f"{ids.responder_uri}?{urlencode(fields, quote_via=quote)}"


def _shown(question: Question, values: tuple[str, ...], language: Language) -> tuple[str, ...]:
    if question.kind.has_choices:
        chosen = picked(question, values).ids
        return tuple(choice.wording.of(language) for choice in question.choices if choice.id in chosen)
    text = _typed(question, ", ".join(values).strip())
    return (text,) if text else ()


def _typed(question: Question, text: str) -> str:
    """A text as Google fills it in: `2027-03-12`, `18:30`, `8`; "" when the question can't hold it."""
    match question.kind:
        case Kind.DATE:
            day = full_date(text)
            return "" if isinstance(day, DateFault) else day.isoformat()
        case Kind.TIME:
            moment = clock_time(text)
            return "" if moment is None else f"{moment:%H:%M}"
        case Kind.SCALE:
            number = mark(text, question.scale) if question.scale else None
            return "" if number is None else str(number)
        case Kind.PARAGRAPH:
            return text if len(text) <= _LONGEST_TEXT else ""
        case _:
            return text


def _with_main_theme(spec: FormSpec, answers: Answers) -> Answers:
    """An older sheet asks for all themes at once: the first one given is the main one."""
    if not spec.asks("main_theme") or answers.get("main_theme") or not answers.get("themes"):
        return answers
    main, *others = picked(spec.question("themes"), answers["themes"]).ids or ("",)
    return {**answers, "main_theme": (main,), "themes": tuple(others)}
