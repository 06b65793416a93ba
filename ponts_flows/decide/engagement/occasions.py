"""When the delays of the timetable begin to count: the occasions of each step, for each of the two."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from ponts_flows.decide.calendar import add_days
from ponts_flows.decide.engagement.invitations import invitations
from ponts_flows.decide.engagement.life import Life, step_of
from ponts_flows.decide.engagement.meetings import near
from ponts_flows.decide.engagement.occasion import Occasion
from ponts_flows.decide.engagement.planned import Planned, told_of
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
    What was cancelled follows nothing: a reason was kept, or it will leave when its moment comes again.
    """
    same = STEP[before].to == step.to
    for name, to, message in life.messages(before):
        if (same and to is not role) or message.status == "cancelled":
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
        known_at = sorted(meeting.known_at for meeting in life.held)
        if len(known_at) >= number:
            yield Occasion(at=known_at[number - 1])

    return known


def _date_ahead(life: Life, role: Role | None) -> Iterator[Occasion]:
    """Nothing when the date was said so late that its invitation has just left."""
    if life.next is None:
        return
    start = life.start(life.next.on)
    due = STEP["meeting-soon"].due[0]
    soon = add_days(start, days_of(due, life.programme), life.programme)
    if life.next.first_said_at < soon - timedelta(days=1):
        yield Occasion(
            name=life.next.on.isoformat(), at=start, until=start, values=_values_of_next(life.next)
        )


def _values_of_next(plan: Planned) -> dict[str, str]:
    return {
        "meeting_on": plan.on.isoformat(),
        "meeting_time": plan.at.isoformat("minutes") if plan.at else "",
        "way": plan.way or "",
        "theme": plan.theme,
    }


def _dates_past(life: Life, role: Role | None) -> Iterator[Occasion]:
    """Each date that came, or will, of which nobody said a word; each meeting that one of the two reported.

    A meeting is asked about under one date only, though it be reported under another.
    """
    asked = {date.fromisoformat(name) for name, to, _ in life.messages("session-report") if to is role}
    dates = list(_silent_dates(life)) + [
        (meeting.on, max(life.start(meeting.on), meeting.known_at - timedelta(days=1)), None)
        for meeting in life.meetings
        if meeting.held or not meeting.called_off(life.programme)
    ]
    others = asked - {on for on, _, _ in dates}
    for on, at, before in dates:
        same = {day for day in others if near(day, on, life.programme) and day != before}
        name = on if on in asked else max(same, default=on)
        others.discard(name)
        yield Occasion(name=name.isoformat(), at=at, values={"held_on": on.isoformat()})


def _silent_dates(life: Life) -> Iterator[tuple[date, datetime, date | None]]:
    """Planned dates that nobody told of: each with its beginning, and the meeting at which it was agreed on."""
    for plan in life.planned:
        if told_of(plan, life.reports, life.programme):
            continue
        if plan.on < life.today or plan is life.next:
            yield plan.on, life.start(plan.on), plan.at_meeting


def _last_session(life: Life, role: Role | None) -> Iterator[Occasion]:
    if life.introduced_at is None:
        return
    on = life.last_on or life.introduced_on
    came = [life.start(plan.on) + GRACE_AFTER_A_DATE for plan in life.planned if plan.on < life.today]
    yield Occasion(name=on.isoformat(), at=life.start(on), not_before=max(came, default=None))


def _last_call(life: Life, role: Role | None) -> Iterator[Occasion]:
    """Numbered: the one that waits to leave, or the one that follows all that were. Not while another asks the same."""
    calls, alarms = life.messages("propose-next"), life.messages("at-risk")
    if not (life.held or alarms) or _others_ask(life):
        return
    waiting = [name for name, _, message in calls if message.waits]
    noted = {key: at for key, at in life.case.noted.items() if step_of(key) in ("propose-next", "at-risk")}
    all_calls = (*calls, *alarms, *life.messages("start"))
    moments = [message.gone_at for _, _, message in all_calls if message.gone_at]
    moments += [*noted.values(), life.start(life.last_on or life.introduced_on)]
    moments += [life.start(plan.on) for plan in life.planned if plan.on < life.today]
    done = len(calls) + sum("/propose-next/" in key for key in noted)
    yield Occasion(name=waiting[0] if waiting else str(done + 1), at=max(moments))


def _others_ask(life: Life) -> bool:
    """Whether the mentee is being asked for a date already, or will be now."""
    if any(message.under_way for _, _, message in life.messages("start")):
        return True
    for alarm in occasions(STEP["at-risk"], Role.MENTEE, life):
        key = life.key("at-risk", alarm.name, Role.MENTEE)
        message = life.case.sent.get(key)
        to_leave = message is None or message.under_way or message.status == "cancelled"
        if alarm.at <= life.now and key not in life.case.noted and to_leave:
            return True
    return False


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
    if closed is not None and life.held and life.start(life.held[-1].on) >= closed - timedelta(days=1):
        yield Occasion(at=life.held[-1].known_at)


def _end(life: Life, role: Role | None) -> Iterator[Occasion]:
    if life.case.stage is PairingStage.COMPLETED:
        yield Occasion(at=life.case.since)


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
