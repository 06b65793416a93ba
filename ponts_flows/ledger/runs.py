"""The record of each run of the matching: what it was given, what it reached, and what could be reached at most."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from ponts_flows.decide.matching import Matching
from ponts_flows.ledger import tables
from ponts_flows.programme import Programme


def record(db: Connection, matching: Matching, programme: Programme, *, now: datetime) -> None:
    """Keep a run, with the settings that it obeyed."""
    proof = matching.proof
    settings = {
        "weights": asdict(programme.weights),
        "required": sorted(programme.required),
        "least_score": programme.least_score,
        "keeping_bonus": programme.keeping_bonus,
    }
    run = insert(tables.matching_run).values(
        at=now,
        input_hash=proof.input_hash,
        settings=settings,
        pairs=proof.pairs,
        pairs_bound=proof.pairs_bound,
        value=proof.value,
        value_bound=proof.value_bound,
        rounds=proof.rounds,
        **asdict(matching.fairness),
    )
    db.execute(run)


def last(db: Connection) -> tables.Row | None:
    """The last run; None when there was none yet."""
    t = tables.matching_run
    newest = select(func.max(t.c.id)).scalar_subquery()
    return db.execute(select(t).where(t.c.id == newest)).first()
