"""What coordinators type in Réglages becomes the programme's, or is explained and changes nothing."""

from __future__ import annotations

from dataclasses import fields

import pytest

from ponts_flows.board.layout import SETTINGS
from ponts_flows.board.options import MAY_BE_REQUIRED, OPTIONS, default, read_options, tuned
from ponts_flows.board.reading import Cell
from ponts_flows.programme import Programme, Weights

PROGRAMME = Programme()
LEAST, BONUS = "Score minimal d'une proposition", "Points d'une proposition en attente"


def typed(**cells: Cell) -> Programme:
    """The programme once these were typed, by the field that each of them is of."""
    named = {option.field.replace(".", "_"): option.id for option in OPTIONS}
    values, _ = read_options({named[field]: cell for field, cell in cells.items()}, {}, PROGRAMME)
    return tuned(PROGRAMME, values)


def test_every_weight_of_the_programme_may_be_tuned_and_all_names_differ() -> None:
    tunable = {option.field for option in OPTIONS}

    assert {f"weights.{field.name}" for field in fields(Weights)} <= tunable
    assert len({option.id for option in OPTIONS}) == len(tunable) == len(OPTIONS)


def test_the_new_criteria_have_their_weight() -> None:
    programme = typed(weights_about=0.0, weights_unserved=9.0)

    assert (programme.weights.about, programme.weights.unserved) == (0, 9)
    assert programme.weights.themes == PROGRAMME.weights.themes


def test_a_least_score_and_the_points_of_what_is_pending_are_taken_up() -> None:
    programme = typed(least_score=60.0, keeping_bonus=0.0)

    assert (programme.least_score, programme.keeping_bonus) == (60, 0)


def test_by_default_everyone_possible_is_paired_and_two_points_keep_a_proposal() -> None:
    defaults = {option.id: default(option, PROGRAMME) for option in OPTIONS}

    assert (defaults[LEAST], defaults[BONUS]) == (0, 2)


@pytest.mark.parametrize(
    ("option", "cell", "bounds"),
    [(LEAST, 101.0, "0 à 100"), (LEAST, -1.0, "0 à 100"), (BONUS, 21.0, "0 à 20"), (BONUS, "peu", "0 à 20")],
)
def test_a_value_out_of_its_bounds_changes_nothing_and_is_explained(
    option: str, cell: Cell, bounds: str
) -> None:
    values, remarks = read_options({option: cell}, {}, PROGRAMME)

    assert values == {}
    assert remarks == {
        option: f"Non compris : un nombre entier de {bounds} est attendu ; la valeur par défaut s'applique."
    }


def test_the_criteria_that_may_be_required_are_those_of_a_pair_that_no_rule_requires_already() -> None:
    by_id = {option.id: option.field for option in OPTIONS}

    assert [by_id[id] for id in MAY_BE_REQUIRED] == [
        "weights.themes",
        "weights.sector",
        "weights.function",
        "weights.place",
        "weights.about",
    ]
    assert SETTINGS.column("required").only == MAY_BE_REQUIRED


def test_a_box_that_is_ticked_makes_its_criterion_required_whatever_its_weight() -> None:
    values, remarks = read_options({"Poids : thèmes": 0.0}, {"Poids : thèmes": True}, PROGRAMME)
    programme = tuned(PROGRAMME, values)

    assert (programme.required, programme.weights.themes) == (frozenset({"themes"}), 0)
    assert remarks == {"Poids : thèmes": "Appliqué. Obligatoire."}


def test_the_heaviest_weight_makes_nothing_required() -> None:
    assert typed(weights_themes=10.0).required == frozenset()


def test_a_box_that_is_not_ticked_says_nothing() -> None:
    assert read_options({}, {"Poids : thèmes": False, "Poids : secteur": ""}, PROGRAMME) == ({}, {})


def test_a_criterion_that_can_not_be_required_stays_as_it_is_and_the_remark_says_why() -> None:
    values, remarks = read_options({"Poids : langues": 5.0}, {"Poids : langues": True}, PROGRAMME)

    assert tuned(PROGRAMME, values).required == frozenset()
    assert values == {"weights.languages": 5}
    assert remarks == {
        "Poids : langues": "Non compris : ce réglage ne peut pas être obligatoire. Sa valeur est appliquée."
    }


def test_a_word_pasted_over_a_box_requires_nothing_and_is_explained() -> None:
    values, remarks = read_options({}, {"Poids : thèmes": "oui"}, PROGRAMME)

    assert values == {}
    assert remarks == {"Poids : thèmes": "Non compris : cochez ou décochez Obligatoire."}


def test_what_the_programme_requires_by_itself_stays_required() -> None:
    strict = Programme(required=frozenset({"place"}))
    values, _ = read_options({}, {"Poids : thèmes": True}, strict)

    assert tuned(strict, values).required == {"place", "themes"}
