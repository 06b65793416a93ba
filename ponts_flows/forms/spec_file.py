"""The forms' own files: one YAML file of `forms/` read into a specification, or a mistake in it named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from ponts_flows.errors import SettingsError
from ponts_flows.forms.spec import Choice, FormSpec, Kind, Question, Scale, Section, Wording
from ponts_flows.model import Language, Role
from ponts_flows.programme import Programme
from ponts_flows.resources import folder

# The one in C, where PyYAML was built with it, reads the forms ten times as fast.
_LOADER: type[yaml.SafeLoader] | type[yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load(name: str, programme: Programme) -> FormSpec:
    """Read `forms/<name>.yaml`. Raises SettingsError that names the file, the question and what is wrong."""
    path = folder("forms") / f"{name}.yaml"
    try:
        body = yaml.load(path.read_text("utf-8"), Loader=_LOADER)  # noqa: S506 - one of the two safe ones
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SettingsError(f"The form {path} can't be read: {error}") from error
    return parse(name, body, programme)


def parse(name: str, body: Any, programme: Programme) -> FormSpec:
    """The form that a YAML document says. Raises SettingsError as `load` does."""
    reader = _Reader(name, programme)
    top = reader.mapping(body, "the file", {"role", "title", "description", "sections"})
    role = top.get("role")
    if role is not None and role not in tuple(Role):
        reader.refuse("role", f"is {role!r}; use one of {', '.join(Role)}")
    spec = FormSpec(
        name=name,
        role=Role(role) if role else None,
        title=reader.wording(top.get("title"), "title"),
        description=reader.wording(top.get("description"), "description", optional=True),
        sections=tuple(reader.section(part, i) for i, part in enumerate(reader.items(top, "sections"))),
        programme=programme,
    )
    reader.distinct([q.field for section in spec.sections for q in section.questions], "the fields")
    return spec


_QUESTION_KEYS = {"field", "type", "title", "help", "required", "needed", "choices", "scale", "aliases"}
_LANGUAGES = {
    Language.FRENCH: Choice(id="fr", wording=Wording(fr="Français", en="French"), aliases=("fr", "Francais")),
    Language.ENGLISH: Choice(id="en", wording=Wording(fr="Anglais", en="English"), aliases=("en",)),
}
_LOWS, _HIGHS = range(2), range(2, 11)  # where Google lets a scale begin and end


class _Reader:
    """Turns YAML into a specification, and says where it can't."""

    def __init__(self, name: str, programme: Programme) -> None:
        self._name = name
        self._programme = programme
        self._values = {
            "fr": _placeholders(programme, programme.name),
            "en": _placeholders(programme, programme.name_en),
        }

    def refuse(self, where: str, what: str) -> None:
        raise SettingsError(f"forms/{self._name}.yaml, {where}: {what}.")

    def mapping(self, body: Any, where: str, keys: set[str]) -> Mapping[str, Any]:
        if not isinstance(body, dict):
            raise SettingsError(f"forms/{self._name}.yaml, {where}: expected names and values.")
        if unknown := sorted(str(key) for key in set(body) - keys):
            self.refuse(where, f"unknown {', '.join(unknown)}; the names are {', '.join(sorted(keys))}")
        return body

    def items(self, body: Mapping[str, Any], key: str) -> list[Any]:
        found = body.get(key)
        if not isinstance(found, list) or not found:
            raise SettingsError(f"forms/{self._name}.yaml: {key} must be a list with something in it.")
        return found

    def distinct(self, names: list[str], what: str) -> None:
        if twice := sorted({name for name in names if names.count(name) > 1}):
            self.refuse(what, f"{', '.join(twice)} is there twice")

    def wording(self, body: Any, where: str, *, optional: bool = False) -> Wording:
        if body is None and optional:
            return Wording(fr="", en="")
        texts = self.mapping(body, where, {"fr", "en"})
        if missing := [language for language in ("fr", "en") if not isinstance(texts.get(language), str)]:
            self.refuse(where, f"no text in {' and '.join(missing)}")
        try:
            return Wording(**{key: text.strip().format_map(self._values[key]) for key, text in texts.items()})
        except (KeyError, ValueError, IndexError) as error:
            known = ", ".join(sorted(self._values["fr"]))
            raise SettingsError(
                f"forms/{self._name}.yaml, {where}: placeholder {error}; the known ones are {known}."
            ) from error

    def section(self, body: Any, index: int) -> Section:
        where = f"section {index + 1}"
        part = self.mapping(body, where, {"title", "help", "questions"})
        return Section(
            title=self.wording(part.get("title"), where, optional=index == 0),
            help=self.wording(part.get("help"), where, optional=True),
            questions=tuple(
                self.question(item, where) for item in self.items(part, "questions") if self._is_asked(item)
            ),
        )

    def _is_asked(self, body: Any) -> bool:
        """A programme in one language does not ask in which one its mails are to be."""
        one_language = len(self._programme.languages) == 1
        return not (one_language and isinstance(body, dict) and body.get("choices") == "mail languages")

    def question(self, body: Any, where: str) -> Question:
        asked = self.mapping(body, where, _QUESTION_KEYS)
        field, kind = asked.get("field"), asked.get("type")
        where = f"question {field}"
        if not isinstance(field, str) or kind not in tuple(Kind):
            self.refuse(where, f"needs a field and a type among {', '.join(Kind)}")
        question = Question(
            field=str(field),
            kind=Kind(str(kind)),
            title=self.wording(asked.get("title"), where),
            help=self.wording(asked.get("help"), where, optional=True),
            required=asked.get("required") is True,
            needed=asked.get("needed") is True,
            choices=self.choices(asked.get("choices"), where),
            aliases=tuple(str(alias) for alias in asked.get("aliases", ())),
            scale=self.scale(asked.get("scale"), where),
        )
        if question.kind.has_choices is not bool(question.choices):
            self.refuse(where, "needs choices" if question.kind.has_choices else "takes no choices")
        if (question.kind is Kind.SCALE) is not bool(question.scale):
            self.refuse(where, "needs a scale" if question.kind is Kind.SCALE else "takes no scale")
        return question

    def scale(self, body: Any, where: str) -> Scale | None:
        if body is None:
            return None
        said = self.mapping(body, where, {"low", "high", "low_label", "high_label"})
        low, high = said.get("low"), said.get("high")
        if type(low) is not int or type(high) is not int or low not in _LOWS or high not in _HIGHS:
            raise SettingsError(
                f"forms/{self._name}.yaml, {where}: a scale goes from low, 0 or 1, to high, 2 to 10."
            )
        return Scale(
            low=low,
            high=high,
            low_label=self.wording(said.get("low_label"), f"{where}, low_label"),
            high_label=self.wording(said.get("high_label"), f"{where}, high_label"),
        )

    def choices(self, body: Any, where: str) -> tuple[Choice, ...]:
        if body is None:
            return ()
        if body == "themes":
            themes = self._programme.themes
            return tuple(Choice(id=theme.id, wording=Wording(fr=theme.fr, en=theme.en)) for theme in themes)
        if body == "mail languages":
            return tuple(_LANGUAGES[language] for language in self._programme.languages)
        if body == "capacity":
            numbers = [str(number + 1) for number in range(self._programme.most_mentees)]
            return tuple(Choice(id=number, wording=Wording(fr=number, en=number)) for number in numbers)
        if not isinstance(body, list):
            self.refuse(where, "choices are a list, or one of: themes, capacity, mail languages")
        found = tuple(self.choice(item, where) for item in body)
        self.distinct([choice.id for choice in found], where)
        return found

    def choice(self, body: Any, where: str) -> Choice:
        said = self.mapping(body, where, {"id", "fr", "en", "aliases"})
        if not isinstance(said.get("id"), str):
            self.refuse(where, f"each choice needs an id in quotes, this one has {said.get('id')!r}")
        texts = {language: said.get(language) for language in ("fr", "en")}
        aliases = tuple(str(alias) for alias in said.get("aliases", ()))
        return Choice(id=said["id"], wording=self.wording(texts, where), aliases=aliases)


def _placeholders(programme: Programme, name: str) -> dict[str, object]:
    return {
        "programme": name,
        "association": programme.association,
        "mailbox": programme.mailbox,
        "charter_url": programme.charter_url,
        "kept_applications": programme.retention.applications,
        "kept_people": programme.retention.people,
        "kept_mails": programme.retention.mails,
        "kept_words": programme.retention.words,
        "membership_url": programme.membership_url,
        "least_gap_years": programme.least_gap_years,
        "least_themes": programme.least_themes,
        "most_themes": programme.most_themes,
        "most_mentees": programme.most_mentees,
        "engagement_months": programme.engagement_months,
        "longest_engagement_months": programme.longest_engagement_months,
    }
