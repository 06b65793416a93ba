"""What is exported is opened in a spreadsheet: no text of anybody is a formula there."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ponts_flows.csv_files import write

SIGNS = "=+-@＝＋－＠"
NUMBER = re.compile(r"-?[0-9]+", re.ASCII)
"""What is itself, to a spreadsheet too."""
TEXTS = st.text(st.sampled_from(f"{SIGNS};,\t\r\n\"' a1é"), max_size=12) | st.text()


def cut(text: str, separator: str) -> list[str]:
    """The cells of a file as a program reads it that takes this separator."""
    return [cell for row in csv.reader(text.splitlines(keepends=True), delimiter=separator) for cell in row]


@given(st.lists(TEXTS, min_size=1, max_size=3))
def test_no_cell_is_a_formula_whatever_separates_cells_for_the_program_that_opens_it(
    texts: list[str],
) -> None:
    with TemporaryDirectory() as directory:
        path = write(Path(directory) / "out.csv", ("id", "texts"), [("A-0001", *texts)])
        text = path.read_bytes().decode()

    for separator in (",", ";", "\t"):
        cells = [cell.lstrip("\t\r\n") for cell in cut(text, separator)]
        formulas = [cell for cell in cells if cell.startswith(tuple(SIGNS)) and not NUMBER.fullmatch(cell)]
        assert formulas == []


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("Léa;=HYPERLINK(A1)", "Léa;'=HYPERLINK(A1)"),
        ("Léa ; - 2 x 3", "Léa ; - 2 x 3"),
        (-12, "-12"),
        ("--12", "'--12"),
        ("a-b@c.example", "a-b@c.example"),
    ],
)
def test_an_apostrophe_stands_before_what_would_be_one_and_nothing_else(
    tmp_path: Path, value: object, cell: str
) -> None:
    path = write(tmp_path / "out.csv", ("text",), [(value,)])

    assert cut(path.read_text("utf-8"), ",") == ["text", cell]
