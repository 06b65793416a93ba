"""Which message of ours a mail answers, and what ties it to that message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, Connection, select

from ponts_flows.ledger import addresses, tables
from ponts_flows.ledger.outbox import PREVIEW, Status
from ponts_flows.lifecycle import EventStage
from ponts_flows.mail.received.trust import Tie
from ponts_flows.mail.tokens import read_reference, read_reply_token
from ponts_flows.steps.context import Pass
from ponts_flows.steps.mail.questions import TEMPLATES

ASKED_LATELY = timedelta(days=60)
MOST_IDS = 20  # of a long conversation, the latest


@dataclass(frozen=True, kw_only=True)
class Origin:
    """A message that a mail answers. `reader`: the application it was sent to; `known`: their addresses."""

    message: tables.Row
    tie: Tie
    reader: str
    known: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Traces:
    """What in a mail may tell which message it answers: addresses written to, identifiers, text, and its sender."""

    recipients: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    text: str = ""
    sender: str = ""


def origin(run: Pass, db: Connection, traces: Traces) -> Origin | None:
    """The message that a mail answers, by the surest of its traces; None when none leads to one."""
    for tie, search in _SEARCHES:
        for message in search(run, db, traces):
            if (found := _to_its_reader(db, message, tie, traces.sender)) is not None:
                return found
    return None


def _to_its_reader(db: Connection, message: tables.Row, tie: Tie, sender: str) -> Origin | None:
    """Of a message to several, the one who answers is told by their address."""
    known = {id: addresses.known(db, [id]) for id in message.recipients}
    readers = [id for id, theirs in known.items() if sender in theirs] or list(known)
    if not readers:
        return None
    return Origin(message=message, tie=tie, reader=readers[0], known=known[readers[0]])


def _by_token(run: Pass, db: Connection, traces: Traces) -> list[tables.Row]:
    t = tables.message
    for address in traces.recipients:
        token = read_reply_token(address)
        if token is None:
            continue
        for row in _where(db, t.c.reference == token.reference):
            written_to = {*(row.addresses or ()), *addresses.known(db, row.recipients)}
            if any(
                run.settings.keys.verify_reply(token, message_key=row.key, recipient=to) for to in written_to
            ):
                return [row]
    return []


def _by_thread(run: Pass, db: Connection, traces: Traces) -> list[tables.Row]:
    return _where(db, tables.message.c.rfc_message_id.in_(traces.ids[-MOST_IDS:])) if traces.ids else []


def _by_reference(run: Pass, db: Connection, traces: Traces) -> list[tables.Row]:
    reference = read_reference(traces.text)
    return _where(db, tables.message.c.reference == reference) if reference else []


def _where(db: Connection, which: ColumnElement[bool]) -> list[tables.Row]:
    """The messages that were handed over, the newest first; a preview asks nothing."""
    t = tables.message
    gone = t.c.attempted_at.is_not(None) & ~t.c.about.startswith(PREVIEW)
    return list(db.execute(select(t).where(which, gone).order_by(t.c.attempted_at.desc(), t.c.key)))


def _last_question(run: Pass, db: Connection, traces: Traces) -> list[tables.Row]:
    """The last question put to whoever has an address, if it is not long ago."""
    sender = traces.sender
    if not sender:
        return []
    a, p, e, t = tables.address, tables.pairing, tables.event, tables.message
    people = list(db.execute(select(a.c.application_id).where(a.c.email == sender)).scalars())
    theirs = p.c.mentor_id.in_(people) | p.c.mentee_id.in_(people)
    pairs = db.execute(select(p.c.id).where(theirs)).scalars()
    meetings = db.execute(select(e.c.id).where(e.c.stage == EventStage.ANNOUNCED.value)).scalars()
    about = [*people, *pairs, *meetings]
    lately = (t.c.status == Status.SENT, t.c.sent_at > run.now - ASKED_LATELY, t.c.template.in_(TEMPLATES))
    asked = select(t).where(t.c.about.in_(about), *lately).order_by(t.c.sent_at.desc(), t.c.key)
    return [row for row in db.execute(asked) if set(row.recipients) & set(people)][:1]


_SEARCHES = (
    (Tie.TOKEN, _by_token),
    (Tie.THREAD, _by_thread),
    (Tie.REFERENCE, _by_reference),
    (Tie.SENDER, _last_question),
)
