"""The coordinators' weekly digest: what awaits a decision, what waits for an eye; nothing when there is nothing."""

from __future__ import annotations

from sqlalchemy import Connection, select

from ponts_flows.actions import COORDINATORS, Plan, Urgency
from ponts_flows.ledger import tables
from ponts_flows.lifecycle import RUNNING, ApplicationStage, PairingStage
from ponts_flows.model import Language
from ponts_flows.steps.context import Pass

Lines = tuple[tuple[str, str], ...]
MOST_LINES = 12


def plan_digest(run: Pass) -> int:
    """Plan this week's digest if there is something to say; returns how many letters."""
    with run.ledger.transaction() as db:
        found = digest_values(run, db)
        if not found["to_decide"] and not found["to_review"]:
            return 0
        year, week, _ = run.today.isocalendar()
        # One letter each: only the introduction shows its readers to one another.
        plans = [
            Plan(
                key=f"digest/{year}-W{week:02d}/{number}",
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
    a, p, r = tables.application, tables.pairing, tables.to_review
    proposed = db.execute(
        select(p.c.id).where(p.c.stage == PairingStage.PROPOSED.value).order_by(p.c.number)
    ).scalars()
    to_confirm = db.execute(
        select(a.c.id).where(a.c.stage == ApplicationStage.REVIEW_MEMBERSHIP.value).order_by(a.c.number)
    ).scalars()
    to_decide = [(f"Proposition {id} à valider", url) for id in proposed]
    to_decide += [(f"Adhésion de {id} à confirmer", url) for id in to_confirm]
    # The membership lines are in the list above: the same thing is not said twice.
    waiting = select(r.c.subject, r.c.about).where(r.c.closed_at.is_(None), ~r.c.key.endswith("/membership"))
    to_review = [
        (f"{row.about} : {row.subject}" if row.about else row.subject, url)
        for row in db.execute(waiting.order_by(r.c.opened_at, r.c.key))
    ]
    engaged = p.c.stage.in_([stage.value for stage in RUNNING])
    running = len(list(db.execute(select(p.c.id).where(engaged))))
    return {
        "to_decide": _shortened(to_decide, url),
        "to_review": _shortened(to_review, url),
        "to_know": ((f"{running} binôme(s) en cours d'accompagnement", url),) if running else (),
        "board_link": url,
    }


def _shortened(lines: list[tuple[str, str]], url: str) -> Lines:
    if len(lines) <= MOST_LINES:
        return tuple(lines)
    return (*lines[:MOST_LINES], (f"… et {len(lines) - MOST_LINES} autres, dans le tableau de bord", url))
