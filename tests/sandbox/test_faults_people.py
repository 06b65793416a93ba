"""What people do meanwhile, and the clock: at a call, by the code of the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from googleapiclient.errors import HttpError

from ponts_flows.sandbox.server import Running
from tests.faults import faults, off, put, report, rule
from tests.sandbox.gmail_builders import ALICE, BRUNO, a_message, emptied, encoded, listed, set_clock
from tests.sandbox.sheets_builders import Rest, area

MAILBOX = "mentoring@ponts.org"
READ, WRITE = "sheets.spreadsheets.values.get", "sheets.spreadsheets.values.update"
CREATE, SEND = "gmail.users.drafts.create", "gmail.users.drafts.send"


@pytest.fixture
def sandbox(without_files: Running) -> Iterator[Running]:
    with emptied(without_files) as running:
        yield running
        off(running.url)


@pytest.fixture
def drafts(sandbox: Running, service_for: Callable[..., Any]) -> Any:
    return service_for("gmail", "v1", subject=MAILBOX).users().drafts()


def a_draft(drafts: Any, subject: str = "Bonjour") -> str:
    body = {"message": {"raw": encoded(a_message(sender=MAILBOX, subject=subject))}}
    return str(drafts.create(userId="me", body=body).execute()["id"])


def draft_ids(drafts: Any) -> set[str]:
    return {draft["id"] for draft in drafts.list(userId="me").execute().get("drafts", [])}


def acts(sandbox: Running) -> int:
    return int(requests.get(f"{sandbox.url}/sandbox/clock", timeout=10).json()["acts"])


# Drafts.


def test_a_draft_is_deleted_right_after_it_was_made(sandbox: Running, drafts: Any) -> None:
    first = a_draft(drafts)

    with faults(sandbox.url, rule("draft_deleted", CREATE, nth=1)) as struck:
        second, third = a_draft(drafts), a_draft(drafts)

    assert struck() == {"draft_deleted": 1}
    assert draft_ids(drafts) == {first, third}
    assert second not in (first, third)


def test_a_draft_is_deleted_right_before_it_is_sent(sandbox: Running, drafts: Any) -> None:
    first, second = a_draft(drafts), a_draft(drafts)

    with (
        faults(sandbox.url, rule("draft_deleted", SEND, moment="before", which="called")),
        pytest.raises(HttpError, match="404"),
    ):
        drafts.send(userId="me", body={"id": first}).execute()

    assert draft_ids(drafts) == {second}


def test_a_person_sends_a_draft_before_the_program_does(
    sandbox: Running, drafts: Any, service_for: Callable[..., Any]
) -> None:
    id = a_draft(drafts)

    with (
        faults(sandbox.url, rule("draft_sent", SEND, moment="before")),
        pytest.raises(HttpError, match="404"),
    ):
        drafts.send(userId="me", body={"id": id}).execute()

    assert len(listed(service_for("gmail", "v1", subject=ALICE), q="in:inbox")) == 1


@pytest.mark.parametrize(("which", "left"), [("oldest", {1, 2}), ("newest", {0, 1}), ("all", set())])
def test_which_drafts_are_meant(sandbox: Running, drafts: Any, which: str, left: set[int]) -> None:
    ids = [a_draft(drafts) for _ in range(3)]

    with faults(sandbox.url, rule("draft_deleted", "gmail.users.drafts.get", which=which, mailbox=MAILBOX)):
        drafts.get(userId="me", id=ids[1]).execute()

    assert draft_ids(drafts) == {ids[number] for number in left}


@pytest.mark.parametrize("which", ["newest", "all", "called"])
def test_no_draft_may_be_meant(sandbox: Running, drafts: Any, which: str) -> None:
    put(sandbox.url, {"rules": [rule("draft_sent", "gmail.users.drafts.list", which=which)]})

    draft_ids(drafts)

    assert report(sandbox.url)["rules"][0]["refused"] == ["Il n'y a aucun brouillon."]


def test_what_could_not_be_done_is_said_and_the_call_goes_through(sandbox: Running, drafts: Any) -> None:
    put(sandbox.url, {"rules": [rule("draft_deleted", "gmail.*", moment="before")]})

    assert draft_ids(drafts) == set()

    assert report(sandbox.url)["rules"][0]["refused"] == ["Il n'y a aucun brouillon."]


def test_a_person_acts_even_when_the_call_is_refused_and_beside_a_fault(
    sandbox: Running, drafts: Any
) -> None:
    id = a_draft(drafts)
    rules = (rule("draft_deleted", SEND), rule("server_error", SEND), rule("dropped", SEND))

    with faults(sandbox.url, *rules) as struck, pytest.raises(HttpError, match="503"):
        drafts.send(userId="me", body={"id": id}).execute()

    assert struck() == {"draft_deleted": 1, "server_error": 1}
    assert draft_ids(drafts) == set()


def test_an_act_counts_as_one_of_a_person(sandbox: Running, drafts: Any) -> None:
    a_draft(drafts)
    put(sandbox.url, {"rules": [rule("draft_deleted", "gmail.*", at_most=1)]})
    before = acts(sandbox)

    draft_ids(drafts)

    assert acts(sandbox) == before + 1


# History.


def test_a_cursor_is_too_old_and_stays_so(
    sandbox: Running, drafts: Any, service_for: Callable[..., Any]
) -> None:
    users = service_for("gmail", "v1", subject=MAILBOX).users()
    cursor = users.getProfile(userId="me").execute()["historyId"]
    a_draft(drafts)
    reading = users.history().list(userId="me", startHistoryId=cursor)
    assert reading.execute()["history"]

    with faults(sandbox.url, rule("history_forgotten", nth=1)), pytest.raises(HttpError) as raised:
        reading.execute()
    with pytest.raises(HttpError) as again:
        reading.execute()

    assert [(error.value.status_code, error.value.reason) for error in (raised, again)] == [
        (404, "Requested entity was not found.")
    ] * 2


# Forms.


@pytest.mark.parametrize(
    ("kind", "state"), [("form_unpublished", {}), ("form_closed", {"isPublished": True})]
)
def test_a_form_is_taken_off_the_web(
    sandbox: Running, service_for: Callable[..., Any], kind: str, state: dict[str, bool]
) -> None:
    forms = service_for("forms", "v1").forms()
    ids = [
        forms.create(body={"info": {"title": title}}, unpublished=False).execute()["formId"] for title in "ab"
    ]

    with faults(sandbox.url, rule(kind, "forms.forms.get", nth=1)):
        forms.get(formId=ids[0]).execute()
        found = [forms.get(formId=id).execute()["publishSettings"]["publishState"] for id in ids]

    assert found == [state, {"isPublished": True, "isAcceptingResponses": True}]


# Spreadsheets.


@pytest.fixture
def board(sandbox: Running, spreadsheet: Rest) -> Rest:
    """An introduction, headings, three rows; Alice may write, but not over the headings of column A."""
    spreadsheet.put(
        "A1", [["Les binômes"], ["Code", "Nom", "Note"], ["P-2", "Bo", 2], ["P-1", "Al", 3], ["P-3", "Cy", 1]]
    )
    frozen = {"sheetId": 0, "title": "Binômes", "gridProperties": {"frozenRowCount": 2}}
    protected = {"range": area(0, 2, 0, 1), "editors": {"users": []}}
    spreadsheet.batch(
        {"updateSheetProperties": {"properties": frozen, "fields": "title,gridProperties.frozenRowCount"}},
        {"addProtectedRange": {"protectedRange": protected}},
    )
    permission = {"type": "user", "role": "writer", "emailAddress": ALICE}
    answer = spreadsheet.session.post(
        f"{sandbox.url}/drive/v3/files/{spreadsheet.id}/permissions", json=permission, timeout=10
    )
    assert answer.status_code == 200
    return spreadsheet


TABLE = [["Les binômes"], ["Code", "Nom", "Note"], ["P-2", "Bo", 2], ["P-1", "Al", 3], ["P-3", "Cy", 1]]
INTRODUCTION, HEADINGS, *ROWS = TABLE
WHOLE = {"valueRenderOption": "UNFORMATTED_VALUE"}


def after(sandbox: Running, board: Rest, kind: str, **details: Any) -> list[list[Any]]:
    """What stands in the first tab once somebody did this right after a reading, which saw nothing of it."""
    put(sandbox.url, {"rules": [rule(kind, READ, nth=1, **details)]})
    assert board.get("A1:F9", **WHOLE) == TABLE
    assert report(sandbox.url)["rules"][0]["refused"] == []
    return board.get("A1:F9", **WHOLE)


@pytest.mark.parametrize(
    ("kind", "details", "rows"),
    [
        ("rows_sorted", {"column": "Code"}, [ROWS[1], ROWS[0], ROWS[2]]),
        ("rows_sorted", {"column": "C", "descending": True}, [ROWS[1], ROWS[0], ROWS[2]]),
        ("row_moved", {"row": "P-2", "to": "P-3"}, [ROWS[1], ROWS[2], ROWS[0]]),
        ("row_moved", {"row": 5, "to": 3}, [ROWS[2], ROWS[0], ROWS[1]]),
        ("row_inserted", {"row": "P-1"}, [ROWS[0], [], ROWS[1], ROWS[2]]),
        ("row_deleted", {"row": "P-1"}, [ROWS[0], ROWS[2]]),
        ("cell_typed", {"row": "P-1", "column": "Note", "text": "8"}, [ROWS[0], ["P-1", "Al", 8], ROWS[2]]),
        ("cell_typed", {"row": 3, "column": "B", "text": ""}, [["P-2", "", 2], ROWS[1], ROWS[2]]),
    ],
)
def test_rows_are_sorted_moved_and_typed_into_between_a_reading_and_the_next(
    sandbox: Running, board: Rest, kind: str, details: dict[str, Any], rows: list[list[Any]]
) -> None:
    assert after(sandbox, board, kind, **details) == [INTRODUCTION, HEADINGS, *rows]


@pytest.mark.parametrize(
    ("kind", "details", "headings"),
    [
        ("column_renamed", {"column": "Nom", "to": "Prénom"}, ["Code", "Prénom", "Note"]),
        ("column_deleted", {"column": "Nom"}, ["Code", "Note"]),
        ("column_moved", {"column": "Note", "to": "Nom"}, ["Code", "Note", "Nom"]),
        ("column_moved", {"column": "B", "to": "C"}, ["Code", "Note", "Nom"]),
    ],
)
def test_columns_are_renamed_deleted_and_moved(
    sandbox: Running, board: Rest, kind: str, details: dict[str, Any], headings: list[str]
) -> None:
    assert after(sandbox, board, kind, **details)[1] == headings


def test_a_tab_is_renamed_under_the_hands_of_a_program(sandbox: Running, board: Rest) -> None:
    with faults(sandbox.url, rule("tab_renamed", WRITE, moment="before", to="Pairs")):
        code, message = board.refused(
            "PUT", "/values/Binômes!A9", {"values": [["P-4"]]}, valueInputOption="RAW"
        )

    assert (code, message) == (400, "Unable to parse range: Binômes!A9")
    assert board.sheet()["properties"]["title"] == "Pairs"


def test_a_tab_is_deleted(sandbox: Running, board: Rest) -> None:
    board.batch({"addSheet": {"properties": {"title": "Autre"}}})

    with faults(sandbox.url, rule("tab_deleted", READ, tab="Autre")):
        board.get("A1")

    titles = [sheet["properties"]["title"] for sheet in board.send("GET", "")["sheets"]]
    assert titles == ["Binômes"]


@pytest.mark.parametrize(
    ("kind", "details", "said"),
    [
        (
            "column_renamed",
            {"column": "Code", "to": "x"},
            "La cellule A2 est protégée : vous ne pouvez pas la modifier.",
        ),
        ("column_deleted", {"column": "Code"}, "Cette opération toucherait des cellules protégées."),
        ("tab_deleted", {"tab": "Ailleurs"}, "Il n'y a pas d'onglet « Ailleurs »."),
        ("column_deleted", {"column": "Ville"}, "Il n'y a pas de colonne « Ville »."),
        ("row_deleted", {"row": "P-9"}, "Aucune ligne ne contient « P-9 »."),
        (
            "row_deleted",
            {"row": 3, "who": BRUNO},
            "The caller does not have permission",
        ),
    ],
)
def test_a_person_may_do_no_more_than_on_the_page(
    sandbox: Running, board: Rest, kind: str, details: dict[str, Any], said: str
) -> None:
    put(sandbox.url, {"rules": [rule(kind, READ, nth=1, **details)]})

    board.get("A1")

    assert report(sandbox.url)["rules"][0]["refused"] == [said]
    assert board.get("A1:F9", **WHOLE) == TABLE


def test_the_owner_may_do_all(sandbox: Running, board: Rest) -> None:
    assert after(sandbox, board, "column_deleted", column="Code", who="owner")[1] == ["Nom", "Note"]


def test_an_act_may_be_on_another_spreadsheet_than_that_of_the_call(
    sandbox: Running, board: Rest, drafts: Any
) -> None:
    with faults(sandbox.url, rule("row_deleted", "gmail.*", spreadsheet=board.id, row=3, at_most=1)):
        draft_ids(drafts)
    with faults(sandbox.url, rule("row_deleted", "gmail.*", row=3, at_most=1)):
        draft_ids(drafts)  # the newest

    assert board.get("A1:F9", **WHOLE) == [INTRODUCTION, HEADINGS, ROWS[2]]


# The clock.


def now(sandbox: Running) -> datetime:
    return datetime.fromisoformat(requests.get(f"{sandbox.url}/sandbox/clock", timeout=10).json()["now"])


@pytest.mark.parametrize(
    ("start", "jump", "end"),
    [
        ("2026-03-29T00:59:59+00:00", {"to": "2026-03-29T03:00:00+02:00"}, "2026-03-29T01:00:00+00:00"),
        ("2028-02-28T23:30:00+00:00", {"by": "PT1H"}, "2028-02-29T00:30:00+00:00"),
        ("2026-11-16T08:00:00+00:00", {"by": "P21D"}, "2026-12-07T08:00:00+00:00"),
        ("2026-11-16T08:00:00+00:00", {"by": "-PT2H"}, "2026-11-16T06:00:00+00:00"),
    ],
    ids=["summer time", "leap day", "asleep", "set back"],
)
def test_the_clock_jumps_at_a_call_and_stands_as_it_did(
    sandbox: Running, drafts: Any, start: str, jump: dict[str, str], end: str
) -> None:
    set_clock(sandbox, start)

    with faults(sandbox.url, rule("clock_moved", "gmail.*", nth=2, **jump)):
        draft_ids(drafts)
        between = now(sandbox)
        draft_ids(drafts)

    assert between == datetime.fromisoformat(start)
    assert now(sandbox) == datetime.fromisoformat(end)


def test_a_clock_that_runs_goes_on_running_after_a_jump(sandbox: Running, drafts: Any) -> None:
    with faults(sandbox.url, rule("clock_moved", "gmail.*", to="2030-01-01T00:00:00Z")):
        draft_ids(drafts)

    first, second = now(sandbox), now(sandbox)
    while second == first:
        second = now(sandbox)
    assert datetime(2030, 1, 1, tzinfo=UTC) <= first < second


def test_a_call_sees_the_time_to_which_the_clock_jumped_before_it(
    sandbox: Running, drafts: Any, service_for: Callable[..., Any]
) -> None:
    set_clock(sandbox, "2026-11-16T08:00:00+00:00")

    with faults(sandbox.url, rule("clock_moved", CREATE, moment="before", by="P1D")):
        id = a_draft(drafts)

    found = drafts.get(userId="me", id=id, format="minimal").execute()["message"]["internalDate"]
    assert datetime.fromtimestamp(int(found) / 1000, UTC) == datetime(2026, 11, 17, 8, tzinfo=UTC)
