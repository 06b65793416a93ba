"""From a pool to proposals."""

from __future__ import annotations

import hashlib

from ponts_flows.decide.matching.explain import fairness, near_misses, proposals
from ponts_flows.decide.matching.grid import PairGrid
from ponts_flows.decide.matching.leftover import unpaired
from ponts_flows.decide.matching.optimum import Optimum, Watch, best_pairs, to_the_end
from ponts_flows.decide.matching.outcome import Matching, Proof
from ponts_flows.decide.matching.pool import Pair, Pool
from ponts_flows.memory import collector_at_rest
from ponts_flows.programme import Programme


def propose(pool: Pool, programme: Programme, *, watch: Watch = to_the_end) -> Matching:
    """Pair as many mentees as can be, with the best total score, and explain the result.

    With a least score in the programme, only pairs of that score at least, with the best total, however many.
    No pair breaks a hard rule, no place is used twice. The order of the pool's people changes nothing. Of
    two equally good results, the one with the greater sum of `ties` is taken. `watch` is told of each round
    and may stop there, with the bound reached.
    """
    with collector_at_rest():
        return explained(*solved(pool, programme, watch=watch))


def explained(grid: PairGrid, optimum: Optimum) -> Matching:
    """The pairs that were chosen, with all that can be told of them."""
    found = proposals(grid, optimum)
    return Matching(
        proposals=found,
        unpaired=unpaired(grid, optimum.column_of_row),
        near_misses=near_misses(grid, optimum.column_of_row),
        proof=_proof(grid, optimum),
        fairness=fairness(grid, found),
    )


def best_of(pool: Pool, programme: Programme, *, watch: Watch = to_the_end) -> frozenset[Pair]:
    """The pairs of `propose`, unexplained: a tenth of the time."""
    grid, optimum = solved(pool, programme, watch=watch)
    columns = optimum.column_of_row.tolist()
    return frozenset(
        (grid.mentees[row].id, grid.mentors[column].id) for row, column in enumerate(columns) if column >= 0
    )


def solved(pool: Pool, programme: Programme, *, watch: Watch = to_the_end) -> tuple[PairGrid, Optimum]:
    """The pairs of `propose` as rows and columns of a grid, with what proves and explains them."""
    with collector_at_rest():
        grid = PairGrid(pool, programme)
        return grid, best_pairs(grid, watch=watch)


def input_hash(pool: Pool, programme: Programme) -> str:
    """A digest of all that decides on the pairs, the same whatever the order of people: 64 hexadecimal digits."""
    settings = (programme.weights, sorted(programme.required), programme.least_score, programme.keeping_bonus)
    lines = [
        *sorted(f"mentee {person!r}" for person in pool.mentees),
        *sorted(f"mentor {person!r}" for person in pool.mentors),
        *sorted(f"never {pair}" for pair in pool.never),
        *sorted(f"pending {pair}" for pair in pool.pending),
        f"settings {settings!r} {programme.least_gap_years} {programme.near_gap_years}",
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _proof(grid: PairGrid, optimum: Optimum) -> Proof:
    reached = optimum.reached
    pairs = optimum.column_of_row >= 0
    chosen = optimum.edges.totals[optimum.chosen]
    kept = sum(
        (grid.mentees[row].id, grid.mentors[int(optimum.column_of_row[row])].id) in grid.pool.pending
        for row in pairs.nonzero()[0].tolist()
    )
    return Proof(
        input_hash=input_hash(grid.pool, grid.programme),
        pairs=reached.pairs,
        pairs_bound=reached.pairs_bound,
        total=int(chosen.sum()),
        value=reached.value,
        value_bound=reached.value_bound,
        kept=kept,
        keeping_bonus=grid.keeping_bonus,
        rounds=reached.rounds,
    )
