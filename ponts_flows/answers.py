"""What participants say once a pair is engaged: frozen values, read from a form or a mail, parsed once at the edge.

Free text (`note`, the texts of a review) is confidential: it leaves the ledger only where its author ticked so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from ponts_flows.model import Answer, Role


class Held(StrEnum):
    """What became of a meeting. Stored: never renamed."""

    HELD = "held"
    MISSED = "missed"
    """It was planned and did not take place; by whom is not asked."""
    PLANNED = "planned"
    """Not yet, but the two are in touch."""
    SILENT = "silent"
    """Not yet, and the two are not in touch."""


class Way(StrEnum):
    """How a meeting takes place. Stored: never renamed."""

    IN_PERSON = "in_person"
    VIDEO = "video"
    PHONE = "phone"


class Going(StrEnum):
    """How a pair goes, half-way. Stored: never renamed."""

    WELL = "well"
    ADJUSTING = "adjusting"
    """There are difficulties, that the two settle between themselves."""
    HARD = "hard"
    """There are difficulties, and help is welcome."""


class Extension(StrEnum):
    """Whether someone thinks of going on beyond the first term. Stored: never renamed."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class Again(StrEnum):
    """What someone would do next in the programme. Stored: never renamed."""

    MENTOR_AGAIN = "mentor_again"
    """A mentor who takes another mentee, now."""
    MENTOR_LATER = "mentor_later"
    """A mentee who wishes to become a mentor one day."""
    MENTEE_AGAIN = "mentee_again"
    NOT_NOW = "not_now"


class Use(StrEnum):
    """A use of a testimony, consented to one by one. Stored: never renamed."""

    NAME = "name"
    PHOTO = "photo"
    WEBSITE = "website"
    NEWSLETTER = "newsletter"
    SOCIAL = "social"


class Wish(StrEnum):
    """What someone asks for their own part in the programme. Stored: never renamed."""

    STOP = "stop"
    """End this pair."""
    LEAVE = "leave"
    """Leave the programme."""
    BACK = "back"
    """Return to the pool."""
    NO_REMINDERS = "no_reminders"
    """Go on, without reminders."""
    CERTIFICATE = "certificate"
    """Be sent a certificate of participation."""


@dataclass(frozen=True, kw_only=True)
class SessionReport:
    """What one of the two says of a meeting, and of the next one. `on` None: not held, or not said."""

    held: Held
    on: date | None = None
    way: Way | None = None
    minutes: int | None = None
    next_on: date | None = None
    next_at: time | None = None
    next_way: Way | None = None
    next_theme: str = ""
    call_me: bool = False
    note: str = ""
    share_note: bool = False


@dataclass(frozen=True, kw_only=True)
class MidpointAnswer:
    """How it goes half-way (charter §3C). `themes`: objectives as they are now, identifiers; () when unchanged."""

    going: Going | None = None
    themes: tuple[str, ...] = ()
    extension: Extension | None = None
    call_me: bool = False
    note: str = ""
    share_note: bool = False


@dataclass(frozen=True, kw_only=True)
class RenewalAnswer:
    """Whether someone wishes to go on from 6 to 12 months."""

    answer: Answer
    note: str = ""
    share_note: bool = False


@dataclass(frozen=True, kw_only=True)
class ReviewAnswer:
    """The review of an engagement (charter §3D), and the testimony. `score`: would do it again, 0 to 10.

    The three texts reach the coordinators only with `share_texts`; the testimony only with a use consented to.
    """

    key_points: str = ""
    results: str = ""
    value: str = ""
    share_texts: bool = False
    score: int | None = None
    again: tuple[Again, ...] = ()
    testimony: str = ""
    video: bool = False
    uses: tuple[Use, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ParticipationAnswer:
    """What someone asks for their own part in the programme; no reason is demanded."""

    wish: Wish
    note: str = ""
    share_note: bool = False


@dataclass(frozen=True, kw_only=True)
class EventAnswer:
    """Whether someone comes to a group meeting."""

    answer: Answer


Value = SessionReport | MidpointAnswer | RenewalAnswer | ReviewAnswer | ParticipationAnswer | EventAnswer

KINDS: dict[str, type[Value]] = {
    "session": SessionReport,
    "midpoint": MidpointAnswer,
    "renewal": RenewalAnswer,
    "review": ReviewAnswer,
    "participation": ParticipationAnswer,
    "event": EventAnswer,
}
"""The forms that people fill in once they are engaged, and what each gives. Stored: never renamed."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """An answer of one of a pair, as a decision sees it. `source` is unique: where it came from."""

    source: str
    role: Role
    given_at: datetime
    value: Value
