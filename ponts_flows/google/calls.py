"""What a call to Google is: of which service, whether it changes anything, and what it costs of which limit."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit


class Limit(StrEnum):
    """What Google counts, a minute and user; `MESSAGES` is the programme's own."""

    SHEETS_READS = "reads of sheets"
    SHEETS_WRITES = "writes of sheets"
    FORMS_READS = "reads of forms"
    FORMS_RESPONSES = "lists of responses"
    FORMS_WRITES = "writes of forms"
    GMAIL_UNITS = "units of Gmail"
    MESSAGES = "messages sent"


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call. A batch is one, with the costs of all that it holds."""

    service: str
    changes: bool
    costs: Counter[Limit]
    batch: bool = False


_SERVICES = {"v4": "sheets", "v1": "forms", "gmail": "gmail", "upload": "gmail", "drive": "drive"}
# Questions that are too long for an address, and so are sent as POST.
_ASKING = re.compile(r":(getByDataFilter|batchGetByDataFilter)$|/developerMetadata:search$")
_RESPONSES = re.compile(r"/forms/[^/]+/responses$")
_PART = re.compile(r"^(GET|POST|PUT|PATCH|DELETE) (/\S+) HTTP/1\.1\r?$", re.MULTILINE)

# Gmail's units by method and end of path, the first that fits (developers.google.com/gmail/api/reference/quota).
_SEND = 100
_UNITS = tuple(
    (method, re.compile(path + "$"), units)
    for method, path, units in (
        ("POST", r"/(drafts|messages)/send", _SEND),
        ("GET", r"/(drafts|messages|threads)/[^/]+", 20),
        ("GET", r"/(drafts|messages)", 5),
        ("GET", r"/threads", 10),
        ("GET", r"/history", 2),
        ("GET", r"/(profile|labels|labels/[^/]+)", 1),
        ("POST", r"/drafts", 10),
        ("PUT", r"/drafts/[^/]+", 15),
        ("DELETE", r"/drafts/[^/]+", 10),
        ("POST", r"/messages/batchModify", 50),
        ("POST", r"/(messages|threads)/[^/]+/modify", 10),
        ("POST", r"/messages/(import|insert)", 25),
        ("POST", r"/labels", 5),
    )
)


def first_word(url: str) -> str:
    """How a call is counted: its service, or `batch`, or the first word of its path."""
    first = urlsplit(url).path.lstrip("/").split("/")[0]
    return _SERVICES.get(first, first)


def call_of(method: str, url: str, body: object = None) -> Call:
    """The call that a request makes; a batch is looked into."""
    if first_word(url) != "batch":
        return _one(method.upper(), urlsplit(url).path)
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else str(body)
    parts = [_one(part, path.partition("?")[0]) for part, path in _PART.findall(text)]
    costs: Counter[Limit] = Counter()
    for part in parts:
        costs.update(part.costs)
    return Call(
        service=parts[0].service if parts else "batch",
        changes=not parts or any(part.changes for part in parts),
        costs=costs,
        batch=True,
    )


def _one(method: str, path: str) -> Call:
    service = first_word(path)
    reads = method in ("GET", "HEAD") or bool(_ASKING.search(path))
    match service:
        case "sheets":
            costs = {Limit.SHEETS_READS if reads else Limit.SHEETS_WRITES: 1}
        case "forms" if reads and _RESPONSES.search(path):
            costs = {Limit.FORMS_RESPONSES: 1}
        case "forms":
            costs = {Limit.FORMS_READS if reads else Limit.FORMS_WRITES: 1}
        case "gmail":
            units = _units(method, path)
            costs = {Limit.GMAIL_UNITS: units} | ({Limit.MESSAGES: 1} if path.endswith("/send") else {})
        case _:
            costs = {}
    return Call(service=service, changes=not reads, costs=Counter(costs))


def _units(method: str, path: str) -> int:
    """What a call to Gmail costs; as much as the dearest when it is not known."""
    return next((units for verb, end, units in _UNITS if verb == method and end.search(path)), _SEND)
