"""Several calls in one request: `multipart/mixed` of `application/http`, as Google's clients batch them."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import Message
from http import HTTPStatus

from fastapi import Request
from fastapi.responses import Response

from ponts_flows.sandbox.errors import GoogleError

LIMIT = 1000
Answer = Callable[[Request, bytes], Response]


def answered(request: Request, raw: bytes, answer: Answer) -> Response:
    """Run each call of a batch in turn and gather the answers; a call that fails does not stop the next."""
    # By the plain policy: the others read each header at length each time that it is asked for.
    outer = message_from_bytes(
        b"Content-Type: " + request.headers.get("content-type", "").encode("latin-1") + b"\r\n\r\n" + raw
    )
    parts = outer.get_payload()
    calls = [part for part in parts if isinstance(part, Message)] if isinstance(parts, list) else []
    if not 0 < len(calls) <= LIMIT:
        raise _malformed(f"{len(calls)} items, where 1 to {LIMIT} are taken")
    boundary = f"batch_{secrets.token_urlsafe(24)}"
    pieces = [_piece(part, request, answer) for part in calls]
    body = b"".join(b"--" + boundary.encode() + b"\r\n" + piece + b"\r\n" for piece in pieces)
    return Response(
        body + b"--" + boundary.encode() + b"--\r\n",
        headers={"Content-Type": f"multipart/mixed; boundary={boundary}"},
    )


def _piece(part: Message, outer: Request, answer: Answer) -> bytes:
    content = part.get_payload(decode=True)
    head, _, body = (
        (content if isinstance(content, bytes) else b"").replace(b"\r\n", b"\n").partition(b"\n\n")
    )
    line, _, headers = head.partition(b"\n")
    wanted = re.fullmatch(r"([A-Z]+) (/[^ ?]*)\??([^ ]*)(?: HTTP/1\.[01])?", line.decode("latin-1").strip())
    if wanted is None:
        raise _malformed("a part is no request")
    verb, path, query = wanted.groups()
    scope = {
        **outer.scope,
        "method": verb,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": list(_headers(message_from_bytes(headers + b"\n\n"), outer)),
    }
    result = answer(Request(scope), body)
    id = "".join(str(part.get("Content-ID", "")).splitlines()).strip("<> ")
    named = f"Content-ID: <response-{id}>\r\n" if id else ""
    status = f"HTTP/1.1 {result.status_code} {HTTPStatus(result.status_code).phrase}\r\n"
    lines = "".join(f"{name}: {value}\r\n" for name, value in result.headers.items())
    heading = f"Content-Type: application/http\r\n{named}\r\n{status}{lines}\r\n"
    return heading.encode("latin-1") + bytes(result.body)


def _malformed(why: str) -> GoogleError:
    return GoogleError(400, f"Failed to parse batch request, error: {why}.", reason="badRequest")


def _headers(inner: Message, outer: Request) -> Iterator[tuple[bytes, bytes]]:
    """The headers of one call; who calls is said once, for the whole batch."""
    for name, value in inner.items():
        yield name.lower().encode("latin-1"), str(value).encode("latin-1", "replace")
    authorization = outer.headers.get("authorization")
    if authorization is not None and "authorization" not in {name.lower() for name in inner}:
        yield b"authorization", authorization.encode("latin-1")
