"""From a response that was read to an application: a later one by the same person, for the same role, replaces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from ponts_flows.forms import Reading, Respondent
from ponts_flows.ledger import tables
from ponts_flows.ledger.codec import encode
from ponts_flows.lifecycle import ApplicationStage
from ponts_flows.model import Problem, Profile


@dataclass(frozen=True, kw_only=True)
class Admitted:
    """The application that a response belongs to; `current` False: a later response had already come in."""

    application: str
    current: bool
    merged: tuple[str, ...] = ()


def admit(
    db: Connection, reading: Reading, *, response_id: int, submitted_at: datetime, now: datetime
) -> Admitted:
    """Store what a response says, unless a later one by the same person was stored before."""
    respondent = reading.respondent
    known = _same_person(db, respondent)
    if not known:
        return Admitted(application=_insert(db, reading, response_id, submitted_at, now), current=True)
    first, *others = known
    for other in others:
        _merge(db, other, first, now)
    newest = max(known, key=lambda row: row.submitted_at)
    earliest = min(submitted_at, *(row.applied_at for row in known))
    if submitted_at < newest.submitted_at:
        kept = {"applied_at": earliest} | (_content(newest, now) if newest is not first else {})
        # What a complete response said still serves a pairing under way, whichever response came in first.
        if first.profile is None and newest.profile is None and reading.profile is not None:
            kept["profile"] = encode(Profile, reading.profile)
        db.execute(update(tables.application).where(tables.application.c.id == first.id).values(kept))
        _keep_addresses(db, first.id, respondent)
        return Admitted(application=first.id, current=False, merged=tuple(row.id for row in others))
    columns = _columns(reading)
    if reading.profile is None:  # a pairing under way still needs what the last complete response said
        del columns["profile"]
    values = columns | {
        "submitted_at": submitted_at,
        "applied_at": earliest,
        "response_id": response_id,
        "wake_at": now,
    }
    db.execute(update(tables.application).where(tables.application.c.id == first.id).values(values))
    _keep_addresses(db, first.id, respondent)
    return Admitted(application=first.id, current=True, merged=tuple(row.id for row in others))


def _content(row: tables.Row, now: datetime) -> dict[str, object]:
    """What an application says, to be said by another: the later response of two that were one person's."""
    names = ("email", "respondent", "problems", "submitted_at", "response_id")
    content = {name: row._mapping[name] for name in names} | {"wake_at": now}
    return content | ({"profile": row.profile} if row.profile is not None else {})


def _same_person(db: Connection, respondent: Respondent) -> list[tables.Row]:
    a, t = tables.address, tables.application
    emails = respondent.emails or (_unreachable_address(respondent),)
    theirs = t.c.id.in_(select(a.c.application_id).where(a.c.email.in_(emails)))
    query = select(t).where(theirs, t.c.role == respondent.role.value).order_by(t.c.number)
    return list(db.execute(query))


def _unreachable_address(respondent: Respondent) -> str:
    """What stands for the address of someone whose own can't be read, so that a second try finds the first."""
    return f"?{respondent.typed_email}".casefold()[:200]


def _columns(reading: Reading) -> dict[str, object]:
    return {
        "email": reading.respondent.email or _unreachable_address(reading.respondent),
        "respondent": encode(Respondent, reading.respondent),
        "profile": encode(Profile, reading.profile) if reading.profile else None,
        "problems": encode(tuple[Problem, ...], reading.problems),
    }


def _insert(db: Connection, reading: Reading, response_id: int, submitted_at: datetime, now: datetime) -> str:
    t = tables.application
    number = (db.execute(select(func.max(t.c.number))).scalar() or 0) + 1
    id = f"A-{number:04d}"
    db.execute(
        insert(t).values(
            id=id,
            number=number,
            role=reading.respondent.role.value,
            submitted_at=submitted_at,
            applied_at=submitted_at,
            response_id=response_id,
            stage=NEW,
            since=now,
            reason="",
            wake_at=now,
            **_columns(reading),
        )
    )
    _keep_addresses(db, id, reading.respondent)
    return id


NEW = "new"  # received and not yet judged: never outlives the transaction that admits it


def _keep_addresses(db: Connection, id: str, respondent: Respondent) -> None:
    a = tables.address
    known = set(db.execute(select(a.c.email).where(a.c.application_id == id)).scalars())
    for email in respondent.emails or (_unreachable_address(respondent),):
        if email not in known:
            known.add(email)
            db.execute(insert(a).values(email=email, application_id=id))


def _merge(db: Connection, other: tables.Row, first: tables.Row, now: datetime) -> None:
    """Two applications turn out to be one person's: the older number stays, the other is withdrawn."""
    a, t = tables.address, tables.application
    mine = set(db.execute(select(a.c.email).where(a.c.application_id == first.id)).scalars())
    theirs = set(db.execute(select(a.c.email).where(a.c.application_id == other.id)).scalars())
    db.execute(delete(a).where(a.c.application_id == other.id))
    for email in sorted(theirs - mine):
        db.execute(insert(a).values(email=email, application_id=first.id))
    values = {
        "stage": ApplicationStage.WITHDRAWN.value,
        "since": now,
        "reason": f"doublon de {first.id}",
        "email": f"{other.id}={other.email}",
        "wake_at": now,
    }
    db.execute(update(t).where(t.c.id == other.id).values(values))
