"""Mails of ours found in the mailbox, of messages that the ledger lost: each is given back to its message, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from ponts_flows.ledger import outbox, tables
from ponts_flows.ledger.outbox import UNDER_WAY, Status


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
    """Keep what was found and is not known yet."""
    f, t = tables.found_mail, tables.message
    ids = [mail.gmail_id for mail in mails]
    drafts = [mail.draft_id for mail in mails if mail.draft_id is not None]
    looked_for = ((f.c.gmail_id, ids), (t.c.gmail_id, ids), (t.c.draft_id, drafts))
    known = {
        id
        for column, some in looked_for
        for id in db.execute(select(column).where(column.in_(some))).scalars()
    }
    new = [mail for mail in mails if known.isdisjoint((mail.gmail_id, mail.draft_id))]
    if new:
        db.execute(insert(f), [asdict(mail) | {"addresses": list(mail.addresses)} for mail in new])


def waiting(db: Connection) -> tuple[FoundMail, ...]:
    """What was found and is no known message's; what left comes before drafts, the oldest first."""
    t = tables.found_mail
    rows = db.execute(select(t).order_by(t.c.draft_id.is_not(None), t.c.at, t.c.gmail_id)).mappings()
    return tuple(FoundMail(**{**row, "addresses": tuple(row["addresses"])}) for row in rows)


def tokens(db: Connection, *, since: datetime) -> list[str]:
    """The tokens of mails that left since a moment and are no known message's."""
    t = tables.found_mail
    return list(db.execute(select(t.c.token).where(t.c.draft_id.is_(None), t.c.at > since)).scalars())


def lacking(db: Connection) -> list[tables.Row]:
    """The messages whose mail is not known."""
    t = tables.message
    columns = (t.c.key, t.c.about, t.c.status, t.c.reference, t.c.recipients)
    return list(db.execute(select(*columns).where(t.c.gmail_id.is_(None)).order_by(t.c.key)))


def alike(db: Connection, *, subject: str, addresses: Sequence[str], since: datetime) -> datetime | None:
    """When a mail of no known message left for one of some addresses under a subject; None when none did."""
    for mail in waiting(db):
        same = mail.subject == subject and not set(mail.addresses).isdisjoint(addresses)
        if same and mail.draft_id is None and mail.at > since:
            return mail.at
    return None


def give_back(
    db: Connection, mail: FoundMail, message: tables.Row, reference: str, *, reason: str = ""
) -> bool:
    """Let a message know its mail. What was not known to have left has; False: a draft that is of no use.

    `reference` is the one the mail bears: answers name it, were the secret another one today. `reason`: why it was
    not addressed to whom it is for.
    """
    t = tables.message
    said: dict[str, object] = {"subject": mail.subject, "body": mail.body, "addresses": list(mail.addresses)}
    said |= {"reference": reference, "claimed_by": None}
    # A reason to hold it is none any more; why it was sent again still is.
    why = {"reason": reason} if reason or message.status == Status.HELD else {}
    if mail.draft_id is not None:
        if message.status not in UNDER_WAY:
            return False
        values = {"status": Status.DRAFTED, "draft_id": mail.draft_id, "attempted_at": mail.at, **why}
    else:
        values = {"gmail_id": mail.gmail_id, "thread_id": mail.thread_id}
        values["rfc_message_id"] = mail.rfc_message_id
        if message.status != Status.SENT:
            values |= dict.fromkeys(("attempted_at", "sending_at", "sent_at"), mail.at)
            values |= {"status": Status.SENT, **why}
    db.execute(update(t).where(t.c.key == message.key).values(**said, **values))
    db.execute(delete(tables.found_mail).where(tables.found_mail.c.gmail_id == mail.gmail_id))
    if mail.draft_id is None and message.status != Status.SENT:
        outbox.wake(db, message.about, mail.at)
    return True
