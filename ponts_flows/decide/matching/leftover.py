"""Why someone is proposed nobody: their pairs, counted by the first thing that stands in the way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ponts_flows.decide.matching.grid import PairGrid
from ponts_flows.decide.matching.outcome import Unpaired
from ponts_flows.decide.matching.rules import Rule
from ponts_flows.decide.matching.tables import Ints, Rows
from ponts_flows.decide.matching.wording import counted
from ponts_flows.model import Role

RULES = tuple(Rule)
FULL, POSSIBLE = len(RULES), len(RULES) + 1
"""What comes after the rules in a count: mentors without a place, then pairs that nothing forbids."""

BROKEN_FR = {
    Rule.EMPLOYER: "du même employeur",
    Rule.LANGUAGE: "sans langue en commun",
    Rule.SAME_PERSON: "la même personne",
    Rule.NEVER_AGAIN: "déjà proposé sans suite",
}
BROKEN_PLURAL_FR = BROKEN_FR | {Rule.NEVER_AGAIN: "déjà proposés sans suite"}


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many pairs of each mentee (`of_rows`) and each mentor (`of_columns`) stop at each obstacle.

    Shapes (mentees, obstacles) and (mentors, obstacles); the obstacles are `RULES`, then `FULL`, then
    `POSSIBLE`.
    """

    of_rows: Ints
    of_columns: Ints

    @property
    def pairs_possible(self) -> int:
        """Pairs that break no rule, where both have a place."""
        return int(self.of_rows[:, POSSIBLE].sum())


def tally(grid: PairGrid) -> Tally:
    """Count the pairs of a grid by what stands in their way."""
    of_rows = np.zeros((len(grid.mentees), POSSIBLE + 1), dtype=np.int64)
    of_columns = np.zeros((len(grid.mentors), POSSIBLE + 1), dtype=np.int64)
    for rows in grid.blocks():
        first = _first_obstacles(grid, rows)
        for obstacle in range(POSSIBLE + 1):
            here = first == obstacle
            of_rows[rows, obstacle] = np.count_nonzero(here, axis=1)
            of_columns[:, obstacle] += np.count_nonzero(here, axis=0)
    return Tally(of_rows=of_rows, of_columns=of_columns)


def unpaired(grid: PairGrid, column_of_row: Ints, counts: Tally) -> tuple[Unpaired, ...]:
    """Everyone who has a place left and no proposal: mentees, then mentors, by address."""
    used = set(column_of_row.tolist())
    mentees = [
        Unpaired(
            application_id=mentee.id, role=Role.MENTEE, words_fr=_mentee_words(grid, counts.of_rows[row])
        )
        for row, mentee in enumerate(grid.mentees)
        if column_of_row[row] < 0
    ]
    mentors = [
        Unpaired(
            application_id=mentor.id,
            role=Role.MENTOR,
            words_fr=_mentor_words(grid, counts.of_columns[column]),
        )
        for column, mentor in enumerate(grid.mentors)
        if mentor.places > 0 and column not in used
    ]
    return (*mentees, *mentors)


def _first_obstacles(grid: PairGrid, rows: Rows) -> Ints:
    found = np.full((len(rows), len(grid.mentors)), POSSIBLE, dtype=np.int64)
    found[:, grid.places == 0] = FULL
    for obstacle, rule in reversed(list(enumerate(RULES))):
        found[grid.broken(rule, rows)] = obstacle
    return found


def _mentee_words(grid: PairGrid, counts: Ints) -> str:
    years = grid.programme.least_gap_years
    if not grid.mentors:
        return "aucun mentor inscrit"
    senior = len(grid.mentors) - int(counts[RULES.index(Rule.SENIORITY)])
    if not senior:
        return (
            f"aucun des {counted(len(grid.mentors), 'mentor')} n'a au moins {years} ans d'expérience de plus"
        )
    said = [f"{counted(senior, 'mentor')} {_has(senior)} au moins {years} ans d'expérience de plus"]
    possible, full = int(counts[POSSIBLE]), int(counts[FULL])
    if possible:
        said.append(f"{possible} {'proposé' if possible == 1 else 'proposés'} à d'autres mentees")
    if full:
        said.append(f"{full} sans place")
    return " ; ".join([*said, *_broken_words(counts)])


def _mentor_words(grid: PairGrid, counts: Ints) -> str:
    years = grid.programme.least_gap_years
    if not grid.mentees:
        return "aucun mentee en attente"
    junior = len(grid.mentees) - int(counts[RULES.index(Rule.SENIORITY)])
    if not junior:
        people = f"{counted(len(grid.mentees), 'mentee')} en attente"
        return f"aucun des {people} n'a au moins {years} ans d'expérience de moins"
    said = [f"{counted(junior, 'mentee')} {_has(junior)} au moins {years} ans d'expérience de moins"]
    if possible := int(counts[POSSIBLE]):
        said.append(f"{possible} {'proposé' if possible == 1 else 'proposés'} à un autre mentor")
    return " ; ".join([*said, *_broken_words(counts)])


def _broken_words(counts: Ints) -> list[str]:
    numbers = [(int(counts[RULES.index(rule)]), rule) for rule in BROKEN_FR]
    return [
        f"{number} {(BROKEN_FR if number == 1 else BROKEN_PLURAL_FR)[rule]}"
        for number, rule in numbers
        if number
    ]


def _has(number: int) -> str:
    return "a" if number == 1 else "ont"
