"""The texts of the mails: what each declares, and what is refused."""

from __future__ import annotations

import pytest

from ponts_flows.mail.templates import STANDARD, TemplateError, load, names, read
from ponts_flows.model import Language

from .people import SAMPLES


def test_every_message_exists_in_both_languages_for_the_same_readers_with_the_same_fields() -> None:
    for name in names():
        french, english = load(name, Language.FRENCH), load(name, Language.ENGLISH)

        assert (french.to, french.when, sorted(french.fields)) == (
            english.to,
            english.when,
            sorted(english.fields),
        ), name


def test_the_samples_cover_every_message_with_exactly_its_fields() -> None:
    assert {name: sorted(load(name, Language.FRENCH).fields) for name in names()} == {
        name: sorted(values) for name, values in SAMPLES.items()
    }


def test_no_message_declares_a_field_that_every_mail_has() -> None:
    for name in names():
        assert STANDARD.isdisjoint(load(name, Language.FRENCH).fields), name


def source(**changes: str) -> str:
    header = {
        "subject": "Hi {{ first_name }}",
        "to": "mentor",
        "when": "Never.",
        "reason": "x",
        "fields": "[first_name]",
    }
    header.update(changes)
    body = header.pop("body", "Hello {{ first_name }}, {{ contact }}")
    return "---\n" + "".join(f"{key}: {value}\n" for key, value in header.items()) + f"---\n{body}\n"


def test_a_template_is_read_with_its_header_and_its_body() -> None:
    template = read("greeting", Language.ENGLISH, source())

    assert (template.subject, template.to, template.fields) == (
        "Hi {{ first_name }}",
        "mentor",
        ("first_name",),
    )
    assert template.body == "Hello {{ first_name }}, {{ contact }}"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (source(body="Hello {{ frist_name }}"), "uses fields that it does not declare: frist_name"),
        (source(fields="[first_name, city]"), "declares fields that it does not use: city"),
        (source(to="everyone"), "`to` must be one of"),
        (source(fields="first_name"), "`fields` must be a list"),
        (source(reason=""), "the header must hold subject, to, when, reason, fields"),
        (source(extra="1"), "the header must hold"),
        (source(subject="a: b: c"), "the header can't be read"),
        (source(body="{% if %}"), "en/greeting.md, line"),
        ("Hello", "must start with a header"),
    ],
)
def test_a_wrong_template_is_refused_with_what_to_mend(wrong: str, told: str) -> None:
    with pytest.raises(TemplateError) as refused:
        read("greeting", Language.ENGLISH, wrong)

    assert told in str(refused.value)
    assert "en/greeting.md" in str(refused.value)


def test_an_unknown_message_is_refused() -> None:
    with pytest.raises(TemplateError, match=r"fr/farewell\.md"):
        load("farewell", Language.FRENCH)
