"""Why someone is proposed to someone, or to nobody, asked of the matching as the ledger stands now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import Connection, select

from ponts_flows.board import words
from ponts_flows.board.options import tuned
from ponts_flows.decide.matching import Why
from ponts_flows.errors import InputError
from ponts_flows.ledger import facts, tables
from ponts_flows.ledger.pool import pool
from ponts_flows.lifecycle import OPEN, ApplicationStage, PairingStage
from ponts_flows.model import canonical_address
from ponts_flows.programme import Programme


def reasons(db: Connection, people: Sequence[str], *, programme: Programme, today: date) -> str:
    """Answer for one person, or for two, named by identifier (`A-0012`) or by address; for a coordinator's eyes.

    With the weights that coordinators set in the board. InputError for someone the ledger does not know.
    """
    programme = tuned(programme, facts.recall(db, "options", {}))
    found = pool(db, today=today, programme=programme)
    inside = {one.id for one in (*found.mentees, *found.mentors)}
    named = [_applications(db, person) for person in people]
    outside = [row for rows in named for row in rows if row.id not in inside]
    ids = [[row.id for row in rows if row.id in inside] for rows in named]
    lines = [line for row in outside for line in _outside(db, row)]
    if all(ids):
        why = Why(found, programme)
        if len(ids) == 1:
            lines += [line for id in ids[0] for line in why.person(id)]
        else:
            lines += [line for one in ids[0] for other in ids[1] for line in why.pair(one, other)]
        lines += ["", f"Calculé le {today:%d/%m/%Y} sur {_sides(len(found.mentees), len(found.mentors))}."]
    return "\n".join(lines)


def _applications(db: Connection, person: str) -> list[tables.Row]:
    """The applications of someone: one by its identifier, one or two by an address."""
    t = tables.application
    text = person.strip()
    known = t.c.email == canonical_address(text) if "@" in text else t.c.id == text.upper()
    rows = list(db.execute(select(t).where(known).order_by(t.c.number)))
    if not rows:
        raise InputError(
            f"The ledger knows nobody by {text[:40]!r}. Give an identifier of the tab Candidatures, such as A-0012, "
            "or an address."
        )
    return rows


def _outside(db: Connection, row: tables.Row) -> Iterator[str]:
    """Why someone is not among those who can be paired."""
    stage = words.APPLICATION_STAGES[ApplicationStage(row.stage)]
    yield f"{row.id} ne peut pas être apparié : {stage}{f' ({row.reason})' if row.reason else ''}."
    p = tables.pairing
    here = (p.c.mentee_id == row.id) | (p.c.mentor_id == row.id)
    for pairing in db.execute(select(p).where(here, p.c.stage.in_([one.value for one in OPEN]))):
        yield f"  {pairing.id} : {words.PAIRING_STAGES[PairingStage(pairing.stage)]}"


def _sides(mentees: int, mentors: int) -> str:
    return f"{mentees} candidatures de mentees et {mentors} de mentors admises"
