"""Collect: read what is new from the board and the mailbox, and store it as facts."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select, update

from ponts_flows.actions import AskCoordinator, CloseReview
from ponts_flows.board.decisions import ProposalDecision
from ponts_flows.board.options import OPTIONS, read_options
from ponts_flows.board.reading import Row, TabReading
from ponts_flows.ledger import facts, inbox, tables
from ponts_flows.steps.archived import as_incoming
from ponts_flows.steps.aside import Aside
from ponts_flows.steps.context import Pass, said_by
from ponts_flows.steps.group_meetings import store_events
from ponts_flows.steps.sheets import close_others, store_register
from ponts_flows.steps.texts import store_texts


def collect_board(run: Pass) -> int:
    """Read the board in one call; store what coordinators decided. Returns how many decisions are new."""
    reading = run.board.read()
    run.board_reading, run.board_read_at = reading, run.monotonic()
    if run.installation.register is None:
        with run.ledger.transaction() as db:
            aside = Aside(run, db, "sheet")
        with aside.of("members"):
            store_register(run, reading.members)
    new = 0
    with run.ledger.transaction() as db:
        waiting = facts.waiting_to_be_cleared(db)
        aside = Aside(run, db, "row")
        for tab, columns in DECIDING.items():
            unclear = _report_copies(run, db, reading.tabs[tab], columns)
            also = {id for in_tab, id in waiting if in_tab == tab}
            for row in reading.tabs[tab].rows.typed_in(also):
                if row.id in unclear:
                    continue
                values = {column: row.text(column) for column in columns if row.text(column)}
                if values.get(columns[0]):
                    with aside.within(db, f"{tab}/{row.id}", row.id):
                        decision = facts.Decision(tab=tab, row_id=row.id, values=values, by=said_by(row))
                        new += facts.store_decision(db, decision, now=run.now)
                elif (tab, row.id) in waiting:
                    facts.decisions_cleared(db, tab, row.id, now=run.now)
        new += _store_requests(run, db, reading.tabs["proposals"])
        new += store_events(run, db, reading.tabs["events"], aside)
        with aside.within(db, "settings"):
            _store_options(run, db, reading.tabs["settings"])
        with aside.within(db, "texts"):
            store_texts(run, db, reading.tabs["texts"])
        _close_ticked(run, db, reading.tabs["to_review"])
    return new


def _report_copies(run: Pass, db: Connection, tab: TabReading, columns: tuple[str, ...]) -> frozenset[str]:
    """A line for each row that is there twice; returns those whose copies differ: nothing is done there."""
    copies: dict[str, list[Row]] = {}
    for row in tab.duplicated:
        copies.setdefault(row.id, [tab.rows[row.id]]).append(row)
    prefix = f"copied/{tab.key}/"
    close_others(run, db, prefix, {prefix + id for id in copies})
    for id, rows in copies.items():
        places = ", ".join(str(row.number) for row in rows)
        line = AskCoordinator(
            key=prefix + id,
            about=id,
            subject=f"Onglet {tab.title} : {id} y est plusieurs fois, lignes {places}. Une décision n'y est suivie "
            "que si elle est la même partout.",
            todo="Garder une seule de ces lignes et supprimer les copies.",
        )
        run.tell(db, line)
    said = {id: {tuple(map(row.text, columns)) for row in rows} for id, rows in copies.items()}
    return frozenset(id for id, different in said.items() if len(different) > 1)


def _store_requests(run: Pass, db: Connection, proposals: TabReading) -> int:
    """Rows that coordinators added to name a pair of their own; one that is gone may be named again."""
    asked = {}
    for row in proposals.added:
        if names_two(row):
            columns = (*WANTED, "exemption", *(("decision",) if forbids(row) else ()))
            values = {column: row.text(column) for column in columns if row.text(column)}
            asked[request_key(values)] = (values, said_by(row))
    waiting = {row_id for tab, row_id in facts.waiting_to_be_cleared(db) if row_id.startswith("+")}
    for row_id in sorted(waiting - set(asked)):
        facts.decisions_cleared(db, "proposals", row_id, now=run.now)
    decisions = (
        facts.Decision(tab="proposals", row_id=key, values=values, by=by)
        for key, (values, by) in asked.items()
    )
    return sum(facts.store_decision(db, decision, now=run.now) for decision in decisions)


def _close_ticked(run: Pass, db: Connection, tab: TabReading) -> None:
    """A box stays ticked for ever: only that of a line still open says something."""
    t = tables.to_review
    still_open = db.execute(select(t.c.key).where(t.c.closed_at.is_(None)).order_by(t.c.key)).scalars()
    done = [key for key in still_open if key in tab.rows and tab.rows[key].ticked("done")]
    run.carry_out(db, [CloseReview(key=key) for key in done])
    for key in done:
        run.note_act(db, "to_review", key, "Fait", by=said_by(tab.rows[key]))


def _store_options(run: Pass, db: Connection, tab: TabReading) -> None:
    """What coordinators tuned applies from now on; what can't be understood is explained beside it."""
    typed, boxes = (
        {row.id: row.cells[column] for row in tab.rows.values() if column in row.cells}
        for column in ("value", "required")
    )
    values, remarks = read_options(typed, boxes, run.settings.programme)
    facts.remember(db, "option remarks", remarks)
    if (before := facts.recall(db, "options", {})) != values:
        _note_options(run, db, before, values)
        facts.remember(db, "options", values)
        run.tune(values)
        _look_again(run, db)


def _note_options(run: Pass, db: Connection, before: Mapping[str, int], values: Mapping[str, int]) -> None:
    names = {option.field: option.id for option in OPTIONS}
    names |= {option.required: f"{option.id}, obligatoire" for option in OPTIONS if option.required}
    for field in sorted(before.keys() | values.keys()):
        unsaid = "non" if field.startswith("required.") else "par défaut"
        was, now = (said.get(field, unsaid) for said in (before, values))
        if was != now:
            run.note_act(db, "settings", names.get(field, field), f"{was} → {now}", by="")


def _look_again(run: Pass, db: Connection) -> None:
    """Whatever waits for a moment may be due earlier, or later, now that a delay was changed."""
    for table in (tables.application, tables.pairing, tables.event):
        waiting = table.c.wake_at > run.now
        db.execute(update(table).where(waiting).values(wake_at=run.now, version=table.c.version))


def request_key(values: Mapping[str, str]) -> str:
    """What a row with two identifiers is known by, as long as it has no identifier of its own."""
    return f"+{values['wanted_mentee'].strip().upper()}/{values['wanted_mentor'].strip().upper()}"


def names_two(row: Row) -> bool:
    """Whether a row names a mentee and a mentor."""
    return all(map(row.text, WANTED))


def forbids(row: Row) -> bool:
    """Whether a row that a coordinator added says that the two it names are never to be proposed to each other."""
    return names_two(row) and row.text("decision") == ProposalDecision.REFUSE


# The columns in which a coordinator names the two of a pair of their own.
WANTED = ("wanted_mentee", "wanted_mentor")
# The columns of each tab in which coordinators decide; a decision exists once the first is filled in.
DECIDING = {
    "applications": ("decision",),
    "proposals": ("decision", "exemption"),
    "pairings": ("decision", "until"),
    "to_review": ("decision", "on"),
    "outbox": ("decision", "why"),
    "texts": ("preview",),
}


def deciding(tab: str) -> str:
    """The column of a tab that holds the decision; others say more of it."""
    return DECIDING[tab][0]


UNREAD = "gmail/unread"
"""Under which name the mails are remembered that could not be read: they are asked for again at each pass."""


def collect_mail(run: Pass) -> int:
    """Store the mails received since last time; returns how many. Several may do so at once."""
    with run.ledger.transaction() as db:
        cursor, again = facts.recall(db, "gmail/history"), facts.recall(db, UNREAD, [])
    received = run.mailbox.received_since(cursor, again)
    if received.cursor == cursor and not again:
        return 0
    incoming = [as_incoming(mail) for mail in received.mails]
    with run.ledger.transaction() as db:
        if facts.recall(db, "gmail/history") == cursor:  # else another one has read on meanwhile
            facts.remember(db, "gmail/history", received.cursor)
        if again or received.unread:
            facts.remember(db, UNREAD, list(received.unread))
            aside = Aside(run, db, "received")
            for id in dict.fromkeys((*again, *received.unread)):
                with aside.within(db, id, writes=False):
                    if id in received.unread:
                        raise received.unread[id]
        if incoming:
            facts.read_until(db, RECEIVED, max(mail.received_at for mail in incoming))
        return inbox.store(db, incoming)


RECEIVED = "gmail/received"
"""The note of the moment until which mails were read."""
