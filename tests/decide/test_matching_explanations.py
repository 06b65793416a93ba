"""Proposals, alternatives, near misses and the unpaired explain themselves, in French."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from ponts_flows.decide.matching import CRITERIA, Alternative, NearMiss, Pool, Unpaired, hard_rules, propose
from ponts_flows.decide.matching.wording import counted, listed, years_and_months
from ponts_flows.model import Language, Role
from ponts_flows.programme import Programme
from tests.decide.matching_builders import a_mentee, a_mentor, pairs, pools, started

PROGRAMME = Programme()


@given(pool=pools())
def test_the_parts_of_a_proposal_make_up_its_score_strongest_first(pool: Pool) -> None:
    totals = pairs(pool, PROGRAMME)

    for proposal in propose(pool, PROGRAMME).proposals:
        contributions = [part.points * part.weight for part in proposal.parts]
        assert proposal.total == totals[proposal.mentee_id, proposal.mentor_id] == sum(contributions)
        assert contributions == sorted(contributions, reverse=True)
        assert abs(proposal.score - proposal.total / sum(part.weight for part in proposal.parts)) <= 0.5
        assert {part.criterion for part in proposal.parts} == {criterion.name for criterion in CRITERIA}


def test_a_criterion_without_weight_is_not_given_as_a_reason() -> None:
    weights = replace(PROGRAMME.weights, sector=0)
    pool = Pool(mentees=(a_mentee(sector="BTP"),), mentors=(a_mentor(sector="BTP"),))

    (proposal,) = propose(pool, replace(PROGRAMME, weights=weights)).proposals

    assert "sector" not in {part.criterion for part in proposal.parts}


def test_reasons_read_as_sentences() -> None:
    pool = Pool(mentees=(a_mentee(waiting_days=18),), mentors=(a_mentor(),))

    (proposal,) = propose(pool, PROGRAMME).proposals

    assert proposal.reasons_fr[:2] == (
        "Thèmes : 3 thèmes sur 3 en commun : Networking, Organisation, Confiance en soi (100/100)",
        "Lieu : visio possible pour les deux (80/100)",
    )


@given(pool=pools())
def test_alternatives_are_the_best_other_allowed_mentors(pool: Pool) -> None:
    totals = pairs(pool, PROGRAMME)
    with_place = {mentor.id for mentor in pool.mentors if mentor.places > 0}

    for proposal in propose(pool, PROGRAMME).proposals:
        others = [
            total
            for (mentee, mentor), total in totals.items()
            if mentee == proposal.mentee_id and mentor in with_place - {proposal.mentor_id}
        ]
        shown = [totals[proposal.mentee_id, alternative.mentor_id] for alternative in proposal.alternatives]
        assert shown == sorted(others, reverse=True)[:3]


def test_an_alternative_says_whether_its_place_is_free_or_who_is_proposed_to_it() -> None:
    alice, chloe = a_mentee("alice", sector="BTP"), a_mentee("chloe", sector="Conseil")
    bruno, denis = a_mentor("bruno", sector="BTP"), a_mentor("denis", sector="Conseil")
    emile = a_mentor("emile", sector="Finance", themes=())

    found = propose(Pool(mentees=(alice, chloe), mentors=(bruno, denis, emile)), PROGRAMME)

    (of_alice,) = (proposal for proposal in found.proposals if proposal.mentee_id == "alice")
    assert of_alice.mentor_id == "bruno"
    assert of_alice.alternatives == (
        Alternative(
            mentor_id="denis",
            score=69,
            taken_by=("chloe",),
            words_fr="Denis Exemple, 69/100 : sa place est proposée à Chloe Exemple, "
            "qui devrait changer de mentor",
        ),
        Alternative(mentor_id="emile", score=41, taken_by=(), words_fr="Emile Exemple, 41/100 : place libre"),
    )


def test_a_mentee_without_proposal_reads_what_stood_in_the_way_counted() -> None:
    bank = "Banque Exemple"
    alice = a_mentee("alice", employer=bank)
    served = a_mentee("chloe", waiting_days=100)
    mentors = (
        a_mentor("bruno"),
        a_mentor("denis", places=0),
        a_mentor("emile", employer=bank, places=0),
        a_mentor("farid", languages=(Language.ENGLISH,), places=0),
        a_mentor("gael", places=0),
        a_mentor("hugo", career_start=started("2016-01")),
    )
    pool = Pool(mentees=(alice, served), mentors=mentors, never=frozenset({("alice", "gael")}))

    assert propose(pool, PROGRAMME).unpaired == (
        Unpaired(
            application_id="alice",
            role=Role.MENTEE,
            words_fr="5 mentors ont au moins 10 ans d'expérience de plus ; 1 proposé à d'autres mentees ; "
            "1 sans place ; 1 du même employeur ; 1 sans langue en commun ; 1 déjà proposé sans suite",
        ),
        Unpaired(
            application_id="hugo",
            role=Role.MENTOR,
            words_fr="aucun des 2 mentees en attente n'a au moins 10 ans d'expérience de moins",
        ),
    )


@pytest.mark.parametrize(
    ("pool", "words"),
    [
        (Pool(mentees=(a_mentee(),), mentors=()), "aucun mentor inscrit"),
        (Pool(mentees=(), mentors=(a_mentor(),)), "aucun mentee en attente"),
        (Pool(mentees=(a_mentee(places=0),), mentors=(a_mentor(),)), "aucun mentee en attente"),
    ],
)
def test_an_empty_side_is_said_to_the_other(pool: Pool, words: str) -> None:
    assert [left.words_fr for left in propose(pool, PROGRAMME).unpaired] == [words]


@given(pool=pools())
def test_everyone_with_a_place_is_proposed_or_told_why_not(pool: Pool) -> None:
    found = propose(pool, PROGRAMME)

    told = {left.application_id for left in found.unpaired}
    proposed = {person for p in found.proposals for person in (p.mentee_id, p.mentor_id)}
    assert told | proposed == {person.id for person in (*pool.mentees, *pool.mentors) if person.places > 0}
    assert told & proposed == set()


@given(pool=pools())
def test_near_misses_break_the_ten_years_alone_and_by_two_at_most(pool: Pool) -> None:
    mentees, mentors = ({p.id: p for p in side} for side in (pool.mentees, pool.mentors))
    eight = replace(PROGRAMME, least_gap_years=PROGRAMME.near_gap_years)

    found = propose(pool, PROGRAMME).near_misses

    expected = {
        (mentee.id, mentor.id)
        for mentee in pool.mentees
        for mentor in pool.mentors
        if min(mentee.places, mentor.places) > 0
        and hard_rules(mentee, mentor, PROGRAMME, pool.never)
        and not hard_rules(mentee, mentor, eight, pool.never)
    }
    listed_pairs = [(miss.mentee_id, miss.mentor_id) for miss in found]
    assert set(listed_pairs) <= expected
    assert {mentee for mentee, _ in listed_pairs} == {mentee for mentee, _ in expected}
    for miss in found:
        start, senior = (
            mentees[miss.mentee_id].profile.career_start,
            mentors[miss.mentor_id].profile.career_start,
        )
        assert miss.gap_months == senior.months_until(start)


def test_a_near_miss_says_that_its_mentee_has_no_proposal() -> None:
    pool = Pool(mentees=(a_mentee("alice"),), mentors=(a_mentor("bruno", career_start=started("2010-03")),))

    assert propose(pool, PROGRAMME).near_misses == (
        NearMiss(
            mentee_id="alice",
            mentor_id="bruno",
            gap_months=102,
            score=65,
            mentee_unpaired=True,
            words_fr="8 ans et 6 mois d'écart, 65/100 ; ce mentee n'a pas de proposition",
        ),
    )


def test_french_numbers_and_lists() -> None:
    assert [counted(0, "mentor"), counted(1, "mentor"), counted(2, "mentor")] == [
        "0 mentor",
        "1 mentor",
        "2 mentors",
    ]
    assert [listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == ["a", "a et b", "a, b et c"]
    assert [years_and_months(n) for n in (0, 8, 12, 119, 180)] == [
        "0 mois",
        "8 mois",
        "1 an",
        "9 ans et 11 mois",
        "15 ans",
    ]
