"""Collect: read what is new from Forms, the board and the mailbox, and store it as facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from ponts_flows.actions import CloseReview
from ponts_flows.board.options import read_options
from ponts_flows.board.reading import TabReading
from ponts_flows.forms import (
    FormIds,
    answers_by_field,
)
from ponts_flows.ledger import facts
from ponts_flows.steps.context import Pass
from ponts_flows.steps.sheets import store_register


def collect_forms(run: Pass) -> int:
    """Store the new responses of every form; returns how many. One call a form when there is nothing new."""
    return sum(_collect_form(run, ids) for ids in run.installation.forms)


def _collect_form(run: Pass, ids: FormIds) -> int:
    spec, cursor_name = run.spec(ids.name), f"form/{ids.form_id}"
    with run.ledger.transaction() as db:
        cursor = facts.recall(db, cursor_name)
    since = datetime.fromisoformat(cursor) if cursor else None
    responses = [
        facts.Response(
            source=f"form:{ids.form_id}",
            source_key=response.response_id,
            revision=response.submitted_at.isoformat(),
            form=ids.name,
            language=ids.language,
            submitted_at=response.submitted_at,
            answers=answers_by_field(spec, response.body),
            place=f"réponse {response.response_id}",
        )
        for response in run.forms.responses(ids.form_id, since=since)
    ]
    if not responses:
        return 0
    with run.ledger.transaction() as db:
        facts.remember(db, cursor_name, max(response.submitted_at for response in responses).isoformat())
        return facts.store_responses(db, responses, now=run.now)


def collect_board(run: Pass) -> int:
    """Read the board in one call; store what coordinators decided. Returns how many decisions are new."""
    reading = run.board.read()
    run.board_reading, run.board_read_at = reading, run.monotonic()
    if run.installation.register is None:
        store_register(run, reading.members)
    new = 0
    with run.ledger.transaction() as db:
        waiting = facts.waiting_to_be_cleared(db)
        for tab, columns in DECIDING.items():
            for row in reading.tabs[tab].rows.values():
                values = {column: row.text(column) for column in columns if row.text(column)}
                if values.get(columns[0]):
                    decision = facts.Decision(tab=tab, row_id=row.id, values=values)
                    new += facts.store_decision(db, decision, now=run.now)
                elif (tab, row.id) in waiting:
                    facts.decisions_cleared(db, tab, row.id, now=run.now)
        new += _store_requests(run, db, reading.tabs["proposals"])
        _store_options(run, db, reading.tabs["settings"])
        for row in reading.tabs["to_review"].rows.values():
            if row.ticked("done"):
                run.carry_out(db, [CloseReview(key=row.id)])
    return new


def _store_requests(run: Pass, db: Connection, proposals: TabReading) -> int:
    """Rows that coordinators added to ask for a pair of their own; one that is gone may be asked for again."""
    columns = ("wanted_mentee", "wanted_mentor", "exemption")
    asked = {}
    for row in proposals.added:
        values = {column: row.text(column) for column in columns if row.text(column)}
        if "wanted_mentee" in values and "wanted_mentor" in values:
            asked[request_key(values)] = values
    waiting = {row_id for tab, row_id in facts.waiting_to_be_cleared(db) if row_id.startswith("+")}
    for row_id in sorted(waiting - set(asked)):
        facts.decisions_cleared(db, "proposals", row_id, now=run.now)
    decisions = (facts.Decision(tab="proposals", row_id=key, values=values) for key, values in asked.items())
    return sum(facts.store_decision(db, decision, now=run.now) for decision in decisions)


def _store_options(run: Pass, db: Connection, tab: TabReading) -> None:
    """What coordinators tuned applies from now on; what can't be understood is explained beside it."""
    typed = {row.id: row.cells["value"] for row in tab.rows.values() if "value" in row.cells}
    values, remarks = read_options(typed, run.settings.programme)
    facts.remember(db, "option remarks", remarks)
    if facts.recall(db, "options", {}) != values:
        facts.remember(db, "options", values)
        run.tune(values)


def request_key(values: Mapping[str, str]) -> str:
    """What a row with two identifiers is known by, as long as it has no identifier of its own."""
    return f"+{values['wanted_mentee'].strip().upper()}/{values['wanted_mentor'].strip().upper()}"


# The columns of each tab in which coordinators decide; a decision exists once the first is filled in.
DECIDING = {"applications": ("decision",), "proposals": ("decision", "exemption")}


def collect_mail(run: Pass) -> int:
    """Store the mails received since last time; returns how many."""
    with run.ledger.transaction() as db:
        cursor = facts.recall(db, "gmail/history")
    following, mails = run.mailbox.received_since(cursor)
    if following == cursor:
        return 0
    incoming = [
        facts.IncomingMail(
            gmail_id=mail.gmail_id, thread_id=mail.thread_id, received_at=mail.received_at, raw=mail.raw
        )
        for mail in mails
    ]
    with run.ledger.transaction() as db:
        facts.remember(db, "gmail/history", following)
        return facts.store_incoming(db, incoming)
