"""Copies of a ledger in a SQLite file: made while it is in use, checked, and put back whole or not at all."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import mkstemp

from sqlalchemy import Connection

from ponts_flows.errors import InputError
from ponts_flows.ledger import facts
from ponts_flows.ledger.database import Ledger, revisions

OURS = frozenset({"alembic_version", "note", "message", "journal", "response", "application"})
RESTORED = "restored"
"""The note in a ledger that is older than the world: what left since is still to be found."""
_BESIDE = ("", "-wal", "-shm")
_BUSY_SECONDS = 30


def back_up(ledger: Ledger, path: Path) -> None:
    """Copy the ledger as it is at one moment to a file, checked; whoever writes meanwhile is not held up."""
    if path.is_dir():
        raise InputError(f"{path}: is a folder. Give the name of a file.")
    _keep(file_of(ledger), path)


def restore(ledger: Ledger, path: Path, *, beside: Path) -> None:
    """Put a backup in the ledger's place; what was there is kept `beside` it. Raise AlreadyRunning while a pass or a
    sender is at work.

    Everything is prepared and checked in a file of its own: the ledger's own changes in one step, at the end.
    """
    check(path)
    with ledger.lock(), ledger.sender(), _prepared(beside.parent) as part:
        _copy(path, part)
        ready = Ledger(f"sqlite:///{part}")
        ready.migrate()
        with ready.transaction() as db:
            _mark(db)
        ready.close()
        _alone(part)
        check(part)
        _swap(ledger, part, beside)


def put_back_by_hand(ledger: Ledger) -> None:
    """Say that the ledger is older than what left, as after `restore`. Raise AlreadyRunning during a pass."""
    with ledger.lock():
        ledger.migrate()
        with ledger.transaction() as db:
            _mark(db)


def _mark(db: Connection) -> None:
    facts.remember(db, RESTORED, True)


def check(path: Path) -> None:
    """InputError unless a file is a whole ledger of ours, made by this version or an earlier one."""
    if not path.is_file():
        raise InputError(f"{path}: there is no such file.")
    try:
        with closing(_reading(path)) as db:
            wrong = _wrong(db)
    except sqlite3.DatabaseError as error:
        wrong = f"it can't be read ({error})"
    if wrong:
        raise InputError(f"{path}: is no ledger that can be used: {wrong}. Nothing was changed.")


def file_of(ledger: Ledger) -> Path:
    """The file that a ledger is."""
    return Path(ledger.url.database or "").resolve()


def _wrong(db: sqlite3.Connection) -> str:
    """What keeps a database from being a whole ledger of ours; "" when nothing does."""
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables >= OURS:
        return "it is a database of something else"
    (said,) = db.execute("PRAGMA integrity_check(1)").fetchone()
    if said != "ok":
        return f"it is damaged ({said})"
    if db.execute("PRAGMA foreign_key_check").fetchone() is not None:
        return "records refer to others that are not there"
    found = [revision for (revision,) in db.execute("SELECT version_num FROM alembic_version")]
    if len(found) != 1 or found[0] not in revisions():
        return f"its form ({', '.join(found) or 'none'}) is not known here; it may be of a later version of ponts"
    return ""


def _reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=_BUSY_SECONDS)


@contextmanager
def _prepared(folder: Path) -> Iterator[Path]:
    """An empty file in a folder, for its owner's eyes only; removed at the end unless it got another name."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, name = mkstemp(prefix=".ponts-", suffix=".part", dir=folder)
    except OSError as error:
        raise InputError(f"{folder}: can't be written to ({error.strerror}). Give another folder.") from error
    os.close(descriptor)
    try:
        yield Path(name)
    finally:
        for suffix in _BESIDE:
            Path(name + suffix).unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    # All pages in one step: a copy that lets others write in between would begin again after each of their writes.
    with closing(_reading(source)) as there, closing(sqlite3.connect(target)) as here:
        there.backup(here)


def _alone(path: Path) -> None:
    """Make a copy one file, that needs no other beside it, and have it on the disk."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode=DELETE")
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _swap(ledger: Ledger, ready: Path, beside: Path) -> None:
    """Keep what is there, then put what is ready in its place: one transaction, or one renaming."""
    there = file_of(ledger)
    if not there.exists():
        os.replace(ready, there)
    elif _is_sound(there):
        _keep(there, beside, checked=False)  # of a later version, perhaps: it is kept all the same
        # Into the file and not over it: whoever has it open goes on with what is in it now.
        with closing(sqlite3.connect(ready)) as new, closing(sqlite3.connect(there)) as db:
            db.execute(f"PRAGMA busy_timeout={_BUSY_SECONDS * 1000}")
            new.backup(db)
    else:
        _set_aside(there, beside)
        os.replace(ready, there)
    _settle_names(there.parent)


def _is_sound(path: Path) -> bool:
    """Whether SQLite itself finds nothing wrong with a file."""
    try:
        with closing(_reading(path)) as db:
            return bool(db.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",))
    except sqlite3.DatabaseError:
        return False


def _keep(there: Path, copy: Path, *, checked: bool = True) -> None:
    """A copy of a ledger under another name, there whole or not at all."""
    with _prepared(copy.parent) as part:
        _copy(there, part)
        _alone(part)
        if checked:
            check(part)
        os.replace(part, copy)
        _settle_names(copy.parent)


def _set_aside(there: Path, beside: Path) -> None:
    """Keep a damaged ledger as it is, under a second name; its journals would spoil what takes its place."""
    for suffix in _BESIDE:
        if (part := there.with_name(there.name + suffix)).exists():
            os.link(part, beside.with_name(beside.name + suffix))
    for suffix in _BESIDE[1:]:
        there.with_name(there.name + suffix).unlink(missing_ok=True)


def _settle_names(folder: Path) -> None:
    """Have the names of a folder's files on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
