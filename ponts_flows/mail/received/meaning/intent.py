"""What a short answer means, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Question(StrEnum):
    """What the mail that is answered asked."""

    PAIRING = "pairing"
    """Do you accept this pairing?"""
    MET = "met"
    """Have you met, and when next?"""
    RENEWAL = "renewal"
    """Do you wish to go on for six months?"""
    EVENT = "event"
    """Do you come to the group meeting?"""


class Intent(StrEnum):
    """What is meant."""

    YES = "yes"
    NO = "no"
    MET = "met"
    NOT_YET = "not_yet"
    STOP = "stop"
    CALL_ME = "call_me"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """What an answer means. With a `handover`, the reason in French, nothing is to be done without a person.

    `why` is the words that led there, in French, for whoever asks.
    """

    intent: Intent
    held_on: date | None = None
    next_on: date | None = None
    handover: str = ""
    why: str = ""
