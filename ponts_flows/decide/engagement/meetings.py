"""Reports of meetings, in any order, by one side or by both, become meetings and the date of the next one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise, zip_longest

from ponts_flows.answers import Held, Said, SessionReport, Way
from ponts_flows.decide.calendar import local
from ponts_flows.model import Role
from ponts_flows.programme import Programme


@dataclass(frozen=True, kw_only=True)
class Report:
    """What one of the two says of a meeting, with who says it, when, and from where."""

    source: str
    role: Role
    given_at: datetime
    value: SessionReport


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """One meeting that was to be: its first date reported, and all that was said of it."""

    on: date
    reports: tuple[Report, ...]

    @property
    def held(self) -> bool:
        """Whether it took place, as one of the two says at least."""
        return any(report.value.held is Held.HELD for report in self.reports)

    @property
    def disputed(self) -> bool:
        """One side says that it took place, the other that it did not."""
        said = {(report.role, report.value.held) for report in self.reports}
        latest = {role: [held for of, held in said if of is role] for role in Role}
        return all(latest.values()) and {*latest[Role.MENTOR]}.isdisjoint(latest[Role.MENTEE])

    @property
    def roles(self) -> frozenset[Role]:
        """Who reported it."""
        return frozenset(report.role for report in self.reports)

    @property
    def known_at(self) -> datetime:
        """When it was first reported."""
        return min(report.given_at for report in self.reports)


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A date said for a meeting to come: by whom and when."""

    on: date
    at: time | None
    way: Way | None
    theme: str
    said_by: Role
    said_at: datetime


def reports_of(said: Iterable[Said], *, introduced_on: date, programme: Programme) -> tuple[Report, ...]:
    """The reports that can be true, oldest first: nothing before the introduction, no session still to come.

    A meeting that is to come may be called off.
    """
    reports = (
        Report(source=one.source, role=one.role, given_at=one.given_at, value=one.value)
        for one in said
        if isinstance(one.value, SessionReport)
    )
    true = (
        one for one in reports if can_be_true(one.value, local(one.given_at, programme).date(), introduced_on)
    )
    return tuple(sorted(true, key=lambda one: (one.given_at, one.source)))


def can_be_true(report: SessionReport, said_on: date, introduced_on: date) -> bool:
    """Whether a report is of a day on which the two could meet."""
    if report.on is None:
        return True
    return report.on >= introduced_on and (report.on <= said_on or report.held is not Held.HELD)


def meetings(reports: Sequence[Report], programme: Programme) -> tuple[Meeting, ...]:
    """The meetings that were held or missed, in order of date; dates within three days are one meeting."""
    dated = sorted(
        (report.value.on, report.source, report)
        for report in reports
        if report.value.on is not None and report.value.held in (Held.HELD, Held.MISSED)
    )
    groups: list[list[Report]] = []
    first: date | None = None
    for on, _, report in dated:
        if first is None or (on - first).days > programme.same_meeting_days:
            groups.append([])
            first = on
        groups[-1].append(report)
    return tuple(
        Meeting(on=min(report.value.on for report in group if report.value.on), reports=tuple(group))
        for group in groups
    )


def doubtful(held: Sequence[Meeting], programme: Programme) -> tuple[tuple[Meeting, Meeting], ...]:
    """Neighbours of which each side reported one: perhaps a single meeting under two dates."""
    return tuple(
        (one, other)
        for one, other in pairwise(held)
        if len(one.roles) == len(other.roles) == 1
        and one.roles != other.roles
        and (other.on - one.on).days <= programme.doubtful_meeting_days
    )


def plans(reports: Sequence[Report], programme: Programme) -> tuple[Planned, ...]:
    """The dates said for meetings to come, in the order they were said, but for those changed before they came."""
    said = [
        Planned(
            on=report.value.next_on,
            at=report.value.next_at,
            way=report.value.next_way,
            theme=report.value.next_theme,
            said_by=report.role,
            said_at=report.given_at,
        )
        for report in reports
        if report.value.next_on is not None
    ]
    return tuple(
        plan
        for plan, following in zip_longest(said, said[1:])
        if following is None or local(following.said_at, programme).date() >= plan.on
    )


def upcoming(
    planned: Sequence[Planned], there: Sequence[Meeting], *, today: date, programme: Programme
) -> Planned | None:
    """The next meeting: the last date said, if it is still to come and was not already reported."""
    if not planned or planned[-1].on < today:
        return None
    over = any(near(planned[-1].on, meeting.on, programme) for meeting in there)
    return None if over else planned[-1]


def near(one: date, other: date, programme: Programme) -> bool:
    """Whether two dates are one meeting's."""
    return abs(one - other) <= timedelta(days=programme.same_meeting_days)
