"""What a decision may ask for: values, carried out by `ledger.apply` in one transaction.

A new action is added here and in `ledger.apply.carry_out`, which a type checker holds to be complete.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum

from ponts_flows.lifecycle import ApplicationStage, EventStage, PairingStage
from ponts_flows.model import Language

COORDINATORS = "coordinators"


class Urgency(IntEnum):
    """The order in which messages leave; the smaller first, then the oldest."""

    NOW = -10
    """A coordinator said so: before all others, at any hour, whatever was sent already."""
    ACKNOWLEDGEMENT = 0
    INTRODUCTION = 10
    CALENDAR = 15
    QUESTION = 20
    FEEDBACK = 25
    CORRECTION = 30
    PREPARATION = 35
    REMINDER = 40
    NEWS = 50


@dataclass(frozen=True, kw_only=True)
class MoveApplication:
    """Put an application in a stage, with the reason shown on the board (French)."""

    application: str
    to: ApplicationStage
    reason: str
    member_key: str | None = None


@dataclass(frozen=True, kw_only=True)
class Confirm:
    """Keep what a coordinator said of a membership found under another address."""

    application: str
    same_person: bool


@dataclass(frozen=True, kw_only=True)
class Propose:
    """Open a pairing, awaiting a coordinator; `asked_for` by one, with a written reason when it breaks a rule."""

    mentor: str
    mentee: str
    score: int
    parts: tuple[tuple[str, int, int, str], ...]
    alternatives: tuple[str, ...]
    asked_for: bool = False
    override: str = ""


@dataclass(frozen=True, kw_only=True)
class Refresh:
    """Bring the score, reasons and alternatives of a pending proposal up to date."""

    pairing: str
    score: int
    parts: tuple[tuple[str, int, int, str], ...]
    alternatives: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Forbid:
    """Keep two people, who are in no open pairing together, from ever being proposed to each other."""

    mentor: str
    mentee: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Keep:
    """Have later matchings leave a pending proposal as it is (`kept`), or be free to replace it."""

    pairing: str
    kept: bool


@dataclass(frozen=True, kw_only=True)
class MovePairing:
    """Move a pairing to a stage that the table of transitions allows, with its reason (French)."""

    pairing: str
    to: PairingStage
    reason: str
    override: str = ""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Plan a message. Its key is for ever: planning it again adds nothing.

    Names, links and profiles are filled in when it leaves; `values` holds only what is known now and not later.
    """

    key: str
    about: str
    template: str
    to: tuple[str, ...]
    languages: tuple[Language, ...]
    urgency: Urgency
    values: dict[str, str] = field(default_factory=dict)
    at_once: bool = False
    in_reply_to: str | None = None
    thread: str | None = None


@dataclass(frozen=True, kw_only=True)
class CancelUnsent:
    """Cancel what is planned about something and has not left, with the reason."""

    about: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Cancel:
    """Cancel one message that is planned and has not left, with the reason."""

    key: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class KeepBack:
    """Keep a message that waits from leaving, until a coordinator says otherwise."""

    key: str


@dataclass(frozen=True, kw_only=True)
class LetLeave:
    """Let a message leave in its turn that was kept back, or held before anything was tried."""

    key: str


@dataclass(frozen=True, kw_only=True)
class SendNow:
    """Let a message leave at the next occasion, outside the hours and above the caps."""

    key: str


@dataclass(frozen=True, kw_only=True)
class SendAgain:
    """Plan a new message like one that left, or may have: a key of its own, and the coordinator's reason."""

    key: str
    why: str


@dataclass(frozen=True, kw_only=True)
class AskCoordinator:
    """Open a line in À traiter; the same key opens one line only.

    `who` is the application of the one whom it concerns, `question` the template that they answered, if they did.
    """

    key: str
    about: str
    subject: str
    todo: str
    link: str = ""
    who: str = ""
    question: str = ""


@dataclass(frozen=True, kw_only=True)
class CloseReview:
    """Close a line of À traiter that no longer waits."""

    key: str


@dataclass(frozen=True, kw_only=True)
class Wake:
    """Look at something again at a moment, even if nothing happens; None: only when something happens."""

    about: str
    at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Skipped:
    """A decision not to act, with its reason. With a `key`, the reason is kept once, whoever asks again."""

    about: str
    reason: str
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class Pause:
    """When a pause ends by itself; None: when a coordinator says so."""

    pairing: str
    until: datetime | None


@dataclass(frozen=True, kw_only=True)
class Away:
    """Someone is on leave until a moment: what is not an answer to them waits. None: they are back."""

    application: str
    until: datetime | None


@dataclass(frozen=True, kw_only=True)
class Absent:
    """Someone's automatic answer says that they are absent until a moment: reminders wait."""

    application: str
    until: datetime


@dataclass(frozen=True, kw_only=True)
class NoReminders:
    """Someone asked for no reminders, from now on."""

    application: str


@dataclass(frozen=True, kw_only=True)
class MoveEvent:
    """Put a group meeting in a stage. `sequence` grows when what was announced changes; `remark` is for the board."""

    event: str
    to: EventStage
    sequence: int
    remark: str = ""


@dataclass(frozen=True, kw_only=True)
class Summary:
    """How an engagement stands, as the board shows it: meetings held, dates, what threatens it, what comes next."""

    sessions: int = 0
    missed: int = 0
    last_on: date | None = None
    next_on: date | None = None
    risk: str = ""
    next_step: str = ""
    next_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Summarise:
    """Show how an engagement stands."""

    pairing: str
    summary: Summary


Action = (
    MoveApplication
    | Confirm
    | Propose
    | Refresh
    | Forbid
    | Keep
    | MovePairing
    | Plan
    | CancelUnsent
    | Cancel
    | KeepBack
    | LetLeave
    | SendNow
    | SendAgain
    | AskCoordinator
    | CloseReview
    | Wake
    | Skipped
    | Pause
    | Away
    | Absent
    | NoReminders
    | Summarise
    | MoveEvent
)
