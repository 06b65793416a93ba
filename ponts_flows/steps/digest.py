"""The coordinators' weekly digest: what awaits them, who is at risk, what is red, what was done; else nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from sqlalchemy import Connection, select

from ponts_flows.actions import COORDINATORS, Plan, Summary, Urgency
from ponts_flows.ledger import tables, week
from ponts_flows.ledger.codec import decode
from ponts_flows.lifecycle import RUNNING, ApplicationStage, PairingStage
from ponts_flows.model import Language
from ponts_flows.steps.context import Pass

Line = tuple[str, str]
MOST_LINES = 12
WEEK = timedelta(days=7)


def plan_digest(run: Pass) -> int:
    """Plan this week's digest if there is something to say; returns how many letters."""
    with run.ledger.transaction() as db:
        found = digest_values(run, db)
        if not any(lines for name, lines in found.items() if name != "board_link"):
            return 0
        year, number_of_week, _ = run.today.isocalendar()
        # One letter each: only the introduction shows its readers to one another.
        plans = [
            Plan(
                key=f"digest/{year}-W{number_of_week:02d}/{number}",
                about="digest",
                template="digest",
                to=(f"{COORDINATORS}/{number}",),
                languages=(Language.FRENCH,),
                urgency=Urgency.NEWS,
            )
            for number in range(1, len(run.settings.coordinators) + 1)
        ]
        run.carry_out(db, list(plans))
    return len(plans)


def digest_values(run: Pass, db: Connection) -> dict[str, object]:
    """What the digest says: lines of (text, link), by what is expected of the coordinators."""
    url = run.installation.board_url
    return {
        "to_decide": _shortened([*_proposals(run, db), *_memberships(run, db)], url),
        "to_review": _shortened(_to_review(run, db), url),
        "at_risk": _shortened(_at_risk(run, db), url),
        "red": _shortened([(line, "") for line in week.red(db)], url),
        "done": tuple((f"{name} : {count}", "") for name, count in week.done(db, run.now - WEEK).items()),
        "board_link": url,
    }


def _proposals(run: Pass, db: Connection) -> Iterator[Line]:
    p = tables.pairing
    rows = list(db.execute(select(p).where(p.c.stage == PairingStage.PROPOSED.value).order_by(p.c.number)))
    for row, pair in zip(rows, _pairs(db, rows[:MOST_LINES], len(rows)), strict=True):
        yield f"{row.id}{pair} : proposition à valider", run.row_link("proposals", row.id)


def _memberships(run: Pass, db: Connection) -> Iterator[Line]:
    a = tables.application
    waiting = select(a.c.id).where(a.c.stage == ApplicationStage.REVIEW_MEMBERSHIP.value).order_by(a.c.number)
    for id in db.execute(waiting).scalars():
        yield f"{id} : adhésion à confirmer", run.row_link("applications", id)


def _to_review(run: Pass, db: Connection) -> Iterator[Line]:
    """The lines of À traiter; a membership to confirm is in the list above: the same thing is not said twice."""
    r = tables.to_review
    waiting = select(r).where(r.c.closed_at.is_(None), ~r.c.key.endswith("/membership"))
    for row in db.execute(waiting.order_by(r.c.opened_at, r.c.key)):
        text = f"{row.about} : {row.subject}" if row.about else row.subject
        yield text, run.row_link("to_review", row.key)


def _at_risk(run: Pass, db: Connection) -> Iterator[Line]:
    p = tables.pairing
    running = select(p).where(p.c.stage.in_([stage.value for stage in RUNNING])).order_by(p.c.number)
    rows = [(row, decode(Summary, row.summary).risk) for row in db.execute(running) if row.summary]
    risky = [(row, risk) for row, risk in rows if risk]
    pairs = _pairs(db, [row for row, _ in risky[:MOST_LINES]], len(risky))
    for (row, risk), pair in zip(risky, pairs, strict=True):
        yield f"{row.id}{pair} : {risk[0].lower()}{risk[1:]}", run.row_link("pairings", row.id)


def _pairs(db: Connection, rows: list[tables.Row], of: int) -> list[str]:
    """The two of some pairs, as « , Léa D. et Paul M. »; of those after them, which are not told, nothing."""
    t, ids = tables.application, {id for row in rows for id in (row.mentor_id, row.mentee_id)}
    found = db.execute(select(t.c.id, t.c.respondent).where(t.c.id.in_(ids)))
    people = {row.id: f"{row.respondent['first_name']} {row.respondent['last_name'][:1]}." for row in found}
    named = [f", {people[row.mentee_id]} et {people[row.mentor_id]}" for row in rows]
    return named + [""] * (of - len(rows))


def _shortened(lines: Iterable[Line], url: str) -> tuple[Line, ...]:
    lines = list(lines)
    if len(lines) <= MOST_LINES:
        return tuple(lines)
    return (*lines[:MOST_LINES], (f"… et {len(lines) - MOST_LINES} autres, dans le tableau de bord", url))
