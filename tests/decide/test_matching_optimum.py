"""The pairs proposed are the best there are, whoever computes it, whatever the order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from ponts_flows.decide.matching import (
    Candidate,
    Matching,
    Pair,
    Pool,
    Reached,
    best_of,
    leftover,
    optimum,
    propose,
    scan,
    tiles,
)
from ponts_flows.decide.matching import grid as grid_module
from ponts_flows.decide.matching.edges import Scale
from ponts_flows.decide.matching.grid import PairGrid
from ponts_flows.decide.matching.optimum import best_pairs
from ponts_flows.decide.matching.propose import input_hash
from ponts_flows.decide.matching.scan import in_single
from ponts_flows.decide.matching.tiles import FrozenLayers
from ponts_flows.programme import Programme, Weights
from tests.bench.pools import a_pool
from tests.decide.matching_builders import a_mentee, a_mentor, pairs, pools, started

PROGRAMME = Programme()
NOTHING = Weights(**dict.fromkeys((weight.name for weight in fields(Weights)), 0))
COARSE = replace(PROGRAMME, weights=replace(NOTHING, sector=1))
"""A programme by which almost every pair is as good as another."""
STRICT = replace(PROGRAMME, required=frozenset({"themes", "sector"}))
BEST_ONLY = replace(PROGRAMME, least_score=60)
PROGRAMMES = (PROGRAMME, COARSE, STRICT, BEST_ONLY)


def proposed(matching: Matching) -> set[Pair]:
    return {(proposal.mentee_id, proposal.mentor_id) for proposal in matching.proposals}


def best_by_scipy(pool: Pool, programme: Programme, bonus: int) -> tuple[int, int]:
    """Pairs and value of the optimum, from a dense assignment with one column for each place."""
    totals = pairs(pool, programme)
    mentees = [mentee for mentee in pool.mentees if mentee.places > 0]
    places = [mentor for mentor in pool.mentors for _ in range(mentor.places)]
    paired = 0 if programme.least_score else 1_000_000
    worth = np.zeros((len(mentees), len(places)))
    for row, mentee in enumerate(mentees):
        for column, mentor in enumerate(places):
            pair = (mentee.id, mentor.id)
            if pair in totals:
                worth[row, column] = paired + totals[pair] + bonus * (pair in pool.pending)
    reached = int(worth[linear_sum_assignment(worth, maximize=True)].sum())
    return divmod(reached, paired) if paired else (0, reached)


def reached(matching: Matching, programme: Programme) -> tuple[int, int]:
    """Pairs, where most are wanted, and value of a matching, counted from its proposals."""
    kept = sum(proposal.kept for proposal in matching.proposals)
    value = sum(proposal.total for proposal in matching.proposals) + kept * matching.proof.keeping_bonus
    assert (value, len(matching.proposals)) == (matching.proof.value, matching.proof.pairs)
    return (0 if programme.least_score else len(matching.proposals)), value


@settings(max_examples=200)
@given(pool=pools(), programme=st.sampled_from(PROGRAMMES))
def test_no_solver_pairs_more_mentees_or_reaches_a_better_total(pool: Pool, programme: Programme) -> None:
    found = propose(pool, programme)

    assert reached(found, programme) == best_by_scipy(pool, programme, found.proof.keeping_bonus)
    assert found.proof.optimal
    assert found.proof.gap == 0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_optimum_holds_in_a_pool_larger_than_the_shortlists(seed: int) -> None:
    pool = a_pool(90, seed=seed)
    last_week = proposed(propose(a_pool(85, seed=seed), PROGRAMME))

    found = propose(replace(pool, pending=frozenset(last_week)), PROGRAMME)

    expected = best_by_scipy(
        replace(pool, pending=frozenset(last_week)), PROGRAMME, found.proof.keeping_bonus
    )
    assert reached(found, PROGRAMME) == expected


def test_a_mentee_is_paired_through_a_pair_on_no_shortlist_even_if_scores_fall() -> None:
    alice, boris, chloe = (
        a_mentee(name, sector=sector)
        for name, sector in (("alice", "Finance"), ("boris", "BTP"), ("chloe", "Conseil"))
    )
    xavier, yann, zoe = (
        a_mentor(name, sector=sector)
        for name, sector in (("xavier", "BTP"), ("yann", "Conseil"), ("zoe", "Conseil"))
    )
    never = {("alice", "yann"), ("alice", "zoe"), ("boris", "zoe"), ("chloe", "xavier")}
    pool = Pool(mentees=(alice, boris, chloe), mentors=(xavier, yann, zoe), never=frozenset(never))

    found = best_pairs(PairGrid(pool, COARSE), per_mentee=1, per_mentor=1)

    # All began in the same month: rows and columns are in the order of the addresses.
    assert found.column_of_row.tolist() == [0, 1, 2]


@pytest.mark.parametrize("programme", [PROGRAMME, COARSE])
@pytest.mark.parametrize(("per_mentee", "per_mentor"), [(1, 1), (2, 5), (1_000, 1_000)])
def test_the_length_of_the_shortlists_changes_no_pair(
    programme: Programme, per_mentee: int, per_mentor: int
) -> None:
    grid = PairGrid(a_pool(200), programme)

    found = best_pairs(grid, per_mentee=per_mentee, per_mentor=per_mentor)

    assert found.column_of_row.tolist() == best_pairs(grid).column_of_row.tolist()


@given(pool=pools(), programme=st.sampled_from(PROGRAMMES))
def test_no_pair_breaks_a_rule_and_no_place_is_used_twice(pool: Pool, programme: Programme) -> None:
    found = proposed(propose(pool, programme))

    assert found <= pairs(pool, programme).keys()
    assert all(count == 1 for count in Counter(mentee for mentee, _ in found).values())
    places = {person.id: person.places for person in (*pool.mentees, *pool.mentors)}
    assert all(count <= places[mentor] for mentor, count in Counter(mentor for _, mentor in found).items())
    assert all(places[mentee] > 0 for mentee, _ in found)


@given(data=st.data(), pool=pools(), programme=st.sampled_from((PROGRAMME, COARSE)))
def test_the_order_of_sign_ups_changes_nothing(data: st.DataObject, pool: Pool, programme: Programme) -> None:
    shuffled = replace(
        pool,
        mentees=tuple(data.draw(st.permutations(pool.mentees))),
        mentors=tuple(data.draw(st.permutations(pool.mentors))),
    )

    assert propose(shuffled, programme) == propose(pool, programme)


def test_with_everyone_alike_the_pairs_depend_on_the_people_and_not_on_their_numbers() -> None:
    pool = a_pool(120)
    renumbered = replace(
        pool,
        mentees=tuple(replace(person, id=f"A-{1000 - n}") for n, person in enumerate(pool.mentees)),
        mentors=tuple(replace(person, id=f"A-{5000 - n}") for n, person in enumerate(reversed(pool.mentors))),
    )

    assert by_address(renumbered, propose(renumbered, COARSE)) == by_address(pool, propose(pool, COARSE))


def by_address(pool: Pool, matching: Matching) -> set[Pair]:
    address = {person.id: person.profile.email for person in (*pool.mentees, *pool.mentors)}
    return {(address[mentee], address[mentor]) for mentee, mentor in proposed(matching)}


def test_more_mentees_go_before_better_pairs() -> None:
    keen = a_mentee("alice", themes=("networking",), sector="Conseil")
    hard_to_place = a_mentee("chloe", themes=("balance",), employer="Banque Exemple")
    liked = a_mentor("bruno", themes=("networking",), sector="Conseil")
    other = a_mentor("denis", themes=(), sector="BTP", employer="Banque Exemple")

    found = propose(Pool(mentees=(keen, hard_to_place), mentors=(liked, other)), PROGRAMME)

    assert proposed(found) == {("alice", "denis"), ("chloe", "bruno")}


def test_who_waited_longer_is_served_where_mentors_are_short() -> None:
    patient, recent = a_mentee("alice", waiting_days=60), a_mentee("chloe", waiting_days=5)

    found = propose(Pool(mentees=(recent, patient), mentors=(a_mentor("bruno"),)), PROGRAMME)

    assert proposed(found) == {("alice", "bruno")}


@pytest.mark.parametrize(("mentees", "mentors"), [((), ()), ((a_mentee(),), ()), ((), (a_mentor(),))])
def test_an_empty_side_gives_no_pair(mentees: tuple[Candidate, ...], mentors: tuple[Candidate, ...]) -> None:
    found = propose(Pool(mentees=mentees, mentors=mentors), PROGRAMME)

    assert (found.proposals, found.proof.pairs_bound) == ((), 0)
    assert len(found.unpaired) == len(mentees) + len(mentors)


def test_weights_of_nothing_still_pair_everyone() -> None:
    pool = Pool(mentees=(a_mentee(),), mentors=(a_mentor(),))

    found = propose(pool, replace(PROGRAMME, weights=NOTHING))

    assert [(proposal.score, proposal.parts) for proposal in found.proposals] == [(0, ())]


def test_a_pending_pair_is_kept_against_one_hardly_better_and_not_against_one_much_better() -> None:
    mentee = a_mentee("alice", career_start=started("2018-09"))
    pending = a_mentor("bruno", career_start=started("1990-09"))
    hardly = a_mentor("denis", career_start=started("1992-09"))
    much = a_mentor("emile", career_start=started("2000-09"), sector="Conseil")
    pool = Pool(mentees=(mentee,), mentors=(pending, hardly), pending=frozenset({("alice", "bruno")}))
    keen = replace(mentee, profile=replace(mentee.profile, sector="Conseil"))

    assert proposed(propose(pool, PROGRAMME)) == {("alice", "bruno")}
    assert proposed(propose(replace(pool, pending=frozenset()), PROGRAMME)) == {("alice", "denis")}
    assert proposed(propose(replace(pool, mentees=(keen,), mentors=(pending, much)), PROGRAMME)) == {
        ("alice", "emile")
    }


def test_proposing_again_what_is_pending_changes_nothing() -> None:
    pool = a_pool(150)
    first = propose(pool, PROGRAMME)

    again = propose(replace(pool, pending=frozenset(proposed(first))), PROGRAMME)

    assert proposed(again) == proposed(first)
    assert again.proof.kept == first.proof.pairs


def test_a_week_later_more_proposals_stay_with_the_bonus_than_without() -> None:
    pool = a_pool(300)
    earlier = proposed(
        propose(replace(pool, mentees=pool.mentees[:270], mentors=pool.mentors[:165]), PROGRAMME)
    )

    without = proposed(propose(pool, PROGRAMME))
    kept = proposed(propose(replace(pool, pending=frozenset(earlier)), PROGRAMME))

    assert len(kept & earlier) > len(without & earlier)


def test_prices_guessed_from_a_part_of_the_pool_change_no_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = a_pool(600)
    plain = best_of(pool, PROGRAMME)
    monkeypatch.setattr(optimum, "LARGE", 100)

    assert best_of(pool, PROGRAMME) == plain


def test_tiles_of_any_size_give_the_same_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = a_pool(300)
    plain = propose(pool, PROGRAMME)
    for module in (grid_module, tiles, leftover, scan):
        monkeypatch.setattr(module, "WIDTH", 7)
    monkeypatch.setattr(grid_module, "HEIGHT", 3)
    monkeypatch.setattr(grid_module, "FEW", 1)

    assert propose(pool, PROGRAMME) == plain


@pytest.mark.parametrize("programme", [PROGRAMME, BEST_ONLY])
def test_a_search_that_is_stopped_says_what_could_be_reached_at_most(programme: Programme) -> None:
    pool, seen = a_pool(400), list[Reached]()

    def stop(reached: Reached) -> bool:
        seen.append(reached)
        return True

    grid = PairGrid(pool, programme)
    stopped = best_pairs(grid, per_mentee=1, per_mentor=1, watch=stop).reached
    best = best_pairs(grid).reached

    assert seen == [stopped]
    assert stopped.gap > 0 == best.gap
    assert stopped.pairs <= best.pairs <= stopped.pairs_bound or programme.least_score
    assert stopped.value < best.value or stopped.pairs < best.pairs
    assert best.value <= stopped.value_bound or stopped.pairs < stopped.pairs_bound


@given(pool=pools(), data=st.data())
def test_a_bound_is_never_below_the_best(pool: Pool, data: st.DataObject) -> None:
    programme = data.draw(st.sampled_from(PROGRAMMES))
    grid = PairGrid(pool, programme)
    best = best_pairs(grid).reached

    stopped = best_pairs(grid, per_mentee=1, per_mentor=1, watch=lambda reached: True).reached

    if not programme.least_score:
        assert stopped.pairs <= best.pairs <= stopped.pairs_bound
    if programme.least_score or stopped.pairs == best.pairs:
        assert stopped.value <= best.value <= stopped.value_bound


@given(levels=st.lists(st.tuples(st.integers(0, 1), st.integers(-(2**19), 2**19)), min_size=1))
def test_prices_in_single_precision_are_never_higher(levels: list[tuple[int, int]]) -> None:
    scale = Scale(unit=1, paired=2**40, dropped_bits=0)
    units = np.array([level * scale.paired + rest for level, rest in levels], dtype=np.int64)

    found = in_single(units, scale)

    assert (found.astype(np.float32).astype(np.int64) == found).all()
    if np.abs(units).max() > scan.EXACT:
        exact = [level * scan.LEVEL + rest for level, rest in levels]
        assert (found <= np.array(exact)).all()
    else:
        assert (found == units).all()


def test_the_hash_of_the_input_changes_with_anything_that_counts_and_nothing_else() -> None:
    pool = a_pool(20)
    shuffled = replace(pool, mentees=pool.mentees[::-1], mentors=pool.mentors[::-1])
    others = (
        (replace(pool, never=frozenset({("mentee-1", "mentor-1")})), PROGRAMME),
        (replace(pool, pending=frozenset({("mentee-1", "mentor-1")})), PROGRAMME),
        (replace(pool, mentees=pool.mentees[1:]), PROGRAMME),
        (pool, COARSE),
        (pool, BEST_ONLY),
        (pool, STRICT),
        (pool, replace(PROGRAMME, keeping_bonus=3)),
    )

    assert input_hash(shuffled, PROGRAMME) == input_hash(pool, PROGRAMME)
    assert len({input_hash(*one) for one in ((pool, PROGRAMME), *others)}) == len(others) + 1


class Given(PairGrid):
    """People all alike, whose scores are given as a matrix."""

    def __init__(self, scores: NDArray[np.int64], places: Sequence[int]) -> None:
        mentees = tuple(a_mentee(f"mentee{row:04d}") for row in range(scores.shape[0]))
        mentors = tuple(a_mentor(f"mentor{column:04d}", places=each) for column, each in enumerate(places))
        super().__init__(Pool(mentees=mentees, mentors=mentors), PROGRAMME)
        self.full_score = int(scores.max())
        self.__dict__["_scores"] = FrozenLayers(
            scores.astype(np.float32), np.eye(scores.shape[1], dtype=np.float32), (), ()
        )


@pytest.mark.parametrize("size", [2, 7, 30, 90])
def test_the_hard_instances_of_machol_and_wien_have_the_optimum_that_is_known(size: int) -> None:
    # Costs i × j: the least total pairs the greatest i with the least j, n (n + 1) (n + 2) / 6 in all.
    # R. E. Machol and M. Wien, "A hard assignment problem", Operations Research 24 (1976).
    numbers = np.arange(1, size + 1)
    grid = Given(size * size - np.outer(numbers, numbers), [1] * size)

    found = best_pairs(grid, per_mentee=3, per_mentor=3).reached

    assert (found.pairs, size**3 - found.value) == (size, size * (size + 1) * (size + 2) // 6)
    assert found.gap == 0


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("most", [1, 5, 9_000])
def test_any_scores_and_places_give_what_scipy_gives(seed: int, most: int) -> None:
    draw = np.random.default_rng(seed)
    scores = draw.integers(0, most + 1, size=(draw.integers(20, 120), draw.integers(10, 60)))
    places = draw.integers(1, 6, size=scores.shape[1]).tolist()

    found = best_pairs(Given(scores, places), per_mentee=4, per_mentor=4).reached

    rows, columns = linear_sum_assignment(np.repeat(scores, places, axis=1), maximize=True)
    assert found.value == np.repeat(scores, places, axis=1)[rows, columns].sum()
    assert (found.pairs, found.gap) == (rows.size, 0)
