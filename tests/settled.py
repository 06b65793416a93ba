"""Whether everything is seen to: what people have and did, held against what the ledger says of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, select, true

from ponts_flows.board.layout import TAB
from ponts_flows.board.tabs import Tab
from ponts_flows.ledger import facts, tables
from ponts_flows.players import Pages
from ponts_flows.steps import Pass
from ponts_flows.steps.rows import Rows, fresh_rows, touch
from tests.endings import REFERENCE


@dataclass(kw_only=True)
class Settled:
    """What was looked at, and what is not as it should be."""

    mails: int = 0
    responses: int = 0
    replies: int = 0
    decisions: int = 0
    held: Counter[str] = field(default_factory=Counter)
    cancelled: Counter[str] = field(default_factory=Counter)
    waiting: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def looked_at(run: Pass) -> Settled:
    """Look at everything."""
    found, pages = Settled(), Pages(url=run.settings.google_root or "")
    run.installation  # noqa: B018 - read from the ledger, in a transaction of its own
    with run.ledger.transaction() as db:
        found.wrong += [
            *_messages(run, db, pages, found),
            *_facts(db, found),
            *_mails_received(run, db, pages, found),
            *_lines(db),
        ]
        wanted = _to_be_shown(run, db)
        read = set(db.execute(select(tables.response.c.source, tables.response.c.source_key)).tuples())
    found.wrong += [*_responses(run, read, found), *_decisions(run), *_board(run, pages, wanted)]
    return found


def _mails(pages: Pages, address: str, query: str) -> list[Any]:
    found: list[Any] = []
    while True:
        more = pages.get(f"/mail/{address}/messages.json", q=query, skip=len(found))["messages"]
        if not more:
            return found
        found += more


def _messages(run: Pass, db: Connection, pages: Pages, found: Settled) -> Iterator[str]:
    m = tables.message
    rows = list(db.execute(select(m)))
    sent = _references(run, pages, run.settings.mailbox, "in:sent")
    there = {row.reference for row in rows if row.status == "sent"}
    yield from (f"{ref} was sent {times} times" for ref, times in sent.items() if times > 1)
    yield from (f"{ref} is in Sent, and not for the ledger" for ref in sent.keys() - there)
    yield from (f"{ref} is not in Sent, and is for the ledger" for ref in there - sent.keys())
    if drafts := _mails(pages, run.settings.mailbox, "in:draft"):
        yield f"{len(drafts)} drafts are left over"
    for row in rows:
        match row.status:
            case "held" | "cancelled" | "failed" if row.reason:
                (found.cancelled if row.status == "cancelled" else found.held)[row.reason] += 1
            case "planned" if row.attempted_at is None and _had_enough(run, row, rows):
                found.waiting[row.template] += 1
            case "sent":
                found.mails += 1
            case _:
                yield f"{row.key} is {row.status}, without an end: {row.reason!r}"
        if row.claimed_by is not None:
            yield f"{row.key} is claimed"
    wanted = Counter((to, row.reference) for row in rows if row.status == "sent" for to in row.addresses)
    for address in {to for to, _ in wanted}:
        received = _references(run, pages, address, "in:anywhere")
        for reference, times in received.items():
            if times > 1 or not wanted[address, reference]:
                yield f"{reference} reached somebody {times} times"
        yield from (
            f"{reference} never reached somebody"
            for to, reference in wanted
            if to == address and not received[reference]
        )


def _had_enough(run: Pass, message: Any, rows: list[Any]) -> bool:
    """Whether one of its readers was sent this week what may be sent in a week; whatever else waits, waits in vain."""
    week = run.now - timedelta(days=7)
    counted = Counter(
        to
        for row in rows
        if row.sent_at is not None
        and row.sent_at > week
        and not row.at_once
        and row.template != "introduction"
        for to in row.recipients
    )
    return not message.at_once and any(
        counted[to] >= run.programme.weekly_messages for to in message.recipients
    )


def _references(run: Pass, pages: Pages, address: str, query: str) -> Counter[str]:
    """How often each message of the programme is in a mailbox."""
    mails = [mail for mail in _mails(pages, address, query) if run.settings.mailbox in mail["from"]]
    return Counter(said[0] for mail in mails if (said := REFERENCE.search(mail["text"])))


def _facts(db: Connection, found: Settled) -> Iterator[str]:
    r, i, d, line = tables.response, tables.incoming, tables.decision, tables.to_review
    asked = set(db.execute(select(line.c.key)).scalars())
    for name, table, key in (("response", r, r.c.id), ("reply", i, i.c.gmail_id), ("decision", d, d.c.id)):
        open_ones = db.execute(select(key).where(table.c.handled_at.is_(None))).scalars()
        yield from (
            f"{name} {id} was not handled" for id in open_ones if not any(str(id) in one for one in asked)
        )
    found.decisions = len(db.execute(select(d.c.id)).all())
    yield from (
        f"decision {row.id} stays in its cell: {row.tab} {row.row_id} {row.values!r}"
        for row in db.execute(
            select(d.c.id, d.c.tab, d.c.row_id, d.c["values"]).where(d.c.cleared_at.is_(None))
        )
    )


def _mails_received(run: Pass, db: Connection, pages: Pages, found: Settled) -> Iterator[str]:
    known = set(db.execute(select(tables.incoming.c.gmail_id)).scalars())
    for mail in _mails(pages, run.settings.mailbox, "-in:sent -in:draft"):
        if run.settings.mailbox not in mail["from"]:
            found.replies += 1
            if mail["id"] not in known:
                yield f"mail {mail['id']} was never read"


def _responses(run: Pass, read: set[tuple[str, str]], found: Settled) -> Iterator[str]:
    forms = run.installation.forms
    for ids, received in zip(
        forms, run.forms.all_responses([(ids.form_id, None) for ids in forms]), strict=True
    ):
        assert not isinstance(received, Exception), received
        for response in received:
            found.responses += 1
            if (f"form:{ids.form_id}", response.response_id) not in read:
                yield f"response {response.response_id} of the form {ids.name} was never read"


def _decisions(run: Pass) -> Iterator[str]:
    """A word of the dropdown that still stands in its cell was not acted upon."""
    reading = run.board.read()
    for tab in ("applications", "proposals", "pairings"):
        for row in reading.tabs[tab].rows.values():
            if (text := row.text("decision")) in TAB[tab].column("decision").choices:
                yield f"{tab} {row.id}: « {text} » still stands there"


def _lines(db: Connection) -> Iterator[str]:
    t = tables.to_review
    still_open = db.execute(select(t.c.key, t.c.subject).where(t.c.closed_at.is_(None)))
    for key, subject in still_open:
        if key.startswith(("aside/", "access/", "sheet-gone/")):
            yield f"{key} is still open: {subject}"
    for name in ("message", "row", "sheet", "answer", "received", "decision", "case", "shown", "person"):
        if left := facts.recall(db, f"aside/{name}/", []):
            yield f"still set aside: {name} {left}"


def _to_be_shown(run: Pass, db: Connection) -> dict[str, Rows]:
    """What the board would be made to show, were it written anew."""
    with db.begin_nested() as looking:
        for table in (tables.application, tables.pairing, tables.message, tables.to_review):
            touch(db, table, true())
        wanted = fresh_rows(run, db).tabs
        looking.rollback()
    return wanted


def _board(run: Pass, pages: Pages, wanted: dict[str, Rows]) -> Iterator[str]:
    for tab in ("applications", "proposals", "pairings", "outbox", "to_review"):
        shown = _shown(run, pages, TAB[tab])
        yield from (f"{tab} {id} is not on the board" for id in wanted[tab].keys() - shown.keys())
        for id, cells in wanted[tab].items():
            # The memory is hidden, and sealed anew each time.
            texts = {key: value for key, value in cells.items() if isinstance(value, str) and key != "memory"}
            there = {key: shown.get(id, {}).get(key, "") for key in texts}
            if id in shown and there != texts:
                otherwise = {key: there[key] for key in texts if there[key] != texts[key]}
                yield f"{tab} {id} shows otherwise: {otherwise}"


def _shown(run: Pass, pages: Pages, tab: Tab) -> dict[str, dict[str, str]]:
    """The rows of a tab as a coordinator sees them, by identifier."""
    path, who = f"/spreadsheets/d/{run.installation.board}/values", run.settings.coordinators[0]
    (gid,) = [one["gid"] for one in pages.get(path, who=who)["tabs"] if one["title"] == tab.title_fr]
    keys = {column.heading_fr: column.key for column in tab.columns}
    rows = [row["values"] for row in pages.get(path, who=who, gid=gid)["rows"]]
    at = next(number for number, row in enumerate(rows) if len(keys.keys() & set(row)) > 1)
    names = [keys.get(text, "") for text in rows[at]]
    found = [dict(zip(names, row, strict=False)) for row in rows[at + 1 :]]
    return {row["id"]: row for row in found if row.get("id")}
