"""Why these pairs: the reasons of each proposal, what else there was, and who is left, in French."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ponts_flows.decide.matching.criteria import CRITERIA, weight_of
from ponts_flows.decide.matching.grid import PairGrid, greatest
from ponts_flows.decide.matching.outcome import Alternative, NearMiss, Part, Proposal
from ponts_flows.decide.matching.pool import Candidate
from ponts_flows.decide.matching.rules import Rule
from ponts_flows.decide.matching.tables import Ints
from ponts_flows.decide.matching.wording import listed, years_and_months
from ponts_flows.programme import Programme

ALTERNATIVES = 3
NEAR_MISSES = 3
"""Other mentors, and near misses, shown for one mentee."""


def parts(mentee: Candidate, mentor: Candidate, programme: Programme) -> tuple[Part, ...]:
    """What each criterion that counts says of a pair, strongest first."""
    found = []
    for criterion in CRITERIA:
        judgement = criterion.judge(mentee, mentor, programme)
        found.append(
            Part(
                criterion=criterion.name,
                label_fr=criterion.label_fr,
                points=judgement.points,
                weight=weight_of(criterion, programme),
                words_fr=judgement.words_fr,
            )
        )
    counting = [part for part in found if part.weight > 0]
    return tuple(sorted(counting, key=lambda part: (-part.points * part.weight, -part.weight)))


def proposals(grid: PairGrid, column_of_row: Ints) -> tuple[Proposal, ...]:
    """The chosen pairs with their reasons and alternatives, best score first."""
    mentees_of = _mentees_of(grid, column_of_row)
    found: list[Proposal] = []
    for rows in grid.blocks():
        rows = rows[column_of_row[rows] >= 0]
        totals = grid.totals(rows)
        open_to = grid.allowed(rows) & (grid.places > 0)
        open_to[np.arange(rows.size), column_of_row[rows]] = False
        ranks = grid.ranks(rows, totals, open_to)
        others = greatest(ranks, ALTERNATIVES)
        for line, row in enumerate(rows):
            columns = np.flatnonzero(others[line])
            columns = columns[np.argsort(-ranks[line, columns], kind="stable")]
            alternatives = tuple(
                _alternative(grid, column, int(totals[line, column]), mentees_of)
                for column in columns.tolist()
            )
            column = int(column_of_row[row])
            found.append(_proposal(grid, int(row), column, int(totals[line, column]), alternatives))
    return tuple(sorted(found, key=lambda proposal: -proposal.total))


def near_misses(grid: PairGrid, column_of_row: Ints) -> tuple[NearMiss, ...]:
    """The best pairs of each mentee that a derogation on the gap alone would allow."""
    found: list[NearMiss] = []
    least = grid.programme.near_gap_years * 12
    for rows in grid.blocks():
        gaps, totals = grid.gaps(rows), grid.totals(rows)
        near = grid.broken(Rule.SENIORITY, rows) & (gaps >= least)
        near &= grid.allowed(rows, but=frozenset({Rule.SENIORITY})) & (grid.places > 0)
        best = greatest(grid.ranks(rows, totals, near), NEAR_MISSES)
        for line, column in zip(*np.nonzero(best), strict=True):
            gap, score = int(gaps[line, column]), grid.score(int(totals[line, column]))
            unpaired = bool(column_of_row[rows[line]] < 0)
            words = f"{years_and_months(gap)} d'écart, {score}/100"
            found.append(
                NearMiss(
                    mentee_id=grid.mentees[rows[line]].id,
                    mentor_id=grid.mentors[column].id,
                    gap_months=gap,
                    score=score,
                    mentee_unpaired=unpaired,
                    words_fr=f"{words} ; ce mentee n'a pas de proposition" if unpaired else words,
                )
            )
    return tuple(sorted(found, key=lambda miss: (not miss.mentee_unpaired, -miss.score)))


def _proposal(
    grid: PairGrid, row: int, column: int, total: int, alternatives: tuple[Alternative, ...]
) -> Proposal:
    mentee, mentor = grid.mentees[row], grid.mentors[column]
    return Proposal(
        mentee_id=mentee.id,
        mentor_id=mentor.id,
        score=grid.score(total),
        total=total,
        kept=(mentee.id, mentor.id) in grid.pending,
        parts=parts(mentee, mentor, grid.programme),
        alternatives=alternatives,
    )


def _alternative(
    grid: PairGrid, column: int, total: int, mentees_of: Sequence[Sequence[Candidate]]
) -> Alternative:
    mentor, score = grid.mentors[column], grid.score(total)
    taken_by = mentees_of[column]
    shown = f"{mentor.profile.full_name}, {score}/100"
    if len(taken_by) < mentor.places:
        return Alternative(mentor_id=mentor.id, score=score, taken_by=(), words_fr=f"{shown} : place libre")
    names = listed([mentee.profile.full_name for mentee in taken_by])
    if len(taken_by) == 1:
        words = f"{shown} : sa place est proposée à {names}, qui devrait changer de mentor"
    else:
        places = f"ses {len(taken_by)} places sont proposées à {names}"
        words = f"{shown} : {places}, dont un devrait changer de mentor"
    return Alternative(
        mentor_id=mentor.id, score=score, taken_by=tuple(mentee.id for mentee in taken_by), words_fr=words
    )


def _mentees_of(grid: PairGrid, column_of_row: Ints) -> list[list[Candidate]]:
    found: list[list[Candidate]] = [[] for _ in grid.mentors]
    for row, column in enumerate(column_of_row):
        if column >= 0:
            found[column].append(grid.mentees[row])
    return found
