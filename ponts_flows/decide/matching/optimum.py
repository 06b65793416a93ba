"""The best pairs there are: as many mentees as possible, then the best total, then the order of ties.

The flow only sees a shortlist of pairs: the best ones of each mentee and of each mentor. Its answer gives
each mentor a price (how much they are wanted) by which every pair of the pool is then checked: a pair
worth more than its mentor's price and its mentee's present gain could improve the whole. Such pairs are
added and the flow is solved again, until there are none: the answer is then the optimum over all pairs,
and the prices are the proof (linear programming duality).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from ponts_flows.decide.matching.grid import FORBIDDEN, PairGrid, greatest
from ponts_flows.decide.matching.tables import Flags, Ints, Rows
from ponts_flows.decide.matching.ties import TIE_BITS

BEST_OF_MENTEE = 20
BEST_OF_MENTOR = 10
"""Both sides are needed: mentees' lists alone crowd on the same mentors and leave others without anyone."""

ADDED_PER_MENTEE = 10
"""Improving pairs added per mentee and round."""


@dataclass(frozen=True, kw_only=True)
class Optimum:
    """The chosen pairs as columns by row (-1: nobody), and in how many rounds.

    `proven`: no pair of the whole grid beats the prices.
    """

    column_of_row: Ints
    rounds: int
    proven: bool


@dataclass(frozen=True, kw_only=True)
class _Scale:
    """What makes one integer of a pair's worth: being paired, before value, before tie.

    A pair gains `value * unit + tie`; `paired` exceeds the gains of any set of pairs, `unit` the ties of
    any set.
    """

    unit: int
    paired: int
    dropped_bits: int

    @classmethod
    def of(cls, grid: PairGrid) -> _Scale:
        """The finest ties for which no sum overflows 63 bits, here or in the flow (costs × nodes)."""
        pairs = max(1, min(len(grid.mentees), int(grid.places.sum())))
        nodes = len(grid.mentees) + len(grid.mentors) + 2
        most = grid.full_score + grid.keeping_bonus + 1
        bits = min(TIE_BITS, (2**60 // (most * pairs * nodes)).bit_length() - 1)
        if bits < 0:
            raise OverflowError(f"{len(grid.mentees)} mentees and {len(grid.mentors)} mentors are too many")
        unit = pairs << bits
        return cls(unit=unit, paired=most * unit * pairs, dropped_bits=TIE_BITS - bits)


@dataclass(frozen=True, kw_only=True)
class _Edges:
    """Pairs that the flow may choose: rows, columns and gains, sorted by row then column, each pair once."""

    rows: Ints
    columns: Ints
    gains: Ints

    def joined(self, other: _Edges) -> _Edges:
        """These pairs and others."""
        rows, columns = np.concatenate([self.rows, other.rows]), np.concatenate([self.columns, other.columns])
        gains = np.concatenate([self.gains, other.gains])
        _, kept = np.unique(rows << 32 | columns, return_index=True)
        return _Edges(rows=rows[kept], columns=columns[kept], gains=gains[kept])


def best_pairs(
    grid: PairGrid, *, per_mentee: int = BEST_OF_MENTEE, per_mentor: int = BEST_OF_MENTOR
) -> Optimum:
    """Find the best pairs over all allowed pairs of the grid.

    `per_mentee`, `per_mentor`: length of the first shortlists, at least 1: a matter of time, not of result.
    """
    nobody = np.full(len(grid.mentees), -1, dtype=np.int64)
    scale = _Scale.of(grid)
    column_of_row, rounds, edges = nobody, 0, _no_edges()
    improving = _shortlist(grid, scale, per_mentee=per_mentee, per_mentor=per_mentor)
    while improving.rows.size:
        rounds += 1
        edges = edges.joined(improving)
        chosen = _flow(edges, grid)
        column_of_row = nobody.copy()
        column_of_row[edges.rows[chosen]] = edges.columns[chosen]
        prices, present = _prices(edges, chosen, grid, scale)
        improving = _improving(grid, scale, prices, present)
    return Optimum(column_of_row=column_of_row, rounds=rounds, proven=not improving.rows.size)


def _gains(grid: PairGrid, rows: Rows, scale: _Scale) -> Ints:
    """The gain of every pair of some rows, `FORBIDDEN` where there can be none."""
    found = grid.values(rows) * scale.unit + (grid.ties(rows) >> scale.dropped_bits)
    found[~(grid.allowed(rows) & (grid.places > 0))] = FORBIDDEN
    return found


def _shortlist(grid: PairGrid, scale: _Scale, *, per_mentee: int, per_mentor: int) -> _Edges:
    """The best pairs of each mentee and the best of each mentor."""
    found = _no_edges()
    of_mentors = found
    for rows in grid.blocks():
        gains = _gains(grid, rows, scale)
        found = found.joined(_picked(gains, rows, greatest(gains, per_mentee)))
        of_block = _picked(gains, rows, greatest(gains.T, per_mentor).T)
        of_mentors = _best_of_mentors(of_mentors.joined(of_block), per_mentor)
    return found.joined(of_mentors)


def _best_of_mentors(edges: _Edges, number: int) -> _Edges:
    """The best few pairs of each mentor."""
    order = np.lexsort((-edges.gains, edges.columns))
    columns = edges.columns[order]
    starts = np.searchsorted(columns, columns)
    kept = np.sort(order[np.arange(columns.size) - starts < number])
    return _Edges(rows=edges.rows[kept], columns=edges.columns[kept], gains=edges.gains[kept])


def _picked(gains: Ints, rows: Rows, marks: Flags) -> _Edges:
    lines, columns = np.nonzero(marks)
    return _Edges(
        rows=rows[lines].astype(np.int64), columns=columns.astype(np.int64), gains=gains[lines, columns]
    )


def _flow(edges: _Edges, grid: PairGrid) -> Flags:
    """Mark the pairs of the greatest flow of least cost, from mentees to mentors' places."""
    solver = SimpleMinCostFlow()
    mentees = len(grid.mentees)
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        edges.rows.astype(np.int32),
        (edges.columns + mentees).astype(np.int32),
        np.ones(edges.rows.size, dtype=np.int64),
        edges.gains.max() - edges.gains,
    )
    people = np.arange(mentees + len(grid.mentors), dtype=np.int32)
    supplies = np.concatenate([np.ones(mentees, dtype=np.int64), -grid.places])
    solver.set_nodes_supplies(people, supplies)
    status = solver.solve_max_flow_with_min_cost()
    if status != solver.OPTIMAL:
        raise ArithmeticError(f"the flow solver stopped with {status}")
    flows: NDArray[np.int64] = solver.flows(arcs)
    return np.asarray(flows > 0)


def _prices(edges: _Edges, chosen: Flags, grid: PairGrid, scale: _Scale) -> tuple[Ints, Ints]:
    """The least prices of mentors that explain the flow, and what each mentee presently gains above them.

    Bellman-Ford on the pairs of the shortlist: a mentor costs at least what anyone else would give for
    the place. A mentor with a place left costs nothing, a mentee left alone gains nothing.
    """
    worth = edges.gains + scale.paired
    by_column = np.argsort(edges.columns, kind="stable")
    columns, first = np.unique(edges.columns[by_column], return_index=True)
    prices = np.zeros(len(grid.mentors), dtype=np.int64)
    present = np.zeros(len(grid.mentees), dtype=np.int64)
    for _ in range(columns.size + 1):
        present[edges.rows[chosen]] = worth[chosen] - prices[edges.columns[chosen]]
        offers = np.maximum.reduceat((worth - present[edges.rows])[by_column], first)
        raised = np.maximum(prices[columns], offers)
        if np.array_equal(raised, prices[columns]):
            return _proven(prices, chosen, edges, grid), present
        prices[columns] = raised
    raise ArithmeticError("the flow is not the best of its own pairs")


def _proven(prices: Ints, chosen: Flags, edges: _Edges, grid: PairGrid) -> Ints:
    """The prices, if they are a proof: every mentor with a place left costs nothing."""
    used = np.bincount(edges.columns[chosen], minlength=len(grid.mentors))
    if np.any(used > grid.places) or np.any(prices[used < grid.places] > 0):
        raise ArithmeticError("the flow is not the best of its own pairs")
    return prices


def _improving(grid: PairGrid, scale: _Scale, prices: Ints, present: Ints) -> _Edges:
    """The allowed pairs of the whole grid that beat the prices, the best few of each mentee."""
    found = _no_edges()
    for rows in grid.blocks():
        gains = _gains(grid, rows, scale)
        surplus = gains + scale.paired - prices - present[rows][:, None]
        surplus[(gains == FORBIDDEN) | (surplus <= 0)] = FORBIDDEN
        found = found.joined(_picked(gains, rows, greatest(surplus, ADDED_PER_MENTEE)))
    return found


def _no_edges() -> _Edges:
    none = np.empty(0, dtype=np.int64)
    return _Edges(rows=none, columns=none, gains=none)
