"""The score of every pair of a pool, as a sum of layers that numpy adds up tile by tile.

What a criterion reads takes few different values, so its points are a matrix of low rank. What concerns many
pairs (a theme, a sector, a language) becomes a column of a matrix product; what concerns few (a small town, an
employer) is added where it occurs; what depends on two careers is looked up. All values are integers below
2**24, which single precision adds without rounding, in any order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar, assert_never

import numpy as np
from numpy.typing import NDArray

from ponts_flows.decide.matching.criteria import Criterion, Difference, Facts, Shares
from ponts_flows.decide.matching.pool import Candidate
from ponts_flows.programme import Programme

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]

People = Sequence[Candidate]

WIDTH = 2048
"""Mentors in a tile: with 64 mentees it stays in the cache of a processor."""

RARE = 0.002
"""What concerns less than this share of the pairs is added where it occurs."""

FEW_CLASSES = 8
"""Kinds of mentors up to which a criterion is a matrix product, and not looked up."""


@dataclass(frozen=True, kw_only=True)
class Lookup:
    """Points by the class of the mentee and that of the mentor."""

    points: Floats
    class_of_row: Ints
    class_of_column: Ints


@dataclass(frozen=True, kw_only=True)
class _Term:
    """Points that each of some rows gives to each of some columns."""

    rows: Ints
    points: Floats
    columns: Ints


class Layers:
    """A matrix of integers, one row a mentee and one column a mentor, that is only computed by tiles."""

    def __init__(self, rows: int, columns: int) -> None:
        self.shape = (rows, columns)
        self._of_rows = [np.zeros(rows, dtype=np.float32)]
        self._of_columns = [np.ones(columns, dtype=np.float32)]
        self._lookups: list[Lookup] = []
        self._terms: list[_Term] = []

    def add_criterion(
        self, criterion: Criterion, weight: int, mentees: People, mentors: People, programme: Programme
    ) -> None:
        """Add the points of a criterion, as often as it weighs."""

        def judged(mentee: Candidate, mentor: Candidate) -> int:
            return weight * criterion.judge(mentee, mentor, programme).points

        match criterion.reads:
            case Facts() as facts:
                self._add_facts(facts, judged, mentees, mentors)
            case Difference() as difference:
                self._add_difference(difference, judged, mentees, mentors)
            case Shares() as shares:
                self._add_shares(shares, weight, mentees, mentors)
            case other:
                assert_never(other)

    def add_classes(self, points: Floats, class_of_row: Ints, class_of_column: Ints) -> None:
        """Add points by the classes of both: shapes (classes, classes), (rows,), (columns,)."""
        alike, first = np.unique(points, axis=1, return_inverse=True)
        class_of_column = first.reshape(-1)[class_of_column]
        if alike.shape[0] == 1:
            self._add_product(np.ones(self.shape[0], dtype=np.float32), alike[0][class_of_column])
        elif alike.shape[1] <= FEW_CLASSES:
            for kind in range(alike.shape[1]):
                here = (class_of_column == kind).astype(np.float32)
                self._add_product(alike[class_of_row, kind], here)
        else:
            lookup = Lookup(points=alike, class_of_row=class_of_row, class_of_column=class_of_column)
            self._lookups.append(lookup)

    def add_terms(
        self,
        of_rows: Sequence[Mapping[Hashable, int]],
        of_columns: Sequence[Iterable[Hashable]],
        weight: int = 1,
    ) -> None:
        """Add, for each thing that a row gives points for, `weight` times these to each column that has it."""
        columns: defaultdict[Hashable, list[int]] = defaultdict(list)
        for column, things in enumerate(of_columns):
            for thing in things:
                columns[thing].append(column)
        rows: defaultdict[Hashable, list[tuple[int, int]]] = defaultdict(list)
        for row, wanted in enumerate(of_rows):
            for thing, points in wanted.items():
                if thing in columns:
                    rows[thing].append((row, points))
        for thing, found in rows.items():
            pairs = np.array(found, dtype=np.int64)
            self._add_term(pairs[:, 0], weight * pairs[:, 1].astype(np.float32), np.array(columns[thing]))

    def frozen(self) -> FrozenLayers:
        """The matrix, ready to be computed."""
        return FrozenLayers(
            np.stack(self._of_rows, axis=1), np.stack(self._of_columns), self._lookups, self._terms
        )

    def _add_facts(
        self, facts: Facts, judged: Callable[[Candidate, Candidate], int], mentees: People, mentors: People
    ) -> None:
        rows, columns = (
            _Classes(mentees, facts.of_mentee, facts.key_of_mentee),
            _Classes(mentors, facts.of_mentor, facts.key_of_mentor),
        )
        apart = np.zeros((len(rows.examples), len(columns.examples)), dtype=np.float32)
        alike: defaultdict[tuple[str | None, int], dict[Hashable, int]] = defaultdict(dict)
        for row, of_row in enumerate(rows.examples):
            for column, of_column in enumerate(columns.examples):
                if (pair := _with_keys_apart(of_row, of_column)) is not None:
                    apart[row, column] = judged(*pair)
                for key in of_row.keys() & of_column.keys() - {None}:
                    more = judged(of_row[key], of_column[key]) - int(apart[row, column])
                    alike[key, row][key, column] = more
        if apart.size:
            self.add_classes(apart, rows.number, columns.number)
        if alike:
            nothing: dict[Hashable, int] = {}
            self.add_terms(
                [alike.get(kind, nothing) for kind in rows.kinds], [[kind] for kind in columns.kinds]
            )

    def _add_difference(
        self,
        difference: Difference,
        judged: Callable[[Candidate, Candidate], int],
        mentees: People,
        mentors: People,
    ) -> None:
        rows, of_row = np.unique([difference.of_mentee(one) for one in mentees], return_inverse=True)
        columns, of_column = np.unique([difference.of_mentor(one) for one in mentors], return_inverse=True)
        if not rows.size or not columns.size:
            return
        someone = {kind: mentees[row] for row, kind in enumerate(of_row.tolist())}
        another = {kind: mentors[column] for column, kind in enumerate(of_column.tolist())}
        _, first, number = np.unique(rows[:, None] - columns[None, :], return_index=True, return_inverse=True)
        points = [
            judged(someone[row], another[column])
            for row, column in zip(*(part.tolist() for part in np.divmod(first, columns.size)), strict=True)
        ]
        table = np.array(points, dtype=np.float32)[number.reshape(rows.size, columns.size)]
        self.add_classes(table, of_row, of_column)

    def _add_shares(self, shares: Shares, weight: int, mentees: People, mentors: People) -> None:
        wanted = [shares.of_mentee(person) for person in mentees]
        offered = [shares.of_mentor(person) for person in mentors]
        speaks = np.array([bool(things) for things in wanted], dtype=np.float32)
        silent = np.array([not things for things in offered], dtype=np.float32)
        if shares.silent:
            self._of_rows[0] += weight * shares.silent * (1 - speaks)
            if silent.any():
                self._add_product(weight * shares.silent * speaks, silent)
        self.add_terms(wanted, offered, weight)

    def _add_product(self, of_rows: Floats, of_columns: Floats) -> None:
        if not of_rows.any() or not of_columns.any():
            return
        if np.all(of_columns == of_columns[0]):
            self._of_rows[0] += of_rows * of_columns[0]
        else:
            self._of_rows.append(of_rows.astype(np.float32))
            self._of_columns.append(of_columns.astype(np.float32))

    def _add_term(self, rows: Ints, points: Floats, columns: Ints) -> None:
        if rows.size * columns.size < RARE * self.shape[0] * self.shape[1]:
            self._terms.append(_Term(rows=rows, points=points, columns=columns))
            return
        of_rows, of_columns = (np.zeros(size, dtype=np.float32) for size in self.shape)
        of_rows[rows], of_columns[columns] = points, 1
        self._add_product(of_rows, of_columns)


class FrozenLayers:
    """The sum of layers, tile by tile or pair by pair."""

    def __init__(
        self, of_rows: Floats, of_columns: Floats, lookups: Sequence[Lookup], terms: Sequence[_Term]
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


H = TypeVar("H", bound=Hashable)


def classes(values: Sequence[H]) -> tuple[list[H], Ints]:
    """The distinct values, and the number of each one's."""
    numbers: dict[H, int] = {}
    found = [numbers.setdefault(value, len(numbers)) for value in values]
    return list(numbers), np.array(found, dtype=np.int64)


Examples = dict[str | None, Candidate]
"""Someone of a class for each key that its people have."""


class _Classes:
    """People with the same facts: the number of each one's class, with their key, and examples of each class."""

    def __init__(
        self, people: People, facts: Callable[[Candidate], Hashable], key: Callable[[Candidate], str | None]
    ) -> None:
        known, self.number = classes([facts(person) for person in people])
        self.kinds = [(key(person), kind) for person, kind in zip(people, self.number.tolist(), strict=True)]
        self.examples: list[Examples] = [{} for _ in known]
        for person, (own, kind) in zip(people, self.kinds, strict=True):
            self.examples[kind].setdefault(own, person)


def _with_keys_apart(of_row: Examples, of_column: Examples) -> tuple[Candidate, Candidate] | None:
    """Two people, one of each class, who have not the same key; None where all have the same one."""
    for key, mentee in of_row.items():
        for other, mentor in of_column.items():
            if key is None or key != other:
                return mentee, mentor
    return None
