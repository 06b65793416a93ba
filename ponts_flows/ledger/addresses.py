"""The addresses of people: those known; those that mail does not reach, how often, and whether any is sent there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from ponts_flows.ledger import remembered, tables


def record(db: Connection, email: str, *, now: datetime) -> int:
    """One more failure of an address; returns how many since it was last known to work."""
    t = tables.failing_address
    _changed(db, email)
    times = db.execute(select(t.c.times).where(t.c.email == email)).scalar()
    if times is None:
        db.execute(insert(t).values(email=email, times=1, last_at=now))
        return 1
    db.execute(update(t).where(t.c.email == email).values(times=times + 1, last_at=now))
    return int(times) + 1


def stop(db: Connection, email: str, *, line: str, now: datetime) -> None:
    """Send nothing more to an address, until its line in À traiter is closed."""
    t = tables.failing_address
    values = {"dead_since": now, "line": line, "retry": None, "retry_at": None}
    db.execute(update(t).where(t.c.email == email).values(values))
    _changed(db, email)


def try_again(db: Connection, email: str, message: str, at: datetime) -> None:
    """Send a message again to an address that refused it for a while."""
    t = tables.failing_address
    db.execute(update(t).where(t.c.email == email).values(retry=message, retry_at=at))
    _changed(db, email)


def due_retries(db: Connection, now: datetime) -> list[tables.Row]:
    """The addresses where something is to be tried again now."""
    t = tables.failing_address
    return list(db.execute(select(t).where(t.c.retry.is_not(None), t.c.retry_at <= now).order_by(t.c.email)))


def tried(db: Connection, email: str) -> None:
    """What was to be tried again at an address was seen to."""
    t = tables.failing_address
    db.execute(update(t).where(t.c.email == email).values(retry=None, retry_at=None))
    _changed(db, email)


def works(db: Connection, email: str) -> None:
    """Mail reaches an address: what failed before counts no more."""
    t = tables.failing_address
    if db.execute(delete(t).where(t.c.email == email)).rowcount:
        _changed(db, email)


def _changed(db: Connection, email: str) -> None:
    """What is remembered of whoever has an address changed."""
    a, t = tables.address, tables.application
    remembered.outdated(db, t, t.c.id.in_(select(a.c.application_id).where(a.c.email == email)))


def dead(db: Connection) -> frozenset[str]:
    """The addresses to which nothing is sent."""
    t = tables.failing_address
    return frozenset(db.execute(select(t.c.email).where(t.c.dead_since.is_not(None))).scalars())


def in_use_again(db: Connection) -> tuple[str, ...]:
    """Take up the addresses whose line a coordinator closed; returns them."""
    t, r = tables.failing_address, tables.to_review
    closed = (t.c.dead_since.is_not(None), r.c.key == t.c.line, r.c.closed_at.is_not(None))
    query = select(t.c.email).where(*closed).order_by(t.c.email)
    found = tuple(db.execute(query).scalars())
    for email in found:
        works(db, email)
    return found


def known(db: Connection, applications: Iterable[str]) -> tuple[str, ...]:
    """Every address known of some people."""
    t = tables.address
    query = select(t.c.email).where(t.c.application_id.in_(list(applications))).order_by(t.c.email)
    return tuple(db.execute(query).scalars())
