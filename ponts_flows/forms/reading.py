"""A response becomes an application, or a list of things to correct in its author's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ponts_flows.forms.addresses import addresses
from ponts_flows.forms.choices import picked
from ponts_flows.forms.dates import DateFault, career_start
from ponts_flows.forms.folding import folded, line, paragraph
from ponts_flows.forms.names import shown_name
from ponts_flows.forms.numbers import capacity, graduation_year
from ponts_flows.forms.sentences import problem
from ponts_flows.forms.spec import FormSpec, Picked
from ponts_flows.model import Language, Mode, Problem, Profile, Role, YearMonth

Answers = Mapping[str, tuple[str, ...]]
"""What was answered, as text, by field; a field without an answer may be absent."""


@dataclass(frozen=True, kw_only=True)
class Respondent:
    """Who answered, as far as it can always be told. `email` is empty when what was typed is no address."""

    role: Role
    email: str
    typed_email: str
    other_emails: tuple[str, ...]
    first_name: str
    last_name: str
    graduation_year: int | None
    mail_language: Language

    @property
    def reachable(self) -> bool:
        """Whether a mail can be sent; otherwise only a coordinator can help."""
        return bool(self.email)

    @property
    def emails(self) -> tuple[str, ...]:
        """Every address given, the one to write to first."""
        return tuple(address for address in (self.email, *self.other_emails) if address)

    @property
    def full_name(self) -> str:
        """First name, then last name."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A response as read: a profile when it is complete, otherwise problems; never both, never neither."""

    respondent: Respondent
    profile: Profile | None
    problems: tuple[Problem, ...]


def read(spec: FormSpec, answers: Answers, *, today: date, language: Language) -> Reading:
    """Read a sign-up. `language` is the form's; the language its author asked mails in wins.

    Only what the programme cannot do without is a problem: address, names, start of career, themes, a
    capacity that makes sense, the charter. What else is left blank takes the widest meaning: any mode, one
    mentee, the language of the mails. An unknown language beside a known one is left out.
    """
    return _SignUp(spec, answers, language).reading(today)


def text_of(answers: Answers, field: str) -> str:
    """All the values of a field as one text; empty when there are none."""
    return ", ".join(answers.get(field, ()))


class _SignUp:
    """One sign-up being read; problems gather as fields are."""

    def __init__(self, spec: FormSpec, answers: Answers, language: Language) -> None:
        if spec.role is None:
            raise ValueError(f"the form {spec.name} is no sign-up")
        self.spec, self.answers, self.role = spec, answers, spec.role
        self.problems: list[Problem] = []
        self.language = next((Language(id) for id in self.picks("mail_language").ids), language)

    def reading(self, today: date) -> Reading:
        respondent = self.respondent(today)
        start = self.career_start(today)
        languages, themes, capacity = self.languages(), self.themes(), self.capacity()
        self.charter()
        if self.problems or start is None:
            return Reading(respondent=respondent, profile=None, problems=tuple(self.problems))
        profile = Profile(
            role=self.role,
            email=respondent.email,
            other_emails=respondent.other_emails,
            first_name=respondent.first_name,
            last_name=respondent.last_name,
            graduation_year=respondent.graduation_year,
            career_start=start,
            employer=self.line("employer"),
            sector=self.label("sector"),
            function=self.line("function"),
            city=self.line("city"),
            languages=languages,
            mode=self.mode(),
            themes=themes,
            wanted_sector=self.label("wanted_sector"),
            wanted_function=self.line("wanted_function"),
            capacity=capacity,
            about=paragraph(text_of(self.answers, "about")),
            mail_language=self.language,
        )
        return Reading(respondent=respondent, profile=profile, problems=())

    def refuse(self, field: str, key: str, **values: object) -> None:
        self.problems.append(problem(field, key, self.language, **values))

    def line(self, field: str) -> str:
        return line(text_of(self.answers, field))

    def picks(self, field: str) -> Picked:
        if not self.spec.asks(field):
            return Picked(ids=(), unknown=())
        return picked(self.spec.question(field), self.answers.get(field, ()))

    def label(self, field: str) -> str:
        """The French text of a choice, so that both languages' forms give the same; else what was typed."""
        ids = self.picks(field).ids
        named = (
            [choice.wording.fr for choice in self.spec.question(field).choices if choice.id in ids]
            if ids
            else []
        )
        return named[0] if len(named) == 1 else self.line(field)

    def respondent(self, today: date) -> Respondent:
        typed = self.line("email")
        given = addresses(typed)
        if not given:
            self.refuse("email", "email", said=typed[:60])
        first, last = shown_name(self.line("first_name")), shown_name(self.line("last_name"))
        for field, name in (("last_name", last), ("first_name", first)):
            if not folded(name):
                self.refuse(field, field)
        others = (*given[1:], *addresses(self.line("other_emails")))
        return Respondent(
            role=self.role,
            email=given[0] if given else "",
            typed_email=typed,
            other_emails=tuple(dict.fromkeys(other for other in others if other not in given[:1])),
            first_name=first,
            last_name=last,
            graduation_year=graduation_year(self.line("graduation_year"), today=today),
            mail_language=self.language,
        )

    def career_start(self, today: date) -> YearMonth | None:
        said = self.line("career_start")
        start = career_start(said, today=today)
        if isinstance(start, DateFault):
            self.refuse("career_start", f"career_start/{start}", said=said[:60])
            return None
        return start

    def languages(self) -> tuple[Language, ...]:
        found = self.picks("languages")
        if found.unknown and not found.ids:
            self.refuse("languages", "languages", said=", ".join(found.unknown)[:60])
        return tuple(Language(id) for id in found.ids) or (self.language,)

    def mode(self) -> Mode:
        ids = self.picks("mode").ids
        return Mode(ids[0]) if len(ids) == 1 else Mode.EITHER

    def themes(self) -> tuple[str, ...]:
        """Theme ids, the main one first, then in the order given."""
        main, others = self.picks("main_theme"), self.picks("themes")
        ids = tuple(dict.fromkeys(main.ids + others.ids))
        least, most = self.spec.programme.least_themes, self.spec.programme.most_themes
        for said in dict.fromkeys(main.unknown + others.unknown):
            self.refuse("themes", "themes/unknown", said=said, themes=self.all_themes())
        if main.unknown or others.unknown:
            return ids
        if self.role is Role.MENTEE and not least <= len(ids) <= most:
            self.refuse(
                "themes", "themes/count", least=least, most=most, count=len(ids), themes=self.all_themes()
            )
        elif not ids:
            self.refuse("themes", "themes/none", themes=self.all_themes())
        return ids

    def all_themes(self) -> str:
        return ", ".join(choice.wording.of(self.language) for choice in self.spec.question("themes").choices)

    def capacity(self) -> int:
        said, most = self.line("capacity"), self.spec.programme.most_mentees
        if self.role is Role.MENTEE or not said:
            return 1
        number = capacity(said)
        if number is None or not 1 <= number <= most:
            self.refuse("capacity", "capacity", said=said[:60], most=most)
            return 1
        return number

    def charter(self) -> None:
        question = self.spec.question("charter")
        if not accepted(question.choices[0].aliases, text_of(self.answers, "charter")):
            tick = question.choices[0].wording.of(self.language)
            self.refuse("charter", "charter", tick=tick, charter_url=self.spec.programme.charter_url)


def accepted(words: tuple[str, ...], said: str) -> bool:
    """Whether a text begins with a word of acceptance: older forms end the sentence in their own way."""
    text = f"{folded(said)} "
    return any(text.startswith(f"{folded(word)} ") for word in words)
