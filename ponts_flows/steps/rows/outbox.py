"""The rows of Envois: every message, when it leaves, where it stands and why, and where to read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection, select

from ponts_flows.board import words
from ponts_flows.board.changes import Link
from ponts_flows.ledger import outbox, tables
from ponts_flows.ledger.outbox import PREVIEW, Status
from ponts_flows.model import Language
from ponts_flows.steps.context import Pass
from ponts_flows.steps.leaving import Leaving, leaving
from ponts_flows.steps.rows.common import Cells, Fresh, among, moment, names, out_of_date

NEXT = 200
"""Of how many messages that wait it is told at each pass what they wait for; of all, when they change."""


@dataclass(frozen=True, kw_only=True)
class _Known:
    """What the rows of messages say beside the messages themselves."""

    people: Mapping[str, str]
    leaving: Mapping[str, Leaving]
    previews: Mapping[str, str]


def messages(run: Pass, db: Connection, fresh: Fresh) -> None:
    """Envois: those that changed, those whose preview has left, and the next that leave."""
    t = tables.message
    first = outbox.next_planned(db, NEXT)
    changed = {row.key: row for row in db.execute(select(t).where(out_of_date(t)))}
    others = {message.key for message in first} | {
        row.about.removeprefix(PREVIEW) for row in changed.values() if row.about.startswith(PREVIEW)
    }
    changed |= {row.key: row for row in among(db, t, t.c.key, others - changed.keys())}
    waiting = outbox.among(db, [key for key, row in changed.items() if row.status == Status.PLANNED])
    known = _Known(
        people=names(db, {id for row in changed.values() for id in row.recipients}),
        leaving=leaving(run, db, waiting),
        previews=_previews(db, list(changed)),
    )
    for row in sorted(changed.values(), key=lambda row: (row.planned_at, row.key)):
        fresh.add("outbox", t, row, partial(_message, run, row, known))


def _previews(db: Connection, keys: list[str]) -> dict[str, str]:
    """The conversation of the last preview of each message, of those that left."""
    t = tables.message
    shown = among(db, t, t.c.about, [PREVIEW + key for key in keys], t.c.thread_id.is_not(None))
    return {row.about.removeprefix(PREVIEW): row.thread_id for row in sorted(shown, key=lambda row: row.key)}


def _message(run: Pass, row: tables.Row, known: _Known) -> Cells:
    due = known.leaving.get(row.key, Leaving(at=row.planned_at))
    preview = row.about.startswith(PREVIEW)
    kept_back = row.kept_back and row.status == Status.PLANNED
    return {
        "reference": _reference(run, row, known.previews.get(row.key)),
        "to": ", ".join(known.people.get(id, "coordination") for id in row.recipients),
        "message": f"Aperçu : {words.MESSAGES[row.template]}" if preview else words.MESSAGES[row.template],
        "language": ", ".join(words.LANGUAGES[Language(language)] for language in row.languages),
        "status": words.KEPT_BACK if kept_back else words.MESSAGE_STATUSES[row.status],
        "planned_at": moment(run, due.at),
        "sent_at": moment(run, row.sent_at),
        "reason": row.reason if row.reason and not kept_back else due.why or None,
    }


def _reference(run: Pass, row: tables.Row, preview: str | None) -> Link | str:
    """A column less than a link beside it: this tab has by far the most rows, and a spreadsheet so many cells."""
    thread = row.thread_id or preview
    return Link(text=row.reference, url=run.mail_link(thread)) if thread else str(row.reference)
