"""From a pool to proposals."""

from __future__ import annotations

from ponts_flows.decide.matching.explain import near_misses, proposals
from ponts_flows.decide.matching.grid import PairGrid
from ponts_flows.decide.matching.leftover import tally, unpaired
from ponts_flows.decide.matching.optimum import best_pairs
from ponts_flows.decide.matching.outcome import Matching, Proof
from ponts_flows.decide.matching.pool import Pool
from ponts_flows.programme import Programme


def propose(pool: Pool, programme: Programme) -> Matching:
    """Pair as many mentees as can be, with the best total score, and explain the result.

    No pair breaks a hard rule, no place is used twice. The order of the pool's people changes nothing. Of
    two equally good results, the one with the greater sum of `ties` is taken.
    """
    grid = PairGrid(pool, programme)
    optimum = best_pairs(grid)
    found = proposals(grid, optimum.column_of_row)
    counts = tally(grid)
    return Matching(
        proposals=found,
        unpaired=unpaired(grid, optimum.column_of_row, counts),
        near_misses=near_misses(grid, optimum.column_of_row),
        proof=Proof(
            most_pairs=len(found),
            total=sum(proposal.total for proposal in found),
            kept=sum(proposal.kept for proposal in found),
            keeping_bonus=grid.keeping_bonus,
            pairs_possible=counts.pairs_possible,
            rounds=optimum.rounds,
            optimal=optimum.proven,
        ),
    )
