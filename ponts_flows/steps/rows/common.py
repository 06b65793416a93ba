"""What the rows of every tab are made with: moments on the wall clock, names of people, what is out of date."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, bindparam, select, update

from ponts_flows.board.changes import Value
from ponts_flows.decide.calendar import local
from ponts_flows.ledger import tables
from ponts_flows.steps.aside import Aside
from ponts_flows.steps.context import Pass

Cells = Mapping[str, Value]
Rows = dict[str, Cells]
BATCH = 500


@dataclass(kw_only=True)
class Fresh:
    """The rows of each tab that may have changed, and the record each was made of; of that, table, key, version.

    A record of which no row can be made is set aside: it stays out of date, and is tried again at each pass.
    """

    db: Connection
    aside: Aside
    tabs: dict[str, Rows] = field(default_factory=dict)
    made_of: dict[tuple[str, str], tuple[Table, str, int]] = field(default_factory=dict)
    records: dict[str, dict[str, tables.Row]] = field(default_factory=dict)

    def add(
        self, tab: str, table: Table, record: tables.Row, cells: Callable[[], Cells | None], *, id: str = ""
    ) -> None:
        """A row of a tab made of a record; no cells: the record has no row there."""
        (key,) = table.primary_key.columns
        name = record._mapping[key.name]
        with self.aside.within(self.db, f"{tab}/{id or name}", name, writes=False):
            made = cells()
            self.made_of[tab, id or name] = (table, name, record.version)
            if made is not None:
                self.tabs[tab][id or name] = made
                self.records.setdefault(tab, {})[id or name] = record


def out_of_date(table: Table) -> ColumnElement[bool]:
    """The condition of having changed since the board last showed it."""
    return table.c.version != table.c.shown


def by_number(db: Connection, query: Select[Any]) -> list[tables.Row]:
    """The few records of a query, ordered here: a database asked to would go through all there is by number."""
    return sorted(db.execute(query), key=lambda row: row.number)


def mark_shown(db: Connection, fresh: Fresh, astray: set[tuple[str, str]]) -> None:
    """The board shows these records as they were read; those whose row went astray are tried again."""
    again = {(table.name, key) for place, (table, key, _) in fresh.made_of.items() if place in astray}
    seen: dict[Table, dict[str, int]] = {}
    for table, key, version in fresh.made_of.values():
        if (table.name, key) not in again:
            seen.setdefault(table, {})[key] = version
    for table, versions in seen.items():
        (column,) = table.primary_key.columns
        shown = (
            update(table)
            .where(column == bindparam("of"))
            .values(shown=bindparam("seen"), version=table.c.version)
        )
        db.execute(shown, [{"of": key, "seen": version} for key, version in versions.items()])


def touch(db: Connection, table: Table, which: ColumnElement[bool]) -> None:
    """Have the board show some records anew."""
    db.execute(update(table).where(which).values(version=table.c.version + 1))


def names(db: Connection, ids: Iterable[str]) -> dict[str, str]:
    """The full names of some people, by application."""
    t = tables.application
    return {
        row.id: f"{row.respondent['first_name']} {row.respondent['last_name']}".strip()
        for row in among(db, t, t.c.id, ids)
    }


def among(
    db: Connection,
    table: Table,
    column: ColumnElement[Any],
    values: Iterable[str],
    *others: ColumnElement[bool],
) -> list[tables.Row]:
    """The records whose column holds one of some values, and for which the other conditions hold."""
    wanted = sorted(set(values))
    return [
        row
        for start in range(0, len(wanted), BATCH)
        for row in db.execute(select(table).where(column.in_(wanted[start : start + BATCH]), *others))
    ]


def day(run: Pass, moment: datetime | None) -> Value:
    """The day of a moment, on the programme's clock."""
    return local(moment, run.programme).date() if moment is not None else None


def moment(run: Pass, at: datetime | None) -> Value:
    """The date and time that the wall clock shows."""
    return local(at, run.programme).replace(tzinfo=None, second=0, microsecond=0) if at is not None else None
