"""What choosing another mentor for someone would change for the others, at best.

Someone takes a place at another mentor, and leaves their own. Whoever had the other place moves on, and so
forth, until the place left is taken, or one that was free, or somebody has none: a shortest path among the
mentors, where a step costs what the one who moves would lose against the prices.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import starmap
from typing import NamedTuple

import numpy as np

from ponts_flows.decide.matching.edges import Edges
from ponts_flows.decide.matching.flow import Residual
from ponts_flows.decide.matching.grid import PairGrid
from ponts_flows.decide.matching.optimum import Optimum
from ponts_flows.decide.matching.tiles import Flags, Ints

NOBODY = -1


class Move(NamedTuple):
    """A mentee (row) who gets another mentor (column) with this total, or `NOBODY` and 0."""

    row: int
    column: int
    total: int


@dataclass(frozen=True, kw_only=True)
class Change:
    """All who would move, the one chosen for first; what all totals together lose; mentees who lose theirs."""

    moves: tuple[Move, ...]
    loss: int
    pairs_lost: int


class _Step(NamedTuple):
    """A mentee who could go to a mentor, and what that costs against the prices."""

    cost: int
    row: int
    column: int


class _Search:
    """The cheapest ways from one mentor to others, found as far as they are asked for (Dijkstra).

    None costs more than `most`, what it costs to give up a place there. As cheap to fill the place left as to
    leave another one: then nobody has to move twice.
    """

    def __init__(self, start: int, most: int, steps: dict[int, list[_Step]]) -> None:
        self.ways: dict[int, _Step] = {}
        self._most, self._steps = most, steps
        self._known = {start: 0}
        self._queue = [(0, start)]
        self._settled: set[int] = set()

    def reaches(self, goal: int) -> bool:
        """Whether there is a way to a mentor; its steps are then in `ways`, the last one by its column."""
        known, queue = self._known, self._queue
        while goal not in self._settled and queue:
            cost, here = heappop(queue)
            if here in self._settled:
                continue
            self._settled.add(here)
            limit = self._most - cost
            for step in self._steps.get(here, ()):
                more, _, column = step
                if more > limit:
                    break
                there = cost + more
                if column not in known or there < known[column]:
                    known[column] = there
                    self.ways[column] = step
                    heappush(queue, (there, column))
        return goal in self._settled


class Consequences:
    """The changes that follow from choosing a pair, for one optimum; among the pairs that its flow looked at."""

    def __init__(self, grid: PairGrid, optimum: Optimum) -> None:
        edges = optimum.edges
        residual = Residual(edges, optimum.chosen, grid, optimum.scale)
        least = residual.least()
        costs = least.present[edges.rows] + least.of_mentors[edges.columns] - residual.worth
        self._mentor_of = optimum.column_of_row.tolist()
        self._present = least.present.tolist()
        self._wanted = (least.of_mentors > 0).tolist()
        self._free = residual.free.tolist()
        # What it costs to give up a place of each mentor, to whoever is then worst off.
        self._leaving = (residual.greatest() - least.of_mentors).tolist()
        self._columns = len(grid.mentors)
        self._searches: dict[int, _Search] = {}
        self._without: dict[int, list[Move]] = {}
        keys = edges.rows.astype(np.int64) * self._columns + edges.columns
        self._total = dict(zip(keys.tolist(), edges.totals.tolist(), strict=True))
        # From each mentor, who could leave for which other, cheapest first; and to each, who would come for nothing.
        here = optimum.column_of_row[edges.rows]
        near = (here >= 0) & (here != edges.columns) & (costs <= max(self._leaving, default=0))
        self._steps = _by_group(here, costs, edges, near)
        self._comers = _by_group(edges.columns, costs, edges, (costs == 0) & (here != edges.columns))
        self._mentees_of: defaultdict[int, list[int]] = defaultdict(list)
        for row, column in enumerate(self._mentor_of):
            self._mentees_of[column].append(row)

    def of(self, row: int, column: int, total: int) -> Change:
        """What would change if the mentee of a row were given the mentor of a column.

        `total`: of that pair, which breaks no rule.
        """
        left = self._mentor_of[row]
        moves = [Move(row=row, column=column, total=total), *self._room_made(column, left)]
        if left != NOBODY and moves[-1].column != left:
            moves += self._filling(left, {move.row for move in moves})
        before = [self._mentor_of[move.row] for move in moves]
        had = sum(
            self._total[move.row * self._columns + at]
            for move, at in zip(moves, before, strict=True)
            if at >= 0
        )
        return Change(
            moves=tuple(moves),
            loss=had - sum(move.total for move in moves),
            pairs_lost=sum(move.column == NOBODY for move in moves) - before.count(NOBODY),
        )

    def _room_made(self, start: int, left: int) -> list[Move]:
        """The cheapest way to make room at a mentor: who moves where, up to the place left or anywhere else."""
        if start not in self._searches:
            self._searches[start] = _Search(start, self._leaving[start], self._steps)
        search = self._searches[start]
        if not search.reaches(left):
            if start not in self._without:
                self._without[start] = self._given_up(start)
            return self._without[start]
        moves = []
        while left != start:
            step = search.ways[left]
            moves.append(self._move(step.row, left))
            left = self._mentor_of[step.row]
        return moves[::-1]

    def _given_up(self, here: int) -> list[Move]:
        """The moves by which a place of a mentor is given up at the least cost."""
        moves: list[Move] = []
        passed = {here}
        while not self._free[here]:
            owed = self._leaving[here]
            alone = next((row for row in self._mentees_of[here] if self._present[row] == owed), None)
            if alone is not None:
                return [*moves, Move(row=alone, column=NOBODY, total=0)]
            step = next(
                step
                for step in self._steps[here]
                if step.column not in passed and step.cost + self._leaving[step.column] == owed
            )
            here = step.column
            passed.add(here)
            moves.append(self._move(step.row, here))
        return moves

    def _filling(self, left: int, moved: set[int]) -> list[Move]:
        """Who takes the place left, and so forth, at no cost, up to someone alone or a place nobody else wants."""
        queue: list[int] = [left]
        ways: dict[int, list[Move]] = {left: []}
        for here in queue:
            for _, row, _ in self._comers.get(here, ()) if self._wanted[here] else ():
                came_from = self._mentor_of[row]
                if row in moved or came_from in ways:
                    continue
                moves = [self._move(row, here), *ways[here]]
                if came_from == NOBODY or not self._wanted[came_from]:
                    return moves
                ways[came_from] = moves
                queue.append(came_from)
        return []

    def _move(self, row: int, column: int) -> Move:
        return Move(row, column, self._total[row * self._columns + column])


def _by_group(groups: Ints, costs: Ints, edges: Edges, marks: Flags) -> dict[int, list[_Step]]:
    """Some pairs as steps, by group, the cheapest first."""
    places = np.flatnonzero(marks)
    places = places[np.lexsort((costs[places], groups[places]))]
    steps = list(
        starmap(
            _Step, zip(*(part[places].tolist() for part in (costs, edges.rows, edges.columns)), strict=True)
        )
    )
    known, starts = np.unique(groups[places], return_index=True)
    bounds = [*starts.tolist(), places.size]
    return {group: steps[bounds[at] : bounds[at + 1]] for at, group in enumerate(known.tolist())}
