"""When the delays of the timetable begin to count: the occasions of each step, for each of the two."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ponts_flows.decide.calendar import add_days
from ponts_flows.decide.engagement.invitations import invitations
from ponts_flows.decide.engagement.life import Life
from ponts_flows.decide.engagement.meetings import near
from ponts_flows.decide.engagement.occasion import Occasion
from ponts_flows.lifecycle import PairingStage
from ponts_flows.model import Role
from ponts_flows.timetable import STEP, Since, Step, days_of

# A planned date that passed without a word: its reports are asked for before anything else.
GRACE_AFTER_A_DATE = timedelta(days=7)


def occasions(step: Step, role: Role | None, life: Life) -> list[Occasion]:
    """The occasions of a step for one of the two (None: for the coordinators), each at the moment it is due.

    Of several ways to become due, the earliest counts.
    """
    found: dict[str, Occasion] = {}
    for due in step.due:
        since = due.since
        started = (
            _SINCE[since](life, role) if isinstance(since, Since) else _followed(since, step, role, life)
        )
        for occasion in started:
            later = occasion.after(add_days(occasion.at, days_of(due, life.programme), life.programme))
            if occasion.name not in found or later.at < found[occasion.name].at:
                found[occasion.name] = later
    return list(found.values())


def _followed(before: str, step: Step, role: Role | None, life: Life) -> Iterator[Occasion]:
    """A step that follows another one's message.

    A reminder follows what its reader was really sent; whoever else is told is told even if that could not leave.
    """
    same = STEP[before].to == step.to
    for name, to, message in life.messages(before):
        if same and to is not role:
            continue
        moment = message.sent_at if same else message.gone_at
        if moment is not None:
            yield Occasion(name=name, at=moment, values=dict(message.values))
    if same:
        return
    for key, at in life.case.noted.items():
        parts = key.split("/")
        if parts[1] == before and len(parts) > 2:
            yield Occasion(name="/".join(parts[2:-1]), at=at)


def _introduction(life: Life, role: Role | None) -> Iterator[Occasion]:
    if life.introduced_at is not None:
        yield Occasion(at=life.introduced_at)


def _session(number: int) -> Callable[[Life, Role | None], Iterator[Occasion]]:
    def known(life: Life, role: Role | None) -> Iterator[Occasion]:
        if len(life.held) >= number:
            yield Occasion(at=life.held[number - 1].known_at)

    return known


def _date_ahead(life: Life, role: Role | None) -> Iterator[Occasion]:
    """Nothing when the date was said so late that its invitation has just left."""
    if life.next is None:
        return
    on = life.next.on
    first_said = min(plan.said_at for plan in life.planned if plan.on == on)
    start = _start(on, life)
    due = STEP["meeting-soon"].due[0]
    if first_said < add_days(start, days_of(due, life.programme), life.programme):
        yield Occasion(name=on.isoformat(), at=start, until=start, values=_values_of_next(life))


def _values_of_next(life: Life) -> dict[str, str]:
    assert life.next is not None
    plan = life.next
    return {
        "meeting_on": plan.on.isoformat(),
        "meeting_time": plan.at.isoformat("minutes") if plan.at else "",
        "way": plan.way or "",
        "theme": plan.theme,
    }


def _dates_past(life: Life, role: Role | None) -> Iterator[Occasion]:
    """Each date that came or will, and each meeting that the other reported; asked for under one date only."""
    asked = [date.fromisoformat(name) for name, to, _ in life.messages("session-report") if to is role]
    came = [plan.on for plan in life.planned if plan.on < life.today or plan is life.next]
    known = {meeting.on: meeting.known_at for meeting in life.meetings if meeting.on <= life.today}
    for on in came:
        if not any(near(on, meeting, life.programme) for meeting in known):
            known.setdefault(on, _start(on, life))
    for on, known_at in sorted(known.items()):
        name = next((day for day in asked if near(day, on, life.programme)), on)
        at = max(_start(on, life), known_at - timedelta(days=1))
        yield Occasion(name=name.isoformat(), at=at, values={"held_on": on.isoformat()})


def _last_session(life: Life, role: Role | None) -> Iterator[Occasion]:
    if life.introduced_at is None:
        return
    on = life.last_on or life.introduced_on
    came = [_start(plan.on, life) + GRACE_AFTER_A_DATE for plan in life.planned if plan.on < life.today]
    yield Occasion(name=on.isoformat(), at=_start(on, life), not_before=max(came, default=None))


def _last_call(life: Life, role: Role | None) -> Iterator[Occasion]:
    """Numbered: the one that waits to leave, or the one that follows all that were."""
    calls = life.messages("propose-next")
    others = (*life.messages("at-risk"), *life.messages("start"))
    if not life.held and not life.messages("at-risk"):
        return
    waiting = [name for name, _, message in calls if message.waits]
    noted = {
        key: at for key, at in life.case.noted.items() if key.split("/")[1] in ("propose-next", "at-risk")
    }
    moments = [message.gone_at for _, _, message in (*calls, *others) if message.gone_at]
    moments += [*noted.values(), _start(life.last_on or life.introduced_on, life)]
    moments += [_start(plan.on, life) for plan in life.planned if plan.on < life.today]
    done = len(calls) + sum("/propose-next/" in key for key in noted)
    yield Occasion(name=waiting[0] if waiting else str(done + 1), at=max(moments))


def _wished(life: Life, role: Role | None) -> Iterator[Occasion]:
    if life.both_wish and not life.both_paid and life.now >= life.term:
        yield Occasion(at=life.term)


def _renewal(life: Life, role: Role | None) -> Iterator[Occasion]:
    if life.case.renewed_at is not None:
        yield Occasion(at=life.case.renewed_at)


def _closing(life: Life, role: Role | None) -> Iterator[Occasion]:
    if (closed := life.closed_at()) is not None:
        yield Occasion(at=closed)


def _last_meeting(life: Life, role: Role | None) -> Iterator[Occasion]:
    closed = life.closed_at()
    if closed is not None and life.held and _start(life.held[-1].on, life) >= closed - timedelta(days=1):
        yield Occasion(at=life.held[-1].known_at)


def _end(life: Life, role: Role | None) -> Iterator[Occasion]:
    if life.case.stage is PairingStage.COMPLETED:
        yield Occasion(at=life.case.since)


def _start(on: date, life: Life) -> datetime:
    """The beginning of a day, on the programme's clock."""
    return datetime.combine(on, time(), ZoneInfo(life.programme.time_zone))


_SINCE: dict[Since, Callable[[Life, Role | None], Iterator[Occasion]]] = {
    Since.INTRODUCTION: _introduction,
    Since.DATE_SAID: invitations,
    Since.DATE_AHEAD: _date_ahead,
    Since.DATE_PAST: _dates_past,
    Since.FIRST_SESSION: _session(1),
    Since.SECOND_SESSION: _session(2),
    Since.FOURTH_SESSION: _session(4),
    Since.LAST_SESSION: _last_session,
    Since.LAST_CALL: _last_call,
    Since.WISHED: _wished,
    Since.RENEWAL: _renewal,
    Since.CLOSING: _closing,
    Since.LAST_MEETING: _last_meeting,
    Since.END: _end,
}
