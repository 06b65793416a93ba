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
    FINISHED = "finished"
    """Their engagement has ended: thanked, and back in the pool as soon as they say so."""
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
    """Both said yes and were introduced: the first term, six months, runs."""
    RENEWED = "renewed"
    """Both wished to go on and are paid up: the second and last term runs."""
    PAUSED = "paused"
    """Set aside by a coordinator for a while: nothing is sent, the term runs on."""
    CLOSING = "closing"
    """The term is over: last meeting, review, testimony; awaiting the review of each."""
    COMPLETED = "completed"
    """Reviewed, or a month after its term: thanked."""
    STOPPED = "stopped"
    """Ended before its term, at the wish of one of the two or of a coordinator."""
    REFUSED = "refused"
    """Refused by a coordinator; never proposed again."""
    DECLINED = "declined"
    """One of the two said no; never proposed again."""
    RELEASED = "released"
    """No answer in time; the one who waited goes back to the pool."""
    WITHDRAWN = "withdrawn"
    """A proposal that no longer holds, or that a better one replaced; may come back."""


class EventStage(StrEnum):
    """Where a group meeting stands. Stored: never renamed."""

    PREPARED = "prepared"
    """Written in the board by a coordinator; awaiting the box that invites."""
    ANNOUNCED = "announced"
    """People are invited, told of changes, and reminded."""
    CANCELLED = "cancelled"
    OVER = "over"


E = EventStage
EVENT_TRANSITIONS: dict[EventStage, frozenset[EventStage]] = {
    E.PREPARED: frozenset({E.ANNOUNCED, E.CANCELLED}),
    E.ANNOUNCED: frozenset({E.CANCELLED, E.OVER}),
    E.CANCELLED: frozenset(),
    E.OVER: frozenset(),
}

P = PairingStage
TRANSITIONS: dict[PairingStage, frozenset[PairingStage]] = {
    P.PROPOSED: frozenset({P.POSTPONED, P.ASKING_MENTOR, P.ENGAGED, P.REFUSED, P.WITHDRAWN}),
    P.POSTPONED: frozenset({P.PROPOSED, P.ASKING_MENTOR, P.ENGAGED, P.REFUSED, P.WITHDRAWN}),
    P.ASKING_MENTOR: frozenset({P.ASKING_MENTEE, P.DECLINED, P.RELEASED, P.WITHDRAWN}),
    P.ASKING_MENTEE: frozenset({P.ACCEPTED, P.ENGAGED, P.DECLINED, P.RELEASED, P.WITHDRAWN}),
    P.ACCEPTED: frozenset({P.ENGAGED, P.DECLINED, P.WITHDRAWN}),
    P.ENGAGED: frozenset({P.RENEWED, P.PAUSED, P.CLOSING, P.STOPPED}),
    P.RENEWED: frozenset({P.PAUSED, P.CLOSING, P.STOPPED}),
    P.PAUSED: frozenset({P.ENGAGED, P.RENEWED, P.CLOSING, P.STOPPED}),
    P.CLOSING: frozenset({P.COMPLETED, P.STOPPED}),
    P.COMPLETED: frozenset(),
    P.STOPPED: frozenset(),
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
    P.RENEWED: WaitingOn.PAIR,
    P.PAUSED: WaitingOn.COORDINATOR,
    P.CLOSING: WaitingOn.PAIR,
    P.COMPLETED: WaitingOn.NOBODY,
    P.STOPPED: WaitingOn.NOBODY,
    P.REFUSED: WaitingOn.NOBODY,
    P.DECLINED: WaitingOn.NOBODY,
    P.RELEASED: WaitingOn.NOBODY,
    P.WITHDRAWN: WaitingOn.NOBODY,
}

A = ApplicationStage
# What a verdict on today's facts may say; it changes with the register, with a correction, with a coordinator's word.
JUDGED = frozenset({A.INCOMPLETE, A.MEMBERSHIP_MISSING, A.REVIEW_MEMBERSHIP, A.ELIGIBLE})
APPLICATION_TRANSITIONS: dict[ApplicationStage, frozenset[ApplicationStage]] = {
    A.INCOMPLETE: JUDGED - {A.INCOMPLETE} | {A.ON_HOLD, A.FINISHED, A.WITHDRAWN},
    A.MEMBERSHIP_MISSING: JUDGED - {A.MEMBERSHIP_MISSING} | {A.ON_HOLD, A.FINISHED, A.WITHDRAWN},
    A.REVIEW_MEMBERSHIP: JUDGED - {A.REVIEW_MEMBERSHIP} | {A.ON_HOLD, A.FINISHED, A.WITHDRAWN},
    A.ELIGIBLE: JUDGED - {A.ELIGIBLE} | {A.ON_HOLD, A.FINISHED, A.WITHDRAWN},
    A.ON_HOLD: JUDGED | {A.WITHDRAWN},
    A.FINISHED: JUDGED | {A.ON_HOLD, A.WITHDRAWN},
    A.WITHDRAWN: JUDGED | {A.ON_HOLD},
}

APPLICATION_WAITING_ON: dict[ApplicationStage, WaitingOn] = {
    A.INCOMPLETE: WaitingOn.APPLICANT,
    A.MEMBERSHIP_MISSING: WaitingOn.APPLICANT,
    A.REVIEW_MEMBERSHIP: WaitingOn.COORDINATOR,
    A.ELIGIBLE: WaitingOn.PROGRAMME,
    A.ON_HOLD: WaitingOn.COORDINATOR,
    A.FINISHED: WaitingOn.NOBODY,
    A.WITHDRAWN: WaitingOn.NOBODY,
}

# The two were introduced and the end is not yet reached.
RUNNING = frozenset({P.ENGAGED, P.RENEWED, P.PAUSED, P.CLOSING})
# A pairing in one of these takes a place of both people.
OPEN = RUNNING | {P.PROPOSED, P.POSTPONED, P.ASKING_MENTOR, P.ASKING_MENTEE, P.ACCEPTED}
# People were already written to: the matching leaves these as they are.
FROZEN = OPEN - {P.PROPOSED}
# The two know of it: one at least was asked, and it is not over.
UNDER_WAY = FROZEN - {P.POSTPONED}
# These two are never proposed to each other again.
NEVER_AGAIN = RUNNING | {P.REFUSED, P.DECLINED, P.RELEASED, P.COMPLETED, P.STOPPED}
