"""Answers and responses that name only what matters to a test."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from ponts_flows.forms import Answers, FormSpec, Reading, Received, load, read
from ponts_flows.model import Language
from ponts_flows.programme import Programme

TODAY = date(2026, 11, 16)
MENTEE = load("mentee", Programme())
MENTOR = load("mentor", Programme())
PAIRING = load("pairing", Programme())
SESSION = load("session", Programme())
REVIEW = load("review", Programme())
REGISTER = load("register", Programme())

_COMMON = {
    "email": "alice.martin@exemple.example",
    "last_name": "Martin",
    "first_name": "Alice",
    "graduation_year": "2015",
    "career_start": "09/2015",
    "charter": "Oui, je m'engage",
}


def answers(spec: FormSpec, **said: str) -> Answers:
    """A complete set of answers, but for what is said; a blank leaves a question without an answer."""
    themes = "Networking, Organisation"
    complete = {**_COMMON, "themes": themes, **said}
    return {field: (text,) for field, text in complete.items() if text}


def a_reading(spec: FormSpec = MENTEE, *, language: Language = Language.FRENCH, **said: str) -> Reading:
    """The reading of a complete set of answers, but for what is said."""
    return read(spec, answers(spec, **said), today=TODAY, language=language)


def received(id: str, *, hour: int = 9, spec: FormSpec = MENTEE, **said: Any) -> Received:
    """A response of 16 November 2026 at an hour."""
    moment = datetime(2026, 11, 16, hour, tzinfo=UTC)
    return Received(id=id, submitted_at=moment, reading=a_reading(spec, **said))
