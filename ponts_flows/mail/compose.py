"""From a template and its values to a mail's subject, text and HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType

import css_inline
import jinja2
from babel.dates import format_date
from jinja2.sandbox import SandboxedEnvironment

from ponts_flows.mail import markdown
from ponts_flows.mail.rendering import Shelter, one_line, render
from ponts_flows.mail.templates import Template, TemplateError, Texts, footer, layout, load
from ponts_flows.model import Language
from ponts_flows.programme import Programme

_PREHEADER = 110
_RULE = "\u2014 " * 3
_DAY, _FIRST_IN_FRENCH = "EEEE d MMMM y", "EEEE d'er' MMMM y"


@dataclass(frozen=True, kw_only=True)
class Bilingual:
    """A value that depends on the language of the text that it stands in."""

    fr: str
    en: str


@dataclass(frozen=True, kw_only=True)
class Composed:
    """A mail ready to be addressed; its first language is the one of the whole."""

    subject: str
    text: str
    html: str
    languages: tuple[Language, ...]
    reference: str


@dataclass(frozen=True, kw_only=True)
class _Part:
    """One language's share of a mail."""

    language: Language
    subject: str
    programme_name: str
    body: markdown.Block
    footer: markdown.Block


def compose(
    name: str,
    languages: tuple[Language, ...],
    values: Mapping[str, object],
    *,
    programme: Programme,
    reference: str,
    texts: Texts = MappingProxyType({}),
) -> Composed:
    """Fill in a message, in one language or in several, one after the other; `texts` go before those of the files.

    `values` holds exactly the template's fields: text, numbers, dates, `Bilingual`, None for what is
    absent, and tuples of these. TemplateError when one is missing, unknown, or can't stand where it is put.
    """
    if not languages:
        raise ValueError("a mail is composed in at least one language")
    parts = tuple(
        _part(
            texts.get((name, language)) or load(name, language),
            values,
            programme=programme,
            reference=reference,
        )
        for language in languages
    )
    subject = " / ".join(dict.fromkeys(part.subject for part in parts))
    try:
        bodies = [part.body.text() for part in parts]
        text = _text(bodies, parts)
        html = _html(subject, _preheader(bodies[0]), parts)
    except markdown.LinkRefused as error:
        raise TemplateError(f"{name}: {error}") from error
    return Composed(subject=subject, text=text, html=html, languages=languages, reference=reference)


def _part(template: Template, values: Mapping[str, object], *, programme: Programme, reference: str) -> _Part:
    language = template.language
    _check(template, values)
    shelter = Shelter()
    known = {
        name: _in_language(value, language, f"{template.place}, {name}")
        for name, value in (*_standard(programme, reference).items(), *values.items())
    }
    try:
        subject = shelter.fill(render(template.subject, known, shelter))
        known["reason"] = shelter.fill(render(template.reason, known, shelter))
        known["by_reply"] = template.to != "both"
        body = render(template.body, known, shelter)
        foot = render(footer(language), known, shelter)
    except (jinja2.TemplateError, TypeError, ValueError) as error:
        raise TemplateError(f"{template.place} can't be filled in: {type(error).__name__}") from error
    return _Part(
        language=language,
        subject=one_line(subject),
        programme_name=str(known["programme_name"]),
        body=markdown.parse(body, language, shelter),
        footer=markdown.parse(foot, language, shelter),
    )


def _standard(programme: Programme, reference: str) -> dict[str, object]:
    return {
        "programme_name": Bilingual(fr=programme.name, en=programme.name_en),
        "association": programme.association,
        "contact": programme.mailbox,
        "charter_url": programme.charter_url,
        "membership_url": programme.membership_url,
        "engagement_months": programme.engagement_months,
        "longest_engagement_months": programme.longest_engagement_months,
        "least_gap_years": programme.least_gap_years,
        "reference": reference,
    }


def _check(template: Template, values: Mapping[str, object]) -> None:
    declared, given = set(template.fields), set(values)
    if missing := declared - given:
        raise TemplateError(f"{template.place} lacks a value for: {', '.join(sorted(missing))}.")
    if unknown := given - declared:
        raise TemplateError(f"{template.place} has no field for: {', '.join(sorted(unknown))}.")


def _in_language(value: object, language: Language, place: str) -> object:
    """The value as a template may print or test it: one line of text, a number, None, or a tuple of these."""
    match value:
        case None | bool() | int():
            return value
        case str():
            return one_line(str(value))
        case Bilingual():
            return one_line(value.fr if language is Language.FRENCH else value.en)
        case date():
            pattern = _FIRST_IN_FRENCH if (language, value.day) == (Language.FRENCH, 1) else _DAY
            return str(format_date(value, pattern, locale=language.value))
        case tuple() | list():
            return tuple(_in_language(item, language, place) for item in value)
        case _:
            raise TemplateError(f"{place}: a mail can't hold a value of type {type(value).__name__}.")


def _text(bodies: list[str], parts: tuple[_Part, ...]) -> str:
    footers = [part.footer.text() for part in parts]
    # Not "-- ": clients drop what follows it when they quote, and the reference is found in quotes too.
    return f"\n\n{_RULE.strip()}\n\n".join((*bodies, "\n\n".join(footers))) + "\n"


def _html(subject: str, preheader: str, parts: tuple[_Part, ...]) -> str:
    blocks = [
        {
            "lang": part.language.value,
            "programme_name": part.programme_name,
            "body": part.body.html(),
            "footer": part.footer.html(),
        }
        for part in parts
    ]
    page = _layout().render(subject=subject, preheader=preheader, blocks=blocks)
    return _inliner().inline(page)


def _preheader(body: str) -> str:
    """What inboxes show after the subject: the text's beginning, without the greeting."""
    _, _, after = body.partition("\n\n")
    words = re.sub(r"[ \n]+", " ", re.sub(r"\n *- ", "\n", after)).strip()
    return words if len(words) <= _PREHEADER else words[:_PREHEADER].rsplit(" ", 1)[0] + "…"


@cache
def _layout() -> jinja2.Template:
    return SandboxedEnvironment(undefined=jinja2.StrictUndefined, autoescape=True).from_string(layout())


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)
