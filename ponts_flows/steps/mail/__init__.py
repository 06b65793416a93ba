"""The mails received: each is seen to once, in one transaction, then filed in the mailbox."""

from __future__ import annotations

from sqlalchemy import Connection

from ponts_flows.google.mailbox import File
from ponts_flows.ledger import addresses, inbox
from ponts_flows.ledger.inbox import Handled, IncomingMail
from ponts_flows.mail.received.incoming import parse
from ponts_flows.mail.received.kinds import Kind
from ponts_flows.steps.aside import Aside
from ponts_flows.steps.context import Pass
from ponts_flows.steps.mail import failures, notices, replies

_SEEN_TO = {
    Kind.HUMAN: replies.by_a_person,
    Kind.BOUNCE: failures.bounce,
    Kind.DELAY: failures.delay,
    Kind.AUTO: notices.automatic,
    Kind.CALENDAR: notices.calendar,
    Kind.COMPLAINT: notices.complaint,
}


def read_mail(run: Pass) -> int:
    """See to every mail received that was not yet; returns how many."""
    with run.ledger.transaction() as db:
        addresses.in_use_again(db)
        aside = Aside(run, db, "received")
        failures.try_again(run, db, Aside(run, db, "message"))
        waiting = inbox.unhandled(db)
    for received in waiting:
        with aside.alone(received.gmail_id) as db:
            inbox.mark_handled(db, received.gmail_id, _handled(run, db, received), now=run.now)
    return len(waiting) - len(aside.put)


def _handled(run: Pass, db: Connection, received: IncomingMail) -> Handled:
    mail = parse(received.content, mailbox=run.settings.mailbox)
    see_to = _SEEN_TO.get(mail.kind)
    if see_to is None:  # our own, or a list's: neither is ever answered
        return Handled(outcome=f"left alone: {mail.kind_reason}", kind=mail.kind)
    return see_to(run, db, received, mail)


def file_mail(run: Pass) -> int:
    """Label what was seen to: done, and out of the inbox; or waiting for a person, and left there."""
    with run.ledger.transaction() as db:
        inbox.file_what_is_settled(db)
        waiting = inbox.to_file(db)
    for label, ids in waiting.items():
        run.mailbox.file(ids, File(label))
        with run.ledger.transaction() as db:
            inbox.filed(db, ids, label)
    return sum(map(len, waiting.values()))
