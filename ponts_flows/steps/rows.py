"""What the board shows: the rows of each tab, from the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Table, select

from ponts_flows.board import words
from ponts_flows.board.changes import Link, Value
from ponts_flows.board.options import OPTIONS, default
from ponts_flows.decide.calendar import local
from ponts_flows.ledger import cases, facts, tables
from ponts_flows.ledger.codec import decode
from ponts_flows.lifecycle import WAITING_ON, ApplicationStage, PairingStage
from ponts_flows.model import Language, Profile, Role
from ponts_flows.steps.context import Pass

Cells = Mapping[str, Value]
Rows = dict[str, Cells]


def applications(run: Pass, db: Connection) -> Rows:
    """Candidatures: one row an application, its verdict and the reason in French."""
    remarks = _remarks(db)
    return {
        row.id: _application(run, row, remarks.get(row.id, ""))
        for row in db.execute(_in_order(tables.application))
    }


def _application(run: Pass, row: tables.Row, remark: str) -> Cells:
    reading = cases.reading_of(row)
    person, profile = reading.respondent, reading.profile
    stage = ApplicationStage(row.stage)
    reasons = [
        row.reason,
        *(problem.text for problem in reading.problems if stage is ApplicationStage.INCOMPLETE),
    ]
    if remark and stage is ApplicationStage.ELIGIBLE:
        reasons.append(remark)
    return {
        "role": words.ROLES[Role(row.role)],
        "last_name": person.last_name,
        "first_name": person.first_name,
        "email": person.email or person.typed_email,
        "graduation": person.graduation_year,
        "career_start": str(profile.career_start) if profile else None,
        "employer": profile.employer if profile else None,
        "city": profile.city if profile else None,
        "themes": ", ".join(run.programme.theme(theme).fr for theme in profile.themes) if profile else None,
        "stage": words.APPLICATION_STAGES[stage],
        "reason": "\n".join(reason for reason in reasons if reason),
        "since": _day(run, row.since),
        "received": _day(run, row.submitted_at),
    }


def _remarks(db: Connection) -> dict[str, str]:
    """Why someone has no proposal, and which near misses a coordinator could ask for."""
    matching = facts.recall(db, "matching", {"unpaired": {}, "near_misses": []})
    remarks = {id: [f"Sans proposition : {reason}"] for id, reason in matching["unpaired"].items()}
    for miss in matching["near_misses"]:
        gap = f"{miss['gap'] // 12} ans" + (f" et {miss['gap'] % 12} mois" if miss["gap"] % 12 else "")
        text = f"Possible avec une dérogation : {miss['mentor']}, {gap} d'écart, {miss['score']}/100"
        remarks.setdefault(miss["mentee"], []).append(text)
    return {id: "\n".join(lines) for id, lines in remarks.items()}


def proposals(run: Pass, db: Connection) -> Rows:
    """Propositions: one row a pairing that was ever proposed."""
    people = _profiles(db)
    return {row.id: _proposal(row, people) for row in db.execute(_in_order(tables.pairing))}


def _proposal(row: tables.Row, people: Mapping[str, Profile]) -> Cells:
    mentee, mentor = people[row.mentee_id], people[row.mentor_id]
    gap = mentor.career_start.months_until(mentee.career_start)
    follow_up = row.reason + (f"\nDérogation : {row.override}" if row.override else "")
    return {
        "mentee_id": row.mentee_id,
        "mentee": mentee.full_name,
        "mentor_id": row.mentor_id,
        "mentor": mentor.full_name,
        "gap": round(gap / 12, 1),
        "score": row.score or None,
        "reasons": "\n".join(
            f"{label} {points}/100 (poids {weight}) : {text}" for label, points, weight, text in row.parts
        ),
        "alternatives": "\n".join(row.alternatives),
        "stage": words.PAIRING_STAGES[PairingStage(row.stage)],
        "follow_up": follow_up,
    }


def pairings(run: Pass, db: Connection) -> Rows:
    """Binômes: one row a pair that was introduced."""
    people = _profiles(db)
    t = tables.pairing
    rows = db.execute(_in_order(t).where(t.c.engaged_at.is_not(None)))
    return {
        row.id: {
            "mentor": people[row.mentor_id].full_name,
            "mentee": people[row.mentee_id].full_name,
            "stage": words.PAIRING_STAGES[PairingStage(row.stage)],
            "waiting_on": words.AWAITED[WAITING_ON[PairingStage(row.stage)]],
            "since": _day(run, row.since),
            "introduced": _day(run, row.engaged_at),
            "next_due": _day(run, row.wake_at) if row.wake_at else None,
        }
        for row in rows
    }


def to_review(run: Pass, db: Connection) -> Rows:
    """À traiter: what waits for a coordinator's eye, one line each."""
    people, pairs = _names(db), _pairs(db)
    rows: Rows = {}
    for row in db.execute(
        select(tables.to_review).order_by(tables.to_review.c.opened_at, tables.to_review.c.key)
    ):
        about = pairs.get(row.about, ())
        rows[row.key] = {
            "date": _day(run, row.opened_at),
            "who": people.get(row.about, "")
            or (row.about if not about else ", ".join(people[id] for id in about)),
            "pairing": row.about if about else None,
            "subject": row.subject,
            "todo": "Réglé." if row.closed_at else row.todo,
            "link": Link(text="Ouvrir le message", url=row.link) if row.link else None,
        }
    return rows


def outbox(run: Pass, db: Connection) -> Rows:
    """Envois: every message, where it stands and why."""
    people = _names(db)
    rows: Rows = {}
    for row in db.execute(select(tables.message).order_by(tables.message.c.planned_at, tables.message.c.key)):
        rows[row.key] = {
            "reference": row.reference,
            "to": ", ".join(people.get(id, "coordination") for id in row.recipients),
            "message": words.MESSAGES[row.template],
            "language": ", ".join(words.LANGUAGES[Language(language)] for language in row.languages),
            "status": words.MESSAGE_STATUSES[row.status],
            "planned_at": _moment(run, row.planned_at),
            "sent_at": _moment(run, row.sent_at) if row.sent_at else None,
            "reason": row.reason,
        }
    return rows


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
    """Tableau de bord: how many applications, pairings and messages stand where."""
    a, p, m = tables.application, tables.pairing, tables.message
    by_role = Counter((row.role, row.stage) for row in db.execute(select(a.c.role, a.c.stage)))
    stages = Counter(db.execute(select(p.c.stage)).scalars())
    statuses = Counter(db.execute(select(m.c.status)).scalars())
    figures: dict[str, int] = {}
    for role in Role:
        for stage, text in words.APPLICATION_STAGES.items():
            figures[f"{words.ROLES[role]}, {text[0].lower()}{text[1:]}"] = by_role[(role.value, stage.value)]
    figures |= {
        f"Binôme, {text[0].lower()}{text[1:]}": stages[stage.value]
        for stage, text in words.PAIRING_STAGES.items()
    }
    figures |= {
        f"Message, {text[0].lower()}{text[1:]}": statuses[status]
        for status, text in words.MESSAGE_STATUSES.items()
    }
    return {name: {"value": value} for name, value in figures.items()}


TABS: dict[str, Callable[[Pass, Connection], Rows]] = {
    "applications": applications,
    "proposals": proposals,
    "pairings": pairings,
    "to_review": to_review,
    "outbox": outbox,
    "settings": settings,
    "dashboard": dashboard,
}


def _in_order(table: Table) -> Select[Any]:
    return select(table).order_by(table.c.number)


def _profiles(db: Connection) -> dict[str, Profile]:
    """The profiles of everyone who is in a pairing."""
    t, p = tables.application, tables.pairing
    paired = select(p.c.mentor_id).union(select(p.c.mentee_id))
    rows = db.execute(select(t.c.id, t.c.profile).where(t.c.id.in_(paired)))
    return {row.id: decode(Profile, row.profile) for row in rows}


def _names(db: Connection) -> dict[str, str]:
    t = tables.application
    rows = db.execute(select(t.c.id, t.c.respondent))
    return {row.id: f"{row.respondent['first_name']} {row.respondent['last_name']}" for row in rows}


def _pairs(db: Connection) -> dict[str, tuple[str, str]]:
    p = tables.pairing
    return {
        row.id: (row.mentee_id, row.mentor_id)
        for row in db.execute(select(p.c.id, p.c.mentee_id, p.c.mentor_id))
    }


def _day(run: Pass, moment: datetime) -> Value:
    return local(moment, run.programme).date()


def _moment(run: Pass, moment: datetime) -> Value:
    return local(moment, run.programme).replace(tzinfo=None, second=0, microsecond=0)
