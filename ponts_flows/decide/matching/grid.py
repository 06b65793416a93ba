"""Every pair of a pool: which are allowed, and what each is worth, computed by tiles when they are asked for.

Rows are the mentees with a place left, columns the mentors with one, both ordered by the start of their
careers, then by address: nothing depends on the order in which people signed up, and the mentors experienced
enough for a mentee are the first columns.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ponts_flows.decide.matching.criteria import CRITERIA
from ponts_flows.decide.matching.criterion import weight_of
from ponts_flows.decide.matching.layers import Layers, classes
from ponts_flows.decide.matching.pool import Candidate, Pair, Pool
from ponts_flows.decide.matching.rules import Rule, employer_bond, identity_bond, months
from ponts_flows.decide.matching.ties import mixed, person_number
from ponts_flows.decide.matching.tiles import WIDTH, Flags, Floats, FrozenLayers, Ints
from ponts_flows.model import Profile
from ponts_flows.programme import Programme

HEIGHT = 256
"""Mentees in a tile."""

FEW = 64
"""Mentees up to which those of several months share a tile: less to do at once, more for each pair."""

FORBIDDEN = -(2**22)
"""What breaking one hard rule adds: below all that scores and prices can add up to (see `scan.in_single`)."""

RARE_RULES = (Rule.EMPLOYER, Rule.SAME_PERSON, Rule.NEVER_AGAIN)
"""Rules that so few pairs break that these are only looked for among the best."""


@dataclass(frozen=True, kw_only=True)
class Chunk:
    """Some rows, in order, and the first `columns`, those experienced enough for the last of them.

    Where many began in the same month, all these did.
    """

    rows: Ints
    columns: int

    @property
    def tiles(self) -> range:
        """The numbers of the tiles that make up these rows."""
        return range(-(-self.columns // WIDTH))


class PairGrid:
    """The pairs of those who can be paired."""

    def __init__(self, pool: Pool, programme: Programme) -> None:
        self.programme, self.pool = programme, pool
        self.mentees = tuple(sorted((one for one in pool.mentees if one.places > 0), key=_by_career))
        self.mentors = tuple(sorted((one for one in pool.mentors if one.places > 0), key=_by_career))
        self.row_of = {mentee.id: row for row, mentee in enumerate(self.mentees)}
        self.column_of = {mentor.id: column for column, mentor in enumerate(self.mentors)}
        self.places = np.array([min(one.places, len(self.mentees)) for one in self.mentors], dtype=np.int64)
        self.full_score = 100 * sum(weight_of(criterion, programme) for criterion in CRITERIA)
        self.keeping_bonus = self.full_score * programme.keeping_bonus // 100
        self.least_total = self._least_total()
        self.months = _months(self.mentees), _months(self.mentors)
        latest = self.months[0] - programme.least_gap_years * 12
        self._experienced = np.searchsorted(self.months[1], latest, side="right")
        self._numbers = _numbers(self.mentees), _numbers(self.mentors)
        self._layers: dict[Rule, FrozenLayers] = {
            Rule.EMPLOYER: self._bonds(employer_bond),
            Rule.SAME_PERSON: self._bonds(identity_bond),
            Rule.NEVER_AGAIN: self._known_pairs(pool.never),
            Rule.LANGUAGE: self._languages(),
        }
        self._required = {name: self._alone(name) for name in sorted(programme.required)}
        self.pending = self._places_of(pool.pending)

    def part(self, rows: Ints, columns: Ints) -> PairGrid:
        """The grid of some of its people."""
        pool = replace(
            self.pool,
            mentees=tuple(self.mentees[row] for row in rows),
            mentors=tuple(self.mentors[column] for column in columns),
        )
        return PairGrid(pool, self.programme)

    def score(self, total: int) -> int:
        """A weighted score as people read it: out of 100, the half rounded up."""
        return (200 * total + self.full_score) // (2 * self.full_score) if self.full_score else 0

    def chunks(self, rows: Ints | None = None) -> list[Chunk]:
        """Those of some rows (all, unless given), in order, that some column is experienced enough for."""
        rows = np.arange(len(self.mentees)) if rows is None else rows
        rows = rows[self._experienced[rows] > 0]
        of_month = np.split(rows, np.flatnonzero(np.diff(self.months[0][rows])) + 1)
        found: list[list[Ints]] = [[]]
        for month in of_month:
            if found[-1] and sum(part.size for part in found[-1]) + month.size > FEW:
                found.append([])
            found[-1].append(month)
        together = [np.concatenate(parts) for parts in found]
        return [
            Chunk(rows=piece, columns=int(self._experienced[piece[-1]]))
            for part in together
            for piece in np.split(part, range(HEIGHT, part.size, HEIGHT))
            if piece.size
        ]

    def tile(
        self, chunk: Chunk, tile: int, *, product: tuple[Floats, Floats] | None = None
    ) -> tuple[Floats, Floats]:
        """The totals of a tile of a chunk, and what is still to be added to each of its columns.

        Far below 0 without a language in common, or a required point. Who may not meet for what concerns few
        (an employer, an address, an earlier refusal) is not looked at: see `apart`.
        `product`: instead of the factors of the totals, those of `priced`.
        """
        found, offset = self._scores.tile(chunk.rows, tile, product=product)
        for layers in self._required.values():
            found[layers.whole_tile(chunk.rows, tile) <= 0] = FORBIDDEN
        width = min(chunk.columns - tile * WIDTH, found.shape[1])
        found, offset = found[:, :width], offset[:width]
        experienced = self._experienced[chunk.rows]
        if experienced[0] < experienced[-1]:
            found[np.arange(width) >= experienced[:, None] - tile * WIDTH] = FORBIDDEN
        return found, offset

    def apart(self, rows: Ints, columns: Ints) -> Flags:
        """The pairs, of some, that may not be for an employer or an address in common, or an earlier end."""
        broken = [self._layers[rule].at(rows, columns) < 0 for rule in RARE_RULES]
        return np.asarray(np.logical_or.reduce(broken))

    def breaks(self, rule: Rule, rows: Ints, tile: int) -> Flags:
        """The pairs of some rows with the columns of a tile that break a rule; SENIORITY: see `gaps`."""
        return np.asarray(self._layers[rule].whole_tile(rows, tile) < 0)

    def lacks(self, criterion: str, rows: Ints, tile: int) -> Flags:
        """The pairs of some rows with the columns of a tile without a point in a required criterion."""
        return np.asarray(self._required[criterion].whole_tile(rows, tile) <= 0)

    def tile_totals(self, rows: Ints, tile: int) -> Floats:
        """The totals of some rows with the columns of a tile, whatever forbids them but a language."""
        return self._scores.whole_tile(rows, tile)

    def priced(self, of_mentees: Ints, of_mentors: Ints) -> tuple[Floats, Floats]:
        """Factors for `tile` by which each total is less a price of its mentee and one of its mentor."""
        rows, columns = self._scores.of_rows, self._scores.of_columns
        ones = [np.ones(size, dtype=np.float32) for size in (rows.shape[0], columns.shape[1])]
        return (
            np.column_stack([rows, -of_mentees.astype(np.float32), ones[0]]),
            np.vstack([columns, ones[1], -of_mentors.astype(np.float32)]),
        )

    def totals(self, rows: Ints, columns: Ints, *, whatever_gap: bool = False) -> Ints:
        """The totals of single pairs; below `least_total` for those that may not be.

        `whatever_gap`: as if no gap in years were too small.
        """
        found = self._scores.at(rows, columns)
        for layers in self._required.values():
            found[layers.at(rows, columns) <= 0] = FORBIDDEN
        found[self.apart(rows, columns)] = FORBIDDEN
        if not whatever_gap:
            found[self.gaps(rows, columns) < self.programme.least_gap_years * 12] = FORBIDDEN
        return found

    def gaps(self, rows: Ints, columns: Ints) -> Ints:
        """Months by which each mentor's career is longer."""
        mentees, mentors = self.months
        return np.asarray(mentees[rows] - mentors[columns])

    def ties(self, rows: Ints, columns: Ints) -> Ints:
        """A number for each pair, fixed by the two addresses: it orders pairs of equal value."""
        mentees, mentors = self._numbers
        return mixed(mentees[rows], mentors[columns])

    def _least_total(self) -> int:
        """The least total of a pair that may be proposed."""
        least = self.programme.least_score
        return max(0, -((self.full_score - 2 * self.full_score * least) // 200)) if least else 0

    @cached_property
    def _scores(self) -> FrozenLayers:
        layers = Layers(len(self.mentees), len(self.mentors))
        for criterion in CRITERIA:
            if weight := weight_of(criterion, self.programme):
                layers.add_criterion(criterion, weight, self.mentees, self.mentors, self.programme)
        self._add_languages(layers)
        return layers.frozen()

    def _bonds(self, bonds: Callable[[Profile], frozenset[str]]) -> FrozenLayers:
        """Below 0 where two people have something in common that keeps them apart."""
        layers = Layers(len(self.mentees), len(self.mentors))
        layers.add_terms(
            [dict.fromkeys(bonds(one.profile), -1) for one in self.mentees],
            [bonds(one.profile) for one in self.mentors],
        )
        return layers.frozen()

    def _known_pairs(self, pairs: frozenset[Pair]) -> FrozenLayers:
        """Below 0 where two people are a known pair."""
        layers = Layers(len(self.mentees), len(self.mentors))
        of_rows: list[dict[Hashable, int]] = [{} for _ in self.mentees]
        of_columns: list[list[Hashable]] = [[] for _ in self.mentors]
        rows, columns = self._places_of(pairs)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            of_rows[row][column] = -1
            of_columns[column] = [column]
        layers.add_terms(of_rows, of_columns)
        return layers.frozen()

    def _languages(self) -> FrozenLayers:
        layers = Layers(len(self.mentees), len(self.mentors))
        self._add_languages(layers)
        return layers.frozen()

    def _add_languages(self, layers: Layers) -> None:
        """Add `FORBIDDEN` where two people have no language in common."""
        of_mentees, rows = classes([frozenset(one.profile.languages) for one in self.mentees])
        of_mentors, columns = classes([frozenset(one.profile.languages) for one in self.mentors])
        if rows.size and columns.size:
            broken = [[FORBIDDEN * (not a & b) for b in of_mentors] for a in of_mentees]
            layers.add_classes(np.array(broken, dtype=np.float32), rows, columns)

    def _alone(self, name: str) -> FrozenLayers:
        """The points of one criterion."""
        layers = Layers(len(self.mentees), len(self.mentors))
        (criterion,) = (criterion for criterion in CRITERIA if criterion.name == name)
        layers.add_criterion(criterion, 1, self.mentees, self.mentors, self.programme)
        return layers.frozen()

    def _places_of(self, pairs: frozenset[Pair]) -> tuple[Ints, Ints]:
        """Rows and columns of known pairs, in order; those of people not in the grid are left out."""
        found = sorted(
            (self.row_of[mentee], self.column_of[mentor])
            for mentee, mentor in pairs
            if mentee in self.row_of and mentor in self.column_of
        )
        both = np.array(found, dtype=np.int64).reshape(-1, 2)
        return both[:, 0], both[:, 1]


def _months(people: Sequence[Candidate]) -> Ints:
    return np.array([months(person.profile.career_start) for person in people], dtype=np.int64)


def _numbers(people: Sequence[Candidate]) -> NDArray[np.uint64]:
    return np.array([person_number(person.profile.email) for person in people], dtype=np.uint64)


def _by_career(person: Candidate) -> tuple[int, int, str, str]:
    start = person.profile.career_start
    return start.year, start.month, person.profile.email, person.id
