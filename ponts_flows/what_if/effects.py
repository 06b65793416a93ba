"""What each weight is worth: the matching run again with it a little lower, and a little higher, all else equal."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from ponts_flows.decide.matching import CRITERIA, Criterion, Pair, best_of
from ponts_flows.decide.matching.criterion import weight_of
from ponts_flows.programme import Programme
from ponts_flows.what_if.trial import Trial, patience

MOVES = (-3, 3)
LEAST, MOST = 0, 10


@dataclass(frozen=True, kw_only=True)
class Effect:
    """One weight moved: how many mentees have another mentor, or one, or none then; the mean points by criterion."""

    criterion: str
    label_fr: str
    weight: int
    moved_to: int
    pairs: int
    changed: int
    means: Mapping[str, float]


def mean_points(trial: Trial, pairs: Collection[Pair]) -> dict[str, float]:
    """What each criterion gives a pair, of 100, on average; nothing without pairs."""
    if not pairs:
        return {}
    found = [trial.points(*pair) for pair in pairs]
    return {one.name: sum(points[one.name] for points in found) / len(found) for one in CRITERIA}


def pairs_of(trial: Trial) -> frozenset[Pair]:
    """The pairs proposed, (mentee, mentor)."""
    return frozenset((proposal.mentee_id, proposal.mentor_id) for proposal in trial.matching.proposals)


def effects(trial: Trial) -> tuple[Effect, ...]:
    """The effect of each move of each weight; a weight at its bound is not moved beyond."""
    pairs = pairs_of(trial)
    found = []
    for criterion, weight, moved_to, programme in _moves(trial.programme):
        now = best_of(trial.people.pool, programme, watch=patience(trial.request))
        found.append(
            Effect(
                criterion=criterion.name,
                label_fr=criterion.label_fr,
                weight=weight,
                moved_to=moved_to,
                pairs=len(now),
                changed=len({mentee for mentee, _ in pairs ^ now}),
                means=mean_points(trial, now),
            )
        )
    return tuple(found)


def _moves(programme: Programme) -> Iterator[tuple[Criterion, int, int, Programme]]:
    for criterion in CRITERIA:
        weight = weight_of(criterion, programme)
        for move in MOVES:
            moved_to = min(MOST, max(LEAST, weight + move))
            if moved_to != weight:
                weights = replace(programme.weights, **{criterion.name: moved_to})
                yield criterion, weight, moved_to, replace(programme, weights=weights)
