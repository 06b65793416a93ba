"""The score of every pair of a pool, as a sum of layers that numpy adds up tile by tile.

What a criterion reads takes few different values, so its points are a matrix of low rank. What concerns many
pairs (a theme, a sector, a language) becomes a column of a matrix product; what concerns few (a small town, an
employer) is added where it occurs; what depends on two careers is looked up. All values are integers below
2**24, which single precision adds without rounding, in any order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import TypeVar, assert_never

import numpy as np

from ponts_flows.decide.matching.criterion import Criterion, Difference, Facts, Shares
from ponts_flows.decide.matching.pool import Candidate
from ponts_flows.decide.matching.tiles import Floats, FrozenLayers, Ints, Lookup, Term
from ponts_flows.programme import Programme

People = Sequence[Candidate]

RARE = 0.002
"""What concerns less than this share of the pairs is added where it occurs."""

FEW_CLASSES = 8
"""Kinds of mentors up to which a criterion is a matrix product, and not looked up."""


class Layers:
    """A matrix of integers, one row a mentee and one column a mentor, that is only computed by tiles."""

    def __init__(self, rows: int, columns: int) -> None:
        self.shape = (rows, columns)
        self._of_rows = [np.zeros(rows, dtype=np.float32)]
        self._of_columns = [np.ones(columns, dtype=np.float32)]
        self._lookups: list[Lookup] = []
        self._terms: list[Term] = []

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
            self._terms.append(Term(rows=rows, points=points, columns=columns))
            return
        of_rows, of_columns = (np.zeros(size, dtype=np.float32) for size in self.shape)
        of_rows[rows], of_columns[columns] = points, 1
        self._add_product(of_rows, of_columns)


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
