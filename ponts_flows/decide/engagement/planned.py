"""The dates said for meetings to come: which one counts, and which were told of since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from itertools import pairwise

from ponts_flows.answers import Way
from ponts_flows.decide.calendar import local
from ponts_flows.decide.engagement.meetings import Report, meetings, near
from ponts_flows.model import Role
from ponts_flows.programme import Programme


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A date said for a meeting to come: `first_said_at`, `last_said_at`; `said_at`: all that is said of it, by whom.

    `at_meeting`: the meeting whose report says it; `agreed_on`: the day on which the two agreed on it.
    """

    on: date
    at: time | None
    way: Way | None
    theme: str
    said_by: Role
    said_at: datetime
    first_said_at: datetime
    last_said_at: datetime
    at_meeting: date | None
    agreed_on: date

    @property
    def details(self) -> tuple[time | None, Way | None, str]:
        """What is said of it beside its date."""
        return self.at, self.way, self.theme


def plans(reports: Sequence[Report], programme: Programme) -> tuple[Planned, ...]:
    """The dates said for meetings to come, in the order the two agreed on them, but for those moved before they came.

    A report that comes late, or that is edited later, says what was agreed on at its meeting, not since.
    """
    days = {
        report.source: meeting.on for meeting in meetings(reports, programme) for report in meeting.reports
    }
    agreed = (
        _planned(report, report.value.next_on, days.get(report.source), programme)
        for report in reports
        if report.value.next_on
    )
    said: list[Planned] = []
    for plan in sorted(agreed, key=lambda plan: (plan.agreed_on, plan.said_at)):
        said.append(_completed(plan, said[-1]) if said else plan)
    return (*(plan for plan, following in pairwise(said) if following.agreed_on >= plan.on), *said[-1:])


def _planned(report: Report, on: date, met_on: date | None, programme: Programme) -> Planned:
    value = report.value
    said_on = local(report.given_at, programme).date()
    return Planned(
        on=on,
        at=value.next_at,
        way=value.next_way,
        theme=value.next_theme,
        said_by=report.role,
        said_at=report.given_at,
        first_said_at=report.given_at,
        last_said_at=report.given_at,
        at_meeting=value.on,
        agreed_on=min(met_on or said_on, said_on),
    )


def _completed(plan: Planned, before: Planned) -> Planned:
    """The same date said again: what is not said again still holds, and what changes nothing is no news."""
    if plan.on != before.on:
        return plan
    whole = replace(
        plan,
        at=plan.at or before.at,
        way=plan.way or before.way,
        theme=plan.theme or before.theme,
        first_said_at=min(plan.first_said_at, before.first_said_at),
        last_said_at=max(plan.last_said_at, before.last_said_at),
    )
    if whole.details != before.details:
        return whole
    return replace(whole, said_by=before.said_by, said_at=before.said_at)


def upcoming(
    planned: Sequence[Planned], reports: Sequence[Report], *, today: date, programme: Programme
) -> Planned | None:
    """The next meeting: the last date agreed on, if it is still to come and was not told of already."""
    if not planned or planned[-1].on < today or told_of(planned[-1], reports, programme):
        return None
    return planned[-1]


def told_of(plan: Planned, reports: Sequence[Report], programme: Programme) -> bool:
    """Whether the two met at that date or about it, or said that they would not."""
    return any(_is_about(plan, report, programme) for report in reports)


def _is_about(plan: Planned, report: Report, programme: Programme) -> bool:
    """Whether a report is of a planned meeting, and not of the one, days before, at which it was agreed on."""
    on = report.value.on
    if on is None or not near(on, plan.on, programme):
        return False
    if plan.at_meeting is not None and abs(on - plan.at_meeting) <= abs(on - plan.on):
        return False
    agreed_since = plan.agreed_on >= local(report.given_at, programme).date()
    return not (agreed_since and plan.last_said_at > report.given_at)
