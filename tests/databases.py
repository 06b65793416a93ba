"""The database that ledgers are tested on: SQLite's files, or PostgreSQL with `--database=postgresql`."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psycopg
from psycopg.sql import SQL, Identifier

from ponts_flows.ledger import Ledger
from tests.postgresql import Server

Restore = Callable[[], None]


class Databases(Protocol):
    """Where ledgers are made, and made again as they were. A ledger must be closed for either."""

    def new(self, directory: Path) -> str:
        """The URL of a ledger with its tables and nothing in them; a directory has one."""

    def keep(self, url: str) -> Restore:
        """Remember what a ledger holds; what is returned makes it so again."""


@dataclass(kw_only=True)
class Files:
    """SQLite: a file in each directory."""

    _empty: sqlite3.Connection | None = None

    def new(self, directory: Path) -> str:
        """A file with its tables and nothing in them."""
        path = directory / "ledger.db"
        url = f"sqlite:///{path}"
        if self._empty is None:
            migrated(url)
            self._empty = _copy(path)
        else:
            _write(self._empty, path)
        return url

    def keep(self, url: str) -> Restore:
        """A copy in memory."""
        path = Path(url.removeprefix("sqlite:///"))
        copy = _copy(path)
        return lambda: _write(copy, path)


@dataclass(kw_only=True)
class Servers:
    """PostgreSQL: a database of one server for each directory."""

    server: Server

    def new(self, directory: Path) -> str:
        """A database with its tables and nothing in them."""
        url = self.server.url(self.server.create())
        migrated(url)
        return url

    def keep(self, url: str) -> Restore:
        """The rows of every table, in memory; making a database after another one would take ten times as long."""
        with closing(psycopg.connect(url)) as db:
            rows = {table: _rows(db, table) for table in _tables(db)}
            sequences = db.execute("SELECT sequencename, last_value FROM pg_sequences").fetchall()

        def restore() -> None:
            migrated(url)  # a test may have lost them
            with closing(psycopg.connect(url)) as db:
                db.execute("SET session_replication_role = replica")  # in any order: no key is looked at
                for table, data in rows.items():
                    db.execute(SQL("DELETE FROM {}").format(Identifier(table)))
                    if data:
                        with db.cursor().copy(SQL("COPY {} FROM STDIN").format(Identifier(table))) as copy:
                            copy.write(data)
                for name, last in sequences:
                    db.execute("SELECT setval(%s, %s, %s)", (name, last or 1, last is not None))
                db.commit()

        return restore


def _tables(db: psycopg.Connection) -> list[str]:
    return [name for (name,) in db.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]


def _rows(db: psycopg.Connection, table: str) -> bytes:
    with db.cursor().copy(SQL("COPY {} TO STDOUT").format(Identifier(table))) as copy:
        return b"".join(bytes(part) for part in copy)


def migrated(url: str) -> None:
    """Make the tables."""
    ledger = Ledger(url, durable=False)
    ledger.migrate()
    ledger.close()


def _copy(path: Path) -> sqlite3.Connection:
    copy = sqlite3.connect(":memory:", check_same_thread=False)
    with closing(sqlite3.connect(path, timeout=10)) as there:
        there.backup(copy)
    return copy


def _write(copy: sqlite3.Connection, path: Path) -> None:
    with closing(sqlite3.connect(path, timeout=10)) as there:
        copy.backup(there)
