"""Collect the group meetings that coordinators write in the tab Événements."""

from __future__ import annotations

from sqlalchemy import Connection

from ponts_flows.actions import AskCoordinator
from ponts_flows.board.reading import Row, TabReading, read_date
from ponts_flows.board.words import AUDIENCES
from ponts_flows.decide.events import Audience
from ponts_flows.forms.dates import DateFault, full_date
from ponts_flows.forms.times import clock_time
from ponts_flows.ledger import events
from ponts_flows.steps.context import Pass

_BY_WORD = {word: Audience(name) for name, word in AUDIENCES.items()}


def store_events(run: Pass, db: Connection, tab: TabReading) -> int:
    """Keep what each row says; returns how many are new or say something else than before."""
    changed = 0
    for row in tab.rows.values():
        if events.is_event(row.id):
            changed += events.keep(db, _written(row), now=run.now)
    for id in events.announced(db):
        if id not in tab.rows:
            line = AskCoordinator(
                key=f"{id}/row-gone",
                about=id,
                subject=f"La ligne de l'événement annoncé {id} a été supprimée : personne n'est prévenu.",
                todo="Prévenir les invités, ou annoncer de nouveau l'événement sur une ligne vide.",
            )
            run.carry_out(db, [line])
    return changed


def _written(row: Row) -> events.Written:
    day = read_date(row.cells.get("day", "")) or full_date(row.text("day"))
    at = row.cells.get("time", "")
    fraction = isinstance(at, float) and 0 < at < 1
    return events.Written(
        id=row.id,
        title=row.text("title"),
        day=None if isinstance(day, DateFault) else day,
        at=clock_time(f"{at:.6f}" if fraction else row.text("time")),
        place=row.text("place"),
        audience=_BY_WORD.get(row.text("audience")),
        wanted=row.ticked("invite"),
        called_off=row.ticked("cancel"),
    )
