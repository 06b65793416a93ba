"""The charter's numbers and the association's own settings.

One frozen value, `Programme`, is handed to whoever needs a number: nothing else in the code knows
what the charter says or whose programme it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from ponts_flows.model import Language


@dataclass(frozen=True, kw_only=True)
class Theme:
    """One of the charter's themes (§3A), under the name each language gives it."""

    id: str
    fr: str
    en: str


THEMES = (
    Theme(id="orientation", fr="Orientation professionnelle", en="Career direction"),
    Theme(id="relations", fr="Relations interpersonnelles", en="Interpersonal relations"),
    Theme(id="balance", fr="Équilibre vie professionnelle / vie privée", en="Work-life balance"),
    Theme(id="networking", fr="Networking", en="Networking"),
    Theme(id="teamwork", fr="Travail en équipe", en="Teamwork"),
    Theme(id="development", fr="Évolution professionnelle", en="Professional development"),
    Theme(id="confidence", fr="Confiance en soi", en="Self-confidence"),
    Theme(id="organisation", fr="Organisation", en="Organisation"),
    Theme(id="progression", fr="Évolution de carrière", en="Career progression"),
)


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

    name: str = "Programme de mentoring Ponts Alumni"
    name_en: str = "Ponts Alumni mentoring programme"
    association: str = "Ponts Alumni"
    mailbox: str = "mentoring@ponts.org"
    charter_url: str = "https://ponts.org/mentoring/charte"
    membership_url: str = "https://ponts.org/adhesion"
    themes: tuple[Theme, ...] = THEMES

    # §2: ten years of experience more, by career start; 8 to 10 are listed for the coordinator.
    least_gap_years: int = 10
    near_gap_years: int = 8
    least_themes: int = 2
    most_themes: int = 3
    most_mentees: int = 5
    engagement_months: int = 6
    longest_engagement_months: int = 12
    # The same in days from the introduction. The second term leaves a month for the review within its twelve.
    term_days: int = 180
    last_meeting_day: int = 335
    longest_days: int = 365
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

    # Sending: working days, 8 h to 19 h Paris; Gmail allows 2,000 a day and 60 a minute.
    time_zone: str = "Europe/Paris"
    country: str = "FR"
    opens_at: int = 8
    closes_at: int = 19
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

    def name_in(self, language: Language) -> str:
        """The programme's name in a language."""
        return self.name_en if language is Language.ENGLISH else self.name

    def theme(self, id: str) -> Theme:
        """The theme of an identifier; KeyError when the programme has none of that name."""
        for theme in self.themes:
            if theme.id == id:
                return theme
        raise KeyError(id)
