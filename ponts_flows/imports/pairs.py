"""A pair that ran before, recorded as if the programme had been there: its start, its sessions, its second term."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, insert, select, update

from ponts_flows.actions import Urgency
from ponts_flows.answers import Held, SessionReport
from ponts_flows.decide.calendar import add_days
from ponts_flows.decide.engagement.joining import left_out
from ponts_flows.decide.pairing_case import Party, plan
from ponts_flows.imports.people import BEFORE, SOURCE
from ponts_flows.imports.rows import PairRow, RowFault
from ponts_flows.ledger import cases, facts, outbox, pool, tables
from ponts_flows.ledger.outbox import Status
from ponts_flows.lifecycle import OPEN, PairingStage
from ponts_flows.model import Role
from ponts_flows.steps.context import Pass

S = PairingStage
_MOST_ROUNDS = 50


def known_as(db: Connection, row: PairRow, mentee: str, mentor: str, run: Pass) -> str:
    """The pairing that a row has become already; "" when it has not. RowFault when the two are together otherwise."""
    t = tables.pairing
    for found in db.execute(select(t).where(t.c.mentee_id == mentee, t.c.mentor_id == mentor)):
        if found.engaged_at is not None and found.engaged_at == _moment(run, row.start):
            return str(found.id)
        if found.stage in {stage.value for stage in OPEN}:
            raise RowFault(
                f"ces deux personnes sont déjà ensemble, sur la ligne {found.id} du tableau de bord"
            )
    return ""


def check(run: Pass, db: Connection, row: PairRow, mentee: Party, mentor: Party) -> None:
    """Raise RowFault for what can't be, or what the charter forbids without a written reason."""
    programme, end = run.programme, row.ended_on
    for name, day in (("Début", row.start), ("Dernière séance", row.last_on), ("Terminé le", end)):
        if day is not None and not row.start <= day <= run.today:
            raise RowFault(f"« {name} » ne peut être ni avant le début, ni après aujourd'hui")
    if end is None:
        days = programme.longest_days if row.renewed else programme.term_days
        if _moment(run, row.start, days=days) <= run.now:
            term = programme.longest_fr if row.renewed else programme.term_fr
            what = "« Terminé le »" if row.renewed else "« Renouvelé » ou « Terminé le »"
            raise RowFault(f"les {term} sont passés : remplir {what}")
        if taken := pool.busy(db, mentee, mentor):
            raise RowFault(taken)
    broken = pool.broken_rules(mentee, mentor, programme)
    if broken and not row.reason and end is None:
        raise RowFault(f"la charte s'y oppose ({' ; '.join(broken)}) : écrire pourquoi dans « Dérogation »")
    if row.sessions and len(_sessions(run, row)) < row.sessions:
        raise RowFault("plus de séances que de jours où les tenir : vérifier « Début » et « Séances »")


def record(run: Pass, db: Connection, row: PairRow, mentee: str, mentor: str) -> str:
    """Make the pairing; its introduction and its past are told as such, and nothing of them is sent."""
    t = tables.pairing
    number = (db.execute(select(func.max(t.c.number))).scalar() or 0) + 1
    id, began = f"P-{number:04d}", _moment(run, row.start)
    renewed = _renewed(run, row)
    ended = _moment(run, row.ended_on) if row.ended_on else None
    stage = S.COMPLETED if ended else S.RENEWED if renewed else S.ENGAGED
    values = {"id": id, "number": number, "mentor_id": mentor, "mentee_id": mentee, "stage": stage.value}
    values |= {
        "since": ended or renewed or began,
        "proposed_at": began,
        "engaged_at": began,
        "renewed_at": renewed,
    }
    values |= {"ended_at": ended, "reason": BEFORE, "score": 0, "parts": [], "alternatives": []}
    values |= {"asked_for": True, "override": row.reason, "wake_at": None if ended else run.now}
    db.execute(insert(t).values(**values))
    db.execute(insert(tables.journal), {"at": run.now, "about": id, "event": stage.value, "reason": BEFORE})
    for day in _sessions(run, row):
        _report(run, db, id, day)
    _introduction(run, db, id, began)
    _leave_out(run, db, id)
    return id


def _introduction(run: Pass, db: Connection, id: str, began: datetime) -> None:
    """The message that introduced the two was nobody's of ours: it stands there, not sent, at its day."""
    (case,) = cases.pairing_cases(db, [id], run.programme)
    both = (Role.MENTEE, Role.MENTOR)
    introduction = plan(case, "introduction", "introduction", both, Urgency.INTRODUCTION)
    run.carry_out(db, [introduction])
    outbox.stopped(db, introduction.key, Status.CANCELLED, BEFORE)
    m = tables.message
    db.execute(update(m).where(m.c.key == introduction.key).values(planned_at=began))


def _leave_out(run: Pass, db: Connection, id: str) -> None:
    for _ in range(_MOST_ROUNDS):
        (case,) = cases.pairing_cases(db, [id], run.programme)
        actions = left_out(case, programme=run.programme, now=run.now)
        if not actions:
            return
        run.carry_out(db, actions)
    raise RowFault("ce binôme ne trouve pas sa place dans le calendrier : signaler cette ligne")


def _report(run: Pass, db: Connection, id: str, day: date) -> None:
    """A session as if both had reported it on its day."""
    for role in Role:
        facts.keep_answer(
            db,
            source=f"{SOURCE}{id}/{day.isoformat()}/{role}",
            about=id,
            who=role.value,
            kind="session",
            given_at=_moment(run, day),
            value=SessionReport(held=Held.HELD, on=day),
        )


def _sessions(run: Pass, row: PairRow) -> list[date]:
    """A day for each session: evenly from the start on, the last one on its day, or today when that is not known."""
    last = row.last_on or row.ended_on or run.today
    span, apart = (last - row.start).days, run.programme.same_meeting_days + 1
    if not row.sessions or span < apart * (row.sessions - 1):
        return []
    return list(_spread(row.start, span, row.sessions))


def _spread(start: date, span: int, count: int) -> Iterator[date]:
    for number in range(1, count + 1):
        yield start + timedelta(days=span * number // count)


def _renewed(run: Pass, row: PairRow) -> datetime | None:
    if not row.renewed:
        return None
    return (
        _moment(run, row.renewed_on)
        if row.renewed_on
        else _moment(run, row.start, days=run.programme.term_days)
    )


def _moment(run: Pass, day: date, *, days: int = 0) -> datetime:
    zone = ZoneInfo(run.programme.time_zone)
    return add_days(datetime.combine(day, time(run.programme.opens_at), zone), days, run.programme)
