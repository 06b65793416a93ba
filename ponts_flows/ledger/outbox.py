"""The path of a message: planned, drafted, sending, sent; or held, cancelled, failed.

Each step is committed before the next call is made, so that whoever runs next knows what may have happened.
Several may send from one ledger: each claims what it carries under its own number (`Ledger.sender`), and what is
claimed by a sender that is dead is anybody's again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Integer,
    Update,
    bindparam,
    select,
    union_all,
    update,
)

from ponts_flows.ledger import tables
from ponts_flows.model import Language

BATCH = 500
PREVIEW = "preview/"
"""How a preview is about something begins: then comes the text, or the message, that it shows."""


class Status(StrEnum):
    """Where a message stands. Stored: never renamed."""

    PLANNED = "planned"
    """To be sent when its turn comes; `attempted_at` set: a draft may exist."""
    DRAFTED = "drafted"
    """Its draft exists and is known; it has not left."""
    SENDING = "sending"
    """Handed over, answer not seen: it may or may not have left."""
    SENT = "sent"
    HELD = "held"
    """Waiting for a coordinator."""
    CANCELLED = "cancelled"
    FAILED = "failed"


UNDER_WAY = (Status.PLANNED, Status.DRAFTED, Status.SENDING)
"""Where a message is that has still to leave."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message on its way. `recipients` are identifiers of applications, or `coordinators`."""

    key: str
    reference: str
    about: str
    template: str
    languages: tuple[Language, ...]
    recipients: tuple[str, ...]
    values: dict[str, str]
    reply_to_message: str | None
    reply_to_thread: str | None
    urgency: int
    at_once: bool
    status: Status
    planned_at: datetime
    attempted_at: datetime | None
    draft_id: str | None
    sending_at: datetime | None
    kept_back: bool
    reason: str


def free(db: Connection, living: Collection[int]) -> None:
    """Give up the claims of senders that are dead."""
    t = tables.message
    claimed = db.execute(select(t.c.claimed_by).where(t.c.claimed_by.is_not(None)).distinct()).scalars()
    if dead := sorted(set(claimed) - set(living)):
        db.execute(update(t).where(t.c.claimed_by.in_(dead)).values(claimed_by=None, version=t.c.version))


def claim(db: Connection, waiting: Iterable[Message], *, by: int) -> tuple[Message, ...]:
    """Claim messages that nobody carries; returns those that were still to be had, in the same order."""
    t, waiting = tables.message, tuple(waiting)
    open_ones = select(t.c.key).where(t.c.key.in_([message.key for message in waiting]), *_unclaimed())
    mine = set(db.execute(open_ones.with_for_update(skip_locked=True)).scalars())
    taken = update(t).where(t.c.key.in_(mine)).values(claimed_by=by, version=t.c.version)
    if mine:
        db.execute(taken)
    return tuple(message for message in waiting if message.key in mine)


def _unclaimed() -> tuple[ColumnElement[bool], ...]:
    t = tables.message
    return (t.c.claimed_by.is_(None), t.c.status.in_(UNDER_WAY))


def under_way(db: Connection) -> tuple[Message, ...]:
    """Messages whose last call got no known answer, and that nobody carries: to be settled first."""
    t = tables.message
    begun = t.c.status.in_([Status.DRAFTED, Status.SENDING]) | (
        (t.c.status == Status.PLANNED) & t.c.attempted_at.is_not(None)
    )
    return tuple(_messages(db, begun & t.c.claimed_by.is_(None)))


def planned(db: Connection, *, at_once_only: bool) -> Iterator[Message]:
    """What may leave now and nobody carries, most urgent first, then oldest; out of hours what leaves at once."""
    t = tables.message
    wanted = (t.c.status == Status.PLANNED) & t.c.attempted_at.is_(None) & t.c.claimed_by.is_(None)
    wanted = wanted & t.c.kept_back.is_(False)
    if at_once_only:
        wanted = wanted & t.c.at_once.is_(True)
    return _messages(db, wanted)


def next_planned(db: Connection, most: int) -> tuple[Message, ...]:
    """The first of all that waits, whatever keeps it, most urgent first, then oldest."""
    t = tables.message
    waits = (t.c.status == Status.PLANNED) & t.c.attempted_at.is_(None)
    return tuple(islice(_messages(db, waits), most))


def among(db: Connection, keys: Collection[str]) -> tuple[Message, ...]:
    """Some messages of those that wait."""
    t, wanted = tables.message, sorted(keys)
    waits = (t.c.status == Status.PLANNED) & t.c.attempted_at.is_(None)
    parts = (wanted[start : start + BATCH] for start in range(0, len(wanted), BATCH))
    return tuple(message for part in parts for message in _messages(db, waits & t.c.key.in_(part)))


def _messages(db: Connection, wanted: ColumnElement[bool]) -> Iterator[Message]:
    t = tables.message
    query = select(t).where(wanted).order_by(t.c.urgency, t.c.planned_at, t.c.key)
    return (_message(row) for row in db.execute(query).mappings())


def _message(row: object) -> Message:
    data = dict(row)  # type: ignore[call-overload]
    names = Message.__dataclass_fields__
    values = {name: data[name] for name in names}
    values["languages"] = tuple(Language(language) for language in data["languages"])
    values["recipients"] = tuple(data["recipients"])
    values["status"] = Status(data["status"])
    return Message(**values)


def one(db: Connection, key: str) -> Message:
    """The message of a key."""
    (found,) = _messages(db, tables.message.c.key == key)
    return found


def left_since(db: Connection, since: datetime) -> int:
    """How many messages left, or are about to, since a moment."""
    return len(db.execute(leaving(since, tables.message.c.key)).all())


def leaving(since: datetime, what: ColumnElement[Any], *which: ColumnElement[bool]) -> CompoundSelect[Any]:
    """A column of the messages that left, or were being handed over, since a moment, and of those that are claimed."""
    t = tables.message
    handed_over = (t.c.status == Status.SENDING) & (t.c.sending_at > since)
    # Apart, as each is found by an index of its own; else all that ever left would be gone through.
    gone = select(what).where((t.c.sent_at > since) | (handed_over & t.c.claimed_by.is_(None)), *which)
    return union_all(gone, select(what).where(t.c.claimed_by.is_not(None), *which))


def answered_since(db: Connection, since: datetime) -> list[str]:
    """The conversations of the answers to mails that left, or are about to, since a moment."""
    t = tables.message
    answers = leaving(since, t.c.reply_to_thread, t.c.reply_to_message.is_not(None))
    return [str(thread) for thread in db.execute(answers).scalars()]


def attempting(db: Connection, key: str, *, by: int | None, now: datetime) -> bool:
    """Its sender is about to create a draft; False: somebody took or keeps it back, and another may carry it now."""
    return db.execute(_ATTEMPTING, {"of": key, "by": by, "at": now}).rowcount > 0


def drafted(
    db: Connection,
    key: str,
    *,
    draft_id: str | None,
    subject: str,
    body: str,
    addresses: tuple[str, ...],
    reason: str = "",
) -> None:
    """The draft exists, or did (None: it is gone and its mail left); what it says is kept, to read replies by.

    `reason`: why it is not addressed to whom it is for.
    """
    _set(
        db,
        key,
        status=Status.DRAFTED,
        draft_id=draft_id,
        subject=subject,
        body=body,
        addresses=list(addresses),
        **({"reason": reason} if reason else {}),
    )


def sending(db: Connection, key: str, *, now: datetime) -> None:
    """The draft is about to be handed over. Must be committed before the call: see DESIGN, order of writes."""
    _set(db, key, status=Status.SENDING, sending_at=now)


def start_again(db: Connection, key: str) -> None:
    """No draft was made: the message is as it was planned."""
    _set(db, key, status=Status.PLANNED, attempted_at=None, draft_id=None, claimed_by=None)


def sent(db: Connection, key: str, *, gmail_id: str, thread_id: str, now: datetime) -> None:
    """It left. Whatever it is about is looked at again at the next pass."""
    _set(db, key, status=Status.SENT, gmail_id=gmail_id, thread_id=thread_id, sent_at=now, claimed_by=None)
    wake(db, db.execute(_ABOUT, {"of": key}).scalar_one(), now)


def wake(db: Connection, about: str, at: datetime | None) -> None:
    """Look again at an application, a pairing or an event at a moment; at anything else there is nothing to look at.

    Nothing that the board shows: its row is not out of date for it.
    """
    if about[0] in _WAKING:
        db.execute(_WAKING[about[0]], {"of": about, "at": at})


def without_message_id(db: Connection) -> dict[str, str]:
    """The messages that left and whose real Message-ID is not known yet: their Gmail ids by key."""
    t = tables.message
    # Said as the index of these few says it, and in no order: else all that ever left would be gone through.
    left = (t.c.gmail_id.is_not(None), t.c.rfc_message_id.is_(None))
    return dict(sorted(db.execute(select(t.c.key, t.c.gmail_id).where(*left)).tuples()))


def name(db: Connection, ids: Mapping[str, str]) -> None:
    """Keep the real Message-ID of messages, by key; nothing that the board shows."""
    t = tables.message
    named = (
        update(t)
        .where(t.c.key == bindparam("of"))
        .values(rfc_message_id=bindparam("id"), version=t.c.version)
    )
    db.execute(named, [{"of": key, "id": id} for key, id in ids.items()])


def stopped(db: Connection, key: str, status: Status, reason: str) -> None:
    """It will not leave by itself: held, cancelled or failed, with the reason."""
    _set(db, key, status=status, reason=reason, claimed_by=None)


# Made once, as they are run for each message that leaves.
_ATTEMPTING = (
    update(tables.message)
    .where(
        tables.message.c.key == bindparam("of"),
        tables.message.c.status == Status.PLANNED,
        tables.message.c.kept_back.is_(False),
        tables.message.c.attempted_at.is_(None),
        tables.message.c.claimed_by.is_not_distinct_from(bindparam("by", type_=Integer)),
    )
    .values(attempted_at=bindparam("at"))
)
_ABOUT = select(tables.message.c.about).where(tables.message.c.key == bindparam("of"))
_WAKING = {
    kind: update(table)
    .where(table.c.id == bindparam("of"))
    .values(wake_at=bindparam("at"), version=table.c.version)
    for kind, table in (("P", tables.pairing), ("E", tables.event), ("A", tables.application))
}


def _set(db: Connection, key: str, among: tuple[Status, ...] = (), /, **values: object) -> bool:
    """Set columns of a message, if it is at one of some statuses; returns whether it was."""
    given = {"of": key, **{f"to_{name}": value for name, value in values.items()}}
    return db.execute(_setting(tuple(values), among), given).rowcount > 0


@cache
def _setting(names: tuple[str, ...], among: tuple[Status, ...]) -> Update:
    """The statement that sets columns of a message; made once, as it is run for each step of each message."""
    t = tables.message
    there = (t.c.key == bindparam("of"), *((t.c.status.in_(among),) if among else ()))
    return update(t).where(*there).values({name: bindparam(f"to_{name}") for name in names})
