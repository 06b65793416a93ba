"""A received mail as a value: who, to whom, in which words; a machine's or not; authenticated or not.

Everything in it was written by a stranger until `trust.level` says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.utils import getaddresses, parsedate_to_datetime

from ponts_flows.mail.authentication import authentication
from ponts_flows.mail.flowed import unflowed
from ponts_flows.mail.htmltext import html_to_text
from ponts_flows.model import canonical_address

# What a reply says stands at its beginning; attachments of any size follow it.
_READ_BYTES = 4_000_000
_TEXT, _HTML = 20_000, 200_000
_MOST_PARTS = 500
_MOST_RECIPIENTS = 200
_MOST_REFERENCES = 100
_ID = re.compile(r"<[^<>\s]{1,990}>")
_REPORT_PARTS = frozenset(
    {
        "message/delivery-status",
        "message/global-delivery-status",
        "message/disposition-notification",
        "message/feedback-report",
    }
)
_DAEMONS = frozenset({"mailer-daemon", "postmaster", "mail-daemon"})
_AUTOMATIC = ("X-Autoreply", "X-Autorespond", "X-Autoresponse")


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """A received mail. Addresses are canonical, identifiers keep their angle brackets.

    `text` is at most 20,000 characters. `auto_reason` says why a machine wrote it, empty when a person seems
    to have. `problem` says what could not be read, empty when all was. `html` is the page that `text` was
    taken from, empty when it came as text.
    """

    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    from_address: str = ""
    from_name: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    delivered_to: tuple[str, ...] = ()
    subject: str = ""
    date: datetime | None = None
    text: str = ""
    html: str = ""
    auto_reason: str = ""
    authenticated: bool = False
    authentication_reason: str = ""
    problem: str = ""

    @property
    def auto(self) -> bool:
        """Written by a machine: a report, an absence, a list."""
        return bool(self.auto_reason)

    @property
    def recipients(self) -> tuple[str, ...]:
        """Every address it was sent or delivered to."""
        return tuple(dict.fromkeys((*self.to, *self.cc, *self.delivered_to)))


def parse(raw: bytes) -> Incoming:
    """Read a mail of any size, charset and form; never raises for what a stranger can send."""
    try:
        message = BytesParser(policy=policy.compat32).parsebytes(raw[:_READ_BYTES])
        return _incoming(message, truncated=len(raw) > _READ_BYTES)
    except Exception as error:
        # The library stumbles over forged mails in many ways: the value says so, and a person reads the mail.
        return Incoming(problem=f"the mail can't be read ({type(error).__name__})")


def _incoming(message: Message, *, truncated: bool) -> Incoming:
    headers = _Headers(message)
    parts = tuple(_parts(message))
    senders = headers.addresses("From")
    sender = senders[0] if len(senders) == 1 else ("", "")
    passed, why = authentication(headers.all("Authentication-Results"), sender[1])
    text, html = _text(parts)
    return Incoming(
        message_id=next(iter(headers.ids("Message-ID")), ""),
        in_reply_to=next(iter(headers.ids("In-Reply-To")), ""),
        references=headers.ids("References"),
        from_address=sender[1],
        from_name=sender[0],
        to=tuple(email for _, email in headers.addresses("To")),
        cc=tuple(email for _, email in headers.addresses("Cc")),
        delivered_to=tuple(
            email for _, email in headers.addresses("Delivered-To", "X-Original-To", "Envelope-To")
        ),
        subject=_decoded(headers.first("Subject")),
        date=_date(headers.first("Date")),
        text=text,
        html=html,
        auto_reason=_machine(headers, parts, sender[1]),
        authenticated=passed,
        authentication_reason=why,
        problem=_problem(senders=len(senders), text=text, truncated=truncated),
    )


class _Headers:
    """The header fields as they were sent, in order; bytes outside ASCII are read as UTF-8."""

    def __init__(self, message: Message) -> None:
        self._fields = tuple((name.casefold(), _plain(str(value))) for name, value in message.raw_items())

    def all(self, *names: str) -> tuple[str, ...]:
        wanted = {name.casefold() for name in names}
        return tuple(value for name, value in self._fields if name in wanted)

    def first(self, name: str) -> str:
        return next(iter(self.all(name)), "")

    def ids(self, name: str) -> tuple[str, ...]:
        return tuple(_ID.findall(" ".join(self.all(name))[:_TEXT])[-_MOST_REFERENCES:])

    def addresses(self, *names: str) -> tuple[tuple[str, str], ...]:
        """Pairs (name, canonical address)."""
        fields = [value[:_TEXT] for value in self.all(*names)[:_MOST_RECIPIENTS]]
        pairs = getaddresses(fields)[:_MOST_RECIPIENTS]
        return tuple((_decoded(name), canonical_address(email)) for name, email in pairs if "@" in email)


def _plain(value: str) -> str:
    text = value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return " ".join(text.replace("\0", "").split())


def _decoded(value: str) -> str:
    """A header's words, whatever charset they claim."""
    if "=?" not in value:
        return value
    chunks = (
        chunk if isinstance(chunk, str) else _in_charset(chunk, charset or "utf-8")
        for chunk, charset in decode_header(value[:_TEXT])
    )
    return " ".join("".join(chunks).replace("\0", "").split())


def _in_charset(data: bytes, charset: str) -> str:
    try:
        return data.decode(charset, "replace")
    except (LookupError, ValueError):
        # A charset that does not exist: UTF-8 when it is, else the Western one that never fails.
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return data.decode("cp1252", "replace")


def _date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _parts(message: Message) -> Iterator[Message]:
    """The parts in reading order, without those of mails that are attached or quoted as a whole."""
    waiting = [message]
    for _ in range(_MOST_PARTS):
        if not waiting:
            return
        part = waiting.pop()
        yield part
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            # Asked of a multipart alone: of any other, forged parameters stop the library.
            inner = part.get_payload()
            if isinstance(inner, list):
                waiting.extend(each for each in reversed(inner) if isinstance(each, Message))


def _text(parts: tuple[Message, ...]) -> tuple[str, str]:
    """The text that is read, and the page it was taken from when it was HTML."""
    for content_type in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() == content_type and part.get_content_disposition() != "attachment":
                text = _part_text(part)
                html = text[:_HTML] if content_type == "text/html" else ""
                text = html_to_text(html) if html else text
                if text.strip():
                    return text[:_TEXT], html
    return "", ""


def _part_text(part: Message) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    text = _in_charset(data, str(part.get_content_charset("utf-8")))
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    if part.get_content_type() == "text/plain" and str(part.get_param("format")).casefold() == "flowed":
        return unflowed(text[:_TEXT], delsp=str(part.get_param("delsp")).casefold() == "yes")
    return text


def _machine(headers: _Headers, parts: tuple[Message, ...], sender: str) -> str:
    """Why a machine wrote this, the surest sign first; empty when none shows."""
    types = [part.get_content_type() for part in parts]
    submitted = headers.first("Auto-Submitted").casefold()
    precedence = headers.first("Precedence").casefold()
    signs = (
        ("report", "multipart/report" in types or not _REPORT_PARTS.isdisjoint(types)),
        ("daemon", sender.partition("@")[0] in _DAEMONS or headers.first("Return-Path") == "<>"),
        ("auto-submitted", submitted not in ("", "no") and not submitted.startswith(("no ", "no;"))),
        ("auto-reply", bool(headers.all(*_AUTOMATIC)) or precedence == "auto_reply"),
        ("calendar", types[0] == "text/calendar" or "text/calendar" in types),
        ("list", bool(headers.all("List-Id", "List-Post")) or precedence in ("list", "bulk", "junk")),
    )
    return next((sign for sign, present in signs if present), "")


def _problem(*, senders: int, text: str, truncated: bool) -> str:
    if senders != 1:
        return f"the mail names {senders} senders instead of one"
    if not text:
        return "no text within the first 4 MB" if truncated else "the mail holds no text"
    return ""
