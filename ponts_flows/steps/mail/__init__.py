"""The mails received: each is seen to once, in one transaction, then filed in the mailbox."""

from __future__ import annotations

from sqlalchemy import Connection

from ponts_flows.google.mailbox import File
from ponts_flows.ledger import addresses, inbox
from ponts_flows.ledger.inbox import Handled, IncomingMail
from ponts_flows.mail.received.incoming import Incoming, parse
from ponts_flows.mail.received.kinds import Kind
from ponts_flows.mail.tokens import read_reply_token
from ponts_flows.steps.aside import Aside
from ponts_flows.steps.context import Pass
from ponts_flows.steps.mail import failures, notices, replies
from ponts_flows.steps.recognise import unrecognised

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
        waiting, lost = inbox.unhandled(db), unrecognised(run, db)
    seen_to = 0
    for received in waiting:
        with aside.alone(received.gmail_id) as db:
            mail = parse(received.content, mailbox=run.settings.mailbox)
            if lost and _answers(mail, lost):
                continue  # read once its question is known again
            inbox.mark_handled(db, received.gmail_id, _handled(run, db, received, mail), now=run.now)
            seen_to += 1
    return seen_to


def _answers(mail: Incoming, references: frozenset[str]) -> bool:
    """Whether a mail answers one of some messages of ours."""
    tokens = map(read_reply_token, mail.recipients)
    return any(token is not None and token.reference in references for token in tokens)


def _handled(run: Pass, db: Connection, received: IncomingMail, mail: Incoming) -> Handled:
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
