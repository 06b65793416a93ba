"""Pairs as a flow sees them, and the scale that makes one integer of what each is worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ponts_flows.decide.matching.grid import PairGrid
from ponts_flows.decide.matching.ties import TIE_BITS
from ponts_flows.decide.matching.tiles import Ints


@dataclass(frozen=True, kw_only=True)
class Scale:
    """What makes one integer of a pair's worth: being paired, before value, before tie.

    A pair gains `value * unit + tie`; `paired` exceeds the gains of any set of pairs, `unit` the ties of
    any set. `paired` is 0 where only the best pairs are wanted.
    """

    unit: int
    paired: int
    dropped_bits: int

    @classmethod
    def of(cls, grid: PairGrid) -> Scale:
        """The finest ties for which no sum overflows 63 bits, here or in the flow (costs × nodes)."""
        pairs = max(1, min(len(grid.mentees), int(grid.places.sum())))
        nodes = len(grid.mentees) + len(grid.mentors) + 3
        most = grid.full_score + grid.keeping_bonus + 1
        bits = min(TIE_BITS, (2**60 // (most * pairs * nodes)).bit_length() - 1)
        if bits < 0:
            raise OverflowError(f"{len(grid.mentees)} mentees and {len(grid.mentors)} mentors are too many")
        unit = pairs << bits
        paired = 0 if grid.programme.least_score else most * unit * pairs
        return cls(unit=unit, paired=paired, dropped_bits=TIE_BITS - bits)


@dataclass(frozen=True, kw_only=True)
class Edges:
    """Pairs that the flow may choose: rows, columns, totals and gains, by row then column, each pair once."""

    rows: Ints
    columns: Ints
    totals: Ints
    gains: Ints

    @classmethod
    def of(cls, grid: PairGrid, scale: Scale, rows: Ints, columns: Ints, totals: Ints) -> Edges:
        """These pairs with their gains, in order, each once."""
        _, kept = np.unique(rows.astype(np.int64) << 32 | columns, return_index=True)
        rows, columns, totals = rows[kept].astype(np.int32), columns[kept].astype(np.int32), totals[kept]
        gains = gains_of(grid, scale, rows, columns, totals)
        return cls(rows=rows, columns=columns, totals=totals, gains=gains)

    def joined(self, other: Edges) -> Edges:
        """These pairs and others."""
        rows, columns = np.concatenate([self.rows, other.rows]), np.concatenate([self.columns, other.columns])
        _, kept = np.unique(rows.astype(np.int64) << 32 | columns, return_index=True)
        totals, gains = (
            np.concatenate(both)[kept] for both in ((self.totals, other.totals), (self.gains, other.gains))
        )
        return Edges(rows=rows[kept], columns=columns[kept], totals=totals, gains=gains)


def gains_of(grid: PairGrid, scale: Scale, rows: Ints, columns: Ints, totals: Ints) -> Ints:
    """What single pairs of known totals gain: with the bonus of those already proposed, and their ties."""
    values = totals.astype(np.int64)
    pending_rows, pending_columns = grid.pending
    if pending_rows.size:
        pending = pending_rows << 32 | pending_columns
        pairs = rows.astype(np.int64) << 32 | columns
        place = np.minimum(np.searchsorted(pending, pairs), pending.size - 1)
        values = values + grid.keeping_bonus * (pending[place] == pairs)
    return np.asarray(values * scale.unit + (grid.ties(rows, columns) >> scale.dropped_bits))


def best_of_each(groups: Ints, values: Ints, number: int) -> Ints:
    """The places of the greatest values of each group, `number` at most, by group and then greatest first."""
    order = np.lexsort((-values, groups))
    starts = np.searchsorted(groups[order], groups[order])
    return np.asarray(order[np.arange(order.size) - starts < number])
