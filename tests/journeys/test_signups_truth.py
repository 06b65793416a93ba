"""The sample sign-ups through the whole pipeline, against what is true of them by construction."""

from __future__ import annotations

import csv
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from ponts_flows import local
from ponts_flows.board.layout import TABS
from ponts_flows.export import export
from ponts_flows.google.sheets import Spreadsheet
from ponts_flows.ledger import Ledger
from ponts_flows.rehearsal import Options, Result, rehearse
from ponts_flows.steps import PROPOSALS, run_pass
from ponts_flows.steps.setup import set_up
from tests.sandbox.conftest import checked_sandbox

SIGNUPS = Path(__file__).parents[3] / "shared" / "data" / "signups"
FORMULA_SIGNS = ("=", "+", "-", "@")

Rows = list[dict[str, str]]


@dataclass(frozen=True, kw_only=True)
class Passed:
    """What one pass over the sign-ups left: the exports, and every cell of the board as it is stored."""

    applications: Rows
    pairings: Rows
    cells: tuple[Mapping[str, Any], ...]
    texts: tuple[str, ...]


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    if not (SIGNUPS / "truth.json").exists():
        if os.environ.get("CI"):
            pytest.fail(f"{SIGNUPS}/truth.json is missing")
        pytest.skip(f"{SIGNUPS}/truth.json is not on this machine")
    return dict(json.loads((SIGNUPS / "truth.json").read_text("utf-8")))


@pytest.fixture(scope="module")
def facts(truth: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """What is true of each application, by role and address."""
    return {(one["role"], one["email"]): one for one in truth["applications"]}


@pytest.fixture(scope="module")
def passed(truth: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Passed]:
    """One pass on the morning that the truth is told of, proposals made."""
    place = tmp_path_factory.mktemp("truth")
    day = date.fromisoformat(truth["today"])
    morning = datetime(day.year, day.month, day.day, 9, tzinfo=ZoneInfo("Europe/Paris"))
    with checked_sandbox(place) as sandbox:
        settings = local.settings_for(place, sandbox.url)
        ledger = Ledger(settings.ledger_url, durable=False)
        ledger.migrate()
        run = local.a_pass(settings, ledger, morning)
        sheets, register = local.load_sheets(run, SIGNUPS)
        board = set_up(run, sheets=sheets, register=register).board
        report = run_pass(run, PROPOSALS)
        assert report.errors == {}
        export(ledger, place / "out")
        ledger.close()
        stored = Spreadsheet(run.google, board).get(
            "sheets(properties.title,data.rowData.values(userEnteredValue,effectiveValue))"
        )
        shown = [
            sheet for sheet in stored["sheets"] if sheet["properties"]["title"] in {t.title_fr for t in TABS}
        ]
        cells = tuple(
            cell
            for sheet in shown
            for row in sheet["data"][0].get("rowData", [])
            for cell in row.get("values", [])
            if cell
        )
        yield Passed(
            applications=read_csv(place / "out" / "applications.csv"),
            pairings=read_csv(place / "out" / "pairings.csv"),
            cells=cells,
            texts=tuple(path.read_text("utf-8") for path in (place / "out").iterdir()),
        )


def read_csv(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def months(start: str) -> int:
    year, month = start.split("-")
    return 12 * int(year) + int(month)


def could_pair(mentee: Mapping[str, Any], mentor: Mapping[str, Any]) -> bool:
    """Whether two people may be paired, from what is true of them and from nothing of the product."""
    return (
        mentee["verdict"] == mentor["verdict"] == "eligible"
        and months(mentee["start"]) - months(mentor["start"]) >= 120
        and mentee["employer"] != mentor["employer"]
        and not set(mentee["languages"]).isdisjoint(mentor["languages"])
        and mentee["email"] != mentor["email"]
    )


def test_every_exported_verdict_is_the_true_one(
    passed: Passed, facts: dict[tuple[str, str], dict[str, Any]]
) -> None:
    found = {(row["role"], row["email"]): row["verdict"] for row in passed.applications}

    assert len(passed.applications) == len(found) == 240
    assert found == {who: fact["verdict"] for who, fact in facts.items()}


def test_every_verdict_comes_with_its_reason(passed: Passed) -> None:
    assert [row["id"] for row in passed.applications if not row["reason"]] == []


def test_every_proposed_pair_respects_the_truth(
    passed: Passed, facts: dict[tuple[str, str], dict[str, Any]]
) -> None:
    pairs = [
        (facts["mentee", row["mentee_email"]], facts["mentor", row["mentor_email"]])
        for row in passed.pairings
    ]

    assert [
        (mentee["email"], mentor["email"]) for mentee, mentor in pairs if not could_pair(mentee, mentor)
    ] == []
    assert {row["stage"] for row in passed.pairings} == {"proposed"}


def test_nobody_is_proposed_more_people_than_they_have_room_for(
    passed: Passed, facts: dict[tuple[str, str], dict[str, Any]]
) -> None:
    mentees = Counter(row["mentee_email"] for row in passed.pairings)
    mentors = Counter(row["mentor_email"] for row in passed.pairings)

    assert set(mentees.values()) == {1}
    assert {who: n for who, n in mentors.items() if n > (facts["mentor", who]["capacity"] or 1)} == {}


def test_as_many_mentees_are_proposed_as_any_matching_could(
    passed: Passed, facts: dict[tuple[str, str], dict[str, Any]]
) -> None:
    mentees = [fact for fact in facts.values() if fact["role"] == "mentee"]
    places = [
        fact for fact in facts.values() if fact["role"] == "mentor" for _ in range(fact["capacity"] or 1)
    ]
    edges = csr_array(
        np.array([[could_pair(mentee, place) for place in places] for mentee in mentees], dtype=int)
    )

    most = int(np.count_nonzero(maximum_bipartite_matching(edges, perm_type="column") >= 0))

    assert most > 0
    assert len(passed.pairings) == most


def test_what_people_wrote_is_never_a_formula_on_the_board(passed: Passed) -> None:
    formulas = [cell["userEnteredValue"]["formulaValue"] for cell in passed.cells if is_formula(cell)]

    assert [text for text in formulas if not text.startswith('=HYPERLINK("http')] == []
    assert [text for text in formulas if "evil.example" in text] == []
    assert [cell for cell in passed.cells if "errorValue" in cell.get("effectiveValue", {})] == []


def is_formula(cell: Mapping[str, Any]) -> bool:
    return "formulaValue" in cell.get("userEnteredValue", {})


def test_what_people_wrote_is_never_a_formula_in_the_exports(passed: Passed) -> None:
    rows = [*passed.applications, *passed.pairings]

    assert [text for row in rows for text in row.values() if text.startswith(FORMULA_SIGNS)] == []


def test_what_people_expect_of_the_programme_is_shown_to_nobody_without_their_leave(passed: Passed) -> None:
    written = {
        row[heading].strip()
        for name in ("mentees", "mentors")
        for row in read_csv(SIGNUPS / f"{name}.csv")
        for heading in row
        if heading.startswith(("Vos attentes", "Votre parcours"))
    } - {""}
    shown = "\n".join([*passed.texts, *(str(cell) for cell in passed.cells)])

    assert len(written) > 5  # there is something that could have leaked
    assert [text for text in written if text in shown] == []


# On a busy machine the whole rehearsal may take longer than a test is given by default.
A_WHILE = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def rehearsed(truth: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Path]:
    """Three weeks in which coordinators approve everything and everyone says yes."""
    out = tmp_path_factory.mktemp("rehearsal")
    start = date.fromisoformat(truth["today"]) + timedelta(days=1)
    options = Options(
        directory=SIGNUPS,
        start=start,
        until=start + timedelta(weeks=3),
        approve="all",
        answers="yes",
        out=out,
    )
    return rehearse(options, progress=False), out


@A_WHILE
def test_when_everyone_agrees_every_proposed_pair_is_introduced(
    rehearsed: tuple[Result, Path], passed: Passed
) -> None:
    result, out = rehearsed
    pairs = read_csv(out / "pairings.csv")

    assert result.errors == []
    assert {(row["mentee_email"], row["stage"]) for row in pairs} == {
        (row["mentee_email"], "engaged") for row in passed.pairings
    }


@A_WHILE
def test_in_a_whole_rehearsal_each_mail_leaves_once_and_none_stays(rehearsed: tuple[Result, Path]) -> None:
    result, out = rehearsed
    mails = read_csv(out / "messages.csv")

    pairs, applications = sum(result.pairings.values()), sum(result.verdicts.values())
    # Two a week to a person: what is planned in the last days leaves after them; what lost its sense is called off.
    assert {row["status"] for row in mails} <= {"sent", "cancelled", "planned"}
    two_weeks_before = (result.until - timedelta(days=14)).isoformat()
    assert {
        row["key"] for row in mails if row["status"] == "planned" and row["planned_at"] < two_weeks_before
    } == set()
    assert Counter(row["key"] for row in mails).most_common(1)[0][1] == 1
    assert len({row["reference"] for row in mails}) == len(mails)
    assert Counter(row["template"] for row in mails)["introduction"] == pairs
    first = ("application-received", "application-review", "correction", "dues")
    assert sum(Counter(row["template"] for row in mails)[name] for name in first) == applications
