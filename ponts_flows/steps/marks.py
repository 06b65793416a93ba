"""Cells that can't be understood: left as they are, marked, and explained by a note until they are mended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import Connection, select

from ponts_flows.board.changes import AdoptRow, Change, ClearCell, MarkCell, UnmarkCell
from ponts_flows.board.layout import TAB, TABS
from ponts_flows.board.reading import BoardReading, Row
from ponts_flows.board.tabs import Kind
from ponts_flows.ledger import facts, tables
from ponts_flows.steps.collect import DECIDING, WANTED, deciding, forbids, request_key

Place = tuple[str, str | int, str]  # tab, row (its id, or the number of a row that has none), column
PREFIX = "mark/"
NO_NUMBER = (
    "Cette ligne n'a pas de numéro : rien n'a été fait. Choisir sur la ligne de la personne ou du binôme."
)
ONE_MISSING = "Il manque l'autre identifiant : une demande nomme un mentee et un mentor."


def key(tab: str, row: str | int, column: str) -> tuple[str, str]:
    """What a mark is remembered by, among all that the board shows."""
    return f"{PREFIX}{tab}/{column}", str(row)


NAMES = tuple(key(tab.key, "", column.key)[0] for tab in TABS for column in tab.columns)
"""Under which marks are remembered, all of them."""


def understood(tab: str, said: str) -> bool:
    """Whether what stands in a tab's column of decisions is a box that is ticked, or a choice of its list."""
    column = TAB[tab].column(deciding(tab))
    return column.kind is Kind.CHECKBOX or said in column.choices


def marking(
    db: Connection, reading: BoardReading, shown: Mapping[tuple[str, str], object], others: Iterable[Change]
) -> Iterator[MarkCell | UnmarkCell]:
    """What to mark that is not, and whose mark to take away.

    `shown` is what the board was last made to show; `others` are changes that say by themselves what was done.
    """
    cleared = {key(other.tab, other.row, other.column) for other in others if isinstance(other, ClearCell)}
    adopted = {(other.tab, other.row) for other in others if isinstance(other, AdoptRow)}
    found = _not_understood(db, reading)
    wanted = {place: note for place, note in found if place[:2] not in adopted and key(*place) not in cleared}
    for (tab, row, column), note in wanted.items():
        if shown.get(key(tab, row, column)) != facts.digest(note):
            yield MarkCell(tab=tab, row=row, column=column, note=note)
    there = {key(*place) for place in wanted}
    for name, row_id in shown:
        if name.startswith(PREFIX) and (name, row_id) not in there | cleared:
            _, tab, column = name.split("/")
            yield UnmarkCell(tab=tab, row=int(row_id) if row_id.isdigit() else row_id, column=column)


def _not_understood(db: Connection, reading: BoardReading) -> Iterator[tuple[Place, str]]:
    yield from _no_choices(db, reading)
    for tab in DECIDING:
        for row in reading.tabs[tab].added:
            if row.text(deciding(tab)) and not (tab == "proposals" and forbids(row)):
                yield (tab, row.number, deciding(tab)), NO_NUMBER
    for row in reading.tabs["proposals"].added:
        yield from _not_asked_for(db, row)
    yield from _already_a_pair(db, reading)


def _no_choices(db: Connection, reading: BoardReading) -> Iterator[tuple[Place, str]]:
    """What was typed in a column of decisions and is no choice of its list."""
    d = tables.decision
    waiting = select(d).where(d.c.handled_at.is_not(None), d.c.cleared_at.is_(None)).order_by(d.c.id)
    for decision in db.execute(waiting):
        row = reading.tabs[decision.tab].rows.get(decision.row_id)
        column = deciding(decision.tab)
        was = decision._mapping["values"].get(column)
        if row and row.text(column) == was and not understood(decision.tab, was):
            yield (decision.tab, row.id, column), decision.outcome


def _not_asked_for(db: Connection, row: Row) -> Iterator[tuple[Place, str]]:
    """Why a row that asks for a pair led to none: it was refused, or one of the two is not named."""
    named = {column: row.text(column) for column in WANTED if row.text(column)}
    if len(named) == 1:
        (column,) = named
        yield ("proposals", row.number, column), ONE_MISSING
    elif named:
        d = tables.decision
        last = select(d.c.outcome).where(d.c.row_id == request_key(named)).order_by(d.c.id.desc()).limit(1)
        if why := db.execute(last).scalar():
            yield ("proposals", row.number, "wanted_mentee"), why


def _already_a_pair(db: Connection, reading: BoardReading) -> Iterator[tuple[Place, str]]:
    """Identifiers typed in the row of another pair ask for nothing."""
    typed = {
        row.id: row
        for row in reading.tabs["proposals"].rows.values()
        if row.cells and any(map(row.text, WANTED))
    }
    p = tables.pairing
    for pair in db.execute(select(p.c.id, p.c.mentee_id, p.c.mentor_id).where(p.c.id.in_(typed))):
        for column, id in zip(WANTED, (pair.mentee_id, pair.mentor_id), strict=True):
            said = typed[pair.id].text(column)
            if said and said.strip().upper() != id:
                note = f"Cette ligne est celle de {pair.id} : pour demander un autre binôme, prendre une ligne vide."
                yield ("proposals", pair.id, column), note
