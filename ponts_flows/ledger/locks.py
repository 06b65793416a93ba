"""Who may do what on one ledger at the same time: one pass, one transaction, and those who send.

A lock is the operating system's (SQLite) or the server's (PostgreSQL): it is free as soon as its process is dead,
and never because somebody was slow. On PostgreSQL all that its holder does goes through the very connection
that holds it: whoever loses the connection loses the lock, and can write nothing any more.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from ponts_flows.errors import AlreadyRunning

PASS, TRANSACTION = 0x706F6E7473, 0x706F6E7474
SENDERS = 0x706F6E74
"""Advisory locks of PostgreSQL: their numbers ("ponts" and after), and the class of the senders' own numbers."""

BUSY = "Another run is at work on this ledger; it will do what is due."


@contextmanager
def file_lock(path: str) -> Iterator[None]:
    """Hold a lock file; raise AlreadyRunning when another process holds it."""
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(BUSY) from None
        yield
    finally:
        os.close(descriptor)


@contextmanager
def advisory_lock(connection: Connection) -> Iterator[None]:
    """Hold the lock of the pass; raise AlreadyRunning when another connection holds it."""
    with connection.begin():
        taken = connection.execute(text("SELECT pg_try_advisory_lock(:pass)"), {"pass": PASS}).scalar_one()
    if not taken:
        raise AlreadyRunning(BUSY)
    try:
        yield
    finally:
        _unlock(connection, "SELECT pg_advisory_unlock(:pass)", {"pass": PASS})


@contextmanager
def sender_number(connection: Connection) -> Iterator[int]:
    """A number that nobody else has as long as this connection lives."""
    while True:
        number = a_number()
        values = {"class": SENDERS, "number": number}
        with connection.begin():
            query = text("SELECT pg_try_advisory_lock(:class, :number)")
            if connection.execute(query, values).scalar_one():
                break
    try:
        yield number
    finally:
        _unlock(connection, "SELECT pg_advisory_unlock(:class, :number)", values)


def a_number() -> int:
    """A number for a sender, drawn at random: above 0, below 2^31."""
    return 1 + secrets.randbelow(2**31 - 1)


def wait_alone(db: Connection) -> None:
    """Wait until no other transaction of ours is open (PostgreSQL)."""
    db.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": TRANSACTION})


def living_senders(db: Connection) -> frozenset[int]:
    """The numbers of the senders whose connections live (PostgreSQL)."""
    query = text(
        "SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND classid = :class AND objsubid = 2 AND granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    return frozenset(int(number) for number in db.execute(query, {"class": SENDERS}).scalars())


def _unlock(connection: Connection, statement: str, values: dict[str, int]) -> None:
    if connection.invalidated:
        return  # lost, and the lock with it
    with connection.begin():
        connection.execute(text(statement), values)
