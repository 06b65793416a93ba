"""Proposals, alternatives, near misses and the unpaired explain themselves, in French."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ponts_flows.decide.matching import (
    CRITERIA,
    Alternative,
    NearMiss,
    Pool,
    Rule,
    Unpaired,
    hard_rules,
    propose,
)
from ponts_flows.decide.matching.wording import counted, listed, years_and_months
from ponts_flows.model import Language, Role
from ponts_flows.programme import Programme
from tests.decide.matching_builders import a_mentee, a_mentor, pairs, pools, started

PROGRAMME = Programme()
PROGRAMMES = (
    PROGRAMME,
    replace(PROGRAMME, required=frozenset({"themes", "sector"})),
    replace(PROGRAMME, least_score=60),
)


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


def test_an_alternative_says_who_would_have_to_move_and_what_it_costs() -> None:
    alice, chloe = a_mentee("alice", sector="BTP"), a_mentee("chloe", sector="Conseil")
    bruno, denis = a_mentor("bruno", sector="BTP"), a_mentor("denis", sector="Conseil")
    emile = a_mentor("emile", sector="Finance", themes=("balance",))

    found = propose(Pool(mentees=(alice, chloe), mentors=(bruno, denis, emile)), PROGRAMME)

    (of_alice,) = (proposal for proposal in found.proposals if proposal.mentee_id == "alice")
    assert (of_alice.mentor_id, of_alice.rank) == ("bruno", 1)
    assert of_alice.alternatives == (
        Alternative(
            mentor_id="denis",
            score=62,
            loss=26,
            pairs_lost=0,
            displaced=("chloe",),
            words_fr="Denis Exemple, 62/100 : Chloe Exemple irait à Bruno Exemple (62/100) ; "
            "l'ensemble perd 26 points",
        ),
        Alternative(
            mentor_id="emile",
            score=37,
            loss=38,
            pairs_lost=0,
            displaced=(),
            words_fr="Emile Exemple, 37/100 : personne d'autre ne change ; l'ensemble perd 38 points",
        ),
    )


def test_an_alternative_may_leave_someone_without_a_mentor_and_give_another_one() -> None:
    alice, chloe, diane = (
        a_mentee(name, waiting_days=days) for name, days in (("alice", 9), ("chloe", 90), ("diane", 60))
    )
    bruno, denis = a_mentor("bruno"), a_mentor("denis")
    never = frozenset({("diane", "denis"), ("chloe", "bruno")})

    found = propose(Pool(mentees=(alice, chloe, diane), mentors=(bruno, denis), never=never), PROGRAMME)

    assert {(one.mentee_id, one.mentor_id) for one in found.proposals} == {
        ("chloe", "denis"),
        ("diane", "bruno"),
    }
    (left,) = found.unpaired
    assert left.help_fr == "davantage de mentors : ceux qui conviennent sont proposés à d'autres"


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
        a_mentor("hugo", career_start=started("2010-01")),
    )
    pool = Pool(mentees=(alice, served), mentors=mentors, never=frozenset({("alice", "gael")}))

    assert propose(pool, PROGRAMME).unpaired == (
        Unpaired(
            application_id="alice",
            role=Role.MENTEE,
            words_fr="5 mentors ont au moins 10 ans d'expérience de plus ; 1 proposé à d'autres mentees ; "
            "1 sans place ; 1 du même employeur ; 1 sans langue en commun ; 1 déjà proposé sans suite",
            help_fr="une dérogation : 1 mentor avec 8 à 10 ans d'écart ; une place de plus chez le mentor complet",
        ),
        Unpaired(
            application_id="hugo",
            role=Role.MENTOR,
            words_fr="aucun des 2 mentees en attente n'a au moins 10 ans d'expérience de moins",
            help_fr="une dérogation : 2 mentees avec 8 à 10 ans d'écart",
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


@pytest.mark.parametrize(
    ("mentee", "mentor", "settings", "helps"),
    [
        ({"languages": (Language.ENGLISH,)}, {}, {}, "échanger aussi en français : 1 mentor de plus"),
        ({}, {"career_start": started("2009-09")}, {}, "une dérogation : 1 mentor avec 8 à 10 ans d'écart"),
        (
            {"themes": ("balance",)},
            {"themes": ("networking",)},
            {"required": frozenset({"themes"})},
            "ne plus rendre « thèmes » obligatoire : 1 mentor de plus",
        ),
        ({}, {}, {"least_score": 99}, "un score minimal plus bas : 1 mentor de plus"),
        ({"employer": "EDF"}, {"employer": "EDF"}, {}, ""),
        ({"employer": "EDF", "languages": (Language.ENGLISH,)}, {"employer": "EDF"}, {}, ""),
    ],
)
def test_what_would_help_is_what_alone_stands_in_the_way(
    mentee: dict[str, object], mentor: dict[str, object], settings: dict[str, object], helps: str
) -> None:
    pool = Pool(mentees=(a_mentee(**mentee),), mentors=(a_mentor(**mentor),))

    alone, other = propose(pool, replace(PROGRAMME, **settings)).unpaired

    assert alone.help_fr == helps
    assert other.help_fr == helps.replace("mentor", "mentee").replace("français", "anglais")


@given(pool=pools(), programme=st.sampled_from(PROGRAMMES))
def test_the_counts_add_up_whoever_is_left(pool: Pool, programme: Programme) -> None:
    experienced = {
        (mentee.id, mentor.id): all(
            one.rule is not Rule.SENIORITY for one in hard_rules(mentee, mentor, programme)
        )
        for mentee in pool.mentees
        for mentor in pool.mentors
        if mentee.places > 0
    }
    for left in propose(pool, programme).unpaired:
        senior = sum(enough for pair, enough in experienced.items() if left.application_id in pair)
        first, *rest = left.words_fr.split(" ; ")
        if senior:
            assert int(first.split()[0]) == senior == sum(int(part.split()[0]) for part in rest)
        else:
            assert first.startswith("aucun")


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

    found = propose(pool, PROGRAMME)

    expected = {
        (mentee.id, mentor.id)
        for mentee in pool.mentees
        for mentor in pool.mentors
        if min(mentee.places, mentor.places) > 0
        and hard_rules(mentee, mentor, PROGRAMME, pool.never)
        and not hard_rules(mentee, mentor, eight, pool.never)
    }
    listed_pairs = [(miss.mentee_id, miss.mentor_id) for miss in found.near_misses]
    served = {proposal.mentee_id for proposal in found.proposals}
    assert set(listed_pairs) <= expected
    assert {mentee for mentee, _ in listed_pairs} == {mentee for mentee, _ in expected} - served
    for miss in found.near_misses:
        start, senior = (
            mentees[miss.mentee_id].profile.career_start,
            mentors[miss.mentor_id].profile.career_start,
        )
        assert miss.gap_months == senior.months_until(start)


def test_a_near_miss_says_by_how_much() -> None:
    pool = Pool(mentees=(a_mentee("alice"),), mentors=(a_mentor("bruno", career_start=started("2010-03")),))

    assert propose(pool, PROGRAMME).near_misses == (
        NearMiss(
            mentee_id="alice",
            mentor_id="bruno",
            gap_months=102,
            score=58,
            words_fr="8 ans et 6 mois d'écart, 58/100",
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
