"""The messages of a mailbox: stored, found by id, relabelled, erased; the history records each change."""

# ruff: noqa: S608 -- the pieces joined are this module's own; what a caller wrote is always a parameter

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from ponts_flows.sandbox.errors import GoogleError, not_found
from ponts_flows.sandbox.gmail import history, mime, word_index
from ponts_flows.sandbox.gmail.labels import HIDING
from ponts_flows.sandbox.gmail.mailboxes import Mailbox
from ponts_flows.sandbox.store import Store

SNIPPET_LENGTH = 200


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What is indexed of a message: `date` in milliseconds, `snippet` not escaped, `number` the row's."""

    number: int
    id: str
    thread: str
    date: int
    history: int
    labels: tuple[str, ...]
    message_id: str
    sender: str
    recipients: str
    subject: str
    snippet: str
    size: int
    attachments: int


COLUMNS = ", ".join(f"m.{name}" for name in Stored.__dataclass_fields__)


def stored(row: Any) -> Stored:
    """A row of `COLUMNS` as a value."""
    return Stored(**{**dict(row), "labels": tuple(json.loads(row["labels"]))})


def find(store: Store, mailbox: Mailbox, id: str) -> Stored:
    """The message of that id; 400 for what can't be an id, 404 for one that is not there."""
    if not re.fullmatch(r"[0-9a-fA-F]{1,16}", id):
        raise GoogleError(400, "Invalid id value")
    row = store.db.execute(
        f"SELECT {COLUMNS} FROM gmail_message AS m WHERE mailbox = ? AND id = ?",
        (mailbox.number, id.lower()),
    ).fetchone()
    if row is None:
        raise not_found()
    return stored(row)


def find_some(store: Store, mailbox: Mailbox, ids: list[str]) -> list[Stored]:
    """The messages of these ids that are there."""
    marks = ", ".join("?" * len(ids))
    rows = store.db.execute(
        f"SELECT {COLUMNS} FROM gmail_message AS m WHERE mailbox = ? AND id IN ({marks})",
        (mailbox.number, *(id.lower() for id in ids)),
    ).fetchall()
    return [stored(row) for row in rows]


def in_thread(store: Store, mailbox: Mailbox, thread: str) -> list[Stored]:
    """The messages of a thread, oldest first; 400 for what can't be an id, 404 when there is none."""
    if not re.fullmatch(r"[0-9a-fA-F]{1,16}", thread):
        raise GoogleError(400, "Invalid id value")
    rows = store.db.execute(
        f"SELECT {COLUMNS} FROM gmail_message AS m WHERE mailbox = ? AND thread = ? ORDER BY date, number",
        (mailbox.number, thread.lower()),
    ).fetchall()
    if not rows:
        raise not_found()
    return [stored(row) for row in rows]


def content_of(store: Store, found: Stored) -> word_index.Content:
    """The content of a message, as it was indexed."""
    return word_index.kept(store, found.number, attachments=found.attachments)


def raw_of(store: Store, number: int) -> bytes:
    """The bytes of a message."""
    return bytes(store.db.execute("SELECT raw FROM gmail_raw WHERE message = ?", (number,)).fetchone()["raw"])


def add(
    store: Store,
    mailbox: Mailbox,
    raw: bytes,
    *,
    labels: Iterable[str],
    thread: str | None,
    date: int | None = None,
    content: word_index.Content | None = None,
) -> Stored:
    """Store a message, in a thread or as a new one, dated now unless told otherwise.

    `content` is for a caller who knows it from another copy: then the body is not read again.
    """
    message = mime.parse_headers(raw) if content else mime.parse(raw)
    content = content or word_index.content(message)
    now = history.milliseconds(store.now())
    id = _new_id(store, now)
    found = Stored(
        number=0,
        id=id,
        thread=thread or id,
        date=now if date is None else date,
        history=history.next_id(store, mailbox),
        labels=tuple(dict.fromkeys(labels)),
        message_id=next(iter(mime.message_ids(message, "Message-ID")), ""),
        sender=mime.decoded(mime.header(message, "From")),
        recipients=", ".join(str(person) for person in mime.addresses(message, "To", "Cc", "Bcc")),
        subject=mime.decoded(mime.header(message, "Subject")),
        snippet=_snippet(content.text),
        size=len(raw),
        attachments=content.attachments,
    )
    found = replace(found, number=_insert(store, mailbox, found))
    store.db.execute("INSERT INTO gmail_raw VALUES (?, ?)", (found.number, raw))
    word_index.add(store, mailbox, found.number, message, content)
    _list_under(store, mailbox, found, found.labels)
    _record(store, mailbox, found, "messageAdded", [])
    return found


def _new_id(store: Store, now: int) -> str:
    """16 hexadecimal digits that grow with time, as Gmail's do; no two are equal."""
    count = store.next_number("gmail/message")
    return f"{(now << 20 | count * 0x9E375 % (1 << 20)) % (1 << 64):016x}"


def _snippet(text: str) -> str:
    words = " ".join(text[: 20 * SNIPPET_LENGTH].split())
    return words if len(words) <= SNIPPET_LENGTH else words[:SNIPPET_LENGTH].rsplit(" ", 1)[0]


def _insert(store: Store, mailbox: Mailbox, found: Stored) -> int:
    values = {name: getattr(found, name) for name in Stored.__dataclass_fields__ if name != "number"}
    values |= {
        "mailbox": mailbox.number,
        "labels": json.dumps(found.labels),
        "hidden": _is_hidden(found.labels),
    }
    names = ", ".join(values)
    marks = ", ".join("?" * len(values))
    number = store.db.execute(
        f"INSERT INTO gmail_message ({names}) VALUES ({marks})",
        tuple(values.values()),
    ).lastrowid
    assert number is not None
    return number


def _is_hidden(labels: Iterable[str]) -> bool:
    return not HIDING.isdisjoint(labels)


def _list_under(store: Store, mailbox: Mailbox, found: Stored, labels: Iterable[str]) -> None:
    store.db.executemany(
        "INSERT INTO gmail_labelled VALUES (?, ?, ?, ?, ?)",
        [(mailbox.number, label, found.date, found.number, found.thread) for label in labels],
    )


def _unlist(store: Store, mailbox: Mailbox, found: Stored, labels: Iterable[str]) -> None:
    store.db.executemany(
        "DELETE FROM gmail_labelled WHERE mailbox = ? AND label = ? AND date = ? AND message = ?",
        [(mailbox.number, label, found.date, found.number) for label in labels],
    )


def _record(store: Store, mailbox: Mailbox, found: Stored, kind: str, changed: list[str]) -> None:
    message = (found.id, found.thread, list(found.labels))
    history.record(store, mailbox, found.history, kind, message=message, changed=changed)


def relabel(
    store: Store, mailbox: Mailbox, found: Stored, *, add: Iterable[str], remove: Iterable[str]
) -> Stored:
    """Add and remove labels; trash and spam take a message out of the inbox, and the inbox out of them."""
    adding, removing = set(add), set(remove)
    if adding & HIDING:
        removing |= {"INBOX"} | (HIDING - adding)
    elif "INBOX" in adding:
        removing |= HIDING
    removed = [label for label in found.labels if label in removing]
    added = [label for label in dict.fromkeys(add) if label not in found.labels]
    if not removed and not added:
        return found
    labels = tuple(label for label in found.labels if label not in removed) + tuple(added)
    changed = replace(found, labels=labels, history=history.next_id(store, mailbox))
    store.db.execute(
        "UPDATE gmail_message SET labels = ?, hidden = ?, history = ? WHERE number = ?",
        (json.dumps(labels), _is_hidden(labels), changed.history, found.number),
    )
    _unlist(store, mailbox, found, removed)
    _list_under(store, mailbox, found, added)
    if added:
        _record(store, mailbox, changed, "labelAdded", added)
    if removed:
        _record(store, mailbox, changed, "labelRemoved", removed)
    return changed


def erase(store: Store, mailbox: Mailbox, found: Stored) -> None:
    """Delete a message for good, and the draft it may be."""
    gone = replace(found, history=history.next_id(store, mailbox))
    _unlist(store, mailbox, found, found.labels)
    word_index.drop(store, found.number)
    store.db.execute("DELETE FROM gmail_raw WHERE message = ?", (found.number,))
    store.db.execute("DELETE FROM gmail_draft WHERE message = ?", (found.number,))
    store.db.execute("DELETE FROM gmail_message WHERE number = ?", (found.number,))
    _record(store, mailbox, gone, "messageDeleted", [])


def drop_label(store: Store, mailbox: Mailbox, label: str) -> None:
    """Delete a label of the user's and take it off every message."""
    rows = store.db.execute(
        f"SELECT {COLUMNS} FROM gmail_labelled AS l JOIN gmail_message AS m ON m.number = l.message "
        "WHERE l.mailbox = ? AND l.label = ?",
        (mailbox.number, label),
    ).fetchall()
    for row in rows:
        relabel(store, mailbox, stored(row), add=(), remove=(label,))
    store.db.execute("DELETE FROM gmail_label WHERE mailbox = ? AND id = ?", (mailbox.number, label))
