"""The result of a matching: pairs with their reasons, who is left and why, and the proof that it is the best."""

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
    """Another mentor for a mentee, and what choosing them would change at best.

    `loss`: what all scores together would lose, in points of 100. `pairs_lost`: 1 where a mentee would be
    left without a mentor. `displaced`: the mentees who would get another mentor or none, in the order in
    which they make room for each other.
    """

    mentor_id: str
    score: int
    loss: int
    pairs_lost: int
    displaced: tuple[str, ...]
    words_fr: str


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A pair to submit to a coordinator.

    `score` is of 100, rounded for people; `total` is the exact weighted sum. `parts` come strongest
    first. `kept`: was already pending. `rank`: how many mentors open to this mentee score better, plus 1.
    """

    mentee_id: str
    mentor_id: str
    score: int
    total: int
    kept: bool
    rank: int
    parts: tuple[Part, ...]
    alternatives: tuple[Alternative, ...]

    @property
    def reasons_fr(self) -> tuple[str, ...]:
        """Why these two, strongest reason first."""
        return tuple(f"{part.label_fr} : {part.words_fr} ({part.points}/100)" for part in self.parts)


@dataclass(frozen=True, kw_only=True)
class Unpaired:
    """Someone with a place left to whom nobody is proposed: why, counted, and what would help ("" : nothing)."""

    application_id: str
    role: Role
    words_fr: str
    help_fr: str


@dataclass(frozen=True, kw_only=True)
class NearMiss:
    """A pair whose gap in years alone falls a little short: a coordinator may override, in writing."""

    mentee_id: str
    mentor_id: str
    gap_months: int
    score: int
    words_fr: str


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What was reached, of what, and that nothing better exists.

    `input_hash`: of the people, the pairs and the settings, in any order. `value`: sum of the totals and
    of the bonus of those `kept`; no set of pairs has more than `pairs_bound` pairs, nor, with as many,
    a value above `value_bound`, over every pair there is. `rounds`: times the flow was solved.
    """

    input_hash: str
    pairs: int
    pairs_bound: int
    total: int
    value: int
    value_bound: int
    kept: int
    keeping_bonus: int
    rounds: int

    @property
    def optimal(self) -> bool:
        """Nothing better exists."""
        return self.pairs == self.pairs_bound and self.value == self.value_bound

    @property
    def gap(self) -> float:
        """By how much at most the best value exceeds this one, as a share of it; 0 for the best."""
        return (self.value_bound - self.value) / self.value if self.value else float(not self.optimal)


@dataclass(frozen=True, kw_only=True)
class Fairness:
    """How the proposals are spread: scores of 100, and counts. Nothing is known, asked or used of gender.

    `tenth_score`: nine pairs of ten score at least as much. `first_choice`, `three_best`: mentees given
    their best mentor, or one of their three best, of all those open to them.
    """

    worst_score: int
    tenth_score: int
    median_score: int
    first_choice: int
    three_best: int
    mentors_unused: int
    places_unused: int


@dataclass(frozen=True, kw_only=True)
class Matching:
    """Proposals, best score first; the unpaired, mentees first; near misses of unpaired mentees, best first."""

    proposals: tuple[Proposal, ...]
    unpaired: tuple[Unpaired, ...]
    near_misses: tuple[NearMiss, ...]
    proof: Proof
    fairness: Fairness
