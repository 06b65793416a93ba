"""`users.drafts`: write, change, list, send, delete."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import Any

from ponts_flows.sandbox.errors import GoogleError
from ponts_flows.sandbox.gmail import drafts, resources, sending
from ponts_flows.sandbox.gmail.api_messages import COUNTED
from ponts_flows.sandbox.gmail.calls import (
    mailbox_of,
    page_size,
    page_start,
    page_token,
    raw_message,
    search_of,
    wanted_format,
)
from ponts_flows.sandbox.gmail.search import Finder
from ponts_flows.sandbox.protocol import Call, method

Json = dict[str, Any]


def _content(call: Call) -> tuple[bytes, str | None]:
    message = call.body.get("message")
    if message is None and call.upload is None:
        raise GoogleError(400, "Missing draft message")
    return raw_message(call, message or {})


def _brief(draft: drafts.Draft) -> Json:
    return {"id": draft.id, "message": resources.brief(draft.message)}


@method("gmail.v1", "gmail.users.drafts.create")
def create_draft(call: Call) -> Json:
    """Keep a new draft."""
    mailbox = mailbox_of(call)
    raw, thread = _content(call)
    return _brief(drafts.create(call.store, mailbox, raw, thread=thread))


@method("gmail.v1", "gmail.users.drafts.update")
def update_draft(call: Call) -> Json:
    """Replace a draft's content."""
    mailbox = mailbox_of(call)
    raw, thread = _content(call)
    return _brief(drafts.update(call.store, mailbox, call.path["id"], raw, thread=thread))


@method("gmail.v1", "gmail.users.drafts.get")
def get_draft(call: Call) -> Json:
    """One draft in the format asked for."""
    found = drafts.find(call.store, mailbox_of(call), call.path["id"])
    return resources.draft(call.store, found, format=wanted_format(call))


@method("gmail.v1", "gmail.users.drafts.list")
def list_drafts(call: Call) -> Json:
    """One page of drafts, newest first."""
    mailbox, size = mailbox_of(call), page_size(call)
    finder = Finder(call.store, mailbox, replace(search_of(call), label_ids=("DRAFT",)))
    start = page_start(call, numbers=2)
    found = list(islice(finder.rows(before=None if start is None else (start[0], start[1])), size + 1))
    answer: Json = {}
    if found:
        answer["drafts"] = [
            {"id": drafts.id_of(call.store, item.number), "message": resources.reference(item)}
            for item in found[:size]
        ]
    if len(found) > size:
        answer["nextPageToken"] = page_token(found[size - 1].date, found[size - 1].number)
    return answer | {"resultSizeEstimate": finder.count(at_most=COUNTED)}


@method("gmail.v1", "gmail.users.drafts.send")
def send_draft(call: Call) -> Json:
    """Send a draft by its id, changed by a message that comes with it; without an id, send that message."""
    mailbox, id = mailbox_of(call), call.body.get("id")
    message = call.body.get("message") or {}
    if id:
        raw = raw_message(call, message)[0] if message.get("raw") or call.upload else None
        return resources.brief(drafts.send(call.store, mailbox, id, raw=raw))
    raw, thread = _content(call)
    return resources.brief(sending.send_new(call.store, mailbox, raw, thread=thread))


@method("gmail.v1", "gmail.users.drafts.delete")
def delete_draft(call: Call) -> None:
    """Delete a draft for good."""
    drafts.delete(call.store, mailbox_of(call), call.path["id"])
