"""Other ways to choose the pairs of an instance (see `instances`), each told all there is to know of it.

    python -m tests.bench.matching_peers greedy|dense|sparse FILE

Prints the pairs as JSON, and the seconds from the totals in memory to the pairs.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Chosen = tuple[Ints, Ints]
"""Lines and columns of pairs."""


def greedy(places: Ints, totals: Ints) -> Chosen:
    """The best pair left, again and again."""
    rows, columns = np.nonzero(totals >= 0)
    order = np.argsort(-totals[rows, columns], kind="stable")
    left, alone = places.tolist(), [True] * len(totals)
    chosen: list[tuple[int, int]] = []
    for row, column in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        if alone[row] and left[column]:
            alone[row] = False
            left[column] -= 1
            chosen.append((row, column))
    both = np.array(chosen, dtype=np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def dense(places: Ints, totals: Ints) -> Chosen:
    """The assignment problem on a full matrix: a column for each place, 0 for a pair that may not be."""
    from scipy.optimize import linear_sum_assignment

    mentors = np.repeat(np.arange(places.size), places)
    totals = totals[:, mentors]
    worth = np.where(totals >= 0, totals + _paired(totals), 0).astype(np.float64)
    rows, columns = linear_sum_assignment(worth, maximize=True)
    real = worth[rows, columns] > 0
    return rows[real], mentors[columns[real]]


def sparse(places: Ints, totals: Ints) -> Chosen:
    """The same, with the pairs that may be alone, and for each mentee a column that stands for nobody."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    mentors = np.repeat(np.arange(places.size), places)
    totals = totals[:, mentors]
    rows, columns = np.nonzero(totals >= 0)
    everyone = np.arange(len(totals))
    worth = np.concatenate([totals[rows, columns] + _paired(totals), np.ones(everyone.size)])
    at = np.concatenate([rows, everyone]), np.concatenate([columns, mentors.size + everyone])
    shape = everyone.size, mentors.size + everyone.size
    graph = coo_array((worth, at), shape=shape).tocsr()
    rows, columns = min_weight_full_bipartite_matching(graph, maximize=True)
    real = columns < mentors.size
    return rows[real], mentors[columns[real]]


def _paired(totals: Ints) -> int:
    """What being paired is worth by itself: more than all totals, so that most mentees come first."""
    return (int(totals.max()) + 1) * min(totals.shape) + 1


PEERS: dict[str, Callable[[Ints, Ints], Chosen]] = {"greedy": greedy, "dense": dense, "sparse": sparse}


def read(path: Path) -> tuple[Ints, Ints]:
    """Places and totals of an instance."""
    with path.open() as file:
        places = np.array(file.readline().split(","), dtype=np.int64)
        return places, np.loadtxt(file, dtype=np.int64, delimiter=",", ndmin=2)


def main(name: str, path: str) -> None:
    """Choose pairs and print them."""
    places, totals = read(Path(path))
    PEERS[name](np.ones(1, dtype=np.int64), np.ones((1, 1), dtype=np.int64))  # what a first call loads
    began = time.perf_counter()
    rows, columns = PEERS[name](places, totals)
    seconds = time.perf_counter() - began
    pairs = list(zip(rows.tolist(), columns.tolist(), strict=True))
    print(json.dumps({"seconds": seconds, "pairs": pairs}))


if __name__ == "__main__":
    main(*sys.argv[1:])
