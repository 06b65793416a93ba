"""The nouns of the programme: frozen values, parsed once at the edge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Role(StrEnum):
    """What someone asks to be. Stored: never renamed."""

    MENTOR = "mentor"
    MENTEE = "mentee"

    @property
    def other(self) -> Role:
        """The other half of a pairing."""
        return Role.MENTEE if self is Role.MENTOR else Role.MENTOR


class Language(StrEnum):
    """A language that people meet in, and that mails are written in. Stored: never renamed."""

    FRENCH = "fr"
    ENGLISH = "en"


class Mode(StrEnum):
    """How someone wishes to meet. Stored: never renamed."""

    IN_PERSON = "in_person"
    VIDEO = "video"
    EITHER = "either"


@dataclass(frozen=True, kw_only=True, order=True)
class YearMonth:
    """A month of a year, as precise as the start of a career is known."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> YearMonth:
        """The month of a day."""
        return cls(year=day.year, month=day.month)

    @classmethod
    def parse(cls, text: str) -> YearMonth:
        """Read `2015-02`, the stored form."""
        year, month = text.split("-")
        return cls(year=int(year), month=int(month))

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def months_until(self, other: YearMonth) -> int:
        """Whole months from this one to the other; negative when the other is earlier."""
        return (other.year - self.year) * 12 + other.month - self.month


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What a complete application says of a person. Addresses are canonical (see `canonical_address`)."""

    role: Role
    email: str
    other_emails: tuple[str, ...]
    first_name: str
    last_name: str
    graduation_year: int | None
    career_start: YearMonth
    employer: str
    sector: str
    function: str
    city: str
    languages: tuple[Language, ...]
    mode: Mode
    themes: tuple[str, ...]
    wanted_sector: str
    wanted_function: str
    capacity: int
    about: str
    mail_language: Language

    @property
    def emails(self) -> tuple[str, ...]:
        """Every address given, the one to write to first."""
        return (self.email, *self.other_emails)

    @property
    def full_name(self) -> str:
        """First name, then last name."""
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing to correct in a response: the field, and a sentence in the language of its author."""

    field: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Member:
    """A row of the membership register. `valid_until` None: no date given; `unreadable`: a date that is none."""

    key: str
    last_name: str
    first_name: str
    graduation_year: int | None
    emails: tuple[str, ...]
    says_paid: bool
    valid_until: date | None
    unreadable: bool = False

    def paid_up(self, today: date) -> bool:
        """Paid up on a day: the register says so, and its date is not past."""
        return (
            self.says_paid and not self.unreadable and (self.valid_until is None or self.valid_until >= today)
        )


class Answer(StrEnum):
    """What a participant said to a proposed pairing. Stored: never renamed."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A message as a decision sees it: its key, whether it left, and when it was planned or left.

    `to` are the identifiers of its recipients, `values` what was known when it was planned.
    """

    key: str
    status: str
    planned_at: datetime
    sent_at: datetime | None
    to: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def waits(self) -> bool:
        """Planned, and nothing was tried yet: it can still be called off."""
        return self.status == "planned"

    @property
    def under_way(self) -> bool:
        """Not yet gone, and nobody has to see to it."""
        return self.status in ("planned", "drafted", "sending")

    @property
    def gone_at(self) -> datetime | None:
        """When it left; one that never will counts from when it was planned; None while it is under way."""
        return self.planned_at if self.status in ("cancelled", "failed") else self.sent_at


def canonical_address(text: str) -> str:
    """An e-mail address as it is compared and stored: no blanks around, case folded, accents composed."""
    import unicodedata

    return unicodedata.normalize("NFC", text.strip().strip("<>;,").casefold())
