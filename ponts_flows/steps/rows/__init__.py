"""What the board shows: the rows that may have changed since it last did, from the ledger."""

from __future__ import annotations

from sqlalchemy import Connection

from ponts_flows.board import howto
from ponts_flows.board.layout import TABS
from ponts_flows.steps.aside import Aside
from ponts_flows.steps.context import Pass
from ponts_flows.steps.rows import engagements, figures, journal, memory, outbox, people, programme, texts
from ponts_flows.steps.rows.common import Cells, Fresh, Rows, among, mark_shown, touch

__all__ = ["Cells", "Fresh", "Rows", "among", "fresh_rows", "mark_shown", "touch"]


def fresh_rows(run: Pass, db: Connection) -> Fresh:
    """The rows made of records that changed; those of Modèles, Réglages and of figures always."""
    tabs: dict[str, Rows] = {tab.key: {} for tab in TABS if tab.id_column is not None}
    fresh = Fresh(db=db, aside=Aside(run, db, "shown"), tabs=tabs)
    pairings = engagements.changed_pairings(db)
    people.applications(run, db, fresh)
    people.proposals(db, fresh, pairings)
    engagements.pairings(run, db, fresh, pairings)
    engagements.testimonies(run, db, fresh)
    engagements.group_meetings(db, fresh)
    programme.to_review(run, db, fresh)
    outbox.messages(run, db, fresh)
    journal.journal(run, db, fresh)
    fresh.tabs["texts"] = texts.mail_texts(db)
    fresh.tabs["settings"] = programme.settings(run, db)
    fresh.tabs["dashboard"] = programme.dashboard(run, db)
    fresh.tabs["howto"] = dict(howto.rows())
    figures.show(run, db, fresh)
    memory.remember(run, db, fresh)
    return fresh
