"""What coordinators must hear of by mail: at once, then once a day as long as it lasts, and no more once it is over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from ponts_flows.actions import COORDINATORS, AskCoordinator, CloseReview, Plan, Urgency
from ponts_flows.ledger import outbox, tables
from ponts_flows.ledger.outbox import UNDER_WAY, Status
from ponts_flows.model import Language
from ponts_flows.steps.context import Pass

FLOWS = "flows"
_TODO = (
    "Prévenir la personne qui administre le programme : la commande « ponts doctor » dit quoi faire. Rien n'est perdu "
    "d'ici là, et cette ligne se ferme d'elle-même."
)


def tell_of_flows(run: Pass, troubles: Mapping[str, str]) -> int:
    """Say which parts of the machinery fail or are silent, by name, and no more of those that work; how many fail."""
    t, prefix = tables.to_review, f"{FLOWS}/"
    with run.ledger.transaction() as db:
        mine = (t.c.key.startswith(prefix), t.c.closed_at.is_(None))
        over = set(db.execute(select(t.c.key).where(*mine)).scalars()) - {prefix + name for name in troubles}
        run.carry_out(db, [CloseReview(key=key) for key in sorted(over)])
        for name, said in troubles.items():
            run.tell(db, AskCoordinator(key=prefix + name, about="programme", subject=said, todo=_TODO))
        if troubles:
            write_daily(run, db, about=FLOWS, template="flows-failed", lines=list(troubles.values()))
        else:
            take_back(db, FLOWS, "le programme tourne de nouveau")
    return len(troubles)


def write_daily(run: Pass, db: Connection, *, about: str, template: str, lines: Sequence[str]) -> None:
    """A mail to each coordinator, once a day at most; none while the one before has not left."""
    t = tables.message
    waiting = db.execute(
        select(t.c.recipients).where(t.c.about == about, t.c.status.in_(UNDER_WAY))
    ).scalars()
    told = {recipient for recipients in waiting for recipient in recipients}
    for number in range(1, len(run.settings.coordinators) + 1):
        to = f"{COORDINATORS}/{number}"
        plan = Plan(
            key=f"{about}/{run.today}/{number}",
            about=about,
            template=template,
            to=(to,),
            languages=(Language.FRENCH,),
            urgency=Urgency.ACKNOWLEDGEMENT,
            values={"problems": "\n".join(lines)},
            at_once=True,
        )
        run.carry_out(db, [] if to in told else [plan])


def take_back(db: Connection, about: str, reason: str) -> None:
    """What was to be said and has not left is true no more."""
    t = tables.message
    unsaid = (t.c.about == about, t.c.status == Status.PLANNED, t.c.attempted_at.is_(None))
    for key in db.execute(select(t.c.key).where(*unsaid)).scalars().all():
        outbox.stopped(db, key, Status.CANCELLED, reason)
