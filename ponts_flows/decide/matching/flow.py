"""The flow from mentees to mentors' places, and the prices that explain it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from ponts_flows.decide.matching.edges import Edges, Scale
from ponts_flows.decide.matching.grid import PairGrid
from ponts_flows.decide.matching.tiles import Flags, Ints, ragged

NOT_BEST = "the flow is not the best of its own pairs"


@dataclass(frozen=True, kw_only=True)
class Prices:
    """What explains a flow, in its own units: shapes (mentors,) and (mentees,).

    `of_mentors`: the price of a place, 0 where one is free.
    `present`: what each mentee gains above the price; 0 for who has nobody.
    """

    of_mentors: Ints
    present: Ints


def best_flow(edges: Edges, grid: PairGrid, scale: Scale) -> Flags:
    """Mark the pairs of the best flow: greatest first, unless being paired is worth nothing by itself."""
    if not edges.rows.size:
        return np.zeros(0, dtype=np.bool_)
    solver = SimpleMinCostFlow()
    mentees, mentors = len(grid.mentees), len(grid.mentors)
    most = int(edges.gains.max())
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        edges.rows, edges.columns + mentees, np.ones(edges.rows.size, dtype=np.int64), most - edges.gains
    )
    people = np.arange(mentees + mentors, dtype=np.int32)
    solver.set_nodes_supplies(people, np.concatenate([np.ones(mentees, dtype=np.int64), -grid.places]))
    if not scale.paired:
        nobody = mentees + mentors
        alone = np.arange(mentees, dtype=np.int32)
        solver.add_arcs_with_capacity_and_unit_cost(
            alone,
            np.full(mentees, nobody, dtype=np.int32),
            np.ones(mentees, dtype=np.int64),
            np.full(mentees, most, dtype=np.int64),
        )
        solver.set_node_supply(nobody, -mentees)
    status = solver.solve_max_flow_with_min_cost()
    if status != solver.OPTIMAL:
        raise ArithmeticError(f"the flow solver stopped with {status}")
    flows: NDArray[np.int64] = solver.flows(arcs)
    return np.asarray(flows > 0)


class Residual:
    """A best flow, as the prices that explain it see it: its pairs by mentee and by mentor."""

    def __init__(self, edges: Edges, chosen: Flags, grid: PairGrid, scale: Scale) -> None:
        self.edges, self._places = edges, grid.places
        self.worth = edges.gains + scale.paired
        self.starts = np.searchsorted(edges.rows, np.arange(len(grid.mentees) + 1))
        self.taken = np.flatnonzero(chosen)
        self.taken = self.taken[np.argsort(edges.columns[self.taken], kind="stable")]
        self.taken_starts = np.searchsorted(edges.columns[self.taken], np.arange(len(grid.mentors) + 1))
        self.free = np.diff(self.taken_starts) < grid.places

    def least(self, prices: Ints | None = None) -> Prices:
        """The least prices not below given ones (0 unless given).

        A mentor costs at least what anyone else would give for the place. A mentor with a place left costs
        nothing, a mentee left alone gains nothing. (Bellman-Ford, from those who would gain by moving.)
        """
        edges, worth, taken = self.edges, self.worth, self.taken
        prices = np.zeros(self.free.size, dtype=np.int64) if prices is None else prices.copy()
        present = np.zeros(self.starts.size - 1, dtype=np.int64)
        present[edges.rows[taken]] = worth[taken] - prices[edges.columns[taken]]
        rows = np.arange(present.size)
        for _ in range(prices.size + 2):
            at = ragged(self.starts[rows], self.starts[rows + 1] - self.starts[rows])
            columns = edges.columns[at]
            offers = worth[at] - present[edges.rows[at]]
            more = np.flatnonzero(offers > prices[columns])
            if not more.size:
                return self._checked(Prices(of_mentors=prices, present=present))
            np.maximum.at(prices, columns[more], offers[more])
            raised = np.unique(columns[more])
            lengths = self.taken_starts[raised + 1] - self.taken_starts[raised]
            moved = taken[ragged(self.taken_starts[raised], lengths)]
            rows = edges.rows[moved]
            present[rows] = worth[moved] - prices[edges.columns[moved]]
        raise ArithmeticError(NOT_BEST)

    def greatest(self) -> Ints:
        """The greatest prices of mentors: what one place less would lose; shape (mentors,)."""
        edges, worth, taken = self.edges, self.worth, self.taken
        order = np.argsort(edges.columns, kind="stable")
        starts = np.searchsorted(edges.columns[order], np.arange(self.free.size + 1))
        mine = np.full(self.starts.size - 1, -1)
        mine[edges.rows[taken]] = taken
        prices = np.full(self.free.size, np.iinfo(np.int64).max)
        np.minimum.at(prices, edges.columns[taken], worth[taken])
        prices[self.free] = 0
        present = np.zeros(self.starts.size - 1, dtype=np.int64)
        columns = np.flatnonzero(np.diff(self.taken_starts) + self.free)
        for _ in range(present.size + 2):
            at = order[ragged(starts[columns], starts[columns + 1] - starts[columns])]
            rows = edges.rows[at]
            offers = worth[at] - prices[edges.columns[at]]
            more = np.flatnonzero(offers > present[rows])
            if not more.size:
                return prices
            np.maximum.at(present, rows[more], offers[more])
            pairs = mine[np.unique(rows[more])]
            if pairs.min() < 0:
                break
            columns = edges.columns[pairs]
            before = prices[columns]
            np.minimum.at(prices, columns, worth[pairs] - present[edges.rows[pairs]])
            columns = np.unique(columns[prices[columns] < before])
        raise ArithmeticError(NOT_BEST)

    def _checked(self, prices: Prices) -> Prices:
        """The prices, if they are a proof: nobody loses, and a mentor with a place left costs nothing."""
        used = np.diff(self.taken_starts)
        if (
            np.any(used > self._places)
            or np.any(prices.of_mentors[self.free] > 0)
            or np.any(prices.present < 0)
        ):
            raise ArithmeticError(NOT_BEST)
        return prices


def central_prices(residual: Residual, paired: int) -> Prices:
    """Prices half-way between the least and the greatest: fewer pairs beat them.

    Where these are whole mentees (`paired`) apart, the least are as good as any.
    """
    least = residual.least().of_mentors
    between = residual.greatest() - least
    if paired:
        between[between >= paired // 2] = 0
    return residual.least(least + between // 2)
