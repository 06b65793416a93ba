"""The points of one criterion for all pairs of a pool, computed by blocks of rows (mentees)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from ponts_flows.decide.matching.criteria import NOT_SAID, Criterion, Facts, Words, share
from ponts_flows.decide.matching.pool import Candidate
from ponts_flows.programme import Programme

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Rows = NDArray[np.intp]

People = Sequence[Candidate]


class FactsTable:
    """A criterion that reads facts: each pair of distinct facts is judged once."""

    def __init__(
        self,
        facts: Facts,
        judged: Callable[[Candidate, Candidate], int],
        mentees: People,
        mentors: People,
    ) -> None:
        rows, self._class_of_row = _classes(mentees, facts.of_mentee)
        columns, self._class_of_column = _classes(mentors, facts.of_mentor)
        points = [judged(row, column) for row in rows for column in columns]
        self._points = np.array(points, dtype=np.int64).reshape(len(rows), len(columns))

    def points(self, rows: Rows) -> Ints:
        """The points, 0 to 100, of the pairs of some rows."""
        return np.take(self._points[self._class_of_row[rows]], self._class_of_column, axis=1)


class WordsTable:
    """A criterion that reads words: those that each pair has in common are counted."""

    def __init__(self, words: Words, mentees: People, mentors: People) -> None:
        self._sought = [words.of_mentee(mentee) for mentee in mentees]
        offered = [words.of_mentor(mentor) for mentor in mentors]
        self._silent = np.array([not said for said in offered], dtype=np.bool_)
        self._columns = columns_by_term(offered)

    def points(self, rows: Rows) -> Ints:
        """The points, 0 to 100, of the pairs of some rows."""
        found = np.zeros((len(rows), len(self._silent)), dtype=np.int64)
        for line, row in enumerate(rows):
            sought = self._sought[row]
            for word in sought & self._columns.keys():
                found[line, self._columns[word]] += 1
            found[line] = _points_of_share(len(sought))[found[line]]
        found[:, self._silent] = NOT_SAID
        return found


def table_of(
    criterion: Criterion, mentees: People, mentors: People, programme: Programme
) -> FactsTable | WordsTable:
    """The table of a criterion, by what it reads."""
    match criterion.reads:
        case Facts() as facts:
            return FactsTable(facts, lambda a, b: criterion.judge(a, b, programme).points, mentees, mentors)
        case Words() as words:
            return WordsTable(words, mentees, mentors)
    assert_never(criterion.reads)


def columns_by_term(terms: Sequence[frozenset[str]]) -> dict[str, Ints]:
    """Where each term occurs in a sequence of sets of terms."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for column, said in enumerate(terms):
        for term in said:
            found[term].append(column)
    return {term: np.array(columns, dtype=np.int64) for term, columns in found.items()}


def _points_of_share(sought: int) -> Ints:
    """Points by the number of words in common, of those sought."""
    shares = [share(shared, sought) for shared in range(sought + 1)] if sought else [NOT_SAID]
    return np.array(shares, dtype=np.int64)


def _classes(people: People, facts: Callable[[Candidate], Hashable]) -> tuple[list[Candidate], Ints]:
    """One person for each distinct value of the facts, and the number of each person's class."""
    numbers: dict[Hashable, int] = {}
    class_of = [numbers.setdefault(facts(person), len(numbers)) for person in people]
    someone = dict(zip(reversed(class_of), reversed(people), strict=True))
    return [someone[number] for number in range(len(numbers))], np.array(class_of, dtype=np.int64)
