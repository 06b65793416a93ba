"""What happened in a rehearsal, week after week: figures for a table, and a picture."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any
from xml.sax.saxutils import escape

from sqlalchemy import Connection, func, select

from ponts_flows.ledger import tables
from ponts_flows.lifecycle import RUNNING, ApplicationStage, PairingStage
from ponts_flows.model import Role

NEWS_WITHIN = timedelta(days=35)
NOT_COUNTED = "introduction"
SHOWN = (
    (PairingStage.ENGAGED, "#7cb8e0"),
    (PairingStage.RENEWED, "#2f7fb5"),
    (PairingStage.PAUSED, "#e3c565"),
    (PairingStage.CLOSING, "#b7a3d6"),
    (PairingStage.COMPLETED, "#8cc084"),
    (PairingStage.STOPPED, "#c9c9c9"),
)


@dataclass(kw_only=True)
class Week:
    """How things stood at the end of a week."""

    day: date
    stages: Counter[str]
    mails: int
    without_news: tuple[str, ...]


@dataclass(kw_only=True)
class Story:
    """A rehearsal, told by its ledger."""

    weeks: list[Week] = field(default_factory=list)
    sessions: int = 0
    per_week: Counter[int] = field(default_factory=Counter)

    def week(self, db: Connection, day: date, now: datetime) -> None:
        """Note how things stand."""
        p, m = tables.pairing, tables.message
        stages = Counter(dict(db.execute(select(p.c.stage, func.count()).group_by(p.c.stage)).tuples().all()))
        since = now - timedelta(days=7)
        counted = (m.c.sent_at > since, m.c.at_once.is_(False), m.c.template != NOT_COUNTED)
        each: Counter[str] = Counter()
        for recipients in db.execute(select(m.c.addresses).where(*counted)).scalars():
            each.update(recipients)
        self.per_week.update(each.values())
        left = int(db.execute(select(func.count()).where(m.c.sent_at > since)).scalar_one())
        self.weeks.append(Week(day=day, stages=stages, mails=left, without_news=without_news(db, now)))
        summaries = db.execute(select(p.c.summary).where(p.c.summary.is_not(None))).scalars()
        self.sessions = sum(summary["sessions"] for summary in summaries)

    def figures(self) -> dict[str, Any]:
        """The whole, for a program."""
        last = self.weeks[-1] if self.weeks else None
        return {
            "sessions": self.sessions,
            "most_mails_a_week": max(self.per_week, default=0),
            "median_mails_a_week": median(self.per_week.elements()) if self.per_week else 0,
            "left_without_news": sorted({who for week in self.weeks for who in week.without_news}),
            "stages": dict(last.stages) if last else {},
        }

    def lines(self) -> list[str]:
        """The whole, for a person."""
        said = self.figures()
        left = said["left_without_news"]
        most, middle = said["most_mails_a_week"], said["median_mails_a_week"]
        return [
            f"Sessions held: {said['sessions']}",
            f"Mails to one person in a week: {most} at most, {middle:g} in the median (acknowledgements apart)",
            f"People left 35 days without news: {', '.join(left) if left else 'none'}",
        ]


def without_news(db: Connection, now: datetime) -> tuple[str, ...]:
    """Who heard nothing for 35 days and has no reason on record; someone set aside or asked for something has one."""
    a, p, m, j = tables.application, tables.pairing, tables.message, tables.journal
    recent = now - NEWS_WITHIN
    heard: set[str] = set()
    for recipients in db.execute(
        select(m.c.recipients).where((m.c.sent_at > recent) | (m.c.planned_at > recent))
    ).scalars():
        heard.update(recipients)
    pairs = {row.id: row for row in db.execute(select(p.c.id, p.c.mentor_id, p.c.mentee_id, p.c.stage))}
    for about, key in db.execute(select(j.c.about, j.c.key).where(j.c.at > recent, j.c.key.is_not(None))):
        if about in pairs:
            heard.add(pairs[about].mentor_id if key.endswith(Role.MENTOR) else pairs[about].mentee_id)
    awaited = {id for row in pairs.values() if row.stage in RUNNING for id in (row.mentor_id, row.mentee_id)}
    waiting = a.c.stage.in_([ApplicationStage.ELIGIBLE.value, ApplicationStage.REVIEW_MEMBERSHIP.value])
    long = a.c.applied_at < recent
    awaited |= set(db.execute(select(a.c.id).where(waiting, long, a.c.since < recent)).scalars())
    return tuple(sorted(awaited - heard))


def drawn(story: Story) -> str:
    """The programme over time, as SVG: pairs by stage, week after week, and the mails that left."""
    width, height, base = 960, 420, 360
    weeks = story.weeks or [Week(day=date.min, stages=Counter(), mails=0, without_news=())]
    step = (width - 80) / len(weeks)
    most = max(1, *(sum(week.stages[stage] for stage, _ in SHOWN) for week in weeks))
    most_mails = max(1, *(week.mails for week in weeks))
    parts: list[str] = []
    points: list[str] = []
    for number, week in enumerate(weeks):
        x, y = 50 + number * step, float(base)
        for stage, colour in SHOWN:
            tall = week.stages[stage] / most * 280
            y -= tall
            if tall:
                parts.append(
                    f'<rect x="{x:.1f}" y="{y:.1f}" width="{step * 0.86:.1f}" height="{tall:.1f}" fill="{colour}">'
                    f"<title>{week.day:%d/%m/%Y} : {week.stages[stage]} {escape(stage)}</title></rect>"
                )
        points.append(f"{x + step / 2:.1f},{base - week.mails / most_mails * 280:.1f}")
        if number % max(1, len(weeks) // 12) == 0:
            parts.append(f'<text x="{x:.1f}" y="{base + 18}" font-size="11">{week.day:%m/%Y}</text>')
    parts.append(f'<polyline points="{" ".join(points)}" fill="none" stroke="#c0504d" stroke-width="1.6"/>')
    for number, (stage, colour) in enumerate(SHOWN):
        x = 50 + number * 120
        parts.append(f'<rect x="{x}" y="{base + 34}" width="12" height="12" fill="{colour}"/>')
        parts.append(f'<text x="{x + 17}" y="{base + 45}" font-size="12">{escape(stage)}</text>')
    parts.append(
        f'<text x="50" y="30" font-size="15" font-weight="bold">Pairs by stage (bars, {most} at most) and mails a '
        f"week (line, {most_mails} at most)</text>"
    )
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        f'fill="#1f2933">\n<rect width="{width}" height="{height}" fill="#ffffff"/>\n{body}\n</svg>\n'
    )
