"""The sum of layers, tile by tile or pair by pair: what `layers` makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]

WIDTH = 2048
"""Mentors in a tile: with some mentees it stays in the cache of a processor."""


@dataclass(frozen=True, kw_only=True)
class Lookup:
    """Points by the class of the mentee and that of the mentor."""

    points: Floats
    class_of_row: Ints
    class_of_column: Ints


@dataclass(frozen=True, kw_only=True)
class Term:
    """Points that each of some rows gives to each of some columns."""

    rows: Ints
    points: Floats
    columns: Ints


class FrozenLayers:
    """The sum of layers, tile by tile or pair by pair."""

    def __init__(
        self, of_rows: Floats, of_columns: Floats, lookups: Sequence[Lookup], terms: Sequence[Term]
    ) -> None:
        self.of_rows, self.of_columns = np.ascontiguousarray(of_rows), np.ascontiguousarray(of_columns)
        self._lookups = lookups
        rows, columns = of_rows.shape[0], of_columns.shape[1]
        number_of_terms = [np.full(term.rows.size, number) for number, term in enumerate(terms)]
        row = np.concatenate([np.empty(0, dtype=np.int64), *(term.rows for term in terms)])
        order = np.argsort(row, kind="stable")
        self._start = np.searchsorted(row[order], np.arange(rows + 1))
        self._term = np.concatenate([np.empty(0, dtype=np.int64), *number_of_terms])[order]
        self._points = np.concatenate([np.empty(0, dtype=np.float32), *(term.points for term in terms)])[
            order
        ]
        # Where each term occurs; as term × columns + column, sorted; and where each tile begins among them.
        self._columns = np.concatenate([np.empty(0, dtype=np.int64), *(term.columns for term in terms)])
        sizes = np.array([term.columns.size for term in terms], dtype=np.int64)
        self._places = np.repeat(np.arange(len(terms)), sizes) * columns + self._columns
        edges = np.minimum(np.arange(0, columns + WIDTH, WIDTH), columns)
        self._edges = np.searchsorted(
            self._places, (np.arange(len(terms))[:, None] * columns + edges[None, :]).ravel()
        ).reshape(len(terms), edges.size)

    def tile(
        self, rows: Ints, tile: int, *, product: tuple[Floats, Floats] | None = None
    ) -> tuple[Floats, Floats]:
        """Some rows of the tile of columns of this number, and what is still to be added to each column.

        `product`: instead of the own factors.
        """
        of_rows, of_columns = product or (self.of_rows, self.of_columns)
        start = tile * WIDTH
        stop = min(start + WIDTH, of_columns.shape[1])
        found = of_rows[rows] @ of_columns[:, start:stop]
        offset = np.zeros(stop - start, dtype=np.float32)
        for lookup in self._lookups:
            classes, columns = lookup.class_of_row[rows], lookup.class_of_column[start:stop]
            if (classes == classes[0]).all():
                offset += lookup.points[classes[0]][columns]
            else:
                found += lookup.points[classes[:, None], columns]
        self._add_rare(found, rows, tile)
        return found, offset

    def whole_tile(self, rows: Ints, tile: int) -> Floats:
        """Some rows of the tile of columns of this number."""
        found, offset = self.tile(rows, tile)
        return found + offset

    def at(self, rows: Ints, columns: Ints) -> Ints:
        """The values of single pairs."""
        found = np.einsum("ij,ij->i", self.of_rows[rows], self.of_columns.T[columns])
        for lookup in self._lookups:
            found += lookup.points[lookup.class_of_row[rows], lookup.class_of_column[columns]]
        lengths = self._start[rows + 1] - self._start[rows]
        entries = ragged(self._start[rows], lengths)
        pair = np.repeat(np.arange(rows.size), lengths)
        wanted = self._term[entries] * self.of_columns.shape[1] + columns[pair]
        place = np.searchsorted(self._places, wanted)
        here = place < self._places.size
        here[here] = self._places[place[here]] == wanted[here]
        np.add.at(found, pair[here], self._points[entries[here]])
        return np.asarray(found.astype(np.int64))

    def _add_rare(self, found: Floats, rows: Ints, tile: int) -> None:
        lengths = self._start[rows + 1] - self._start[rows]
        entries = ragged(self._start[rows], lengths)
        if not entries.size:
            return
        terms = self._term[entries]
        begin = self._edges[terms, tile]
        line, lengths = np.repeat(np.arange(rows.size), lengths), self._edges[terms, tile + 1] - begin
        places = ragged(begin, lengths)
        if places.size:
            of_line = np.repeat(line * found.shape[1] - tile * WIDTH, lengths)
            points = np.repeat(self._points[entries], lengths)
            np.add.at(found.reshape(-1), of_line + self._columns[places], points)


def ragged(starts: Ints, lengths: Ints) -> Ints:
    """The numbers of many ranges, one after the other."""
    ends = np.cumsum(lengths)
    if not ends.size:
        return np.empty(0, dtype=np.int64)
    return np.repeat(starts - (ends - lengths), lengths) + np.arange(ends[-1])
