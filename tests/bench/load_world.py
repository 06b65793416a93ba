"""A programme of very many people: its ledger, and its board in a sandbox, made in minutes.

`ponts setup`'s own code makes forms and board, and the programme shows the lives of two pairs there, through the API.
Their rows are then copied inside the sandbox's file, as their lives are inside the ledger's: through the API hundreds
of thousands of rows would take hours. What copies say in the hidden column is as long as it should be, about others.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import chain
from pathlib import Path

from sqlalchemy import Connection, select, update

from ponts_flows import local
from ponts_flows.board.layout import FIRST_ROW, TAB
from ponts_flows.google.board_reading import sheet_id
from ponts_flows.ledger import Ledger, tables
from ponts_flows.programme import Programme
from ponts_flows.sandbox.server import free_port
from ponts_flows.settings import Settings
from ponts_flows.steps.opening import google_for
from ponts_flows.steps.setup import set_up
from ponts_flows.steps.show import refresh_board
from tests.bench.many_pairs import build, wake
from tests.bench.two_pairs import DUE, NOW, QUIET
from tests.bench.two_pairs import SETTINGS as OF_THE_PAIRS

SPARE = 1000  # empty rows below those of a tab
RECEIVED = "application-received"
FIRST_MAIL = "P-0001/introduction"
NOT_LEFT = ("attempted_at", "draft_id", "sending_at", "sent_at", "gmail_id", "thread_id", "rfc_message_id")
NOT_WRITTEN = ("subject", "body", "addresses")


def make(directory: Path, *, people: int, pairs: int, due: int) -> list[str]:
    """Make it in a new directory, with nothing due; returns `due` pairs that will have two reports to be asked for."""
    secret = OF_THE_PAIRS.secret
    assert secret is not None
    directory.mkdir(parents=True, mode=0o700)
    local.keep_secret(directory, secret.get_secret_value())
    with local.sandbox(directory, port=free_port()) as sandbox:
        sandbox.set_clock(NOW, standing=True)
        settings = local.settings_for(directory, sandbox.url)

        def shown(ledger: Ledger) -> None:
            run = local.a_pass(settings, ledger, NOW, google_for(settings))
            set_up(run)
            refresh_board(run)

        awake = build(directory / "ledger.db", pairs=pairs, due=due, shown=shown)
    _people(directory / "ledger.db", first=2 * pairs + 1, last=people)
    with closing(sqlite3.connect(directory / "sandbox.db")) as db, db:
        for tab, rows in _rows(db, people=people, pairs=pairs, awake=awake).items():
            _filled(db, tab, rows)
    return awake


def settings_in(directory: Path, url: str, database_url: str = "") -> Settings:
    """The settings for what was made; no limit a day or a week is reached."""
    settings = local.settings_for(directory, url, database_url=database_url)
    settings.__dict__["programme"] = Programme(
        mailbox=settings.mailbox, daily_cap=1_000_000, weekly_messages=1_000
    )
    return settings


def fall_due(ledger: Ledger, awake: list[str]) -> None:
    """Something is due for these pairs; to twice as many others a mail is to leave again, each kind in its turn."""
    with ledger.transaction() as db:
        wake(db, awake)
        m = tables.message
        again = {"status": "planned", **dict.fromkeys((*NOT_LEFT, *NOT_WRITTEN)), "version": m.c.version + 1}
        db.execute(update(m).where(m.c.key.in_(_again(db, awake))).values(again))


def _again(db: Connection, awake: list[str]) -> list[str]:
    m, p = tables.message, tables.pairing
    mails = (m.c.about == f"P-{QUIET:04d}", m.c.status == "sent")
    kinds = db.execute(select(m.c.key).where(*mails).order_by(m.c.key)).scalars().all()
    quiet = select(p.c.number).where(p.c.id.not_in(awake)).order_by(p.c.number).limit(2 * len(awake))
    return [
        kinds[turn % len(kinds)].replace(f"P-{QUIET:04d}", f"P-{number:04d}")
        for turn, number in enumerate(db.execute(quiet).scalars())
    ]


def _people(path: Path, *, first: int, last: int) -> None:
    """In the ledger: people who wait for somebody, as many as are lacking, and the first mail that each was sent."""
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TEMP TABLE numbers (n INTEGER PRIMARY KEY)")
        db.executemany("INSERT INTO numbers VALUES (?)", ((n,) for n in range(first, last + 1)))
        _copied(db, "response", "id = 1", {"id": "n"})
        _copied(db, "application", "id = 'A-0001'", {"number": "n", "response_id": "n"})
        _copied(db, "address", "application_id = 'A-0001'", {})
        _copied(db, "board_row", "row_id = 'A-0001'", {})
        db.executemany("INSERT INTO numbers VALUES (?)", ((n,) for n in range(1, first)))
        key = f"printf('A-%04d/{RECEIVED}', n)"
        own = {"key": key, "about": "printf('A-%04d', n)", "template": f"'{RECEIVED}'"}
        own["recipients"] = """printf('["A-%04d"]', n)"""
        _copied(db, "message", f"key = '{FIRST_MAIL}'", own)
        _copied(db, "board_row", f"row_id = '{FIRST_MAIL}'", {"row_id": key})


def _copied(db: sqlite3.Connection, table: str, which: str, own: Mapping[str, str]) -> None:
    """Copy what is about the first person, for each number: `own` columns by their SQL, the others by their texts."""
    names = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
    values = [own.get(name) or _of_person(f'o."{name}"') for name in names]
    there = f"(SELECT * FROM {table} WHERE {which}) o"
    columns = ", ".join(f'"{name}"' for name in names)
    db.execute(f"INSERT INTO {table} ({columns}) SELECT {', '.join(values)} FROM numbers JOIN {there}")


def _of_person(value: str) -> str:
    new = value
    for letter in "Aa":
        new = f"replace({new}, '{letter}-0001', printf('{letter}-%04d', n))"
    return f"CASE typeof({value}) WHEN 'text' THEN {new} ELSE {value} END"


def _rows(db: sqlite3.Connection, *, people: int, pairs: int, awake: list[str]) -> dict[str, Iterator[str]]:
    """The rows that each tab of the board lacks, as the sandbox keeps them."""
    late = {int(id.partition("-")[2]) for id in awake}
    kinds = [(n, DUE if n in late else QUIET) for n in range(3, pairs + 1)]
    found = {tab: _of_pairs(db, tab, kinds) for tab in ("applications", "proposals", "pairings", "outbox")}
    first, mail = _shown(db, "applications", QUIET)[0], _shown(db, "outbox", QUIET)[0]
    waiting = (first.replace("-0001", f"-{n:04d}") for n in range(2 * pairs + 1, people + 1))
    received = (mail.replace(FIRST_MAIL, f"A-{n:04d}/{RECEIVED}") for n in range(1, people + 1))
    return {
        **found,
        "applications": chain(found["applications"], waiting),
        "outbox": chain(found["outbox"], received),
    }


def _of_pairs(db: sqlite3.Connection, tab: str, kinds: list[tuple[int, int]]) -> Iterator[str]:
    shown = {pair: _shown(db, tab, pair) for pair in (QUIET, DUE)}
    return (_renamed(row, pair, n) for n, pair in kinds for row in shown[pair])


def _shown(db: sqlite3.Connection, tab: str, pair: int) -> list[str]:
    """The rows of a tab that are about one of the two pairs, in their order."""
    rows = db.execute(
        "SELECT r.body FROM spreadsheet_row r JOIN spreadsheet_sheet s ON s.key = r.sheet "
        "WHERE s.sheet = ? ORDER BY r.key",
        (sheet_id(TAB[tab]),),
    )
    people = (f"A-{2 * pair - 1:04d}", f"A-{2 * pair:04d}")
    return [body for (body,) in rows if any(id in body for id in people)]


def _renamed(row: str, pair: int, n: int) -> str:
    """A row about a pair, made one about another."""
    for number, new in ((2 * pair - 1, 2 * n - 1), (2 * pair, 2 * n)):
        for letter in "Aa":
            row = row.replace(f"{letter}-{number:04d}", f"{letter}-{new:04d}")
    return row.replace(f"P-{pair:04d}", f"P-{n:04d}")


def _filled(db: sqlite3.Connection, tab: str, rows: Iterator[str]) -> None:
    """Put rows below those of a tab; nobody moved any, so that a row's key is its place."""
    key, axes = db.execute(
        "SELECT key, axes FROM spreadsheet_sheet WHERE sheet = ?", (sheet_id(TAB[tab]),)
    ).fetchone()
    below = sum(len(_shown(db, tab, pair)) for pair in (QUIET, DUE)) + FIRST_ROW - 1
    db.executemany(
        "INSERT OR REPLACE INTO spreadsheet_row VALUES (?, ?, ?)",
        ((key, at, row) for at, row in enumerate(rows, start=below)),
    )
    (last,) = db.execute("SELECT max(key) FROM spreadsheet_row WHERE sheet = ?", (key,)).fetchone()
    height = max(last + 1, below) + SPARE
    (_, _, sizes), columns = json.loads(axes)
    new = json.dumps([[height, [[0, height]], sizes], columns])
    db.execute("UPDATE spreadsheet_sheet SET axes = ? WHERE key = ?", (new, key))
