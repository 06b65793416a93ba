"""Who can be paired: the input of the matching."""

from __future__ import annotations

from dataclasses import dataclass

from ponts_flows.model import Profile

Pair = tuple[str, str]
"""The application ids of a mentee and of a mentor, in this order."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An admitted application, as the matching sees it.

    `places` of a mentor: capacity minus the pairings under way, proposals not counted; of a mentee: 1, or
    0 when already in a pairing. With none left, nobody is proposed. `waiting_days`: days since the
    application. `served`: a mentor who has, or had, a mentee through the programme.
    """

    id: str
    profile: Profile
    waiting_days: int
    places: int
    served: bool = False


@dataclass(frozen=True, kw_only=True)
class Pool:
    """Everyone admitted, in any order, and what is known of their pairs.

    `never`: pairs not to be proposed again. `pending`: pairs proposed and not yet decided upon, kept by a
    small bonus.
    """

    mentees: tuple[Candidate, ...]
    mentors: tuple[Candidate, ...]
    never: frozenset[Pair] = frozenset()
    pending: frozenset[Pair] = frozenset()
