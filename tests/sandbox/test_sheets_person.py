"""What somebody at the keyboard, or another caller of the API, may do: roles, protections, validation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from google.auth.transport.requests import AuthorizedSession

from ponts_flows.sandbox import drive, sheets
from ponts_flows.sandbox.drive import files
from ponts_flows.sandbox.sheets import book as books
from ponts_flows.sandbox.sheets import person
from ponts_flows.sandbox.sheets.a1 import Json
from ponts_flows.sandbox.sheets.person import Kind, Refused, Shown
from ponts_flows.sandbox.store import Store
from tests.sandbox.sheets_builders import Rest, area, span

OWNER, COORDINATOR, READER = (
    "robot@exemple.example",
    "alice.martin@exemple.example",
    "benoit.petit@exemple.example",
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store of files and spreadsheets."""
    made = Store(tmp_path / "sandbox.db")
    made.create(drive.SCHEMA)
    made.create(sheets.SCHEMA)
    yield made
    made.close()


@pytest.fixture
def board(store: Store) -> str:
    """A French board: row 1 and column A protected, B a dropdown, C a checkbox, D a date."""
    with store.transaction():
        id = books.create(store, owner=OWNER, title="Tableau", locale="fr_FR")
        files.grant(store, id, type="user", role="writer", address=COORDINATOR)
        files.grant(store, id, type="user", role="reader", address=READER)
    choice = {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": v} for v in ("Valider", "Refuser")]}
    date = {
        "condition": {"type": "DATE_IS_VALID"},
        "strict": True,
        "inputMessage": "Une date, comme 12/01/2026.",
    }
    person.request(
        store,
        id,
        OWNER,
        {"setDataValidation": {"range": area(1, 9, 1, 2), "rule": {"condition": choice, "strict": True}}},
        {"setDataValidation": {"range": area(1, 9, 2, 3), "rule": {"condition": {"type": "BOOLEAN"}}}},
        {"setDataValidation": {"range": area(1, 9, 3, 4), "rule": date}},
        _protected({"endRowIndex": 1}),
        _protected({"startColumnIndex": 0, "endColumnIndex": 1}),
    )
    entries = [(0, 0, "Id"), (0, 1, "Décision"), (1, 0, "P-2"), (2, 0, "P-1")]
    person.type_all(store, id, OWNER, sheet=0, entries=entries)
    return id


def _protected(range: Json) -> Json:
    return {
        "addProtectedRange": {
            "protectedRange": {"range": {"sheetId": 0, **range}, "editors": {"users": [OWNER]}}
        }
    }


def look(store: Store, board: str, row: int, column: int, email: str = COORDINATOR) -> Shown:
    book = books.opened(store, board, email)
    return person.shown(book, book.sheets[0], row, column, email)


def test_a_choice_from_the_list_is_taken_and_anything_else_is_refused_in_french(
    store: Store, board: str
) -> None:
    person.type_into(store, board, COORDINATOR, sheet=0, row=1, column=1, text="Valider")

    with pytest.raises(Refused, match=r"La cellule B2 n'accepte que : Valider, Refuser\."):
        person.type_into(store, board, COORDINATOR, sheet=0, row=1, column=1, text="Peut-être")

    found = look(store, board, 1, 1)
    assert (found.text, found.choices, found.editable) == ("Valider", ("Valider", "Refuser"), True)


def test_a_protected_cell_is_shown_as_such_and_refused(store: Store, board: str) -> None:
    with pytest.raises(Refused, match="La cellule A2 est protégée"):
        person.type_into(store, board, COORDINATOR, sheet=0, row=1, column=0, text="P-9")

    assert look(store, board, 1, 0).editable is False
    assert look(store, board, 1, 0, OWNER).editable is True
    assert look(store, board, 1, 0).text == "P-2"


def test_a_reader_may_look_and_not_touch(store: Store, board: str) -> None:
    with pytest.raises(Refused, match="pas la modifier"):
        person.type_into(store, board, READER, sheet=0, row=1, column=1, text="Valider")

    assert look(store, board, 1, 1, READER).editable is False


def test_several_cells_are_entered_all_or_none(store: Store, board: str) -> None:
    with pytest.raises(Refused):
        person.type_all(store, board, COORDINATOR, sheet=0, entries=[(1, 1, "Valider"), (2, 1, "Nonsense")])

    assert look(store, board, 1, 1).kind is Kind.EMPTY


def test_a_checkbox_is_ticked_and_other_cells_have_none(store: Store, board: str) -> None:
    person.tick(store, board, COORDINATOR, sheet=0, row=1, column=2, checked=True)

    with pytest.raises(Refused, match="n'est pas une case à cocher"):
        person.tick(store, board, COORDINATOR, sheet=0, row=1, column=1, checked=True)

    assert [look(store, board, 1, column).checked for column in (1, 2)] == [None, True]
    assert [look(store, board, row, 2).checked for row in (1, 2)] == [True, False]


def test_a_date_is_typed_the_french_way_and_nonsense_gets_the_columns_own_help(
    store: Store, board: str
) -> None:
    person.type_into(store, board, COORDINATOR, sheet=0, row=1, column=3, text="12/01/2026")

    with pytest.raises(Refused, match=r"D2 : Une date, comme 12/01/2026\."):
        person.type_into(store, board, COORDINATOR, sheet=0, row=1, column=3, text="bientôt")

    assert look(store, board, 1, 3).text == "12/01/2026"


@pytest.mark.parametrize("text", ["'=1+1", "'12", "bonjour", "3,5", "=SUM(1;2)", "12/01/2026", "VRAI", "10%"])
def test_what_the_formula_bar_shows_gives_the_same_cell_when_typed_again(
    store: Store, board: str, text: str
) -> None:
    person.type_into(store, board, COORDINATOR, sheet=0, row=5, column=5, text=text)
    once = look(store, board, 5, 5)

    person.type_into(store, board, COORDINATOR, sheet=0, row=5, column=5, text=once.entered)

    assert look(store, board, 5, 5) == once


def test_a_link_that_could_run_code_is_no_link(store: Store, board: str) -> None:
    person.type_into(
        store, board, COORDINATOR, sheet=0, row=5, column=5, text='=HYPERLINK("javascript:alert(1)";"x")'
    )
    person.type_into(store, board, COORDINATOR, sheet=0, row=5, column=6, text="https://exemple.example")

    assert [look(store, board, 5, column).link for column in (5, 6)] == ["", "https://exemple.example"]


def test_sorting_over_protected_cells_is_refused_and_a_filter_view_still_sorts(
    store: Store, board: str
) -> None:
    view = {
        "filterViewId": 3,
        "title": "par id",
        "range": area(0, 3, 0, 4),
        "sortSpecs": [{"dimensionIndex": 0}],
    }
    person.request(store, board, COORDINATOR, {"addFilterView": {"filter": view}})

    with pytest.raises(Refused, match="cellules protégées"):
        person.sort_rows(store, board, COORDINATOR, sheet=0, column=0)

    book = books.opened(store, board, COORDINATOR)
    assert person.visible_rows(book, book.sheets[0]) == [0, 1, 2]
    assert person.visible_rows(book, book.sheets[0], 3) == [0, 2, 1]


def test_rows_hidden_by_hand_or_by_the_filter_are_not_shown(store: Store, board: str) -> None:
    hidden = {"range": span("ROWS", 1, 2), "properties": {"hiddenByUser": True}, "fields": "hiddenByUser"}
    criteria = [{"columnIndex": 0, "filterCriteria": {"hiddenValues": ["P-1"]}}]
    person.request(
        store,
        board,
        OWNER,
        {"updateDimensionProperties": hidden},
        {"setBasicFilter": {"filter": {"range": area(0, 9, 0, 4), "filterSpecs": criteria}}},
    )

    book = books.opened(store, board, OWNER)
    assert person.visible_rows(book, book.sheets[0]) == [0]


def test_protections_bind_callers_of_the_api_who_are_not_editors(
    spreadsheet: Rest, shared_session: Callable[..., AuthorizedSession]
) -> None:
    grant = {"type": "user", "role": "writer", "emailAddress": COORDINATOR}
    drive_url = f"{spreadsheet.base}/drive/v3/files/{spreadsheet.id}/permissions"
    assert spreadsheet.session.post(drive_url, json=grant, timeout=30).status_code == 200
    owner = spreadsheet.session.get(
        f"{spreadsheet.base}/drive/v3/about", params={"fields": "user"}, timeout=30
    )
    robot = owner.json()["user"]["emailAddress"]
    spreadsheet.batch(
        {"addProtectedRange": {"protectedRange": {"range": area(0, 1, 0, 5), "editors": {"users": [robot]}}}}
    )
    other = Rest(session=shared_session(COORDINATOR), base=spreadsheet.base, id=spreadsheet.id)
    refusal = (
        "You are trying to edit a protected cell or object. "
        "Please contact the spreadsheet owner to remove protection if you need to edit."
    )

    written = other.refused("PUT", "/values/A1", {"values": [["x"]]}, valueInputOption="RAW")
    deleted = other.batch_refused({"deleteDimension": {"range": span("ROWS", 0, 1)}})
    sorted_ = other.batch_refused({"sortRange": {"range": area(0, 5, 0, 5), "sortSpecs": [{}]}})

    assert written == (400, refusal)
    assert deleted == f"Invalid requests[0].deleteDimension: {refusal}"
    assert sorted_ == f"Invalid requests[0].sortRange: {refusal}"
    assert other.put("A2", [["free"]])["updatedCells"] == 1
    assert "editors" not in other.sheet()["protectedRanges"][0]
    assert spreadsheet.sheet()["protectedRanges"][0]["requestingUserCanEdit"] is True
