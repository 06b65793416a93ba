"""What coordinators do with single messages: keep them back, let them leave, have them sent again under a new key."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from ponts_flows.actions import Urgency
from ponts_flows.ledger import outbox, tables
from ponts_flows.ledger.outbox import Status


def keep_back(db: Connection, key: str) -> None:
    """It does not leave, until a coordinator says so; what is no longer called for is called off all the same."""
    t = tables.message
    waiting = (t.c.key == key, t.c.status == Status.PLANNED, t.c.attempted_at.is_(None))
    db.execute(update(t).where(*waiting).values(kept_back=True, claimed_by=None))


def let_leave(db: Connection, key: str, *, now: datetime, urgency: Urgency | None = None) -> None:
    """It may leave: in its turn, or with an urgency of its own at any hour. What it is about is looked at again."""
    t, message = tables.message, outbox.one(db, key)
    status = Status.PLANNED if message.status is Status.HELD else message.status
    pressed = {} if urgency is None else {"at_once": True, "urgency": int(urgency)}
    values = {"status": status, "kept_back": False, "reason": "", **pressed}
    db.execute(update(t).where(t.c.key == key).values(values))
    outbox.wake(db, message.about, now)


def again(db: Connection, key: str, why: str, *, reference: Callable[[str], str], now: datetime) -> None:
    """A new message like another, which leaves at any hour: nothing of the other's way is its own."""
    t = tables.message
    row = db.execute(select(t).where(t.c.key == key)).mappings().one()
    first = re.sub(rf"^{re.escape(row['about'])}/again/\d+/", "", key)
    like = t.c.key.startswith(f"{row['about']}/again/", autoescape=True) & t.c.key.endswith(
        f"/{first}", autoescape=True
    )
    number = len(db.execute(select(t.c.key).where(t.c.about == row["about"], like)).all()) + 1
    new = f"{row['about']}/again/{number}/{first}"
    copied = {name: row[name] for name in _OF_ITSELF}
    own = {"key": new, "reference": reference(new), "at_once": True, "status": Status.PLANNED}
    db.execute(insert(t).values(**copied, **own, planned_at=now, reason=f"Envoyé de nouveau : {why}"))


_OF_ITSELF = (
    "about",
    "template",
    "languages",
    "recipients",
    "values",
    "reply_to_message",
    "reply_to_thread",
    "urgency",
)
"""What a message is, whatever became of it."""
