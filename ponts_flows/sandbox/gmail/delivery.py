"""Mail that arrives: the headers Gmail adds on top, the thread it joins, the labels it gets."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from email.message import Message
from email.utils import format_datetime

from ponts_flows.sandbox.gmail import messages, mime, threads
from ponts_flows.sandbox.gmail.mailboxes import Mailbox, open_mailbox
from ponts_flows.sandbox.gmail.word_index import Content
from ponts_flows.sandbox.store import Store

ARRIVED = ("UNREAD", "CATEGORY_PERSONAL", "INBOX")
VERDICTS = ("pass", "fail", "none", "softfail", "neutral", "temperror", "permerror")


@dataclass(frozen=True, kw_only=True)
class Verdicts:
    """What the receiving server found: each `pass`, `fail` or `none` (and SPF's finer words)."""

    spf: str = "pass"
    dkim: str = "pass"
    dmarc: str = "pass"


HONEST = Verdicts()


def deliver(
    store: Store,
    raw: bytes,
    *,
    sender: str,
    recipient: str,
    verdicts: Verdicts = HONEST,
    spam: bool = False,
    content: Content | None = None,
) -> tuple[Mailbox, messages.Stored]:
    """Put a message into a recipient's mailbox, as from a server that gave this sender and recipient.

    An empty sender is the null sender of bounces. What the message itself claims in
    `Authentication-Results` stays, below the topmost one, which holds these verdicts. `content` is what
    the body is known to hold.
    """
    mailbox = open_mailbox(store, recipient)
    raw = mime.crlf(raw)
    headers = mime.parse_headers(raw)
    if not mime.message_ids(headers, "Message-ID"):
        number = store.next_number("gmail/missing message id")
        raw = mime.with_headers(raw, f"Message-ID: <{number:x}.SMTPIN_ADDED_MISSING@mx.google.com>".encode())
    serial = f"{zlib.crc32(raw + recipient.encode()):08x}"
    authentication = _authentication(headers, sender=sender, verdicts=verdicts, serial=serial)
    trace = _trace(store, serial, sender=sender, recipient=recipient, verdicts=verdicts)
    top = mime.with_headers(raw, *trace, authentication.encode())
    labels = tuple("SPAM" if label == "INBOX" else label for label in ARRIVED) if spam else ARRIVED
    thread = threads.by_references(store, mailbox, headers)
    return mailbox, messages.add(store, mailbox, top, labels=labels, thread=thread, content=content)


def _trace(
    store: Store, serial: str, *, sender: str, recipient: str, verdicts: Verdicts
) -> tuple[bytes, ...]:
    now = format_datetime(store.now())
    domain = sender.rpartition("@")[2] or "unknown"
    received = (
        f"Received: from mail.{domain} (mail.{domain}. [192.0.2.25])\r\n"
        f"        by mx.google.com with ESMTPS id {serial}.1\r\n        for <{recipient}>;\r\n        {now}"
    )
    lines = (
        f"Delivered-To: {recipient}",
        f"Received: by 2002:a05:6402:{serial[:4]}:b0:{serial[4:]} with SMTP id {serial};\r\n        {now}",
        f"Return-Path: <{sender}>",
        received,
        f"Received-SPF: {verdicts.spf} (google.com: {_spf(verdicts.spf, sender)}) client-ip=192.0.2.25;",
    )
    return tuple(line.encode() for line in lines)


def _spf(verdict: str, sender: str) -> str:
    domain = sender.rpartition("@")[2] or "unknown"
    return {
        "pass": f"domain of {sender} designates 192.0.2.25 as permitted sender",
        "none": f"{sender or domain} does not designate permitted sender hosts",
        "softfail": f"domain of transitioning {sender} does not designate 192.0.2.25 as permitted sender",
    }.get(verdict, f"domain of {sender} does not designate 192.0.2.25 as permitted sender")


def _authentication(headers: Message, *, sender: str, verdicts: Verdicts, serial: str) -> str:
    people = mime.addresses(headers, "From")
    from_domain = people[0].email.rpartition("@")[2].lower() if people else "unknown"
    parts = ["Authentication-Results: mx.google.com"]
    if verdicts.dkim != "none":
        parts.append(f"dkim={verdicts.dkim} header.i=@{from_domain} header.s=20230601 header.b={serial}")
    parts.append(f"spf={verdicts.spf} (google.com: {_spf(verdicts.spf, sender)}) smtp.mailfrom={sender}")
    if verdicts.dmarc != "none":
        disposition = "NONE" if verdicts.dmarc == "pass" else "QUARANTINE"
        parts.append(
            f"dmarc={verdicts.dmarc} (p=QUARANTINE sp=QUARANTINE dis={disposition}) header.from={from_domain}"
        )
    return ";\r\n       ".join(parts)
