"""Opening the ledger: the engine, its migrations, one transaction at a time, and the lock between runs."""

from __future__ import annotations

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
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError

from ponts_flows.errors import LockLost, SettingsError
from ponts_flows.ledger import locks


class Ledger:
    """A ledger by its database URL: `sqlite:///path` or `postgresql://user:password@host/name`.

    `durable=False` trades safety against power cuts for speed, for throw-away rehearsals.
    """

    def __init__(self, url: str, *, durable: bool = True) -> None:
        try:
            self.url = _with_driver(make_url(url))
            self.url.get_dialect().import_dbapi()
        except (ArgumentError, ImportError) as error:  # the URL may hold a password: it is not shown
            raise SettingsError(
                f"PONTS_DATABASE_URL names no database that can be used here ({type(error).__name__}). "
                "Give sqlite:///path/to/ledger.db, or postgresql://user:password@host/name."
            ) from None
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            if not self.url.database or self.url.database == ":memory:":
                raise SettingsError(
                    "The ledger needs a file: sqlite:///path/to/ledger.db in PONTS_DATABASE_URL."
                )
            _make_folder(Path(self.url.database).parent)
        self._pinned: Connection | None = None
        self.engine = _engine(self.url.render_as_string(hide_password=False), self.is_sqlite, durable)

    @property
    def exists(self) -> bool:
        """Whether there is a ledger to read: always, for a server."""
        return not self.is_sqlite or Path(self.url.database or "").is_file()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction: committed when the block ends, undone when it raises.

        There is one at a time, on either database: what it reads is still so when it writes. They are short, and
        nobody is waited for in them.
        """
        if self._pinned is not None and self._pinned.invalidated:  # it would connect again, without the lock
            raise LockLost(
                "The connection to the ledger was lost, and its lock with it; the next run goes on."
            )
        beginning = self.engine.begin() if self._pinned is None else self._begun(self._pinned)
        with beginning as connection:
            if not self.is_sqlite:  # SQLite's BEGIN IMMEDIATE has seen to it
                locks.wait_alone(connection)
            yield connection

    @contextmanager
    def _begun(self, connection: Connection) -> Iterator[Connection]:
        with connection.begin():
            yield connection

    def migrate(self) -> None:
        """Bring the tables up to date; does nothing when they are. A new file is for its owner's eyes only."""
        if not self.exists:
            _make_file(Path(self.url.database or ""))
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
        """Keep other passes out until the block ends; raise AlreadyRunning when one is in."""
        if self.is_sqlite:
            with locks.file_lock(f"{self.url.database}.lock"):
                yield
        else:
            with self._one_connection() as connection, locks.advisory_lock(connection):
                yield

    @contextmanager
    def sender(self) -> Iterator[int]:
        """The number under which messages are claimed: its claims end with the block, or with the process.

        On SQLite one sends at a time; AlreadyRunning when another one does.
        """
        if self.is_sqlite:
            with locks.file_lock(f"{self.url.database}.sending"):
                yield locks.a_number()
        else:
            with self._one_connection() as connection, locks.sender_number(connection) as number:
                yield number

    def living_senders(self, db: Connection, me: int) -> frozenset[int]:
        """The numbers of those who are sending now."""
        return frozenset({me}) if self.is_sqlite else locks.living_senders(db)

    @contextmanager
    def _one_connection(self) -> Iterator[Connection]:
        """One connection for every transaction of the block: a lock is of no use to those of another one."""
        if self._pinned is not None:
            yield self._pinned
            return
        with self.engine.connect() as connection:
            self._pinned = connection
            try:
                yield connection
            finally:
                self._pinned = None


def _with_driver(url: URL) -> URL:
    """`postgresql://` as people write it means psycopg, the one driver that comes with us."""
    return url.set(drivername="postgresql+psycopg") if url.drivername in ("postgresql", "postgres") else url


def _migrations() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


@cache
def _newest() -> tuple[str, ...]:
    """The revision that the migrations lead to; they don't change while a process runs."""
    return tuple(ScriptDirectory.from_config(_migrations()).get_heads())


@cache
def revisions() -> frozenset[str]:
    """Every form that a ledger had up to now, by the name of its migration."""
    return frozenset(
        script.revision for script in ScriptDirectory.from_config(_migrations()).walk_revisions()
    )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise SettingsError(
            f"The folder of the ledger can't be made ({error.strerror}): {folder}. Give another in PONTS_DIRECTORY."
        ) from error


def _make_file(path: Path) -> None:
    # The files that SQLite puts beside it are given the same rights.
    try:
        path.touch(mode=0o600)
    except OSError as error:
        raise SettingsError(
            f"The ledger can't be made ({error.strerror}): {path}. Give another folder in PONTS_DIRECTORY."
        ) from error


def _engine(url: str, is_sqlite: bool, durable: bool) -> Engine:
    # What people wrote stays out of errors.
    engine = create_engine(
        url, hide_parameters=True, json_deserializer=from_json, **({} if is_sqlite else _SERVER)
    )
    if not is_sqlite:
        event.listen(engine, "handle_error", _without_values)
        if not durable:
            event.listen(engine, "connect", _soon_durable)
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


# A server that is gone is noticed within a minute or so: a lock would be held by nobody for hours otherwise.
_SERVER: dict[str, Any] = {
    "pool_pre_ping": True,
    "connect_args": {
        "connect_timeout": 10,
        "application_name": "ponts-flows",
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        # A process that was stopped in the middle of a transaction must not keep the others waiting for ever.
        "options": "-c lock_timeout=300s -c idle_in_transaction_session_timeout=240s",
    },
}


def _soon_durable(connection: Any, record: Any) -> None:
    connection.execute("SET synchronous_commit = off")
    connection.commit()


def _without_values(context: ExceptionContext) -> None:
    """PostgreSQL's errors quote the values concerned ("Key (email)=(…)"): only what kind of error it is is told."""
    error, told = context.original_exception, context.sqlalchemy_exception
    if not isinstance(told, DBAPIError) or isinstance(told, OperationalError | InterfaceError):
        return
    state, diagnosis = getattr(error, "sqlstate", None), getattr(error, "diag", None)
    where = getattr(diagnosis, "constraint_name", None) or getattr(diagnosis, "table_name", None) or ""
    bare = type(error)(f"SQLSTATE {state or '?'} {where}".strip())
    raise type(told)(context.statement, None, bare, hide_parameters=True) from None
