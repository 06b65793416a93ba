"""What words about meetings, written in answer to a mail, report of them."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from ponts_flows.answers import Held, SessionReport

ASKS_FOR_CONTACT = "start-mentor"
"""The mail that asks whether the two are in touch, not whether they have met."""


class Unkept(StrEnum):
    """Why words about meetings are no report."""

    NO_DATE = "no date"
    """They met, on a day that neither the answer nor the question says."""
    NO_NEWS = "no news"
    """They have not met, and no date is known: nothing that was not known before."""


def report(
    template: str, *, asked_on: date | None, met: bool, held_on: date | None, next_on: date | None
) -> SessionReport | Unkept:
    """The report that an answer to a mail amounts to. `asked_on` is the day of the meeting that the mail asks about."""
    contact = template == ASKS_FOR_CONTACT
    if met:
        on = held_on or asked_on
        if on is not None:
            return SessionReport(held=Held.HELD, on=on, next_on=next_on)
        return SessionReport(held=Held.PLANNED, next_on=next_on) if contact else Unkept.NO_DATE
    if asked_on is not None:
        return SessionReport(held=Held.MISSED, on=asked_on, next_on=next_on)
    if next_on is not None:
        return SessionReport(held=Held.PLANNED, next_on=next_on)
    return SessionReport(held=Held.SILENT) if contact else Unkept.NO_NEWS
