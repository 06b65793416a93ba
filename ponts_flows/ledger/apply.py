"""Carrying out what was decided, inside the caller's transaction. No rule of the programme lives here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, assert_never

from sqlalchemy import ColumnElement, Connection, Table, bindparam, func, insert, or_, select, update

from ponts_flows.actions import (
    Absent,
    Action,
    AskCoordinator,
    Away,
    Cancel,
    CancelUnsent,
    CloseReview,
    Confirm,
    Forbid,
    Keep,
    KeepBack,
    LetLeave,
    MoveApplication,
    MoveEvent,
    MovePairing,
    NoReminders,
    Pause,
    Plan,
    Propose,
    Refresh,
    SendAgain,
    SendNow,
    Skipped,
    Summarise,
    Summary,
    Urgency,
    Wake,
)
from ponts_flows.errors import PontsError
from ponts_flows.ledger import outbox, remembered, steered, tables
from ponts_flows.ledger.admission import NEW
from ponts_flows.ledger.anonymous import REASON
from ponts_flows.ledger.codec import encode
from ponts_flows.lifecycle import (
    APPLICATION_TRANSITIONS,
    EVENT_TRANSITIONS,
    NEVER_AGAIN,
    OPEN,
    TRANSITIONS,
    ApplicationStage,
    EventStage,
    PairingStage,
)

Reference = Callable[[str], str]


def carry_out(db: Connection, actions: Iterable[Action], *, reference: Reference, now: datetime) -> None:
    """Carry out actions in order. Doing it twice adds nothing: keys are unique, moves are checked.

    `reference` gives the visible reference of a message key.
    """
    for action in actions:
        match action:
            case MoveApplication():
                _move_application(db, action, now)
            case Confirm():
                _confirm(db, action, now)
            case Propose():
                _propose(db, action, now)
            case Refresh():
                _refresh(db, action)
            case Forbid():
                _forbid(db, action, now)
            case Keep():
                _keep(db, action, now)
            case MovePairing():
                _move_pairing(db, action, now)
            case Plan():
                _plan(db, action, reference, now)
            case CancelUnsent():
                _cancel(db, tables.message.c.about == action.about, action.reason)
            case Cancel():
                _cancel(db, tables.message.c.key == action.key, action.reason)
            case KeepBack():
                steered.keep_back(db, action.key)
            case LetLeave():
                steered.let_leave(db, action.key, now=now)
            case SendNow():
                steered.let_leave(db, action.key, now=now, urgency=Urgency.NOW)
            case SendAgain():
                steered.again(db, action.key, action.why, reference=reference, now=now)
            case AskCoordinator():
                _ask(db, action, now)
            case CloseReview():
                _close(db, action, now)
            case Wake():
                outbox.wake(db, action.about, action.at)
            case Skipped():
                _skip(db, action, now)
            case Pause():
                _set(db, tables.pairing, action.pairing, until=action.until, wake_at=now)
            case Away():
                _set(db, tables.application, action.application, away_until=action.until)
                wake_pairings_of(db, action.application, now)
            case Absent():
                _set(db, tables.application, action.application, absent_until=action.until)
            case NoReminders():
                _set(db, tables.application, action.application, no_reminders=True)
                wake_pairings_of(db, action.application, now)
            case Summarise():
                _summarise(db, action)
            case MoveEvent():
                _move_event(db, action, now)
            case _:
                assert_never(action)


def _journal(db: Connection, about: str, event: str, reason: str, now: datetime) -> None:
    db.execute(insert(tables.journal), {"at": now, "about": about, "event": event, "reason": reason})


def _skip(db: Connection, action: Skipped, now: datetime) -> None:
    j = tables.journal
    if action.key and db.execute(select(j.c.id).where(j.c.key == action.key)).first() is not None:
        return
    row = {"at": now, "about": action.about, "event": "skipped", "reason": action.reason}
    db.execute(insert(j), {**row, "key": action.key or None})
    if action.key:
        remembered.changed(db, action.about)


def _set(db: Connection, table: Table, id: str, **values: Any) -> None:
    db.execute(update(table).where(table.c.id == bindparam("of")), {"of": id, **values})


def _summarise(db: Connection, action: Summarise) -> None:
    """Only what differs is written, so that the board shows it anew only then."""
    t = tables.pairing
    data = encode(Summary, action.summary)
    if db.execute(select(t.c.summary).where(t.c.id == action.pairing)).scalar_one() != data:
        _set(db, t, action.pairing, summary=data)


def _move_event(db: Connection, action: MoveEvent, now: datetime) -> None:
    t = tables.event
    row = db.execute(select(t).where(t.c.id == action.event)).one()
    there, said = EventStage(row.stage), (row.stage, row.sequence, row.remark)
    if said == (action.to.value, action.sequence, action.remark):
        return
    if there is not action.to:
        if action.to not in EVENT_TRANSITIONS[there]:
            raise PontsError(f"{action.event} can't go from {there} to {action.to}: the table forbids it.")
        _journal(db, action.event, action.to.value, action.remark, now)
    _set(db, t, action.event, stage=action.to.value, sequence=action.sequence, remark=action.remark)


def wake_pairings_of(db: Connection, application: str, now: datetime) -> None:
    """Look again at the open pairings of a person."""
    t = tables.pairing
    theirs = or_(t.c.mentor_id == application, t.c.mentee_id == application)
    values = {"wake_at": now, "version": t.c.version}
    db.execute(update(t).where(theirs, t.c.stage.in_([stage.value for stage in OPEN])).values(values))


def _move_application(db: Connection, action: MoveApplication, now: datetime) -> None:
    t = tables.application
    stage = db.execute(select(t.c.stage).where(t.c.id == action.application)).scalar_one()
    values: dict[str, Any] = {"stage": action.to.value, "reason": action.reason, "wake_at": now}
    values["member_key"] = action.member_key
    if stage != action.to.value:
        if stage != NEW and action.to not in APPLICATION_TRANSITIONS[ApplicationStage(stage)]:
            raise PontsError(
                f"{action.application} can't go from {stage} to {action.to}: the table forbids it."
            )
        values["since"] = now
        _journal(db, action.application, action.to.value, action.reason, now)
    if (stage, action.to) == (ApplicationStage.ELIGIBLE.value, ApplicationStage.MEMBERSHIP_MISSING):
        values["episode"] = t.c.episode + 1
    db.execute(update(t).where(t.c.id == action.application).values(values))
    wake_pairings_of(db, action.application, now)
    if action.to is ApplicationStage.ELIGIBLE and stage != action.to.value:
        e = tables.event  # someone new to invite
        announced = e.c.stage == EventStage.ANNOUNCED.value
        db.execute(update(e).where(announced).values(wake_at=now, version=e.c.version))


def _confirm(db: Connection, action: Confirm, now: datetime) -> None:
    t = tables.application
    values = {"confirmation": action.same_person, "wake_at": now}
    db.execute(update(t).where(t.c.id == action.application).values(values))
    _journal(db, action.application, "confirmed" if action.same_person else "not the same person", "", now)


def _propose(db: Connection, action: Propose, now: datetime) -> None:
    if _together(db, action, OPEN):
        return
    asked = action.asked_for
    _open(
        db,
        action,
        now,
        stage=PairingStage.PROPOSED.value,
        reason="demandée par la coordination" if asked else "proposée par l'appariement",
        score=action.score,
        parts=[list(part) for part in action.parts],
        alternatives=list(action.alternatives),
        asked_for=asked,
        override=action.override,
    )


def _forbid(db: Connection, action: Forbid, now: datetime) -> None:
    if _together(db, action, NEVER_AGAIN):
        return
    refused = {"stage": PairingStage.REFUSED.value, "reason": action.reason, "asked_for": True}
    _open(db, action, now, **refused, score=0, parts=[], alternatives=[], override="")


def _together(db: Connection, pair: Propose | Forbid, stages: frozenset[PairingStage]) -> bool:
    """Whether the two are, or were, in a pairing at one of some stages."""
    t = tables.pairing
    wanted = t.c.stage.in_([stage.value for stage in stages])
    same = (t.c.mentor_id == pair.mentor, t.c.mentee_id == pair.mentee, wanted)
    return db.execute(select(t.c.id).where(*same)).first() is not None


def _open(db: Connection, pair: Propose | Forbid, now: datetime, **values: Any) -> None:
    """Begin a pairing, under the next number."""
    t = tables.pairing
    number = (db.execute(select(func.max(t.c.number))).scalar() or 0) + 1
    id = f"P-{number:04d}"
    row = {"id": id, "number": number, "mentor_id": pair.mentor, "mentee_id": pair.mentee}
    db.execute(insert(t).values({**row, "since": now, "proposed_at": now, **values}))
    _journal(db, id, values["stage"], values["reason"], now)


def _keep(db: Connection, action: Keep, now: datetime) -> None:
    _set(db, tables.pairing, action.pairing, asked_for=action.kept)
    _journal(db, action.pairing, "kept" if action.kept else "let go", "", now)


def _refresh(db: Connection, action: Refresh) -> None:
    t = tables.pairing
    values = {
        "score": action.score,
        "parts": [list(part) for part in action.parts],
        "alternatives": list(action.alternatives),
    }
    db.execute(update(t).where(t.c.id == action.pairing).values(values))


def _move_pairing(db: Connection, action: MovePairing, now: datetime) -> None:
    t = tables.pairing
    row = db.execute(select(t).where(t.c.id == action.pairing)).one()
    stage = PairingStage(row.stage)
    if action.to not in TRANSITIONS[stage]:
        raise PontsError(
            f"{action.pairing} can't go from {stage} to {action.to}: the table of transitions forbids it."
        )
    values = {"stage": action.to.value, "since": now, "reason": action.reason, "wake_at": now}
    if action.override:
        values["override"] = action.override
    begun = {PairingStage.ENGAGED: "engaged_at", PairingStage.RENEWED: "renewed_at"}
    ended = {PairingStage.COMPLETED: "ended_at", PairingStage.STOPPED: "ended_at"}
    # The first time counts: a pair comes back from a pause in the term that it was in.
    if (column := (begun | ended).get(action.to)) and row._mapping[column] is None:
        values[column] = now
    if action.to not in OPEN and stage not in (PairingStage.PROPOSED, PairingStage.POSTPONED):
        _free(db, row, now)
    db.execute(update(t).where(t.c.id == action.pairing).values(values))
    _journal(db, action.pairing, action.to.value, action.reason, now)


def _free(db: Connection, row: tables.Row, now: datetime) -> None:
    """Whoever knew of it is in no pair any more, as far as this one goes: their news counts from here."""
    t = tables.application
    told = (
        {row.mentor_id} if row.stage == PairingStage.ASKING_MENTOR.value else {row.mentor_id, row.mentee_id}
    )
    db.execute(update(t).where(t.c.id.in_(told)).values(free_since=now, wake_at=now))


def _plan(db: Connection, action: Plan, reference: Reference, now: datetime) -> None:
    t = tables.message
    there = db.execute(select(t.c.status, t.c.attempted_at).where(t.c.key == action.key)).first()
    if there is not None:
        if there.status == "cancelled" and there.attempted_at is None and not _erased(db, action.to):
            # It never left, and is wanted after all: after a leave, a pause, an answer taken back.
            again = {"status": "planned", "planned_at": now, "reason": "", "values": dict(action.values)}
            db.execute(update(t).where(t.c.key == action.key).values(again))
        return
    row = {
        "key": action.key,
        "reference": reference(action.key),
        "about": action.about,
        "template": action.template,
        "languages": [language.value for language in action.languages],
        "recipients": list(action.to),
        "values": dict(action.values),
        "reply_to_message": action.in_reply_to,
        "reply_to_thread": action.thread,
        "urgency": int(action.urgency),
        "at_once": action.at_once,
        "status": "planned",
        "planned_at": now,
    }
    if _erased(db, action.to):
        row |= {"status": "cancelled", "reason": REASON, "values": {}}
    db.execute(insert(t), row)


def _erased(db: Connection, readers: Sequence[str]) -> bool:
    """Whether one of some readers was erased: nothing is ever sent to them again."""
    t = tables.application
    which = (t.c.id.in_(readers), t.c.erased_at.is_not(None))
    return db.execute(select(t.c.id).where(*which)).first() is not None


def _cancel(db: Connection, which: ColumnElement[bool], reason: str) -> None:
    t = tables.message
    # A message being drafted or sent is past recall: what has begun is carried to its end.
    unsent = (which, t.c.status == "planned", t.c.attempted_at.is_(None))
    # Nor is an acknowledgement; what a coordinator wants to leave now is as much out of place as ever.
    called_off = t.c.at_once.is_(False) | (t.c.urgency == Urgency.NOW)
    db.execute(
        update(t).where(*unsent, called_off).values(status="cancelled", reason=reason, claimed_by=None)
    )


def _ask(db: Connection, action: AskCoordinator, now: datetime) -> None:
    t = tables.to_review
    if db.execute(select(t.c.key).where(t.c.key == action.key)).first() is not None:
        return
    row = {
        name: getattr(action, name) for name in ("key", "about", "subject", "todo", "link", "who", "question")
    }
    db.execute(insert(t), {**row, "opened_at": now})


def _close(db: Connection, action: CloseReview, now: datetime) -> None:
    t = tables.to_review
    still_open = update(t).where(t.c.key == bindparam("of"), t.c.closed_at.is_(None))
    db.execute(still_open, {"of": action.key, "closed_at": now})
