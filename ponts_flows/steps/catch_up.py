"""After an older ledger was put back: what happened since is found outside of it, before anything is done."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import chain

from sqlalchemy import Connection, delete, func, select, update

from ponts_flows.actions import AskCoordinator
from ponts_flows.board.layout import TABS
from ponts_flows.decide.calendar import local
from ponts_flows.errors import GoogleRefused
from ponts_flows.google.archive import Archive
from ponts_flows.ledger import facts, found, inbox, tables
from ponts_flows.ledger.backup import RESTORED
from ponts_flows.steps.archived import as_incoming, ours, shares
from ponts_flows.steps.context import Pass
from ponts_flows.steps.erased_since import erase_again
from ponts_flows.steps.recognise import recognise, unrecognised

EARLIER = timedelta(days=1)
SHOWN = (tables.application, tables.pairing, tables.event, tables.message, tables.to_review)
MOST_TOLD = 20


def catch_up(run: Pass) -> None:
    """Find what left and came in since the ledger that was put back was made; nothing for any other ledger.

    Cut short, it is done again: nothing else is done before it came to its end.
    """
    with run.ledger.transaction() as db:
        if facts.recall(db, RESTORED) is None:
            return
        left, came = _last_left(db), _last_came(db)
    archive = Archive(run.google)
    cursor = archive.cursor()
    for some in shares(ours(chain(archive.sent(left), archive.drafts()))):
        with run.ledger.transaction() as db:
            found.keep(db, some)
    for mails in shares(archive.received(came)):
        with run.ledger.transaction() as db:
            inbox.store(db, map(as_incoming, mails))
    try:
        erase_again(run)
        unknown = ""
    except GoogleRefused as error:  # a backup is for when the board is lost, too
        unknown = f" Qui a été effacé depuis n'a pas pu être lu dans le tableau ({error.status})."
    with run.ledger.transaction() as db:
        facts.remember(db, "gmail/history", cursor)
        recognise(run, db)
        _show_all_again(db)
        _tell(run, db, unknown)
        db.execute(delete(tables.note).where(tables.note.c.name == RESTORED))


def _last_left(db: Connection) -> datetime | None:
    """From when on a mail may have left that the ledger does not know of; None: from the beginning."""
    t = tables.message
    last = db.execute(select(func.max(t.c.sent_at))).scalar()
    begun = db.execute(select(func.min(t.c.attempted_at)).where(t.c.gmail_id.is_(None))).scalar()
    moments = [moment for moment in (last, begun) if moment is not None]
    return min(moments) - EARLIER if last is not None else None


def _last_came(db: Connection) -> datetime | None:
    last = db.execute(select(func.max(tables.incoming.c.received_at))).scalar()
    return last - EARLIER if last is not None else None


def _show_all_again(db: Connection) -> None:
    """The board shows what the ledger said that was lost: every row is written as it is now."""
    for table in SHOWN:
        db.execute(update(table).values(version=table.c.version + 1))
    b = tables.board_row
    db.execute(delete(b).where(b.c.tab.in_([tab.key for tab in TABS])))


def _tell(run: Pass, db: Connection, unknown: str) -> None:
    """Coordinators take again what they had decided; what left because of it does not leave again."""
    references = sorted(unrecognised(run, db))
    day = local(run.now, run.programme).strftime("%d/%m/%Y à %H:%M")
    known = (
        f" Partis depuis, et pas encore reconnus ({len(references)}) : {', '.join(references[:MOST_TOLD])}."
    )
    line = AskCoordinator(
        key=f"restored/{run.now.isoformat()}",
        about="registre",
        subject=f"Le registre a été remis le {day} dans un état antérieur.{known if references else ''}"
        + unknown,
        todo="Reprendre les décisions prises depuis : les onglets montrent l'état d'alors. Les messages déjà partis "
        "ne repartiront pas, et les réponses reçues seront lues quand leur question sera de nouveau posée."
        + (" Effacer de nouveau qui l'a été depuis : ponts person erase." if unknown else ""),
    )
    run.tell(db, line)
