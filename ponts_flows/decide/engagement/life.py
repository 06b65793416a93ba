"""An engagement as its facts tell it: meetings, dates, answers, what was sent. Nothing here depends on their order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import TypeVar
from zoneinfo import ZoneInfo

from ponts_flows.actions import Summary
from ponts_flows.answers import Held, MidpointAnswer, RenewalAnswer, ReviewAnswer
from ponts_flows.decide.calendar import add_days, local
from ponts_flows.decide.engagement.meetings import (
    Meeting,
    Report,
    meetings,
    reports_of,
)
from ponts_flows.decide.engagement.planned import Planned, plans, upcoming
from ponts_flows.decide.pairing_case import PairingCase
from ponts_flows.lifecycle import PairingStage
from ponts_flows.model import Answer, Role, Sent
from ponts_flows.programme import Programme
from ponts_flows.timetable import STEP


def step_of(key: str) -> str:
    """The step that a key made by `Life.key` names."""
    return key.split("/")[1]


T = TypeVar("T", MidpointAnswer, RenewalAnswer, ReviewAnswer)


@dataclass(frozen=True, kw_only=True)
class Life:
    """An engaged pair at a moment."""

    case: PairingCase
    programme: Programme
    now: datetime

    @cached_property
    def today(self) -> date:
        """The day it is for the programme."""
        return local(self.now, self.programme).date()

    @cached_property
    def began_at(self) -> datetime:
        """When the term began: the introduction was decided."""
        return self.case.engaged_at or self.case.since

    @cached_property
    def introduced_at(self) -> datetime | None:
        """When the introduction left; None while it is on its way. One that never will counts as decided."""
        message = self.case.sent.get(f"{self.case.id}/introduction")
        if message is None or message.status == "held":
            return self.began_at
        return message.gone_at

    @cached_property
    def introduced_on(self) -> date:
        """The day of the introduction."""
        return local(self.began_at, self.programme).date()

    @cached_property
    def reports(self) -> tuple[Report, ...]:
        """What the two said of their meetings, but for days that can't be true."""
        return reports_of(self.case.said, introduced_on=self.introduced_on, programme=self.programme)

    @cached_property
    def meetings(self) -> tuple[Meeting, ...]:
        """The meetings that were held, missed or called off, by date."""
        return meetings(self.reports, self.programme)

    @cached_property
    def held(self) -> tuple[Meeting, ...]:
        """The sessions."""
        return tuple(meeting for meeting in self.meetings if meeting.held)

    @cached_property
    def missed(self) -> int:
        """How many meetings were to be and did not take place."""
        return sum(not meeting.held and meeting.on <= self.today for meeting in self.meetings)

    @property
    def so_far(self) -> Summary:
        """What was: the meetings held and missed, and nothing of what comes."""
        return Summary(sessions=len(self.held), missed=self.missed, last_on=self.last_on)

    @cached_property
    def planned(self) -> tuple[Planned, ...]:
        """The dates said for meetings to come, each as long as it was not moved before it came."""
        return plans(self.reports, self.programme)

    @cached_property
    def next(self) -> Planned | None:
        """The next meeting, when its date is known."""
        return upcoming(self.planned, self.reports, today=self.today, programme=self.programme)

    @cached_property
    def in_touch(self) -> bool:
        """Whether the two are known to have found each other."""
        return bool(self.held or self.planned) or any(
            report.value.held is Held.PLANNED for report in self.reports
        )

    @property
    def last_on(self) -> date | None:
        """The day of the last session."""
        return self.held[-1].on if self.held else None

    @cached_property
    def objectives(self) -> tuple[str, ...]:
        """The mentee's themes, as adjusted at the midpoint."""
        answer = self.answer(Role.MENTEE, MidpointAnswer)
        return (answer.themes if answer else ()) or self.case.mentee.profile.themes

    def answer(self, role: Role, kind: type[T]) -> T | None:
        """The last answer of a kind that one of the two gave."""
        given = [
            (one.given_at, one.source, one.value)
            for one in self.case.said
            if one.role is role and isinstance(one.value, kind)
        ]
        return max(given, key=lambda one: one[:2])[2] if given else None

    def wishes_to_go_on(self, role: Role) -> bool | None:
        """Yes or no to the second term; None when nothing was said."""
        answer = self.answer(role, RenewalAnswer)
        return None if answer is None else answer.answer is Answer.YES

    @cached_property
    def both_wish(self) -> bool:
        """Two yeses."""
        return all(self.wishes_to_go_on(role) for role in Role)

    @cached_property
    def both_paid(self) -> bool:
        """Both are paid-up members today."""
        return self.case.mentor.paid and self.case.mentee.paid

    @cached_property
    def term(self) -> datetime:
        """The end of the first term."""
        return self.day(self.programme.term_days)

    @property
    def last_day(self) -> datetime:
        """The end of the engagement as it stands: of the first term, or of the second."""
        return self.day(self.programme.longest_days) if self.case.renewed_at else self.term

    def day(self, number: int) -> datetime:
        """So many days after the term began."""
        return add_days(self.began_at, number, self.programme)

    def start(self, on: date) -> datetime:
        """The beginning of a day, on the programme's clock."""
        return datetime.combine(on, time(), ZoneInfo(self.programme.time_zone))

    def closed_at(self) -> datetime | None:
        """When the last part began, if it has."""
        return self.case.since if self.case.stage is PairingStage.CLOSING else None

    def key(self, step: str, occasion: str, role: Role | None) -> str:
        """The key of what is due on an occasion of a step: of its message, its line, or the reason kept."""
        return "/".join(filter(None, (self.case.id, step, occasion, role)))

    def messages(self, step: str) -> tuple[tuple[str, Role | None, Sent], ...]:
        """The messages of a step: the occasion of each ("" for a step of one occasion), to whom, the message."""
        return tuple(self._by_step.get(step, ()))

    @cached_property
    def _by_step(self) -> dict[str, list[tuple[str, Role | None, Sent]]]:
        found: dict[str, list[tuple[str, Role | None, Sent]]] = {}
        for key, message in self.case.sent.items():
            _, step, *occasion = key.split("/")
            if step in STEP and occasion:
                found.setdefault(step, []).append(("/".join(occasion[:-1]), Role(occasion[-1]), message))
        return found
