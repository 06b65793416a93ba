"""What is remembered of each record outside the ledger, in the board's hidden column: enough to make it again.

Whole columns, never chosen one by one, but for what can be read elsewhere (sent mail in Gmail) or made anew, and for
what participants wrote in free text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, func, select, update

from ponts_flows.ledger import tables
from ponts_flows.model import Role

Data = dict[str, Any]
BATCH = 500
MAIL = "mail:"
"""How the source of an answer begins that was given by mail."""
NOWHERE_ELSE = (MAIL, "import:")
"""How the sources of answers begin that can't be read in the forms again."""

_MADE_ANEW = {"number", "wake_at", "version", "shown"}
LEFT_OUT: Mapping[str, set[str]] = {
    "application": _MADE_ANEW | {"response_id"},
    "pairing": _MADE_ANEW,
    "event": _MADE_ANEW,
    "message": _MADE_ANEW
    | {"draft_id", "gmail_id", "thread_id", "rfc_message_id", "subject", "body", "addresses"},
    "to_review": _MADE_ANEW,
    "matching_run": {"id"},
    "erasure": {"id"},
}
"""The columns of each table that are not remembered."""

# What a message quoted of its reader; no rule reads it once it has left.
_QUOTED = ("problems", "thread_subject")
# Names of notes that are of the moment, or made again from the others.
_PASSING = (
    "gmail/history",
    "matching",
    "option remarks",
    "forms",
    "board",
    "rebuild",
    "figures",
    "retention/day",
    "retention/mails",
)
_OF = {"A-": tables.application, "P-": tables.pairing, "E-": tables.event}


def changed(db: Connection, about: str) -> None:
    """What is remembered with an application, a pairing or an event changed: its row is out of date."""
    table = _OF.get(about[:2])
    if table is not None:
        outdated(db, table, table.c.id == about)


def outdated(db: Connection, table: Table, which: ColumnElement[bool]) -> None:
    """The rows of some records are out of date."""
    db.execute(update(table).where(which).values(version=table.c.version + 1))


def records(db: Connection, table: Table, rows: Sequence[tables.Row]) -> dict[str, Data]:
    """What to remember of some records of a table, by their key."""
    (key,) = table.primary_key.columns
    found = {row._mapping[key.name]: _columns(table, row._mapping) for row in rows}
    for name, of in _BESIDE.get(table.name, {}).items():
        for id, data in of(db, sorted(found)).items():
            found[id][name] = data
    return found


def _columns(table: Table, row: RowMapping) -> Data:
    kept = {
        column.name: _plain(row[column.name])
        for column in table.columns
        if column.name not in LEFT_OUT.get(table.name, set()) and row[column.name] is not None
    }
    if kept.get("profile"):
        kept["profile"] = kept["profile"] | {"about": ""}
    if table is tables.message and kept["status"] == "sent":
        kept["values"] = {name: text for name, text in kept["values"].items() if name not in _QUOTED}
    return kept


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _answers(db: Connection, ids: Sequence[str]) -> dict[str, list[Data]]:
    """What was answered by mail, or imported."""
    rows = _among(db, tables.answer, tables.answer.c.about, ids)
    return _grouped(
        (row.about, _columns(tables.answer, row._mapping))
        for row in rows
        if row.source.startswith(NOWHERE_ELSE)
    )


def _noted(db: Connection, ids: Sequence[str]) -> dict[str, list[Data]]:
    """The reasons that are kept once."""
    t = tables.journal
    rows = _among(db, t, t.c.about, ids, t.c.key.is_not(None))
    return _grouped((row.about, {"key": row.key, "at": _plain(row.at), "reason": row.reason}) for row in rows)


def _replies(db: Connection, ids: Sequence[str]) -> dict[str, list[Data]]:
    """The mails that answered a message, and what came of each."""
    t = tables.incoming
    return _grouped((row.question, _of_a_mail(row)) for row in _among(db, t, t.c.question, ids))


def _of_a_mail(row: tables.Row) -> Data:
    names = ("gmail_id", "handled_at", "outcome", "kind", "reader", "meaning")
    data = {name: _plain(row._mapping[name]) for name in names if row._mapping[name] is not None}
    return data | {"label": row.file_as or row.filed}


def _addresses(db: Connection, ids: Sequence[str]) -> dict[str, list[str]]:
    a = tables.address
    rows = _among(db, a, a.c.application_id, ids)
    return _grouped((row.application_id, row.email) for row in sorted(rows, key=lambda row: row.email))


def _failing(db: Connection, ids: Sequence[str]) -> dict[str, list[Data]]:
    """Which addresses of someone fail."""
    a, f = tables.address, tables.failing_address
    owners = {row.email: row.application_id for row in _among(db, a, a.c.application_id, ids)}
    rows = _among(db, f, f.c.email, sorted(owners))
    return _grouped((owners[row.email], _columns(f, row._mapping)) for row in rows)


def _erasures(db: Connection, ids: Sequence[str]) -> dict[str, list[Data]]:
    """The proofs that someone was erased: what they had sent must not be taken again."""
    t, a = tables.erasure, tables.application
    rows = _among(db, a, a.c.id, ids, a.c.erased_at.is_not(None))
    wanted = {row.id for row in rows}
    if not wanted:
        return {}
    return _grouped(
        (id, _columns(t, row._mapping))
        for row in db.execute(select(t))
        for id in row.applications
        if id in wanted
    )


def _response(db: Connection, ids: Sequence[str]) -> dict[str, Data]:
    """Which response an application was read from."""
    a, r = tables.application, tables.response
    names = ("source", "source_key", "revision", "language", "place")
    found: dict[str, Data] = {}
    for start in range(0, len(ids), BATCH):
        query = select(a.c.id.label("of"), *(r.c[name] for name in names)).join(r, r.c.id == a.c.response_id)
        for row in db.execute(query.where(a.c.id.in_(ids[start : start + BATCH]))):
            found[row.of] = {name: row._mapping[name] for name in names}
    return found


def _left_over(db: Connection, ids: Sequence[str]) -> dict[str, Data]:
    """What the last matching said of whoever it left without a proposal."""
    t = tables.note
    said = db.execute(select(t.c.value).where(t.c.name == "matching")).scalar() or {}
    near: dict[str, list[Data]] = defaultdict(list)
    for miss in said.get("near_misses", []):
        near[miss["mentee"]].append(miss)
    found: dict[str, Data] = {}
    for id in ids:
        texts = {name: said[name][id] for name in ("unpaired", "help") if id in said.get(name, {})}
        if data := texts | ({"near_misses": near[id]} if id in near else {}):
            found[id] = data
    return found


_BESIDE: Mapping[str, Mapping[str, Callable[[Connection, Sequence[str]], Mapping[str, Any]]]] = {
    "application": {
        "from": _response,
        "addresses": _addresses,
        "failing": _failing,
        "erasures": _erasures,
        "answers": _answers,
        "left_over": _left_over,
    },
    "pairing": {"answers": _answers, "noted": _noted},
    "event": {"answers": _answers},
    "message": {"replies": _replies},
}


def programme(db: Connection) -> Data:
    """What to remember of the programme itself: where it is set up, what it has read, the last numbers given."""
    n, last = tables.note, {"application": tables.application, "pairing": tables.pairing}
    notes = select(n.c.name, n.c.value).where(n.c.name.not_in(_PASSING)).order_by(n.c.name)
    numbers = {
        name: db.execute(select(func.max(table.c.number))).scalar() or 0 for name, table in last.items()
    }
    return {
        "notes": dict(db.execute(notes).tuples().all()),
        "last": numbers,
        "waiting": _waiting(db, anybody=bool(numbers["application"])),
        "requests": _requests(db),
        "matching": _matching(db),
    }


def _waiting(db: Connection, *, anybody: bool) -> Data:
    """What was received and not yet seen to; sign-ups all wait until there is a first application."""
    r, i = tables.response, tables.incoming
    responses = select(r.c.source, r.c.source_key, r.c.revision).where(r.c.handled_at.is_(None))
    if not anybody:
        responses = responses.where(r.c.form.not_in(list(Role)))
    mails = select(i.c.gmail_id).where(i.c.handled_at.is_(None))
    return {
        "responses": sorted(list(row) for row in db.execute(responses)),
        "mails": sorted(db.execute(mails).scalars()),
    }


def _requests(db: Connection) -> list[Data]:
    """The pairs that coordinators asked for in rows of their own, which still say so: what came of each."""
    d = tables.decision
    still_there = (d.c.cleared_at.is_(None), d.c.handled_at.is_not(None), d.c.row_id.startswith("+"))
    rows = db.execute(select(d).where(*still_there).order_by(d.c.row_id))
    return [{"row_id": row.row_id, "values": row._mapping["values"], "outcome": row.outcome} for row in rows]


def _matching(db: Connection) -> Data | None:
    """The last run of the matching."""
    t = tables.matching_run
    newest = select(func.max(t.c.id)).scalar_subquery()
    row = db.execute(select(t).where(t.c.id == newest)).first()
    return None if row is None else _columns(t, row._mapping)


def _among(
    db: Connection,
    table: Table,
    column: ColumnElement[Any],
    values: Sequence[str],
    *others: ColumnElement[bool],
) -> Iterable[tables.Row]:
    for start in range(0, len(values), BATCH):
        yield from db.execute(select(table).where(column.in_(values[start : start + BATCH]), *others))


def _grouped(pairs: Iterable[tuple[str, Any]]) -> dict[str, list[Any]]:
    """By record, in an order that does not depend on the database's."""
    found: dict[str, list[Any]] = defaultdict(list)
    for id, value in pairs:
        found[id].append(value)
    return {id: sorted(values, key=repr) for id, values in found.items()}
