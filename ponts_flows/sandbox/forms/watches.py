"""Forms v1 watches: kept and listed for seven days. Nothing is delivered: there is no Pub/Sub here."""

from __future__ import annotations

import re
import secrets
import sqlite3
from datetime import datetime, timedelta
from typing import Any

from ponts_flows.sandbox.errors import bad_request, not_found
from ponts_flows.sandbox.forms.api import API, opened
from ponts_flows.sandbox.forms.responses import nanoseconds, rfc3339
from ponts_flows.sandbox.protocol import Call, method

Json = dict[str, Any]
LIFETIME = timedelta(days=7)


def _watch_json(row: sqlite3.Row) -> Json:
    return {
        "id": row["id"],
        "target": {"topic": {"topicName": row["topic"]}},
        "eventType": row["event_type"],
        "createTime": rfc3339(nanoseconds(datetime.fromisoformat(row["created_at"]))),
        "expireTime": rfc3339(nanoseconds(datetime.fromisoformat(row["expires_at"]))),
        "state": "ACTIVE",
    }


def _project(call: Call) -> str:
    return call.caller.email.rpartition("@")[2]


def _fresh(call: Call, form_id: str) -> list[sqlite3.Row]:
    """The watches of the caller's project on a form that have not expired."""
    return call.store.db.execute(
        "SELECT * FROM form_watch WHERE form_id = ? AND project = ? AND expires_at > ?"
        " ORDER BY created_at, id",
        (form_id, _project(call), call.store.now().isoformat()),
    ).fetchall()


def _found(call: Call, form_id: str, id: str) -> sqlite3.Row:
    for row in _fresh(call, form_id):
        if row["id"] == id:
            return row
    raise not_found()


@method(API, "forms.forms.watches.create")
def create_watch(call: Call) -> Json:
    """Watch one kind of event of a form; a project has one watch per form and kind."""
    form = opened(call)
    watch = call.body.get("watch") or {}
    id = call.body.get("watchId") or "".join(secrets.choice("abcdefghijklmnop") for _ in range(20))
    topic = watch.get("target", {}).get("topic", {}).get("topicName", "")
    event = watch.get("eventType")
    if not re.fullmatch(r"[a-z-]{4,63}", id):
        raise bad_request(f"Invalid watch_id: {id}")
    if not re.fullmatch(r"projects/[^/]+/topics/[^/]+", topic) or event not in ("SCHEMA", "RESPONSES"):
        raise bad_request("watch.target.topic.topicName and watch.eventType are required.")
    if any(row["event_type"] == event or row["id"] == id for row in _fresh(call, form.id)):
        raise bad_request(
            f"A watch of this project on this form for {event}, or with the same ID, already exists."
        )
    now = call.store.now()
    call.store.db.execute(
        "INSERT OR REPLACE INTO form_watch VALUES (?, ?, ?, ?, ?, ?, ?)",
        (form.id, id, _project(call), event, topic, now.isoformat(), (now + LIFETIME).isoformat()),
    )
    return _watch_json(_found(call, form.id, id))


@method(API, "forms.forms.watches.list")
def list_watches(call: Call) -> Json:
    """The watches of the caller's project."""
    form = opened(call)
    found = [_watch_json(row) for row in _fresh(call, form.id)]
    return {"watches": found} if found else {}


@method(API, "forms.forms.watches.renew")
def renew_watch(call: Call) -> Json:
    """Seven more days from now."""
    form = opened(call)
    row = _found(call, form.id, call.path["watchId"])
    call.store.db.execute(
        "UPDATE form_watch SET expires_at = ? WHERE form_id = ? AND id = ?",
        ((call.store.now() + LIFETIME).isoformat(), form.id, row["id"]),
    )
    return _watch_json(_found(call, form.id, call.path["watchId"]))


@method(API, "forms.forms.watches.delete")
def delete_watch(call: Call) -> Json:
    """Stop watching."""
    form = opened(call)
    row = _found(call, form.id, call.path["watchId"])
    call.store.db.execute("DELETE FROM form_watch WHERE form_id = ? AND id = ?", (form.id, row["id"]))
    return {}
