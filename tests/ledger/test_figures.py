"""Figures are counted by the database: each meeting once, each person once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert

from ponts_flows.ledger import figures, tables
from ponts_flows.ledger.figures import Again


def said(db: Connection, about: str, who: str, kind: str, at: datetime, **data: Any) -> None:
    values = {"about": about, "who": who, "kind": kind, "given_at": at, "data": data}
    db.execute(insert(tables.answer).values(source=f"{about}/{who}/{kind}/{at.isoformat()}", **values))


def test_a_meeting_that_both_report_counts_once_and_one_without_a_day_on_the_day_of_its_report(
    db: Connection,
) -> None:
    at = datetime(2027, 3, 5, 12, tzinfo=UTC)
    for who in ("mentor", "mentee"):
        said(db, "P-0001", who, "session", at, held="held", on="2027-02-27")
    said(db, "P-0001", "mentee", "session", at.replace(day=20), held="held", on=None)
    said(db, "P-0002", "mentee", "session", at, held="missed", on="2027-02-27")

    assert figures.sessions(db) == {"2027-02": 1, "2027-03": 1}
    assert figures.summed_by_year(figures.sessions(db)) == {"2027": 2}


def test_whether_people_would_do_it_again_is_counted_by_year_and_each_person_once(db: Connection) -> None:
    at = datetime(2027, 6, 1, tzinfo=UTC)
    for number, score in enumerate((10, 9, 8, 3)):
        said(db, f"P-{number:04}", "mentee", "review", at, score=score)
    said(db, "P-0000", "mentee", "review", at.replace(day=2), score=9)
    said(db, "P-0009", "mentee", "review", at, score=None)
    said(db, "P-0001", "mentor", "review", at.replace(year=2028), score=0)

    assert figures.again(db) == {
        "2027": Again(asked=4, promoters=2, detractors=1),
        "2028": Again(asked=1, promoters=0, detractors=1),
    }
    assert figures.again(db)["2027"].score == 25
    assert figures.by_year(db)["reviews"] == {"2027": 5, "2028": 1}


def test_an_empty_ledger_has_figures_of_nothing(db: Connection) -> None:
    now = datetime(2027, 1, 1, tzinfo=UTC)

    assert (
        figures.running(db) == figures.renewals(db) == figures.pairings(db) == figures.delays(db, now) == {}
    )
    assert figures.waiting(db, now) == figures.awaited(db, now) == figures.applications(db) == {}
    assert set(figures.by_year(db)) >= {"mentees", "introduced", "events", "reviews"}
