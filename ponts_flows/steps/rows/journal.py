"""The rows of Journal: what coordinators did, the last lines of it."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Connection, select

from ponts_flows.board.layout_journal import LINES
from ponts_flows.ledger import acts, facts, tables
from ponts_flows.steps.context import Pass
from ponts_flows.steps.rows.common import Cells, Fresh, moment, out_of_date

NOBODY = "non précisé"


def journal(run: Pass, db: Connection, fresh: Fresh) -> None:
    """The lines not yet shown; each has the place of the one that is so many lines older."""
    t = tables.act
    oldest = facts.recall(db, acts.LAST, 0) - LINES
    for row in db.execute(select(t).where(out_of_date(t), t.c.number > oldest).order_by(t.c.number)):
        fresh.add("journal", t, row, partial(_line, run, row), id=f"J-{(row.number - 1) % LINES + 1:05d}")


def _line(run: Pass, row: tables.Row) -> Cells:
    return {
        "at": moment(run, row.at),
        "by": row.by or NOBODY,
        "place": row.place,
        "about": row.about,
        "what": row.what,
        "outcome": row.outcome or None,
    }
