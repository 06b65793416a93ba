"""The one SQLite file in which the sandbox keeps everything, its clock included."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


class Store:
    """One connection, used from one event loop only: requests are served one after the other, so no lock is needed.

    Each area of the sandbox hands its own tables to `create`, and its statements to `db`
    inside `transaction()`: a request that fails leaves nothing behind, a process that is killed neither.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._last_instant: datetime | None = None
        self.acts = 0
        """How often somebody did something on a page since the start; what programs do by the API is not counted."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.db = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        self.db.row_factory = sqlite3.Row
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute("PRAGMA synchronous=OFF")  # a killed process loses nothing, a power cut may
        self.db.execute("PRAGMA cache_size=-65536")
        self.db.execute("PRAGMA foreign_keys=ON")
        self.create(SCHEMA)

    def create(self, schema: str) -> None:
        """Create the tables of one area; the statements must be repeatable (IF NOT EXISTS)."""
        self.db.executescript(schema)

    def close(self) -> None:
        """Close the file."""
        self.db.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Everything or nothing; nested use joins the transaction under way."""
        if self.db.in_transaction:
            yield self.db
            return
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield self.db
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    def setting(self, name: str, default: Any = None) -> Any:
        """Read a value kept under a name."""
        row = self.db.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return default if row is None else json.loads(row["value"])

    def set(self, name: str, value: Any) -> None:
        """Keep a value under a name."""
        self.db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, json.dumps(value)))

    def next_number(self, name: str) -> int:
        """Count upwards from 1, for ever, under a name."""
        number = int(self.setting(f"counter/{name}", 0)) + 1
        self.set(f"counter/{name}", number)
        return number

    # The clock: either running (the machine's clock plus an offset) or standing still until it is moved.

    def now(self) -> datetime:
        """The sandbox's time, aware, in UTC, to the millisecond."""
        standing = self.setting("clock/standing")
        if standing is not None:
            return datetime.fromisoformat(standing)
        offset = timedelta(seconds=float(self.setting("clock/offset", 0.0)))
        now = datetime.now(UTC) + offset
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    def instant(self) -> datetime:
        """The time, a microsecond after the last instant at least: two things that people do are never at once."""
        now, last = self.now(), self._last_instant
        if last is not None and now <= last < now + timedelta(seconds=1):
            now = last + timedelta(microseconds=1)
        self._last_instant = now
        return now

    @property
    def standing(self) -> bool:
        """Whether the clock stands still."""
        return self.setting("clock/standing") is not None

    def move_clock(self, moment: datetime, *, standing: bool) -> None:
        """Set the time; `standing` makes it stay there until it is moved again."""
        if moment.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        moment = moment.astimezone(UTC)
        self.set("clock/standing", moment.isoformat() if standing else None)
        self.set("clock/offset", (moment - datetime.now(UTC)).total_seconds())


def new_id(length: int = 44) -> str:
    """An opaque identifier such as Google gives to files and forms."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return "1" + "".join(secrets.choice(alphabet) for _ in range(length - 1))
