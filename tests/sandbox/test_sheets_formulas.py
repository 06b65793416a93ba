"""The small evaluator of formulas: values, errors, recalculation, and formulas that move."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ponts_flows.sandbox.sheets import formula
from ponts_flows.sandbox.sheets.book import Book
from ponts_flows.sandbox.sheets.compute import Computation
from ponts_flows.sandbox.sheets.grid import Formula
from ponts_flows.sandbox.sheets.locales import locale
from ponts_flows.sandbox.sheets.scalars import Failure, Scalar
from tests.sandbox.sheets_builders import Rest

ROWS: list[list[float | str | bool]] = [[1.0, "oui"], [2.0, "non"], [3.5, "Oui"], ["texte", True]]


@pytest.fixture
def book() -> Book:
    """One sheet `Sheet1` with ROWS in A1:B4, and a sheet `Prix d'été` with 10 in A1."""
    made = Book(id="x", title="t", properties={"locale": "en_US", "timeZone": "Europe/Paris"})
    made.now = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    first = made.add_sheet(title="Sheet1", rows=20, columns=8, id=0)
    for row, line in enumerate(ROWS):
        for column, value in enumerate(line):
            first.put_value(row, column, value)
    made.add_sheet(title="Prix d'été", rows=5, columns=5, id=1).put_value(0, 0, 10.0)
    made.named_ranges.append({"namedRangeId": "n", "name": "notes", "range": {"endColumnIndex": 1}})
    return made


def value(book: Book, text: str) -> Scalar:
    return Computation(book).expression(text, book.sheets[0], 10, 5)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=1+2*3^2", 19.0),
        ("=-2^2", 4.0),
        ("=(1+2)*3", 9.0),
        ("=10%+1", 1.1),
        ('="a"&1&TRUE', "a1TRUE"),
        ("=1=1", True),
        ('="a"="A"', True),
        ("=2<>2", False),
        ("=A1+A2", 3.0),
        ("='Prix d''été'!A1*2", 20.0),
        ("=SUM(A1:A4)", 6.5),
        ("=SUM(notes)", 6.5),
        ("=SUM(A:A, 1)", 7.5),
        ("=AVERAGE(A1:A3)", 6.5 / 3),
        ("=COUNT(A1:B4)", 3.0),
        ("=COUNTA(A1:B4)", 8.0),
        ('=COUNTIF(B1:B4,"oui")', 2.0),
        ('=COUNTIF(A1:A4,">=2")', 2.0),
        ('=COUNTIFS(A1:A4,">1",B1:B4,"o*")', 1.0),
        ('=SUMIF(B1:B4,"oui",A1:A4)', 4.5),
        ("=MIN(A1:A4)", 1.0),
        ("=MAX(A1:A4,9)", 9.0),
        ('=IF(A1>0,"yes","no")', "yes"),
        ("=IF(FALSE,1)", False),
        ("=AND(TRUE,A1=1)", True),
        ("=OR(FALSE,NOT(TRUE))", False),
        ('=CONCATENATE(A1,"-",B1)', "1-oui"),
        ('=LEN("été")', 3.0),
        ('=UPPER("été")&LOWER("ÉTÉ")', "ÉTÉété"),
        ("=ROUND(2.345,2)", 2.35),
        ("=ROUND(-2.5)", -3.0),
        ("=TODAY()", 46349.0),
        ('=TEXT(NOW(),"yyyy-mm-dd hh:mm")', "2026-11-23 09:30"),
        ('=HYPERLINK("https://exemple.example","ici")', "ici"),
        ('=VLOOKUP(2,A1:B4,2,FALSE)', "non"),
        ('=INDEX(A1:B4,2,2)', "non"),
        ('=IFERROR(1/0,"sans")', "sans"),
        ("=H20", 0.0),
    ],
)  # fmt: skip
def test_a_formula_has_the_value_that_google_gives(book: Book, text: str, expected: Scalar) -> None:
    assert value(book, text) == expected


@pytest.mark.parametrize(
    ("text", "type", "shown"),
    [
        ("=1/0", "DIVIDE_BY_ZERO", "#DIV/0!"),
        ("=FOO(1)", "NAME", "#NAME?"),
        ("=inconnu", "NAME", "#NAME?"),
        ("=Nowhere!A1", "REF", "#REF!"),
        ("=ZZ1", "REF", "#REF!"),
        ('="a"+1', "VALUE", "#VALUE!"),
        ("=1+", "ERROR", "#ERROR!"),
        ("=SUM(1", "ERROR", "#ERROR!"),
        ('=VLOOKUP("x",A1:B4,2,FALSE)', "N_A", "#N/A"),
        ("=LEN()", "N_A", "#N/A"),
        ("=(-8)^0.5", "NUM", "#NUM!"),
        ("=1E308*10", "NUM", "#NUM!"),
        ("=DATE(99999,1,1)", "NUM", "#NUM!"),
        ("=" + "(" * 500 + "1" + ")" * 500, "ERROR", "#ERROR!"),
    ],
)
def test_a_wrong_formula_shows_googles_error(book: Book, text: str, type: str, shown: str) -> None:
    found = value(book, text)

    assert isinstance(found, Failure)
    assert (found.type, found.text) == (type, shown)


def test_cells_that_need_each_other_are_a_circle(book: Book) -> None:
    sheet = book.sheets[0]
    sheet.put_value(5, 0, Formula("=A7"))
    sheet.put_value(6, 0, Formula("=A6+1"))

    found = Computation(book).value(sheet, 5, 0)

    assert isinstance(found, Failure)
    assert found.message.startswith("Circular dependency detected.")


def test_a_long_chain_of_cells_is_followed_from_its_end_and_a_long_circle_is_found(book: Book) -> None:
    chain = book.add_sheet(title="Chain", rows=600, columns=2, id=2)
    chain.put_value(0, 0, 1.0)
    for row in range(1, 600):
        chain.put_value(row, 0, Formula(f"=A{row}+1"))
        chain.put_value(row, 1, Formula(f"=B{row}+1"))
    chain.put_value(0, 1, Formula("=B600+1"))
    computation = Computation(book)

    assert computation.value(chain, 599, 0) == 600.0
    assert isinstance(computation.value(chain, 599, 1), Failure)


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("=A1+$B$2", "=C2+$B$2"),
        ("=$A1+B$2", "=$A2+D$2"),
        ("=SUM('Prix d''été'!A1:B2)", "=SUM('Prix d''été'!C2:D3)"),
        ('="A1"&A:A', '="A1"&C:C'),
        ("=LOG10(A1)", "=LOG10(C2)"),
    ],
)
def test_relative_references_move_with_a_copy(text: str, moved: str) -> None:
    assert formula.moved(Formula(text), 1, 2) == moved


def test_a_reference_pushed_off_the_sheet_is_broken() -> None:
    assert formula.moved(Formula("=A1"), -1, 0) == "=#REF!"


def test_french_formulas_are_kept_in_english_and_read_in_french() -> None:
    french = locale("fr_FR")
    kept = formula.canonical('=IF(A1>1,5;"a;b";2)', french)

    assert kept == '=IF(A1>1.5,"a;b",2)'
    assert formula.localised(kept, french) == '=IF(A1>1,5;"a;b";2)'


def test_results_follow_their_cells_at_once(spreadsheet: Rest) -> None:
    spreadsheet.put("A1:B1", [[2, "=A1*2"]], "USER_ENTERED")
    before = spreadsheet.get("B1")

    spreadsheet.put("A1", [[5]])

    assert (before, spreadsheet.get("B1")) == ([["4"]], [["10"]])


def test_a_date_computed_from_a_date_is_shown_as_one(spreadsheet: Rest) -> None:
    spreadsheet.put("A1:C1", [["2026-01-30", "=A1+7", "=A1-A1"]], "USER_ENTERED")

    assert spreadsheet.get("A1:C1") == [["2026-01-30", "2026-02-06", "0"]]


def test_a_link_is_told_apart_from_its_text(spreadsheet: Rest) -> None:
    spreadsheet.put("A1", [['=HYPERLINK("https://exemple.example/p","Fiche")']], "USER_ENTERED")

    found = spreadsheet.cell("A1")

    assert (found["hyperlink"], found["formattedValue"]) == ("https://exemple.example/p", "Fiche")
    assert found["effectiveFormat"]["hyperlinkDisplayType"] == "LINKED"


def test_a_link_that_spans_all_of_a_text_is_the_links_of_its_cell_and_one_on_a_part_is_not(
    spreadsheet: Rest,
) -> None:
    link = {"link": {"uri": "https://exemple.example/p"}}
    late = {"startIndex": 3, "format": link}
    runs = ([{"format": link}], [{"format": {}}, late], [late])
    values = [{"userEnteredValue": {"stringValue": "Une fiche"}, "textFormatRuns": run} for run in runs]
    spreadsheet.batch(
        {
            "updateCells": {
                "start": {},
                "rows": [{"values": values}],
                "fields": "userEnteredValue,textFormatRuns",
            }
        }
    )

    cells = [spreadsheet.cell(name) for name in ("A1", "B1", "C1")]

    assert [found.get("hyperlink", "") for found in cells] == ["https://exemple.example/p", "", ""]


def test_an_error_is_an_error_value_with_its_message(spreadsheet: Rest) -> None:
    spreadsheet.put("A1", [["=1/0"]], "USER_ENTERED")

    message = "Function DIVIDE parameter 2 cannot be zero."
    assert spreadsheet.cell("A1")["effectiveValue"] == {
        "errorValue": {"type": "DIVIDE_BY_ZERO", "message": message}
    }
