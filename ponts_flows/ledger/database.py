"""Opening the ledger: the engine, its migrations, one transaction at a time, and the lock between runs."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from pydantic_core import from_json
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from ponts_flows.errors import AlreadyRunning, SettingsError

LOCK_NUMBER = 0x706F6E7473  # "ponts": the advisory lock of PostgreSQL


class Ledger:
    """A ledger by its database URL: `sqlite:///path` or `postgresql+psycopg://…`.

    `durable=False` trades safety against power cuts for speed, for throw-away rehearsals.
    """

    def __init__(self, url: str, *, durable: bool = True) -> None:
        try:
            self.url = make_url(url)
            self.url.get_dialect().import_dbapi()
        except (ArgumentError, ImportError) as error:  # the URL may hold a password: it is not shown
            raise SettingsError(
                f"PONTS_DATABASE_URL names no database that can be used here ({type(error).__name__}). "
                "Give sqlite:///path/to/ledger.db, or postgresql+psycopg://user:password@host/name (with psycopg)."
            ) from None
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            if not self.url.database or self.url.database == ":memory:":
                raise SettingsError(
                    "The ledger needs a file: sqlite:///path/to/ledger.db in PONTS_DATABASE_URL."
                )
            _make_folder(Path(self.url.database).parent)
        self.engine = _engine(self.url.render_as_string(hide_password=False), self.is_sqlite, durable)

    @property
    def exists(self) -> bool:
        """Whether there is a ledger to read: always, for a server."""
        return not self.is_sqlite or Path(self.url.database or "").is_file()

    @property
    def up_to_date(self) -> bool:
        """Whether the tables are those of this version."""
        with self.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_heads() == _newest()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction: committed when the block ends, undone when it raises."""
        with self.engine.begin() as connection:
            yield connection

    def migrate(self) -> None:
        """Bring the tables up to date; does nothing when they are."""
        with self.transaction() as connection:
            if MigrationContext.configure(connection).get_current_heads() != _newest():
                config = _migrations()
                config.attributes["connection"] = connection
                command.upgrade(config, "head")

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep other runs out until the block ends; raise AlreadyRunning when one is in.

        The operating system (SQLite) or the server (PostgreSQL) frees the lock of a process that died.
        """
        with self._file_lock() if self.is_sqlite else self._advisory_lock():
            yield

    @contextmanager
    def _file_lock(self) -> Iterator[None]:
        descriptor = os.open(f"{self.url.database}.lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise AlreadyRunning(
                    "Another run is at work on this ledger; it will do what is due."
                ) from None
            yield
        finally:
            os.close(descriptor)

    @contextmanager
    def _advisory_lock(self) -> Iterator[None]:
        with self.engine.connect() as connection:
            taken = connection.execute(text("SELECT pg_try_advisory_lock(:n)"), {"n": LOCK_NUMBER}).scalar()
            if not taken:
                raise AlreadyRunning("Another run is at work on this ledger; it will do what is due.")
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:n)"), {"n": LOCK_NUMBER})


def _migrations() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


@cache
def _newest() -> tuple[str, ...]:
    """The revision that the migrations lead to; they don't change while a process runs."""
    return tuple(ScriptDirectory.from_config(_migrations()).get_heads())


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"The folder of the ledger can't be made ({error.strerror}): {folder}. Give another in PONTS_DIRECTORY."
        ) from error


def _engine(url: str, is_sqlite: bool, durable: bool) -> Engine:
    # What people wrote stays out of errors.
    engine = create_engine(url, hide_parameters=True, json_deserializer=from_json)
    if not is_sqlite:
        return engine

    @event.listens_for(engine, "connect")
    def configure(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy begins our transactions, see below
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'OFF'}")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA busy_timeout=10000")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads and then writes must hold the file from its start, or it could fail half-way.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
