"""What coordinators are told of a week: what was done in it, and what does not go as it should today."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, func, select

from ponts_flows.ledger import facts, tables

DOCTOR = "doctor"
"""The note of what an examination found in red: a list of `{"name", "said"}`, neither address nor confidence in it."""


def done(db: Connection, since: datetime) -> dict[str, int]:
    """How much was done since a moment, by its name in French; what did not happen is left out."""
    a, p, m, e = tables.application, tables.pairing, tables.message, tables.act
    to_people = m.c.about.startswith("A-") | m.c.about.startswith("P-") | m.c.about.startswith("E-")
    found = {
        "Candidatures reçues": _count(db, a, a.c.applied_at > since),
        "Binômes mis en relation": _count(db, p, p.c.engaged_at > since),
        "Binômes prolongés": _count(db, p, p.c.renewed_at > since),
        "Accompagnements terminés": _count(db, p, p.c.ended_at > since),
        "Messages partis": _count(db, m, m.c.sent_at > since, to_people),
        "Décisions de la coordination": _count(db, e, e.c.at > since),
    }
    return {name: count for name, count in found.items() if count}


def red(db: Connection) -> list[str]:
    """What is not as it should be, one line each."""
    m, f, t = tables.message, tables.failing_address, tables.mail_text
    held = _count(db, m, m.c.status == "held")
    dead = _count(db, f, f.c.dead_since.is_not(None))
    texts = _count(db, t, t.c.remark.startswith("Non compris"))
    counted = (
        (held, "Messages retenus, à vérifier dans Envois"),
        (dead, "Adresses qui ne reçoivent plus rien"),
        (texts, "Textes de l'onglet Modèles non compris"),
    )
    lines = [f"{name} : {count}" for count, name in counted if count]
    return lines + [f"{one['name']} : {one['said']}" for one in facts.recall(db, DOCTOR, [])]


def _count(db: Connection, table: Table, *which: ColumnElement[bool]) -> int:
    return int(db.execute(select(func.count()).select_from(table).where(*which)).scalar_one())
