"""A ledger of many engaged pairs: the lives of two, copied as often as wanted.

Copies differ by identifiers, names and addresses alone; rows are copied inside the database, so that even many take
little time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

from sqlalchemy import Connection, Integer, Table, select, text, update

from ponts_flows.board.changes import Change, WriteOutcome
from ponts_flows.board.layout import FIRST_ROW, TABS
from ponts_flows.board.reading import BoardReading, Rows, TabReading
from ponts_flows.google.board import Board
from ponts_flows.ledger import Ledger, tables
from ponts_flows.steps import Pass
from ponts_flows.steps.show import refresh_board
from tests.bench.two_pairs import DUE, NOW, PARIS, QUIET, a_pass, two_pairs

SENT_THIS_WEEK = 500  # quiet pairs, of two messages each
FAR = datetime(2027, 1, 4, 9, tzinfo=PARIS)


def build(path: Path, *, pairs: int, due: int, shown: Callable[[Ledger], object] | None = None) -> list[str]:
    """Make a ledger of so many pairs; returns the `due` ones, spread among the others, that have something due.

    None is to be looked at yet, see `wake`. `shown` shows the two lives on a board, before they are copied.
    """
    ledger = Ledger(f"sqlite:///{path}", durable=False)
    ledger.migrate()
    two_pairs(ledger)
    (shown or _shown_on_none)(ledger)
    with ledger.transaction() as db:
        db.execute(text("PRAGMA cache_size = -400000"))
        numbers = _multiply(db, pairs, due)
        m, p = tables.message, tables.pairing
        db.execute(update(p).values(wake_at=FAR, version=p.c.version))
        quiet = p.c.number.not_in(numbers)
        some = select(p.c.id).where(quiet).order_by(p.c.number).limit(SENT_THIS_WEEK)
        recent = (m.c.about.in_(some), m.c.template.like("prepare-second-%"))
        db.execute(update(m).where(*recent).values(sent_at=NOW - timedelta(days=3), version=m.c.version))
    ledger.close()
    return [f"P-{number:04d}" for number in numbers]


def _shown_on_none(ledger: Ledger) -> None:
    with ledger.transaction() as db:
        nothing = the_board(db)
    shows(a_pass(ledger), nothing)


def wake(db: Connection, ids: Iterable[str]) -> None:
    """Something is due for these pairs."""
    p = tables.pairing
    db.execute(update(p).where(p.c.id.in_(list(ids))).values(wake_at=NOW, version=p.c.version))


def the_board(db: Connection) -> BoardReading:
    """What a reading of the board would find: every row that the ledger shows, nothing typed in any."""
    rows: dict[str, dict[str, int]] = {tab.key: {} for tab in TABS}
    b = tables.board_row
    for tab, id in db.execute(select(b.c.tab, b.c.row_id)).tuples():
        rows[tab][id] = len(rows[tab]) + FIRST_ROW
    return BoardReading(
        tabs={
            key: TabReading(
                key=key,
                sheet_id=1,
                title=key,
                columns={},
                headings=(),
                row_count=len(there) + FIRST_ROW,
                last_row=len(there) + FIRST_ROW - 1,
                rows=Rows(there, {}),
            )
            for key, there in rows.items()
        }
    )


class NoGoogle:
    """A board to which everything can be written, and that holds nothing."""

    def write(self, reading: BoardReading, changes: Sequence[Change]) -> WriteOutcome:
        """All of it, in one call."""
        return WriteOutcome(rows=len(changes), calls=1)


def shows(run: Pass, reading: BoardReading) -> int:
    """Bring a board that was read up to date, without Google; returns how many rows were written."""
    run.board = cast(Board, NoGoogle())
    run.board_reading, run.board_read_at = reading, run.monotonic()
    return refresh_board(run)


# As often as wanted.

ROWS_OF = {
    "response": "id IN ({two}) OR source_key LIKE '{pair}/%'",
    "application": "id IN ({people})",
    "address": "application_id IN ({people})",
    "pairing": "id = '{pair}'",
    "message": "about = '{pair}'",
    "answer": "about = '{pair}'",
    "journal": "about IN ('{pair}', {people})",
    "to_review": "about = '{pair}'",
    "decision": "row_id = '{pair}'",
    "incoming": "gmail_id = 'g-{pair}'",
    "board_row": "row_id IN ({people}) OR row_id LIKE '{pair}%'",
}
NUMBERED = {("application", "number"): 2, ("application", "response_id"): 2, ("pairing", "number"): 1}


def _multiply(db: Connection, pairs: int, due: int) -> list[int]:
    """Copy the two lives until there are so many; returns the numbers of those that have something due."""
    step = (pairs - 2) // (due - 1)
    others = [QUIET + 2 + step * place for place in range(due - 1)]
    db.execute(text("CREATE TEMP TABLE copies (n INTEGER PRIMARY KEY, k INTEGER)"))
    kinds = dict.fromkeys(range(3, pairs + 1), QUIET) | dict.fromkeys(others, DUE)
    db.execute(text("INSERT INTO copies VALUES (:n, :k)"), [{"n": n, "k": k} for n, k in kinds.items()])
    for name, which in ROWS_OF.items():
        for pair in (QUIET, DUE):
            _copy(db, tables.metadata.tables[name], which, pair)
    db.execute(text("DROP TABLE copies"))
    return [DUE, *others]


def _copy(db: Connection, table: Table, which: str, pair: int) -> None:
    mentee, mentor = f"A-{2 * pair - 1:04d}", f"A-{2 * pair:04d}"
    here = which.format(
        pair=f"P-{pair:04d}", people=f"'{mentee}', '{mentor}'", two=f"{2 * pair - 1}, {2 * pair}"
    )
    rows = db.exec_driver_sql(f"SELECT * FROM {table.name} WHERE {here}").mappings().all()
    named = {name for row in rows for name in row if _names_someone(row[name])}
    columns = {
        column.name: _copied(table, column.name, pair, named=column.name in named) for column in table.columns
    }
    if "id" in table.c and isinstance(table.c.id.type, Integer):
        columns["id"] = (
            f"CASE WHEN o.id < 10 THEN o.id + 2 * (n - {pair}) END" if table.name == "response" else "NULL"
        )
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(columns.values())
    db.exec_driver_sql(
        f"INSERT INTO {table.name} ({names}) SELECT {values} FROM copies "
        f"JOIN (SELECT * FROM {table.name} WHERE {here}) o WHERE k = {pair} ORDER BY n"
    )


def _names_someone(value: object) -> bool:
    return re.search(r"[AaP]-\d{4}", str(value)) is not None


def _copied(table: Table, name: str, pair: int, *, named: bool) -> str:
    """What a column of a copy holds: the same, with other identifiers."""
    if factor := NUMBERED.get((table.name, name)):
        return f'o."{name}" + {factor} * (n - {pair})'
    if not named:
        return f'o."{name}"'
    return renamed(f'o."{name}"', pair)


def renamed(value: str, pair: int) -> str:
    """An SQL text about one of the two pairs, made one about pair `n`."""
    for number, new in ((2 * pair - 1, "2 * n - 1"), (2 * pair, "2 * n")):
        value = f"replace({value}, 'A-{number:04d}', printf('A-%04d', {new}))"
        value = f"replace({value}, 'a-{number:04d}', printf('a-%04d', {new}))"
    return f"replace({value}, 'P-{pair:04d}', printf('P-%04d', n))"
