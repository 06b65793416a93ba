"""Why this one, why not that one: told of single people."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from ponts_flows.decide.matching import Pool, Why, propose
from ponts_flows.model import Language
from ponts_flows.programme import Programme
from tests.decide.matching_builders import a_mentee, a_mentor, pools, started

PROGRAMME = Programme()
ALICE, CHLOE = a_mentee("alice", sector="BTP"), a_mentee("chloe", sector="Conseil")
BRUNO, DENIS = a_mentor("bruno", sector="BTP"), a_mentor("denis", sector="Conseil")
HUGO = a_mentor("hugo", career_start=started("2010-01"))
POOL = Pool(mentees=(ALICE, CHLOE), mentors=(BRUNO, DENIS, HUGO))


def test_a_mentee_is_told_their_mentor_the_reasons_and_what_else_there_was() -> None:
    lines = Why(POOL, PROGRAMME).person("alice")

    assert lines[0] == (
        "alice Alice Exemple est proposé à bruno Bruno Exemple, 75/100 ; aucun mentor ne lui conviendrait mieux."
    )
    assert lines[1:3] == (
        "Pourquoi :",
        "  Thèmes : 3 thèmes sur 3 en commun : Networking, Organisation, Confiance en soi (100/100)",
    )
    assert lines[-2:] == (
        "Autrement :",
        "  Denis Exemple, 62/100 : Chloe Exemple irait à Bruno Exemple (62/100) ; l'ensemble perd 26 points",
    )


def test_a_mentor_with_places_is_told_who_else_would_suit_them() -> None:
    lines = Why(replace(POOL, mentors=(replace(BRUNO, places=1), DENIS)), PROGRAMME).person("bruno")

    assert lines[0].startswith("alice Alice Exemple est proposé à bruno Bruno Exemple")
    assert lines[-2:] == (
        "Les meilleurs autres :",
        "  chloe Chloe Exemple, 62/100 : Alice Exemple irait à Denis Exemple (62/100) ; l'ensemble perd 26 points",
    )


def test_someone_without_a_proposal_is_told_why_what_would_help_and_who_nearly() -> None:
    alone = Pool(mentees=(ALICE,), mentors=(HUGO, replace(BRUNO, places=0)))

    assert Why(alone, PROGRAMME).person("alice") == (
        "alice Alice Exemple est sans proposition : 1 mentor a au moins 10 ans d'expérience de plus ; 1 sans place.",
        (
            "Ce qui aiderait : "
            "une dérogation : 1 mentor avec 8 à 10 ans d'écart ; une place de plus chez le mentor complet."
        ),
        "Presque : hugo Hugo Exemple, 8 ans et 8 mois d'écart, 58/100.",
    )
    assert Why(alone, PROGRAMME).person("bruno") == (
        "bruno Bruno Exemple n'a plus de place : tout est pris par des binômes en cours ou gardés.",
    )


def test_a_pair_that_is_proposed_is_explained_in_either_order() -> None:
    why = Why(POOL, PROGRAMME)

    assert why.pair("alice", "bruno") == why.pair("bruno", "alice") == why.person("alice")


def test_a_pair_that_is_not_is_compared_with_what_there_is() -> None:
    lines = Why(POOL, PROGRAMME).pair("denis", "alice")

    assert lines[0] == "alice Alice Exemple et denis Denis Exemple ne sont pas proposés l'un à l'autre."
    assert lines[1] == "Leur score serait de 62/100 :"
    assert lines[-2:] == (
        "Les mettre ensemble : Chloe Exemple irait à Bruno Exemple (62/100) ; l'ensemble perd 26 points.",
        "alice Alice Exemple est proposé à bruno Bruno Exemple, 75/100.",
    )


@pytest.mark.parametrize(
    ("mentor", "settings", "why"),
    [
        ({"languages": (Language.ENGLISH,)}, {}, "Impossible : aucune langue en commun."),
        (
            {"career_start": started("2010-01")},
            {},
            "Impossible : 8 ans et 8 mois d'expérience de plus seulement ; il faut 10 ans d'écart.",
        ),
        (
            {"sector": "Conseil"},
            {"required": frozenset({"sector"})},
            "Impossible : Secteur est obligatoire, et secteurs différents : BTP et Conseil.",
        ),
        ({}, {"least_score": 90}, "Impossible : le score minimal est de 90/100."),
        ({"places": 0}, {}, "Impossible : bruno Bruno Exemple n'a plus de place."),
    ],
)
def test_what_forbids_a_pair_is_said(
    mentor: dict[str, object], settings: dict[str, object], why: str
) -> None:
    pool = Pool(mentees=(ALICE,), mentors=(a_mentor("bruno", **mentor),))

    assert why in Why(pool, replace(PROGRAMME, **settings)).pair("alice", "bruno")


def test_two_mentors_are_no_pair() -> None:
    assert Why(POOL, PROGRAMME).pair("bruno", "denis") == (
        "bruno Bruno Exemple et denis Denis Exemple sont tous deux mentors : aucun binôme possible.",
    )


@given(pool=pools())
def test_there_is_an_answer_for_everyone_and_every_two(pool: Pool) -> None:
    why = Why(pool, PROGRAMME)
    proposed = {(one.mentee_id, one.mentor_id) for one in propose(pool, PROGRAMME).proposals}

    for mentee in pool.mentees:
        assert why.person(mentee.id)
        for mentor in pool.mentors:
            first = why.pair(mentee.id, mentor.id)[0]
            assert ("est proposé à" in first) == ((mentee.id, mentor.id) in proposed)
    assert all(why.person(mentor.id) for mentor in pool.mentors)
