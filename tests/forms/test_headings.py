"""Response sheets of any shape: headings to fields, rows to answers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ponts_flows.forms import RowProblem, match_headings, read_rows
from ponts_flows.forms.headings import Cell
from tests.forms.builders import MENTEE, MENTOR, PAIRING

HEADINGS = [
    "Horodateur",
    "Adresse e-mail",
    "Nom",
    "Prénom",
    "Promotion (année de diplôme)",
    "Début de votre premier emploi (mois et année, hors stages)",
    "Employeur actuel",
    "Secteur d'activité",
    "Ville",
    "Langues dans lesquelles vous souhaitez échanger",
    "Modalité souhaitée",
    "Sur quels thèmes souhaitez-vous avancer ? (2 ou 3)",
    "Vos attentes en quelques lignes",
    "Je m'engage à respecter la charte du programme",
]
FIELDS = [
    "submitted_at",
    "email",
    "last_name",
    "first_name",
    "graduation_year",
    "career_start",
    "employer",
    "sector",
    "city",
    "languages",
    "mode",
    "themes",
    "about",
    "charter",
]
ROW: list[Cell] = ["16/11/2026 09:30:00", "a@exemple.example", "Martin", "Alice", 2015, "09/2015"]
PARIS = "Europe/Paris"


def test_the_headings_of_the_existing_sheet_are_all_recognised() -> None:
    match = match_headings(MENTEE, HEADINGS)

    assert match.columns == {field: (index,) for index, field in enumerate(FIELDS)}
    assert (match.unknown, match.missing, match.duplicate, match.usable) == ((), (), (), True)


@given(order=st.permutations(range(len(HEADINGS))))
def test_columns_may_come_in_any_order(order: list[int]) -> None:
    straight = match_headings(MENTEE, HEADINGS)
    turned = match_headings(MENTEE, [HEADINGS[index] for index in order])
    row = [f"{FIELDS[index]}" for index in range(len(HEADINGS))]
    row[0] = "16/11/2026 09:30:00"

    expected = read_rows(straight, [row], zone=PARIS)

    assert read_rows(turned, [[row[index] for index in order]], zone=PARIS) == expected
    assert expected[0][0].answers == {field: (field,) for field in FIELDS[1:]}


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("ADRESSE E-MAIL", "email"),
        ("Email address", "email"),
        ("Timestamp", "submitted_at"),
        ("  prenom ", "first_name"),
        ("Votre prénom (comme sur votre carte)", "first_name"),
        ("Start of your first job", "career_start"),
        ("Promo", "graduation_year"),
        ("Début de carrière :", "career_start"),
    ],
)
def test_a_heading_is_known_by_its_titles_and_aliases_whatever_the_typing(heading: str, field: str) -> None:
    assert list(match_headings(MENTEE, [heading]).columns) == [field]


def test_unknown_missing_and_double_headings_are_reported() -> None:
    match = match_headings(
        MENTOR, ["Horodateur", "E-mail", "Nom", "Prénom", "Pointure", "", None, "Adresse e-mail"]
    )

    assert match.unknown == ("Pointure",)
    assert match.duplicate == ("E-mail", "Adresse e-mail")
    assert match.missing == (
        "Début de votre premier emploi (mois et année, hors stages)",
        "Sur quels thèmes pouvez-vous accompagner ?",
        "Je m'engage à respecter la charte du programme",
    )
    assert not match.usable


def test_of_two_columns_for_one_field_the_one_filled_in_counts_and_the_exact_title_first() -> None:
    match = match_headings(MENTEE, ["Horodateur", "Mail", "Adresse e-mail"])
    stamp = "16/11/2026 09:30:00"

    responses, _ = read_rows(
        match, [[stamp, "old@x.example", "new@x.example"], [stamp, "old@x.example"]], zone=PARIS
    )

    assert [response.answers["email"] for response in responses] == [("new@x.example",), ("old@x.example",)]


def test_the_form_of_a_pairing_needs_no_time_stamp_column() -> None:
    match = match_headings(
        PAIRING, ["Acceptez-vous ce binôme ?", "Code de votre invitation (ne pas modifier)"]
    )

    assert match.usable


def test_a_row_is_read_with_its_number_and_its_instant() -> None:
    [response], problems = read_rows(match_headings(MENTEE, HEADINGS), [ROW], zone=PARIS)

    assert problems == ()
    assert (response.row_number, response.submitted_at) == (2, datetime(2026, 11, 16, 8, 30, tzinfo=UTC))
    assert response.answers == {
        "email": ("a@exemple.example",),
        "last_name": ("Martin",),
        "first_name": ("Alice",),
        "graduation_year": ("2015",),
        "career_start": ("09/2015",),
    }


def test_a_row_without_a_readable_time_stamp_is_named_and_the_others_are_read() -> None:
    rows: list[list[Cell]] = [["", *ROW[1:]], ROW, [], ["", ""], ["hier", *ROW[1:]], [46342.5, *ROW[1:]]]

    responses, problems = read_rows(match_headings(MENTEE, HEADINGS), rows, zone=PARIS)

    assert [response.row_number for response in responses] == [3, 7]
    advice = (
        "Écrivez-y le jour et l'heure de la réponse, par exemple 16/11/2026 09:30:00 ; "
        "la ligne sera lue au passage suivant."
    )
    assert problems == (
        RowProblem(row_number=2, text=f"Ligne 2 : la colonne « Horodateur » est vide. {advice}"),
        RowProblem(row_number=6, text=f"Ligne 6 : la colonne « Horodateur » n'est pas une date. {advice}"),
    )


def test_numbers_and_ticks_are_read_as_a_person_would_type_them() -> None:
    match = match_headings(MENTOR, ["Horodateur", "Promo", "Capacité", "Charte", "Début de carrière"])

    [response], _ = read_rows(match, [[46342.5, 2015.0, 2, True, 42248]], zone=PARIS)

    assert response.answers == {
        "graduation_year": ("2015",),
        "capacity": ("2",),
        "charter": ("oui",),
        "career_start": ("42248",),
    }


def test_a_response_keeps_its_identity_when_its_row_is_moved_or_corrected() -> None:
    match = match_headings(MENTEE, HEADINGS)
    corrected = [*ROW[:5], "10/2015"]
    another = ["16/11/2026 09:30:01", *ROW[1:]]

    first, _ = read_rows(match, [ROW, another], zone=PARIS)
    later, _ = read_rows(match, [another, [], corrected], zone=PARIS)

    assert [one.identity for one in later] == [first[1].identity, first[0].identity]
    assert first[0].identity != first[1].identity
