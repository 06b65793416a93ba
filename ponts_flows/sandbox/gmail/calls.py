"""What every Gmail call needs: whose mailbox, which raw message, which page of a list."""

from __future__ import annotations

import base64
from typing import Any

from ponts_flows.sandbox.access import PROJECT
from ponts_flows.sandbox.errors import GoogleError, forbidden
from ponts_flows.sandbox.gmail.mailboxes import Mailbox, canonical, open_mailbox
from ponts_flows.sandbox.gmail.search import Search
from ponts_flows.sandbox.protocol import Call
from ponts_flows.sandbox.schema import decode_base64

Json = dict[str, Any]
_MOST = 500
_METADATA_ONLY = "https://www.googleapis.com/auth/gmail.metadata"


def mailbox_of(call: Call) -> Mailbox:
    """The caller's mailbox; 403 for anyone else's, 400 for a service account that acts for nobody."""
    if call.caller.email.endswith(f"@{PROJECT}.iam.gserviceaccount.com"):
        raise GoogleError(
            400, "Precondition check failed.", status="FAILED_PRECONDITION", reason="failedPrecondition"
        )
    user = call.path["userId"]
    if user != "me" and canonical(user) != canonical(call.caller.email):
        raise forbidden(f"Delegation denied for {call.caller.email}")
    return open_mailbox(call.store, call.caller.email)


def raw_message(call: Call, resource: Json) -> tuple[bytes, str | None]:
    """The message that a call brings, as JSON or as an upload, and the thread it asks for."""
    raw = call.upload.data if call.upload is not None else decode_base64(resource.get("raw") or "")
    if not raw:
        message = "'raw' RFC822 payload message string or uploading message via /upload/* URL required"
        raise GoogleError(400, message)
    return raw, resource.get("threadId")


def search_of(call: Call) -> Search:
    """What a list call looks for."""
    text = call.query.get("q", "")
    if text and call.caller.scopes == {_METADATA_ONLY}:
        raise forbidden("Metadata scope does not support 'q' parameter")
    return Search(
        text=text,
        label_ids=tuple(call.query.get("labelIds", ())),
        include_spam_trash=call.query.get("includeSpamTrash", False),
    )


def wanted_format(call: Call) -> str:
    """The format asked for; the metadata scope alone does not show bodies."""
    chosen = str(call.query.get("format", "full")).lower()
    if chosen in ("full", "raw") and call.caller.scopes == {_METADATA_ONLY}:
        raise forbidden(f"Metadata scope doesn't allow format {chosen.upper()}")
    return chosen


def page_size(call: Call, *, most: int = _MOST) -> int:
    """How many items a page holds: 100 unless told otherwise, never above Google's limit."""
    size = int(call.query.get("maxResults", 100))
    return min(size, most) if size > 0 else 100


def page_token(*numbers: int) -> str:
    """An opaque token made of numbers."""
    return base64.urlsafe_b64encode(".".join(str(number) for number in numbers).encode()).decode().rstrip("=")


def page_start(call: Call, *, numbers: int) -> tuple[int, ...] | None:
    """The numbers of the page token of a call; None on the first page, 400 for a token never given out."""
    token = call.query.get("pageToken")
    if not token:
        return None
    try:
        found = tuple(int(part) for part in decode_base64(token).decode("ascii").split("."))
    except (ValueError, GoogleError):
        found = ()
    if len(found) != numbers:
        raise GoogleError(400, "Invalid pageToken")
    return found
