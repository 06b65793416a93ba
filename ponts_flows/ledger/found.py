"""Mails of ours found in the mailbox, of messages that the ledger lost: each is given back to its message, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from ponts_flows.ledger import outbox, tables
from ponts_flows.ledger.outbox import Status

UNSENT = (Status.PLANNED, Status.DRAFTED, Status.SENDING)


@dataclass(frozen=True, kw_only=True)
class FoundMail:
    """A mail, or a draft when it has a `draft_id`; `token` is that of its reply address."""

    gmail_id: str
    draft_id: str | None
    thread_id: str
    token: str
    at: datetime
    rfc_message_id: str
    subject: str
    body: str
    addresses: tuple[str, ...]


def keep(db: Connection, mails: Sequence[FoundMail]) -> None:
    """Keep what was found."""
    if mails:
        rows = [asdict(mail) | {"addresses": list(mail.addresses)} for mail in mails]
        db.execute(insert(tables.found_mail), rows)


def waiting(db: Connection) -> tuple[FoundMail, ...]:
    """What was found and is no known message's; what left comes before drafts, the oldest first."""
    t = tables.found_mail
    rows = db.execute(select(t).order_by(t.c.draft_id.is_not(None), t.c.at, t.c.gmail_id)).mappings()
    return tuple(FoundMail(**{**row, "addresses": tuple(row["addresses"])}) for row in rows)


def messages(db: Connection, reference: str) -> list[tables.Row]:
    """The messages of a reference whose mail is not known."""
    t = tables.message
    lacking = (t.c.reference == reference, t.c.gmail_id.is_(None))
    return list(db.execute(select(t.c.key, t.c.about, t.c.status).where(*lacking).order_by(t.c.key)))


def give_back(db: Connection, mail: FoundMail, message: tables.Row) -> bool:
    """Let a message know its mail. What was not known to have left has; False: a draft that is of no use."""
    t = tables.message
    said = {"subject": mail.subject, "body": mail.body, "addresses": list(mail.addresses)}
    if mail.draft_id is not None:
        if message.status not in UNSENT:
            return False
        values = {"status": Status.DRAFTED, "draft_id": mail.draft_id, "attempted_at": mail.at, "reason": ""}
    else:
        values = {"gmail_id": mail.gmail_id, "thread_id": mail.thread_id}
        values["rfc_message_id"] = mail.rfc_message_id
        if message.status != Status.SENT:
            values |= dict.fromkeys(("attempted_at", "sending_at", "sent_at"), mail.at)
            values |= {"status": Status.SENT, "reason": ""}
    db.execute(update(t).where(t.c.key == message.key).values(**said, **values))
    db.execute(delete(tables.found_mail).where(tables.found_mail.c.gmail_id == mail.gmail_id))
    if mail.draft_id is None and message.status != Status.SENT:
        outbox.wake(db, message.about, mail.at)
    return True
