"""The mail that a report or a complaint is about: its identifiers, its words, and who complained of it."""

from __future__ import annotations

import re
from email.message import Message

from ponts_flows.mail.received import parts as p
from ponts_flows.mail.received.addresses import first_address, is_daemon
from ponts_flows.mail.received.opened import Opened

_TRACES = re.compile(
    r"received|arc-|dkim-|domainkey|authentication-|x-ms-|x-microsoft|x-forefront|x-g(?:m|oogle)-|x-ymail"
)
_LONGEST_HEADERS = 8_000
_MESSAGE_ID = re.compile(
    r"^[>\s]{0,8}(?:x-)?(?:original-)?message-id\s{0,3}:\s{0,80}(<[^<>\s]{1,990}>)",
    re.IGNORECASE | re.MULTILINE,
)
_COMPLAINANT = re.compile(
    r"^(?:original-rcpt-to|removal-recipient|x-hmxmroriginalrecipient)\s*:(.{1,500})",
    re.IGNORECASE | re.MULTILINE,
)
# Reports of this format that nobody clicked for.
_NOBODY = re.compile(r"^feedback-type\s*:\s*(?:auth-failure|not-spam|dmarc)", re.IGNORECASE | re.MULTILINE)


def about_ids(opened: Opened) -> tuple[str, ...]:
    """The Message-IDs of the mail that is returned, then those that the report answers; each once."""
    found: list[str] = []
    if opened.returned is not None:
        found += p.Headers(opened.returned).ids("Message-ID")
    status = opened.first_part("message/delivery-status", "message/disposition-notification")
    texts = (opened.said, _fields(status) if status is not None else "")
    found += [id for text in texts for id in _MESSAGE_ID.findall(text)]
    found += opened.headers.ids("In-Reply-To", "References")
    own = opened.headers.ids("Message-ID")
    return tuple(dict.fromkeys(id for id in found if id not in own))


def returned_text(opened: Opened) -> str:
    """What is returned, decoded: its headers without their traces, and its text; 20,000 characters at most."""
    message = opened.returned
    if message is None:
        return ""
    fields = (
        (name, p.decoded(value)) for name, value in p.Headers(message).fields if not _TRACES.match(name)
    )
    head = "\n".join(f"{name}: {value}" for name, value in fields)[:_LONGEST_HEADERS]
    return f"{head}\n\n{p.text_of(tuple(p.walk(message)))[0]}".strip("\n")[: p.TEXT]


def complainants(opened: Opened) -> tuple[str, ...]:
    """Who marked our mail as unwanted, as far as the report tells; canonical addresses."""
    part = opened.first_part("message/feedback-report")
    told = _fields(part) if part is not None else ""
    if _NOBODY.search(told):
        return ()
    headers = p.Headers(opened.returned) if opened.returned is not None else None
    lines = _COMPLAINANT.findall(told) + list(headers.all("X-HmXmrOriginalRecipient") if headers else ())
    found = [first_address(line) for line in lines]
    if not any(found) and headers is not None:
        found = [email for _, email in headers.addresses("To")]
    named = dict.fromkeys(email for email in found if email and not opened.is_ours(email))
    return tuple(email for email in named if not is_daemon(email))


def _fields(part: Message) -> str:
    """The lines of a report, however the library cut them into blocks."""
    blocks = p.inner(part)[:50]
    if not blocks:
        return p.part_text(part)
    lines = [f"{name}: {value}" for block in blocks for name, value in block.raw_items()]
    return "\n".join((*lines, *(p.raw_text(block)[:10_000] for block in blocks)))
