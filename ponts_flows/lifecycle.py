"""The stages of a pairing and of an application, the moves allowed, and who is awaited in each.

Everything that decides where something may go lives in this file; the README's diagrams are drawn from it.
"""

from __future__ import annotations

from enum import StrEnum


class WaitingOn(StrEnum):
    """Who must act for something to move on."""

    APPLICANT = "applicant"
    COORDINATOR = "coordinator"
    MENTOR = "mentor"
    MENTEE = "mentee"
    PAIR = "pair"
    PROGRAMME = "programme"
    NOBODY = "nobody"


class ApplicationStage(StrEnum):
    """Where an application stands. Stored, and the words of the verdicts: never renamed."""

    INCOMPLETE = "incomplete"
    """Something must be corrected by its author."""
    MEMBERSHIP_MISSING = "membership_missing"
    """Not in the register, or not paid up: asked, reminded, kept."""
    REVIEW_MEMBERSHIP = "review_membership"
    """The register knows the name and the year, not the address: a coordinator says whether it is the same person."""
    ELIGIBLE = "eligible"
    """Admitted: a participant, in the pool as long as there is room."""
    ON_HOLD = "on_hold"
    """Set aside by a coordinator or after silence; nothing is proposed until a coordinator takes it up again."""
    WITHDRAWN = "withdrawn"
    """Gone, by its author's wish or a coordinator's."""


class PairingStage(StrEnum):
    """Where a pairing stands. Stored: never renamed."""

    PROPOSED = "proposed"
    """Found by the matching, or asked for by a coordinator; awaiting a coordinator's decision."""
    POSTPONED = "postponed"
    """Put off by a coordinator; proposed again by itself a week later."""
    ASKING_MENTOR = "asking_mentor"
    """Approved; awaiting the mentor's yes or no."""
    ASKING_MENTEE = "asking_mentee"
    """The mentor said yes; awaiting the mentee's yes or no."""
    ACCEPTED = "accepted"
    """Both said yes, but a membership or another rule fails today: introduced as soon as it is mended."""
    ENGAGED = "engaged"
    """Both said yes and were introduced: the engagement runs."""
    REFUSED = "refused"
    """Refused by a coordinator; never proposed again."""
    DECLINED = "declined"
    """One of the two said no; never proposed again."""
    RELEASED = "released"
    """No answer in time; the one who waited goes back to the pool."""
    WITHDRAWN = "withdrawn"
    """A proposal that no longer holds, or that a better one replaced; may come back."""


P = PairingStage
TRANSITIONS: dict[PairingStage, frozenset[PairingStage]] = {
    P.PROPOSED: frozenset({P.POSTPONED, P.ASKING_MENTOR, P.ENGAGED, P.REFUSED, P.WITHDRAWN}),
    P.POSTPONED: frozenset({P.PROPOSED, P.ASKING_MENTOR, P.ENGAGED, P.REFUSED, P.WITHDRAWN}),
    P.ASKING_MENTOR: frozenset({P.ASKING_MENTEE, P.DECLINED, P.RELEASED, P.WITHDRAWN}),
    P.ASKING_MENTEE: frozenset({P.ACCEPTED, P.ENGAGED, P.DECLINED, P.RELEASED, P.WITHDRAWN}),
    P.ACCEPTED: frozenset({P.ENGAGED, P.DECLINED, P.WITHDRAWN}),
    P.ENGAGED: frozenset(),
    P.REFUSED: frozenset(),
    P.DECLINED: frozenset(),
    P.RELEASED: frozenset(),
    P.WITHDRAWN: frozenset(),
}

WAITING_ON: dict[PairingStage, WaitingOn] = {
    P.PROPOSED: WaitingOn.COORDINATOR,
    P.POSTPONED: WaitingOn.COORDINATOR,
    P.ASKING_MENTOR: WaitingOn.MENTOR,
    P.ASKING_MENTEE: WaitingOn.MENTEE,
    P.ACCEPTED: WaitingOn.PROGRAMME,
    P.ENGAGED: WaitingOn.PAIR,
    P.REFUSED: WaitingOn.NOBODY,
    P.DECLINED: WaitingOn.NOBODY,
    P.RELEASED: WaitingOn.NOBODY,
    P.WITHDRAWN: WaitingOn.NOBODY,
}

APPLICATION_WAITING_ON: dict[ApplicationStage, WaitingOn] = {
    ApplicationStage.INCOMPLETE: WaitingOn.APPLICANT,
    ApplicationStage.MEMBERSHIP_MISSING: WaitingOn.APPLICANT,
    ApplicationStage.REVIEW_MEMBERSHIP: WaitingOn.COORDINATOR,
    ApplicationStage.ELIGIBLE: WaitingOn.PROGRAMME,
    ApplicationStage.ON_HOLD: WaitingOn.COORDINATOR,
    ApplicationStage.WITHDRAWN: WaitingOn.NOBODY,
}

# A pairing in one of these takes a place of both people.
OPEN = frozenset({P.PROPOSED, P.POSTPONED, P.ASKING_MENTOR, P.ASKING_MENTEE, P.ACCEPTED, P.ENGAGED})
# People were already written to: the matching leaves these as they are.
FROZEN = OPEN - {P.PROPOSED}
# These two are never proposed to each other again.
NEVER_AGAIN = frozenset({P.REFUSED, P.DECLINED, P.RELEASED, P.ENGAGED})
