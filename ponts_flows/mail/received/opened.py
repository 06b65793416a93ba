"""A mail taken apart once, for all that is asked of it: its headers, its parts, what it says and what it returns."""

from __future__ import annotations

from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from functools import cached_property

from ponts_flows.mail.received import parts as p
from ponts_flows.mail.received.undelivered.original_marks import split_original
from ponts_flows.model import canonical_address

_RETURNED = ("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers")
_LONGEST_NOTICE = 40_000
_OURS = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Apparently-To")


class Opened:
    """A mail and what is found in it; `mailbox` is the programme's own address, empty when unknown."""

    def __init__(self, message: Message, *, mailbox: str = "") -> None:
        self.message = message
        self.mailbox = canonical_address(mailbox)
        self.headers = p.Headers(message)
        self.parts = tuple(p.walk(message))
        self.types = tuple(part.get_content_type() for part in self.parts)
        self.senders = self.headers.addresses("From")
        self.subject = p.decoded(self.headers.first("Subject"))
        self.text, self.html = p.text_of(self.parts)

    def first_part(self, *types: str) -> Message | None:
        return next((part for part, type in zip(self.parts, self.types, strict=True) if type in types), None)

    @cached_property
    def said(self) -> str:
        """All that is written in it outside what it returns, attached or not, even where the MIME is broken."""
        texts = [p.part_text(part) for part in self._of("text/plain")[:20]]
        if not any(text.strip() for text in texts):
            texts = [self.text]
        if not any(text.strip() for text in texts):
            texts = [p.raw_text(self.message)]
        return "\n".join(texts)[:_LONGEST_NOTICE]

    @cached_property
    def notice(self) -> str:
        """What a mail server says of a delivery, without the mail that it returns."""
        return split_original(self.said)[0]

    @cached_property
    def returned(self) -> Message | None:
        """The mail that a report or a complaint returns, whole or its headers alone."""
        part = self.first_part(*_RETURNED)
        if part is not None:
            content = p.inner(part)
            return content[0] if content else _parsed(p.part_text(part))
        rest = split_original(self.said)[1]
        return _parsed(rest) if rest else None

    @cached_property
    def ours(self) -> frozenset[str]:
        """The addresses that this mail was sent to: none of them can be the one that failed."""
        return frozenset((self.mailbox, *(email for _, email in self.headers.addresses(*_OURS))))

    def is_mailbox(self, address: str) -> bool:
        """Whether an address is the programme's mailbox, with or without a token after a plus."""
        local, _, domain = address.rpartition("@")
        return bool(self.mailbox) and f"{local.partition('+')[0]}@{domain}" == self.mailbox

    def is_ours(self, address: str) -> bool:
        """Whether an address is one that this mail was sent to, or the programme's own."""
        return address in self.ours or self.is_mailbox(address)

    def _of(self, content_type: str) -> list[Message]:
        return [part for part, type in zip(self.parts, self.types, strict=True) if type == content_type]


def _parsed(text: str) -> Message | None:
    if not text.strip():
        return None
    return BytesParser(policy=compat32).parsebytes(text.lstrip("\n").encode("utf-8", "replace"))
