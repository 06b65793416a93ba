"""The board in a spreadsheet: people sort, move, type and delete; the programme finds its way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from ponts_flows.board.changes import (
    AdoptRow,
    AppendRow,
    ClearCell,
    Link,
    MarkCell,
    SetCells,
    UnmarkCell,
    WriteOutcome,
)
from ponts_flows.board.layout import APPLICATIONS, DASHBOARD, PROPOSALS, SETTINGS, TAB, TABS, TO_REVIEW
from ponts_flows.board.reading import BoardReading, Cell, Row
from ponts_flows.board.tabs import Tab
from ponts_flows.errors import BoardChanged, GoogleRefused, InputError, OutcomeUnknown
from ponts_flows.google.board import Board
from ponts_flows.google.board_reading import sheet_id
from ponts_flows.google.board_setup import BoardSetup, ensure
from ponts_flows.google.sheets import Spreadsheet, letters, quoted, read_sheet, read_sheets
from ponts_flows.google.transport import Google, execute
from tests.sandbox.conftest import checked_sandbox

Json = dict[str, Any]


class People:
    """What people do in the spreadsheet, by the same service: they see positions, not identifiers."""

    def __init__(self, google: Google, spreadsheet_id: str) -> None:
        self.sheet = Spreadsheet(google, spreadsheet_id)

    def place(self, tab: Tab, column: str) -> int:
        headings = self.sheet.values([f"{quoted(tab.title_fr)}!2:2"])[0][0]
        return headings.index(tab.column(column).heading_fr)

    def write(self, tab: Tab, row: int, column: str, value: Cell | None) -> None:
        kinds = {str: "stringValue", float: "numberValue", int: "numberValue", bool: "boolValue"}
        kind = "formulaValue" if str(value).startswith("=") else kinds.get(type(value))
        data = {} if value is None else {"userEnteredValue": {kind: value}}
        start = {"sheetId": sheet_id(tab), "rowIndex": row - 1, "columnIndex": self.place(tab, column)}
        self.sheet.update(
            [{"updateCells": {"start": start, "rows": [{"values": [data]}], "fields": "userEnteredValue"}}]
        )

    def move(self, tab: Tab, dimension: str, start: int, to: int) -> None:
        source = {
            "sheetId": sheet_id(tab),
            "dimension": dimension,
            "startIndex": start,
            "endIndex": start + 1,
        }
        self.sheet.update([{"moveDimension": {"source": source, "destinationIndex": to}}])

    def delete(self, tab: Tab, dimension: str, start: int) -> None:
        where = {"sheetId": sheet_id(tab), "dimension": dimension, "startIndex": start, "endIndex": start + 1}
        self.sheet.update([{"deleteDimension": {"range": where}}])

    def sort(self, tab: Tab, column: str, *, descending: bool = False) -> None:
        where = {"sheetId": sheet_id(tab), "startRowIndex": 2}
        spec = {
            "dimensionIndex": self.place(tab, column),
            "sortOrder": "DESCENDING" if descending else "ASCENDING",
        }
        self.sheet.update([{"sortRange": {"range": where, "sortSpecs": [spec]}}])

    def cells(self, tab: Tab, row: int, fields: str) -> dict[str, Json]:
        """The cells of a row, by column key."""
        mask = f"sheets(properties.sheetId,data.rowData.values({fields}))"
        rows = {"sheetId": sheet_id(tab), "startRowIndex": row - 1, "endRowIndex": row}
        (sheet,) = self.sheet.get_by_filter([{"gridRange": rows}], mask)["sheets"]
        found = sheet["data"][0].get("rowData", [{}])[0].get("values", [])
        return {c.key: found[i] for c in tab.columns if (i := self.place(tab, c.key)) < len(found)}

    def shown(self, tab: Tab) -> list[dict[str, Cell]]:
        """The rows of a tab as they show, by column key, blanks left out."""
        values = self.sheet.values([f"{quoted(tab.title_fr)}!A1:{letters(len(tab.columns))}"])[0]
        keys = {column.heading_fr: column.key for column in tab.columns}
        named = [[keys.get(str(heading), "") for heading in values[1]]]
        return [{k: v for k, v in zip(named[0], row, strict=False) if v != ""} for row in values[2:]]


@pytest.fixture(scope="module")
def google(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Google]:
    """Access to one sandbox for all the tests here."""
    with checked_sandbox(tmp_path_factory.mktemp("board")) as running:
        yield Google(credentials_file=running.credentials, mailbox="mentoring@ponts.org", root=running.url)


@pytest.fixture(scope="module")
def original(google: Google) -> BoardSetup:
    return ensure(google, None, "Mentoring")


@pytest.fixture
def setup(google: Google, original: BoardSetup) -> BoardSetup:
    """A board of one's own: a copy, as Drive makes them."""
    files = google.service("drive", "v3").files()
    copied = execute(files.copy(fileId=original.spreadsheet_id, body={"name": "Mentoring"}))
    return replace(original, spreadsheet_id=copied["id"])


@pytest.fixture
def board(google: Google, setup: BoardSetup) -> Board:
    return Board(google, setup.spreadsheet_id)


@pytest.fixture
def people(google: Google, setup: BoardSetup) -> People:
    return People(google, setup.spreadsheet_id)


def proposals(board: Board, *ids: str) -> BoardReading:
    """The board with one proposal for each identifier, in that order."""
    rows = [AppendRow(tab="proposals", id=id, cells={"mentor": f"Mentor de {id}", "score": 10}) for id in ids]
    board.write(board.read(), rows)
    return board.read()


# Setting up


def test_setting_up_creates_every_tab_in_french_and_all_its_headings(
    google: Google, original: BoardSetup
) -> None:
    people = People(google, original.spreadsheet_id)
    overview = people.sheet.get(
        "properties(locale,timeZone),sheets.properties(title,gridProperties.frozenRowCount)"
    )

    assert overview["properties"] == {"locale": "fr_FR", "timeZone": "Europe/Paris"}
    assert [s["properties"]["title"] for s in overview["sheets"]] == [tab.title_fr for tab in TABS]
    assert {s["properties"]["gridProperties"]["frozenRowCount"] for s in overview["sheets"]} == {2}
    for tab in TABS:
        introduction, headings = people.sheet.values([f"{quoted(tab.title_fr)}!1:2"])[0]
        assert introduction == [tab.what_fr]
        assert headings == [column.heading_fr for column in tab.columns]


def test_setting_up_again_writes_nothing(google: Google, setup: BoardSetup, board: Board) -> None:
    proposals(board, "P-0001")
    google.calls.clear()

    again = ensure(google, setup.spreadsheet_id, "Mentoring")

    assert (again.done, again.created, again.spreadsheet_id) == ((), False, setup.spreadsheet_id)
    assert google.calls["sheets"] == 3


def test_only_the_service_account_may_edit_machine_columns(google: Google, people: People) -> None:
    robot = google.mailbox
    sheets = people.sheet.get("sheets(properties.sheetId,protectedRanges(range,editors.users))")["sheets"]

    protected = {
        (s["properties"]["sheetId"], p["range"]["startColumnIndex"], tuple(p["editors"]["users"]))
        for s in sheets
        for p in s.get("protectedRanges", [])
    }
    wanted = {
        (sheet_id(tab), i, (robot,))
        for tab in TABS
        for i, column in enumerate(tab.columns)
        if column in tab.machine
    }
    assert protected == wanted


def test_dropdowns_offer_exactly_the_choices_of_the_layout(people: People) -> None:
    rule = people.cells(PROPOSALS, 3, "dataValidation")["decision"]["dataValidation"]

    values = [value["userEnteredValue"] for value in rule["condition"]["values"]]
    assert (rule["condition"]["type"], values) == ("ONE_OF_LIST", list(PROPOSALS.column("decision").choices))
    assert rule["strict"] is True


def test_every_heading_carries_its_note(people: People) -> None:
    notes = {key: cell["note"] for key, cell in people.cells(PROPOSALS, 2, "note").items()}

    assert notes == {column.key: column.note_fr for column in PROPOSALS.columns}


def test_filter_views_and_colours_are_there_once(google: Google, setup: BoardSetup, people: People) -> None:
    ensure(google, setup.spreadsheet_id, "Mentoring")

    sheets = people.sheet.get("sheets(properties.title,filterViews.title,conditionalFormats)")["sheets"]
    found = {s["properties"]["title"]: s for s in sheets}
    for tab in TABS:
        views = [view["title"] for view in found[tab.title_fr].get("filterViews", [])]
        assert sorted(views) == sorted(view.title_fr for view in tab.views)
        assert len(found[tab.title_fr].get("conditionalFormats", [])) == len(tab.highlights)


def test_a_deleted_tab_comes_back(google: Google, setup: BoardSetup, board: Board, people: People) -> None:
    people.sheet.update([{"deleteSheet": {"sheetId": sheet_id(TO_REVIEW)}}])

    done = ensure(google, setup.spreadsheet_id, "Mentoring").done

    assert done == ("À traiter : onglet créé", "À traiter : onglet mis en place")
    assert board.read().tabs["to_review"].title == "À traiter"
    assert ensure(google, setup.spreadsheet_id, "Mentoring").done == ()


@pytest.mark.parametrize("key", ["id", "decision", "stage", "remark", "wanted_mentor"])
def test_a_deleted_column_comes_back_and_the_others_keep_what_they_hold(
    google: Google, setup: BoardSetup, board: Board, people: People, key: str
) -> None:
    proposals(board, "P-0001")
    people.write(PROPOSALS, 3, "exemption", "Ils se connaissent déjà.")
    people.delete(PROPOSALS, "COLUMNS", people.place(PROPOSALS, key))

    ensure(google, setup.spreadsheet_id, "Mentoring")

    assert ensure(google, setup.spreadsheet_id, "Mentoring").done == ()
    headings = people.sheet.values(["Propositions!2:2"])[0][0]
    assert headings == [column.heading_fr for column in PROPOSALS.columns]
    shown = people.shown(PROPOSALS)[0]
    assert shown["exemption"] == "Ils se connaissent déjà."
    assert shown["mentor"] == "Mentor de P-0001"
    board.read()


def test_a_machine_heading_is_put_back_and_a_human_one_may_be_renamed(
    google: Google, setup: BoardSetup, board: Board, people: People
) -> None:
    proposals(board, "P-0001")
    people.write(PROPOSALS, 3, "decision", "Valider")
    people.write(PROPOSALS, 2, "stage", "Où ?")
    people.write(PROPOSALS, 2, "decision", "Votre choix")

    ensure(google, setup.spreadsheet_id, "Mentoring")

    headings = people.sheet.values(["Propositions!2:2"])[0][0]
    assert headings[:3] == ["N°", "Votre choix", "Qui décide"]
    assert board.read().tabs["proposals"].rows["P-0001"].text("decision") == "Valider"


def test_a_lifted_protection_and_a_lost_dropdown_are_put_back(
    google: Google, setup: BoardSetup, people: People
) -> None:
    sheets = people.sheet.get("sheets(properties.title,protectedRanges.protectedRangeId)")["sheets"]
    lifted = next(s for s in sheets if s["properties"]["title"] == "Propositions")["protectedRanges"][0]
    where = {"sheetId": sheet_id(PROPOSALS), "startRowIndex": 2, "startColumnIndex": 1, "endColumnIndex": 2}
    people.sheet.update(
        [
            {"deleteProtectedRange": {"protectedRangeId": lifted["protectedRangeId"]}},
            {"setDataValidation": {"range": where}},
        ]
    )

    done = ensure(google, setup.spreadsheet_id, "Mentoring").done

    assert sorted(done) == [
        "Propositions : colonne « Décision » : mise en forme",
        "Propositions : colonne « N° » protégée",
    ]
    assert ensure(google, setup.spreadsheet_id, "Mentoring").done == ()


def settings(board: Board, *ids: str) -> None:
    """One row of Réglages for each identifier, in that order."""
    rows = [AppendRow(tab="settings", id=id, cells={"default": 5}) for id in ids]
    board.write(board.read(), rows)


def has_box(people: People, row: int) -> bool:
    """Whether a row of Réglages has a box « Obligatoire »."""
    return "dataValidation" in people.cells(SETTINGS, row, "userEnteredValue,dataValidation")["required"]


THEMES, LANGUAGES, CAP = "Poids : thèmes", "Poids : langues", "Messages par jour"


def test_the_box_of_what_may_be_required_comes_with_its_row_and_with_no_other(
    board: Board, people: People
) -> None:
    settings(board, LANGUAGES, THEMES, CAP)

    assert [has_box(people, row) for row in (3, 4, 5)] == [False, True, False]


def test_a_board_of_before_gains_the_column_and_its_boxes_in_the_rows_that_are_there(
    google: Google, setup: BoardSetup, board: Board, people: People
) -> None:
    settings(board, LANGUAGES, THEMES)
    people.write(SETTINGS, 4, "value", 7)
    people.delete(SETTINGS, "COLUMNS", people.place(SETTINGS, "required"))

    done = ensure(google, setup.spreadsheet_id, "Mentoring").done

    assert "Réglages : colonne « Obligatoire » : cases à cocher" in done
    assert [has_box(people, row) for row in (3, 4)] == [False, True]
    assert board.read().tabs["settings"].rows[THEMES].cells == {"value": 7}
    assert ensure(google, setup.spreadsheet_id, "Mentoring").done == ()


def test_boxes_that_stayed_behind_when_rows_were_moved_are_put_right(
    google: Google, setup: BoardSetup, board: Board, people: People
) -> None:
    settings(board, LANGUAGES, THEMES)
    people.write(SETTINGS, 3, "id", THEMES)
    people.write(SETTINGS, 4, "id", LANGUAGES)

    done = ensure(google, setup.spreadsheet_id, "Mentoring").done

    assert done == ("Réglages : colonne « Obligatoire » : cases à cocher",)
    assert [has_box(people, row) for row in (3, 4)] == [True, False]


def test_a_board_of_before_gains_the_words_beside_its_figures(
    google: Google, setup: BoardSetup, board: Board, people: People
) -> None:
    board.write(board.read(), [AppendRow(tab="dashboard", id="Binôme, à décider", cells={"value": 3})])
    people.delete(DASHBOARD, "COLUMNS", people.place(DASHBOARD, "words"))

    ensure(google, setup.spreadsheet_id, "Mentoring")

    board.write(board.read(), [SetCells(tab="dashboard", row="Binôme, à décider", cells={"words": "Trois"})])
    assert people.shown(DASHBOARD) == [{"id": "Binôme, à décider", "value": 3, "words": "Trois"}]


def test_a_board_of_before_offers_the_new_choices(google: Google, setup: BoardSetup, people: People) -> None:
    index = people.place(PROPOSALS, "decision")
    of_before = [{"userEnteredValue": choice} for choice in ("Valider", "Refuser")]
    rule = {"condition": {"type": "ONE_OF_LIST", "values": of_before}, "strict": True}
    where = {"sheetId": sheet_id(PROPOSALS), "startRowIndex": 2, "startColumnIndex": index}
    people.sheet.update(
        [{"setDataValidation": {"range": {**where, "endColumnIndex": index + 1}, "rule": rule}}]
    )

    ensure(google, setup.spreadsheet_id, "Mentoring")

    offered = people.cells(PROPOSALS, 3, "dataValidation")["decision"]["dataValidation"]["condition"][
        "values"
    ]
    assert [choice["userEnteredValue"] for choice in offered] == list(PROPOSALS.column("decision").choices)


def test_a_spreadsheet_that_people_made_becomes_the_board_and_keeps_its_own_tabs(google: Google) -> None:
    theirs = Spreadsheet.created(
        google, {"properties": {"title": "À nous"}, "sheets": [{"properties": {"title": "Brouillon"}}]}
    )

    setup = ensure(google, theirs.id, "Mentoring")

    titles = [s["properties"]["title"] for s in theirs.get("sheets.properties.title")["sheets"]]
    assert (setup.created, setup.spreadsheet_id) == (False, theirs.id)
    assert sorted(titles) == sorted(["Brouillon", *(tab.title_fr for tab in TABS)])
    assert ensure(google, theirs.id, "Mentoring").done == ()


def test_a_tab_of_theirs_with_a_title_of_ours_is_not_taken_over(google: Google) -> None:
    theirs = Spreadsheet.created(
        google, {"properties": {"title": "À nous"}, "sheets": [{"properties": {"title": "Cotisants"}}]}
    )

    with pytest.raises(InputError, match="« Cotisants »"):
        ensure(google, theirs.id, "Mentoring")


def test_the_board_is_shared_with_each_coordinator_once(google: Google, setup: BoardSetup) -> None:
    coordinators = ["alice.martin@exemple.example", "paul.durand@exemple.example"]

    first = ensure(google, setup.spreadsheet_id, "Mentoring", coordinators)
    again = ensure(google, setup.spreadsheet_id, "Mentoring", [address.upper() for address in coordinators])

    permissions = google.service("drive", "v3").permissions()
    fields = "permissions(emailAddress,role)"
    listed = execute(permissions.list(fileId=setup.spreadsheet_id, fields=fields))["permissions"]
    assert sorted(p["emailAddress"] for p in listed if p["role"] == "writer") == coordinators
    assert (first.done, again.done) == (("partagé avec la coordination (2 de plus)",), ())


# Reading


def test_an_empty_board_is_read_in_one_call(google: Google, board: Board) -> None:
    google.calls.clear()

    reading = board.read()

    assert google.calls == {"sheets": 1}
    assert {key: len(tab.rows) for key, tab in reading.tabs.items()} == {
        t.key: 0 for t in TABS if t.id_column
    }
    assert reading.members.rows == ()


def test_what_people_typed_is_found_after_rows_and_columns_were_moved(board: Board, people: People) -> None:
    proposals(board, "P-0001", "P-0002", "P-0003")
    people.write(PROPOSALS, 4, "decision", "Valider")
    people.write(PROPOSALS, 5, "remark", "À revoir")

    people.sort(PROPOSALS, "id", descending=True)
    people.move(PROPOSALS, "COLUMNS", people.place(PROPOSALS, "decision"), 9)
    people.move(PROPOSALS, "COLUMNS", people.place(PROPOSALS, "id"), 5)

    rows = board.read().tabs["proposals"].rows
    assert {id: dict(row.cells) for id, row in rows.items()} == {
        "P-0003": {"remark": "À revoir"},
        "P-0002": {"decision": "Valider"},
        "P-0001": {},
    }


def test_a_box_is_ticked_or_not(board: Board, people: People) -> None:
    board.write(board.read(), [AppendRow(tab="to_review", id=f"T-{i}", cells={}) for i in (1, 2, 3)])
    people.write(TO_REVIEW, 3, "done", True)
    people.write(TO_REVIEW, 4, "done", False)

    rows = board.read().tabs["to_review"].rows

    assert {id: row.ticked("done") for id, row in rows.items()} == {"T-1": True, "T-2": False, "T-3": False}


def test_a_row_added_by_people_is_read_apart(board: Board, people: People) -> None:
    proposals(board, "P-0001")
    people.write(PROPOSALS, 7, "wanted_mentee", "C-0002")
    people.write(PROPOSALS, 7, "wanted_mentor", "C-0005")

    tab = board.read().tabs["proposals"]

    assert tab.added == (Row(number=7, id="", cells={"wanted_mentee": "C-0002", "wanted_mentor": "C-0005"}),)
    assert list(tab.rows) == ["P-0001"]


def test_a_copied_row_is_told_and_the_first_one_counts(board: Board, people: People) -> None:
    proposals(board, "P-0001", "P-0002")
    people.write(PROPOSALS, 3, "decision", "Valider")
    people.write(PROPOSALS, 6, "id", "P-0001")
    people.write(PROPOSALS, 6, "decision", "Refuser")

    tab = board.read().tabs["proposals"]

    assert tab.rows["P-0001"].text("decision") == "Valider"
    assert tab.duplicated == (Row(number=6, id="P-0001", cells={"decision": "Refuser"}),)


def test_a_renamed_tab_is_still_read_and_written(board: Board, people: People) -> None:
    properties = {"sheetId": sheet_id(PROPOSALS), "title": "L'avenir"}
    people.sheet.update([{"updateSheetProperties": {"properties": properties, "fields": "title"}}])

    outcome = board.write(board.read(), [AppendRow(tab="proposals", id="P-0001", cells={"score": 3})])

    assert outcome == WriteOutcome(rows=1, calls=1)
    assert list(board.read().tabs["proposals"].rows) == ["P-0001"]


def test_a_copy_of_a_tab_does_not_confuse_the_reading(board: Board, people: People) -> None:
    proposals(board, "P-0001")
    people.sheet.update([{"duplicateSheet": {"sourceSheetId": sheet_id(PROPOSALS), "newSheetName": "Copie"}}])
    people.write(PROPOSALS, 3, "decision", "Valider")

    rows = board.read().tabs["proposals"].rows

    assert {id: dict(row.cells) for id, row in rows.items()} == {"P-0001": {"decision": "Valider"}}


@pytest.mark.parametrize("key", ["id", "decision", "stage"])
def test_a_missing_column_is_named_with_the_remedy(board: Board, people: People, key: str) -> None:
    people.delete(PROPOSALS, "COLUMNS", people.place(PROPOSALS, key))

    heading = PROPOSALS.column(key).heading_fr
    with pytest.raises(BoardChanged, match=f"« Propositions ».*« {heading} ».*ponts setup"):
        board.read()


def test_a_missing_tab_is_named_with_the_remedy(board: Board, people: People) -> None:
    people.sheet.update([{"deleteSheet": {"sheetId": sheet_id(TO_REVIEW)}}])

    with pytest.raises(BoardChanged, match=r"« À traiter ».*ponts setup"):
        board.read()


def test_a_spreadsheet_that_is_not_there_is_refused_with_googles_sentence(google: Google) -> None:
    with pytest.raises(GoogleRefused, match="404"):
        Board(google, "nowhere").read()


# Writing


def test_changes_are_written_in_one_call_and_nothing_in_none(google: Google, board: Board) -> None:
    reading = proposals(board, "P-0001", "P-0002")
    google.calls.clear()

    outcome = board.write(
        reading,
        [
            SetCells(tab="proposals", row="P-0001", cells={"stage": "À décider", "gap": 12.5}),
            AppendRow(tab="proposals", id="P-0003", cells={}),
            AppendRow(tab="outbox", id="P-0001/introduction", cells={"status": "Prévu"}),
        ],
    )
    assert google.calls == {"sheets": 1}
    nothing = board.write(reading, [])

    assert outcome == WriteOutcome(rows=3, calls=1)
    assert nothing == WriteOutcome()
    assert google.calls == {"sheets": 1}


def test_values_keep_their_type_and_a_formula_in_a_name_stays_text(board: Board, people: People) -> None:
    trap = '=HYPERLINK("http://evil.example";"cliquez")'
    cells = {
        "last_name": trap,
        "graduation": 2005,
        "since": date(2026, 11, 23),
        "city": "+33",
        "email": "@moi",
    }
    board.write(board.read(), [AppendRow(tab="applications", id="C-0001", cells=cells)])

    shown = people.shown(APPLICATIONS)[0]

    assert shown == {
        "id": "C-0001",
        "last_name": trap,
        "graduation": 2005,
        "since": 46349,
        "city": "+33",
        "email": "@moi",
    }
    assert people.cells(APPLICATIONS, 3, "formattedValue")["since"] == {"formattedValue": "23/11/2026"}


def test_a_link_is_text_that_leads_somewhere_never_a_formula(board: Board, people: People) -> None:
    link = Link(text="Ouvrir", url="https://ponts.example/p/1")
    board.write(board.read(), [AppendRow(tab="to_review", id="T-1", cells={"link": link})])

    cell = people.cells(TO_REVIEW, 3, "userEnteredValue,textFormatRuns.format.link")["link"]

    assert cell == {
        "userEnteredValue": {"stringValue": "Ouvrir"},
        "textFormatRuns": [{"format": {"link": {"uri": "https://ponts.example/p/1"}}}],
    }


def test_only_the_cells_given_are_written(board: Board, people: People) -> None:
    reading = proposals(board, "P-0001")
    people.write(PROPOSALS, 3, "remark", "À moi")

    board.write(reading, [SetCells(tab="proposals", row="P-0001", cells={"score": None, "gap": 11})])

    assert people.shown(PROPOSALS) == [
        {"id": "P-0001", "mentor": "Mentor de P-0001", "gap": 11, "remark": "À moi"}
    ]


def test_rows_are_appended_below_what_people_typed_in_todays_order_of_columns(
    board: Board, people: People
) -> None:
    people.write(PROPOSALS, 4, "wanted_mentee", "C-0002")
    people.move(PROPOSALS, "COLUMNS", people.place(PROPOSALS, "mentor"), 1)

    board.write(board.read(), [AppendRow(tab="proposals", id="P-0001", cells={"mentor": "Alice"})])

    assert board.read().tabs["proposals"].rows["P-0001"].number == 5
    assert people.shown(PROPOSALS)[-1] == {"id": "P-0001", "mentor": "Alice"}


def test_an_appended_row_has_its_box_to_tick(board: Board, people: People) -> None:
    board.write(board.read(), [AppendRow(tab="to_review", id="T-1", cells={})])

    rule = people.cells(TO_REVIEW, 3, "dataValidation")["done"]["dataValidation"]

    assert rule["condition"] == {"type": "BOOLEAN"}


def test_a_line_that_people_begin_has_its_boxes_already(board: Board, people: People) -> None:
    events = TAB["events"]
    people.write(events, 5, "title", "Table ronde")

    rules = people.cells(events, 5, "dataValidation")

    assert {rules[box]["dataValidation"]["condition"]["type"] for box in ("invite", "cancel")} == {"BOOLEAN"}
    (added,) = board.read().tabs["events"].added  # an empty line with boxes is none
    assert added.number == 5


def test_a_row_that_comes_back_is_put_below_the_last_one_and_not_below_the_boxes(
    board: Board, people: People
) -> None:
    people.write(TAB["events"], 3, "title", "Table ronde")

    board.write(board.read(), [AppendRow(tab="events", id="E-0001", cells={"stage": "Annulé"})])

    assert board.read().tabs["events"].rows["E-0001"].number == 4


def test_rows_beyond_the_bottom_have_their_dropdown(board: Board, people: People) -> None:
    properties = {"sheetId": sheet_id(PROPOSALS), "gridProperties": {"rowCount": 4}}
    people.sheet.update(
        [{"updateSheetProperties": {"properties": properties, "fields": "gridProperties.rowCount"}}]
    )

    proposals(board, *(f"P-{i:04}" for i in range(5)))

    rule = people.cells(PROPOSALS, 7, "dataValidation")["decision"]["dataValidation"]
    assert rule["condition"]["type"] == "ONE_OF_LIST"


def test_a_consumed_decision_is_emptied_with_a_note_and_the_dropdown_stays(
    board: Board, people: People
) -> None:
    proposals(board, "P-0001")
    people.write(PROPOSALS, 3, "decision", "Valider")

    board.write(
        board.read(),
        [ClearCell(tab="proposals", row="P-0001", column="decision", note="Validé le 23/11.", was="Valider")],
    )

    cell = people.cells(PROPOSALS, 3, "userEnteredValue,note,dataValidation.strict")["decision"]
    assert cell == {"note": "Validé le 23/11.", "dataValidation": {"strict": True}}


def test_a_cell_not_understood_is_marked_explained_and_left_as_it_is(board: Board, people: People) -> None:
    proposals(board, "P-0001")
    people.write(PROPOSALS, 3, "decision", "Peut-être")
    mark = MarkCell(tab="proposals", row="P-0001", column="decision", note="Choisissez dans la liste.")
    board.write(board.read(), [mark])

    fields = "userEnteredValue,note,userEnteredFormat.backgroundColorStyle"
    marked = people.cells(PROPOSALS, 3, fields)["decision"]
    assert (marked["userEnteredValue"], marked["note"]) == (
        {"stringValue": "Peut-être"},
        "Choisissez dans la liste.",
    )
    assert marked["userEnteredFormat"]["backgroundColorStyle"]["rgbColor"]["red"] > 0.9

    board.write(board.read(), [UnmarkCell(tab="proposals", row="P-0001", column="decision")])

    unmarked = people.cells(PROPOSALS, 3, "userEnteredValue,note")["decision"]
    assert unmarked == {"userEnteredValue": {"stringValue": "Peut-être"}}


def test_a_row_added_by_people_is_adopted_with_what_they_typed(board: Board, people: People) -> None:
    people.write(PROPOSALS, 6, "wanted_mentee", "C-0002")
    (added,) = board.read().tabs["proposals"].added

    outcome = board.write(
        board.read(),
        [AdoptRow(tab="proposals", row=6, id="P-0001", cells={"stage": "À décider"}, typed=added.cells)],
    )

    assert outcome == WriteOutcome(rows=1, calls=1)
    assert board.read().tabs["proposals"].rows == {
        "P-0001": Row(number=6, id="P-0001", cells={"wanted_mentee": "C-0002"})
    }


def test_a_formula_that_fails_in_an_added_row_does_not_hinder_its_adoption(
    board: Board, people: People
) -> None:
    people.write(PROPOSALS, 6, "wanted_mentee", "C-0002")
    people.write(PROPOSALS, 6, "remark", "=1/0")
    (added,) = board.read().tabs["proposals"].added

    adopt = AdoptRow(tab="proposals", row=6, id="P-0001", cells={"stage": "À décider"}, typed=added.cells)
    outcome = board.write(board.read(), [adopt])

    assert outcome == WriteOutcome(rows=1, calls=1)
    assert added.cells["remark"] == "#DIV/0!"


# People act between the reading and the writing


def test_rows_sorted_meanwhile_are_told_so_that_they_are_written_again(board: Board, people: People) -> None:
    reading = proposals(board, "P-0001", "P-0002")
    people.sort(PROPOSALS, "id", descending=True)
    change = SetCells(tab="proposals", row="P-0001", cells={"stage": "À décider"})

    outcome = board.write(reading, [change])
    assert set(outcome.misplaced) == {("proposals", "P-0001"), ("proposals", "P-0002")}
    board.write(board.read(), [change, SetCells(tab="proposals", row="P-0002", cells={"stage": None})])

    assert {row["id"]: row.get("stage") for row in people.shown(PROPOSALS)} == {
        "P-0002": None,
        "P-0001": "À décider",
    }


def test_a_decision_emptied_in_the_wrong_row_is_put_back(board: Board, people: People) -> None:
    proposals(board, "P-0001", "P-0002")
    people.write(PROPOSALS, 3, "decision", "Valider")
    people.write(PROPOSALS, 4, "decision", "Refuser")
    reading = board.read()
    people.sort(PROPOSALS, "id", descending=True)

    clear = ClearCell(tab="proposals", row="P-0001", column="decision", note="Validé.", was="Valider")
    outcome = board.write(reading, [clear])

    rows = board.read().tabs["proposals"].rows
    assert (outcome.calls, set(outcome.misplaced)) == (2, {("proposals", "P-0001"), ("proposals", "P-0002")})
    assert {id: row.text("decision") for id, row in rows.items()} == {
        "P-0001": "Valider",
        "P-0002": "Refuser",
    }
    assert "Validé." not in str(people.cells(PROPOSALS, 3, "note"))


def test_a_row_deleted_meanwhile_leaves_nothing_of_it_behind(board: Board, people: People) -> None:
    reading = proposals(board, "P-0001", "P-0002")
    people.delete(PROPOSALS, "ROWS", 2)

    change = SetCells(tab="proposals", row="P-0002", cells={"stage": "À décider"})
    outcome = board.write(reading, [change])

    assert outcome.misplaced == (("proposals", "P-0002"),)
    assert people.shown(PROPOSALS) == [{"id": "P-0002", "mentor": "Mentor de P-0002", "score": 10}]


def test_columns_moved_meanwhile_are_noticed(board: Board, people: People) -> None:
    reading = proposals(board, "P-0001")
    people.move(PROPOSALS, "COLUMNS", people.place(PROPOSALS, "score"), 1)

    outcome = board.write(reading, [SetCells(tab="proposals", row="P-0001", cells={"score": 99})])

    assert outcome.misplaced == (("proposals", "P-0001"),)


def test_a_human_column_moved_under_the_pen_gets_back_what_was_typed(board: Board, people: People) -> None:
    proposals(board, "P-0001")
    people.write(PROPOSALS, 3, "remark", "À moi")
    reading = board.read()
    people.move(PROPOSALS, "COLUMNS", people.place(PROPOSALS, "remark"), people.place(PROPOSALS, "score"))

    outcome = board.write(reading, [SetCells(tab="proposals", row="P-0001", cells={"score": 99})])

    assert (outcome.calls, outcome.misplaced) == (3, (("proposals", "P-0001"),))
    assert people.shown(PROPOSALS) == [
        {"id": "P-0001", "mentor": "Mentor de P-0001", "score": 10, "remark": "À moi"}
    ]


def test_rows_sorted_and_their_identifiers_moved_meanwhile_lose_nothing_that_was_typed(
    board: Board, people: People
) -> None:
    proposals(board, "P-0001", "P-0002")
    people.write(PROPOSALS, 3, "remark", "À moi")
    people.write(PROPOSALS, 4, "remark", "À toi")
    reading = board.read()
    people.sort(PROPOSALS, "mentor", descending=True)
    people.move(PROPOSALS, "COLUMNS", people.place(PROPOSALS, "id"), people.place(PROPOSALS, "remark") + 1)

    outcome = board.write(reading, [SetCells(tab="proposals", row="P-0001", cells={"score": 99})])

    assert set(outcome.misplaced) == {("proposals", "P-0001"), ("proposals", "P-0002")}
    assert [(row["id"], row["mentor"], row["remark"]) for row in people.shown(PROPOSALS)] == [
        ("P-0002", "Mentor de P-0002", "À toi"),
        ("P-0001", "Mentor de P-0001", "À moi"),
    ]


def test_an_identifier_written_over_is_put_back_in_the_row_that_had_it(board: Board, people: People) -> None:
    proposals(board, "P-0001", "P-0002")
    people.write(PROPOSALS, 3, "decision", "Valider")
    for sort in (False, True):
        reading = board.read()
        if sort:
            people.sort(PROPOSALS, "mentor", descending=True)
        people.move(PROPOSALS, "COLUMNS", people.place(PROPOSALS, "id"), people.place(PROPOSALS, "score") + 1)

        outcome = board.write(
            reading, [SetCells(tab="proposals", row=id, cells={"score": 99}) for id in ("P-0001", "P-0002")]
        )

        assert {("proposals", "P-0001"), ("proposals", "P-0002")} <= set(outcome.misplaced)
        ids = [(row["id"], row.get("decision", "")) for row in people.shown(PROPOSALS)]
        wanted = [("P-0001", "Valider"), ("P-0002", "")]
        assert ids == (wanted[::-1] if sort else wanted)
        people.move(PROPOSALS, "COLUMNS", people.place(PROPOSALS, "id"), 0)


def test_the_column_of_identifiers_moved_meanwhile_is_noticed_and_no_other_row_emptied(
    board: Board, people: People
) -> None:
    proposals(board, "P-0001", "P-0002")
    reading = board.read()
    people.sort(PROPOSALS, "mentor", descending=True)
    people.move(PROPOSALS, "COLUMNS", people.place(PROPOSALS, "decision"), people.place(PROPOSALS, "id"))

    outcome = board.write(reading, [SetCells(tab="proposals", row="P-0001", cells={"score": 99})])

    assert set(outcome.misplaced) == {("proposals", "P-0001"), ("proposals", "P-0002")}
    assert [(row["id"], row["score"]) for row in people.shown(PROPOSALS)] == [("P-0002", 99), ("P-0001", 10)]


def test_a_row_that_moved_where_one_was_to_be_adopted_keeps_its_identifier(
    board: Board, people: People
) -> None:
    proposals(board, "P-0001")
    people.write(PROPOSALS, 4, "wanted_mentee", "C-0002")
    reading = board.read()
    (added,) = reading.tabs["proposals"].added
    people.move(PROPOSALS, "ROWS", 2, 4)

    adopt = AdoptRow(tab="proposals", row=4, id="P-0002", cells={"stage": "À décider"}, typed=added.cells)
    outcome = board.write(reading, [adopt])

    tab = board.read().tabs["proposals"]
    assert set(outcome.misplaced) == {("proposals", "n° 4"), ("proposals", "P-0001")}
    assert [(row.id, row.number) for row in tab.rows.values()] == [("P-0001", 4)]
    assert [dict(row.cells) for row in tab.added] == [{"wanted_mentee": "C-0002"}]


def test_an_answer_that_is_cut_leaves_the_outcome_unknown(google: Google) -> None:
    class Cut(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"replies": [{')

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Cut) as server:
        Thread(target=server.handle_request).start()
        cut = Google(
            credentials_file=google.credentials_file,
            mailbox=google.mailbox,
            root=f"http://127.0.0.1:{server.server_port}",
        )
        with pytest.raises(OutcomeUnknown):
            Spreadsheet(cut, "any").update([])


# Sheets that people own


def test_a_sheet_of_theirs_is_read_raw_in_one_call(google: Google) -> None:
    theirs = Spreadsheet.created(google, {"properties": {"title": "Réponses"}})
    rows: list[list[Cell]] = [
        ["Nom", "Promo", "Tél."],
        ["MARTIN", 2005, "0612345678"],
        [],
        ["LEFÈVRE", "", "=1+1"],
    ]
    fill(theirs, rows)
    google.calls.clear()

    read = read_sheet(google, theirs.id)

    assert google.calls == {"sheets": 1}
    assert read.headings == ("Nom", "Promo", "Tél.")
    assert read.rows == (("MARTIN", 2005, "0612345678"), ("LEFÈVRE", "", "=1+1"))
    assert read.row_numbers == (2, 4)


def test_several_sheets_are_read_in_one_call(google: Google, setup: BoardSetup) -> None:
    google.calls.clear()

    members, settings = read_sheets(google, setup.spreadsheet_id, ("Cotisants", "Réglages"))

    assert google.calls == {"sheets": 1}
    assert members.headings[0] == "N° adhérent"
    assert settings.headings[0] == "Réglage"


def test_a_register_pasted_over_the_whole_tab_is_read_by_its_own_headings(
    board: Board, people: People
) -> None:
    fill(
        people.sheet, [["Promo", "NOM"], [2005, "MARTIN"], [2011, "LEFÈVRE"]], sheet=sheet_id(TAB["members"])
    )

    members = board.read().members

    assert members.headings[:2] == ("Promo", "NOM")
    assert [row[:2] for row in members.rows] == [(2005, "MARTIN"), (2011, "LEFÈVRE")]


def fill(spreadsheet: Spreadsheet, rows: list[list[Cell]], *, sheet: int | None = None) -> None:
    """Paste rows at the top left of a sheet, the first one when none is told."""
    if sheet is None:
        sheet = spreadsheet.get("sheets.properties.sheetId")["sheets"][0]["properties"].get("sheetId", 0)
    kinds = {str: "stringValue", int: "numberValue", float: "numberValue", bool: "boolValue"}
    data = [
        {"values": [{"userEnteredValue": {kinds[type(c)]: c}} if c != "" else {} for c in row]}
        for row in rows
    ]
    start = {"sheetId": sheet, "rowIndex": 0, "columnIndex": 0}
    pasted = {"start": start, "rows": data, "fields": "userEnteredValue"}
    spreadsheet.update([{"updateCells": pasted}])
