"""Group meetings in the ledger: what coordinators wrote in the board, and the cases that the rules follow."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import Connection, func, insert, select, update

from ponts_flows.answers import EventAnswer
from ponts_flows.decide.events import Audience, EventCase, Invitee
from ponts_flows.ledger import tables
from ponts_flows.ledger.cases import reading_of, sent_about
from ponts_flows.ledger.codec import decode
from ponts_flows.lifecycle import RUNNING, ApplicationStage, EventStage
from ponts_flows.model import Answer, Role


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


def due(db: Connection, now: datetime) -> tuple[str, ...]:
    """The events to look at now."""
    t = tables.event
    return tuple(db.execute(select(t.c.id).where(t.c.wake_at <= now).order_by(t.c.number)).scalars())


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
        audience = Audience(row.audience) if row.audience else None
        known = frozenset(id for message in sent[row.id].values() for id in message.to)
        found.append(
            EventCase(
                id=row.id,
                title=row.title,
                day=date.fromisoformat(row.day) if row.day else None,
                at=time.fromisoformat(row.time) if row.time else None,
                place=row.place,
                audience=audience,
                stage=EventStage(row.stage),
                sequence=row.sequence,
                wanted=row.wanted,
                called_off=row.called_off,
                invitees=_invitees(db, audience, known) if audience else (),
                answers=answers(db, row.id),
                sent=sent[row.id],
            )
        )
    return tuple(found)


def answers(db: Connection, id: str) -> dict[str, Answer]:
    """The last answer of each person invited, by application."""
    t = tables.answer
    rows = db.execute(select(t.c.who, t.c.data).where(t.c.about == id).order_by(t.c.given_at, t.c.source))
    return {who: decode(EventAnswer, data).answer for who, data in rows.tuples()}


def _invitees(db: Connection, audience: Audience, known: frozenset[str]) -> tuple[Invitee, ...]:
    """Participants in the pool or in a pair, one application a person: the one already written to, else the oldest."""
    a, p = tables.application, tables.pairing
    running = p.c.stage.in_([stage.value for stage in RUNNING])
    paired = select(p.c.mentor_id).where(running).union(select(p.c.mentee_id).where(running))
    taking_part = (a.c.stage == ApplicationStage.ELIGIBLE.value) | a.c.id.in_(paired)
    gone = (ApplicationStage.WITHDRAWN.value, ApplicationStage.ON_HOLD.value)
    query = select(a).where(taking_part, a.c.stage.not_in(gone)).order_by(a.c.number)
    roles = {Audience.MENTORS: {Role.MENTOR}, Audience.MENTEES: {Role.MENTEE}, Audience.ALL: set(Role)}
    people: dict[str, list[tables.Row]] = defaultdict(list)
    for row in db.execute(query):
        if Role(row.role) in roles[audience] and reading_of(row).respondent.reachable:
            people[row.email].append(row)
    chosen = (min(rows, key=lambda row: (row.id not in known, row.number)) for rows in people.values())
    return tuple(Invitee(id=row.id, language=reading_of(row).respondent.mail_language) for row in chosen)
