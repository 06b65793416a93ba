"""The matching of this project on an invented pool: what the benchmark runs in processes of their own.

    python -m tests.bench.matching_ours instance MENTEES FILE
    python -m tests.bench.matching_ours pairs|explained|growth MENTEES

Each prints its result as JSON; seconds are from the pool in memory to the pairs.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from ponts_flows.decide.matching import Reached, propose
from ponts_flows.decide.matching.grid import PairGrid
from ponts_flows.decide.matching.propose import solved
from ponts_flows.programme import Programme
from tests.bench import instances
from tests.bench.pools import a_pool

PROGRAMME = Programme()
NEAR = 1e-4
"""The gap that is as good as none: 0.01 %."""


def instance(mentees: int, path: Path) -> None:
    """Write the totals of all pairs of a pool, its people in the order of the grid."""
    grid = PairGrid(a_pool(mentees), PROGRAMME)
    columns = np.arange(len(grid.mentors))
    totals = (grid.totals(np.full(columns.size, row), columns) for row in range(len(grid.mentees)))
    lines = (np.where(line < grid.least_total, instances.FORBIDDEN, line).astype(int) for line in totals)
    instances.write(path, grid.places.tolist(), (line.tolist() for line in lines))


def pairs(mentees: int) -> dict[str, Any]:
    """The pairs alone, as lines and columns of the instance."""
    pool = a_pool(mentees)
    began = time.perf_counter()
    _, optimum = solved(pool, PROGRAMME)
    seconds = time.perf_counter() - began
    chosen = [(row, column) for row, column in enumerate(optimum.column_of_row.tolist()) if column >= 0]
    return {"seconds": seconds, "pairs": chosen}


def explained(mentees: int) -> dict[str, Any]:
    """The pairs with all that is said of them and of who is left."""
    pool = a_pool(mentees)
    began = time.perf_counter()
    found = propose(pool, PROGRAMME)
    seconds = time.perf_counter() - began
    grid = PairGrid(pool, PROGRAMME)
    chosen = [(grid.row_of[one.mentee_id], grid.column_of[one.mentor_id]) for one in found.proposals]
    return {"seconds": seconds, "pairs": chosen}


def growth(mentees: int) -> dict[str, Any]:
    """When a search is near enough, when it has its proof; rounds are told as they come."""
    pool = a_pool(mentees)
    rounds: list[tuple[float, Reached]] = []
    began = time.perf_counter()

    def watch(reached: Reached) -> bool:
        rounds.append((time.perf_counter() - began, reached))
        told = f"{reached.pairs:,} pairs, gap {100 * reached.gap:.2g} %"
        print(f"  {mentees:,} mentees, {rounds[-1][0]:.1f} s: {told}", file=sys.stderr, flush=True)
        return False

    solved(pool, PROGRAMME, watch=watch)
    near, then = next((seconds, reached) for seconds, reached in rounds if reached.gap < NEAR)
    last, reached = rounds[-1]
    assert reached.gap == 0
    return {
        "mentors": len(pool.mentors),
        "pairs": reached.pairs,
        "near": near,
        "gap": then.gap,
        "seconds": last,
        "rounds": reached.rounds,
    }


def main(what: str, mentees: str, *file: str) -> None:
    """Do what is asked and print the result."""
    if what == "instance":
        instance(int(mentees), Path(*file))
    else:
        print(json.dumps({"pairs": pairs, "explained": explained, "growth": growth}[what](int(mentees))))


if __name__ == "__main__":
    main(*sys.argv[1:])
