"""A received mail as a value: who, to whom, in which words; a machine's or not; authenticated or not.

Everything in it was written by a stranger until `trust.level` says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from email import policy
from email.message import Message
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from functools import cache

from ponts_flows.mail.received.authentication import authentication
from ponts_flows.mail.received.calendar_reply import CalendarReply, calendar_reply
from ponts_flows.mail.received.kind_signs import hint
from ponts_flows.mail.received.kinds import Kind, kind
from ponts_flows.mail.received.opened import Opened
from ponts_flows.mail.received.undelivered.bounces import failures
from ponts_flows.mail.received.undelivered.delivery_status import reported
from ponts_flows.mail.received.undelivered.failures import Failure
from ponts_flows.mail.received.undelivered.returned import about_ids, complainants, returned_text

# What a reply says stands at its beginning; attachments of any size follow it.
_READ_BYTES = 4_000_000
_RETURNING = frozenset({Kind.BOUNCE, Kind.DELAY, Kind.COMPLAINT})
_FAILING = frozenset({Kind.BOUNCE, Kind.DELAY})


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """A received mail. Addresses are canonical, identifiers keep their angle brackets.

    `text` is at most 20,000 characters; where it was taken from HTML, `html` is that page. `judged`: somebody says
    whether its sender is authenticated; `authenticated`: Gmail says so. `kind_reason` is the sign that says what
    wrote it, in short English; `hint` is what makes one think of an absence in a person's mail, for a person to
    decide. `failures` are the addresses that a bounce or a delay is about, `complainants` who complained;
    `about_ids` and `returned_text` (20,000 characters) tell which of our mails came back. `problem` says what could
    not be read, empty when all was.
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
    kind: Kind = Kind.HUMAN
    kind_reason: str = ""
    hint: str = ""
    failures: tuple[Failure, ...] = ()
    complainants: tuple[str, ...] = ()
    about_ids: tuple[str, ...] = ()
    returned_text: str = ""
    calendar_reply: CalendarReply | None = None
    judged: bool = False
    authenticated: bool = False
    authentication_reason: str = ""
    problem: str = ""

    @property
    def recipients(self) -> tuple[str, ...]:
        """Every address it was sent or delivered to."""
        return tuple(dict.fromkeys((*self.to, *self.cc, *self.delivered_to)))


def parse(raw: bytes, *, mailbox: str = "") -> Incoming:
    """Read a mail of any size, charset and form; never raises for what a stranger can send.

    `mailbox` is the programme's own address: what it wrote itself is told from the rest.
    """
    try:
        message = BytesParser(policy=policy.compat32).parsebytes(raw[:_READ_BYTES])
        return _incoming(message, raw[:_READ_BYTES], mailbox=mailbox, truncated=len(raw) > _READ_BYTES)
    except Exception as error:
        # The library stumbles over forged mails in many ways: the value says so, and a person reads the mail.
        return Incoming(problem=f"message illisible ({type(error).__name__})")


def _incoming(message: Message, raw: bytes, *, mailbox: str, truncated: bool) -> Incoming:
    opened = Opened(message, mailbox=mailbox)
    headers = opened.headers
    name, sender = opened.senders[0] if len(opened.senders) == 1 else ("", "")
    passed, why = authentication(headers.all("Authentication-Results"), sender)
    incoming = Incoming(
        message_id=next(iter(headers.ids("Message-ID")), ""),
        in_reply_to=next(iter(headers.ids("In-Reply-To")), ""),
        references=headers.ids("References"),
        from_address=sender,
        from_name=name,
        to=_emails(opened, "To"),
        cc=_emails(opened, "Cc"),
        delivered_to=_emails(opened, "Delivered-To", "X-Original-To", "Envelope-To"),
        subject=opened.subject,
        date=_date(headers.first("Date")),
        text=opened.text,
        html=opened.html,
        judged=bool(headers.all("Authentication-Results")),
        authenticated=passed,
        authentication_reason=why,
        problem=_problem(senders=len(opened.senders), text=opened.text, truncated=truncated),
    )
    return _of_its_kind(incoming, opened, raw)


def _of_its_kind(incoming: Incoming, opened: Opened, raw: bytes) -> Incoming:
    """The mail with what wrote it, and what is asked of its kind alone."""
    told = reported(opened)
    failed = cache(lambda: failures(opened, told, raw))
    what, reason = kind(opened, reported=told, names=lambda: bool(failed()))
    returns = what in _RETURNING
    return replace(
        incoming,
        kind=what,
        kind_reason=reason,
        hint=hint(opened) if what is Kind.HUMAN else "",
        failures=failed() if what in _FAILING else (),
        complainants=complainants(opened) if what is Kind.COMPLAINT else (),
        about_ids=about_ids(opened) if returns else (),
        returned_text=returned_text(opened) if returns else "",
        calendar_reply=calendar_reply(opened.parts, sender=incoming.from_address)
        if what is Kind.CALENDAR
        else None,
    )


def _emails(opened: Opened, *names: str) -> tuple[str, ...]:
    return tuple(email for _, email in opened.headers.addresses(*names))


def _date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _problem(*, senders: int, text: str, truncated: bool) -> str:
    if senders != 1:
        return f"message qui nomme {senders} expéditeurs au lieu d'un"
    if not text:
        return "message sans texte dans ses 4 premiers Mo" if truncated else "message sans texte"
    return ""
