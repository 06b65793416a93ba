"""What engaged people say by a form becomes a value, or a list of things to correct in their language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from typing import TypeVar

from ponts_flows.answers import (
    Again,
    EventAnswer,
    Extension,
    Going,
    Held,
    MidpointAnswer,
    ParticipationAnswer,
    RenewalAnswer,
    ReviewAnswer,
    SessionReport,
    Use,
    Value,
    Way,
    Wish,
)
from ponts_flows.forms.choices import picked
from ponts_flows.forms.dates import DateFault, full_date
from ponts_flows.forms.folding import line, paragraph
from ponts_flows.forms.numbers import mark
from ponts_flows.forms.reading import Answers, text_of
from ponts_flows.forms.sentences import problem, quoted, shown_day
from ponts_flows.forms.spec import FormSpec
from ponts_flows.forms.times import clock_time
from ponts_flows.model import Answer, Language, Problem

_NEXT_EXAMPLE = timedelta(days=30)
_Id = TypeVar("_Id", bound=StrEnum)


@dataclass(frozen=True, kw_only=True)
class SaidReading:
    """An answer as read; `token` tells whose it is. `value`: None when its one needed answer can't be told.

    A value stands beside lesser problems: what they are about is left out of it, the rest counts.
    """

    token: str
    value: Value | None
    problems: tuple[Problem, ...]


def read_said(spec: FormSpec, answers: Answers, *, language: Language, today: date) -> SaidReading:
    """Read an answer to one of the forms of `answers.KINDS`. `today` is the day on which it was given.

    Problems repeat nothing that was typed, a date at most. Who may say so, and whether a meeting was before
    the introduction, is for the rules to tell.
    """
    return _Said(spec, answers, language, today).reading()


class _Said:
    """One answer being read; problems gather as fields are."""

    def __init__(self, spec: FormSpec, answers: Answers, language: Language, today: date) -> None:
        self.spec, self.answers, self.language, self.today = spec, answers, language, today
        self.problems: list[Problem] = []

    def reading(self) -> SaidReading:
        value = _READERS[self.spec.name](self)
        token = line(text_of(self.answers, "token"))
        if not token:
            self.problems.append(problem("token", "link_token", self.language))
        fields = [question.field for question in self.spec.questions]
        problems = sorted(self.problems, key=lambda problem: fields.index(problem.field))
        return SaidReading(token=token, value=value, problems=tuple(problems))

    def session(self) -> Value | None:
        held = self.needed("held", Held)
        next_on, next_at = self.next_on(), self.next_at()
        on, minutes, theme = self.met_on(held, next_on), self.ids("minutes"), self.ids("next_theme")
        if held is None:
            return None
        return SessionReport(
            held=held,
            on=on,
            way=self.one("way", Way),
            minutes=int(minutes[0]) if len(minutes) == 1 else None,
            next_on=next_on,
            next_at=next_at,
            next_way=self.one("next_way", Way),
            next_theme=theme[0] if len(theme) == 1 else "",
            call_me=self.ticked("call_me"),
            note=self.paragraph("note"),
            share_note=self.ticked("share_note"),
        )

    def midpoint(self) -> Value | None:
        return MidpointAnswer(
            going=self.one("going", Going),
            themes=self.ids("themes"),
            extension=self.one("extension", Extension),
            call_me=self.ticked("call_me"),
            note=self.paragraph("note"),
            share_note=self.ticked("share_note"),
        )

    def renewal(self) -> Value | None:
        answer = self.needed("answer", Answer)
        note, share_note = self.paragraph("note"), self.ticked("share_note")
        return RenewalAnswer(answer=answer, note=note, share_note=share_note) if answer else None

    def review(self) -> Value | None:
        return ReviewAnswer(
            key_points=self.paragraph("key_points"),
            results=self.paragraph("results"),
            value=self.paragraph("value"),
            share_texts=self.ticked("share_texts"),
            score=self.score(),
            again=tuple(map(Again, self.ids("again"))),
            testimony=self.paragraph("testimony"),
            video=self.ticked("video"),
            uses=tuple(map(Use, self.ids("uses"))),
        )

    def participation(self) -> Value | None:
        wish = self.needed("wish", Wish)
        note, share_note = self.paragraph("note"), self.ticked("share_note")
        return ParticipationAnswer(wish=wish, note=note, share_note=share_note) if wish else None

    def event(self) -> Value | None:
        answer = self.needed("answer", Answer)
        return EventAnswer(answer=answer) if answer else None

    def ids(self, field: str) -> tuple[str, ...]:
        return picked(self.spec.question(field), self.answers.get(field, ())).ids

    def one(self, field: str, kind: type[_Id]) -> _Id | None:
        """The choice of a field; None when there is none, or several."""
        ids = self.ids(field)
        return kind(ids[0]) if len(ids) == 1 else None

    def needed(self, field: str, kind: type[_Id]) -> _Id | None:
        found = self.one(field, kind)
        if found is None:
            texts = (choice.wording.of(self.language) for choice in self.spec.question(field).choices)
            self.refuse(field, "choice", choices=", ".join(quoted(text, self.language) for text in texts))
        return found

    def ticked(self, field: str) -> bool:
        return bool(self.ids(field))

    def paragraph(self, field: str) -> str:
        return paragraph(text_of(self.answers, field))

    def line(self, field: str) -> str:
        return line(text_of(self.answers, field))

    def refuse(self, field: str, key: str, **values: object) -> None:
        """Add a problem; days are shown as people write them, the question by its title."""
        shown = {
            name: shown_day(value, self.language) if isinstance(value, date) else value
            for name, value in values.items()
        }
        self.problems.append(problem(field, key, self.language, question=self.title(field), **shown))

    def title(self, field: str) -> str:
        return quoted(self.spec.question(field).title.of(self.language), self.language)

    def day(self, field: str, example: date) -> date | None:
        """The date of a field; None when it is blank, or can't be read: that is a problem."""
        said = self.line(field)
        found = full_date(said)
        if isinstance(found, date):
            return found
        if said:
            self.refuse(field, f"day/{found}", example=example)
        return None

    def met_on(self, held: Held | None, next_on: date | None) -> date | None:
        """The date of the meeting that was held, or that was not: one that is called off may be to come."""
        found = self.day("on", self.today)
        if held in (Held.PLANNED, Held.SILENT):
            if found and found != next_on:
                self.not_yet(found)
            return None
        if held and not self.line("on"):
            self.refuse("on", f"day/{DateFault.MISSING}", example=self.today)
        elif found and held is Held.HELD and found > self.today:
            self.refuse("on", "day/future", day=found, other=self.title("next_on"), example=self.today)
            return None
        elif found and self.too_far(found):
            self.refuse("on", "day/far", day=found, example=self.today)
            return None
        return found

    def not_yet(self, day: date) -> None:
        """A date was given for a meeting that has not taken place."""
        choice = self.spec.question("held").choices[0].wording.of(self.language)
        other, held = self.title("next_on"), self.title("held")
        self.refuse(
            "on", "day/not_held", day=day, other=other, held=held, choice=quoted(choice, self.language)
        )

    def too_far(self, day: date) -> bool:
        return (day - self.today).days > self.spec.programme.longest_days

    def next_on(self) -> date | None:
        example = self.today + _NEXT_EXAMPLE
        found = self.day("next_on", example)
        if found is None or (found >= self.today and not self.too_far(found)):
            return found
        self.refuse("next_on", "day/past" if found < self.today else "day/far", day=found, example=example)
        return None

    def next_at(self) -> time | None:
        said = self.line("next_at")
        found = clock_time(said)
        if said and found is None:
            self.refuse("next_at", "hour")
        return found

    def score(self) -> int | None:
        said, scale = self.line("score"), self.spec.question("score").scale
        if not said or scale is None:
            return None
        found = mark(said, scale)
        if found is None:
            self.refuse("score", "mark", low=scale.low, high=scale.high, example=scale.high // 2)
        return found


_READERS: Mapping[str, Callable[[_Said], Value | None]] = {
    "session": _Said.session,
    "midpoint": _Said.midpoint,
    "renewal": _Said.renewal,
    "review": _Said.review,
    "participation": _Said.participation,
    "event": _Said.event,
}
