"""Drafts: kept under an id that stays while the message under it is replaced at each edit; gone once sent."""

# ruff: noqa: S608 -- the pieces joined are this module's own; what a caller wrote is always a parameter

from __future__ import annotations

import secrets
from dataclasses import dataclass
from email.message import Message

from ponts_flows.sandbox.errors import not_found
from ponts_flows.sandbox.gmail import messages, mime, sending, threads
from ponts_flows.sandbox.gmail.mailboxes import Mailbox
from ponts_flows.sandbox.store import Store


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A draft and the message it is at present."""

    id: str
    message: messages.Stored


def create(store: Store, mailbox: Mailbox, raw: bytes, *, thread: str | None) -> Draft:
    """Keep a new draft; its addresses must be readable, but may be missing."""
    headers = sending.checked(raw)
    joined = threads.asked(store, mailbox, headers, thread)
    with store.transaction():
        return _keep(store, mailbox, f"r{secrets.randbits(63) - (1 << 62)}", raw, headers, joined)


def _keep(store: Store, mailbox: Mailbox, id: str, raw: bytes, headers: Message, thread: str | None) -> Draft:
    final = sending.rewritten(store, mailbox, raw, headers)
    message = messages.add(store, mailbox, final, labels=("DRAFT",), thread=thread)
    store.db.execute("INSERT INTO gmail_draft VALUES (?, ?, ?)", (mailbox.number, id, message.number))
    return Draft(id=id, message=message)


def find(store: Store, mailbox: Mailbox, id: str) -> Draft:
    """The draft of that id; 404 when there is none, or no longer."""
    row = store.db.execute(
        f"SELECT {messages.COLUMNS} FROM gmail_draft AS d JOIN gmail_message AS m ON m.number = d.message "
        "WHERE d.mailbox = ? AND d.id = ?",
        (mailbox.number, id),
    ).fetchone()
    if row is None:
        raise not_found()
    return Draft(id=id, message=messages.stored(row))


def id_of(store: Store, number: int) -> str | None:
    """The id of the draft that a message is, given the message's row; None when it is none."""
    row = store.db.execute("SELECT id FROM gmail_draft WHERE message = ?", (number,)).fetchone()
    return None if row is None else str(row["id"])


def update(store: Store, mailbox: Mailbox, id: str, raw: bytes, *, thread: str | None) -> Draft:
    """Replace a draft's content, as a person's edit does: same draft id, new message id.

    Without a thread asked for, it stays in its thread while its subject stays.
    """
    old = find(store, mailbox, id)
    headers = sending.checked(raw)
    subject = mime.base_subject(mime.decoded(mime.header(headers, "Subject")))
    if thread and thread != old.message.thread:
        joined = threads.asked(store, mailbox, headers, thread)
    else:
        joined = old.message.thread if subject == mime.base_subject(old.message.subject) else None
    with store.transaction():
        messages.erase(store, mailbox, old.message)
        return _keep(store, mailbox, id, raw, headers, joined)


def send(store: Store, mailbox: Mailbox, id: str, *, raw: bytes | None = None) -> messages.Stored:
    """Send a draft, or what `raw` makes of it: it is gone, a message with a new id is in the same thread.

    A second time answers 404: there is no such draft any more.
    """
    draft = find(store, mailbox, id)
    if raw is not None:
        draft = update(store, mailbox, id, raw, thread=None)
    kept = messages.raw_of(store, draft.message.number)
    content = messages.content_of(store, draft.message)
    with store.transaction():
        messages.erase(store, mailbox, draft.message)
        return sending.send(store, mailbox, kept, thread=draft.message.thread, content=content)


def delete(store: Store, mailbox: Mailbox, id: str) -> None:
    """Delete a draft for good."""
    draft = find(store, mailbox, id)
    with store.transaction():
        messages.erase(store, mailbox, draft.message)
