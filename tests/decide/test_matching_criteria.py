"""What each criterion gives a pair, and the words it gives it with."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given

from ponts_flows.decide.matching import CRITERIA, Judgement, Pool, criteria
from ponts_flows.decide.matching.folding import folded_city
from ponts_flows.decide.matching.grid import PairGrid
from ponts_flows.model import Language, Mode
from ponts_flows.programme import Programme, Weights
from tests.decide.matching_builders import a_mentee, a_mentor, pools, started

PROGRAMME = Programme()


def says(points: int, words: str) -> Judgement:
    return Judgement(points=points, words_fr=words)


def test_each_weight_of_the_programme_has_its_criterion_and_no_other() -> None:
    assert [criterion.name for criterion in CRITERIA] == [weight.name for weight in fields(Weights)]


@pytest.mark.parametrize(
    ("offered", "expected"),
    [
        (
            ("organisation", "networking", "confidence"),
            says(100, "3 thèmes sur 3 en commun : Networking, Organisation, Confiance en soi"),
        ),
        (("networking",), says(50, "1 thème sur 3 en commun : Networking")),
        (("organisation",), says(25, "1 thème sur 3 en commun : Organisation")),
        (("balance",), says(0, "aucun thème en commun")),
    ],
)
def test_themes_count_the_first_one_twice(offered: tuple[str, ...], expected: Judgement) -> None:
    mentee = a_mentee(themes=("networking", "organisation", "confidence"))

    assert criteria.themes(mentee, a_mentor(themes=offered), PROGRAMME) == expected


def test_a_theme_of_an_older_edition_keeps_its_name() -> None:
    mentee, mentor = a_mentee(themes=("voyage",)), a_mentor(themes=("voyage",))

    assert criteria.themes(mentee, mentor, PROGRAMME) == says(100, "1 thème sur 1 en commun : voyage")


@pytest.mark.parametrize(
    ("wanted", "own", "mentors", "expected"),
    [
        ("Énergie", "Conseil", "ENERGIE", says(100, "secteur souhaité : ENERGIE")),
        ("Énergie", "Conseil", "Conseil", says(0, "Conseil, et non Énergie")),
        ("", "Conseil", "conseil", says(100, "même secteur : conseil")),
        ("", "Conseil", "BTP", says(0, "secteurs différents : Conseil et BTP")),
        ("", "", "BTP", says(50, "secteur non précisé")),
        ("", "Autre secteur", "Autre secteur", says(50, "secteur non précisé")),
        ("Énergie", "Conseil", "", says(50, "secteur non précisé")),
    ],
)
def test_the_sector_wanted_goes_before_the_mentees_own(
    wanted: str, own: str, mentors: str, expected: Judgement
) -> None:
    mentee = a_mentee(wanted_sector=wanted, sector=own)

    assert criteria.sector(mentee, a_mentor(sector=mentors), PROGRAMME) == expected


@pytest.mark.parametrize(
    ("wanted", "own", "mentors", "expected"),
    [
        (
            "Directeur financier",
            "Comptable",
            "directrice financière",
            says(100, "fonction souhaitée : Directeur financier ; celle du mentor : directrice financière"),
        ),
        (
            "Directeur financier",
            "Comptable",
            "Directeur général",
            says(50, "fonction souhaitée : Directeur financier ; celle du mentor : Directeur général"),
        ),
        ("", "Chef de projet", "CHEF DE PROJETS", says(100, "même fonction : CHEF DE PROJETS")),
        (
            "",
            "Chef de projet",
            "Chef d'agence",
            says(50, "fonctions proches : Chef de projet et Chef d'agence"),
        ),
        ("", "Juriste", "Acheteur", says(0, "fonctions différentes : Juriste et Acheteur")),
        ("", "", "Acheteur", says(50, "fonction non précisée")),
        ("", "Juriste", "", says(50, "fonction non précisée")),
    ],
)
def test_functions_are_compared_word_by_word_the_wanted_one_first(
    wanted: str, own: str, mentors: str, expected: Judgement
) -> None:
    mentee = a_mentee(wanted_function=wanted, function=own)

    assert criteria.function(mentee, a_mentor(function=mentors), PROGRAMME) == expected


@pytest.mark.parametrize("city", ["Paris", "PARIS 15e", "75015 Paris", "paris cedex 12", "Paris 1 er"])
def test_a_city_is_the_same_whatever_its_district(city: str) -> None:
    assert folded_city(city) == "paris"


@pytest.mark.parametrize(
    ("mentee_wish", "mentor_wish", "same_city", "elsewhere"),
    [
        (Mode.VIDEO, Mode.VIDEO, 100, 100),
        (Mode.IN_PERSON, Mode.IN_PERSON, 100, 20),
        (Mode.IN_PERSON, Mode.EITHER, 100, 20),
        (Mode.EITHER, Mode.EITHER, 100, 80),
        (Mode.VIDEO, Mode.EITHER, 80, 80),
        (Mode.IN_PERSON, Mode.VIDEO, 40, 0),
    ],
)
def test_place_and_mode_say_how_easily_two_people_meet(
    mentee_wish: Mode, mentor_wish: Mode, same_city: int, elsewhere: int
) -> None:
    for one, other in ((mentee_wish, mentor_wish), (mentor_wish, mentee_wish)):
        mentee = a_mentee(mode=one, city="Lyon")

        assert criteria.place(mentee, a_mentor(mode=other, city="LYON 3e"), PROGRAMME).points == same_city
        assert criteria.place(mentee, a_mentor(mode=other, city="Nantes"), PROGRAMME).points == elsewhere


def test_two_unknown_cities_are_not_the_same() -> None:
    mentee, mentor = a_mentee(mode=Mode.IN_PERSON), a_mentor(mode=Mode.IN_PERSON)

    assert criteria.place(mentee, mentor, PROGRAMME) == says(
        20, "rencontres souhaitées, villes différentes : ville inconnue et ville inconnue"
    )


def test_languages_are_shared_in_whole_or_in_part() -> None:
    both, french = (Language.FRENCH, Language.ENGLISH), (Language.FRENCH,)

    assert criteria.languages(a_mentee(languages=both), a_mentor(languages=both), PROGRAMME) == says(
        100, "français et anglais en commun"
    )
    assert criteria.languages(a_mentee(languages=both), a_mentor(languages=french), PROGRAMME) == says(
        50, "français en commun"
    )
    assert criteria.languages(a_mentee(languages=french), a_mentor(languages=both), PROGRAMME) == says(
        100, "français en commun"
    )


@pytest.mark.parametrize(
    ("mentor_start", "expected"),
    [
        ("2008-10", says(0, "9 ans et 11 mois d'expérience de plus")),
        ("2008-09", says(100, "10 ans d'expérience de plus")),
        ("1993-09", says(100, "25 ans d'expérience de plus")),
        ("1988-09", says(75, "30 ans d'expérience de plus")),
        ("1970-09", says(0, "48 ans d'expérience de plus")),
    ],
)
def test_a_gap_of_ten_to_twenty_five_years_is_best(mentor_start: str, expected: Judgement) -> None:
    mentor = a_mentor(career_start=started(mentor_start))

    assert criteria.gap(a_mentee(career_start=started("2018-09")), mentor, PROGRAMME) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (-1, says(0, "vient de s'inscrire")),
        (0, says(0, "vient de s'inscrire")),
        (1, says(1, "attend depuis 1 jour")),
        (90, says(50, "attend depuis 90 jours")),
        (400, says(100, "attend depuis 400 jours")),
    ],
)
def test_waiting_counts_up_to_half_a_year(days: int, expected: Judgement) -> None:
    assert criteria.waiting(a_mentee(waiting_days=days), a_mentor(waiting_days=77), PROGRAMME) == expected


@given(pool=pools())
def test_the_facts_a_criterion_declares_are_all_that_it_reads(pool: Pool) -> None:
    for criterion in CRITERIA:
        alone = {field.name: 0 for field in fields(Weights)} | {criterion.name: 1}
        programme = replace(PROGRAMME, weights=Weights(**alone))
        grid = PairGrid(pool, programme)

        by_classes = grid.totals(np.arange(len(grid.mentees)))

        assert by_classes.tolist() == [
            [criterion.judge(mentee, mentor, programme).points for mentor in grid.mentors]
            for mentee in grid.mentees
        ]
        assert ((by_classes >= 0) & (by_classes <= 100)).all()
