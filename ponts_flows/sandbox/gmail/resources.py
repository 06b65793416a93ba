"""Messages, threads and drafts as the JSON that Gmail sends."""

from __future__ import annotations

import base64
import hashlib
from email.message import Message
from typing import Any

from ponts_flows.sandbox.errors import GoogleError, not_found
from ponts_flows.sandbox.gmail import messages, mime
from ponts_flows.sandbox.gmail.drafts import Draft
from ponts_flows.sandbox.store import Store

Json = dict[str, Any]
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})


def snippet(text: str) -> str:
    """A snippet, escaped as Gmail does."""
    return text.translate(_ESCAPES)


def reference(found: messages.Stored) -> Json:
    """Just the ids."""
    return {"id": found.id, "threadId": found.thread}


def brief(found: messages.Stored) -> Json:
    """The ids and labels, as calls that change a message answer."""
    return reference(found) | ({"labelIds": list(found.labels)} if found.labels else {})


def message(store: Store, found: messages.Stored, *, format: str, headers: list[str]) -> Json:
    """A message in one of the four formats; `headers` names those wanted by `metadata`, all when empty."""
    resource = brief(found) | {
        "snippet": snippet(found.snippet),
        "sizeEstimate": found.size,
        "historyId": str(found.history),
        "internalDate": str(found.date),
    }
    if format == "minimal":
        return resource
    raw = messages.raw_of(store, found.number)
    if format == "raw":
        return resource | {"raw": base64.urlsafe_b64encode(raw).decode()}
    if format == "metadata":
        top = mime.parse_headers(raw)
        return resource | {"payload": {"mimeType": top.get_content_type(), "headers": _headers(top, headers)}}
    return resource | {"payload": _part(mime.parse(raw), "", found.id)}


def thread(store: Store, members: list[messages.Stored], *, format: str, headers: list[str]) -> Json:
    """A thread with its messages, oldest first."""
    return {
        "id": members[0].thread,
        "historyId": str(max(member.history for member in members)),
        "messages": [message(store, member, format=format, headers=headers) for member in members],
    }


def draft(store: Store, found: Draft, *, format: str) -> Json:
    """A draft with its message."""
    return {"id": found.id, "message": message(store, found.message, format=format, headers=[])}


def _headers(part: Message, wanted: list[str]) -> list[Json]:
    names = {name.lower() for name in wanted}
    return [
        {"name": name, "value": mime.decoded(value.strip())}
        for name, value in mime.header_pairs(part)
        if not names or name.lower() in names
    ]


def _part(part: Message, id: str, message_id: str) -> Json:
    resource: Json = {
        "partId": id,
        "mimeType": part.get_content_type(),
        "filename": mime.filename(part),
        "headers": _headers(part, []),
        "body": _body(part, id, message_id),
    }
    if part.is_multipart():
        prefix = f"{id}." if id else ""
        resource["parts"] = [
            _part(child, f"{prefix}{i}", message_id) for i, child in enumerate(mime.children(part))
        ]
    return resource


def _body(part: Message, id: str, message_id: str) -> Json:
    """A text comes with the part, in UTF-8; a file is fetched by its attachment id."""
    if part.is_multipart():
        if mime.filename(part):
            return {"attachmentId": attachment_id(message_id, id), "size": len(file_bytes(part))}
        return {"size": 0}
    if mime.filename(part) or part.get_content_maintype() != "text":
        return {"attachmentId": attachment_id(message_id, id), "size": len(mime.content(part))}
    data = mime.text_content(part).encode()
    return {"size": len(data)} | ({"data": base64.urlsafe_b64encode(data).decode()} if data else {})


def file_bytes(part: Message) -> bytes:
    """The bytes of an attachment; of a message attached, the message."""
    if part.is_multipart():
        return mime.crlf(b"".join(child.as_bytes() for child in mime.children(part)))
    return mime.content(part)


def attachment_id(message_id: str, part_id: str) -> str:
    """A long opaque id, the same at each call."""
    digest = hashlib.sha512(f"{message_id}/{part_id}".encode()).digest()
    return "ANGjdJ" + base64.urlsafe_b64encode(digest * 3).decode().rstrip("=")


def attachment(store: Store, found: messages.Stored, id: str) -> Json:
    """The bytes of an attachment; 400 for an id that is none of this message's."""
    for part_id, part in numbered_parts(mime.parse(messages.raw_of(store, found.number))):
        if attachment_id(found.id, part_id) == id:
            data = file_bytes(part)
            return {"size": len(data), "data": base64.urlsafe_b64encode(data).decode()}
    if not id:
        raise not_found()
    raise GoogleError(400, "Invalid attachment token")


def numbered_parts(part: Message, id: str = "") -> list[tuple[str, Message]]:
    """Every part of a message with its part id."""
    found = [(id, part)]
    if part.is_multipart():
        prefix = f"{id}." if id else ""
        for i, child in enumerate(mime.children(part)):
            found += numbered_parts(child, f"{prefix}{i}")
    return found
