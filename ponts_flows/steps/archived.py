"""Mails as the mailbox keeps them: as the ledger keeps those that came in, and which of the others are ours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses
from itertools import islice
from typing import TypeVar

from ponts_flows.google.archive import AT_ONCE, ArchivedMail
from ponts_flows.google.mailbox import ReceivedMail
from ponts_flows.ledger.found import FoundMail
from ponts_flows.ledger.inbox import IncomingMail
from ponts_flows.mail.tokens import read_reply_token
from ponts_flows.model import canonical_address

T = TypeVar("T")


def shares(mails: Iterable[T]) -> Iterator[list[T]]:
    """So many at a time as are read and kept together."""
    following = iter(mails)
    while share := list(islice(following, AT_ONCE)):
        yield share


def as_incoming(mail: ReceivedMail) -> IncomingMail:
    """A mail of the mailbox as the ledger keeps it."""
    return IncomingMail(
        gmail_id=mail.gmail_id,
        thread_id=mail.thread_id,
        received_at=mail.received_at,
        raw=mail.raw,
        spam=mail.spam,
    )


def ours(mails: Iterable[ArchivedMail]) -> Iterator[FoundMail]:
    """The mails that the programme wrote, by the token in their headers: what a person wrote there has none."""
    for mail in mails:
        message = message_from_bytes(as_incoming(mail).content, policy=policy.default)
        token = str(message["List-Unsubscribe"] or "")
        if read_reply_token(token) is not None:
            yield FoundMail(
                gmail_id=mail.gmail_id,
                draft_id=mail.draft_id,
                thread_id=mail.thread_id,
                token=token,
                at=mail.received_at,
                rfc_message_id=str(message["Message-ID"] or ""),
                subject=str(message["Subject"] or ""),
                body=_text(message),
                addresses=tuple(
                    canonical_address(email) for _, email in getaddresses([str(message["To"] or "")])
                ),
            )


def _text(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""
