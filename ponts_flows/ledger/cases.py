"""Reading the facts that a decision needs, one case per application or pairing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Table, select

from ponts_flows.answers import KINDS, Said
from ponts_flows.decide.applications import ApplicationCase
from ponts_flows.decide.eligibility import explained, verdict
from ponts_flows.decide.pairing_case import PairingCase, Party
from ponts_flows.forms import Reading, Register, Respondent
from ponts_flows.ledger import tables
from ponts_flows.ledger.admission import NEW
from ponts_flows.ledger.codec import decode
from ponts_flows.ledger.pool import broken_rules
from ponts_flows.lifecycle import UNDER_WAY, ApplicationStage, PairingStage
from ponts_flows.model import Problem, Profile, Role, Sent
from ponts_flows.programme import Programme

BATCH = 500


def due_applications(db: Connection, now: datetime) -> tuple[str, ...]:
    """The applications to look at now."""
    return due(db, tables.application, now)


def due_pairings(db: Connection, now: datetime) -> tuple[str, ...]:
    """The pairings to look at now."""
    return due(db, tables.pairing, now)


def due(db: Connection, table: Table, now: datetime) -> tuple[str, ...]:
    """What is to be looked at now, in the order of its numbers.

    The database is not asked for that order: it would go through all there is by number to find the few.
    """
    found = db.execute(select(table.c.number, table.c.id).where(table.c.wake_at <= now))
    return tuple(id for _, id in sorted(found.tuples()))


def sent_about(db: Connection, ids: Sequence[str]) -> Mapping[str, dict[str, Sent]]:
    """The messages planned or sent about each of some applications or pairings, by key."""
    t = tables.message
    found: dict[str, dict[str, Sent]] = defaultdict(dict)
    for start in range(0, len(ids), BATCH):
        columns = (t.c.about, t.c.key, t.c.status, t.c.planned_at, t.c.sent_at, t.c.recipients, t.c["values"])
        for about, key, status, planned_at, sent_at, recipients, values in db.execute(
            select(*columns).where(t.c.about.in_(ids[start : start + BATCH])).order_by(t.c.key)
        ):
            found[about][key] = Sent(
                key=key,
                status=status,
                planned_at=planned_at,
                sent_at=sent_at,
                to=tuple(recipients),
                values=values,
            )
    return found


def reading_of(row: tables.Row) -> Reading:
    """What an application's last response said."""
    return Reading(
        respondent=decode(Respondent, row.respondent),
        profile=decode(Profile, row.profile) if row.profile else None,
        problems=decode(tuple[Problem, ...], row.problems),
    )


def application_cases(
    db: Connection, ids: Sequence[str], register: Register, *, today: date, programme: Programme
) -> tuple[ApplicationCase, ...]:
    """The cases of some applications, each with today's verdict."""
    sent = sent_about(db, ids)
    paired = _open_pairings(db, ids, known_to_them=True)
    found = [
        _application_case(row, register, today, sent[row.id], bool(paired[row.id]), programme)
        for row in _rows(db, tables.application, ids)
    ]
    known = _known_by_member(db, {case.member_key for case in found if case.member_key})
    for case in found:
        known[case.role, case.member_key].add(case.id)
    return tuple(
        replace(case, twins=tuple(sorted(known[case.role, case.member_key] - {case.id})))
        if case.member_key
        else case
        for case in found
    )


def _known_by_member(db: Connection, keys: set[str]) -> dict[tuple[str, str | None], set[str]]:
    """The applications still with us of some members of the register, by role and member."""
    t = tables.application
    known: dict[tuple[str, str | None], set[str]] = defaultdict(set)
    wanted = sorted(keys)
    for start in range(0, len(wanted), BATCH):
        here = t.c.member_key.in_(wanted[start : start + BATCH])
        with_us = t.c.stage != ApplicationStage.WITHDRAWN.value
        for row in db.execute(select(t.c.id, t.c.role, t.c.member_key).where(here, with_us)):
            known[row.role, row.member_key].add(row.id)
    return known


def _application_case(
    row: tables.Row,
    register: Register,
    today: date,
    sent: Mapping[str, Sent],
    paired: bool,
    programme: Programme,
) -> ApplicationCase:
    reading = reading_of(row)
    found = verdict(reading, register, today=today, confirmed=row.confirmation)
    # Whoever is, or may be, a paid-up member is looked at again when that ends.
    may_be_paid = (ApplicationStage.ELIGIBLE, ApplicationStage.REVIEW_MEMBERSHIP)
    ends = found.valid_until if found.stage in may_be_paid else None
    zone = ZoneInfo(programme.time_zone)
    return ApplicationCase(
        id=row.id,
        role=Role(row.role),
        language=reading.respondent.mail_language,
        reachable=reading.respondent.reachable,
        stage=None if row.stage == NEW else ApplicationStage(row.stage),
        submitted_at=row.submitted_at,
        verdict=found.stage,
        reason=explained(found),
        member_key=found.member_key,
        episode=row.episode,
        sent=sent,
        since=row.since,
        free_since=row.free_since,
        paired=paired,
        changes_on=datetime.combine(ends + timedelta(days=1), time(), zone)
        if ends and ends.year < 9999
        else None,
    )


def _rows(db: Connection, table: object, ids: Sequence[str]) -> Iterable[tables.Row]:
    for start in range(0, len(ids), BATCH):
        query = select(table).where(table.c.id.in_(ids[start : start + BATCH])).order_by(table.c.number)  # type: ignore[attr-defined,call-overload]
        yield from db.execute(query)


def pairing_cases(db: Connection, ids: Sequence[str], programme: Programme) -> tuple[PairingCase, ...]:
    """The cases of some pairings, with the hard rules each breaks today and all that was said in it."""
    sent, said = sent_about(db, ids), said_about(db, ids)
    noted, lines = _noted(db, ids), _lines(db, ids)
    rows = list(_rows(db, tables.pairing, ids))
    theirs = sorted({id for row in rows for id in (row.mentor_id, row.mentee_id)})
    people = {row.id: row for row in _rows(db, tables.application, theirs)}
    open_pairings = _open_pairings(db, theirs)
    found = []
    for row in rows:
        mentor, mentee = (
            replace(party(people[id]), elsewhere=bool(open_pairings[id] - {row.id}))
            for id in (row.mentor_id, row.mentee_id)
        )
        case = PairingCase(
            id=row.id,
            stage=PairingStage(row.stage),
            since=row.since,
            mentor=mentor,
            mentee=mentee,
            broken=broken_rules(mentee, mentor, programme),
            override=row.override,
            sent=sent[row.id],
            engaged_at=row.engaged_at,
            renewed_at=row.renewed_at,
            until=row.until,
            said=tuple(said[row.id]),
            noted=noted[row.id],
            rows=lines[row.id],
        )
        found.append(case)
    return tuple(found)


def said_about(db: Connection, ids: Sequence[str]) -> Mapping[str, list[Said]]:
    """What the two of some pairings said, oldest first."""
    t = tables.answer
    found: dict[str, list[Said]] = defaultdict(list)
    for start in range(0, len(ids), BATCH):
        query = select(t).where(t.c.about.in_(ids[start : start + BATCH])).order_by(t.c.given_at, t.c.source)
        for row in db.execute(query):
            value = decode(KINDS[row.kind], row.data)
            one = Said(source=row.source, role=Role(row.who), given_at=row.given_at, value=value)
            found[row.about].append(one)
    return found


def _noted(db: Connection, ids: Sequence[str]) -> Mapping[str, dict[str, datetime]]:
    """The reasons kept for what was not done about some pairings, by key, with when."""
    t = tables.journal
    found: dict[str, dict[str, datetime]] = defaultdict(dict)
    for start in range(0, len(ids), BATCH):
        kept = t.c.about.in_(ids[start : start + BATCH]) & t.c.key.is_not(None)
        for about, key, at in db.execute(select(t.c.about, t.c.key, t.c.at).where(kept)):
            found[about][key] = at
    return found


def _lines(db: Connection, ids: Sequence[str]) -> Mapping[str, dict[str, bool]]:
    """The lines of À traiter about some pairings, by key: still open or not."""
    t = tables.to_review
    found: dict[str, dict[str, bool]] = defaultdict(dict)
    for start in range(0, len(ids), BATCH):
        here = t.c.about.in_(ids[start : start + BATCH])
        for about, key, closed_at in db.execute(select(t.c.about, t.c.key, t.c.closed_at).where(here)):
            found[about][key] = closed_at is None
    return found


def _open_pairings(
    db: Connection, people: Sequence[str], *, known_to_them: bool = False
) -> Mapping[str, set[str]]:
    """The pairings under way that each of some people is in; `known_to_them`: a mentee not asked yet knows of none."""
    t = tables.pairing
    found: dict[str, set[str]] = defaultdict(set)
    for start in range(0, len(people), BATCH):
        here = people[start : start + BATCH]
        for column in (t.c.mentor_id, t.c.mentee_id):
            # Stages are compared here: asked to, the database might go through all pairs under way by theirs.
            for person, id, stage in db.execute(
                select(column, t.c.id, t.c.stage).where(column.in_(here))
            ).tuples():
                unknown = (
                    known_to_them and column is t.c.mentee_id and stage == PairingStage.ASKING_MENTOR.value
                )
                if stage in UNDER_WAY and not unknown:
                    found[person].add(id)
    return found


UNFIT = {
    ApplicationStage.INCOMPLETE: "candidature incomplète",
    ApplicationStage.MEMBERSHIP_MISSING: "cotisation absente",
    ApplicationStage.REVIEW_MEMBERSHIP: "adhésion à confirmer",
    ApplicationStage.ON_HOLD: "candidature en attente",
    ApplicationStage.FINISHED: "accompagnement terminé",
    ApplicationStage.WITHDRAWN: "candidature retirée",
}


def party(row: tables.Row) -> Party:
    """One half of a pairing, with the reason why nothing may start with this person now."""
    stage = ApplicationStage(row.stage)
    unfit = f"{row.id} : {UNFIT[stage]}" if stage in UNFIT else ""
    return Party(
        id=row.id,
        profile=decode(Profile, row.profile),
        unfit=unfit,
        gone=stage in (ApplicationStage.ON_HOLD, ApplicationStage.WITHDRAWN),
        left=stage is ApplicationStage.WITHDRAWN,
        set_aside=stage is ApplicationStage.ON_HOLD,
        away_until=row.away_until,
        no_reminders=row.no_reminders,
        paid=stage in (ApplicationStage.ELIGIBLE, ApplicationStage.FINISHED),
        finished=stage is ApplicationStage.FINISHED,
    )
