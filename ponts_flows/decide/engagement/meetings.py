"""Reports of meetings, in any order, by one side or by both, become meetings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from ponts_flows.answers import Held, Said, SessionReport
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
    """One meeting that was to be: the first date on which it was held, or was to be, and all that was said of it."""

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
        """When it was first reported, as what it is: one that was called off and took place, when that was said."""
        return min(report.given_at for report in _telling(self.reports))

    def called_off(self, programme: Programme) -> bool:
        """Whether it was known before its day that it would not take place."""
        return all(local(report.given_at, programme).date() < self.on for report in self.reports)


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
        Meeting(
            on=min(report.value.on for report in _telling(group) if report.value.on), reports=tuple(group)
        )
        for group in groups
    )


def _telling(reports: Sequence[Report]) -> Sequence[Report]:
    """The reports that say what became of a meeting: those that it was held, if there are any."""
    return [report for report in reports if report.value.held is Held.HELD] or reports


def doubtful(held: Sequence[Meeting], programme: Programme) -> tuple[tuple[Meeting, Meeting], ...]:
    """Neighbours of which each side reported one: perhaps a single meeting under two dates."""
    return tuple(
        (one, other)
        for one, other in pairwise(held)
        if len(one.roles) == len(other.roles) == 1
        and one.roles != other.roles
        and (other.on - one.on).days <= programme.doubtful_meeting_days
    )


def near(one: date, other: date, programme: Programme) -> bool:
    """Whether two dates are one meeting's."""
    return abs(one - other) <= timedelta(days=programme.same_meeting_days)
