"""All that is known of someone, put in words: sections of records, each a list of (name, text)."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from sqlalchemy import Connection

from ponts_flows.board.layout import TAB
from ponts_flows.board.reading import BoardReading
from ponts_flows.decide.calendar import local
from ponts_flows.errors import InputError
from ponts_flows.ledger import tables
from ponts_flows.ledger.erasure import board_rows
from ponts_flows.ledger.people import Person, find
from ponts_flows.ledger.personal import HOLDINGS, Holding, Kind, rows_of
from ponts_flows.mail.tokens import named_in
from ponts_flows.person.labels import COLUMNS, FIELDS, STORED
from ponts_flows.steps.context import Pass

Lines = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Section:
    """What one table holds of someone, in words; `rows` are as stored."""

    name: str
    title_fr: str
    records: tuple[Lines, ...]
    rows: tuple[Mapping[str, Any], ...] = ()


def themselves(db: Connection, named: str) -> Person:
    """Who someone is, with what is theirs alone; InputError when nobody is known by an address or an identifier."""
    person = find(db, named, claimed=named_in)
    if not (person.applications or person.responses or person.mails):
        raise InputError("The ledger knows nobody by this address or identifier.")
    return person.alone


def sections(run: Pass, db: Connection, person: Person) -> tuple[Section, ...]:
    """Everything that the ledger holds of someone, table by table; those that hold nothing are left out."""
    found = (_section(run, db, holding, person) for holding in HOLDINGS if not holding.of_nobody)
    return tuple(section for section in found if section.records)


def _section(run: Pass, db: Connection, holding: Holding, person: Person) -> Section:
    rows = list(rows_of(db, holding, person))
    return Section(
        name=holding.table.name,
        title_fr=holding.title_fr,
        records=tuple(tuple(_lines(run, holding, row)) for row in rows),
        rows=tuple(dict(row._mapping) for row in rows),
    )


def on_the_board(run: Pass, reading: BoardReading, person: Person) -> Section:
    """What coordinators wrote on the board, in the rows that are about someone."""
    records = []
    for tab, id in board_rows(person.alone):
        row = reading.tabs[tab].rows.get(id)
        if row is not None and row.cells:
            typed = [(c.heading_fr, row.text(c.key)) for c in TAB[tab].human if c.key in row.cells]
            records.append((("onglet", TAB[tab].title_fr), ("ligne", id), *typed))
    title = "Ce que la coordination a écrit dans le tableau de bord"
    return Section(name="board", title_fr=title, records=tuple(records))


def _lines(run: Pass, holding: Holding, row: tables.Row) -> Iterator[tuple[str, str]]:
    yield "n°", " ".join(str(row._mapping[column.name]) for column in holding.table.primary_key.columns)
    table = holding.table.name
    for name, kind in holding.kinds.items():
        value = row._mapping[name]
        if kind is Kind.MACHINE or value in (None, "", [], {}):
            continue
        if table == "incoming" and name == "raw":
            yield from _mail(value)
        elif table == "response" and name == "answers":
            yield from _answers(run, row)
        else:
            french = STORED.get((table, name), {})
            yield COLUMNS[name], _text(run, french.get(value, value) if isinstance(value, str) else value)


def _answers(run: Pass, row: tables.Row) -> Iterator[tuple[str, str]]:
    """What was answered, under the titles of the questions."""
    spec = run.spec(row.form)
    for field, given in row.answers.items():
        if field != "token":
            yield (spec.question(field).title.fr if spec.asks(field) else field), ", ".join(given)


def _mail(raw: str) -> Iterator[tuple[str, str]]:
    message = message_from_bytes(base64.urlsafe_b64decode(raw + "=="), policy=policy.default)
    yield "objet", str(message["Subject"] or "")
    yield "texte", text_of(message)


def text_of(message: EmailMessage) -> str:
    """The text of a mail, as well as it can be told."""
    part = message.get_body(("plain", "html"))
    if part is None:
        return ""
    try:
        return str(part.get_content()).strip()
    except LookupError:  # a character set that nobody knows
        return str(part.get_payload())


def _text(run: Pass, value: Any) -> str:
    """A stored value as people write it."""
    if isinstance(value, datetime):
        return f"{local(value, run.programme):%d/%m/%Y à %H:%M}"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, Mapping) and set(value) == {"year", "month"}:
        return f"{value['month']:02d}/{value['year']}"
    if isinstance(value, Mapping):
        kept = ((FIELDS.get(name, name), _text(run, one)) for name, one in value.items())
        return "\n".join(f"{name} : {text}" for name, text in kept if text)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(_text(run, one) for one in value)
    return "" if value is None else str(value)
