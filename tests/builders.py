"""Builders that name only what matters to a test; everything else is a plain, complete, invented person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ponts_flows.decide.applications import ApplicationCase
from ponts_flows.decide.pairing_case import PairingCase, Party
from ponts_flows.lifecycle import ApplicationStage, PairingStage
from ponts_flows.model import Language, Mode, Profile, Role, Sent, YearMonth

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)


def a_profile(role: Role = Role.MENTEE, **changes: Any) -> Profile:
    """A complete profile: a mentee since 2018, a mentor since 2000."""
    mentor = role is Role.MENTOR
    plain: dict[str, Any] = {
        "role": role,
        "email": "paul.martin@mentor.example" if mentor else "lea.durand@mentee.example",
        "other_emails": (),
        "first_name": "Paul" if mentor else "Léa",
        "last_name": "Martin" if mentor else "Durand",
        "graduation_year": 2000 if mentor else 2018,
        "career_start": YearMonth(year=2000 if mentor else 2018, month=9),
        "employer": "Ponts et Cie" if mentor else "Atelier du Rail",
        "sector": "Transport",
        "function": "Ingénierie",
        "city": "Paris",
        "languages": (Language.FRENCH,),
        "mode": Mode.EITHER,
        "themes": ("networking", "confidence"),
        "wanted_sector": "",
        "wanted_function": "",
        "capacity": 1,
        "about": "",
        "mail_language": Language.FRENCH,
    }
    return Profile(**(plain | changes))


def an_application(**changes: Any) -> ApplicationCase:
    """An application just received, eligible today."""
    plain: dict[str, Any] = {
        "id": "A-0001",
        "role": Role.MENTEE,
        "language": Language.FRENCH,
        "reachable": True,
        "stage": None,
        "submitted_at": MONDAY,
        "verdict": ApplicationStage.ELIGIBLE,
        "reason": "adhésion à jour",
        "member_key": "A1",
        "episode": 1,
        "sent": {},
    }
    return ApplicationCase(**(plain | changes))


def a_party(role: Role, **changes: Any) -> Party:
    """One half of a pairing, with nothing in the way."""
    id = "A-0002" if role is Role.MENTOR else "A-0001"
    return Party(**({"id": id, "profile": a_profile(role)} | changes))


def a_pairing(stage: PairingStage = PairingStage.PROPOSED, **changes: Any) -> PairingCase:
    """A pairing that breaks no rule."""
    plain: dict[str, Any] = {
        "id": "P-0001",
        "stage": stage,
        "since": MONDAY,
        "mentor": a_party(Role.MENTOR),
        "mentee": a_party(Role.MENTEE),
        "broken": (),
        "override": "",
        "sent": {},
    }
    return PairingCase(**(plain | changes))


def sent(*messages: tuple[str, datetime | None]) -> Mapping[str, Sent]:
    """Messages by key, each with the moment it left; None: planned and not yet gone."""
    return {
        key: Sent(key=key, status="sent" if at else "planned", planned_at=at or MONDAY, sent_at=at)
        for key, at in messages
    }


def keys(actions: list[Any]) -> list[str]:
    """What actions ask for, in short: message keys, stages, review keys, in order."""
    return [
        str(getattr(action, "key", None) or getattr(action, "to", None) or type(action).__name__)
        for action in actions
    ]
