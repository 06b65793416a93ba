"""The best pairs there are: as many mentees as possible, then the best total, then the order of ties.

The flow only sees a shortlist of pairs: the best ones of each mentee and of each mentor. Its answer gives
each mentor a price (how much they are wanted) by which every pair of the pool is then checked: a pair
worth more than its mentor's price and its mentee's present gain could improve the whole. Such pairs are
added and the flow is solved again, until there are none: the answer is then the optimum over all pairs,
and the prices are the proof (linear programming duality). Stopped before, they still bound what could be
reached.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ponts_flows.decide.matching.edges import Edges, Scale
from ponts_flows.decide.matching.flow import Prices, Residual, best_flow, central_prices
from ponts_flows.decide.matching.grid import PairGrid
from ponts_flows.decide.matching.scan import Guess, guess, improving, in_single, shortlist
from ponts_flows.decide.matching.tiles import Flags, Ints

BEST_OF_MENTEE = 28
BEST_OF_MENTOR = 40
"""Both sides are needed: mentees' lists alone crowd on the same mentors and leave others without anyone."""

LISTED = 20_000
"""Pairs that are listed in any case: all those of a small pool, so that its explanations leave nothing out."""

LARGE, PART = 16_000, 8
"""From this many mentees on, prices are first guessed by the pairs of every eighth person."""

SAMPLE = 2048
"""Mentees by whom it is guessed, in smaller pools, from which total on a pair is among the best of its mentor."""

NEAR_ENOUGH = 1e-3
"""The gap at which prices are good enough for a guess."""


@dataclass(frozen=True, kw_only=True)
class Reached:
    """Where a search stands: pairs and value, and what no set of pairs exceeds, over every pair there is."""

    rounds: int
    pairs: int
    value: int
    pairs_bound: int
    value_bound: int

    @property
    def gap(self) -> float:
        """By how much at most the best value exceeds this one, as a share of it."""
        if self.pairs < self.pairs_bound:
            return 1.0
        return (self.value_bound - self.value) / max(1, self.value)


Watch = Callable[[Reached], bool]
"""Told of each round; answers whether to stop there."""


def to_the_end(reached: Reached) -> bool:
    """Stop for nothing but the proof."""
    return False


@dataclass(frozen=True, kw_only=True)
class Optimum:
    """The chosen pairs as columns by row (-1: nobody), and all that proves and explains them.

    `edges`: the pairs looked at, those chosen marked in `chosen`.
    """

    column_of_row: Ints
    edges: Edges
    chosen: Flags
    prices: Prices
    scale: Scale
    reached: Reached


def best_pairs(
    grid: PairGrid,
    *,
    per_mentee: int | None = None,
    per_mentor: int = BEST_OF_MENTOR,
    watch: Watch = to_the_end,
) -> Optimum:
    """Find the best pairs over all allowed pairs of the grid.

    `per_mentee`, `per_mentor`: length of the first shortlists, at least 1: a matter of time, not of result.
    """
    if per_mentee is None:
        per_mentee = max(BEST_OF_MENTEE, LISTED // max(1, len(grid.mentees)))
    scale = Scale.of(grid)
    guessed = _guess(grid, per_mentor)
    edges = shortlist(grid, scale, guessed, per_mentee=per_mentee, per_mentor=per_mentor)
    edges = edges.joined(_pending(grid, scale))
    rounds = 0
    while True:
        rounds += 1
        chosen = best_flow(edges, grid, scale)
        prices = central_prices(Residual(edges, chosen, grid, scale), scale.paired)
        found, surplus = improving(grid, scale, prices)
        reached = _reached(rounds, edges, chosen, surplus, grid, scale)
        if watch(reached) or not found.rows.size:
            break
        edges = edges.joined(found)
    column_of_row = np.full(len(grid.mentees), -1, dtype=np.int64)
    column_of_row[edges.rows[chosen]] = edges.columns[chosen]
    return Optimum(
        column_of_row=column_of_row, edges=edges, chosen=chosen, prices=prices, scale=scale, reached=reached
    )


def _guess(grid: PairGrid, per_mentor: int) -> Guess:
    """What a part of a large pool says of the prices in it; of a small one nothing is known before the flow."""
    everyone = np.arange(len(grid.mentees))
    if everyone.size < LARGE:
        part = everyone[:: max(1, everyone.size // SAMPLE)]
        return guess(grid, part, np.zeros_like(part), per_mentor=per_mentor)
    part = everyone[::PART]
    smaller = grid.part(part, np.arange(len(grid.mentors))[::PART])
    found = best_pairs(smaller, watch=lambda reached: reached.gap < NEAR_ENOUGH)
    present = (found.prices.present - found.scale.paired) // found.scale.unit
    return guess(grid, part, in_single(present, found.scale), per_mentor=per_mentor)


def _pending(grid: PairGrid, scale: Scale) -> Edges:
    """The pairs already proposed that may still be: always looked at, as they are worth more."""
    rows, columns = grid.pending
    totals = grid.totals(rows, columns)
    allowed = totals >= grid.least_total
    return Edges.of(grid, scale, rows[allowed], columns[allowed], totals[allowed])


def _reached(rounds: int, edges: Edges, chosen: Flags, surplus: int, grid: PairGrid, scale: Scale) -> Reached:
    """The value reached and the bounds: no set of pairs gains more than this one and all surpluses together."""
    pairs = int(chosen.sum())
    ties = int((edges.gains[chosen] % scale.unit).sum())
    value = int((edges.gains[chosen] // scale.unit).sum())
    most = value * scale.unit + ties + pairs * scale.paired + surplus
    if not scale.paired:
        return Reached(
            rounds=rounds, pairs=pairs, value=value, pairs_bound=pairs, value_bound=most // scale.unit
        )
    pairs_bound = min(most // scale.paired, len(grid.mentees), int(grid.places.sum()))
    above = min((most - pairs * scale.paired) // scale.unit, pairs * (grid.full_score + grid.keeping_bonus))
    return Reached(
        rounds=rounds, pairs=pairs, value=value, pairs_bound=pairs_bound, value_bound=max(value, above)
    )
