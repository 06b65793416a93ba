"""`users.threads`: conversations as a whole."""

from __future__ import annotations

from typing import Any

from ponts_flows.sandbox.gmail import labels, messages, resources
from ponts_flows.sandbox.gmail.api_messages import COUNTED, label_changes
from ponts_flows.sandbox.gmail.calls import (
    mailbox_of,
    page_size,
    page_start,
    page_token,
    search_of,
    wanted_format,
)
from ponts_flows.sandbox.gmail.conversations import newest_of_threads
from ponts_flows.sandbox.gmail.search import Finder
from ponts_flows.sandbox.protocol import Call, method

Json = dict[str, Any]


@method("gmail.v1", "gmail.users.threads.list")
def list_threads(call: Call) -> Json:
    """One page of the threads that hold a message found, by their newest."""
    mailbox, size = mailbox_of(call), page_size(call)
    finder = Finder(call.store, mailbox, search_of(call))
    start = page_start(call, numbers=1)
    skipped = start[0] if start else 0
    found = newest_of_threads(finder, skip=skipped, limit=size + 1)
    answer: Json = {}
    if found:
        answer["threads"] = [
            {"id": item.thread, "snippet": resources.snippet(item.snippet), "historyId": str(item.history)}
            for item in found[:size]
        ]
    if len(found) > size:
        answer["nextPageToken"] = page_token(skipped + size)
    return answer | {"resultSizeEstimate": finder.count(at_most=COUNTED, threads=True)}


@method("gmail.v1", "gmail.users.threads.get")
def get_thread(call: Call) -> Json:
    """A thread with its messages."""
    mailbox, chosen = mailbox_of(call), wanted_format(call)
    members = messages.in_thread(call.store, mailbox, call.path["id"])
    return resources.thread(call.store, members, format=chosen, headers=call.query["metadataHeaders"])


@method("gmail.v1", "gmail.users.threads.modify")
def modify_thread(call: Call) -> Json:
    """Add and remove labels on all messages of a thread."""
    add, remove = label_changes(call)
    labels.check_changes(call.store, mailbox_of(call), add, remove)
    return _relabelled(call, add=add, remove=remove)


@method("gmail.v1", "gmail.users.threads.trash")
def trash_thread(call: Call) -> Json:
    """Move a thread to the trash."""
    return _relabelled(call, add=["TRASH"], remove=[])


@method("gmail.v1", "gmail.users.threads.untrash")
def untrash_thread(call: Call) -> Json:
    """Take a thread out of the trash."""
    return _relabelled(call, add=[], remove=["TRASH"])


def _relabelled(call: Call, *, add: list[str], remove: list[str]) -> Json:
    mailbox = mailbox_of(call)
    members = messages.in_thread(call.store, mailbox, call.path["id"])
    changed = [messages.relabel(call.store, mailbox, member, add=add, remove=remove) for member in members]
    return {"id": members[0].thread, "messages": [resources.brief(member) for member in changed]}


@method("gmail.v1", "gmail.users.threads.delete")
def delete_thread(call: Call) -> None:
    """Delete a thread and its messages for good."""
    mailbox = mailbox_of(call)
    for member in messages.in_thread(call.store, mailbox, call.path["id"]):
        messages.erase(call.store, mailbox, member)
