"""What coordinators did, in words: written once, never changed. The board shows the last of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert

from ponts_flows.ledger import facts, tables

LAST = "acts"
"""The note of the last number given."""


def record(
    db: Connection, *, at: datetime, by: str, place: str, about: str, what: str, outcome: str = ""
) -> None:
    """Add a line: who (the name they chose, "" when none), in which tab, about which row, what, what came of it."""
    number = facts.recall(db, LAST, 0) + 1
    facts.remember(db, LAST, number)
    row = {"at": at, "by": by, "place": place, "about": about, "what": what, "outcome": outcome}
    db.execute(insert(tables.act).values(id=f"J-{number:06d}", number=number, **row))
