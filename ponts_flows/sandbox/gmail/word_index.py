"""What a message is found by: the words of its text and addresses, and its whole addresses.

Words wait beside their index until somebody searches: a draft is gone by then, and many are indexed at once.
"""

# ruff: noqa: S608 -- the pieces joined are this module's own; what a caller wrote is always a parameter

from __future__ import annotations

from dataclasses import dataclass
from email.message import Message
from typing import Any

from ponts_flows.sandbox.gmail import mime
from ponts_flows.sandbox.gmail.mailboxes import Mailbox
from ponts_flows.sandbox.store import Store

INDEXED_LENGTH = 200_000
_ROLES = (("from", "From"), ("to", "To"), ("cc", "Cc"), ("bcc", "Bcc"), ("deliveredto", "Delivered-To"))


@dataclass(frozen=True, kw_only=True)
class Content:
    """What the body of a message is found by: its readable text, cut to what is indexed, and its attachments."""

    text: str
    files: str
    attachments: int


def content(message: Message) -> Content:
    """The content of a whole message: the same under whatever headers the body travels."""
    attached = mime.attachments(message)
    return Content(
        text=mime.readable_text(message)[:INDEXED_LENGTH],
        files=" ".join(mime.filename(part) for part in attached),
        attachments=len(attached),
    )


def kept(store: Store, number: int, *, attachments: int) -> Content:
    """The content of a message that was indexed."""
    row = _row(store, number)
    return Content(text=row["body"], files=row["files"], attachments=attachments)


def _row(store: Store, number: int) -> Any:
    waiting = "SELECT body, files FROM gmail_text_waiting WHERE message = ?"
    indexed = "SELECT body, files FROM gmail_text WHERE rowid = ?"
    return store.db.execute(f"{waiting} UNION ALL {indexed}", (number, number)).fetchone()


def add(store: Store, mailbox: Mailbox, number: int, message: Message, content: Content) -> None:
    """Index a message under its row's number; headers other than subject and addresses are not searched.

    Its words wait for `catch_up`.
    """
    rows = [(role, person.email.lower()) for role, name in _ROLES for person in mime.addresses(message, name)]
    rows += [("list", id.strip("<>").lower()) for id in mime.message_ids(message, "List-Id")]
    store.db.executemany(
        "INSERT OR IGNORE INTO gmail_address VALUES (?, ?, ?, ?)",
        [(mailbox.number, address, role, number) for role, address in rows],
    )
    store.db.execute(
        "INSERT INTO gmail_text_waiting VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            number,
            f"b{mailbox.number}",
            mime.decoded(mime.header(message, "Subject")),
            content.text,
            _words(mime.addresses(message, "From", "Sender")),
            *(_words(mime.addresses(message, name)) for name in ("To", "Cc", "Bcc")),
            content.files,
        ),
    )


def catch_up(store: Store) -> None:
    """Index the words that wait. To be called before the word index is asked."""
    if store.db.execute("SELECT 1 FROM gmail_text_waiting LIMIT 1").fetchone() is None:
        return
    columns = "box, subject, body, sender, sent_to, sent_cc, sent_bcc, files"
    with store.transaction() as db:
        db.execute(
            f"INSERT INTO gmail_text (rowid, {columns}) SELECT message, {columns} FROM gmail_text_waiting"
        )
        db.execute("DELETE FROM gmail_text_waiting")


def _words(people: tuple[mime.Address, ...]) -> str:
    """What of addresses is found by a word: of one with a tag, its name and domain only, as in Gmail."""
    return " ".join(
        f"{person.name} {person.email.rpartition('@')[2] if '+' in person.email else person.email}"
        for person in people
    )


def drop(store: Store, number: int) -> None:
    """Forget a message."""
    store.db.execute("DELETE FROM gmail_address WHERE message = ?", (number,))
    store.db.execute("DELETE FROM gmail_text_waiting WHERE message = ?", (number,))
    store.db.execute("DELETE FROM gmail_text WHERE rowid = ?", (number,))


def text_of(store: Store, number: int) -> str:
    """The readable text of a message, as it was indexed."""
    return str(_row(store, number)["body"])
