"""Labels: Gmail's own and those people make; which a message may be given, and how they count."""

from __future__ import annotations

import json
import re
from typing import Any

from ponts_flows.sandbox.errors import GoogleError, not_found
from ponts_flows.sandbox.gmail.mailboxes import Mailbox
from ponts_flows.sandbox.store import Store

Json = dict[str, Any]

_HIDDEN = {"messageListVisibility": "hide", "labelListVisibility": "labelHide"}
SYSTEM: dict[str, Json] = {
    "CHAT": _HIDDEN,
    "SENT": {},
    "INBOX": {},
    "IMPORTANT": _HIDDEN,
    "TRASH": _HIDDEN,
    "DRAFT": {},
    "SPAM": _HIDDEN,
    "CATEGORY_FORUMS": _HIDDEN,
    "CATEGORY_UPDATES": _HIDDEN,
    "CATEGORY_PERSONAL": _HIDDEN,
    "CATEGORY_PROMOTIONS": _HIDDEN,
    "CATEGORY_SOCIAL": _HIDDEN,
    "STARRED": {},
    "UNREAD": {},
}
# Set by what happens to a message, never by a call.
_FIXED = frozenset(("SENT", "DRAFT", "CHAT"))
HIDING = frozenset(("SPAM", "TRASH"))
_RESERVED_NAMES = frozenset(
    [
        "inbox",
        "sent",
        "sentmail",
        "drafts",
        "draft",
        "spam",
        "trash",
        "chat",
        "chats",
        "starred",
        "unread",
        "important",
        "snoozed",
        "scheduled",
        "all",
        "allmail",
        "bin",
        "outbox",
        "voicemail",
        "muted",
    ]
)
_UNREAD = """
SELECT count(*) AS messages, count(DISTINCT u.thread) AS threads FROM gmail_labelled AS u
JOIN gmail_labelled AS l
    ON l.mailbox = u.mailbox AND l.label = ? AND l.date = u.date AND l.message = u.message
WHERE u.mailbox = ? AND u.label = 'UNREAD'
"""
_SETTINGS = ("messageListVisibility", "labelListVisibility", "color")


def all_labels(store: Store, mailbox: Mailbox) -> list[Json]:
    """Every label as a `Label` resource, system labels first."""
    system = [{"id": id, "name": id, **settings, "type": "system"} for id, settings in SYSTEM.items()]
    rows = store.db.execute(
        "SELECT * FROM gmail_label WHERE mailbox = ? ORDER BY length(id), id", (mailbox.number,)
    ).fetchall()
    return system + [_resource(row) for row in rows]


def _resource(row: Any) -> Json:
    return {"id": row["id"], "name": row["name"], **json.loads(row["settings"]), "type": "user"}


def one(store: Store, mailbox: Mailbox, id: str) -> Json:
    """One label; 404 when the mailbox has none of that id."""
    if id in SYSTEM:
        return {"id": id, "name": id, **SYSTEM[id], "type": "system"}
    row = store.db.execute(
        "SELECT * FROM gmail_label WHERE mailbox = ? AND id = ?", (mailbox.number, id)
    ).fetchone()
    if row is None:
        raise not_found()
    return _resource(row)


def with_counts(store: Store, mailbox: Mailbox, label: Json) -> Json:
    """The label with its numbers of messages and threads, all and unread."""
    totals = store.db.execute(
        "SELECT count(*) AS messages, count(DISTINCT thread) AS threads FROM gmail_labelled "
        "WHERE mailbox = ? AND label = ?",
        (mailbox.number, label["id"]),
    ).fetchone()
    fresh = store.db.execute(_UNREAD, (label["id"], mailbox.number)).fetchone()
    return {
        **label,
        "messagesTotal": totals["messages"],
        "messagesUnread": fresh["messages"],
        "threadsTotal": totals["threads"],
        "threadsUnread": fresh["threads"],
    }


def unread(store: Store, mailbox: Mailbox, id: str) -> int:
    """The number of unread messages under a label."""
    return int(store.db.execute(_UNREAD, (id, mailbox.number)).fetchone()["messages"])


def create(store: Store, mailbox: Mailbox, body: Json) -> Json:
    """Make a label; 400 for a name that can't be one, 409 for one that exists."""
    name = _checked_name(store, mailbox, str(body.get("name", "")), other_than=None)
    defaults = {"messageListVisibility": "show", "labelListVisibility": "labelShow"}
    settings = defaults | {key: body[key] for key in _SETTINGS if body.get(key)}
    with store.transaction() as db:
        id = f"Label_{store.next_number(f'gmail/label/{mailbox.number}')}"
        db.execute(
            "INSERT INTO gmail_label VALUES (?, ?, ?, ?)", (mailbox.number, id, name, json.dumps(settings))
        )
    return one(store, mailbox, id)


def change(store: Store, mailbox: Mailbox, id: str, body: Json, *, replace: bool) -> Json:
    """Rename or restyle a label of the user's; `replace` forgets what the body does not say."""
    label = one(store, mailbox, id)
    if label["type"] == "system":
        raise GoogleError(400, "Invalid update request")
    if body.get("id", id) != id:
        raise GoogleError(400, "Invalid label id")
    name = str(body.get("name", "" if replace else label["name"]))
    name = _checked_name(store, mailbox, name, other_than=id)
    kept = {} if replace else {key: label[key] for key in _SETTINGS if key in label}
    settings = kept | {key: body[key] for key in _SETTINGS if body.get(key)}
    with store.transaction() as db:
        db.execute(
            "UPDATE gmail_label SET name = ?, settings = ? WHERE mailbox = ? AND id = ?",
            (name, json.dumps(settings), mailbox.number, id),
        )
    return one(store, mailbox, id)


def _checked_name(store: Store, mailbox: Mailbox, name: str, *, other_than: str | None) -> str:
    name = name.strip()
    parts = name.split("/")
    folded = re.sub(r"[\s_-]+", "", name).casefold()
    if not name or len(name) > 225 or not all(part.strip() for part in parts) or folded in _RESERVED_NAMES:
        raise GoogleError(400, "Invalid label name")
    rows = store.db.execute(
        "SELECT id, name FROM gmail_label WHERE mailbox = ?", (mailbox.number,)
    ).fetchall()
    taken = {row["name"].casefold() for row in rows if row["id"] != other_than} | {
        id.casefold() for id in SYSTEM
    }
    if name.casefold() in taken:
        raise GoogleError(409, "Label name exists or conflicts", reason="aborted")
    return name


def check_changes(store: Store, mailbox: Mailbox, add: list[str], remove: list[str]) -> None:
    """Refuse what Gmail refuses: no change at all, unknown labels, SENT or DRAFT, both ways at once."""
    if not add and not remove:
        raise GoogleError(400, "No label add or removes specified")
    if len(add) > 100 or len(remove) > 100:
        raise GoogleError(400, "Too many labels")
    known = {label["id"] for label in all_labels(store, mailbox)} - _FIXED
    for id in [*add, *remove]:
        if id not in known:
            raise GoogleError(400, f"Invalid label: {id}")
    both = set(add) & set(remove)
    if both:
        raise GoogleError(400, f"Cannot both add and remove the same label: {min(both)}")


def search_key(name: str) -> str:
    """A label's name as it is written in a search: `Mentoring/À traiter` is `mentoring-à-traiter`."""
    return re.sub(r"[\s/_&-]+", "-", name.strip()).casefold()


def named(store: Store, mailbox: Mailbox, text: str) -> str | None:
    """The id of the label that a search names, by name or id; None when there is none."""
    wanted = search_key(text)
    for label in all_labels(store, mailbox):
        if wanted in (search_key(label["name"]), search_key(label["id"])):
            return str(label["id"])
    return None
