"""Tell coordinators of a service that refuses the programme: a line that closes by itself; a mail when it is the board.

A service that does not answer for a while is no matter for them: the next pass tries again.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from ponts_flows.actions import AskCoordinator, CloseReview
from ponts_flows.errors import BoardChanged, GoogleRefused, PontsError, TooMuchAsked
from ponts_flows.ledger import tables
from ponts_flows.steps.alarm import take_back, write_daily
from ponts_flows.steps.context import Pass

PREFIX = "access/"
BOARD = "board"
QUOTA = "quota"
ABOUT = "access"


@dataclass(frozen=True, kw_only=True)
class Door:
    """What the programme needs to get into, by the steps that do, and what is not done when it can't."""

    steps: tuple[str, ...]
    what_fr: str
    quota: bool = False
    """Whether it is closed when Google takes no more, rather than when it refuses."""


DOORS = {
    "forms": Door(
        steps=("collect-forms",), what_fr="Les réponses aux formulaires ne peuvent plus toutes être lues"
    ),
    BOARD: Door(steps=("collect-board",), what_fr="Le tableau de bord ne peut plus être lu ni mis à jour"),
    "mailbox": Door(
        steps=("collect-mail", "send-due", "file-mail", "forget"),
        what_fr="La messagerie du programme lui est fermée : des messages ne partent plus, ou ne sont plus lus",
    ),
    QUOTA: Door(
        steps=("send-due",),
        what_fr="Des messages attendent que Gmail en prenne de nouveau",
        quota=True,
    ),
}
_WHY = {
    401: "Google ne reconnaît plus le compte du programme ou sa délégation",
    403: "Google refuse l'accès",
    404: "Google ne le trouve plus : supprimé, ou à la corbeille",
}
_TODO = (
    "Prévenir la personne qui administre le programme : la commande « ponts doctor » dit ce qui manque. Rien n'est "
    "perdu d'ici là, et cette ligne se ferme d'elle-même dès que l'accès revient."
)
_TODO_QUOTA = (
    "Rien d'obligatoire : ils partiront dès que Gmail le permet, les plus urgents d'abord. Si cela dure, "
    "baisser « Messages par jour » dans l'onglet Réglages. Cette ligne se ferme d'elle-même."
)


def tell_access(run: Pass) -> int:
    """Say which doors are closed to the programme, and no more of those that are open; returns how many are closed."""
    closed = {name: why for name, door in DOORS.items() if (why := _why_closed(run, door))}
    opened = {name for name, door in DOORS.items() if name not in closed and _went_through(run, door)}
    with run.ledger.transaction() as db:
        t = tables.to_review
        mine = (t.c.key.in_([PREFIX + name for name in opened]), t.c.closed_at.is_(None))
        known = db.execute(select(t.c.key).where(*mine)).scalars().all()
        run.carry_out(db, [CloseReview(key=key) for key in known])
        for name, why in closed.items():
            subject = f"{DOORS[name].what_fr} : {why}."
            todo = _TODO_QUOTA if DOORS[name].quota else _TODO
            run.tell(db, AskCoordinator(key=PREFIX + name, about="programme", subject=subject, todo=todo))
        if BOARD in closed:
            lines = [f"{DOORS[name].what_fr} : {why}." for name, why in closed.items()]
            write_daily(run, db, about=ABOUT, template="access-lost", lines=lines)
        elif BOARD in opened:
            take_back(db, ABOUT, "le tableau de bord est de nouveau accessible")
    return len(closed)


def _why_closed(run: Pass, door: Door) -> str:
    """Why a door is closed, in French; "" when it is not, or when nobody tried."""
    for error in (run.outcomes.get(step) for step in door.steps):
        if door.quota:
            if isinstance(error, TooMuchAsked):
                return "la limite de la messagerie est atteinte"
            continue
        if isinstance(error, BoardChanged):
            return "un onglet ou une colonne manque, « ponts setup » les remet"
        if isinstance(error, GoogleRefused):
            return _WHY.get(error.status, f"Google refuse ({error.status})")
    return ""


def _went_through(run: Pass, door: Door) -> bool:
    """Whether all that leads through a door was done in this pass, and went well."""
    tried: list[PontsError | None] = [run.outcomes[step] for step in door.steps if step in run.outcomes]
    return len(tried) == len(door.steps) and not any(tried)
