"""The records of the ledger, made again from what the board remembers of each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from ponts_flows.forms import read
from ponts_flows.ledger import facts, tables
from ponts_flows.ledger.remembered import Data
from ponts_flows.lifecycle import EventStage
from ponts_flows.model import Language
from ponts_flows.rebuild.memory import Memory
from ponts_flows.rebuild.report import Report
from ponts_flows.rebuild.sources import BEFORE
from ponts_flows.steps.context import Pass

SHOWN_FR = {
    "applications": "candidatures",
    "proposals": "binômes",
    "events": "événements",
    "to_review": "lignes de À traiter",
    "outbox": "messages",
}


def restore(run: Pass, memory: Memory, report: Report) -> None:
    """Make every record as it was when the board last showed it; each is looked at again at the next pass."""
    with run.ledger.transaction() as db:
        _applications(run, db, memory, report)
        _insert(
            db, tables.pairing, (_numbered(run, id, data) for id, data in memory.rows["proposals"].items())
        )
        _insert(db, tables.event, (_numbered(run, id, data) for id, data in memory.rows["events"].items()))
        _insert(db, tables.to_review, memory.rows["to_review"].values())
        _insert(db, tables.message, memory.rows["outbox"].values())
        _events_without_a_row(run, db, memory, report)
        _beside(run, db, memory)
        for tab, rows in memory.rows.items():
            report.recovered[SHOWN_FR[tab]] += len(rows)


def restore_erasures(db: Connection, memory: Memory) -> None:
    """The proofs of erasures come before all responses are read again."""
    _insert(db, tables.erasure, _each(memory.rows["applications"], "erasures"))


def _numbered(run: Pass, id: str, data: Data) -> Data:
    return data | {"number": int(id.partition("-")[2]), "wake_at": run.now.isoformat()}


def _insert(db: Connection, table: Table, found: Iterable[Data]) -> None:
    """Add rows; what the memory of one does not hold is left to the table: NULL, or its default."""
    alike: dict[frozenset[str], list[dict[str, Any]]] = {}
    for data in found:
        row = {name: _value(table.c[name].type, value) for name, value in data.items() if name in table.c}
        alike.setdefault(frozenset(row), []).append(row)
    for rows in alike.values():
        db.execute(insert(table), rows)


def _value(kind: object, value: Any) -> Any:
    return datetime.fromisoformat(value) if isinstance(kind, tables.Moment) else value


def _applications(run: Pass, db: Connection, memory: Memory, report: Report) -> None:
    r = tables.response
    known = {
        (row.source, row.source_key, row.revision): row.id
        for row in db.execute(select(r.c.id, r.c.source, r.c.source_key, r.c.revision))
    }
    rows = []
    for id, data in sorted(memory.rows["applications"].items()):
        response = data["from"]
        key = (response["source"], response["source_key"], response["revision"])
        if key not in known:
            known[key] = _lost_response(run, db, data)
            report.lost.append(f"{id} : sa réponse au formulaire, modifiée ou supprimée depuis")
        else:
            data = _with_its_text(run, db, data, known[key])
        rows.append(_numbered(run, id, data) | {"response_id": known[key]})
    _insert(db, tables.application, rows)


def _lost_response(run: Pass, db: Connection, data: Data) -> int:
    """A response that is not there any more stands for itself, without what it said."""
    response = data["from"] | {"form": data["role"], "answers": {}, "handled_at": run.now, "outcome": BEFORE}
    moments = {"submitted_at": datetime.fromisoformat(data["submitted_at"]), "received_at": run.now}
    made = db.execute(insert(tables.response).values(**response, **moments))
    (id,) = made.inserted_primary_key or (0,)
    return int(id)


def _with_its_text(run: Pass, db: Connection, data: Data, response_id: int) -> Data:
    """The free text of a profile, which the board does not remember, from the response that says it."""
    if not data.get("profile"):
        return data
    r = tables.response
    row = db.execute(select(r).where(r.c.id == response_id)).one()
    answers = {name: tuple(values) for name, values in row.answers.items()}
    day = datetime.fromisoformat(data["submitted_at"]).date()
    said = read(run.spec(row.form), answers, today=day, language=Language(row.language))
    return data | {"profile": data["profile"] | {"about": said.profile.about if said.profile else ""}}


def _events_without_a_row(run: Pass, db: Connection, memory: Memory, report: Report) -> None:
    """Group meetings whose row somebody deleted: as people were told of them, with nothing more to send."""
    told: dict[str, list[dict[str, str]]] = {}
    for message in memory.rows["outbox"].values():
        about = message["about"]
        if about.startswith("E-") and about not in memory.rows["events"]:
            told.setdefault(about, []).append(message["values"])
    for id, values in sorted(told.items()):
        last = max(values, key=lambda one: int(one.get("sequence", 0)))
        event = {
            "id": id,
            "title": last.get("event_title", ""),
            "time": last.get("event_time", ""),
            "place": last.get("event_place", ""),
            "audience": "",
            "wanted": True,
            "called_off": False,
            "stage": EventStage.ANNOUNCED.value,
            "sequence": int(last.get("sequence", 0)),
            "remark": "",
        }
        _insert(db, tables.event, [_numbered(run, id, event)])
        report.lost.append(f"{id} : sa ligne a été supprimée ; plus rien n'est envoyé à son sujet")


def _beside(run: Pass, db: Connection, memory: Memory) -> None:
    """What is remembered with a record and stands in tables of its own."""
    people = memory.rows["applications"]
    owned = ((id, email) for id, data in people.items() for email in data.get("addresses", ()))
    _insert(db, tables.address, ({"application_id": id, "email": email} for id, email in owned))
    _insert(db, tables.failing_address, _each(people, "failing"))
    for tab in ("applications", "proposals", "events"):
        _insert(db, tables.answer, _each(memory.rows[tab], "answers"))
    noted = (
        one | {"about": id, "event": "skipped"}
        for id, data in memory.rows["proposals"].items()
        for one in data.get("noted", ())
    )
    _insert(db, tables.journal, noted)
    seen = {"tab": "proposals", "read_at": run.now.isoformat(), "handled_at": run.now.isoformat()}
    _insert(db, tables.decision, (seen | request for request in memory.programme["requests"]))
    if memory.programme["matching"]:
        _insert(db, tables.matching_run, [memory.programme["matching"]])
        facts.remember(db, "matching", _left_over(people))


def _each(rows: dict[str, Data], name: str) -> list[Data]:
    """The lists that records keep under a name, one after the other, each thing once."""
    found = {repr(one): one for data in rows.values() for one in data.get(name, ())}
    return list(found.values())


def _left_over(people: dict[str, Data]) -> Data:
    """What the last matching said of those it left without a proposal."""
    said = {id: data["left_over"] for id, data in sorted(people.items()) if "left_over" in data}
    return {
        "unpaired": {id: one["unpaired"] for id, one in said.items() if "unpaired" in one},
        "help": {id: one["help"] for id, one in said.items() if "help" in one},
        "near_misses": [miss for one in said.values() for miss in one.get("near_misses", ())],
    }
