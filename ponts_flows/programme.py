"""The charter's numbers and the association's own settings.

One frozen value, `Programme`, is handed to whoever needs a number: nothing else in the code knows
what the charter says or whose programme it is. What is the association's own is in `programme.yaml`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ConfigDict, with_config

from ponts_flows.model import Language

SHIPPED = Path(__file__).resolve().parent / "programme.yaml"
"""The settings file that travels with the code."""


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, kw_only=True)
class Theme:
    """One of the charter's themes (§3A), under the name each language gives it."""

    id: str
    fr: str
    en: str


@cache
def shipped() -> dict[str, Any]:
    """What the settings file that travels with the code says, by field."""
    said: dict[str, Any] = yaml.safe_load(SHIPPED.read_text("utf-8"))
    themes = tuple(Theme(**theme) for theme in said["themes"])
    return {**said, "themes": themes, "languages": tuple(map(Language, said["languages"]))}


def _said(name: str) -> Callable[[], Any]:
    return lambda: shipped()[name]


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, kw_only=True)
class Weights:
    """How much each criterion counts in a pairing's score, 0 to 10."""

    themes: int = 10
    sector: int = 5
    function: int = 3
    place: int = 6
    languages: int = 4
    gap: int = 4
    about: int = 2
    waiting: int = 3
    unserved: int = 2


@dataclass(frozen=True, kw_only=True)
class Retention:
    """For how many months what concerns people is kept; see docs/registre-rgpd.md, which says the same."""

    # The text of a mail, since it came in or left; of a line of À traiter, since it was closed.
    mails: int = 12
    # What the two of a pair wrote in their own words, since the pair ended.
    words: int = 12
    # Whoever took part in no pair, since their application was withdrawn, or left aside.
    applications: int = 24
    # Whoever took part in one, since their last one ended.
    people: int = 36


@dataclass(frozen=True, kw_only=True)
class Programme:
    """Everything that another association, or another edition of the charter, would change."""

    # All of these are in each programme's own file; a value made without them is the shipped one's.
    name: str = field(default_factory=_said("name"))
    name_en: str = field(default_factory=_said("name_en"))
    association: str = field(default_factory=_said("association"))
    mailbox: str = field(default_factory=_said("mailbox"))
    charter_url: str = field(default_factory=_said("charter_url"))
    membership_url: str = field(default_factory=_said("membership_url"))
    languages: tuple[Language, ...] = field(default_factory=_said("languages"))
    least_gap_years: int = field(default_factory=_said("least_gap_years"))
    near_gap_years: int = field(default_factory=_said("near_gap_years"))
    engagement_months: int = field(default_factory=_said("engagement_months"))
    longest_engagement_months: int = field(default_factory=_said("longest_engagement_months"))
    term_days: int = field(default_factory=_said("term_days"))
    last_meeting_day: int = field(default_factory=_said("last_meeting_day"))
    longest_days: int = field(default_factory=_said("longest_days"))
    least_themes: int = field(default_factory=_said("least_themes"))
    most_themes: int = field(default_factory=_said("most_themes"))
    most_mentees: int = field(default_factory=_said("most_mentees"))
    themes: tuple[Theme, ...] = field(default_factory=_said("themes"))
    time_zone: str = field(default_factory=_said("time_zone"))
    country: str = field(default_factory=_said("country"))
    opens_at: int = field(default_factory=_said("opens_at"))
    closes_at: int = field(default_factory=_said("closes_at"))

    # After the term: a month for missing dues to arrive before a renewal that both wished, a month for the review.
    renewal_grace_days: int = 30
    closing_days: int = 30
    # Two dates reported within three days are one meeting; a report is of a date that has come.
    same_meeting_days: int = 3
    # Reported by one side only each, these many days apart, they may be one meeting: the coordinator is shown both.
    doubtful_meeting_days: int = 14
    # Nobody is left longer without either a mail or a reason on record.
    silence_days: int = 30
    # Delays of the timetable that coordinators changed, by name; see ponts_flows/timetable.py.
    delays: tuple[tuple[str, int], ...] = ()

    # Asking a pair, in working days from the question.
    ask_reminder_days: int = 4
    ask_coordinator_days: int = 8
    ask_release_days: int = 14

    # Missing dues: a mail, two reminders, then the coordinator; calendar days between them.
    dues_reminder_days: tuple[int, ...] = (7, 21)
    dues_coordinator_days: int = 35
    # An incomplete answer is reminded once, then shown to the coordinator.
    correction_reminder_days: int = 7
    correction_coordinator_days: int = 21
    postponed_for: timedelta = timedelta(days=7)
    # Whoever waits for someone hears where things stand as often.
    waiting_days: int = 30
    # Group meetings: a reminder before, to those who come or did not say.
    event_reminder_days: int = 3

    # Sending: Gmail allows 2,000 a day and 60 a minute.
    daily_cap: int = 500
    per_minute: int = 50
    weekly_messages: int = 2
    # Answers to mails received; past that, they wait and coordinators are told.
    replies_an_hour: int = 60

    retention: Retention = field(default_factory=Retention)

    weights: Weights = field(default_factory=Weights)
    # Criteria, by their names in Weights, in which a pair without a point is no pair.
    required: frozenset[str] = frozenset()
    # Out of 100: above 0, only pairs of that score at least are proposed, and the best total goes before most pairs.
    least_score: int = 0
    # Points out of 100 that a proposal not yet decided upon is given, so that few of them change.
    keeping_bonus: int = 2

    @property
    def term_fr(self) -> str:
        """How long an engagement is, in words: « six mois »."""
        return _months_fr(self.engagement_months)

    @property
    def longest_fr(self) -> str:
        """How long an engagement that was renewed is, in words: « douze mois »."""
        return _months_fr(self.longest_engagement_months)

    def name_in(self, language: Language) -> str:
        """The programme's name in a language."""
        return self.name_en if language is Language.ENGLISH else self.name

    def theme(self, id: str) -> Theme:
        """The theme of an identifier; KeyError when the programme has none of that name."""
        for theme in self.themes:
            if theme.id == id:
                return theme
        raise KeyError(id)


_NUMBERS_FR = (
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize".split()
)


def _months_fr(number: int) -> str:
    return f"{_NUMBERS_FR[number] if number < len(_NUMBERS_FR) else number} mois"
