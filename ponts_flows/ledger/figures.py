"""The figures of the programme: counts that the database makes, never rows gone through one by one.

Days and years are those of UTC: what happens within an hour or two of midnight may count on the day beside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Text, case, cast, func, literal_column, select

from ponts_flows.ledger import tables
from ponts_flows.lifecycle import OPEN, RUNNING, ApplicationStage, EventStage, PairingStage

Counts = dict[str, int]
Table2 = dict[tuple[str, str], int]
A_YEAR = timedelta(days=365)


@dataclass(frozen=True, kw_only=True)
class Again:
    """How many said in a year whether they would do it again: in all, 9 or 10, 6 or less."""

    asked: int
    promoters: int
    detractors: int

    @property
    def score(self) -> int:
        """From -100, nobody would, to 100, everybody would."""
        return round(100 * (self.promoters - self.detractors) / self.asked)


def by_two(db: Connection, query: Select[Any]) -> Table2:
    """The count of each pair of texts."""
    return {(str(row[0]), str(row[1])): int(row[2]) for row in db.execute(query)}


def by_one(db: Connection, query: Select[Any]) -> Counts:
    """The count of each text."""
    return {str(name): int(count) for name, count in db.execute(query).tuples()}


def year(moment: ColumnElement[Any]) -> ColumnElement[str]:
    """The year of a moment, as a text."""
    return func.substr(cast(moment, Text), 1, 4)


def applications(db: Connection) -> Table2:
    """People by stage and role."""
    a = tables.application
    return by_two(db, select(a.c.stage, a.c.role, func.count()).group_by(a.c.stage, a.c.role))


def pairings(db: Connection) -> Counts:
    """Pairings by stage."""
    p = tables.pairing
    return by_one(db, select(p.c.stage, func.count()).group_by(p.c.stage))


def _met_on() -> ColumnElement[str]:
    """The day of a meeting that is reported; without one, the day of the report."""
    t = tables.answer
    return func.coalesce(t.c.data["on"].as_string(), func.substr(cast(t.c.given_at, Text), 1, 10))


def sessions(db: Connection) -> Counts:
    """Meetings that took place, by month: `2027-03`; told by both, it is one."""
    t = tables.answer
    held = (t.c.kind == "session", t.c.data["held"].as_string() == "held")
    met = select(t.c.about, _met_on().label("day")).where(*held).distinct().subquery()
    return by_one(db, select(func.substr(met.c.day, 1, 7), func.count()).group_by(literal_column("1")))


def summed_by_year(months: Counts) -> Counts:
    """The counts of months by their years."""
    found: Counter[str] = Counter()
    for month, count in months.items():
        found[month[:4]] += count
    return dict(found)


def running(db: Connection) -> Counts:
    """Pairs introduced and not over: on time, at risk, paused."""
    p = tables.pairing
    at_risk = func.coalesce(p.c.summary["risk"].as_string(), "") != ""
    paused = p.c.stage == PairingStage.PAUSED.value
    kind = case((paused, "paused"), (at_risk, "risk"), else_="fine").label("kind")
    query = select(kind, func.count()).where(p.c.stage.in_(_values(RUNNING)))
    return by_one(db, query.group_by(literal_column("1")))


def delays(db: Connection, now: datetime) -> Counts:
    """Answers by mail of a year, by how many days after their message: `0`, `3`, `7` at most, `more`."""
    i, m = tables.incoming, tables.message
    if db.dialect.name == "sqlite":
        days = func.julianday(i.c.received_at) - func.julianday(m.c.sent_at)
    else:
        days = func.extract("epoch", i.c.received_at - m.c.sent_at) / 86400
    span = case((days < 1, "0"), (days < 3, "3"), (days < 7, "7"), else_="more").label("span")
    query = select(span, func.count()).join_from(i, m, i.c.question == m.c.key)
    recent = (i.c.meaning.is_not(None), i.c.received_at >= now - A_YEAR, m.c.sent_at.is_not(None))
    return by_one(db, query.where(*recent).group_by(literal_column("1")))


def renewals(db: Connection) -> Counts:
    """What became of the pairs that were introduced."""
    p = tables.pairing
    kind = case(
        (p.c.renewed_at.is_not(None), "renewed"),
        (p.c.stage == PairingStage.COMPLETED.value, "completed"),
        (p.c.stage == PairingStage.STOPPED.value, "stopped"),
        else_="first",
    ).label("kind")
    query = select(kind, func.count()).where(p.c.engaged_at.is_not(None))
    return by_one(db, query.group_by(literal_column("1")))


def again(db: Connection) -> dict[str, Again]:
    """Whether people would do it again, by the year they said so; who said it twice counts once."""
    t = tables.answer
    score = t.c.data["score"].as_integer()
    said = (
        select(year(t.c.given_at).label("year"), func.max(score).label("score"))
        .where(t.c.kind == "review", score.is_not(None))
        .group_by(t.c.about, t.c.who, literal_column("1"))
        .subquery()
    )
    fans, others = (func.sum(case((which, 1), else_=0)) for which in (said.c.score >= 9, said.c.score <= 6))
    rows = db.execute(select(said.c.year, func.count(), fans, others).group_by(said.c.year))
    return {
        str(of): Again(asked=int(count), promoters=int(up), detractors=int(down))
        for of, count, up, down in rows
    }


def waiting(db: Connection, now: datetime) -> Table2:
    """Who is admitted and has nobody, by role and by how many months at most: `1`, `3`, `6`, `more`."""
    a, p = tables.application, tables.pairing
    since = func.coalesce(a.c.free_since, a.c.applied_at)
    spans = [(since > now - timedelta(days=days), name) for days, name in ((30, "1"), (91, "3"), (182, "6"))]
    span = case(*spans, else_="more").label("span")
    taken = p.c.stage.in_(_values(OPEN))
    free = (a.c.id.not_in(select(of).where(taken)) for of in (p.c.mentee_id, p.c.mentor_id))
    query = select(span, a.c.role, func.count()).where(a.c.stage == ApplicationStage.ELIGIBLE.value, *free)
    return by_two(db, query.group_by(literal_column("1"), a.c.role))


def awaited(db: Connection, now: datetime) -> Table2:
    """Pairings not introduced yet, by stage and by whether they are there for a week: `new` or `old`."""
    p = tables.pairing
    age = case((p.c.since > now - timedelta(days=7), "new"), else_="old").label("age")
    query = select(p.c.stage, age, func.count()).where(p.c.stage.in_(_values(OPEN - RUNNING)))
    return by_two(db, query.group_by(p.c.stage, literal_column("2")))


def by_year(db: Connection) -> dict[str, Counts]:
    """What was done in each year but meetings: by the name of a column of Bilan annuel, how many a year."""
    a, p, t, e = tables.application, tables.pairing, tables.answer, tables.event
    found = {
        name: by_one(db, _yearly(moment, *which))
        for name, moment, which in (
            ("mentees", a.c.applied_at, (a.c.role == "mentee",)),
            ("mentors", a.c.applied_at, (a.c.role == "mentor",)),
            ("introduced", p.c.engaged_at, ()),
            ("renewed", p.c.renewed_at, ()),
            ("completed", p.c.ended_at, (p.c.stage == PairingStage.COMPLETED.value,)),
            ("stopped", p.c.ended_at, (p.c.stage == PairingStage.STOPPED.value,)),
        )
    }
    met = (e.c.stage == EventStage.OVER.value, e.c.day.is_not(None))
    events = select(func.substr(e.c.day, 1, 4), func.count()).where(*met).group_by(literal_column("1"))
    reviews = select(year(t.c.given_at), func.count(func.distinct(t.c.about + t.c.who)))
    reviewed = reviews.where(t.c.kind == "review").group_by(literal_column("1"))
    return found | {"events": by_one(db, events), "reviews": by_one(db, reviewed)}


def _yearly(moment: ColumnElement[Any], *which: ColumnElement[bool]) -> Select[Any]:
    query = select(year(moment), func.count()).where(moment.is_not(None), *which)
    return query.group_by(literal_column("1"))


def _values(stages: frozenset[PairingStage] | Sequence[PairingStage]) -> list[str]:
    return sorted(stage.value for stage in stages)
