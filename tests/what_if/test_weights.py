"""Weights to try, in a file like the tab Réglages."""

from __future__ import annotations

from pathlib import Path

import pytest

from ponts_flows.board.options import OPTIONS
from ponts_flows.programme import Programme
from ponts_flows.what_if.files import read_sheet
from ponts_flows.what_if.weights import read_weights
from tests.what_if.builders import a_file, a_mentee, a_mentor, pairs, tried

INTRODUCTION = '"Ce que la coordination peut régler.\nUne valeur incomprise est marquée.",,,,\n'


def read(folder: Path, text: str) -> tuple[Programme, list[str]]:
    programme, remarks = read_weights(read_sheet(a_file(folder / "poids.csv", text)), Programme())
    return programme, [remark.line_fr for remark in remarks]


@pytest.mark.parametrize(
    "text",
    [
        "Poids : thèmes,3\nPoids : secteur,0\n",
        "Poids : thèmes;3\nPoids : secteur;0\n",
        "Réglage,Valeur\npoids : THEMES,3\nPoids : secteur,+0\nPoids : langues,\n",
        INTRODUCTION
        + "Réglage,Par défaut,Valeur,Remarque\nPoids : secteur,5,0,\nPoids : thèmes,10,3,Appliqué.\n",
    ],
)
def test_names_and_values_are_read_whatever_stands_above_them(tmp_path: Path, text: str) -> None:
    programme, remarks = read(tmp_path, text)

    assert remarks == []
    assert (programme.weights.themes, programme.weights.sector, programme.weights.place) == (3, 0, 6)


@pytest.mark.parametrize("value", ["beaucoup", "-1", "11", "3,5", "999999999999", "²", "++3", "٣", "=1+1"])
def test_a_value_that_cannot_hold_leaves_the_default_and_is_told(tmp_path: Path, value: str) -> None:
    programme, remarks = read(tmp_path, f'Réglage,Valeur\nPoids : thèmes,"{value}"\nPoids : secteur,1\n')

    assert (programme.weights.themes, programme.weights.sector) == (10, 1)
    expected = "un nombre entier de 0 à 10 est attendu ; la valeur par défaut s'applique."
    assert remarks == [f"poids.csv, ligne 2 : « Poids : thèmes » : non compris : {expected}"]


def test_an_unknown_name_is_told_with_those_there_are(tmp_path: Path) -> None:
    programme, remarks = read(tmp_path, "Poids : secteur,1\nPoids : prestige,9\n")

    assert programme.weights.sector == 1
    (remark,) = remarks
    assert remark.startswith("poids.csv, ligne 2 : nom de réglage inconnu")
    assert "« Poids : thèmes »" in remark


def test_a_name_that_is_there_twice_is_told_and_the_last_counts(tmp_path: Path) -> None:
    programme, remarks = read(tmp_path, "Poids : secteur,1\nPoids : secteur,2\n")

    assert programme.weights.sector == 2
    assert remarks == [
        "poids.csv, ligne 2 : « Poids : secteur » est déjà à la ligne 1 ; cette ligne-ci compte."
    ]


@pytest.mark.parametrize("text", ["", "Bonjour\n", "Réglage,Valeur\n"])
def test_a_file_without_any_option_is_told(tmp_path: Path, text: str) -> None:
    programme, remarks = read(tmp_path, text)

    assert programme == Programme()
    assert remarks == ["poids.csv : aucun réglage n'y est lu ; les valeurs par défaut s'appliquent."]


@pytest.mark.parametrize("yes", ["oui", "TRUE", "VRAI", "x"])
def test_a_box_makes_a_criterion_required(tmp_path: Path, yes: str) -> None:
    text = (
        f"Réglage,Valeur,Obligatoire\nPoids : thèmes,3,{yes}\nPoids : secteur,,FALSE\nPoids : fonction,1,\n"
    )

    programme, remarks = read(tmp_path, text)

    assert (programme.required, programme.weights.themes, remarks) == (frozenset({"themes"}), 3, [])


def test_a_box_that_cannot_hold_is_told(tmp_path: Path) -> None:
    text = "Réglage,Valeur,Obligatoire\nPoids : attente,3,oui\nPoids : secteur,1,peut-être\n"

    programme, remarks = read(tmp_path, text)

    assert programme.required == frozenset()
    assert remarks == [
        (
            "poids.csv, ligne 2 : « Poids : attente » : non compris : ce réglage ne peut pas être obligatoire. "
            "Sa valeur est appliquée."
        ),
        (
            "poids.csv, ligne 3 : « Poids : secteur » : non compris : cochez ou décochez Obligatoire. "
            "Sa valeur est appliquée."
        ),
    ]


def test_every_option_of_the_board_is_known_by_its_name(tmp_path: Path) -> None:
    text = "Réglage,Valeur\n" + "".join(f'"{option.id}",\n' for option in OPTIONS)

    assert read(tmp_path, text) == (Programme(), [])


def test_weights_change_the_pairs(tmp_path: Path) -> None:
    near = a_mentor("Bruno", Ville="Lyon", Secteur="Conseil", Modalité="Présentiel")
    alike = a_mentor("Denis", Ville="Brest", Secteur="Énergie", Modalité="Présentiel")
    mentee = a_mentee(Modalité="Présentiel")

    place = tried(tmp_path, mentees=[mentee], mentors=[near, alike], weights="Poids : secteur,0\n")
    sector = tried(tmp_path, mentees=[mentee], mentors=[near, alike], weights="Poids : lieu et modalité,0\n")

    assert (pairs(place), pairs(sector)) == ({("Alice", "Bruno")}, {("Alice", "Denis")})
