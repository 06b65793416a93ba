"""Show: bring the board up to date, writing only what changed, and empty the cells that were acted upon."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import ColumnElement, Connection, Table, bindparam, delete, insert, select, update

from ponts_flows.board import words
from ponts_flows.board.changes import (
    AdoptRow,
    AppendRow,
    Change,
    ClearCell,
    MarkCell,
    SetCells,
    UnmarkCell,
    Value,
    WriteOutcome,
)
from ponts_flows.board.reading import BoardReading, Row
from ponts_flows.board.tabs import BY
from ponts_flows.ledger import events, facts, tables
from ponts_flows.ledger.codec import encode
from ponts_flows.lifecycle import OPEN, EventStage, PairingStage
from ponts_flows.steps import erased_rows, marks, rows
from ponts_flows.steps.collect import WANTED, deciding, forbids, names_two, request_key
from ponts_flows.steps.context import Pass
from ponts_flows.steps.marks import marking, understood

UNKNOWN = ""  # instead of the digest of what a row shows
WRITING = "board/writing"
"""Note: where the rows stood that were being written, by tab."""
STALE_AFTER = 30.0  # seconds after which positions on the board are read again before writing
# The columns of a tab that are emptied together with the decision.
_WITH: Mapping[str, tuple[str, ...]] = {
    "applications": (BY.key,),
    "proposals": (BY.key,),
    "pairings": ("until", BY.key),
    "to_review": ("on", BY.key),
    "outbox": ("why", BY.key),
}


def refresh_board(run: Pass) -> int:
    """Write what changed since last time in one call; returns how many rows were written.

    What does not fit is written at the next passes. The last row of all tells until when everything was read: it is
    written once the others are.
    """
    reading = run.board_reading
    if reading is None or run.monotonic() - run.board_read_at > STALE_AFTER:
        reading = run.board.read()
    _ = run.programme  # is read in a transaction of its own, before this one
    with run.ledger.transaction() as db:
        _show_written_over(db, reading)
        _show_deleted_again(db, reading)
        fresh = rows.fresh_rows(run, db)
        shown = _shown(db, fresh)
        changes = [*_adoptions(db, reading, fresh), *_acted_upon(db, reading)]
        changes += erased_rows.emptying(db, reading)
        changes += marking(db, reading, shown, tuple(changes))
        adopted = {(change.tab, change.id) for change in changes if isinstance(change, AdoptRow)}
        changes += _differences(fresh, shown, reading, adopted)
        # Until the answer is recorded nobody knows what these rows show: a run that dies here writes them again.
        written = [(one.tab, str(one.row)) for one in changes if isinstance(one, SetCells)]
        _show(db, dict.fromkeys(written, UNKNOWN))
        _begin_writing(db, reading, written)
    outcome = run.board.write(reading, changes) if changes else WriteOutcome()
    if changes or fresh.made_of:
        done = len(changes) - outcome.left
        again = {*_rows_of(changes[done:]), *outcome.missing, *outcome.misplaced}
        with run.ledger.transaction() as db:
            _remember(run, db, changes[:done], outcome)
            erased_rows.record(run, db, reading, changes[:done], outcome)
            facts.remember(db, WRITING, {})
            rows.mark_shown(db, fresh, again)
            _show_again(db, again - fresh.made_of.keys())
    return outcome.rows


def _rows_of(changes: Iterable[Change]) -> Iterator[tuple[str, str]]:
    """The rows that changes show."""
    for change in changes:
        match change:
            case SetCells(tab=tab, row=id) | AppendRow(tab=tab, id=id) | AdoptRow(tab=tab, id=id):
                yield tab, id
            case _:
                pass


def _begin_writing(db: Connection, reading: BoardReading, written: Iterable[tuple[str, str]]) -> None:
    """Keep where the rows stood that are about to be written, until the answer says that they stood there."""
    places: dict[str, dict[str, int]] = {}
    for tab, id in written:
        places.setdefault(tab, {})[id] = reading.tabs[tab].rows.numbers.get(id, 0)
    if places:
        facts.remember(db, WRITING, places)


def _show_written_over(db: Connection, reading: BoardReading) -> None:
    """Of a writing whose answer never came: if rows moved, any row of the tab may have been written over."""
    b = tables.board_row
    for tab, places in facts.recall(db, WRITING, {}).items():
        there = reading.tabs[tab].rows.numbers
        if any(there.get(id, 0) != number for id, number in places.items()):
            held = db.execute(select(b.c.row_id).where(b.c.tab == tab)).scalars().all()
            db.execute(update(b).where(b.c.tab == tab).values(cells=UNKNOWN))
            _show_again(db, ((tab, id) for id in held))


def _show_again(db: Connection, places: Iterable[tuple[str, str]]) -> None:
    """Rows that were written over, and had not changed themselves, are written at the next pass."""
    for tab, id in places:
        if tab in (*_MADE_OF, "testimonies", "events"):
            rows.touch(db, *_made_of(tab, id))


def _show_deleted_again(db: Connection, reading: BoardReading) -> None:
    """Rows that somebody deleted are made again; a group meeting's is the coordinators' own.

    All that the board holds was read: all that it should hold is looked up there, identifiers alone.
    """
    b = tables.board_row
    for tab in (*_MADE_OF, "testimonies"):
        there = reading.tabs[tab].rows.numbers
        held = db.execute(select(b.c.row_id).where(b.c.tab == tab)).scalars()
        gone = [id for id in held if id not in there]
        for id in gone:
            rows.touch(db, *_made_of(tab, id))


def _made_of(tab: str, id: str) -> tuple[Table, ColumnElement[bool]]:
    """The record that a row is made of."""
    table = tables.event if tab == "events" else _MADE_OF.get(tab)
    if table is not None:
        (key,) = table.primary_key.columns
        return table, key == id
    pairing, _, role = id.partition("/")
    a = tables.answer
    return a, (a.c.about == pairing) & (a.c.who == role) & (a.c.kind == "review")


def _shown(db: Connection, fresh: rows.Fresh) -> dict[tuple[str, str], object]:
    """What the board was last made to show: every mark, and the rows that may have changed."""
    b = tables.board_row
    found = [
        row
        for tab, there in fresh.tabs.items()
        for row in rows.among(db, b, b.c.row_id, there, b.c.tab == tab)
    ]
    found += rows.among(db, b, b.c.tab, marks.NAMES)
    return {(row.tab, row.row_id): row.cells for row in found}


_MADE_OF = {
    "applications": tables.application,
    "proposals": tables.pairing,
    "pairings": tables.pairing,
    "to_review": tables.to_review,
    "outbox": tables.message,
}


def _differences(
    fresh: rows.Fresh,
    shown: Mapping[tuple[str, str], object],
    reading: BoardReading,
    adopted: set[tuple[str, str]],
) -> Iterator[Change]:
    """Rows that are new, or that no longer say what the ledger says, or that somebody deleted."""
    for tab, there in fresh.tabs.items():
        for id, cells in there.items():
            if (tab, id) in adopted:
                continue
            if id not in reading.tabs[tab].rows:
                if tab != "events":
                    yield AppendRow(tab=tab, id=id, cells=cells)
            elif shown.get((tab, id)) != _mark(cells):
                yield SetCells(tab=tab, row=id, cells=cells)


def _mark(cells: rows.Cells) -> str:
    return facts.digest(encode(dict[str, Value], dict(cells)))


def _adoptions(db: Connection, reading: BoardReading, fresh: rows.Fresh) -> Iterator[Change]:
    """Rows that a coordinator added become the row of the pair they ask for, or of the group meeting they announce."""
    wanted = fresh.tabs
    yield from _new_events(db, reading)
    for row in reading.tabs["proposals"].added:
        if not names_two(row):
            continue
        id = _named(db, row)
        if id in wanted["proposals"] and id not in reading.tabs["proposals"].rows:
            yield AdoptRow(
                tab="proposals", row=row.number, id=id, cells=wanted["proposals"][id], typed=dict(row.cells)
            )


def _named(db: Connection, row: Row) -> str | None:
    """The pairing that came of a row which names two people: asked for and open, or refused in advance."""
    p = tables.pairing
    mentee, mentor = request_key({column: row.text(column) for column in WANTED}).lstrip("+").split("/", 1)
    stages = {PairingStage.REFUSED} if forbids(row) else OPEN
    named = (
        p.c.mentee_id == mentee,
        p.c.mentor_id == mentor,
        p.c.asked_for.is_(True),
        p.c.stage.in_([stage.value for stage in stages]),
    )
    return db.execute(select(p.c.id).where(*named).order_by(p.c.number.desc()).limit(1)).scalar()


def _new_events(db: Connection, reading: BoardReading) -> Iterator[Change]:
    """A number for each group meeting written in a row of its own; it is read from there at the next pass."""
    tab = reading.tabs["events"]
    numbers = [int(id.partition("-")[2]) for id in tab.rows if events.is_event(id)]
    last = max((*numbers, events.last_number(db)))
    cells = {"stage": words.EVENT_STAGES[EventStage.PREPARED]}
    for row in tab.added:
        if any(row.text(column) for column in ("title", "day", "place")):
            last += 1
            yield AdoptRow(
                tab="events", row=row.number, id=f"E-{last:04d}", cells=cells, typed=dict(row.cells)
            )


def _acted_upon(db: Connection, reading: BoardReading) -> Iterator[Change]:
    """Decisions that were carried out leave their cell, with a note."""
    d = tables.decision
    waiting = select(d).where(d.c.handled_at.is_not(None), d.c.cleared_at.is_(None)).order_by(d.c.id)
    for decision in db.execute(waiting):
        row = reading.tabs[decision.tab].rows.get(decision.row_id)
        column = deciding(decision.tab)
        was = decision._mapping["values"].get(column, "")
        if row and row.text(column) == was and understood(decision.tab, was):
            for emptied in (column, *_WITH.get(decision.tab, ())):
                if emptied in row.cells:
                    cell = row.cells[emptied]
                    yield ClearCell(
                        tab=decision.tab, row=row.id, column=emptied, note=decision.outcome, was=cell
                    )


def _remember(run: Pass, db: Connection, changes: list[Change], outcome: WriteOutcome) -> None:
    """Keep what the board shows now; what went astray is written again at the next pass."""
    astray = {*outcome.missing, *outcome.misplaced}
    shown: dict[tuple[str, str], str | None] = {}  # None: nothing any more
    for change in changes:
        match change:
            case (
                SetCells(tab=tab, row=id, cells=cells)
                | AppendRow(tab=tab, id=id, cells=cells)
                | AdoptRow(tab=tab, id=id, cells=cells)
            ):
                shown[tab, id] = _mark(cells)
            case ClearCell(tab=tab, row=str(id)):
                if (tab, id) not in astray and (tab, id) not in outcome.kept:
                    facts.decisions_cleared(db, tab, id, now=run.now)
                    shown[marks.key(tab, id, change.column)] = None
            case MarkCell(tab=tab, row=row, column=column, note=note):
                shown[marks.key(tab, row, column)] = facts.digest(note)
            case UnmarkCell(tab=tab, row=row, column=column):
                shown[marks.key(tab, row, column)] = None
            case _:
                pass
    _show(db, shown | dict.fromkeys(astray))


def _show(db: Connection, shown: Mapping[tuple[str, str], str | None]) -> None:
    """What the board shows of some rows from now on, in as few statements whatever their number."""
    b = tables.board_row
    places = [{"in_tab": tab, "of_row": id} for tab, id in shown]
    if places:
        db.execute(delete(b).where(b.c.tab == bindparam("in_tab"), b.c.row_id == bindparam("of_row")), places)
    kept = [
        {"tab": tab, "row_id": id, "cells": mark} for (tab, id), mark in shown.items() if mark is not None
    ]
    if kept:
        db.execute(insert(b), kept)
