"""The body of a request: JSON, or the media of an upload with its metadata."""

from __future__ import annotations

import base64
import json
import re
from email import message_from_bytes
from email.message import Message
from typing import Any

from ponts_flows.sandbox import protocol
from ponts_flows.sandbox.errors import GoogleError


def body_of(
    route: protocol.Route, content_type: str, raw: bytes
) -> tuple[dict[str, Any], protocol.Upload | None]:
    """The JSON body and, of an upload, its media; 400 for what is neither."""
    if route.upload:
        return _upload(content_type, raw)
    if not raw:
        return {}, None
    try:
        body = json.loads(raw)
    except ValueError:
        message = (
            "Invalid JSON payload received. Unexpected token.\n" + raw[:30].decode("utf-8", "replace") + "\n^"
        )
        raise GoogleError(400, message) from None
    if not isinstance(body, dict):
        raise GoogleError(
            400, 'Invalid JSON payload received. Unknown name "": Root element must be a message.'
        )
    return body, None


def _upload(content_type: str, raw: bytes) -> tuple[dict[str, Any], protocol.Upload]:
    """A simple upload (the bytes alone) or a multipart/related one (JSON, then the bytes)."""
    if not content_type.startswith("multipart/"):
        return {}, protocol.Upload(content_type=content_type, data=raw)
    boundary = Message()
    boundary["Content-Type"] = content_type
    marker = b"--" + str(boundary.get_param("boundary", "")).encode()
    pieces = re.split(rb"(?:^|\r?\n)" + re.escape(marker) + rb"(?:--)?[ \t]*(?:\r?\n|$)", raw)[1:3]
    if len(pieces) != 2 or marker == b"--":
        raise GoogleError(400, "Multipart must have exactly two parts.", reason="badRequest")
    (_, metadata), (media_headers, media) = (_headers_and_content(piece) for piece in pieces)
    try:
        body = json.loads(metadata or b"{}")
    except ValueError:
        raise GoogleError(400, "Invalid JSON payload received.") from None
    return body, protocol.Upload(content_type=media_headers.get_content_type(), data=media)


def _headers_and_content(piece: bytes) -> tuple[Message, bytes]:
    """One part of a multipart upload; its content is taken as it is, a message/rfc822 too."""
    end = re.search(rb"(?:^|\r?\n)\r?\n", piece)
    headers = message_from_bytes(piece[: end.end()] if end else piece)
    content = piece[end.end() :] if end else b""
    return headers, base64.b64decode(content) if headers.get(
        "Content-Transfer-Encoding"
    ) == "base64" else content
