"""The life of one pair, told to a coordinator: what happened, with its reasons, and what comes.

Identifiers and roles only: no name, no address, nothing that anybody wrote in their own words.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from ponts_flows.board.options import tuned
from ponts_flows.decide.engagement import Life
from ponts_flows.errors import InputError
from ponts_flows.ledger import cases, facts, tables
from ponts_flows.lifecycle import PairingStage
from ponts_flows.programme import Programme
from ponts_flows.timeline.coming import coming
from ponts_flows.timeline.past import Past
from ponts_flows.timeline.told import Timeline

__all__ = ["Timeline", "timeline"]


def timeline(db: Connection, pairing: str, *, programme: Programme, now: datetime) -> Timeline:
    """Tell the life of a pair by its identifier; InputError when the ledger has none of that name.

    What comes is asked of the rules, as they stand today: with the delays that coordinators changed in the board.
    """
    id = pairing.strip().upper()
    programme = tuned(programme, facts.recall(db, "options", {}))
    t = tables.pairing
    row = db.execute(select(t).where(t.c.id == id)).first()
    if row is None:
        raise InputError(
            f"The ledger knows no pair {id[:20]!r}. Give an identifier of the tab Propositions or Binômes, "
            "such as P-0042."
        )
    (case,) = cases.pairing_cases(db, [id], programme)
    life = Life(case=case, programme=programme, now=now)
    return Timeline(
        pairing=id,
        stage=PairingStage(row.stage),
        now=now,
        zone=programme.time_zone,
        past=tuple(sorted(Past(db, row, life).lines(), key=lambda line: line.order)),
        coming=tuple(sorted(coming(row, life), key=lambda line: line.order)),
    )
