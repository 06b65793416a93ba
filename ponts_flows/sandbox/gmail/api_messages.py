"""`users.messages`: list, read, send, file, delete."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from itertools import islice
from typing import Any

from ponts_flows.sandbox.errors import GoogleError
from ponts_flows.sandbox.gmail import history, labels, messages, mime, resources, sending, threads
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
# Gmail's estimate is exact for a few results and no more than a hint beyond.
COUNTED = 201
_BATCH = 1000


@method("gmail.v1", "gmail.users.messages.list")
def list_messages(call: Call) -> Json:
    """One page of ids, newest first."""
    mailbox, size = mailbox_of(call), page_size(call)
    finder = Finder(call.store, mailbox, search_of(call))
    start = page_start(call, numbers=2)
    found = list(islice(finder.rows(before=None if start is None else (start[0], start[1])), size + 1))
    page = found[:size]
    answer: Json = {"messages": [resources.reference(item) for item in page]} if page else {}
    if len(found) > size:
        answer["nextPageToken"] = page_token(page[-1].date, page[-1].number)
    known = start is None and len(found) <= size
    return answer | {"resultSizeEstimate": len(found) if known else finder.count(at_most=COUNTED)}


@method("gmail.v1", "gmail.users.messages.get")
def get_message(call: Call) -> Json:
    """One message in the format asked for."""
    mailbox, chosen = mailbox_of(call), wanted_format(call)
    found = messages.find(call.store, mailbox, call.path["id"])
    return resources.message(call.store, found, format=chosen, headers=call.query["metadataHeaders"])


@method("gmail.v1", "gmail.users.messages.attachments.get")
def get_attachment(call: Call) -> Json:
    """The bytes of one attachment."""
    found = messages.find(call.store, mailbox_of(call), call.path["messageId"])
    return resources.attachment(call.store, found, call.path["id"])


@method("gmail.v1", "gmail.users.messages.send")
def send_message(call: Call) -> Json:
    """Send a message to the recipients in its headers."""
    mailbox = mailbox_of(call)
    raw, thread = raw_message(call, call.body)
    return resources.brief(sending.send_new(call.store, mailbox, raw, thread=thread))


@method("gmail.v1", "gmail.users.messages.insert")
def insert_message(call: Call) -> Json:
    """Put a message straight into the mailbox, as IMAP APPEND does: nothing is sent or scanned."""
    return _place(call, by_default="receivedTime")


@method("gmail.v1", "gmail.users.messages.import")
def import_message(call: Call) -> Json:
    """Put a message into the mailbox as if it had been received, dated by its Date header."""
    return _place(call, by_default="dateHeader")


def _place(call: Call, *, by_default: str) -> Json:
    mailbox = mailbox_of(call)
    raw, thread = raw_message(call, call.body)
    sending.check_size(raw)
    raw = mime.crlf(raw)
    headers = mime.parse_headers(raw)
    if not mime.header(headers, "Message-ID"):
        raw = mime.with_headers(raw, f"Message-ID: {sending.new_message_id()}".encode())
    chosen = list(call.body.get("labelIds") or ())
    known = {label["id"] for label in labels.all_labels(call.store, mailbox)}
    for id in chosen:
        if id not in known:
            raise GoogleError(400, f"Invalid label: {id}")
    joined = threads.asked(call.store, mailbox, headers, thread) or threads.by_references(
        call.store, mailbox, headers
    )
    dated = call.query.get("internalDateSource", by_default) == "dateHeader"
    date = _date_header(mime.header(headers, "Date")) if dated else None
    found = messages.add(call.store, mailbox, raw, labels=chosen, thread=joined, date=date)
    if call.query.get("deleted"):
        messages.erase(call.store, mailbox, found)
    return resources.brief(found)


def _date_header(text: str) -> int | None:
    try:
        return history.milliseconds(parsedate_to_datetime(text))
    except (ValueError, TypeError, OverflowError):
        return None


@method("gmail.v1", "gmail.users.messages.modify")
def modify_message(call: Call) -> Json:
    """Add and remove labels."""
    mailbox = mailbox_of(call)
    add, remove = label_changes(call)
    labels.check_changes(call.store, mailbox, add, remove)
    found = messages.find(call.store, mailbox, call.path["id"])
    return resources.brief(messages.relabel(call.store, mailbox, found, add=add, remove=remove))


def label_changes(call: Call) -> tuple[list[str], list[str]]:
    """The labels a call adds and removes."""
    return list(call.body.get("addLabelIds") or ()), list(call.body.get("removeLabelIds") or ())


@method("gmail.v1", "gmail.users.messages.batchModify")
def modify_messages(call: Call) -> None:
    """Add and remove labels on up to a thousand messages; ids that are not there are passed over."""
    mailbox = mailbox_of(call)
    add, remove = label_changes(call)
    labels.check_changes(call.store, mailbox, add, remove)
    for found in _batch(call):
        messages.relabel(call.store, mailbox, found, add=add, remove=remove)


@method("gmail.v1", "gmail.users.messages.batchDelete")
def delete_messages(call: Call) -> None:
    """Delete up to a thousand messages for good; ids that are not there are passed over."""
    mailbox = mailbox_of(call)
    for found in _batch(call):
        messages.erase(call.store, mailbox, found)


def _batch(call: Call) -> list[messages.Stored]:
    ids = list(call.body.get("ids") or ())
    if not ids:
        raise GoogleError(400, "No message ids specified")
    if len(ids) > _BATCH:
        raise GoogleError(400, f"Too many message ids, the limit is {_BATCH}")
    return messages.find_some(call.store, mailbox_of(call), ids)


@method("gmail.v1", "gmail.users.messages.trash")
def trash_message(call: Call) -> Json:
    """Move a message to the trash."""
    return _relabelled(call, add=("TRASH",), remove=())


@method("gmail.v1", "gmail.users.messages.untrash")
def untrash_message(call: Call) -> Json:
    """Take a message out of the trash."""
    return _relabelled(call, add=(), remove=("TRASH",))


def _relabelled(call: Call, *, add: tuple[str, ...], remove: tuple[str, ...]) -> Json:
    mailbox = mailbox_of(call)
    found = messages.find(call.store, mailbox, call.path["id"])
    return resources.brief(messages.relabel(call.store, mailbox, found, add=add, remove=remove))


@method("gmail.v1", "gmail.users.messages.delete")
def delete_message(call: Call) -> None:
    """Delete a message for good."""
    mailbox = mailbox_of(call)
    messages.erase(call.store, mailbox, messages.find(call.store, mailbox, call.path["id"]))
