"""An empty ledger for each test, and the people and pairs put into it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select

from ponts_flows.actions import Action
from ponts_flows.forms import Reading, Respondent
from ponts_flows.ledger import Ledger, tables
from ponts_flows.ledger.admission import Admitted, admit
from ponts_flows.ledger.apply import carry_out
from ponts_flows.ledger.facts import Response, store_responses
from ponts_flows.lifecycle import PairingStage
from ponts_flows.model import Language, Problem, Role
from tests.builders import MONDAY, a_profile
from tests.databases import Databases, Restore

LATER = datetime(2026, 11, 17, 9, tzinfo=UTC)


@pytest.fixture(scope="session")
def empty(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Restore]:
    """Where the ledger is, and what empties it."""
    url = databases.new(tmp_path_factory.mktemp("ledger"))
    return url, databases.keep(url)


@pytest.fixture
def ledger(empty: tuple[str, Restore]) -> Iterator[Ledger]:
    """A ledger with its tables and nothing in them."""
    url, restore = empty
    restore()
    ledger = Ledger(url, durable=False)
    yield ledger
    ledger.close()


@pytest.fixture
def db(ledger: Ledger) -> Iterator[Connection]:
    """A transaction on an empty ledger."""
    with ledger.transaction() as connection:
        yield connection


def a_response(**changes: Any) -> Response:
    """A response just read from a form."""
    plain: dict[str, Any] = {
        "source": "form:1abc",
        "source_key": "r-1",
        "revision": "2026-11-16T09:00:00+00:00",
        "form": "mentee",
        "language": Language.FRENCH,
        "submitted_at": MONDAY,
        "answers": {"first_name": ("Léa",)},
        "place": "réponse r-1",
    }
    return Response(**(plain | changes))


def a_reading(role: Role = Role.MENTEE, *, complete: bool = True, **changes: Any) -> Reading:
    """What a response says; `complete` False: without the start of a career."""
    profile = a_profile(role, **changes)
    respondent = Respondent(
        role=role,
        email=profile.email,
        typed_email=profile.email,
        other_emails=profile.other_emails,
        first_name=profile.first_name,
        last_name=profile.last_name,
        graduation_year=profile.graduation_year,
        mail_language=profile.mail_language,
    )
    problems = () if complete else (Problem(field="career_start", text="Début de carrière illisible."),)
    return Reading(respondent=respondent, profile=profile if complete else None, problems=problems)


def admitted(db: Connection, reading: Reading, *, at: datetime = MONDAY) -> Admitted:
    """Store a response and the application that it makes or belongs to."""
    number = len(db.execute(select(tables.response.c.id)).all()) + 1
    store_responses(db, [a_response(source_key=f"r-{number}", submitted_at=at)], now=at)
    id = db.execute(select(func.max(tables.response.c.id))).scalar_one()
    return admit(db, reading, response_id=id, submitted_at=at, now=at)


def a_pair(db: Connection, stage: PairingStage = PairingStage.PROPOSED) -> str:
    """Léa (A-0001) and Paul (A-0002), in a pairing at a stage; returns its identifier."""
    admitted(db, a_reading(Role.MENTEE))
    admitted(db, a_reading(Role.MENTOR))
    row = {
        "id": "P-0001",
        "number": 1,
        "mentee_id": "A-0001",
        "mentor_id": "A-0002",
        "stage": stage.value,
        "since": MONDAY,
        "proposed_at": MONDAY,
        "reason": "",
        "score": 80,
        "parts": [],
        "alternatives": [],
        "asked_for": False,
        "override": "",
    }
    db.execute(insert(tables.pairing).values(row))
    return "P-0001"


def carried_out(db: Connection, *actions: Action, now: datetime = LATER) -> None:
    """Carry out actions; the reference of a key is the key between brackets."""
    carry_out(db, actions, reference=lambda key: f"[{key}]", now=now)


def everything(db: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    return {
        name: sorted((tuple(row) for row in db.execute(select(table))), key=repr)
        for name, table in tables.metadata.tables.items()
    }
