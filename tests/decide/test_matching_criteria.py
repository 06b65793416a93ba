"""What each criterion gives a pair, and the words it gives it with."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ponts_flows.decide.matching import CRITERIA, Judgement, Pool, criteria
from ponts_flows.decide.matching.criterion import shared_out
from ponts_flows.decide.matching.folding import folded_city, key_words
from ponts_flows.decide.matching.layers import Layers
from ponts_flows.model import Language, Mode
from ponts_flows.programme import Programme, Weights
from tests.decide.matching_builders import a_mentee, a_mentor, pools, started

PROGRAMME = Programme()


def says(points: int, words: str) -> tuple[int, str]:
    return points, words


def told(judgement: Judgement) -> tuple[int, str]:
    return judgement.points, judgement.words_fr


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
def test_themes_count_the_first_one_twice(offered: tuple[str, ...], expected: tuple[int, str]) -> None:
    mentee = a_mentee(themes=("networking", "organisation", "confidence"))

    assert told(criteria.themes(mentee, a_mentor(themes=offered), PROGRAMME)) == expected


def test_a_theme_of_an_older_edition_keeps_its_name() -> None:
    mentee, mentor = a_mentee(themes=("voyage",)), a_mentor(themes=("voyage",))

    assert told(criteria.themes(mentee, mentor, PROGRAMME)) == says(100, "1 thème sur 1 en commun : voyage")


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
    wanted: str, own: str, mentors: str, expected: tuple[int, str]
) -> None:
    mentee = a_mentee(wanted_sector=wanted, sector=own)

    assert told(criteria.sector(mentee, a_mentor(sector=mentors), PROGRAMME)) == expected


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
    wanted: str, own: str, mentors: str, expected: tuple[int, str]
) -> None:
    mentee = a_mentee(wanted_function=wanted, function=own)

    assert told(criteria.function(mentee, a_mentor(function=mentors), PROGRAMME)) == expected


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

    assert told(criteria.place(mentee, mentor, PROGRAMME)) == says(
        20, "rencontres souhaitées, villes différentes : ville inconnue et ville inconnue"
    )


def test_languages_are_shared_in_whole_or_in_part() -> None:
    both, french = (Language.FRENCH, Language.ENGLISH), (Language.FRENCH,)

    assert told(criteria.languages(a_mentee(languages=both), a_mentor(languages=both), PROGRAMME)) == says(
        100, "français et anglais en commun"
    )
    assert told(criteria.languages(a_mentee(languages=both), a_mentor(languages=french), PROGRAMME)) == says(
        50, "français en commun"
    )
    assert told(criteria.languages(a_mentee(languages=french), a_mentor(languages=both), PROGRAMME)) == says(
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
def test_a_gap_of_ten_to_twenty_five_years_is_best(mentor_start: str, expected: tuple[int, str]) -> None:
    mentor = a_mentor(career_start=started(mentor_start))

    assert told(criteria.gap(a_mentee(career_start=started("2018-09")), mentor, PROGRAMME)) == expected


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
def test_waiting_counts_up_to_half_a_year(days: int, expected: tuple[int, str]) -> None:
    assert (
        told(criteria.waiting(a_mentee(waiting_days=days), a_mentor(waiting_days=77), PROGRAMME)) == expected
    )


@pytest.mark.parametrize(
    ("mentees", "mentors", "expected"),
    [
        (
            "Je cherche une reconversion dans les énergies renouvelables",
            "Énergie : trente ans, et deux reconversions réussies",
            says(50, "mots en commun : reconversion, énergies"),
        ),
        ("Looking for a manager's advice", "Managing teams", says(33, "mots en commun : manager")),
        ("Prendre confiance", "Le BTP", says(0, "aucun mot en commun dans les textes libres")),
        ("Prendre confiance", "", says(0, "texte libre absent")),
        ("à la et", "Le BTP", says(0, "texte libre absent")),
    ],
)
def test_free_texts_are_compared_by_the_words_that_say_something(
    mentees: str, mentors: str, expected: tuple[int, str]
) -> None:
    assert told(criteria.about(a_mentee(about=mentees), a_mentor(about=mentors), PROGRAMME)) == expected


@pytest.mark.parametrize(
    "forms",
    [
        "ingénieur ingénieure Ingénieurs INGÉNIEURES",
        "directeur directrice directrices",
        "énergie energies ÉNERGIES",
        "manager managers managing",
        "conseil conseils",
    ],
)
def test_the_forms_of_a_word_are_one_word(forms: str) -> None:
    assert len(key_words(forms)) == 1


@pytest.mark.parametrize(
    ("days", "served", "expected"),
    [
        (0, False, says(0, "mentor sans mentee depuis 0 jour")),
        (90, False, says(50, "mentor sans mentee depuis 90 jours")),
        (900, False, says(100, "mentor sans mentee depuis 900 jours")),
        (900, True, says(0, "mentor ayant déjà un mentee, ou qui en a eu un")),
    ],
)
def test_a_mentor_who_never_had_a_mentee_counts_the_longer_they_wait(
    days: int, served: bool, expected: tuple[int, str]
) -> None:
    mentor = replace(a_mentor(waiting_days=days), served=served)

    assert told(criteria.unserved(a_mentee(waiting_days=7), mentor, PROGRAMME)) == expected


@given(things=st.lists(st.integers(), max_size=12, unique=True), first=st.integers(1, 3))
def test_a_hundred_points_are_shared_out_whole(things: list[int], first: int) -> None:
    points = shared_out(tuple(things), first=first)

    assert list(points) == things
    assert sum(points.values()) == (100 if things else 0)
    others = list(points.values())[1:]
    assert max(others, default=0) - min(others, default=0) <= 1


@given(pool=pools())
def test_what_a_criterion_declares_to_read_is_all_that_it_reads(pool: Pool) -> None:
    rows, columns = (np.arange(len(side)) for side in (pool.mentees, pool.mentors))
    for criterion in CRITERIA:
        layers = Layers(rows.size, columns.size)
        layers.add_criterion(criterion, 3, pool.mentees, pool.mentors, PROGRAMME)
        frozen = layers.frozen()
        judged = [
            [3 * criterion.judge(mentee, mentor, PROGRAMME).points for mentor in pool.mentors]
            for mentee in pool.mentees
        ]

        if rows.size and columns.size:
            assert frozen.whole_tile(rows, 0).tolist() == judged
        one_by_one = frozen.at(np.repeat(rows, columns.size), np.tile(columns, rows.size))
        assert one_by_one.tolist() == [points for line in judged for points in line]
        assert all(0 <= points <= 300 for line in judged for points in line)
