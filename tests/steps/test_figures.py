"""Figures as rows: always as many, in their order, and nothing that would tell what one person said."""

from __future__ import annotations

from datetime import date

from ponts_flows.board.charts import CHARTS
from ponts_flows.ledger.figures import Again
from ponts_flows.steps.rows import figures

TODAY = date(2027, 2, 10)
ONE, TWO, THREE = (Again(asked=n, promoters=n, detractors=0) for n in (1, 2, 3))


def test_months_run_over_a_year_to_this_one_and_january_says_of_which_year() -> None:
    months = figures.last_months(TODAY)
    lines = figures.sessions({"2027-01": 4, "2025-01": 9}, months)

    assert (months[0], months[-1], len(months)) == ("2026-03", "2027-02", 12)
    assert lines[-2:] == [("janv. 2027", 4, None), ("févr.", 0, None)]
    assert sum(count or 0 for _, count, _ in lines) == 4


def test_a_score_is_shown_from_three_people_on() -> None:
    assert figures.again({"2025": THREE, "2026": TWO, "2027": ONE}, TODAY)[2:] == [
        ("2025", 100, None),
        ("2026", None, None),
        ("2027", None, None),
    ]


def test_a_year_in_which_too_few_said_so_says_why_its_score_is_missing() -> None:
    rows = figures.years({"introduced": {"2025": 2}}, {"2025": TWO}, TODAY)

    assert list(rows) == ["2025", "2026", "2027"]
    assert rows["2025"]["again"] is None
    assert rows["2025"]["remark"] == "Recommencerait : moins de 3 bilans, non montré."
    assert rows["2026"] == {"introduced": 0, "again": None, "remark": None}


def test_pairs_are_counted_by_who_is_awaited_and_for_how_long() -> None:
    counts = {("proposed", "old"): 2, ("postponed", "old"): 1, ("asking_mentor", "new"): 3}

    assert figures.awaited(counts) == [
        ("La coordination", 0, 3),
        ("Le mentor", 3, 0),
        ("Le mentee", 0, 0),
        ("Le programme", 0, 0),
    ]


def test_rows_of_charts_have_identifiers_of_their_own() -> None:
    ids = [id for chart in CHARTS for id in chart.rows]

    assert len(set(ids)) == len(ids)
