"""The membership register, with the mess that registers have."""

from __future__ import annotations

from datetime import date

import pytest

from ponts_flows.forms import Register, RowProblem, match_headings, read_register
from ponts_flows.forms.headings import Cell
from ponts_flows.model import Member
from tests.forms.builders import REGISTER, TODAY

HEADINGS = [
    "N° adhérent",
    "NOM",
    "Prénom",
    "Promo",
    "E-mail principal",
    "E-mail secondaire",
    "Cotisation",
    "Valable jusqu'au",
]
ROW: list[Cell] = ["A1", "MARTIN", "Alice", 2015, "ALICE@exemple.example", "", "Oui", "31/12/2026"]


def register(*rows: list[Cell], headings: list[str] | None = None) -> Register:
    return read_register(match_headings(REGISTER, headings or HEADINGS), rows, today=TODAY)


def row(**cells: Cell) -> list[Cell]:
    """The usual row, but for the cells named: paid, until, email, other, last_name, key."""
    places = {"key": 0, "last_name": 1, "email": 4, "other": 5, "paid": 6, "until": 7}
    return [cells.get(next((n for n, p in places.items() if p == i), ""), cell) for i, cell in enumerate(ROW)]


def test_a_member_is_read_field_by_field() -> None:
    assert register(row(other="a.martin@pro.example")).members == (
        Member(
            key="A1",
            last_name="Martin",
            first_name="Alice",
            graduation_year=2015,
            emails=("alice@exemple.example", "a.martin@pro.example"),
            says_paid=True,
            valid_until=date(2026, 12, 31),
        ),
    )


@pytest.mark.parametrize(
    "paid",
    ["oui", "OUI ", "À jour", "a jour", "yes", "payée", "Réglée", "x", "X", True, "true", "VRAI", 1, "1"],
)
def test_a_fee_is_paid_in_many_words(paid: Cell) -> None:
    found = register(row(paid=paid))

    assert [member.paid_up(TODAY) for member in found.members] == [True]
    assert found.problems == ()


@pytest.mark.parametrize("paid", ["", None, "non", "Non", "En attente", "impayée", False, "FAUX", 0])
def test_a_fee_is_owed_in_many_words(paid: Cell) -> None:
    found = register(row(paid=paid))

    assert [member.paid_up(TODAY) for member in found.members] == [False]
    assert found.problems == ()


def test_a_fee_in_words_nobody_knows_is_not_paid_and_is_shown() -> None:
    found = register(row(paid="à voir"))

    assert [member.says_paid for member in found.members] == [False]
    assert found.problems == (
        RowProblem(
            row_number=2,
            text="Cotisants, ligne 2 : cotisation incompréhensible. "
            "Écrivez « oui » ou « non » ; en attendant, c'est non.",
        ),
    )


@pytest.mark.parametrize(
    ("until", "paid"),
    [
        ("16/11/2026", True),
        ("15/11/2026", False),
        ("2026-11-16", True),
        (46342, True),
        (46341, False),
        ("", True),
        (None, True),
    ],
)
def test_a_fee_holds_to_the_last_day_it_names(until: Cell, paid: bool) -> None:
    assert [member.paid_up(TODAY) for member in register(row(until=until)).members] == [paid]


def test_a_date_that_is_none_is_kept_apart_and_named() -> None:
    found = register(ROW, row(until="31/13/2026"))

    assert [(member.unreadable, member.paid_up(TODAY)) for member in found.members] == [
        (False, True),
        (True, False),
    ]
    assert found.problems == (
        RowProblem(
            row_number=3,
            text="Cotisants, ligne 3 : date de validité illisible. Écrivez-la ainsi : 31/12/2026.",
        ),
    )


def test_a_row_that_says_neither_who_nor_where_is_passed_over_and_named() -> None:
    found = register(row(last_name="", email="alice"), [], row(key="A2", email="a b@exemple.example"))

    assert [(member.key, member.emails) for member in found.members] == [("A2", ())]
    nobody = "ni nom ni adresse lisible. Complétez la ligne ou supprimez-la ; elle est ignorée."
    nowhere = "adresse illisible (e-mail principal). Corrigez-la ; en attendant elle ne sert pas."
    assert found.problems == (
        RowProblem(row_number=2, text=f"Cotisants, ligne 2 : {nobody}"),
        RowProblem(row_number=4, text=f"Cotisants, ligne 4 : {nowhere}"),
    )


def test_a_problem_of_the_register_names_nobody() -> None:
    found = register(row(until="Martin", paid="Martin", other="Martin"))

    assert len(found.problems) == 3
    assert "artin" not in "".join(problem.text for problem in found.problems)


def test_without_a_column_for_the_fee_a_date_of_validity_says_it_is_paid() -> None:
    headings = ["Nom", "Prénom", "Mail", "Fin de validité"]

    found = register(
        ["Martin", "Alice", "a@x.example", "2026-12-31"], ["Roy", "Al", "b@x.example", ""], headings=headings
    )

    assert [(member.key, member.paid_up(TODAY)) for member in found.members] == [
        ("a@x.example", True),
        ("b@x.example", False),
    ]


def test_an_address_shared_by_two_members_finds_both() -> None:
    found = register(ROW, row(key="A2", email="b@x.example", other="alice@exemple.example"))

    assert [member.key for member in found.by_address["alice@exemple.example"]] == ["A1", "A2"]
