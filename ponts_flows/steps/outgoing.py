"""Which messages leave next: most urgent first, then oldest, within what a day, a week and a reader can take.

Whoever had enough this week, is away or can't be reached waits, and holds up nobody else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, CompoundSelect, Connection, select

from ponts_flows.actions import AskCoordinator, Urgency
from ponts_flows.decide.calendar import in_sending_window
from ponts_flows.ledger import addresses, outbox, tables
from ponts_flows.ledger.outbox import Message
from ponts_flows.model import Role
from ponts_flows.steps.aside import Aside
from ponts_flows.steps.context import Pass
from ponts_flows.steps.recognise import recognise

MOST_A_PASS = 400
TOGETHER = 50
"""Messages that leave in one pass, and that are chosen at once: what is chosen is nobody else's."""

INTRODUCTION = "introduction"


def chosen(run: Pass, me: int, aside: Aside, tried: Collection[str]) -> tuple[Message, ...]:
    """The next messages to leave, claimed."""
    with run.ledger.transaction() as db:
        recognise(run, db)
        room = run.programme.daily_cap - outbox.left_since(db, run.now - timedelta(days=1))
        planned = outbox.planned(db, at_once_only=not in_sending_window(run.now, run.programme))
        # What was set aside before holds up nobody, not even by taking the room there is.
        waiting = sorted(
            (message for message in planned if message.key not in tried),
            key=lambda message: message.reference in aside.waiting,
        )
        return outbox.claim(db, within_limits(run, db, waiting, min(room, TOGETHER)), by=me)


def within_limits(run: Pass, db: Connection, waiting: Iterable[Message], room: int) -> tuple[Message, ...]:
    """The first that there is room for; whoever was sent enough this week waits, and holds up nobody else."""
    waiting, this_week = list(waiting), db.execute(_counted_this_week(run)).scalars().all()
    people = people_of(db, waiting)
    same = people.same
    recent = Counter(same.get(id, id) for recipients in this_week for id in recipients)
    dead = addresses.dead(db)
    chosen: list[Message] = []
    for message in _braked(run, db, waiting):
        if len(chosen) >= room and message.urgency != Urgency.NOW:
            break
        readers = [same.get(id, id) for id in message.recipients]
        back = back_at(message, people)
        if not dead.isdisjoint(readers) or (back is not None and back > run.now):
            continue
        if not (message.at_once or message.template == INTRODUCTION):
            if any(recent[reader] >= run.programme.weekly_messages for reader in readers):
                continue
            recent.update(readers)
        chosen.append(message)
    return tuple(chosen)


@dataclass(frozen=True, kw_only=True)
class People:
    """The readers of messages: their applications; and who is one person, the address written to, by application."""

    rows: Mapping[str, tables.Row]
    same: Mapping[str, str]


def people_of(db: Connection, messages: Iterable[Message]) -> People:
    """The readers of some messages. Someone who is mentor and mentee is one person."""
    t = tables.application
    rows = {row.id: row for row in _people(db, t.c.id, (id for one in messages for id in one.recipients))}
    both = _people(db, t.c.email, (row.email for row in rows.values()), t.c.role.in_(list(Role)))
    return People(rows=rows, same={row.id: row.email for row in both})


def back_at(message: Message, people: People) -> datetime | None:
    """Until when a reminder waits for whoever's automatic answer says when they are back."""
    if message.urgency != Urgency.REMINDER:
        return None
    until = [people.rows[id].absent_until for id in message.recipients if id in people.rows]
    return max((moment for moment in until if moment is not None), default=None)


def _braked(run: Pass, db: Connection, waiting: Sequence[Message]) -> Iterator[Message]:
    """Answers to mails received: one a day in a conversation, and so many an hour in all.

    Two machines that answer each other would go on for ever.
    """
    answers = [message for message in waiting if message.reply_to_message]
    if not answers:
        return iter(waiting)
    today = outbox.answered_since(db, run.now - timedelta(days=1))
    first = {message.reply_to_thread: message.key for message in reversed(answers)}
    free = [
        one for one in answers if one.reply_to_thread not in today and one.key == first[one.reply_to_thread]
    ]
    room = run.programme.replies_an_hour - len(outbox.answered_since(db, run.now - timedelta(hours=1)))
    if len(free) > room:
        run.tell(db, _brake(run, len(free) - max(0, room)))
    leaving = {message.key for message in free[: max(0, room)]}
    leaving |= {message.key for message in answers if message.urgency == Urgency.NOW}
    return (message for message in waiting if not message.reply_to_message or message.key in leaving)


def _brake(run: Pass, waiting: int) -> AskCoordinator:
    return AskCoordinator(
        key="brake",
        about="envois",
        subject=f"Frein : plus de {run.programme.replies_an_hour} réponses à des messages reçus en une heure ; "
        f"en attente : {waiting}",
        todo="Elles partent peu à peu. Regarder dans la messagerie si une machine nous répond sans fin.",
    )


def _counted_this_week(run: Pass) -> CompoundSelect[Any]:
    """To whom messages left this week, answers to their own action and introductions apart."""
    t = tables.message
    counted = (t.c.at_once.is_(False), t.c.template != INTRODUCTION)
    return outbox.leaving(run.now - timedelta(days=7), t.c.recipients, *counted)


def _people(
    db: Connection, column: Column[str], values: Iterable[str], *which: ColumnElement[bool]
) -> Iterator[tables.Row]:
    """The applications of some values of a column: the address written to, and until when they are absent."""
    t, wanted = tables.application, sorted(set(values))
    for start in range(0, len(wanted), MOST_A_PASS):
        here = column.in_(wanted[start : start + MOST_A_PASS])
        yield from db.execute(select(t.c.id, t.c.email, t.c.absent_until).where(here, *which))
