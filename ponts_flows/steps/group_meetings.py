"""Collect the group meetings that coordinators write in the tab Événements."""

from __future__ import annotations

from sqlalchemy import Connection

from ponts_flows.actions import AskCoordinator, CloseReview
from ponts_flows.board.reading import Row, TabReading, read_date
from ponts_flows.board.words import AUDIENCES
from ponts_flows.decide.events import Audience
from ponts_flows.forms.dates import DateFault, full_date
from ponts_flows.forms.times import clock_time
from ponts_flows.ledger import events
from ponts_flows.steps.aside import Aside
from ponts_flows.steps.context import Pass, said_by

_BY_WORD = {word: Audience(name) for name, word in AUDIENCES.items()}


def store_events(run: Pass, db: Connection, tab: TabReading, aside: Aside) -> int:
    """Keep what each row says; returns how many are new or say something else than before."""
    changed = 0
    for row in tab.rows.values():
        if events.is_event(row.id):
            with aside.within(db, f"events/{row.id}", row.id):
                written = _written(row)
                new = events.keep(db, written, now=run.now)
                changed += new
                if new and (written.wanted or written.called_off):
                    what = (
                        "Annule la rencontre"
                        if written.called_off
                        else "Invite, ou change ce qui est annoncé"
                    )
                    run.note_act(db, "events", row.id, what, by=said_by(row))
                _report(run, db, row, written, new)
    for id in events.announced(db):
        if id not in tab.rows:
            line = AskCoordinator(
                key=f"{id}/row-gone",
                about=id,
                subject=f"La ligne de l'événement annoncé {id} a été supprimée : plus rien n'est envoyé à son sujet.",
                todo="Rétablir la ligne (annuler la suppression), ou prévenir les invités de vive voix.",
            )
            _tell(run, db, line, news=events.row_gone(db, id, now=run.now))
    return changed


def _report(run: Pass, db: Connection, row: Row, written: events.Written, news: bool) -> None:
    """Lines about a row that is there: a time that can't be read; what was said before and is true no more."""
    line = AskCoordinator(
        key=f"{row.id}/time",
        about=row.id,
        subject=f"L'heure de l'événement {row.id} ne se lit pas : il est annoncé sans heure.",
        todo="Écrire la colonne Heure ainsi : 18:30. Les invités sont prévenus du changement.",
    )
    unread = bool(row.text("time")) and written.at is None and not written.called_off
    if unread:
        _tell(run, db, line, news=news)
    if news:
        over = (f"{row.id}/row-gone",) if unread else (f"{row.id}/row-gone", line.key)
        run.carry_out(db, [CloseReview(key=key) for key in over])


def _tell(run: Pass, db: Connection, line: AskCoordinator, *, news: bool) -> None:
    """Show a line; one that a coordinator closed opens again only when it is news."""
    if news:
        run.tell(db, line)
    else:
        run.carry_out(db, [line])


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
