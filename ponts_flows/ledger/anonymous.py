"""What is left of each record once the person whom it concerns is erased: enough to count, nothing to tell who."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from ponts_flows.actions import Summary
from ponts_flows.forms import Respondent
from ponts_flows.ledger import tables
from ponts_flows.ledger.codec import decode, encode
from ponts_flows.ledger.facts import ERASED
from ponts_flows.ledger.outbox import UNDER_WAY, Status
from ponts_flows.ledger.people import Person
from ponts_flows.lifecycle import ApplicationStage
from ponts_flows.model import Language, Mode, Profile, Role, YearMonth

Values = dict[str, Any]
Left = Callable[[tables.Row, Person, datetime], Values]

FIRST_NAME, LAST_NAME = "personne", "effacée"
REASON = "personne effacée"

WORDS: Mapping[str, frozenset[str]] = {
    "session": frozenset({"note"}),
    "midpoint": frozenset({"note"}),
    "renewal": frozenset({"note"}),
    "review": frozenset({"key_points", "results", "value", "testimony"}),
    "participation": frozenset({"note"}),
    "event": frozenset(),
}
"""The fields of each kind of answer that hold what someone wrote in their own words."""

CHOSEN = frozenset({"decision", "until", "on", "wanted_mentee", "wanted_mentor"})
"""The cells of a decision that hold a choice, a date or a number, and no words."""

TOLD = frozenset(
    "answer answer_before event_on event_place event_time event_title form held_on meeting meeting_on meeting_time "
    "method sequence way theme".split()
)
"""The values of a message that rules read once it has left."""


def response(row: tables.Row, person: Person, now: datetime) -> Values:
    """It counts as seen to; where it stands in the form stays known, to delete it there."""
    return {"answers": {}, "handled_at": row.handled_at or now, "outcome": row.outcome or ERASED}


def decision(row: tables.Row, person: Person, now: datetime) -> Values:
    """What was chosen, without what was written beside it."""
    values = row._mapping["values"]
    kept = {name: text for name, text in values.items() if name in CHOSEN}
    return {"values": kept, "outcome": row.outcome and REASON, "handled_at": row.handled_at or now}


def mail(row: tables.Row, person: Person, now: datetime) -> Values:
    """That a mail came, and what kind it was; not what it said."""
    return {"raw": "", "meaning": None, "file_as": None, "handled_at": row.handled_at or now}


def answer(row: tables.Row, person: Person, now: datetime) -> Values:
    """The dates and the choices, without the words."""
    return {"data": wordless(row.kind, row.data)}


def wordless(kind: str, data: Mapping[str, Any]) -> Values:
    """An answer without what its author wrote in words."""
    return {name: "" if name in WORDS[kind] else value for name, value in data.items()}


def application(row: tables.Row, person: Person, now: datetime) -> Values:
    """Its number, its role, and that it was withdrawn."""
    role = Role(row.role)
    nobody = Respondent(
        role=role,
        email="",
        typed_email="",
        other_emails=(),
        first_name=FIRST_NAME,
        last_name=LAST_NAME,
        graduation_year=None,
        mail_language=Language.FRENCH,
    )
    return {
        "email": f"{ERASED}={row.id}",
        "respondent": encode(Respondent, nobody),
        "profile": encode(Profile, _nobody(role)) if row.profile else None,
        "problems": [],
        "stage": ApplicationStage.WITHDRAWN.value,
        "reason": REASON,
        "member_key": None,
        "confirmation": None,
        "away_until": None,
        "absent_until": None,
        "no_reminders": True,
        "wake_at": None,
        "erased_at": now,
    }


def _nobody(role: Role) -> Profile:
    """A profile that says nothing, for pairs that were: what reads a pair reads both."""
    return Profile(
        role=role,
        email="",
        other_emails=(),
        first_name=FIRST_NAME,
        last_name=LAST_NAME,
        graduation_year=None,
        career_start=YearMonth(year=1900, month=1),
        employer="",
        sector="",
        function="",
        city="",
        languages=(),
        mode=Mode.EITHER,
        themes=(),
        wanted_sector="",
        wanted_function="",
        capacity=1,
        about="",
        mail_language=Language.FRENCH,
    )


def pairing(row: tables.Row, person: Person, now: datetime) -> Values:
    """Its stages, its dates and its score; not why the two went together, nor what was written of them."""
    values: Values = {"parts": [], "alternatives": [], "reason": REASON}
    values["override"] = row.override and REASON
    if row.summary:
        summary = decode(Summary, row.summary)
        values["summary"] = encode(Summary, Summary(sessions=summary.sessions, missed=summary.missed))
    return values


def message(row: tables.Row, person: Person, now: datetime) -> Values:
    """That it was sent; what it said is forgotten. What is still to be told to the other half keeps a first name."""
    said = row._mapping["values"]
    to_them = not set(row.recipients).isdisjoint(person.applications)
    if row.status in UNDER_WAY and not to_them:
        mine = person.pairings.get(row.about)
        return {"values": said | {"other_first_name": person.first_names[mine]} if mine else said}
    told = {name: text for name, text in said.items() if name in TOLD}
    values: Values = {"subject": None, "body": None, "addresses": None, "values": told}
    values |= {"reason": REASON} if row.reason else {}
    if row.status in (*UNDER_WAY, Status.HELD):
        values |= {"status": Status.CANCELLED, "reason": REASON, "claimed_by": None}
    return values


def line(row: tables.Row, person: Person, now: datetime) -> Values:
    """A line of À traiter that is settled, and says nothing more."""
    return {"subject": REASON, "todo": "", "link": "", "closed_at": row.closed_at or now}


def reason(row: tables.Row, person: Person, now: datetime) -> Values:
    """That something happened, and when."""
    return {"reason": ""}


def act(row: tables.Row, person: Person, now: datetime) -> Values:
    """That a coordinator did something, when and where; not in which words."""
    return {"what": REASON, "outcome": ""}
