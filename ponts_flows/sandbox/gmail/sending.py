"""Mail that leaves a mailbox: what Gmail checks and rewrites, the copy in Sent, one to each recipient."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from email.message import Message
from email.utils import format_datetime, getaddresses

from ponts_flows.sandbox.errors import GoogleError
from ponts_flows.sandbox.gmail import messages, mime, threads, word_index
from ponts_flows.sandbox.gmail.delivery import ARRIVED, deliver
from ponts_flows.sandbox.gmail.mailboxes import Mailbox, canonical, is_address, send_as
from ponts_flows.sandbox.gmail.word_index import Content
from ponts_flows.sandbox.store import Store

SIZE_LIMIT = 25 * 1024 * 1024
_RECIPIENTS = ("To", "Cc", "Bcc")


def new_message_id() -> str:
    """A Message-ID such as Gmail gives, whatever the client had written."""
    token = base64.b64encode(secrets.token_bytes(36), altchars=b"-_").decode()
    return f"<CA{token[:5]}={token[5:]}@mail.gmail.com>"


def check_size(raw: bytes) -> None:
    """413 for a message over 25 MB."""
    if len(raw) > SIZE_LIMIT:
        raise GoogleError(413, "Request Too Large: the message exceeds the limit of 25 MB.")


def checked(raw: bytes) -> Message:
    """The headers of a message to keep as a draft or to send; 400 when an address header can't be read."""
    check_size(raw)
    message = mime.parse_headers(raw)
    for name in _RECIPIENTS:
        if not all(_readable(value) for value in mime.header_values(message, name)):
            raise GoogleError(400, f"Invalid {name} header")
    return message


def _readable(value: str) -> bool:
    if not value.strip() or value.strip().endswith(":;"):
        return True
    return all(is_address(email) for _, email in getaddresses([value]))


def recipients(message: Message) -> tuple[str, ...]:
    """Where a message goes: one address for each mailbox, as it was written, tag included."""
    by_mailbox: dict[str, str] = {}
    for person in mime.addresses(message, *_RECIPIENTS):
        by_mailbox.setdefault(canonical(person.email), person.email)
    return tuple(by_mailbox.values())


def rewritten(store: Store, mailbox: Mailbox, raw: bytes, message: Message) -> bytes:
    """The message as Gmail keeps it: its own Message-ID and Date, From an address this mailbox may use.

    `message` holds its headers.
    """
    original = mime.addresses(message, "From")
    author = _author(store, mailbox, message)
    lines = [mime.address_header("From", (author,))]
    if original and original[0].email.lower() != author.email.lower():
        lines.append(b"X-Google-Original-From: " + str(original[0].email).encode())
    if not mime.header(message, "MIME-Version"):
        lines.insert(0, b"MIME-Version: 1.0")
    lines.append(f"Date: {format_datetime(store.now())}".encode())
    lines.append(f"Message-ID: {new_message_id()}".encode())
    body = mime.without_headers(mime.crlf(raw), "From", "Date", "Message-ID", "X-Google-Original-From")
    return mime.with_headers(_with_blank_line(body), *lines)


def _with_blank_line(raw: bytes) -> bytes:
    """Headers alone, without the blank line after them, are a message with an empty body."""
    return raw if b"\r\n\r\n" in raw or raw.startswith(b"\r\n") else raw.rstrip(b"\r\n") + b"\r\n\r\n"


def _author(store: Store, mailbox: Mailbox, message: Message) -> mime.Address:
    allowed = {item["sendAsEmail"]: item for item in send_as(store, mailbox)}
    for person in mime.addresses(message, "From")[:1]:
        if person.email.lower() in allowed or canonical(person.email) == mailbox.address:
            name = person.name or allowed.get(person.email.lower(), {}).get("displayName", "")
            return mime.Address(name=name, email=person.email)
    default = next(item for item in allowed.values() if item.get("isDefault"))
    return mime.Address(name=default.get("displayName", ""), email=default["sendAsEmail"])


def send(
    store: Store, mailbox: Mailbox, raw: bytes, *, thread: str | None, content: Content | None = None
) -> messages.Stored:
    """Send a message: it is in Sent and, without its Bcc, in each recipient's mailbox, or nothing happened.

    `thread` is a thread that the caller already found fit, `content` what the body is known to hold.
    400 without a recipient.
    """
    message = checked(raw)
    addresses = recipients(message)
    if not addresses:
        raise GoogleError(400, "Recipient address required")
    final = rewritten(store, mailbox, raw, message)
    content = content or word_index.content(mime.parse(final))
    labels = ["SENT"]
    if any(canonical(address) == mailbox.address for address in addresses):
        labels = [*ARRIVED, "SENT"]
    trace = (
        b"Received: from 1047 named unknown by gmailapi.google.com with HTTPREST;\r\n\t"
        + format_datetime(store.now()).encode()
    )
    sent = messages.add(
        store, mailbox, mime.with_headers(final, trace), labels=labels, thread=thread, content=content
    )
    author = mime.addresses(mime.parse_headers(final), "From")[0].email
    outgoing = mime.without_headers(final, "Bcc")
    for address in _others(addresses, mailbox):
        deliver(store, outgoing, sender=author, recipient=address, content=content)
    return sent


def _others(addresses: tuple[str, ...], mailbox: Mailbox) -> Iterator[str]:
    return (address for address in addresses if canonical(address) != mailbox.address)


def send_new(store: Store, mailbox: Mailbox, raw: bytes, *, thread: str | None) -> messages.Stored:
    """Send a message that was no draft, in the thread that the caller asked for if it fits."""
    return send(store, mailbox, raw, thread=threads.asked(store, mailbox, checked(raw), thread))
