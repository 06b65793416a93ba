"""The rows of Candidatures and Propositions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, select

from ponts_flows.board import words
from ponts_flows.ledger import cases, facts, tables
from ponts_flows.ledger.codec import decode
from ponts_flows.lifecycle import ApplicationStage, PairingStage
from ponts_flows.model import Profile, Role
from ponts_flows.steps.context import Pass
from ponts_flows.steps.rows.common import Cells, Fresh, among, by_number, day, out_of_date

KEPT = "Gardée : l'appariement n'y touche pas"
"""What the board says of a proposal that the matching leaves as it is."""


def applications(run: Pass, db: Connection, fresh: Fresh) -> None:
    """Candidatures: one row an application, its verdict and the reason in French."""
    t = tables.application
    changed = by_number(db, select(t).where(out_of_date(t)))
    remarks = _remarks(db) if changed else {}
    for row in changed:
        fresh.add("applications", t, row, partial(_application, run, row, remarks.get(row.id, "")))


def _application(run: Pass, row: tables.Row, remark: str) -> Cells:
    reading = cases.reading_of(row)
    person, profile = reading.respondent, reading.profile
    stage = ApplicationStage(row.stage)
    reasons = [
        row.reason,
        *(problem.text for problem in reading.problems if stage is ApplicationStage.INCOMPLETE),
    ]
    if remark and stage is ApplicationStage.ELIGIBLE:
        reasons.append(remark)
    if row.away_until is not None and row.away_until > run.now:
        last = day(run, row.away_until - timedelta(microseconds=1))
        reasons.append(f"En congé jusqu'au {last:%d/%m/%Y}")
    if row.absent_until is not None and row.absent_until > run.now:
        last = day(run, row.absent_until - timedelta(microseconds=1))
        reasons.append(f"Absent jusqu'au {last:%d/%m/%Y}, dit sa réponse automatique : ses rappels attendent")
    if row.no_reminders:
        reasons.append("Ne souhaite pas de rappels")
    return {
        "role": words.ROLES[Role(row.role)],
        "last_name": person.last_name,
        "first_name": person.first_name,
        "email": person.email or person.typed_email,
        "graduation": person.graduation_year,
        "career_start": str(profile.career_start) if profile else None,
        "employer": profile.employer if profile else None,
        "city": profile.city if profile else None,
        "themes": ", ".join(run.programme.theme(theme).fr for theme in profile.themes) if profile else None,
        "stage": words.APPLICATION_STAGES[stage],
        "reason": "\n".join(reason for reason in reasons if reason),
        "since": day(run, row.since),
        "received": day(run, row.submitted_at),
    }


def _remarks(db: Connection) -> dict[str, str]:
    """Why someone has no proposal, what would help, and which near misses a coordinator could ask for."""
    matching = facts.recall(db, "matching", {"unpaired": {}, "near_misses": []})
    remarks = {id: [f"{words.UNPAIRED} : {reason}"] for id, reason in matching["unpaired"].items()}
    # The last matching may be older than the part that says what would help.
    for id, what in matching.get("help", {}).items():
        remarks[id].append(f"Ce qui aiderait : {what}")
    for miss in matching["near_misses"]:
        gap = f"{miss['gap'] // 12} ans" + (f" et {miss['gap'] % 12} mois" if miss["gap"] % 12 else "")
        text = f"Possible avec une dérogation : {miss['mentor']}, {gap} d'écart, {miss['score']}/100"
        remarks.setdefault(miss["mentee"], []).append(text)
    return {id: "\n".join(lines) for id, lines in remarks.items()}


def proposals(db: Connection, fresh: Fresh, changed: list[tables.Row]) -> None:
    """Propositions: one row a pairing that was ever proposed."""
    t = tables.application
    ids = {id for row in changed for id in (row.mentee_id, row.mentor_id)}
    people = {row.id: row.profile for row in among(db, t, t.c.id, ids)}
    late = _late(db, [row.id for row in changed])
    for row in changed:
        fresh.add("proposals", tables.pairing, row, partial(_proposal, row, people, late.get(row.id, "")))


def _late(db: Connection, pairings: list[str]) -> dict[str, str]:
    """Of which pairings an answer is overdue, and whose: À traiter has a line that says so."""
    t = tables.to_review
    silent = (t.c.closed_at.is_(None), t.c.key.contains("/no-answer/"))
    return {row.about: row.subject for row in among(db, t, t.c.about, pairings, *silent)}


def _proposal(row: tables.Row, people: Mapping[str, Any], late: str) -> Cells:
    mentee, mentor = (decode(Profile, people[id]) for id in (row.mentee_id, row.mentor_id))
    gap = mentor.career_start.months_until(mentee.career_start)
    stage = PairingStage(row.stage)
    follow_up = row.reason + (f"\nDérogation : {row.override}" if row.override else "")
    if row.asked_for and stage in (PairingStage.PROPOSED, PairingStage.POSTPONED):
        follow_up += f"\n{KEPT}"
    if late:
        follow_up = f"{words.LATE} : {late[0].lower()}{late[1:]}\n{follow_up}"
    return {
        "mentee_id": row.mentee_id,
        "mentee": mentee.full_name,
        "mentor_id": row.mentor_id,
        "mentor": mentor.full_name,
        "gap": round(gap / 12, 1),
        "score": row.score or None,
        "reasons": "\n".join(
            f"{label} {points}/100 (poids {weight}) : {text}" for label, points, weight, text in row.parts
        ),
        "alternatives": "\n".join(row.alternatives),
        "stage": words.PAIRING_STAGES[stage],
        "follow_up": follow_up,
    }
