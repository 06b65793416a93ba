"""The mailbox read whole: what left is given back to its message, what came in is kept, seen to or not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from ponts_flows.decide.calendar import months_before
from ponts_flows.google.archive import Archive, ArchivedMail
from ponts_flows.google.mailbox import File
from ponts_flows.ledger import facts, found, inbox, outbox, tables
from ponts_flows.ledger.inbox import LINE
from ponts_flows.ledger.outbox import Status
from ponts_flows.mail.received.kinds import Kind
from ponts_flows.mail.tokens import read_reply_token
from ponts_flows.rebuild.memory import Memory
from ponts_flows.rebuild.report import Report
from ponts_flows.rebuild.sources import BEFORE
from ponts_flows.steps.archived import as_incoming, ours, shares
from ponts_flows.steps.collect import RECEIVED
from ponts_flows.steps.context import Pass
from ponts_flows.steps.deliver import held_line
from ponts_flows.steps.recognise import recognise

# What had an effect left a trace in the memory. A mail without one is seen to again if it came in about the time when
# reading stopped: Gmail may show mails in another order than that of their dates.
AGAIN = timedelta(days=1)
NOT_FOUND = "ni brouillon ni message envoyé n'a été retrouvé après la perte du registre"


def read_mailbox(run: Pass, memory: Memory, report: Report) -> None:
    """Read all of the mailbox. Reading goes on at the next pass from where it began here."""
    archive = Archive(run.google)
    cursor = archive.cursor()
    _give_back(run, archive, report)
    _incoming(run, archive, memory, report)
    with run.ledger.transaction() as db:
        facts.remember(db, "gmail/history", cursor)


def _give_back(run: Pass, archive: Archive, report: Report) -> None:
    for mails in (archive.sent(), archive.drafts()):
        for some in shares(ours(mails)):
            with run.ledger.transaction() as db:
                found.keep(db, some)
                report.recovered["envois et brouillons retrouvés"] += len(some)
                recognise(run, db)
    with run.ledger.transaction() as db:
        _ask_about(run, db, report)
        for mail in found.waiting(db):
            token = read_reply_token(mail.token)
            kind = "brouillon" if mail.draft_id else "envoi"
            report.lost.append(
                f"{token.reference if token else '?'} : {kind} dont le message n'est pas encore connu ; il sera "
                "reconnu quand le programme voudra le refaire"
            )


def _ask_about(run: Pass, db: Connection, report: Report) -> None:
    """Messages that were under way and are nowhere: a lost mail is noticed, a double one is not undone."""
    t = tables.message
    begun = t.c.status.in_([Status.DRAFTED, Status.SENDING]) & t.c.draft_id.is_(None)
    for row in list(db.execute(select(t).where(begun).order_by(t.c.key))):
        outbox.stopped(db, row.key, Status.HELD, NOT_FOUND)
        run.tell(db, held_line(row.key, row.about, row.reference, NOT_FOUND))
        report.lost.append(f"{row.reference} : {NOT_FOUND} ; ligne ouverte dans À traiter")
    kept_since = months_before(run.now, run.programme.retention.mails, run.programme)
    missing = (t.c.status == Status.SENT, t.c.gmail_id.is_(None), t.c.sent_at > kept_since)
    nowhere = select(t.c.reference).where(*missing).order_by(t.c.key)
    for reference in db.execute(nowhere).scalars():
        report.lost.append(f"{reference} : envoyé, n'est plus dans la messagerie ; son texte est perdu")


def _incoming(run: Pass, archive: Archive, memory: Memory, report: Report) -> None:
    replies = {
        reply["gmail_id"]: reply | {"question": key}
        for key, message in memory.rows["outbox"].items()
        for reply in message.get("replies", ())
    }
    for some in shares(archive.received()):
        with run.ledger.transaction() as db:
            for mail in some:
                seen = _seen_to(mail, replies.get(mail.gmail_id, {}), memory)
                inbox.keep(db, as_incoming(mail), **seen)
                facts.read_until(db, RECEIVED, mail.received_at)
                report.recovered["messages reçus"] += 1


def _seen_to(mail: ArchivedMail, reply: dict[str, Any], memory: Memory) -> dict[str, Any]:
    """What had come of a mail; nothing for one that the next pass is to see to."""
    line = memory.rows["to_review"].get(LINE + mail.gmail_id)
    until = memory.until(RECEIVED)
    if mail.gmail_id in memory.programme["waiting"]["mails"]:
        return {}
    if not (reply or line) and (until is None or mail.received_at > until - AGAIN):
        return {}
    label = reply.get("label")
    if line is not None:
        label = File.DONE if line.get("closed_at") else File.WAITING
    handled_at = reply.get("handled_at") or (line or {}).get("opened_at")
    seen = {name: reply.get(name) for name in ("question", "reader", "meaning")}
    return seen | {
        "outcome": reply.get("outcome", BEFORE),
        "kind": reply.get("kind", Kind.HUMAN if line else None),
        "handled_at": datetime.fromisoformat(handled_at) if handled_at else mail.received_at,
        "filed": mail.filed,
        "file_as": label if label != mail.filed else None,
    }
