"""`users`: the profile, the labels, the history, the addresses one may write from."""

from __future__ import annotations

from typing import Any

from ponts_flows.sandbox.errors import GoogleError
from ponts_flows.sandbox.gmail import history, labels, mailboxes, messages
from ponts_flows.sandbox.gmail.calls import mailbox_of, page_size, page_start, page_token
from ponts_flows.sandbox.protocol import Call, method

Json = dict[str, Any]


@method("gmail.v1", "gmail.users.getProfile")
def get_profile(call: Call) -> Json:
    """The address, the size of the mailbox, and where its history stands."""
    mailbox = mailbox_of(call)
    totals = call.store.db.execute(
        "SELECT count(*) AS messages, count(DISTINCT thread) AS threads FROM gmail_message WHERE mailbox = ?",
        (mailbox.number,),
    ).fetchone()
    return {
        "emailAddress": mailbox.address,
        "messagesTotal": totals["messages"],
        "threadsTotal": totals["threads"],
        "historyId": str(history.current(call.store, mailbox)),
    }


@method("gmail.v1", "gmail.users.history.list")
def list_history(call: Call) -> Json:
    """What changed since a history id; 404 when that is too old or unknown."""
    mailbox = mailbox_of(call)
    start = page_start(call, numbers=1)
    found, last = history.changes(
        call.store,
        mailbox,
        start=history.start_of(call.query.get("startHistoryId")),
        kinds=call.query["historyTypes"],
        label=call.query.get("labelId"),
        after=start[0] if start else 0,
        limit=page_size(call),
    )
    answer: Json = {"history": found} if found else {}
    if last is not None:
        answer["nextPageToken"] = page_token(last)
    return answer | {"historyId": str(history.current(call.store, mailbox))}


@method("gmail.v1", "gmail.users.labels.list")
def list_labels(call: Call) -> Json:
    """All labels, without their counts."""
    return {"labels": labels.all_labels(call.store, mailbox_of(call))}


@method("gmail.v1", "gmail.users.labels.get")
def get_label(call: Call) -> Json:
    """One label with its counts."""
    mailbox = mailbox_of(call)
    return labels.with_counts(call.store, mailbox, labels.one(call.store, mailbox, call.path["id"]))


@method("gmail.v1", "gmail.users.labels.create")
def create_label(call: Call) -> Json:
    """Make a label."""
    return labels.create(call.store, mailbox_of(call), call.body)


@method("gmail.v1", "gmail.users.labels.update")
def update_label(call: Call) -> Json:
    """Replace a label's name and settings."""
    return labels.change(call.store, mailbox_of(call), call.path["id"], call.body, replace=True)


@method("gmail.v1", "gmail.users.labels.patch")
def patch_label(call: Call) -> Json:
    """Change what the body names."""
    return labels.change(call.store, mailbox_of(call), call.path["id"], call.body, replace=False)


@method("gmail.v1", "gmail.users.labels.delete")
def delete_label(call: Call) -> None:
    """Delete a label and take it off every message."""
    mailbox, id = mailbox_of(call), call.path["id"]
    if labels.one(call.store, mailbox, id)["type"] == "system":
        raise GoogleError(400, "Invalid delete request")
    messages.drop_label(call.store, mailbox, id)


@method("gmail.v1", "gmail.users.settings.sendAs.list")
def list_send_as(call: Call) -> Json:
    """The addresses this mailbox may write from."""
    return {"sendAs": mailboxes.send_as(call.store, mailbox_of(call))}


@method("gmail.v1", "gmail.users.settings.sendAs.get")
def get_send_as(call: Call) -> Json:
    """One of them."""
    return mailboxes.one_send_as(call.store, mailbox_of(call), call.path["sendAsEmail"])


@method("gmail.v1", "gmail.users.settings.sendAs.create")
def create_send_as(call: Call) -> Json:
    """Add an alias, at once accepted as inside one domain."""
    mailbox = mailbox_of(call)
    address = str(call.body.get("sendAsEmail", "")).lower()
    if any(item["sendAsEmail"] == address for item in mailboxes.send_as(call.store, mailbox)):
        raise GoogleError(
            409, "The send-as address already exists", reason="duplicate", status="ALREADY_EXISTS"
        )
    return mailboxes.keep_send_as(call.store, mailbox, call.body, replace=True)


@method("gmail.v1", "gmail.users.settings.sendAs.patch")
def patch_send_as(call: Call) -> Json:
    """Change what the body names."""
    return _changed_send_as(call, replace=False)


@method("gmail.v1", "gmail.users.settings.sendAs.update")
def update_send_as(call: Call) -> Json:
    """Replace the settings of an address."""
    return _changed_send_as(call, replace=True)


def _changed_send_as(call: Call, *, replace: bool) -> Json:
    mailbox, address = mailbox_of(call), call.path["sendAsEmail"]
    mailboxes.one_send_as(call.store, mailbox, address)
    return mailboxes.keep_send_as(call.store, mailbox, call.body | {"sendAsEmail": address}, replace=replace)


@method("gmail.v1", "gmail.users.settings.sendAs.delete")
def delete_send_as(call: Call) -> None:
    """Remove an alias."""
    mailboxes.drop_send_as(call.store, mailbox_of(call), call.path["sendAsEmail"])
