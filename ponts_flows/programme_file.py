"""A programme's settings file: whose programme it is and what its charter says, read and found sound."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import holidays
import yaml
from pydantic import TypeAdapter, ValidationError

from ponts_flows.errors import SettingsError
from ponts_flows.programme import Programme, shipped
from ponts_flows.timetable import DELAYS, TIMETABLE, days_of

_FIELDS = frozenset(field.name for field in fields(Programme))
_RENEWAL = next(step for step in TIMETABLE if step.name == "renewal").due[0]
_HOURS = 24
_MONTH = range(28, 32)
"""Days of a month."""


@cache
def read(path: Path) -> Programme:
    """The programme of a settings file; SettingsError names all that is wrong with it."""
    try:
        said = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        why = error.strerror if isinstance(error, OSError) else " ".join(str(error).split())
        raise SettingsError(f"The programme's file {path} can't be read: {why}.") from error
    if not isinstance(said, dict):
        raise SettingsError(f"The programme's file {path}: expected names and values.")
    if wrong := [*_names(said)]:
        raise SettingsError(f"The programme's file {path}: {'; '.join(wrong)}.")
    try:
        programme = TypeAdapter(Programme).validate_python(
            {**said, "delays": _delays(said.get("delays") or {})}
        )
    except ValidationError as error:
        wrong = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise SettingsError(f"The programme's file {path}: {'; '.join(wrong)}.") from None
    if wrong := [*_contradictions(programme)]:
        raise SettingsError(f"The programme's file {path}: {'; '.join(wrong)}.")
    return programme


def _names(said: dict[Any, Any]) -> Iterator[str]:
    """What is missing, and what nothing reads."""
    if missing := sorted(shipped().keys() - said.keys()):
        yield f"lacks {', '.join(missing)}"
    if unknown := sorted(map(str, said.keys() - _FIELDS)):
        yield f"nothing is called {', '.join(unknown)}"


def _delays(said: Any) -> Any:
    """Delays of the timetable, written as names and days."""
    return tuple(sorted(said.items())) if isinstance(said, dict) else said


def _contradictions(programme: Programme) -> Iterator[str]:
    """What can't be, or can't be together."""
    p = programme
    for name in ("name", "name_en", "association"):
        if not getattr(p, name).strip():
            yield f"{name}: must not be empty"
    if "@" not in p.mailbox:
        yield "mailbox: must be an address"
    for name in ("charter_url", "membership_url"):
        if not getattr(p, name).startswith("https://"):
            yield f"{name}: must begin with https://"
    if not p.languages or len(set(p.languages)) < len(p.languages):
        yield "languages: each once, and one at least"
    if len({theme.id for theme in p.themes}) < len(p.themes):
        yield "themes: an id is there twice"
    if p.time_zone not in available_timezones():
        yield "time_zone: there is none of that name; one is Europe/Paris"
    if p.country not in holidays.list_supported_countries():
        yield "country: two letters, such as FR"
    if not (p.opens_at >= 0 and p.closes_at <= _HOURS):
        yield "opens_at, closes_at: hours of a day, 0 to 24"
    for smaller, larger in _ORDER:
        if not getattr(p, smaller) < getattr(p, larger):
            yield f"{smaller}: must be less than {larger}"
    if not 1 <= p.least_themes <= p.most_themes <= len(p.themes):
        yield "least_themes, most_themes: at least 1, in that order, and no more than there are themes"
    if unknown := [name for name, _ in p.delays if name not in DELAYS]:
        yield f"delays: nothing is called {', '.join(unknown)}; the names are those of the tab Réglages"
    elif not days_of(_RENEWAL, p) < p.term_days:
        yield "delays: whether to go on is asked after the term; give « Prolongation : question posée après »"
    for days, months in (("term_days", p.engagement_months), ("longest_days", p.longest_engagement_months)):
        if not months * _MONTH.start <= getattr(p, days) <= months * _MONTH[-1]:
            yield f"{days}: is not {months} months"


_ORDER = (
    ("near_gap_years", "least_gap_years"),
    ("engagement_months", "longest_engagement_months"),
    ("term_days", "last_meeting_day"),
    ("last_meeting_day", "longest_days"),
    ("opens_at", "closes_at"),
    ("ask_reminder_days", "ask_coordinator_days"),
    ("ask_coordinator_days", "ask_release_days"),
)
"""Of each two, the first is less."""
