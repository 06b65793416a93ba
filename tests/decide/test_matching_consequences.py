"""What choosing another pair would change: the same as solving everything again with that pair."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ponts_flows.decide.matching import Pair, Pool, propose
from ponts_flows.decide.matching.consequences import NOBODY, Change, Consequences
from ponts_flows.decide.matching.grid import PairGrid
from ponts_flows.decide.matching.optimum import Optimum, best_pairs
from ponts_flows.programme import Programme
from tests.bench.pools import a_pool
from tests.decide.matching_builders import a_mentee, a_mentor, pairs, pools

PROGRAMME = Programme()
PROGRAMMES = (
    PROGRAMME,
    replace(PROGRAMME, least_score=60),
    replace(PROGRAMME, required=frozenset({"sector"})),
)


def chosen(grid: PairGrid, optimum: Optimum) -> dict[str, str]:
    return {
        grid.mentees[row].id: grid.mentors[column].id
        for row, column in enumerate(optimum.column_of_row.tolist())
        if column >= 0
    }


def after(grid: PairGrid, before: dict[str, str], change: Change) -> dict[str, str]:
    found = dict(before)
    for move in change.moves:
        found[grid.mentees[move.row].id] = "" if move.column == NOBODY else grid.mentors[move.column].id
    return {mentee: mentor for mentee, mentor in found.items() if mentor}


def given_together(pool: Pool, pair: Pair) -> Pool:
    """The pool without a mentee, and with one place less at a mentor."""
    mentee, mentor = pair
    return replace(
        pool,
        mentees=tuple(one for one in pool.mentees if one.id != mentee),
        mentors=tuple(
            replace(one, places=one.places - 1) if one.id == mentor else one for one in pool.mentors
        ),
    )


def check_every_other_pair(pool: Pool, programme: Programme, *, step: int = 1) -> int:
    grid = PairGrid(pool, programme)
    optimum = best_pairs(grid)
    before, totals = chosen(grid, optimum), pairs(pool, programme)
    places = {mentor.id: mentor.places for mentor in pool.mentors}
    consequences = Consequences(grid, optimum)

    def value(found: dict[str, str]) -> int:
        bonus = grid.keeping_bonus
        return sum(totals[pair] + bonus * (pair in pool.pending) for pair in found.items())

    others = [pair for pair in totals if pair[0] in before and before[pair[0]] != pair[1]]
    others = [pair for pair in others if pair[1] in grid.column_of][::step]
    for mentee, mentor in others:
        change = consequences.of(grid.row_of[mentee], grid.column_of[mentor], totals[mentee, mentor])
        found = after(grid, before, change)

        assert found[mentee] == mentor
        assert found.items() <= totals.keys()
        assert all(number <= places[one] for one, number in Counter(found.values()).items())
        assert change.pairs_lost == len(before) - len(found)
        assert change.loss == sum(totals[pair] for pair in before.items()) - sum(
            totals[pair] for pair in found.items()
        )
        again = propose(given_together(pool, (mentee, mentor)), programme).proof
        forced = totals[mentee, mentor] + grid.keeping_bonus * ((mentee, mentor) in pool.pending)
        assert value(found) == again.value + forced
        assert programme.least_score or len(found) == again.pairs + 1
    return len(others)


@settings(max_examples=60)
@given(pool=pools(), programme=st.sampled_from(PROGRAMMES))
def test_a_change_costs_what_solving_again_with_the_pair_says(pool: Pool, programme: Programme) -> None:
    check_every_other_pair(pool, programme)


@pytest.mark.parametrize("seed", [1, 2])
def test_so_it_does_in_a_larger_pool_where_mentors_are_short(seed: int) -> None:
    assert check_every_other_pair(a_pool(60, seed=seed), PROGRAMME, step=7) > 50


def test_the_one_displaced_may_lose_their_mentor_and_someone_else_gain_one() -> None:
    alice, chloe = a_mentee("alice", waiting_days=150), a_mentee("chloe", waiting_days=90)
    diane = a_mentee("diane", waiting_days=0)
    pool = Pool(
        mentees=(alice, chloe, diane),
        mentors=(a_mentor("bruno"), a_mentor("denis")),
        never=frozenset({("chloe", "bruno"), ("diane", "denis")}),
    )
    grid = PairGrid(pool, PROGRAMME)
    optimum = best_pairs(grid)
    assert chosen(grid, optimum) == {"alice": "bruno", "chloe": "denis"}

    total = pairs(pool, PROGRAMME)["alice", "denis"]
    change = Consequences(grid, optimum).of(grid.row_of["alice"], grid.column_of["denis"], total)

    named = [
        (grid.mentees[move.row].id, grid.mentors[move.column].id if move.column >= 0 else "")
        for move in change.moves
    ]
    assert named == [("alice", "denis"), ("chloe", ""), ("diane", "bruno")]
    assert change.pairs_lost == 0
