"""CSV files as people export them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ponts_flows.errors import InputError
from ponts_flows.what_if.files import read_sheet
from tests.what_if.builders import a_file

ROWS = (("Nom", "Thème"), ("Élodie", "a, b ; c"), ("Benoît", ""))
TEXT = 'Nom,Thème\nÉlodie,"a, b ; c"\nBenoît,\n'


def read(folder: Path, content: str | bytes) -> tuple[tuple[tuple[str, ...], ...], list[str]]:
    sheet = read_sheet(a_file(folder / "f.csv", content))
    return sheet.rows, [remark.line_fr for remark in sheet.remarks]


@pytest.mark.parametrize("text", [TEXT, TEXT.replace("\n", "\r\n"), f"\ufeff{TEXT}"])
def test_a_plain_export_is_read_without_a_remark(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == (ROWS, [])


@pytest.mark.parametrize(("separator", "name"), [(";", "points-virgules"), ("\t", "tabulations")])
def test_other_separators_are_recognised_and_told(tmp_path: Path, separator: str, name: str) -> None:
    text = f'Nom{separator}Thème\nÉlodie{separator}"a, b ; c"\nBenoît{separator}\n'

    assert read(tmp_path, text) == (
        ROWS,
        [f"f.csv : séparé par des {name} et non des virgules ; lu quand même."],
    )


def test_an_export_of_excel_is_read_in_its_own_encoding_and_its_row_is_told(tmp_path: Path) -> None:
    rows, remarks = read(tmp_path, TEXT.replace("Thème", "Theme").encode("cp1252"))

    assert rows[1:] == ROWS[1:]
    assert remarks == ["f.csv, ligne 2 : pas en UTF-8 ; lu comme du Windows-1252. Vérifiez les accents."]


def test_unicode_text_of_excel_is_read(tmp_path: Path) -> None:
    rows, remarks = read(tmp_path, TEXT.encode("utf-16"))

    assert rows == ROWS
    assert remarks == ["f.csv : pas en UTF-8 ; lu comme du UTF-16. Vérifiez les accents."]


def test_a_quote_that_is_never_closed_costs_its_own_row_only(tmp_path: Path) -> None:
    rows, remarks = read(tmp_path, 'a,b\n1,"deux\n3,4\n5,6\n')

    assert rows == (("a", "b"), ("1", '"deux'), ("3", "4"), ("5", "6"))
    assert remarks == [
        "f.csv, ligne 2 : un guillemet ouvert n'est jamais fermé ; la ligne est lue sans guillemets."
    ]


def test_a_cell_on_several_lines_is_one_row(tmp_path: Path) -> None:
    assert read(tmp_path, 'a,b\n1,"deux\ntrois"\n3,4\n') == (
        (("a", "b"), ("1", "deux\ntrois"), ("3", "4")),
        [],
    )


def test_more_cells_than_headings_are_told(tmp_path: Path) -> None:
    _, remarks = read(tmp_path, "a,b\n1,2,3\n")

    assert remarks == [
        "f.csv, ligne 2 : plus de 2 cellules, une par titre : un guillemet ou un séparateur de trop."
    ]


def test_an_introduction_and_blank_rows_above_the_headings_keep_their_numbers(tmp_path: Path) -> None:
    sheet = read_sheet(a_file(tmp_path / "f.csv", "À lire d'abord.,\n\nNom,Thème\nÉlodie,a\n"))

    assert (sheet.heading_row, sheet.headings, sheet.body) == (3, ("Nom", "Thème"), (("Élodie", "a"),))


@pytest.mark.parametrize("content", ["", "\n\n", " , \n"])
def test_a_file_without_anything_in_it_has_no_headings(tmp_path: Path, content: str) -> None:
    assert read_sheet(a_file(tmp_path / "f.csv", content)).headings == ()


def test_a_workbook_is_refused_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no CSV file but a workbook"):
        read_sheet(a_file(tmp_path / "f.xlsx", b"PK\x03\x04\0\0rest"))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.csv: can't be read"):
        read_sheet(tmp_path / "nowhere.csv")
