"""The mails received: kept once, read once, with what each answered, what was done, and how it is filed."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, literal, select, text, update

from ponts_flows.ledger import remembered, tables
from ponts_flows.ledger.codec import encode

LINE = "mail/"
"""How the key of the line of À traiter begins that waits for a mail; the mail's identifier follows."""


@dataclass(frozen=True, kw_only=True)
class IncomingMail:
    """A mail received, raw as Gmail hands it out (base64url). `spam`: Gmail took it to be."""

    gmail_id: str
    thread_id: str
    received_at: datetime
    raw: str
    spam: bool = False

    @property
    def content(self) -> bytes:
        """The mail itself."""
        return base64.urlsafe_b64decode(self.raw + "==")


@dataclass(frozen=True, kw_only=True)
class Handled:
    """What came of a mail. `meaning` is what was done because of it, "" when nothing was; `file_as` its label."""

    outcome: str
    kind: str
    question: str | None = None
    reader: str | None = None
    meaning: str | None = None
    file_as: str | None = None


def store(db: Connection, mails: Iterable[IncomingMail]) -> int:
    """Keep the mails not seen before. Returns how many were new."""
    t = tables.incoming
    new = 0
    for mail in mails:
        if db.execute(select(t.c.gmail_id).where(t.c.gmail_id == mail.gmail_id)).first() is None:
            keep(db, mail)
            new += 1
    return new


def keep(db: Connection, mail: IncomingMail, **seen: Any) -> None:
    """Keep a mail that is not known yet, with what came of it where that is known."""
    values = encode(IncomingMail, mail) | {"received_at": mail.received_at} | seen
    db.execute(insert(tables.incoming).values(values))


def unhandled(db: Connection) -> tuple[IncomingMail, ...]:
    """The mails that wait, in the order they arrived."""
    t = tables.incoming
    rows = db.execute(select(t).where(t.c.handled_at.is_(None)).order_by(t.c.received_at, t.c.gmail_id))
    return tuple(_mail(row) for row in rows)


def of_line(db: Connection, key: str) -> tuple[IncomingMail, tables.Row] | None:
    """The mail that a line of À traiter waits for, and its record; None when it waits for none."""
    if not key.startswith(LINE):
        return None
    t = tables.incoming
    row = db.execute(select(t).where(t.c.gmail_id == key.removeprefix(LINE))).first()
    return (_mail(row), row) if row is not None else None


def _mail(row: tables.Row) -> IncomingMail:
    return IncomingMail(
        gmail_id=row.gmail_id,
        thread_id=row.thread_id,
        received_at=row.received_at,
        raw=row.raw,
        spam=row.spam,
    )


def mark_handled(db: Connection, gmail_id: str, handled: Handled, *, now: datetime) -> None:
    """Keep what came of a mail, in the transaction that carries it out."""
    t = tables.incoming
    db.execute(update(t).where(t.c.gmail_id == gmail_id).values(handled_at=now, **encode(Handled, handled)))
    if handled.question:
        remembered.outdated(db, tables.message, tables.message.c.key == handled.question)


def noted_since(db: Connection, question: str, reader: str, since: datetime) -> tuple[str, ...]:
    """What was done because of the mails by which someone answered a question since a moment."""
    t = tables.incoming
    theirs = (t.c.question == question, t.c.reader == reader, t.c.meaning.is_not(None))
    query = select(t.c.meaning).where(*theirs, t.c.handled_at > since).order_by(t.c.received_at)
    return tuple(db.execute(query).scalars())


def file_what_is_settled(db: Connection) -> None:
    """Have the mails that waited for a person filed as done, once their line in À traiter is closed."""
    t, r = tables.incoming, tables.to_review
    closed = select(r.c.key).where(r.c.key == literal(LINE) + t.c.gmail_id, r.c.closed_at.is_not(None))
    waiting = text("incoming.filed = 'waiting'")  # in the words of the index that holds these few
    db.execute(update(t).where(waiting, closed.exists()).values(file_as="done"))


def to_file(db: Connection) -> dict[str, list[str]]:
    """The mails whose label is still to be given, by label."""
    t = tables.incoming
    found: dict[str, list[str]] = {}
    for id, label in db.execute(select(t.c.gmail_id, t.c.file_as).where(t.c.file_as.is_not(None))).tuples():
        found.setdefault(str(label), []).append(id)
    return {label: sorted(ids) for label, ids in sorted(found.items())}


def filed(db: Connection, gmail_ids: Iterable[str], label: str) -> None:
    """These mails have their label."""
    t = tables.incoming
    for id in gmail_ids:
        there = (t.c.gmail_id == id, t.c.file_as == label)
        db.execute(update(t).where(*there).values(filed=label, file_as=None))
