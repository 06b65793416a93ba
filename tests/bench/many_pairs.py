"""A ledger of many engaged pairs: the lives of two, played by the rules, and copied as often as wanted.

The quiet pair has said when it meets again; the other one met yesterday, and its two reports are due. Copies differ
by identifiers, names and addresses alone; rows are copied inside the database, so that even many take little time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Integer, Table, select, text, update

from ponts_flows.actions import Propose
from ponts_flows.answers import Held, Said, SessionReport, Way
from ponts_flows.board.changes import Change, WriteOutcome
from ponts_flows.board.layout import TABS
from ponts_flows.board.reading import BoardReading, Row, TabReading
from ponts_flows.decide import engagement, proposals
from ponts_flows.google.board import Board
from ponts_flows.google.transport import Google
from ponts_flows.ledger import Ledger, cases, facts, outbox, tables
from ponts_flows.lifecycle import ApplicationStage
from ponts_flows.model import Language, Role
from ponts_flows.settings import Settings
from ponts_flows.steps import Pass
from ponts_flows.steps.decide import follow_up
from ponts_flows.steps.show import refresh_board
from tests.ledger.conftest import a_reading, a_response, admitted

PARIS = ZoneInfo("Europe/Paris")
BEGAN = datetime(2026, 9, 7, 9, tzinfo=PARIS)
SESSIONS = (10, 38, 66)
NEXT_OF_QUIET, NEXT_OF_DUE = 94, 79
NOW = datetime.combine(BEGAN.date() + timedelta(days=80), time(10), PARIS)
QUIET, DUE = 1, 2
MAIL = "QmllbiBjb3JkaWFsZW1lbnQsIA" * 160  # what a short reply weighs, with its headers: 4 kB
SENT_THIS_WEEK = 500  # quiet pairs, of two messages each
FAR = datetime(2027, 1, 4, 9, tzinfo=PARIS)
SETTINGS = Settings(_env_file=None, secret="0123456789abcdef0123456789abcdef")  # type: ignore[call-arg]


def a_pass(ledger: Ledger, now: datetime = NOW) -> Pass:
    """A pass that reaches no Google."""
    run = Pass(settings=SETTINGS, ledger=ledger, google=cast(Google, None), now=now)
    run.programme = SETTINGS.programme
    return run


def build(path: Path, *, pairs: int, due: int) -> list[str]:
    """Make a ledger of so many pairs; returns the `due` ones, spread among the others, that have something due.

    None is to be looked at yet, see `wake`.
    """
    ledger = Ledger(f"sqlite:///{path}", durable=False)
    ledger.migrate()
    _two_pairs(ledger)
    with ledger.transaction() as db:
        nothing = the_board(db)
    shows(a_pass(ledger), nothing)
    with ledger.transaction() as db:
        db.execute(text("PRAGMA cache_size = -400000"))
        numbers = _multiply(db, pairs, due)
        m, p = tables.message, tables.pairing
        db.execute(update(p).values(wake_at=FAR, version=p.c.version))
        quiet = p.c.number.not_in(numbers)
        some = select(p.c.id).where(quiet).order_by(p.c.number).limit(SENT_THIS_WEEK)
        recent = (m.c.about.in_(some), m.c.template.like("prepare-second-%"))
        db.execute(update(m).where(*recent).values(sent_at=NOW - timedelta(days=3), version=m.c.version))
    ledger.close()
    return [f"P-{number:04d}" for number in numbers]


def wake(db: Connection, ids: Iterable[str]) -> None:
    """Something is due for these pairs."""
    p = tables.pairing
    db.execute(update(p).where(p.c.id.in_(list(ids))).values(wake_at=NOW, version=p.c.version))


def the_board(db: Connection) -> BoardReading:
    """What a reading of the board would find: every row that the ledger shows, nothing typed in any."""
    rows: dict[str, dict[str, Row]] = {tab.key: {} for tab in TABS}
    blank = {tab.key: Row(number=3, id="", cells={}) for tab in TABS}
    b = tables.board_row
    for tab, id in db.execute(select(b.c.tab, b.c.row_id)).tuples():
        rows[tab][id] = blank[tab]
    return BoardReading(
        tabs={
            key: TabReading(
                key=key, sheet_id=1, title=key, columns={}, headings=(), row_count=len(there), rows=there
            )
            for key, there in rows.items()
        }
    )


class NoGoogle:
    """A board to which everything can be written, and that holds nothing."""

    def write(self, reading: BoardReading, changes: Sequence[Change]) -> WriteOutcome:
        """All of it, in one call."""
        return WriteOutcome(rows=len(changes), calls=1)


def shows(run: Pass, reading: BoardReading) -> int:
    """Bring a board that was read up to date, without Google; returns how many rows were written."""
    run.board = cast(Board, NoGoogle())
    run.board_reading, run.board_read_at = reading, run.monotonic()
    return refresh_board(run)


# The two lives.


def _two_pairs(ledger: Ledger) -> None:
    with ledger.transaction() as db:
        for pair in (QUIET, DUE):
            _introduced(ledger, db, pair)
    told = {day + 1: day for day in SESSIONS}
    for day in range(80):
        now = datetime.combine(BEGAN.date() + timedelta(days=day), time(10), PARIS)
        with ledger.transaction() as db:
            for pair in (QUIET, DUE):
                if day in told:
                    _reported(a_pass(ledger, now), db, pair, told[day])
        _passes(ledger, now)


def _introduced(ledger: Ledger, db: Connection, pair: int) -> None:
    people = []
    for number, role in ((2 * pair - 1, Role.MENTEE), (2 * pair, Role.MENTOR)):
        id = f"A-{number:04d}"
        reading = a_reading(role, email=f"{id.lower()}@exemple.example", last_name=f"Nom {id}")
        people.append(admitted(db, reading, at=BEGAN).application)
        r = tables.response
        handled = {"source_key": f"r-{id}", "handled_at": BEGAN, "outcome": id}
        db.execute(update(r).where(r.c.id == number).values(handled))
    t = tables.application
    eligible = {"stage": ApplicationStage.ELIGIBLE.value, "wake_at": None}
    db.execute(update(t).where(t.c.id.in_(people)).values(eligible))
    run, id = a_pass(ledger, BEGAN), f"P-{pair:04d}"
    run.carry_out(db, [Propose(mentee=people[0], mentor=people[1], score=80, parts=(), alternatives=())])
    choice = facts.Decision(tab="proposals", row_id=id, values={"decision": "Valider sans demander"})
    facts.store_decision(db, choice, now=BEGAN)
    (case,) = cases.pairing_cases(db, [id], SETTINGS.programme)
    actions, note = proposals.decided(case, choice.values["decision"], "")
    run.carry_out(db, actions)
    facts.handled(db, tables.decision, pair, note, now=BEGAN)
    facts.decisions_cleared(db, "proposals", id, now=BEGAN)
    mail = facts.IncomingMail(gmail_id=f"g-{id}", thread_id=f"t-{id}", received_at=BEGAN, raw=MAIL)
    facts.store_incoming(db, [mail])
    facts.handled(db, tables.incoming, mail.gmail_id, "yes", now=BEGAN)


def _reported(run: Pass, db: Connection, pair: int, day: int) -> None:
    """Both report a meeting, and when the next one is."""
    later = [session for session in SESSIONS if session > day]
    following = later[0] if later else {QUIET: NEXT_OF_QUIET, DUE: NEXT_OF_DUE}[pair]
    id, now = f"P-{pair:04d}", run.now
    report = SessionReport(
        held=Held.HELD, on=_on(day), way=Way.VIDEO, minutes=60, next_on=_on(following), next_way=Way.VIDEO
    )
    for role in Role:
        key = f"{id}/{day}/{role}"
        form = {"form": "session", "language": Language.FRENCH, "answers": {"token": (key * 4,)}}
        facts.store_responses(db, [a_response(source_key=key, submitted_at=now, **form)], now=now)
        r = tables.response
        kept = {"id": r.c.id + 10_000_000, "handled_at": now, "outcome": f"{id}: session by {role}"}
        db.execute(update(r).where(r.c.source_key == key).values(kept))
        kept = {"about": id, "who": role, "kind": "session", "given_at": now, "value": report}
        facts.keep_answer(db, source=f"form:1abc/{key}", **kept)  # type: ignore[arg-type]
        (case,) = cases.pairing_cases(db, [id], SETTINGS.programme)
        one = Said(source=f"form:1abc/{key}", role=role, given_at=now, value=report)
        run.carry_out(db, engagement.said(case, one, programme=SETTINGS.programme, now=now))


def _on(day: int) -> date:
    return BEGAN.date() + timedelta(days=day)


def _passes(ledger: Ledger, now: datetime) -> None:
    """What is due is planned, and leaves, until nothing is."""
    while True:
        follow_up(a_pass(ledger, now))
        with ledger.transaction() as db:
            waiting = list(outbox.planned(db, at_once_only=False))
            for message in waiting:
                values = {"subject": "Objet", "body": "Bonjour, " * 120, "addresses": ["x@exemple.example"]}
                m = tables.message
                db.execute(update(m).where(m.c.key == message.key).values(attempted_at=now, **values))
                outbox.sent(db, message.key, gmail_id=message.key, thread_id=message.key, now=now)
                outbox.name(db, {message.key: f"<{message.key}@exemple.example>"})
        if not waiting:
            return


# As often as wanted.

ROWS_OF = {
    "response": "id IN ({two}) OR source_key LIKE '{pair}/%'",
    "application": "id IN ({people})",
    "address": "application_id IN ({people})",
    "pairing": "id = '{pair}'",
    "message": "about = '{pair}'",
    "answer": "about = '{pair}'",
    "journal": "about IN ('{pair}', {people})",
    "to_review": "about = '{pair}'",
    "decision": "row_id = '{pair}'",
    "incoming": "gmail_id = 'g-{pair}'",
    "board_row": "row_id IN ({people}) OR row_id LIKE '{pair}%'",
}
NUMBERED = {("application", "number"): 2, ("application", "response_id"): 2, ("pairing", "number"): 1}


def _multiply(db: Connection, pairs: int, due: int) -> list[int]:
    """Copy the two lives until there are so many; returns the numbers of those that have something due."""
    step = (pairs - 2) // (due - 1)
    others = [QUIET + 2 + step * place for place in range(due - 1)]
    db.execute(text("CREATE TEMP TABLE copies (n INTEGER PRIMARY KEY, k INTEGER)"))
    kinds = dict.fromkeys(range(3, pairs + 1), QUIET) | dict.fromkeys(others, DUE)
    db.execute(text("INSERT INTO copies VALUES (:n, :k)"), [{"n": n, "k": k} for n, k in kinds.items()])
    for name, which in ROWS_OF.items():
        for pair in (QUIET, DUE):
            _copy(db, tables.metadata.tables[name], which, pair)
    db.execute(text("DROP TABLE copies"))
    return [DUE, *others]


def _copy(db: Connection, table: Table, which: str, pair: int) -> None:
    mentee, mentor = f"A-{2 * pair - 1:04d}", f"A-{2 * pair:04d}"
    here = which.format(
        pair=f"P-{pair:04d}", people=f"'{mentee}', '{mentor}'", two=f"{2 * pair - 1}, {2 * pair}"
    )
    rows = db.exec_driver_sql(f"SELECT * FROM {table.name} WHERE {here}").mappings().all()
    named = {name for row in rows for name in row if _names_someone(row[name])}
    columns = {
        column.name: _copied(table, column.name, pair, named=column.name in named) for column in table.columns
    }
    if "id" in table.c and isinstance(table.c.id.type, Integer):
        columns["id"] = (
            f"CASE WHEN o.id < 10 THEN o.id + 2 * (n - {pair}) END" if table.name == "response" else "NULL"
        )
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(columns.values())
    db.exec_driver_sql(
        f"INSERT INTO {table.name} ({names}) SELECT {values} FROM copies "
        f"JOIN (SELECT * FROM {table.name} WHERE {here}) o WHERE k = {pair} ORDER BY n"
    )


def _names_someone(value: object) -> bool:
    return re.search(r"[AaP]-\d{4}", str(value)) is not None


def _copied(table: Table, name: str, pair: int, *, named: bool) -> str:
    """What a column of a copy holds: the same, with other identifiers."""
    if factor := NUMBERED.get((table.name, name)):
        return f'o."{name}" + {factor} * (n - {pair})'
    if not named:
        return f'o."{name}"'
    value = f'o."{name}"'
    for number, new in ((2 * pair - 1, "2 * n - 1"), (2 * pair, "2 * n")):
        value = f"replace({value}, 'A-{number:04d}', printf('A-%04d', {new}))"
        value = f"replace({value}, 'a-{number:04d}', printf('a-%04d', {new}))"
    return f"replace({value}, 'P-{pair:04d}', printf('P-%04d', n))"
