"""The rows of the board that concern someone who was erased: what coordinators had typed there is emptied."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from ponts_flows.board.changes import Change, ClearCell, WriteOutcome
from ponts_flows.board.layout import TAB
from ponts_flows.board.reading import BoardReading
from ponts_flows.board.tabs import Kind
from ponts_flows.ledger import erasure
from ponts_flows.steps.context import Pass

NOTE = "Effacé, avec ce que le programme savait de cette personne."


def emptying(db: Connection, reading: BoardReading) -> Iterator[ClearCell]:
    """What is to be emptied: every cell of these rows in which people write, and the note beside it."""
    for one in erasure.unfinished(db):
        for tab, id in one.outside.rows:
            row = reading.tabs[tab].rows.get(id)
            for column in TAB[tab].human if row else ():
                if row and column.kind is not Kind.CHECKBOX:
                    was = row.cells.get(column.key, "")
                    yield ClearCell(tab=tab, row=id, column=column.key, note=NOTE, was=was)


def record(
    run: Pass, db: Connection, reading: BoardReading, written: Sequence[Change], outcome: WriteOutcome
) -> None:
    """Take off the list the rows that were emptied, and those that the board has no more."""
    done = {(one.tab, str(one.row)) for one in written if isinstance(one, ClearCell) and one.note == NOTE}
    failed = {*outcome.missing, *outcome.misplaced, *outcome.kept}
    for one in erasure.unfinished(db):
        left = tuple(row for row in one.outside.rows if not _emptied(row, reading, done - failed))
        if left != one.outside.rows:
            erasure.left_outside(db, one, replace(one.outside, rows=left), now=run.now)


def _emptied(row: erasure.Row, reading: BoardReading, done: Collection[erasure.Row]) -> bool:
    tab, id = row
    return row in done or id not in reading.tabs[tab].rows
