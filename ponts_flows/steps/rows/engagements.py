"""The rows of Binômes, Témoignages and Événements."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Connection, select, union

from ponts_flows.actions import Summary
from ponts_flows.answers import ReviewAnswer
from ponts_flows.board import words
from ponts_flows.ledger import events, tables
from ponts_flows.ledger.codec import decode
from ponts_flows.lifecycle import WAITING_ON, EventStage, PairingStage
from ponts_flows.model import Answer, Role
from ponts_flows.steps.context import Pass
from ponts_flows.steps.rows.common import Cells, Fresh, among, by_number, day, names, out_of_date


def changed_pairings(db: Connection) -> list[tables.Row]:
    """The pairings that changed, or one of whose people or lines to review did, since the board last showed them."""
    p, a, t = tables.pairing, tables.application, tables.to_review
    people = select(a.c.id).where(out_of_date(a))
    ids = union(
        select(p.c.id).where(out_of_date(p)),
        select(t.c.about).where(out_of_date(t)),
        *(select(p.c.id).where(of.in_(people)) for of in (p.c.mentor_id, p.c.mentee_id)),
    )
    return by_number(db, select(p).where(p.c.id.in_(ids)))


def pairings(run: Pass, db: Connection, fresh: Fresh, changed: list[tables.Row]) -> None:
    """Binômes: one row a pair that was introduced."""
    people = names(db, {id for row in changed for id in (row.mentor_id, row.mentee_id)})
    for row in changed:
        fresh.add("pairings", tables.pairing, row, partial(_pairing, run, row, people))


def _pairing(run: Pass, row: tables.Row, people: dict[str, str]) -> Cells | None:
    if row.engaged_at is None:
        return None
    stage = PairingStage(row.stage)
    summary = decode(Summary, row.summary) if row.summary else Summary()
    return {
        "mentor": people[row.mentor_id],
        "mentee": people[row.mentee_id],
        "stage": words.PAIRING_STAGES[stage],
        "risk": summary.risk or None,
        "sessions": summary.sessions,
        "missed": summary.missed or None,
        "last_on": summary.last_on,
        "next_on": summary.next_on,
        "waiting_on": words.AWAITED[WAITING_ON[stage]],
        "next_step": summary.next_step or None,
        "next_at": day(run, summary.next_at),
        "introduced": day(run, row.engaged_at),
        "since": day(run, row.since),
        "reason": row.reason,
    }


def testimonies(run: Pass, db: Connection, fresh: Fresh) -> None:
    """Témoignages: one row a person who sent a review; texts only where their author consented."""
    t, p = tables.answer, tables.pairing
    changed = list(db.execute(select(t).where(t.c.kind == "review", out_of_date(t))))
    pairs = {row.id: row for row in among(db, p, p.c.id, (row.about for row in changed))}
    people = names(db, {id for row in pairs.values() for id in (row.mentor_id, row.mentee_id)})
    for said in changed:
        pair = pairs.get(said.about)
        if pair is None:
            continue
        last = _last_review(db, said.about, said.who)
        who = people[pair.mentor_id if said.who == Role.MENTOR else pair.mentee_id]
        made = partial(_testimony, run, last, who, Role(said.who))
        fresh.add("testimonies", t, said, made, id=f"{said.about}/{said.who}")


def _last_review(db: Connection, about: str, who: str) -> tables.Row:
    """A later form replaces an earlier one: so are consents withdrawn."""
    t = tables.answer
    theirs = (t.c.about == about, t.c.who == who, t.c.kind == "review")
    return db.execute(
        select(t).where(*theirs).order_by(t.c.given_at.desc(), t.c.source.desc()).limit(1)
    ).one()


def _testimony(run: Pass, row: tables.Row, who: str, role: Role) -> Cells:
    said = decode(ReviewAnswer, row.data)
    texts = (("Points clés", said.key_points), ("Résultats", said.results), ("Valeur créée", said.value))
    review = "\n".join(f"{title} : {text}" for title, text in texts if text)
    return {
        "who": who,
        "role": words.ROLES[role],
        "uses": ", ".join(words.USES[use] for use in said.uses) or "aucun",
        "testimony": said.testimony if said.uses else None,
        "video": "oui" if said.video else None,
        "score": said.score,
        "again": ", ".join(words.AGAIN[again] for again in said.again) or None,
        "review": review if said.share_texts and review else None,
        "received": day(run, row.given_at),
    }


def group_meetings(db: Connection, fresh: Fresh) -> None:
    """Événements: what became of each, and who comes."""
    t = tables.event
    for row in by_number(db, select(t).where(out_of_date(t))):
        fresh.add("events", t, row, partial(_event, db, row))


def _event(db: Connection, row: tables.Row) -> Cells:
    m = tables.message
    invited = select(m.c.key).where(
        m.c.about == row.id, m.c.template == "event-invitation", m.c.status == "sent"
    )
    said = events.answers(db, row.id)
    coming = [id for id, answer in said.items() if answer is Answer.YES]
    return {
        "stage": words.EVENT_STAGES[EventStage(row.stage)],
        "invited": len(db.execute(invited).all()) or None,
        "coming": len(coming) or None,
        "declined": len(said) - len(coming) or None,
        "names": ", ".join(sorted(names(db, coming).values())) or None,
        "remark": row.remark or None,
    }
