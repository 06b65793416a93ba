"""All pairs gone through: for the shortlists to begin with, and for those that beat the prices."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from threadpoolctl import threadpool_limits

from ponts_flows.decide.matching.edges import Edges, Scale, best_of_each, gains_of
from ponts_flows.decide.matching.flow import Prices
from ponts_flows.decide.matching.grid import Chunk, PairGrid
from ponts_flows.decide.matching.tiles import WIDTH, Floats, Ints

ADDED_PER_MENTEE = 10
"""Improving pairs added per mentee and round."""

EXACT = 2**20
LEVEL = 2**21
NEAR_LEVEL = 2**17
"""Prices in single precision: as they are up to `EXACT`; above, see `in_single`."""

SPARE = 4
"""Pairs more than are asked for, as some may not be."""

ALLOWED = -(LEVEL + 2 * NEAR_LEVEL)
"""What no allowed pair is below, less its price."""

TOP = 2**23
"""What no value exceeds."""

T = TypeVar("T")
S = TypeVar("S")


@dataclass(frozen=True, kw_only=True)
class Guess:
    """What is known of mentors before the first flow, in units of value; shapes (mentors,).

    `prices`: as `in_single` writes them. `listed_from`: what a pair, less the price, must be worth to be
    among the best of its mentor; None where that is not asked.
    """

    prices: Ints
    listed_from: Floats | None


def guess(grid: PairGrid, rows: Ints, present: Ints, *, per_mentor: int) -> Guess:
    """Guess from some mentees, `present` being what they would gain anyhow: 0, or known from a smaller pool.

    A mentor's price is what the keenest of these mentees would give. They are dealt into groups, of which
    the best pair is taken: the least of these is worth less than `per_mentor` others, in a whole pool.
    """
    part = rows.size / max(1, len(grid.mentees))
    groups = max(1, round(0.6 * per_mentor * part)) if part < 1 else per_mentor
    gained = np.zeros(len(grid.mentees), dtype=np.int64)
    gained[rows] = present
    product = grid.priced(gained, np.zeros(len(grid.mentors), dtype=np.int64))
    chunks = grid.chunks(rows)

    def visit(tile: int) -> tuple[Floats, Floats]:
        width = min(WIDTH, len(grid.mentors) - tile * WIDTH)
        best = np.full((groups, width), grid.least_total, dtype=np.float32)
        keenest = np.zeros(width, dtype=np.float32)
        for chunk in chunks:
            if tile in chunk.tiles:
                values, offset = grid.tile(chunk, tile, product=product)
                values += offset
                of_tile = slice(values.shape[1])
                np.maximum(keenest[of_tile], values.max(axis=0), out=keenest[of_tile])
                values += gained[chunk.rows].astype(np.float32)[:, None]
                for group in range(min(groups, chunk.rows.size)):
                    here = best[(chunk.rows[0] + group) % groups, of_tile]
                    np.maximum(here, values[group::groups].max(axis=0), out=here)
        return keenest, best.min(axis=0)

    found = side_by_side(visit, range(-(-len(grid.mentors) // WIDTH)))
    nothing = np.empty(0, dtype=np.float32)
    prices = np.concatenate([nothing, *(keenest for keenest, _ in found)]).astype(np.int64)
    if not gained.any():
        prices = np.zeros_like(prices)
    listed_from = np.concatenate([nothing, *(least for _, least in found)]) - prices.astype(np.float32)
    return Guess(prices=prices, listed_from=listed_from)


def shortlist(grid: PairGrid, scale: Scale, guess: Guess, *, per_mentee: int, per_mentor: int) -> Edges:
    """The best pairs of each mentee, prices taken off, and the best ones of each mentor."""
    product = grid.priced(np.zeros(len(grid.mentees), dtype=np.int64), guess.prices)

    def visit(chunk: Chunk) -> tuple[Marked, Marked]:
        return _best_of_chunk(grid, chunk, product, guess, per_mentee)

    found = side_by_side(visit, grid.chunks())
    of_mentors = Marked.joined([other for _, other in found])
    of_mentors = of_mentors.at(best_of_each(of_mentors.columns, of_mentors.totals, per_mentor))
    listed = Marked.joined([*(one for one, _ in found), of_mentors])
    return listed.at(np.flatnonzero(~grid.apart(listed.rows, listed.columns))).edges(grid, scale)


def best_of_mentees(grid: PairGrid, number: int) -> Marked:
    """The best pairs of each mentee, by row, then best first, then by column: `number`, if there are as many."""
    no_prices = np.zeros(len(grid.mentors), dtype=np.int64)
    unknown = Guess(prices=no_prices, listed_from=None)
    product = grid.priced(np.zeros(len(grid.mentees), dtype=np.int64), no_prices)
    chunks = grid.chunks()
    some = number + SPARE
    found = side_by_side(lambda chunk: _best_of_chunk(grid, chunk, product, unknown, some)[0], chunks)
    listed = Marked.joined(found)
    full = np.bincount(listed.rows, minlength=len(grid.mentees)) == some
    listed = listed.at(np.flatnonzero(~grid.apart(listed.rows, listed.columns)))
    # Where some of the best may not be for an employer or an earlier refusal, there may be others after them.
    short = np.flatnonzero(full & (np.bincount(listed.rows, minlength=full.size) < number))
    others = listed.at(np.flatnonzero(~np.isin(listed.rows, short)))
    return Marked.joined([others, *(_all_of(grid, row) for row in short.tolist())]).best(number)


def _all_of(grid: PairGrid, row: int) -> Marked:
    """All pairs of a mentee that may be."""
    columns = np.arange(len(grid.mentors))
    rows = np.full(columns.size, row)
    totals = grid.totals(rows, columns)
    return Marked.of(rows, columns, totals).at(np.flatnonzero(totals >= grid.least_total))


def improving(grid: PairGrid, scale: Scale, prices: Prices) -> tuple[Edges, int]:
    """The pairs that beat the prices, the best few of each mentee, and what all mentees could gain at most."""
    mentor = in_single(prices.of_mentors // scale.unit, scale)
    mentee = in_single((prices.present - scale.paired) // scale.unit, scale)
    product = grid.priced(mentee, mentor)

    def visit(chunk: Chunk) -> tuple[Marked, int]:
        parts = []
        for tile in chunk.tiles:
            values, offset = grid.tile(chunk, tile, product=product)
            lines, columns = np.divmod(np.flatnonzero(values >= -offset), values.shape[1])
            if lines.size:
                worth = values[lines, columns] + offset[columns]
                rows, columns = chunk.rows[lines], columns + tile * WIDTH
                totals = worth.astype(np.int64) + mentee[rows] + mentor[columns]
                parts.append(Marked.of(rows, columns, totals))
        return best_of(Marked.joined(parts))

    def best_of(found: Marked) -> tuple[Marked, int]:
        found = found.at(np.flatnonzero(found.totals >= grid.least_total))
        found = found.at(np.flatnonzero(~grid.apart(found.rows, found.columns)))
        surplus = gains_of(grid, scale, found.rows, found.columns, found.totals) + scale.paired
        surplus -= prices.of_mentors[found.columns] + prices.present[found.rows]
        better = np.flatnonzero(surplus > 0)
        better = better[best_of_each(found.rows[better], surplus[better], ADDED_PER_MENTEE)]
        first = better[np.flatnonzero(np.diff(found.rows[better], prepend=-1))]
        return found.at(better), sum(surplus[first].tolist())

    found = side_by_side(visit, grid.chunks())
    return Marked.joined([one for one, _ in found]).edges(grid, scale), sum(more for _, more in found)


@dataclass(frozen=True)
class Marked:
    """Some pairs and their totals, in any order."""

    rows: Ints
    columns: Ints
    totals: Ints

    @classmethod
    def of(cls, rows: Ints, columns: Ints, totals: Ints) -> Marked:
        """Pairs, kept small."""
        return cls(*_small(rows, columns, totals))

    @classmethod
    def joined(cls, parts: Sequence[Marked]) -> Marked:
        """All pairs of some parts."""
        none = np.empty(0, dtype=np.int32)
        return cls(
            rows=np.concatenate([none, *(part.rows for part in parts)]),
            columns=np.concatenate([none, *(part.columns for part in parts)]),
            totals=np.concatenate([none, *(part.totals for part in parts)]),
        )

    def at(self, places: Ints) -> Marked:
        """The pairs at some places."""
        return Marked(rows=self.rows[places], columns=self.columns[places], totals=self.totals[places])

    def best(self, number: int) -> Marked:
        """The best pairs of each row, by row, then greatest first, then by column."""
        order = np.lexsort((self.columns, -self.totals, self.rows))
        rows = self.rows[order]
        return self.at(order[np.arange(order.size) - np.searchsorted(rows, rows) < number])

    def edges(self, grid: PairGrid, scale: Scale) -> Edges:
        """The same pairs, each once, with their gains, in order."""
        return Edges.of(grid, scale, self.rows, self.columns, self.totals)


def _best_of_chunk(
    grid: PairGrid, chunk: Chunk, product: tuple[Floats, Floats], guess: Guess, per_mentee: int
) -> tuple[Marked, Marked]:
    """The best pairs of the rows of a chunk, and those that may be among the best of their mentors."""
    least = np.full(chunk.rows.size, ALLOWED, dtype=np.float32)
    keys: list[Ints] = []
    others: list[Ints] = []
    for seen, tile in enumerate(reversed(chunk.tiles), start=1):
        values, offset = grid.tile(chunk, tile, product=product)
        values += offset
        start, width = tile * WIDTH, values.shape[1]
        if len(keys) < 2 and width > per_mentee:
            np.maximum(least, np.partition(values, -per_mentee, axis=1)[:, -per_mentee], out=least)
        keys.append(_packed(values, np.flatnonzero(values >= least[:, None]), start))
        if guess.listed_from is not None:
            marks = values >= guess.listed_from[start : start + width]
            others.append(_packed(values, np.flatnonzero(marks), start))
        if seen & (seen - 1) == 0 or tile == 0:
            keys = [_cut(np.concatenate(keys), per_mentee, least)]
    best, of_mentors = (np.concatenate([np.empty(0, dtype=np.int64), *found]) for found in (keys, others))
    return (
        _unpacked(best, chunk, guess, grid.least_total),
        _unpacked(of_mentors, chunk, guess, grid.least_total),
    )


# A pair as one integer that sorts by line, then by value, greatest first, then by column.
_LINE, _COLUMN = 2**48, 24


def _packed(values: Floats, places: Ints, start: int) -> Ints:
    lines, columns = np.divmod(places, values.shape[1])
    worth = TOP - values[lines, columns].astype(np.int64)
    return np.asarray(lines * _LINE + (worth << _COLUMN) + columns + start)


def _cut(keys: Ints, number: int, least: Floats) -> Ints:
    """The first `number` of each line; where there are as many, `least` becomes what the last one is worth."""
    keys = np.sort(keys)
    starts = np.searchsorted(keys, np.arange(least.size + 1) * _LINE)
    full = np.flatnonzero(np.diff(starts) >= number)
    last = keys[starts[full] + number - 1]
    least[full] = TOP - ((last % _LINE) >> _COLUMN)
    return np.asarray(keys[np.arange(keys.size) - starts[keys // _LINE] < number])


def _unpacked(keys: Ints, chunk: Chunk, guess: Guess, least_total: int) -> Marked:
    columns = keys & ((1 << _COLUMN) - 1)
    totals = TOP - ((keys % _LINE) >> _COLUMN) + guess.prices[columns]
    allowed = np.flatnonzero(totals >= least_total)
    return Marked.of(chunk.rows[keys[allowed] // _LINE], columns[allowed], totals[allowed])


def in_single(units: Ints, scale: Scale) -> Ints:
    """Prices in units of value as single precision holds them exactly, or a little lower, never higher.

    Where places are short a price may count in whole mentees (`paired`), which are far too many units. Such
    prices are near a multiple of `paired`; the multiple becomes one of `LEVEL`, which is out of reach of
    what is left of the price and of any value, as `paired` itself is.
    """
    if not units.size or np.abs(units).max() <= EXACT:
        return units
    paired = scale.paired // scale.unit
    if not paired:
        return np.minimum(units, EXACT)
    level = (units + paired // 2) // paired
    rest = units - level * paired
    low = rest < -NEAR_LEVEL
    near = np.where(low, NEAR_LEVEL, np.minimum(rest, NEAR_LEVEL))
    return np.asarray((level - low) * LEVEL + near)


def _small(*parts: Ints) -> tuple[Ints, ...]:
    return tuple(np.asarray(part, dtype=np.int32) for part in parts)


def side_by_side(visit: Callable[[S], T], pieces: Iterable[S]) -> list[T]:
    """Visit pieces on all processors; the answers come in the order of the pieces."""
    with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(visit, pieces))
