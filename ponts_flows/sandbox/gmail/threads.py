"""Which conversation a message belongs to."""

from __future__ import annotations

import re
from email.message import Message

from ponts_flows.sandbox.errors import GoogleError, not_found
from ponts_flows.sandbox.gmail import messages, mime
from ponts_flows.sandbox.gmail.mailboxes import Mailbox
from ponts_flows.sandbox.store import Store


def asked(store: Store, mailbox: Mailbox, message: Message, thread: str | None) -> str | None:
    """The thread that a caller asked for, if the message may join it; None makes a new thread.

    Gmail wants all three: the thread's id, a matching subject, and a reference to one of its messages.
    400 for what can't be an id, 404 for a thread that is not there.
    """
    if not thread:
        return None
    if not re.fullmatch(r"[0-9a-fA-F]{1,16}", thread):
        raise GoogleError(400, "Invalid thread_id value")
    try:
        members = messages.in_thread(store, mailbox, thread)
    except GoogleError as error:
        raise not_found() from error
    references = set(mime.message_ids(message, "References", "In-Reply-To"))
    subject = mime.base_subject(mime.decoded(mime.header(message, "Subject")))
    if any(mime.base_subject(member.subject) == subject for member in members) and any(
        member.message_id in references for member in members
    ):
        return thread.lower()
    return None


def by_references(store: Store, mailbox: Mailbox, message: Message) -> str | None:
    """The thread of a message that arrives: one it refers to, under the same subject."""
    subject = mime.base_subject(mime.decoded(mime.header(message, "Subject")))
    for reference in reversed(mime.message_ids(message, "References", "In-Reply-To")):
        row = store.db.execute(
            "SELECT thread, subject FROM gmail_message WHERE mailbox = ? AND message_id = ?",
            (mailbox.number, reference),
        ).fetchone()
        if row is not None and mime.base_subject(row["subject"]) == subject:
            return str(row["thread"])
    return None
