"""Facts as they come in: stored once, raw form kept, each marked when it was handled and with what came of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update

from ponts_flows.answers import KINDS, Value
from ponts_flows.ledger import remembered, tables
from ponts_flows.ledger.codec import decode, encode
from ponts_flows.model import Language, Member

Answers = Mapping[str, tuple[str, ...]]

ERASED = "erased"
"""The outcome of a fact of which nothing more is kept."""


@dataclass(frozen=True, kw_only=True)
class Response:
    """A raw form response, from a form or a row of a response sheet. `place` tells a person where it is."""

    source: str
    source_key: str
    revision: str
    form: str
    language: Language
    submitted_at: datetime
    answers: Answers
    place: str
    id: int = 0


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What a coordinator wrote in one row of the board; `by` is the name they chose, which is no part of it."""

    tab: str
    row_id: str
    values: Mapping[str, str]
    by: str = ""
    id: int = 0


def digest(value: Any) -> str:
    """A short, stable digest of plain data."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def store_responses(
    db: Connection,
    responses: Iterable[Response],
    *,
    now: datetime,
    forgotten: Callable[[Response], bool] = lambda response: False,
) -> int:
    """Keep the responses not seen before; the same one read again adds nothing. Returns how many were new.

    Of what is `forgotten`, someone having been erased since, only that it is there is kept.
    """
    t = tables.response
    new = 0
    for response in responses:
        key = (response.source, response.source_key, response.revision)
        known = select(t.c.id).where(t.c.source == key[0], t.c.source_key == key[1], t.c.revision == key[2])
        if db.execute(known).first() is not None:
            continue
        row = {
            "source": key[0],
            "source_key": key[1],
            "revision": key[2],
            "form": response.form,
            "language": response.language.value,
            "submitted_at": response.submitted_at,
            "answers": {name: list(values) for name, values in response.answers.items()},
            "place": response.place,
            "received_at": now,
        }
        if forgotten(response):
            row |= {"answers": {}, "handled_at": now, "outcome": ERASED}
        db.execute(insert(t), row)
        new += 1
    return new


def forget_response(db: Connection, id: int) -> str:
    """Keep nothing of what a response says; returns what came of it."""
    t = tables.response
    db.execute(update(t).where(t.c.id == id).values(answers={}))
    return ERASED


def known_revisions(db: Connection, source: str) -> frozenset[tuple[str, str]]:
    """The (source_key, revision) pairs already stored from a source."""
    t = tables.response
    rows = db.execute(select(t.c.source_key, t.c.revision).where(t.c.source == source))
    return frozenset((row.source_key, row.revision) for row in rows)


def unhandled_responses(db: Connection) -> tuple[Response, ...]:
    """The responses that wait, in the order of their own time stamps."""
    t = tables.response
    rows = db.execute(
        select(t).where(t.c.handled_at.is_(None)).order_by(t.c.submitted_at, t.c.source_key, t.c.id)
    )
    return tuple(
        Response(
            id=row.id,
            source=row.source,
            source_key=row.source_key,
            revision=row.revision,
            form=row.form,
            language=Language(row.language),
            submitted_at=row.submitted_at,
            answers={name: tuple(values) for name, values in row.answers.items()},
            place=row.place,
        )
        for row in rows
    )


def keep_answer(
    db: Connection, *, source: str, about: str, who: str, kind: str, given_at: datetime, value: Value
) -> bool:
    """Keep what a participant said, unless a later edit of it is kept already; returns whether it was kept."""
    t = tables.answer
    data = {
        "about": about,
        "who": who,
        "kind": kind,
        "given_at": given_at,
        "data": encode(KINDS[kind], value),
    }
    there = db.execute(select(t.c.given_at).where(t.c.source == source)).scalar()
    if there is not None and there >= given_at:
        return False
    if source.startswith(remembered.NOWHERE_ELSE):
        remembered.changed(db, about)
    if there is None:
        db.execute(insert(t).values(source=source, **data))
    else:
        db.execute(update(t).where(t.c.source == source).values(**data))
    return True


def store_decision(db: Connection, decision: Decision, *, now: datetime) -> bool:
    """Keep a decision unless it is the one already kept for this row and not yet seen cleared."""
    t = tables.decision
    last = db.execute(
        select(t.c["values"], t.c.cleared_at)
        .where(t.c.tab == decision.tab, t.c.row_id == decision.row_id)
        .order_by(t.c.id.desc())
        .limit(1)
    ).first()
    values = dict(decision.values)
    if last is not None and last.cleared_at is None and last[0] == values:
        return False
    row = {"tab": decision.tab, "row_id": decision.row_id, "values": values, "by": decision.by}
    db.execute(insert(t), row | {"read_at": now})
    return True


def decisions_cleared(db: Connection, tab: str, row_id: str, *, now: datetime) -> None:
    """The cells of a row were seen or made empty: what is written there next is a new decision."""
    t = tables.decision
    waiting = (t.c.tab == tab, t.c.row_id == row_id, t.c.cleared_at.is_(None), t.c.handled_at.is_not(None))
    db.execute(update(t).where(*waiting).values(cleared_at=now))


def waiting_to_be_cleared(db: Connection) -> frozenset[tuple[str, str]]:
    """The (tab, row) of decisions carried out whose cell was not yet seen or made empty."""
    t = tables.decision
    waiting = select(t.c.tab, t.c.row_id).where(t.c.cleared_at.is_(None), t.c.handled_at.is_not(None))
    return frozenset((row.tab, row.row_id) for row in db.execute(waiting))


def unhandled_decisions(db: Connection) -> tuple[Decision, ...]:
    """The decisions that wait, in the order they were read."""
    t = tables.decision
    rows = db.execute(select(t).where(t.c.handled_at.is_(None)).order_by(t.c.id))
    return tuple(
        Decision(id=row.id, tab=row.tab, row_id=row.row_id, values=row._mapping["values"], by=row.by)
        for row in rows
    )


def handled(db: Connection, table: Table, key: int | str, outcome: str, *, now: datetime) -> None:
    """Mark a fact as handled, with what came of it, in the transaction that carries it out."""
    (column,) = table.primary_key.columns
    done = update(table).where(column == bindparam("of"))
    db.execute(done, {"of": key, "handled_at": now, "outcome": outcome})


def members(db: Connection) -> tuple[Member, ...]:
    """The membership register as last read."""
    rows = db.execute(select(tables.member.c.data).order_by(tables.member.c.key))
    return tuple(decode(Member, row.data) for row in rows)


def replace_members(db: Connection, register: Iterable[Member]) -> tuple[Member, ...]:
    """Make the register what was just read; returns every member that is new, changed or gone."""
    t = tables.member
    known = {row.key: row for row in db.execute(select(t))}
    changed: list[Member] = []
    for member in register:
        data = encode(Member, member)
        mark = digest(data)
        before = known.pop(member.key, None)
        if before is not None and before.digest == mark:
            continue
        changed.append(member)
        if before is None:
            db.execute(insert(t).values(key=member.key, digest=mark, data=data))
        else:
            changed.append(decode(Member, before.data))
            db.execute(update(t).where(t.c.key == member.key).values(digest=mark, data=data))
    for key, row in known.items():
        changed.append(decode(Member, row.data))
        db.execute(delete(t).where(t.c.key == key))
    return tuple(changed)


def remember(db: Connection, name: str, value: Any) -> None:
    """Keep a value under a name: a cursor, an identifier recorded by `ponts setup`."""
    t = tables.note
    if db.execute(update(t).where(t.c.name == name).values(value=value)).rowcount == 0:
        db.execute(insert(t).values(name=name, value=value))


def recall(db: Connection, name: str, default: Any = None) -> Any:
    """The value kept under a name, or the default."""
    row = db.execute(select(tables.note.c.value).where(tables.note.c.name == name)).first()
    return default if row is None else row.value


def read_until(db: Connection, name: str, moment: datetime) -> None:
    """Note until when something was read; what comes late does not take it back."""
    before = recall(db, name)
    if before is None or datetime.fromisoformat(before) < moment:
        remember(db, name, moment.isoformat())


def reopen(db: Connection, key: str) -> None:
    """Open a line of À traiter again: what it says is true again. One whose box is ticked closes as it is read."""
    t = tables.to_review
    db.execute(update(t).where(t.c.key == key, t.c.closed_at.is_not(None)).values(closed_at=None))
