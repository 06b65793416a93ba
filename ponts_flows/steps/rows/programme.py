"""The rows of À traiter, Réglages and Tableau de bord."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import partial

from sqlalchemy import Connection, func, select

from ponts_flows.board import words
from ponts_flows.board.changes import Link
from ponts_flows.board.options import OPTIONS, default
from ponts_flows.ledger import facts, tables
from ponts_flows.ledger.outbox import Status
from ponts_flows.lifecycle import ApplicationStage
from ponts_flows.model import Role
from ponts_flows.steps.context import Pass
from ponts_flows.steps.rows.common import Cells, Fresh, Rows, among, day, names, out_of_date
from ponts_flows.steps.rows.matching import last_matching


def to_review(run: Pass, db: Connection, fresh: Fresh) -> None:
    """À traiter: what waits for a coordinator's eye, one line each."""
    t, p = tables.to_review, tables.pairing
    changed = list(db.execute(select(t).where(out_of_date(t)).order_by(t.c.opened_at, t.c.key)))
    about = {id for row in changed for id in (row.about, row.who)}
    pairs = {row.id: (row.mentee_id, row.mentor_id) for row in among(db, p, p.c.id, about)}
    people = names(db, about | {id for pair in pairs.values() for id in pair})
    for row in changed:
        fresh.add("to_review", t, row, partial(_line, run, row, pairs.get(row.about, ()), people))


def _line(run: Pass, row: tables.Row, pair: tuple[str, ...], people: Mapping[str, str]) -> Cells:
    return {
        "date": day(run, row.opened_at),
        "who": people.get(row.who)
        or ", ".join(people[id] for id in pair)
        or people.get(row.about, row.about),
        "pairing": row.about if pair else None,
        "subject": row.subject,
        "question": words.MESSAGES.get(row.question),
        "todo": "Réglé." if row.closed_at else row.todo,
        "link": Link(text="Ouvrir le message", url=row.link) if row.link else None,
    }


def settings(run: Pass, db: Connection) -> Rows:
    """Réglages: what coordinators may tune, the default beside it, and whether what they typed applies."""
    remarks = facts.recall(db, "option remarks", {})
    return {
        option.id: {
            "default": default(option, run.settings.programme),
            "explanation": option.what_fr,
            "remark": remarks.get(option.id),
        }
        for option in OPTIONS
    }


def dashboard(run: Pass, db: Connection) -> Rows:
    """Tableau de bord: how many applications, pairings and messages stand where, and the last matching."""
    a, p = tables.application, tables.pairing
    by_role = Counter(
        {
            (role, stage): count
            for role, stage, count in db.execute(
                select(a.c.role, a.c.stage, func.count()).group_by(a.c.stage, a.c.role)
            )
        }
    )
    stages = dict(db.execute(select(p.c.stage, func.count()).group_by(p.c.stage)).tuples().all())
    statuses = _messages(db)
    figures: dict[str, int] = {}
    for role in Role:
        for stage in ApplicationStage:
            text = words.APPLICATION_STAGES[stage]
            figures[f"{words.ROLES[role]}, {text[0].lower()}{text[1:]}"] = by_role[(role.value, stage.value)]
    figures |= {
        f"Binôme, {text[0].lower()}{text[1:]}": stages.get(stage.value, 0)
        for stage, text in words.PAIRING_STAGES.items()
    }
    figures |= {
        f"Message, {text[0].lower()}{text[1:]}": statuses.get(status, 0)
        for status, text in words.MESSAGE_STATUSES.items()
    }
    return {name: {"value": value} for name, value in figures.items()} | last_matching(run, db)


def _messages(db: Connection) -> dict[str, int]:
    """How many messages stand where. Nearly all have left: these are the rest of them all, and are not gone through."""
    m = tables.message
    others = m.c.status.in_([status for status in words.MESSAGE_STATUSES if status != Status.SENT])
    counted = select(m.c.status, m.c.kept_back, func.count()).where(others)
    found: Counter[str] = Counter()
    for status, kept_back, count in db.execute(counted.group_by(m.c.status, m.c.kept_back)).tuples():
        found[Status.HELD if kept_back and status == Status.PLANNED else status] += count
    every = int(db.execute(select(func.count()).select_from(m)).scalar_one())
    return {**found, Status.SENT.value: every - sum(found.values())}
