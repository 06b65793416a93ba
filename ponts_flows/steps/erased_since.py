"""Who was erased after the backup was made that was put back: the board remembers, and they are erased again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from ponts_flows.google.board_memory import remembered
from ponts_flows.ledger import tables
from ponts_flows.mail.tokens import TokenError
from ponts_flows.steps.context import Pass
from ponts_flows.steps.erasing import WISH, erase_in_pass
from ponts_flows.steps.rows.memory import unsealed

TAB = "applications"


def erase_again(run: Pass) -> int:
    """Erase those whom the board knows as erased, and the ledger does not; returns how many applications."""
    memories = list(_memories(run))
    proofs = {repr(one): one for data in memories for one in data.get("erasures", ())}
    with run.ledger.transaction() as db:
        _keep(db, proofs.values())
        t = tables.application
        known = db.execute(select(t.c.id).where(t.c.erased_at.is_(None))).scalars().all()
    erased = {id for one in proofs.values() for id in one["applications"]}
    again = sorted(erased.intersection(known))
    with run.ledger.sender() as me:
        for id in again:
            if _still_there(run, id):
                erase_in_pass(run, id, me, by=WISH)
    return len(again)


def _memories(run: Pass) -> Iterable[Mapping[str, Any]]:
    for id, cell in remembered(run.google, run.installation.board, (TAB,))[TAB]:
        try:
            yield unsealed(run.settings.keys, TAB, id, cell)
        except TokenError:
            continue  # altered by hand, or of before: nothing can be told of it


def _keep(db: Connection, proofs: Iterable[Mapping[str, Any]]) -> None:
    """The proofs that are not there: what these people had sent is not taken again."""
    t = tables.erasure
    known = {(row.at, tuple(row.applications)) for row in db.execute(select(t.c.at, t.c.applications))}
    for one in proofs:
        at = datetime.fromisoformat(one["at"])
        if (at, tuple(one["applications"])) not in known:
            done = one.get("done_at")
            values = {**one, "at": at, "done_at": datetime.fromisoformat(done) if done else None}
            db.execute(insert(t).values(values))


def _still_there(run: Pass, id: str) -> bool:
    """Whether an application is still to be erased: one that was erased with another of theirs is not."""
    t = tables.application
    with run.ledger.transaction() as db:
        return db.execute(select(t.c.id).where(t.c.id == id, t.c.erased_at.is_(None))).first() is not None
