"""Facts and applications in a ledger, naming only what matters to a test."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select

from ponts_flows.forms import Reading, Respondent
from ponts_flows.ledger import facts, tables
from ponts_flows.ledger.admission import Admitted, admit
from ponts_flows.model import Language, Problem, Role
from tests.builders import a_profile

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)


def a_response(source_key: str = "r1", **changes: Any) -> facts.Response:
    plain: dict[str, Any] = {
        "source": "form:f1",
        "source_key": source_key,
        "revision": "1",
        "form": "mentee",
        "language": Language.FRENCH,
        "submitted_at": NOW,
        "answers": {"first_name": ("Léa",), "themes": ("Networking", "Confiance en soi")},
        "place": "réponse r1",
    }
    return facts.Response(**(plain | changes))


def a_reading(
    email: str = "lea.durand@exemple.example",
    *other_emails: str,
    role: Role = Role.MENTEE,
    city: str = "Paris",
    problems: tuple[Problem, ...] = (),
) -> Reading:
    """What a sign-up says: complete, unless it has problems."""
    respondent = Respondent(
        role=role,
        email=email,
        typed_email=email,
        other_emails=other_emails,
        first_name="Léa",
        last_name="Durand",
        graduation_year=2018,
        mail_language=Language.FRENCH,
    )
    profile = None if problems else a_profile(role, email=email, other_emails=other_emails, city=city)
    return Reading(respondent=respondent, profile=profile, problems=problems)


def admitted(db: Connection, reading: Reading, *, submitted_at: datetime = NOW) -> Admitted:
    """Store a response and admit what it says."""
    key = f"r{len(list(db.execute(select(tables.response.c.id)))) + 1}"
    facts.store_responses(db, [a_response(key, submitted_at=submitted_at)], now=NOW)
    t = tables.response
    id = db.execute(select(t.c.id).where(t.c.source_key == key)).scalar_one()
    return admit(db, reading, response_id=id, submitted_at=submitted_at, now=NOW)


def two_people(db: Connection) -> None:
    """A-0001, a mentee, and A-0002, a mentor."""
    admitted(db, a_reading())
    admitted(db, a_reading("paul.martin@exemple.example", role=Role.MENTOR))
