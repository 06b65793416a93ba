"""Group meetings (charter §2, §4C): who is invited, told of a change or a cancellation, and reminded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from ponts_flows.actions import Action, Cancel, MoveEvent, Plan, Urgency, Wake
from ponts_flows.decide.calendar import local
from ponts_flows.lifecycle import EventStage
from ponts_flows.model import Answer, Language, Sent
from ponts_flows.programme import Programme

S = EventStage


class Audience(StrEnum):
    """Who is invited. Stored: never renamed."""

    MENTORS = "mentors"
    MENTEES = "mentees"
    ALL = "all"


@dataclass(frozen=True, kw_only=True)
class Invitee:
    """Someone who may be invited: one application a person, whatever their roles."""

    id: str
    language: Language


@dataclass(frozen=True, kw_only=True)
class EventCase:
    """All that is known of a group meeting. `wanted`: the box to invite is ticked; `called_off`: the one to cancel.

    `invitees` are those it is for, today; `answers` is what those invited said last.
    """

    id: str
    title: str
    day: date | None
    at: time | None
    place: str
    audience: Audience | None
    stage: EventStage
    sequence: int
    wanted: bool
    called_off: bool
    invitees: tuple[Invitee, ...]
    answers: Mapping[str, Answer]
    sent: Mapping[str, Sent]

    @property
    def said(self) -> dict[str, str]:
        """What its mails say of it."""
        return {
            "event_title": self.title,
            "event_on": self.day.isoformat() if self.day else "",
            "event_time": self.at.isoformat("minutes") if self.at else "",
            "event_place": self.place,
        }


def follow(case: EventCase, *, programme: Programme, now: datetime) -> list[Action]:
    """What a group meeting asks for now. What was announced and has changed is announced again."""
    today = local(now, programme).date()
    if case.stage in (S.CANCELLED, S.OVER):
        return [Wake(about=case.id, at=None)]
    if case.stage is S.ANNOUNCED and case.day is not None and case.day < today:
        return [*_stale(case, frozenset()), _to(case, S.OVER, remark="Passé."), Wake(about=case.id, at=None)]
    if case.called_off:
        return [*_stale(case, frozenset()), *_cancelled(case), Wake(about=case.id, at=None)]
    if missing := lacking(case, today):
        return [
            *_stale(case, frozenset()),
            _to(case, case.stage, remark=missing),
            Wake(about=case.id, at=None),
        ]
    if case.stage is S.PREPARED and not case.wanted:
        return [
            _to(case, S.PREPARED, remark="Cochez Inviter quand tout est prêt."),
            Wake(about=case.id, at=None),
        ]
    if _told(case) not in (None, case.said):
        return [_to(case, S.ANNOUNCED, sequence=case.sequence + 1), Wake(about=case.id, at=now)]
    return _announced(case, programme, now)


def _announced(case: EventCase, programme: Programme, now: datetime) -> list[Action]:
    """Invitations, changes, reminders; what waits to leave and is out of date is planned anew."""
    assert case.day is not None
    reminding = _day_before(case.day, programme.event_reminder_days, programme)
    news = [*_invitations(case), *_changes(case)]
    plans = [*news, *(_reminders(case, news, since=reminding) if now >= reminding else [])]
    stale = _stale(case, frozenset(plan.key for plan in plans))
    again = reminding if now < reminding else _day_before(case.day, -1, programme)
    return [
        _to(case, S.ANNOUNCED),
        *stale,
        *(plan for plan in plans if _to_plan(case, plan, stale)),
        Wake(about=case.id, at=again),
    ]


def _to_plan(case: EventCase, plan: Plan, stale: list[Cancel]) -> bool:
    """Whether a message is to be planned: it is not there, was cancelled, or is cancelled now to say what is true."""
    there = case.sent.get(plan.key)
    return there is None or there.status == "cancelled" or plan.key in {cancel.key for cancel in stale}


def lacking(case: EventCase, today: date) -> str:
    """What keeps an event from being announced, in French; "" when nothing does."""
    if not case.title:
        return "Il manque le titre : rien n'est envoyé."
    if case.day is None:
        return "La date manque ou n'est pas lisible (exemple : 12/03/2027) : rien n'est envoyé."
    if case.audience is None:
        return "Choisissez qui est invité dans la colonne Public : rien n'est envoyé."
    if case.day < today:
        return "La date est passée : rien n'est envoyé."
    return ""


def _invitations(case: EventCase) -> list[Plan]:
    """Whoever it is for, newcomers included."""
    return [_plan(case, "invite", invitee, "event-invitation", Urgency.NEWS) for invitee in case.invitees]


def _changes(case: EventCase) -> list[Plan]:
    """After a change, all who were invited are told, but for those who learn it by their invitation."""
    if not case.sequence:
        return []
    return [
        _plan(case, f"update-{case.sequence}", invitee, "event-update", Urgency.CALENDAR)
        for invitee in _invited(case)
        if case.sent[f"{case.id}/invite/{invitee.id}"].values.get("sequence") != str(case.sequence)
    ]


def _reminders(case: EventCase, news: list[Plan], *, since: datetime) -> list[Plan]:
    """Those who come, and those who did not say; whoever was told of it just now needs no reminder."""
    told = {id for plan in news if _is_recent(case.sent.get(plan.key), since) for id in plan.to}
    return [
        _plan(case, _reminder(case, invitee), invitee, "event-reminder", Urgency.REMINDER)
        for invitee in _invited(case)
        if case.answers.get(invitee.id) is not Answer.NO and invitee.id not in told
    ]


def _is_recent(message: Sent | None, since: datetime) -> bool:
    """Whether a message left since a moment, or is about to."""
    return message is None or message.sent_at is None or message.sent_at >= since


def _reminder(case: EventCase, invitee: Invitee) -> str:
    """One reminder for each date: whoever was reminded of another date is reminded of the new one."""
    first = case.sent.get(f"{case.id}/reminder/{invitee.id}")
    if first is None or first.status in ("planned", "cancelled") or first.values["event_on"] == f"{case.day}":
        return "reminder"
    return f"reminder-{case.day}"


def _cancelled(case: EventCase) -> list[Action]:
    """Those who might come are told."""
    told = [
        _plan(case, "cancelled", invitee, "event-cancelled", Urgency.CALENDAR)
        for invitee in _invited(case)
        if case.answers.get(invitee.id) is not Answer.NO
    ]
    return [
        _to(case, S.CANCELLED, remark="Annulé : les invités sont prévenus." if told else "Annulé."),
        *told,
    ]


def _invited(case: EventCase) -> list[Invitee]:
    """Those whose invitation left, or is past recall."""
    gone = {
        key.rpartition("/")[2]
        for key, message in case.sent.items()
        if "/invite/" in key and message.status not in ("planned", "cancelled")
    }
    return [invitee for invitee in case.invitees if invitee.id in gone]


def _told(case: EventCase) -> dict[str, str] | None:
    """What was last announced; None when nothing was."""
    announced = [message.values for message in case.sent.values() if message.values.get("sequence")]
    if not announced:
        return None
    last = max(announced, key=lambda values: int(values["sequence"]))
    return {name: last[name] for name in case.said} if int(last["sequence"]) == case.sequence else None


def _stale(case: EventCase, wanted: frozenset[str]) -> list[Cancel]:
    """What waits to leave and says what is not true any more, or is asked for no longer."""
    return [
        Cancel(key=key, reason="l'événement a changé, est annulé ou passé")
        for key, message in case.sent.items()
        if message.waits
        and "/noted" not in key
        and (key not in wanted or message.values.get("sequence") not in (None, str(case.sequence)))
    ]


def _plan(case: EventCase, occasion: str, to: Invitee, template: str, urgency: Urgency) -> Plan:
    return Plan(
        key=f"{case.id}/{occasion}/{to.id}",
        about=case.id,
        template=template,
        to=(to.id,),
        languages=(to.language,),
        urgency=urgency,
        values={**case.said, "sequence": str(case.sequence)},
    )


def noted(case: EventCase, to: Invitee, answer: Answer, at: datetime) -> Plan:
    """The acknowledgement of a yes or a no."""
    plan = _plan(case, f"noted-{at:%Y%m%d%H%M%S}", to, "event-noted", Urgency.ACKNOWLEDGEMENT)
    return replace(plan, values={**case.said, "answer": answer.value}, at_once=True)


def _to(case: EventCase, stage: EventStage, *, sequence: int | None = None, remark: str = "") -> MoveEvent:
    return MoveEvent(
        event=case.id, to=stage, sequence=case.sequence if sequence is None else sequence, remark=remark
    )


def _day_before(day: date, days: int, programme: Programme) -> datetime:
    return datetime.combine(day - timedelta(days=days), time(), ZoneInfo(programme.time_zone))
