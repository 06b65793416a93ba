"""The ledger, lost, made again from what is outside of it: the board, the forms and sheets, the mailbox.

The hidden column of the board says how each record stood when it was last shown, and until when everything was read.
What came in since is left for the next pass, which does it again; what left since is found in the mailbox by its
reference. Nothing is sent and nothing is written to Google.
"""

from __future__ import annotations

from sqlalchemy import select

from ponts_flows.errors import InputError
from ponts_flows.ledger import facts, tables
from ponts_flows.rebuild.mailbox import read_mailbox
from ponts_flows.rebuild.memory import Memory, recall
from ponts_flows.rebuild.records import restore, restore_erasures
from ponts_flows.rebuild.report import Report
from ponts_flows.rebuild.sources import read_sources
from ponts_flows.steps.context import Pass, save_installation

__all__ = ["Report", "rebuild"]

UNFINISHED = "rebuild"
"""The note of a rebuild that is not finished: whatever else is there is its own, and is made again."""


def rebuild(run: Pass, *, board: str | None = None) -> Report:
    """Make the ledger again; `board` is the spreadsheet's identifier, looked for in Drive when it is not given.

    A ledger that holds anything is left alone (InputError). One that is cut short is run again: until its last
    transaction no pass runs on what it made.
    """
    run.settings.keys  # noqa: B018 - without the secret nothing can be read: say so first
    run.ledger.migrate()
    report = Report()
    with run.ledger.lock():
        _begin(run)
        memory = recall(run, board, report)
        run.installation = memory.installation
        _remember_notes(run, memory)
        read_sources(run, memory, report)
        restore(run, memory, report)
        read_mailbox(run, memory, report)
        _finish(run, memory)
    return report


def _begin(run: Pass) -> None:
    """Refuse a ledger in use; begin one that was cut short anew."""
    with run.ledger.transaction() as db:
        cut_short = facts.recall(db, UNFINISHED) is not None
        for table in reversed(tables.metadata.sorted_tables):
            if cut_short:
                db.execute(table.delete())
            elif db.execute(select(table).limit(1)).first() is not None:
                raise InputError(
                    "This ledger is not empty: rebuilding would mix it with another. If it is lost, put it aside "
                    "(rename the file, or give an empty database in PONTS_DATABASE_URL) and run this again."
                )
        facts.remember(db, UNFINISHED, True)


def _remember_notes(run: Pass, memory: Memory) -> None:
    with run.ledger.transaction() as db:
        for name, value in memory.notes.items():
            if name != "installation":
                facts.remember(db, name, value)
        run.tune(memory.notes.get("options", {}))
        restore_erasures(db, memory)


def _finish(run: Pass, memory: Memory) -> None:
    """Last of all: a pass may run from here on."""
    with run.ledger.transaction() as db:
        db.execute(tables.note.delete().where(tables.note.c.name == UNFINISHED))
        facts.remember(db, "board", memory.installation.board)
        facts.remember(db, "forms", memory.notes["installation"]["forms"])
        save_installation(db, memory.installation)
