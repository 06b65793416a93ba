"""When each message that waits leaves, at the earliest, and what it waits for: the rules of `outgoing`, told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from ponts_flows.decide.calendar import next_opening
from ponts_flows.ledger import addresses, outbox, tables
from ponts_flows.ledger.outbox import Message
from ponts_flows.steps.context import Pass
from ponts_flows.steps.outgoing import INTRODUCTION, People, back_at, people_of

WEEK = timedelta(days=7)
KEPT_BACK = "Retenu par la coordination."
NO_ADDRESS = "Son adresse ne reçoit plus rien : voir À traiter."
ABSENT = "Rappel qui attend son retour : absence dite par sa réponse automatique."
FULL = "Le plafond de messages par jour est atteint : il part dès qu'il y a de la place."


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """When a message leaves at the earliest (None: nobody can tell); what it waits for, "" when only for its turn."""

    at: datetime | None
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class _Now:
    """What decides when something leaves: its readers, when they were last written to, who can't be, and the caps."""

    people: People
    heard: Mapping[str, Sequence[datetime]]
    dead: frozenset[str]
    full: bool


def leaving(run: Pass, db: Connection, waiting: Sequence[Message]) -> dict[str, Leaving]:
    """What can be said of messages that wait; it stays the same from pass to pass as long as nothing happens."""
    if not waiting:
        return {}
    people = people_of(db, waiting)
    now = _Now(
        people=people,
        heard=_heard_this_week(run, db, people),
        dead=addresses.dead(db),
        full=outbox.left_since(db, run.now - timedelta(days=1)) >= run.programme.daily_cap,
    )
    return {message.key: _one(run, message, now) for message in waiting}


def _one(run: Pass, message: Message, now: _Now) -> Leaving:
    readers = [now.people.same.get(id, id) for id in message.recipients]
    if message.kept_back:
        return Leaving(at=None, why=KEPT_BACK)
    if not now.dead.isdisjoint(readers):
        return Leaving(at=None, why=NO_ADDRESS)
    if (back := back_at(message, now.people)) is not None and back > run.now:
        return Leaving(at=next_opening(back, run.programme), why=ABSENT)
    if message.at_once:
        return Leaving(at=message.planned_at)
    free = _free_at(run, message, [now.heard.get(reader, ()) for reader in readers])
    if free is not None:
        most = run.programme.weekly_messages
        return Leaving(
            at=next_opening(free, run.programme), why=f"Déjà {most} messages en sept jours à cette personne."
        )
    return Leaving(at=next_opening(message.planned_at, run.programme), why=FULL if now.full else "")


def _free_at(run: Pass, message: Message, heard: Sequence[Sequence[datetime]]) -> datetime | None:
    """When its readers may be written to again; None: they may now."""
    most = run.programme.weekly_messages
    if message.template == INTRODUCTION:
        return None
    return max((times[-most] + WEEK for times in heard if len(times) >= most), default=None)


def _heard_this_week(run: Pass, db: Connection, people: People) -> dict[str, list[datetime]]:
    """When what counts left to each of some people, oldest first."""
    t = tables.message
    counted = (t.c.at_once.is_(False), t.c.template != INTRODUCTION, t.c.sent_at > run.now - WEEK)
    found: dict[str, list[datetime]] = defaultdict(list)
    for recipients, sent_at in db.execute(select(t.c.recipients, t.c.sent_at).where(*counted)).tuples():
        for id in recipients:
            if id in people.same:
                found[people.same[id]].append(sent_at)
    return {reader: sorted(times) for reader, times in found.items()}
