"""Losing the ledger, making it again, and all in which the two may be told apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from ponts_flows.ledger import Ledger, tables
from ponts_flows.rebuild import Report, rebuild
from ponts_flows.steps import Pass

Held = dict[str, dict[Any, dict[str, Any]]]

# When something is looked at next, how often it changed, a running number: none of it is what a record says.
OF_THE_MOMENT = {"claimed_by", "wake_at", "version", "shown", "response_id"}
# What a rebuilt ledger can't hold, column by column; whole tables: decision, journal but for its keys, board_row.
LOST = {
    "response": {"id", "received_at", "handled_at", "outcome"},
    "incoming": {"handled_at", "outcome", "kind"},
    "journal": {"id"},
    "matching_run": {"id"},
    "erasure": {"id"},
}
COMPARED = (
    "response",
    "incoming",
    "failing_address",
    "member",
    "answer",
    "application",
    "address",
    "pairing",
    "message",
    "to_review",
    "event",
    "journal",
    "matching_run",
    "erasure",
)
PASSING = ("gmail/history", "option remarks", "figures", "retention/day", "retention/mails")


def lost(ledger: Ledger) -> None:
    """The ledger's file is gone, with all that the database keeps beside it; on a server, its tables."""
    if not ledger.is_sqlite:
        with ledger.transaction() as db:
            db.execute(text("DROP SCHEMA public CASCADE"))
            db.execute(text("CREATE SCHEMA public"))
    ledger.close()
    if ledger.is_sqlite:
        for path in Path(ledger.url.database or "").parent.glob("ledger.db*"):
            path.unlink()


def lost_and_rebuilt(run: Pass) -> tuple[Report, list[str]]:
    """Lose the ledger of a pass and make it again; the report, and where the new one differs from the old."""
    before = held(run.ledger)
    lost(run.ledger)
    report = rebuild(run)
    return report, differences(before, held(run.ledger))


def held(ledger: Ledger) -> Held:
    """All that a ledger holds and that a rebuild is to bring back, by table and key."""
    with ledger.transaction() as db:
        found = {name: _rows(db.execute(select(tables.metadata.tables[name])), name) for name in COMPARED}
        notes = db.execute(select(tables.note)).tuples().all()
    found["journal"] = {row["key"]: row for row in found["journal"].values() if row["key"]}
    found["erasure"] = {tuple(row["applications"]): row for row in found["erasure"].values()}
    last = max(found["matching_run"], default=None)
    found["matching_run"] = {0: found["matching_run"][last]} if last else {}
    # An edit replaces what it corrects, in the form itself.
    latest = {(row["source"], row["source_key"]): row for row in found["response"].values()}
    found["response"] = dict(latest)
    for name, value in notes:
        if name == "matching":
            value["near_misses"].sort(key=lambda miss: miss["mentee"])  # each mentee's in their order
    found["note"] = {name: {"value": value} for name, value in notes if name not in PASSING}
    return found


def _rows(rows: Any, name: str) -> dict[Any, dict[str, Any]]:
    (*keys,) = (column.name for column in tables.metadata.tables[name].primary_key.columns)
    left_out = OF_THE_MOMENT | LOST.get(name, set())
    found = {}
    for row in sorted(rows.mappings(), key=lambda row: (str(row.get("submitted_at")), str(row.get("id")))):
        kept = {column: value for column, value in row.items() if column not in left_out}
        if "handled_at" in row:
            kept["handled"] = row["handled_at"] is not None
        if kept.get("body"):
            kept["body"] = kept["body"].rstrip("\n")
        if name == "message" and kept["status"] == "sent":
            del kept["draft_id"]
            kept["values"] = {
                key: text for key, text in kept["values"].items() if key not in ("problems", "thread_subject")
            }
        found[tuple(row[key] for key in keys) if len(keys) > 1 else row[keys[0]]] = kept
    return found


def differences(before: Held, after: Held) -> list[str]:
    """What is not as it was, column by column."""
    wrong = []
    for name, rows in before.items():
        wrong += [f"{name} {key}: gone" for key in rows.keys() - after[name].keys()]
        wrong += [f"{name} {key}: new" for key in after[name].keys() - rows.keys()]
        for key in rows.keys() & after[name].keys():
            was, there = rows[key], after[name][key]
            wrong += [
                f"{name} {key}, {column}: {there.get(column)!r} instead of {value!r}"
                for column, value in was.items()
                if there.get(column) != value
            ]
    return sorted(wrong)
