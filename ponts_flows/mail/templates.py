"""The mails' texts: one Markdown file a message and language, under `templates/`, with a header."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from jinja2 import TemplateSyntaxError, meta

from ponts_flows.errors import PontsError
from ponts_flows.mail.rendering import environment
from ponts_flows.model import Language
from ponts_flows.resources import folder

READERS = frozenset({"mentor", "mentee", "participant", "applicant", "both", "coordinators"})
# What every mail knows of the programme, and its own reference: neither declared nor passed.
STANDARD = frozenset(
    {
        "programme_name",
        "association",
        "contact",
        "charter_url",
        "membership_url",
        "engagement_months",
        "longest_engagement_months",
        "least_gap_years",
        "reference",
    }
)
_HEADER = ("subject", "to", "when", "reason", "fields")


class TemplateError(PontsError):
    """A mail's text or a value for it is wrong: mend what the message names."""


@dataclass(frozen=True, kw_only=True)
class Template:
    """One message in one language. `to` and `when` serve whoever reads the file; `reason` is in the mail."""

    name: str
    language: Language
    subject: str
    to: str
    when: str
    reason: str
    fields: tuple[str, ...]
    body: str

    @property
    def place(self) -> str:
        """Where the text is, for messages to people."""
        return f"{self.language}/{self.name}.md"


Texts = Mapping[tuple[str, Language], Template]
"""Texts in use in place of those of the files, by message and language."""


def names() -> tuple[str, ...]:
    """Every message there is a French text for, sorted."""
    files = (folder("templates") / Language.FRENCH).glob("*.md")
    return tuple(sorted(file.stem for file in files if not file.stem.startswith("_")))


@cache
def load(name: str, language: Language) -> Template:
    """Read one message's text; TemplateError when there is none or its fields are not those it uses."""
    file = _file(name, language)
    return read(name, language, file.read_text(encoding="utf-8"))


def read(name: str, language: Language, source: str) -> Template:
    """Read a message from its source: the header between two lines `---`, then the body."""
    place = f"{language}/{name}.md"
    start, _, rest = source.partition("---\n")
    head, closed, body = rest.partition("\n---\n")
    if start or not closed:
        raise TemplateError(f"{place} must start with a header between two lines `---`.")
    header = _header(place, head)
    fields = header.pop("fields")
    if not isinstance(fields, list) or not all(isinstance(field, str) for field in fields):
        raise TemplateError(f"{place}: `fields` must be a list of names.")
    if header["to"] not in READERS:
        raise TemplateError(f"{place}: `to` must be one of {', '.join(sorted(READERS))}.")
    words = {key: str(value) for key, value in header.items()}
    template = Template(name=name, language=language, fields=tuple(fields), body=body.strip("\n"), **words)
    _check_fields(template)
    return template


@cache
def layout() -> str:
    """The HTML that every mail is put in."""
    return (folder("templates") / "layout.html").read_text(encoding="utf-8")


@cache
def footer(language: Language) -> str:
    """The Markdown that closes every mail: the reason, the contact, how to stop, the reference."""
    return _file("_footer", language).read_text(encoding="utf-8").strip("\n")


def _file(name: str, language: Language) -> Path:
    file = folder("templates") / language / f"{name}.md"
    if not file.is_file():
        raise TemplateError(f"There is no text {language}/{name}.md.")
    return file


def _header(place: str, head: str) -> dict[str, object]:
    try:
        header = yaml.safe_load(head)
    except yaml.YAMLError as error:
        raise TemplateError(f"{place}: the header can't be read: {error}") from error
    if (
        not isinstance(header, dict)
        or tuple(header) != _HEADER
        or any(header[key] is None for key in _HEADER)
    ):
        raise TemplateError(f"{place}: the header must hold {', '.join(_HEADER)}, in that order.")
    return header


def _check_fields(template: Template) -> None:
    try:
        parsed = environment().parse("\n".join((template.subject, template.reason, template.body)))
    except TemplateSyntaxError as error:
        raise TemplateError(f"{template.place}, line {error.lineno}: {error.message}") from error
    used = meta.find_undeclared_variables(parsed) - STANDARD
    declared = set(template.fields)
    if unknown := used - declared:
        raise TemplateError(
            f"{template.place} uses fields that it does not declare: {', '.join(sorted(unknown))}."
        )
    if unused := declared - used:
        raise TemplateError(
            f"{template.place} declares fields that it does not use: {', '.join(sorted(unused))}."
        )
