"""What must be so of every mail, in both languages, on each of its occasions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from ponts_flows.mail.compose import Composed, compose
from ponts_flows.mail.samples import Values
from ponts_flows.mail.templates import load
from ponts_flows.model import Language

from .people import OTHERWISE, PROGRAMME, REFERENCE, SAMPLES

LONGEST_SUBJECT = 70
GMAIL_CLIPS_AT = 102_000
FREQUENT = {
    Language.FRENCH: {"le", "la", "les", "des", "vous", "votre", "nous", "une", "et", "pour", "avec", "vos"},
    Language.ENGLISH: {"the", "of", "you", "your", "we", "with", "and", "is", "are", "to", "this"},
}
# What people wrote, in whatever language, is shown as they wrote it.
WORDS_OF_PEOPLE: Values = {
    **dict.fromkeys(("employer", "mentee_employer", "mentor_employer", "sector", "function"), ""),
    **dict.fromkeys(("event_title", "event_place", "mentee_name", "mentor_name"), "X"),
    **dict.fromkeys(("to_decide", "to_review", "at_risk", "red", "done"), ()),
    "problems": ("X",),
}
REPLIES_ARE_UNDERSTOOD = {
    "pairing-mentor",
    "pairing-mentee",
    "pairing-reminder",
    "renewal",
    "renewal-reminder",
    "event-invitation",
    "event-update",
    "event-reminder",
}


@dataclass(frozen=True, kw_only=True)
class Case:
    """A message on one occasion, in one language."""

    name: str
    occasion: str
    language: Language
    values: Values

    def __str__(self) -> str:
        return f"{self.name}-{self.language}-{self.occasion or 'usual'}".replace(" ", "-")

    def mail(self, **changes: object) -> Composed:
        return compose(
            self.name,
            (self.language,),
            {**self.values, **changes},
            programme=PROGRAMME,
            reference=REFERENCE,
        )


def cases() -> Iterator[Case]:
    for name, values in SAMPLES.items():
        for occasion, changes in {"": {}, **OTHERWISE.get(name, {})}.items():
            for language in Language:
                yield Case(name=name, occasion=occasion, language=language, values={**values, **changes})


CASES = tuple(cases())
every_mail = pytest.mark.parametrize("case", CASES, ids=str)


def links(html: str) -> set[str]:
    return set(re.findall(r' href="([^"]*)"', html))


@every_mail
def test_every_link_that_a_mail_declares_is_in_its_page_and_in_its_text(case: Case) -> None:
    given = {name: f"https://forms.example/{name}" for name in case.values if name.endswith("_link")}

    mail = case.mail(**given)

    assert set(given.values()) <= links(mail.html)
    assert [link for link in given.values() if not re.search(re.escape(link) + r"(?![\w-])", mail.text)] == []


@every_mail
def test_every_subject_is_short_even_with_long_names_and_every_page_is_below_what_gmail_clips(
    case: Case,
) -> None:
    long_names = {"first_name": "Marie-Charlotte", "other_first_name": "Jean-Christophe"}
    changes = {name: value for name, value in long_names.items() if name in case.values}

    mail = case.mail(**changes)

    assert len(mail.subject) < LONGEST_SUBJECT, mail.subject
    assert len(mail.html.encode()) < GMAIL_CLIPS_AT


@every_mail
def test_no_sentence_is_left_in_the_other_language(case: Case) -> None:
    changes: Values = {name: WORDS_OF_PEOPLE[name] for name in case.values if name in WORDS_OF_PEOPLE}

    mail = case.mail(**changes)

    words = set(re.findall(r"\w+", re.sub(r"\S+://\S+", "", f"{mail.subject} {mail.text}").casefold()))
    for language, frequent in FREQUENT.items():
        assert (len(words & frequent) > 3) if language is case.language else not words & frequent


@every_mail
def test_the_plain_text_reads_from_top_to_bottom_without_any_markup(case: Case) -> None:
    mail = case.mail()
    lines = mail.text.splitlines()

    assert re.findall(r"\*\*|\]\(|\{\{|\{%|</?\w+>|^#|^>|\bNone\b|\ue000", mail.text, re.MULTILINE) == []
    assert "\n\n\n" not in mail.text
    assert [line for line in lines if len(line) > 72 and "://" not in line] == []
    assert [line for line in lines if re.match(r"\s*[,.;:!?)»]", line)] == []
    assert lines[0].endswith(",")


@every_mail
def test_a_reply_of_one_word_is_promised_to_be_understood_only_where_it_is(case: Case) -> None:
    words = ("OUI", "NON") if case.language is Language.FRENCH else ("YES", "NO")

    text = case.mail().text

    assert all(re.search(rf"\b{word}\b", text) for word in words) == (case.name in REPLIES_ARE_UNDERSTOOD)


@pytest.mark.parametrize("language", Language)
def test_every_reminder_says_how_to_stop_reminders(language: Language) -> None:
    reminders = {"at-risk", "propose-next", "start-mentee", "start-mentor"}
    reminders |= {f"{name}-reminder" for name in ("session-report", "renewal", "review")}
    sentences = {Language.FRENCH: ("rappel", "formulaire"), Language.ENGLISH: ("reminder", "form")}

    for name in reminders:
        template = load(name, language)
        (sentence,) = re.findall(r".*\{\{ participation_link \}\}.*", template.body)
        assert all(word in sentence for word in sentences[language]), name


@pytest.mark.parametrize(
    "name", ["renewal-waiting", "last-meeting-mentee", "last-meeting-mentor", "stopped", "stop-noted"]
)
def test_what_would_tell_who_declined_who_stopped_or_who_has_not_paid_is_no_field_of_the_mail(
    name: str,
) -> None:
    harmless = {"first_name", "other_first_name", "role", "end_on", "session_link", "participation_link"}

    assert set(load(name, Language.FRENCH).fields) <= harmless
