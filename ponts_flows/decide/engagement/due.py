"""Reading the timetable: what a pair is due now, what no longer makes sense, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from ponts_flows.actions import Action, AskCoordinator, Cancel, CloseReview, Plan, Skipped, Urgency
from ponts_flows.answers import MidpointAnswer, ReviewAnswer
from ponts_flows.decide.calendar import add_days, local
from ponts_flows.decide.engagement.life import Life, step_of
from ponts_flows.decide.engagement.meetings import Report, near
from ponts_flows.decide.engagement.occasion import Occasion
from ponts_flows.decide.engagement.occasions import occasions
from ponts_flows.decide.pairing_case import plan
from ponts_flows.model import Role
from ponts_flows.timetable import STEP, TIMETABLE, Answered, Kind, Step

URGENCIES = {
    Kind.QUESTION: Urgency.QUESTION,
    Kind.CALENDAR: Urgency.CALENDAR,
    Kind.FEEDBACK: Urgency.FEEDBACK,
    Kind.PREPARATION: Urgency.PREPARATION,
    Kind.REMINDER: Urgency.REMINDER,
}
NEEDLESS = "sans objet : la réponse est arrivée avant, ou la situation a changé"


@dataclass(kw_only=True)
class Due:
    """The actions due now, the moments to look again, and the next steps by date."""

    actions: list[Action] = field(default_factory=list)
    moments: list[datetime] = field(default_factory=list)
    coming: list[tuple[datetime, str]] = field(default_factory=list)


def due(life: Life) -> Due:
    """What the timetable asks for now. Asked again, once that is done, it asks for nothing more."""
    found = Due()
    wanted: set[str] = set()
    for step in TIMETABLE:
        if life.case.stage not in step.stages:
            continue
        for role in step.to or (None,):
            for occasion in occasions(step, role, life):
                wanted.add(life.key(step.name, occasion.name, role))
                _weigh(found, life, step, occasion, role)
    found.actions += _needless(life, wanted)
    return found


def _weigh(found: Due, life: Life, step: Step, occasion: Occasion, role: Role | None) -> None:
    """One step, on one occasion, for one of the two."""
    key = life.key(step.name, occasion.name, role)
    if role is None:
        _row(found, life, step, occasion, key)
        return
    message = life.case.sent.get(key)
    if key in life.case.noted or (message is not None and message.status not in ("planned", "cancelled")):
        return
    party = life.case.party(role)
    if party.left or answered(step, occasion, role, life):
        if message is not None and message.waits:
            found.actions.append(Cancel(key=key, reason=NEEDLESS))
        return
    if party.set_aside and not occasion.at_once:
        if message is not None and message.waits:
            found.actions.append(Cancel(key=key, reason="mis de côté par la coordination"))
        return
    away = party.away_until
    at = max(occasion.at, away) if away is not None and not occasion.at_once else occasion.at
    if life.now < at:
        if message is not None and message.waits:
            found.actions.append(Cancel(key=key, reason=NEEDLESS if life.now < occasion.at else "en congé"))
        found.moments.append(at)
        found.coming.append((at, f"{step.what_fr} ({role})"))
        return
    until = _until(step, occasion, at, life)
    if why := _dropped(life, step, role, until):
        waits = message is not None and message.waits
        found.actions.append(
            Cancel(key=key, reason=why) if waits else Skipped(about=life.case.id, reason=why, key=key)
        )
        if waits:
            found.actions.append(Skipped(about=life.case.id, reason=why, key=key))
        return
    found.moments.append(until)
    if message is None or message.status == "cancelled":
        found.actions.append(_message(life, step, occasion, role))
    found.coming.append((life.now, f"{step.what_fr} ({role})"))


def _until(step: Step, occasion: Occasion, at: datetime, life: Life) -> datetime:
    """After this moment, what could not leave makes no sense any more."""
    kept = add_days(at, step.kept_days, life.programme)
    return min(kept, occasion.until) if occasion.until else kept


def _dropped(life: Life, step: Step, role: Role, until: datetime) -> str:
    """Why a step that is due is left out, in French; "" when it is not."""
    if life.now >= until:
        return f"{step.what_fr} ({role}) : le moment est passé avant que le message ait pu partir"
    if step.kind is Kind.REMINDER and life.case.party(role).no_reminders:
        return f"{step.what_fr} ({role}) : la personne ne souhaite pas de rappels"
    return ""


def _row(found: Due, life: Life, step: Step, occasion: Occasion, key: str) -> None:
    opened = life.case.rows.get(key)
    if answered(step, occasion, None, life):
        if opened:
            found.actions.append(CloseReview(key=key))
    elif opened is None:
        if life.now < occasion.at:
            found.moments.append(occasion.at)
            found.coming.append((occasion.at, f"{step.what_fr} (coordination)"))
        else:
            found.actions.append(
                AskCoordinator(
                    key=key,
                    about=life.case.id,
                    subject=step.row_fr,
                    todo="Prendre des nouvelles des deux de vive voix ; au besoin, onglet Binômes : pause ou fin.",
                )
            )


def _message(life: Life, step: Step, occasion: Occasion, role: Role) -> Plan:
    name = f"{step.name}/{occasion.name}/{role}" if occasion.name else f"{step.name}/{role}"
    template = (occasion.mail or step.mail).format(role=role)
    return plan(
        life.case,
        name,
        template,
        (role,),
        URGENCIES[step.kind],
        dict(occasion.values),
        at_once=occasion.at_once,
    )


def _needless(life: Life, wanted: set[str]) -> Iterator[Action]:
    """What waits to leave, or for a coordinator, and is no occasion of today's any more."""
    for key, message in life.case.sent.items():
        if message.waits and key not in wanted and step_of(key) in STEP:
            yield Cancel(key=key, reason=NEEDLESS)
    for key, is_open in life.case.rows.items():
        if is_open and key not in wanted and step_of(key) in STEP:
            yield CloseReview(key=key)


def answered(step: Step, occasion: Occasion, role: Role | None, life: Life) -> bool:
    """Whether a step is needless by what the two said."""
    match step.answered:
        case Answered.NEVER:
            return False
        case Answered.FIRST_SESSION:
            return bool(life.held)
        case Answered.IN_TOUCH:
            return life.in_touch
        case Answered.SECOND_SESSION:
            return len(life.held) > 1
        case Answered.NEXT_DATE:
            return life.next is not None or _held_since(occasion, life)
        case Answered.REPORT:
            return any(
                report.role is role and _tells_of(report, occasion.day, life) for report in life.reports
            )
        case Answered.MIDPOINT:
            return role is not None and life.answer(role, MidpointAnswer) is not None
        case Answered.RENEWAL:
            return role is not None and life.wishes_to_go_on(role) is not None
        case Answered.REVIEW:
            return role is not None and life.answer(role, ReviewAnswer) is not None


def _tells_of(report: Report, day: date, life: Life) -> bool:
    """Whether a report is of the meeting of a day: not of one just before, which was put off to that day."""
    on = report.value.on
    if on is None or not near(on, day, life.programme):
        return False
    return on >= day or local(report.given_at, life.programme).date() >= day


def _held_since(occasion: Occasion, life: Life) -> bool:
    """Whether the two met after the day that an occasion is named after."""
    return occasion.is_day and life.last_on is not None and life.last_on > occasion.day
