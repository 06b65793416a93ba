"""What has been kept long enough: the texts of old mails and lines, the words of pairs that ended, whole people."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select, update

from ponts_flows.ledger import tables
from ponts_flows.ledger.anonymous import wordless
from ponts_flows.ledger.outbox import Status
from ponts_flows.lifecycle import OPEN, ApplicationStage

A = ApplicationStage
ENDED = frozenset({A.INCOMPLETE, A.MEMBERSHIP_MISSING, A.ON_HOLD, A.FINISHED, A.WITHDRAWN})
"""Where an application takes part in nothing and waits for nobody's mentor: whoever is there for long is forgotten."""
SETTLED = "Réglé ; le texte a été effacé, sa durée de conservation étant passée."


def old_mails(db: Connection, before: datetime) -> list[str]:
    """Forget what mails said that came in or left before a moment; returns them, to be binned in the mailbox."""
    i, m = tables.incoming, tables.message
    came = (i.c.received_at < before, i.c.raw != "", i.c.handled_at.is_not(None))
    left = (m.c.sent_at < before, m.c.body.is_not(None), m.c.status == Status.SENT)
    ids = [str(id) for id in db.execute(select(i.c.gmail_id).where(*came)).scalars()]
    ids += [str(id) for id in db.execute(select(m.c.gmail_id).where(*left)).scalars() if id]
    db.execute(update(i).where(*came).values(raw=""))
    blank = {"subject": None, "body": None, "addresses": None, "version": m.c.version}
    db.execute(update(m).where(*left).values(blank))
    return ids


def old_lines(db: Connection, before: datetime) -> int:
    """Forget what lines of À traiter said that were closed before a moment; returns how many."""
    t = tables.to_review
    done = update(t).where(t.c.closed_at < before, t.c.todo != "")
    return db.execute(done.values(subject=SETTLED, todo="", link="")).rowcount


def old_words(db: Connection, before: datetime) -> int:
    """Forget what the two of pairs that ended before a moment wrote in words; returns how many answers.

    A testimony stays as long as one of its uses is consented to.
    """
    a, p = tables.answer, tables.pairing
    ended = select(p.c.id).where(p.c.ended_at < before)
    count = 0
    for row in db.execute(select(a).where(a.c.about.in_(ended))).all():
        data = wordless(row.kind, row.data)
        if row.kind == "review" and data["uses"]:
            data["testimony"] = row.data["testimony"]
        if data != row.data:
            db.execute(update(a).where(a.c.source == row.source).values(data=data))
            _forget_response(db, row.source)
            count += 1
    return count


def _forget_response(db: Connection, source: str) -> None:
    of, _, key = source.rpartition("/")
    r = tables.response
    db.execute(update(r).where(r.c.source == of, r.c.source_key == key).values(answers={}))


def old_people(db: Connection, *, apart: datetime, paired: datetime) -> list[str]:
    """Applications over since before a moment: `paired` for people who were in a pair, `apart` for the others."""
    t, p = tables.application, tables.pairing
    theirs = (p.c.mentor_id == t.c.id) | (p.c.mentee_id == t.c.id)
    lately = (
        p.c.stage.in_([stage.value for stage in OPEN])
        | (p.c.engaged_at.is_not(None) & (func.coalesce(p.c.ended_at, p.c.since) >= paired))
        | (p.c.engaged_at.is_(None) & (p.c.since >= apart))
    )
    over = (t.c.stage.in_([stage.value for stage in ENDED]), t.c.since < apart, t.c.submitted_at < apart)
    none = ~select(p.c.id).where(theirs, lately).exists()
    query = select(t.c.id).where(*over, t.c.erased_at.is_(None), none).order_by(t.c.number)
    return list(db.execute(query).scalars())
