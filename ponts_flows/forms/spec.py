"""What a form asks, as frozen values; `spec_file.py` reads them from the YAML files of `forms/`.

A form exists in every language; each language becomes a web form, so that people see one language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from ponts_flows.answers import KINDS
from ponts_flows.forms.folding import folded
from ponts_flows.model import Language, Role
from ponts_flows.programme import Programme

FORMS = ("mentee", "mentor", "pairing", *KINDS)
"""The forms that people fill in. `register` is the list of the membership register's columns."""


class Kind(StrEnum):
    """How a question is answered; a notice is only read. A date has its year, a time is one of day."""

    TEXT = "text"
    PARAGRAPH = "paragraph"
    RADIO = "radio"
    CHECKBOX = "checkbox"
    DROP_DOWN = "drop_down"
    DATE = "date"
    TIME = "time"
    SCALE = "scale"
    NOTICE = "notice"

    @property
    def has_choices(self) -> bool:
        """Whether the answer is picked from a list."""
        return self in (Kind.RADIO, Kind.CHECKBOX, Kind.DROP_DOWN)


@dataclass(frozen=True, kw_only=True)
class Wording:
    """A text in each language."""

    fr: str
    en: str

    def of(self, language: Language) -> str:
        """The text in a language."""
        return self.en if language is Language.ENGLISH else self.fr


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A possible answer: its stored name, its texts, and what else people or older sheets call it."""

    id: str
    wording: Wording
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Scale:
    """The numbers of a scale, both ends included, and what each end means."""

    low: int
    high: int
    low_label: Wording
    high_label: Wording

    def holds(self, number: int) -> bool:
        """Whether a number is on the scale."""
        return self.low <= number <= self.high


@dataclass(frozen=True, kw_only=True)
class Picked:
    """The ids of the choices recognised, in the order given, once each, and the texts that are none."""

    ids: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Question:
    """One thing asked. `required`: the web form insists; `needed`: a sheet without it is of no use."""

    field: str
    kind: Kind
    title: Wording
    help: Wording
    required: bool
    needed: bool
    choices: tuple[Choice, ...] = ()
    aliases: tuple[str, ...] = ()
    scale: Scale | None = None

    @cached_property
    def choice_names(self) -> Mapping[str, tuple[str, ...]]:
        """The ids of choices by each folded text, id or alias; "both" may be a name of two."""
        names: dict[str, tuple[str, ...]] = {}
        for choice in self.choices:
            texts = (choice.id, choice.wording.fr, choice.wording.en, *choice.aliases)
            for name in {folded(text) for text in texts}:
                names[name] = (*names.get(name, ()), choice.id)
        return names

    @cached_property
    def picked_before(self) -> dict[tuple[str, ...], Picked]:
        """What answers to this question came to (see `choices.picked`)."""
        return {}


@dataclass(frozen=True, kw_only=True)
class Section:
    """A page of a form. The first one has no title of its own: the form's stands above it."""

    title: Wording
    help: Wording
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class FormSpec:
    """A form in every language, its placeholders filled in from the programme. `role`: for sign-ups."""

    name: str
    role: Role | None
    title: Wording
    description: Wording
    sections: tuple[Section, ...]
    programme: Programme

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Every question in order, notices left out."""
        items = (question for section in self.sections for question in section.questions)
        return tuple(question for question in items if question.kind is not Kind.NOTICE)

    @cached_property
    def _by_field(self) -> Mapping[str, Question]:
        return {question.field: question for question in self.questions}

    def question(self, field: str) -> Question:
        """The question of a field; KeyError when the form does not ask it."""
        return self._by_field[field]

    def asks(self, field: str) -> bool:
        """Whether the form asks for a field."""
        return field in self._by_field
