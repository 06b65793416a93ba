"""Why these pairs: the reasons of each proposal, what else there was, and which pairs nearly could be."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ponts_flows.decide.matching.consequences import NOBODY, Change, Consequences, Move
from ponts_flows.decide.matching.criteria import CRITERIA
from ponts_flows.decide.matching.criterion import weight_of
from ponts_flows.decide.matching.edges import best_of_each
from ponts_flows.decide.matching.grid import PairGrid
from ponts_flows.decide.matching.optimum import Optimum
from ponts_flows.decide.matching.outcome import Alternative, Fairness, NearMiss, Part, Proposal
from ponts_flows.decide.matching.pool import Candidate
from ponts_flows.decide.matching.scan import best_of_mentees
from ponts_flows.decide.matching.tiles import Ints, ragged
from ponts_flows.decide.matching.wording import counted, years_and_months
from ponts_flows.programme import Programme

ALTERNATIVES = 3
NEAR_MISSES = 3
"""Other mentors, and near misses, shown for one mentee."""

RANKED = 12
"""How many of a mentee's best mentors are counted before it is only said that there are better ones."""

MOVES_SHOWN = 3


def parts(mentee: Candidate, mentor: Candidate, programme: Programme) -> tuple[Part, ...]:
    """What each criterion that counts says of a pair, strongest first."""
    found = []
    for criterion in CRITERIA:
        if weight := weight_of(criterion, programme):
            judgement = criterion.judge(mentee, mentor, programme)
            found.append(
                Part(
                    criterion=criterion.name,
                    label_fr=criterion.label_fr,
                    points=judgement.points,
                    weight=weight,
                    words_fr=judgement.words_fr,
                )
            )
    return tuple(sorted(found, key=lambda part: (-part.points * part.weight, -part.weight)))


def proposals(grid: PairGrid, optimum: Optimum) -> tuple[Proposal, ...]:
    """The chosen pairs with their reasons and alternatives, best score first."""
    consequences = Consequences(grid, optimum)
    best = best_of_mentees(grid, RANKED)
    starts = np.searchsorted(best.rows, np.arange(len(grid.mentees) + 1)).tolist()
    rows = np.flatnonzero(optimum.column_of_row >= 0)
    columns = optimum.column_of_row[rows]
    found = []
    for row, column, total in zip(
        rows.tolist(), columns.tolist(), grid.totals(rows, columns).tolist(), strict=True
    ):
        own = slice(starts[row], starts[row + 1])
        others = list(zip(best.columns[own].tolist(), best.totals[own].tolist(), strict=True))
        mentee, mentor = grid.mentees[row], grid.mentors[column]
        proposal = Proposal(
            mentee_id=mentee.id,
            mentor_id=mentor.id,
            score=grid.score(total),
            total=total,
            kept=(mentee.id, mentor.id) in grid.pool.pending,
            rank=1 + sum(worth > total for _, worth in others),
            parts=parts(mentee, mentor, grid.programme),
            alternatives=tuple(
                _alternative(grid, other, worth, consequences.of(row, other, worth))
                for other, worth in [one for one in others if one[0] != column][:ALTERNATIVES]
            ),
        )
        found.append(proposal)
    return tuple(sorted(found, key=lambda proposal: -proposal.total))


def near_misses(grid: PairGrid, column_of_row: Ints) -> tuple[NearMiss, ...]:
    """The best pairs of each mentee without a proposal that a derogation on the gap alone would allow."""
    months, of_mentors = grid.months
    alone = np.flatnonzero(column_of_row < 0)
    years = grid.programme.least_gap_years, grid.programme.near_gap_years
    enough, nearly = (np.searchsorted(of_mentors, months[alone] - 12 * gap, side="right") for gap in years)
    rows = np.repeat(alone, nearly - enough)
    columns = ragged(enough, nearly - enough)
    totals = grid.totals(rows, columns, whatever_gap=True)
    allowed = np.flatnonzero(totals >= grid.least_total)
    best = allowed[best_of_each(rows[allowed], totals[allowed], NEAR_MISSES)]
    found = []
    for row, column, total in zip(*(part[best].tolist() for part in (rows, columns, totals)), strict=True):
        gap, score = int(months[row] - of_mentors[column]), grid.score(total)
        found.append(
            NearMiss(
                mentee_id=grid.mentees[row].id,
                mentor_id=grid.mentors[column].id,
                gap_months=gap,
                score=score,
                words_fr=f"{years_and_months(gap)} d'écart, {score}/100",
            )
        )
    return tuple(sorted(found, key=lambda miss: -miss.score))


def fairness(grid: PairGrid, found: Sequence[Proposal]) -> Fairness:
    """How the proposals are spread."""
    scores = sorted(proposal.score for proposal in found)
    used = {proposal.mentor_id for proposal in found}
    return Fairness(
        worst_score=scores[0] if scores else 0,
        tenth_score=scores[len(scores) // 10] if scores else 0,
        median_score=scores[len(scores) // 2] if scores else 0,
        first_choice=sum(proposal.rank == 1 for proposal in found),
        three_best=sum(proposal.rank <= 3 for proposal in found),
        mentors_unused=sum(mentor.id not in used for mentor in grid.mentors),
        places_unused=sum(mentor.places for mentor in grid.mentors) - len(found),
    )


def _alternative(grid: PairGrid, column: int, total: int, change: Change) -> Alternative:
    mentor = grid.mentors[column]
    return Alternative(
        mentor_id=mentor.id,
        score=grid.score(total),
        loss=grid.score(change.loss),
        pairs_lost=change.pairs_lost,
        displaced=tuple(grid.mentees[move.row].id for move in change.moves[1:]),
        words_fr=f"{mentor.profile.full_name}, {grid.score(total)}/100 : {change_words(grid, change)}",
    )


def change_words(grid: PairGrid, change: Change) -> str:
    """Who else would move, and what all would lose, in French."""
    moves = change.moves[1:]
    said = [_move_words(grid, move) for move in moves[:MOVES_SHOWN]] or ["personne d'autre ne change"]
    if len(moves) > MOVES_SHOWN:
        said.append(f"et {counted(len(moves) - MOVES_SHOWN, 'autre changement', 'autres changements')}")
    points = abs(grid.score(change.loss))
    if change.pairs_lost > 0:
        said.append("un binôme de moins")
    elif points:
        verb = "perd" if change.loss > 0 else "gagne"
        said.append(f"l'ensemble {verb} {counted(points, 'point')}")
    else:
        said.append("l'ensemble n'y perd presque rien" if change.loss else "l'ensemble n'y perd rien")
    return " ; ".join(said)


def _move_words(grid: PairGrid, move: Move) -> str:
    name = grid.mentees[move.row].profile.full_name
    if move.column == NOBODY:
        return f"{name} n'aurait plus de mentor"
    return f"{name} irait à {grid.mentors[move.column].profile.full_name} ({grid.score(move.total)}/100)"
