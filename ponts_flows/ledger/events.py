"""Group meetings in the ledger: what coordinators wrote in the board, and the cases that the rules follow."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from sqlalchemy import Connection, func, insert, select, update

from ponts_flows.answers import EventAnswer
from ponts_flows.decide.events import Audience, EventCase, Invitee
from ponts_flows.ledger import tables
from ponts_flows.ledger.cases import due as due_of
from ponts_flows.ledger.cases import reading_of, sent_about
from ponts_flows.ledger.codec import decode
from ponts_flows.lifecycle import RUNNING, ApplicationStage, EventStage
from ponts_flows.model import Answer, Role, Sent


@dataclass(frozen=True, kw_only=True)
class Written:
    """A row of the tab Événements, as read."""

    id: str
    title: str
    day: date | None
    at: time | None
    place: str
    audience: Audience | None
    wanted: bool
    called_off: bool


def is_event(id: str) -> bool:
    """Whether an identifier is a group meeting's."""
    return re.fullmatch(r"E-\d{4,9}", id) is not None


def last_number(db: Connection) -> int:
    """The number of the last group meeting; 0 when there was none."""
    return db.execute(select(func.max(tables.event.c.number))).scalar() or 0


def keep(db: Connection, written: Written, *, now: datetime) -> bool:
    """Keep what a row says; returns whether it said something else before."""
    t = tables.event
    values = {
        "title": written.title,
        "day": written.day.isoformat() if written.day else None,
        "time": written.at.isoformat("minutes") if written.at else "",
        "place": written.place,
        "audience": written.audience or "",
        "wanted": written.wanted,
        "called_off": written.called_off,
    }
    row = db.execute(select(t).where(t.c.id == written.id)).first()
    if row is None:
        number = int(written.id.partition("-")[2])
        state = {"stage": EventStage.PREPARED.value, "sequence": 0, "remark": "", "wake_at": now}
        db.execute(insert(t).values(id=written.id, number=number, **values, **state))
        return True
    if all(row._mapping[name] == value for name, value in values.items()):
        return False
    db.execute(update(t).where(t.c.id == written.id).values(**values, wake_at=now))
    return True


def row_gone(db: Connection, id: str, *, now: datetime) -> bool:
    """Its row was deleted: without a date nothing more is sent, until the row is there again. Whether it was news."""
    t = tables.event
    gone = update(t).where(t.c.id == id, t.c.day.is_not(None)).values(day=None, wake_at=now)
    return db.execute(gone).rowcount > 0


def due(db: Connection, now: datetime) -> tuple[str, ...]:
    """The events to look at now."""
    return due_of(db, tables.event, now)


def announced(db: Connection) -> tuple[str, ...]:
    """The group meetings that people were told of and that are still to come."""
    t = tables.event
    return tuple(db.execute(select(t.c.id).where(t.c.stage == EventStage.ANNOUNCED.value)).scalars())


def touch(db: Connection, id: str) -> None:
    """Its row on the board is out of date: someone answered."""
    db.execute(update(tables.event).where(tables.event.c.id == id).values(version=tables.event.c.version + 1))


def cases(db: Connection, ids: Sequence[str]) -> tuple[EventCase, ...]:
    """The cases of some events, each with those it is for today and what they answered."""
    t = tables.event
    sent = sent_about(db, ids)
    found = []
    for row in db.execute(select(t).where(t.c.id.in_(ids)).order_by(t.c.number)):
        told = frozenset(id for message in _left(sent[row.id]) for id in message.to)
        case = EventCase(
            id=row.id,
            title=row.title,
            day=date.fromisoformat(row.day) if row.day else None,
            at=time.fromisoformat(row.time) if row.time else None,
            place=row.place,
            audience=Audience(row.audience) if row.audience else None,
            stage=EventStage(row.stage),
            sequence=row.sequence,
            wanted=row.wanted,
            called_off=row.called_off,
            invitees=_invitees(db, row.audience, told),
            answers=answers(db, row.id),
            sent=sent[row.id],
        )
        found.append(as_announced(case) if case.called_off else case)
    return tuple(found)


def as_announced(case: EventCase) -> EventCase:
    """A group meeting as people were last told of it, whatever became of its row since."""
    told = [message.values for message in _left(case.sent) if "sequence" in message.values]
    if not told:
        return case
    last = max(told, key=lambda values: int(values["sequence"]))
    return replace(
        case,
        title=last["event_title"],
        day=date.fromisoformat(last["event_on"]),
        at=time.fromisoformat(last["event_time"]) if last["event_time"] else None,
        place=last["event_place"],
    )


def _left(sent: Mapping[str, Sent]) -> list[Sent]:
    """The messages that left, or are past recall."""
    return [message for message in sent.values() if message.status not in ("planned", "cancelled")]


def answers(db: Connection, id: str) -> dict[str, Answer]:
    """The last answer of each person invited, by application."""
    t = tables.answer
    rows = db.execute(select(t.c.who, t.c.data).where(t.c.about == id).order_by(t.c.given_at, t.c.source))
    return {who: decode(EventAnswer, data).answer for who, data in rows.tuples()}


def _invitees(db: Connection, audience: str, told: frozenset[str]) -> tuple[Invitee, ...]:
    """Participants in the pool or in a pair, and whoever was told already, unless they left.

    One application a person: the one already written to, else the oldest.
    """
    a, p = tables.application, tables.pairing
    running = p.c.stage.in_([stage.value for stage in RUNNING])
    paired = select(p.c.mentor_id).where(running).union(select(p.c.mentee_id).where(running))
    taking_part = (a.c.stage == ApplicationStage.ELIGIBLE.value) | a.c.id.in_(paired)
    gone = (ApplicationStage.WITHDRAWN.value, ApplicationStage.ON_HOLD.value)
    query = select(a).where(taking_part | a.c.id.in_(told), a.c.stage.not_in(gone)).order_by(a.c.number)
    people: dict[str, list[tables.Row]] = defaultdict(list)
    for row in db.execute(query):
        wanted = Role(row.role) in _ROLES.get(audience, ()) or row.id in told
        if wanted and reading_of(row).respondent.reachable:
            people[row.email].append(row)
    chosen = (min(rows, key=lambda row: (row.id not in told, row.number)) for rows in people.values())
    return tuple(Invitee(id=row.id, language=reading_of(row).respondent.mail_language) for row in chosen)


_ROLES: Mapping[str, set[Role]] = {
    Audience.MENTORS: {Role.MENTOR},
    Audience.MENTEES: {Role.MENTEE},
    Audience.ALL: set(Role),
}
