"""A composed mail as the bytes that leave: headers, text, HTML, attachments.

The header lines are written here, not by `email.policy`: it folds long identifiers into encoded words,
which breaks threads, and, told not to, makes encoded words longer than the 75 characters of RFC 2047.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.header import Header
from email.message import EmailMessage
from email.utils import format_datetime

from ponts_flows.errors import PontsError
from ponts_flows.mail.compose import Composed

_ADDRESS = re.compile(r"[^\s<>()\[\],;:\\\"@\x00-\x1f\x7f]+@[^\s<>()\[\],;:\\\"@\x00-\x1f\x7f]+")
_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]+>")
_PHRASE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_LONGEST_ID = 900
_KEPT_REFERENCES = 20
_ATTACHED = policy.SMTP.clone(max_line_length=76)  # RFC 2045, as the bodies' quoted-printable


class MailError(PontsError):
    """A mail can't be written: an address, an identifier or a header value is not one."""


@dataclass(frozen=True, kw_only=True)
class Address:
    """An e-mail address, with the name to show if any."""

    email: str
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file that goes with a mail; `content_type` such as `application/pdf`."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class CalendarFile:
    """A meeting as an iCalendar file; `method` says what it asks for, as the file itself does."""

    method: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A composed mail with everything its envelope and headers say.

    `now` is aware. `unsubscribe` is an address that carries a token, or an https URL. `in_reply_to` and
    `references` are the real Message-IDs, between angle brackets, oldest first. `calendar` goes twice: as a
    part that calendars act on, and as a file that people open. `redirected`: in a trial, to somebody else than
    whom it is for.
    """

    composed: Composed
    sender: Address
    to: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    now: datetime
    unsubscribe: str
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    calendar: CalendarFile | None = None
    redirected: bool = False


def message_bytes(letter: Letter) -> bytes:
    """The mail as RFC 5322 bytes, the same for the same letter; MailError when a header can't be written."""
    head = "".join(f"{name}: {value}\r\n" for name, value in _headers(letter))
    return head.encode() + _body(letter)


def _headers(letter: Letter) -> Iterator[tuple[str, str]]:
    if letter.now.tzinfo is None:
        raise MailError("The date of a mail must say its time zone.")
    reference = letter.composed.reference
    yield "From", _addresses((letter.sender,), "From")
    yield "To", _addresses(letter.to, "To")
    yield "Reply-To", _addresses(letter.reply_to, "Reply-To")
    yield "Subject", _words(letter.composed.subject, "Subject")
    yield "Date", format_datetime(letter.now)
    yield "Message-ID", _id(f"<{reference.lower()}@{letter.sender.email.rpartition('@')[2]}>")
    if letter.in_reply_to:
        yield "In-Reply-To", _id(letter.in_reply_to)
    if letter.references:
        yield "References", "\r\n ".join(_id(each) for each in letter.references[-_KEPT_REFERENCES:])
    yield "Content-Language", ", ".join(language.value for language in letter.composed.languages)
    yield "Auto-Submitted", "auto-generated"
    # Never "All": it would stop the reports of what could not be delivered.
    yield "X-Auto-Response-Suppress", "DR, RN, NRN, AutoReply"
    yield from _unsubscribe(letter.unsubscribe)


def _unsubscribe(where: str) -> Iterator[tuple[str, str]]:
    if where.startswith("https://"):
        yield "List-Unsubscribe", _id(f"<{where}>")
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"
    else:
        yield "List-Unsubscribe", f"<mailto:{checked_email(where, 'List-Unsubscribe')}?subject=STOP>"


def _addresses(addresses: tuple[Address, ...], header: str) -> str:
    if not addresses:
        raise MailError(f"{header} needs an address.")
    return ",\r\n ".join(_address(address, header) for address in addresses)


def _address(address: Address, header: str) -> str:
    email = checked_email(address.email, header)
    if not address.name:
        return email
    name = _one_line(address.name)
    if name.isascii() and len(name) <= 60:
        shown = name if _PHRASE.fullmatch(name) else '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
        # Something that reads as an encoded word would be decoded by the reader's client: encode it as text.
        if "=?" not in name:
            return f"{shown} <{email}>"
    return f"{_encoded(name, header)} <{email}>"


def checked_email(email: str, header: str) -> str:
    """The address itself; MailError, which names the header it was meant for, when it is none."""
    # The address itself stays out of the message: it would end in a log.
    if not _ADDRESS.fullmatch(email) or len(email) > 254:
        raise MailError(f"{header} holds something that is not an e-mail address.")
    return email


def can_be_named(message_id: str) -> bool:
    """Whether a received mail's Message-ID can stand in our headers."""
    return (
        bool(_MESSAGE_ID.fullmatch(message_id)) and len(message_id) <= _LONGEST_ID and "=?" not in message_id
    )


def _id(text: str) -> str:
    if not can_be_named(text):
        raise MailError("An identifier of a mail must be ASCII, without blanks, between < and >.")
    return text


def _words(text: str, header: str) -> str:
    plain = _one_line(text)
    return plain if plain.isascii() and len(plain) <= 60 and "=?" not in plain else _encoded(plain, header)


def _encoded(text: str, header: str) -> str:
    return Header(text, "utf-8", maxlinelen=75, header_name=header).encode(linesep="\r\n")


def _one_line(text: str) -> str:
    """A header value can't start another header: line breaks and controls become blanks."""
    return " ".join("".join(c if c.isprintable() or c == "\u200d" else " " for c in text).split())


def _body(letter: Letter) -> bytes:
    """The parts and the headers that say what they are, written here too: it takes a fifth of the time."""
    parts, files = [_text_part(letter.composed.text, "plain"), _text_part(letter.composed.html, "html")], []
    if calendar := letter.calendar:
        # The alternative that calendars look for, after the HTML; beside it the same as a file, which is not
        # text/calendar: a client would find two invitations.
        parts.append(_base64_part(calendar, f"text/calendar; method={calendar.method}; charset=UTF-8"))
        named = "application/ics; name=invitation.ics"
        files.append(_base64_part(calendar, named, "attachment; filename=invitation.ics"))
    files += [_attached(attachment) for attachment in letter.attachments]
    # Boundaries come from the reference, so that the same letter gives the same bytes; the outermost is 0.
    reference = letter.composed.reference
    if not files:
        return b"MIME-Version: 1.0\r\n" + _multipart("alternative", parts, f"{reference} 0")
    inner = _multipart("alternative", parts, f"{reference} 1")
    return b"MIME-Version: 1.0\r\n" + _multipart("mixed", [inner, *files], f"{reference} 0")


def _multipart(subtype: str, parts: Iterable[bytes], seed: str) -> bytes:
    boundary = f"=_{hashlib.sha256(seed.encode()).hexdigest()[:32]}"
    between = "\r\n " if subtype == "alternative" else " "  # within 76 columns
    head = f'Content-Type: multipart/{subtype};{between}boundary="{boundary}"\r\n'
    mark = f"\r\n--{boundary}".encode()
    return head.encode() + b"".join(mark + b"\r\n" + part for part in parts) + mark + b"--\r\n"


def _text_part(text: str, subtype: str) -> bytes:
    lines = b"\n".join(text.encode().splitlines()) + b"\n"
    encoded = binascii.b2a_qp(lines, istext=True).decode("ascii")
    head = f'Content-Type: text/{subtype}; charset="utf-8"\nContent-Transfer-Encoding: quoted-printable\n'
    if subtype == "html":
        head += "MIME-Version: 1.0\n"  # of no use, but a letter keeps the bytes it always had
    return f"{head}\n{encoded}".replace("\n", "\r\n").encode()


def _base64_part(calendar: CalendarFile, content_type: str, disposition: str = "") -> bytes:
    shown = f"Content-Disposition: {disposition}\n" if disposition else ""
    head = f"Content-Type: {content_type}\nContent-Transfer-Encoding: base64\n{shown}\n"
    return (head + base64.encodebytes(calendar.content).decode()).replace("\n", "\r\n").encode()


def _attached(attachment: Attachment) -> bytes:
    part, name = EmailMessage(policy=_ATTACHED), _one_line(attachment.filename)
    maintype, _, subtype = attachment.content_type.partition("/")
    part.set_content(attachment.content, maintype=maintype, subtype=subtype, filename=name)
    return part.as_bytes()
