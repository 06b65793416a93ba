"""The lives of two engaged pairs, played by the rules.

The quiet one has said when it meets again; the other one met yesterday, and its two reports are due.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, update

from ponts_flows.actions import Propose
from ponts_flows.answers import Held, Said, SessionReport, Way
from ponts_flows.decide import engagement, proposals
from ponts_flows.google.transport import Google
from ponts_flows.ledger import Ledger, cases, facts, inbox, outbox, tables
from ponts_flows.lifecycle import ApplicationStage
from ponts_flows.model import Language, Role
from ponts_flows.settings import Settings
from ponts_flows.steps import Pass
from ponts_flows.steps.decide import follow_up
from tests.ledger.conftest import a_reading, a_response, admitted

PARIS = ZoneInfo("Europe/Paris")
BEGAN = datetime(2026, 9, 7, 9, tzinfo=PARIS)
SESSIONS = (10, 38, 66)
NEXT_OF_QUIET, NEXT_OF_DUE = 94, 79
NOW = datetime.combine(BEGAN.date() + timedelta(days=80), time(10), PARIS)
QUIET, DUE = 1, 2
MAIL = "QmllbiBjb3JkaWFsZW1lbnQsIA" * 160  # what a short reply weighs, with its headers: 4 kB
SETTINGS = Settings(_env_file=None, secret="0123456789abcdef0123456789abcdef")  # type: ignore[call-arg]


def a_pass(ledger: Ledger, now: datetime = NOW) -> Pass:
    """A pass that reaches no Google."""
    run = Pass(settings=SETTINGS, ledger=ledger, google=cast(Google, None), now=now)
    run.programme = SETTINGS.programme
    return run


def two_pairs(ledger: Ledger) -> None:
    """Put the two pairs into an empty ledger, eighty days into their lives, all that was due having left."""
    with ledger.transaction() as db:
        for pair in (QUIET, DUE):
            _introduced(ledger, db, pair)
    told = {day + 1: day for day in SESSIONS}
    for day in range(80):
        now = datetime.combine(BEGAN.date() + timedelta(days=day), time(10), PARIS)
        with ledger.transaction() as db:
            for pair in (QUIET, DUE):
                if day in told:
                    _reported(a_pass(ledger, now), db, pair, told[day])
        _passes(ledger, now)


def _introduced(ledger: Ledger, db: Connection, pair: int) -> None:
    people = []
    for number, role in ((2 * pair - 1, Role.MENTEE), (2 * pair, Role.MENTOR)):
        id = f"A-{number:04d}"
        reading = a_reading(role, email=f"{id.lower()}@exemple.example", last_name=f"Nom {id}")
        people.append(admitted(db, reading, at=BEGAN).application)
        r = tables.response
        handled = {"source_key": f"r-{id}", "handled_at": BEGAN, "outcome": id}
        db.execute(update(r).where(r.c.id == number).values(handled))
    t = tables.application
    eligible = {"stage": ApplicationStage.ELIGIBLE.value, "wake_at": None}
    db.execute(update(t).where(t.c.id.in_(people)).values(eligible))
    run, id = a_pass(ledger, BEGAN), f"P-{pair:04d}"
    run.carry_out(db, [Propose(mentee=people[0], mentor=people[1], score=80, parts=(), alternatives=())])
    choice = facts.Decision(tab="proposals", row_id=id, values={"decision": "Valider sans demander"})
    facts.store_decision(db, choice, now=BEGAN)
    (case,) = cases.pairing_cases(db, [id], SETTINGS.programme)
    actions, note = proposals.decided(case, choice.values["decision"], "")
    run.carry_out(db, actions)
    facts.handled(db, tables.decision, pair, note, now=BEGAN)
    facts.decisions_cleared(db, "proposals", id, now=BEGAN)
    mail = inbox.IncomingMail(gmail_id=f"g-{id}", thread_id=f"t-{id}", received_at=BEGAN, raw=MAIL)
    inbox.store(db, [mail])
    facts.handled(db, tables.incoming, mail.gmail_id, "yes", now=BEGAN)


def _reported(run: Pass, db: Connection, pair: int, day: int) -> None:
    """Both report a meeting, and when the next one is."""
    later = [session for session in SESSIONS if session > day]
    following = later[0] if later else {QUIET: NEXT_OF_QUIET, DUE: NEXT_OF_DUE}[pair]
    id, now = f"P-{pair:04d}", run.now
    report = SessionReport(
        held=Held.HELD, on=_on(day), way=Way.VIDEO, minutes=60, next_on=_on(following), next_way=Way.VIDEO
    )
    for role in Role:
        key = f"{id}/{day}/{role}"
        form = {"form": "session", "language": Language.FRENCH, "answers": {"token": (key * 4,)}}
        facts.store_responses(db, [a_response(source_key=key, submitted_at=now, **form)], now=now)
        r = tables.response
        kept = {"id": r.c.id + 10_000_000, "handled_at": now, "outcome": f"{id}: session by {role}"}
        db.execute(update(r).where(r.c.source_key == key).values(kept))
        kept = {"about": id, "who": role, "kind": "session", "given_at": now, "value": report}
        facts.keep_answer(db, source=f"form:1abc/{key}", **kept)  # type: ignore[arg-type]
        (case,) = cases.pairing_cases(db, [id], SETTINGS.programme)
        one = Said(source=f"form:1abc/{key}", role=role, given_at=now, value=report)
        run.carry_out(db, engagement.said(case, one, programme=SETTINGS.programme, now=now))


def _on(day: int) -> date:
    return BEGAN.date() + timedelta(days=day)


def _passes(ledger: Ledger, now: datetime) -> None:
    """What is due is planned, and leaves, until nothing is."""
    while True:
        follow_up(a_pass(ledger, now))
        with ledger.transaction() as db:
            waiting = list(outbox.planned(db, at_once_only=False))
            for message in waiting:
                values = {"subject": "Objet", "body": "Bonjour, " * 120, "addresses": ["x@exemple.example"]}
                m = tables.message
                db.execute(update(m).where(m.c.key == message.key).values(attempted_at=now, **values))
                outbox.sent(db, message.key, gmail_id=message.key, thread_id=message.key, now=now)
                outbox.name(db, {message.key: f"<{message.key}@exemple.example>"})
        if not waiting:
            return
