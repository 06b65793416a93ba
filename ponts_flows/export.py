"""The ledger as plain CSV files, for a spreadsheet or for checking a rehearsal."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlalchemy import Connection, select

from ponts_flows.csv_files import export_folder, write
from ponts_flows.ledger import Ledger, tables


def export(ledger: Ledger, directory: Path) -> tuple[Path, ...]:
    """Write applications, pairings, messages, lines to review, runs of the matching, and what coordinators did, as CSV.

    Returns the paths.
    Text that a spreadsheet would take for a formula is preceded by an apostrophe.
    """
    export_folder(directory)
    with ledger.transaction() as db:
        emails = {
            row.id: row.email
            for row in db.execute(select(tables.application.c.id, tables.application.c.email))
        }
        return (
            write(
                directory / "applications.csv",
                ("id", "role", "email", "verdict", "reason"),
                _applications(db),
            ),
            write(
                directory / "pairings.csv",
                ("id", "stage", "mentor_email", "mentee_email", "score", "parts", "reasons"),
                _pairings(db, emails),
            ),
            write(
                directory / "messages.csv",
                ("key", "reference", "to", "template", "status", "planned_at", "sent_at"),
                _messages(db, emails),
            ),
            write(
                directory / "to_review.csv",
                ("key", "about", "subject", "todo", "opened_at", "closed_at"),
                _to_review(db),
            ),
            write(directory / "matching_runs.csv", tables.matching_run.c.keys(), _matching_runs(db)),
            write(directory / "journal.csv", _ACT, _journal(db)),
        )


def _applications(db: Connection) -> Iterator[Sequence[object]]:
    t = tables.application
    for row in db.execute(select(t).order_by(t.c.number)):
        yield row.id, row.role, row.email, row.stage, row.reason


def _pairings(db: Connection, emails: dict[str, str]) -> Iterator[Sequence[object]]:
    t = tables.pairing
    for row in db.execute(select(t).order_by(t.c.number)):
        parts = " ; ".join(f"{label} {points} x {weight}" for label, points, weight, _ in row.parts)
        reasons = " ; ".join(words for *_, words in row.parts) or row.reason
        yield row.id, row.stage, emails[row.mentor_id], emails[row.mentee_id], row.score, parts, reasons


def _messages(db: Connection, emails: dict[str, str]) -> Iterator[Sequence[object]]:
    t = tables.message
    for row in db.execute(select(t).order_by(t.c.planned_at, t.c.key)):
        to = row.addresses or [emails.get(id, id) for id in row.recipients]
        yield row.key, row.reference, " ".join(to), row.template, row.status, row.planned_at, row.sent_at


def _to_review(db: Connection) -> Iterator[Sequence[object]]:
    t = tables.to_review
    for row in db.execute(select(t).order_by(t.c.opened_at, t.c.key)):
        yield row.key, row.about, row.subject, row.todo, row.opened_at, row.closed_at


_ACT = ("id", "at", "by", "place", "about", "what", "outcome")


def _journal(db: Connection) -> Iterator[Sequence[object]]:
    t = tables.act
    for row in db.execute(select(t).order_by(t.c.number)):
        yield [row._mapping[name] for name in _ACT]


def _matching_runs(db: Connection) -> Iterator[Sequence[object]]:
    t = tables.matching_run
    for row in db.execute(select(t).order_by(t.c.id)):
        yield [json.dumps(value) if isinstance(value, dict) else value for value in row]
