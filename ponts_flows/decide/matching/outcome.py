"""What the matching answers: the output values, with their reasons in French."""

from __future__ import annotations

from dataclasses import dataclass

from ponts_flows.model import Role


@dataclass(frozen=True, kw_only=True)
class Part:
    """What one criterion (a field of `programme.Weights`) gives a pair: 0 to 100 points, and why."""

    criterion: str
    label_fr: str
    points: int
    weight: int
    words_fr: str


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """Another mentor for a mentee. `taken_by`: who is proposed to that mentor, none when a place is free."""

    mentor_id: str
    score: int
    taken_by: tuple[str, ...]
    words_fr: str


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A pair to submit to a coordinator.

    `score` is of 100, rounded for people; `total` is the exact weighted sum. `parts` come strongest
    first. `kept`: was already pending.
    """

    mentee_id: str
    mentor_id: str
    score: int
    total: int
    kept: bool
    parts: tuple[Part, ...]
    alternatives: tuple[Alternative, ...]

    @property
    def reasons_fr(self) -> tuple[str, ...]:
        """Why these two, strongest reason first."""
        return tuple(f"{part.label_fr} : {part.words_fr} ({part.points}/100)" for part in self.parts)


@dataclass(frozen=True, kw_only=True)
class Unpaired:
    """Someone with a place left to whom nobody is proposed, and why, counted."""

    application_id: str
    role: Role
    words_fr: str


@dataclass(frozen=True, kw_only=True)
class NearMiss:
    """A pair whose gap in years alone falls a little short: a coordinator may override, in writing."""

    mentee_id: str
    mentor_id: str
    gap_months: int
    score: int
    mentee_unpaired: bool
    words_fr: str


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What was reached, and that nothing better exists.

    `most_pairs`: as many mentees as any matching could pair. `total`: sum of the proposals' totals, the
    best for that number together with the bonus of the `kept`. `pairs_possible`: pairs that break no rule
    and have a place. `rounds`: times the flow was solved until no pair of the whole pool could improve
    it.
    """

    most_pairs: int
    total: int
    kept: int
    keeping_bonus: int
    pairs_possible: int
    rounds: int
    optimal: bool


@dataclass(frozen=True, kw_only=True)
class Matching:
    """Proposals, best score first; the unpaired, mentees first; near misses, of unpaired mentees first."""

    proposals: tuple[Proposal, ...]
    unpaired: tuple[Unpaired, ...]
    near_misses: tuple[NearMiss, ...]
    proof: Proof
