"""What changed in a mailbox, in order; forgotten after a while, as Gmail does."""

# ruff: noqa: S608 -- the pieces joined are this module's own; what a caller wrote is always a parameter

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from ponts_flows.sandbox.errors import GoogleError, not_found
from ponts_flows.sandbox.gmail.mailboxes import Mailbox
from ponts_flows.sandbox.store import Store

Json = dict[str, Any]
RETENTION_DAYS = "gmail/history_retention_days"
DEFAULT_RETENTION_DAYS = 7
_FIELDS = {
    "messageAdded": "messagesAdded",
    "messageDeleted": "messagesDeleted",
    "labelAdded": "labelsAdded",
    "labelRemoved": "labelsRemoved",
}


def current(store: Store, mailbox: Mailbox) -> int:
    """The id of the last change of a mailbox."""
    row = store.db.execute("SELECT history FROM gmail_mailbox WHERE number = ?", (mailbox.number,)).fetchone()
    return int(row["history"])


def milliseconds(moment: datetime) -> int:
    """A moment as Gmail counts it: milliseconds since 1970."""
    return round(moment.timestamp() * 1000)


def next_id(store: Store, mailbox: Mailbox) -> int:
    """The id for a change about to be made."""
    row = store.db.execute(
        "UPDATE gmail_mailbox SET history = history + 1 WHERE number = ? RETURNING history", (mailbox.number,)
    ).fetchone()
    return int(row["history"])


def record(
    store: Store,
    mailbox: Mailbox,
    id: int,
    kind: str,
    *,
    message: tuple[str, str, list[str]],
    changed: list[str],
) -> None:
    """Keep one change of one message, given as its id, its thread and its labels after the change."""
    message_id, thread, labels = message
    store.db.execute(
        "INSERT INTO gmail_history VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            mailbox.number,
            id,
            milliseconds(store.now()),
            kind,
            message_id,
            thread,
            json.dumps(changed),
            json.dumps(labels),
        ),
    )


def forget_history(store: Store, before: datetime, *, mailbox: Mailbox | None = None) -> None:
    """Forget the changes made before a moment, in one mailbox or in all: older start ids then answer 404."""
    where, values = "at < ?", [milliseconds(before)]
    if mailbox is not None:
        where, values = where + " AND mailbox = ?", [*values, mailbox.number]
    with store.transaction() as db:
        db.execute(
            "UPDATE gmail_mailbox SET forgotten = old.id FROM "
            f"(SELECT mailbox, max(id) AS id FROM gmail_history WHERE {where} GROUP BY mailbox) AS old "
            "WHERE gmail_mailbox.number = old.mailbox",
            values,
        )
        db.execute(f"DELETE FROM gmail_history WHERE {where}", values)


def changes(
    store: Store, mailbox: Mailbox, *, start: int, kinds: list[str], label: str | None, after: int, limit: int
) -> tuple[list[Json], int | None]:
    """The records after `start` and after the last id of the previous page; the last id, if more follow.

    404 for a start that is forgotten or was never given out.
    """
    days = float(store.setting(RETENTION_DAYS, DEFAULT_RETENTION_DAYS))
    forget_history(store, store.now() - timedelta(days=days), mailbox=mailbox)
    row = store.db.execute(
        "SELECT history, forgotten FROM gmail_mailbox WHERE number = ?", (mailbox.number,)
    ).fetchone()
    if not row["forgotten"] <= start <= row["history"]:
        raise not_found()
    found: list[Json] = []
    rows = store.db.execute(
        "SELECT * FROM gmail_history WHERE mailbox = ? AND id > ? ORDER BY id, kind",
        (mailbox.number, max(start, after)),
    )
    for change in rows:
        if kinds and change["kind"] not in kinds:
            continue
        if label is not None and label not in json.loads(change["labels"]) + json.loads(change["changed"]):
            continue
        if found and int(found[-1]["id"]) == change["id"]:
            _add(found[-1], change)
        elif len(found) == limit:
            return found, int(found[-1]["id"])
        else:
            found.append(_add({"id": str(change["id"]), "messages": []}, change))
    return found, None


def _add(entry: Json, change: Any) -> Json:
    reference = {"id": change["message_id"], "threadId": change["thread"]}
    if reference not in entry["messages"]:
        entry["messages"].append(reference)
    labels = json.loads(change["labels"])
    item: Json = {"message": {**reference, **({"labelIds": labels} if labels else {})}}
    if change["kind"].startswith("label"):
        item["labelIds"] = json.loads(change["changed"])
    entry.setdefault(_FIELDS[change["kind"]], []).append(item)
    return entry


def start_of(text: str | None) -> int:
    """The start id of a call; 400 when there is none."""
    try:
        return int(text or "")
    except ValueError:
        raise GoogleError(400, "Missing/invalid parameter: startHistoryId") from None
