"""Every pair of a pool at once: which are allowed, and what each is worth, as arrays by blocks of mentees.

Rows are mentees, columns mentors, both ordered by e-mail address: nothing depends on the order in which
people signed up. A block of rows is computed when it is asked for, so that memory does not grow with the
number of pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from ponts_flows.decide.matching.criteria import CRITERIA, weight_of
from ponts_flows.decide.matching.pool import Candidate, Pool
from ponts_flows.decide.matching.rules import Rule, employer_bond, identity_bond
from ponts_flows.decide.matching.tables import Flags, Ints, Rows, columns_by_term, table_of
from ponts_flows.decide.matching.ties import TIE_BITS, mixed, person_number
from ponts_flows.model import Language, Profile
from ponts_flows.programme import Programme

BLOCK = 1 << 19
"""Pairs computed at once: bounds the memory of the temporary arrays to some tens of megabytes."""

FORBIDDEN = -1
"""The rank of a pair that cannot be."""

KEEPING_BONUS = 2
"""Points out of 100 that a pending proposal is given: few proposals change, for 0.06 % of the total score."""


class PairGrid:
    """The pairs of those who can be paired: mentees with a place left, against all mentors."""

    def __init__(self, pool: Pool, programme: Programme) -> None:
        self.programme = programme
        self.pending = pool.pending
        self.mentees = tuple(
            sorted((mentee for mentee in pool.mentees if mentee.places > 0), key=_by_address)
        )
        self.mentors = tuple(sorted(pool.mentors, key=_by_address))
        self.row_of = {mentee.id: row for row, mentee in enumerate(self.mentees)}
        self.column_of = {mentor.id: column for column, mentor in enumerate(self.mentors)}
        self.places = np.array([_usable(mentor, self.mentees) for mentor in self.mentors], dtype=np.int64)
        self.full_score = 100 * sum(weight_of(criterion, programme) for criterion in CRITERIA)
        self.keeping_bonus = self.full_score * KEEPING_BONUS // 100
        self._tables = [
            (weight, table_of(criterion, self.mentees, self.mentors, programme))
            for criterion in CRITERIA
            if (weight := weight_of(criterion, programme))
        ]
        self._months = _months(self.mentees), _months(self.mentors)
        self._languages = _languages(self.mentees), _languages(self.mentors)
        self._ties = _numbers(self.mentees), _numbers(self.mentors)
        self._employers = _shared(self.mentees, self.mentors, employer_bond)
        self._identities = _shared(self.mentees, self.mentors, identity_bond)
        self._never = self._columns_of(pool.never)
        self._pending = self._columns_of(pool.pending)

    def blocks(self) -> Iterator[Rows]:
        """All rows, in pieces of a bounded number of pairs."""
        size = max(1, BLOCK // max(1, len(self.mentors)))
        for first in range(0, len(self.mentees), size):
            yield np.arange(first, min(first + size, len(self.mentees)))

    def score(self, total: int) -> int:
        """A weighted score as people read it: out of 100, the half rounded up."""
        return (200 * total + self.full_score) // (2 * self.full_score) if self.full_score else 0

    def totals(self, rows: Rows) -> Ints:
        """Weighted score of each pair, 0 to `full_score`, hard rules not looked at."""
        found = np.zeros((len(rows), len(self.mentors)), dtype=np.int64)
        for weight, table in self._tables:
            found += weight * table.points(rows)
        return found

    def values(self, rows: Rows) -> Ints:
        """What the matching maximises: the score, and the bonus of those already proposed."""
        found = self.totals(rows)
        for line, row in enumerate(rows):
            for columns in self._pending[row]:
                found[line, columns] += self.keeping_bonus
        return found

    def ties(self, rows: Rows) -> Ints:
        """A number for each pair, fixed by the two addresses: it orders pairs of equal value."""
        mentees, mentors = self._ties
        return mixed(mentees[rows], mentors)

    def ranks(self, rows: Rows, totals: Ints, marked: Flags) -> Ints:
        """The order of marked pairs, by total and then by tie; `FORBIDDEN` for the others."""
        return np.where(marked, totals << TIE_BITS | self.ties(rows), FORBIDDEN)

    def gaps(self, rows: Rows) -> Ints:
        """Months by which each mentor's career is longer."""
        mentees, mentors = self._months
        return np.asarray(mentees[rows][:, None] - mentors[None, :])

    def broken(self, rule: Rule, rows: Rows) -> Flags:
        """The pairs that break one hard rule, as `rules.hard_rules` says."""
        match rule:
            case Rule.SENIORITY:
                return np.asarray(self.gaps(rows) < self.programme.least_gap_years * 12)
            case Rule.LANGUAGE:
                mentees, mentors = self._languages
                return np.asarray((mentees[rows][:, None] & mentors[None, :]) == 0)
            case Rule.EMPLOYER:
                return self._marked(self._employers, rows)
            case Rule.SAME_PERSON:
                return self._marked(self._identities, rows)
            case Rule.NEVER_AGAIN:
                return self._marked(self._never, rows)
        assert_never(rule)

    def allowed(self, rows: Rows, *, but: frozenset[Rule] = frozenset()) -> Flags:
        """The pairs that break no hard rule, those of `but` not looked at; places are not looked at."""
        found = np.ones((len(rows), len(self.mentors)), dtype=np.bool_)
        for rule in Rule:
            if rule not in but:
                found &= ~self.broken(rule, rows)
        return found

    def _marked(self, columns_of_row: Sequence[Sequence[Ints]], rows: Rows) -> Flags:
        found = np.zeros((len(rows), len(self.mentors)), dtype=np.bool_)
        for line, row in enumerate(rows):
            for columns in columns_of_row[row]:
                found[line, columns] = True
        return found

    def _columns_of(self, pairs: Iterable[tuple[str, str]]) -> list[tuple[Ints, ...]]:
        """The columns that known pairs name, per row; pairs of people not in the grid are left out."""
        found: list[tuple[Ints, ...]] = [()] * len(self.mentees)
        for mentee, mentor in pairs:
            if mentee in self.row_of and mentor in self.column_of:
                found[self.row_of[mentee]] += (np.array([self.column_of[mentor]]),)
        return found


def greatest(ranks: Ints, number: int) -> Flags:
    """Mark the greatest ranks of each line: `number`, fewer where others are `FORBIDDEN`, more where tied."""
    if ranks.shape[1] <= number:
        return np.asarray(ranks > FORBIDDEN)
    least = np.partition(ranks, -number, axis=1)[:, -number]
    return np.asarray((ranks >= least[:, None]) & (ranks > FORBIDDEN))


def _shared(
    mentees: Sequence[Candidate], mentors: Sequence[Candidate], bonds: Callable[[Profile], frozenset[str]]
) -> list[tuple[Ints, ...]]:
    """For each mentee, the mentors that have a bond in common with them."""
    columns = columns_by_term([bonds(mentor.profile) for mentor in mentors])
    return [tuple(columns[bond] for bond in bonds(mentee.profile) if bond in columns) for mentee in mentees]


def _months(people: Sequence[Candidate]) -> Ints:
    starts = [person.profile.career_start for person in people]
    return np.array([start.year * 12 + start.month for start in starts], dtype=np.int64)


def _languages(people: Sequence[Candidate]) -> Ints:
    bit = {language: 1 << place for place, language in enumerate(Language)}
    spoken = [sum(bit[language] for language in set(person.profile.languages)) for person in people]
    return np.array(spoken, dtype=np.int64)


def _numbers(people: Sequence[Candidate]) -> NDArray[np.uint64]:
    return np.array([person_number(person.profile.email) for person in people], dtype=np.uint64)


def _usable(mentor: Candidate, mentees: Sequence[Candidate]) -> int:
    return min(max(0, mentor.places), len(mentees))


def _by_address(person: Candidate) -> tuple[str, str]:
    return person.profile.email, person.id
