"""What machines write for people: absences, answers to calendar files, complaints. None of it is ever answered."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from ponts_flows.actions import Absent, AskCoordinator, NoReminders, Plan, Skipped
from ponts_flows.answers import EventAnswer
from ponts_flows.decide.calendar import local
from ponts_flows.google.mailbox import File
from ponts_flows.ledger import addresses, tables
from ponts_flows.ledger.inbox import Handled, IncomingMail
from ponts_flows.lifecycle import RUNNING
from ponts_flows.mail.received.calendar_reply import Attendance
from ponts_flows.mail.received.incoming import Incoming
from ponts_flows.mail.received.meaning import absent_until
from ponts_flows.mail.received.trust import Level, Tie, level
from ponts_flows.model import Answer, Language
from ponts_flows.steps import answers
from ponts_flows.steps.context import Pass
from ponts_flows.steps.mail.failures import returned
from ponts_flows.steps.mail.handover import hand_over
from ponts_flows.steps.mail.origin import Traces, origin
from ponts_flows.steps.mail.said_back import declined

_MEETING = re.compile(r"(P-\d{4,9})-meeting-(\d{1,6})@")
_EVENT = re.compile(r"(E-\d{4,9})-event@")
_SAID = {Attendance.ACCEPTED: Answer.YES, Attendance.DECLINED: Answer.NO}


def automatic(run: Pass, db: Connection, received: IncomingMail, mail: Incoming) -> Handled:
    """An absence is noted with its end; reminders wait until then."""
    ids = (*mail.references, mail.in_reply_to)
    found = origin(run, db, Traces(recipients=mail.recipients, ids=ids, text=mail.text))
    if found is None:
        return Handled(outcome=f"automatic, of no message of ours: {mail.kind_reason}", kind=mail.kind)
    question, reader = found.message.key, found.reader
    trust = level(mail, known=found.known, tie=found.tie)
    day = local(received.received_at, run.programme).date()
    last = absent_until(mail.text, on=day) if trust.level is Level.PROVED else None
    outcome = f"{question}: automatic answer"
    if last is not None:
        back = datetime.combine(last + timedelta(days=1), time(), ZoneInfo(run.programme.time_zone))
        reason = (
            f"{reader} : absent jusqu'au {last:%d/%m/%Y}, dit sa réponse automatique ; ses rappels attendent"
        )
        run.carry_out(
            db, [Absent(application=reader, until=back), Skipped(about=found.message.about, reason=reason)]
        )
        outcome += f", absent until {last}"
    return Handled(outcome=outcome, kind=mail.kind, question=question, reader=reader, file_as=File.DONE)


def calendar(run: Pass, db: Connection, received: IncomingMail, mail: Incoming) -> Handled:
    """An invitation taken up or declined in a calendar: planned or not, never met."""
    reply = mail.calendar_reply
    if reply is None:
        return hand_over(
            run, db, received, "invitation ou annulation d'agenda d'un participant", kind=mail.kind
        )
    if (event := _EVENT.match(reply.uid)) is not None:
        return _of_an_event(run, db, received, mail, event[1])
    if (meeting := _MEETING.match(reply.uid)) is not None:
        return _of_a_pair(run, db, received, mail, meeting[1])
    return Handled(outcome="an answer to no invitation of ours", kind=mail.kind)


def _proved(db: Connection, mail: Incoming, applications: list[str]) -> str | None:
    """The one of some people who writes, if that is sure."""
    if not mail.authenticated:
        return None
    return next((id for id in applications if mail.from_address in addresses.known(db, [id])), None)


def _of_an_event(run: Pass, db: Connection, received: IncomingMail, mail: Incoming, id: str) -> Handled:
    t, a = tables.message, tables.address
    assert mail.calendar_reply is not None
    people = list(db.execute(select(a.c.application_id).where(a.c.email == mail.from_address)).scalars())
    invited = db.execute(select(t.c.key).where(t.c.key.in_([f"{id}/invite/{one}" for one in people]))).first()
    who = _proved(db, mail, [invited.key.rpartition("/")[2]]) if invited is not None else None
    said = _SAID.get(mail.calendar_reply.status)
    if who is None or said is None:
        return Handled(outcome=f"{id}: {mail.calendar_reply.status}, nothing done", kind=mail.kind)
    source, at = f"mail:{received.gmail_id}", received.received_at
    actions, outcome = answers.take(run, db, (id, who), EventAnswer(answer=said), "event", source, at)
    run.carry_out(
        db, [one for one in actions if not isinstance(one, Plan)]
    )  # their calendar knows it already
    key = f"{id}/invite/{who}"
    return Handled(outcome=outcome, kind=mail.kind, question=key, reader=who, meaning=said, file_as=File.DONE)


def _of_a_pair(run: Pass, db: Connection, received: IncomingMail, mail: Incoming, id: str) -> Handled:
    p = tables.pairing
    assert mail.calendar_reply is not None
    status = mail.calendar_reply.status
    row = db.execute(select(p).where(p.c.id == id)).first()
    who = _proved(db, mail, [row.mentor_id, row.mentee_id]) if row is not None else None
    if row is None or who is None:
        return Handled(outcome=f"{id}: {status}, of nobody known", kind=mail.kind)
    words = {Attendance.ACCEPTED: "acceptée", Attendance.DECLINED: "déclinée"}.get(status, "incertaine")
    kept = Skipped(about=id, reason=f"rencontre {words} par {who} dans son agenda")
    to_tell = status is Attendance.DECLINED and row.stage in {stage.value for stage in RUNNING}
    run.carry_out(db, [kept, _declined(db, received, id, who)] if to_tell else [kept])
    return Handled(outcome=f"{id}: {status} by {who}", kind=mail.kind, reader=who, file_as=File.DONE)


def _declined(db: Connection, received: IncomingMail, id: str, who: str) -> Plan:
    """The other one is told by them, and we by the form: a calendar alone calls nothing off."""
    a = tables.application
    language = db.execute(select(a.c.profile).where(a.c.id == who)).scalar_one()["mail_language"]
    return declined(received, id, who, Language(language))


def complaint(run: Pass, db: Connection, received: IncomingMail, mail: Incoming) -> Handled:
    """Someone marked our mail as unwanted: no more reminders, and a person is told."""
    found = returned(run, db, mail)
    if found is None or found.tie is Tie.SENDER:
        return hand_over(
            run, db, received, "plainte pour courrier indésirable, sans message retrouvé", kind=mail.kind
        )
    line = AskCoordinator(
        key=f"complaint/{received.gmail_id}",
        about=found.message.about,
        who=found.reader,
        subject="A signalé un de nos messages comme indésirable : plus aucun rappel ne lui est envoyé.",
        todo="Prendre contact de vive voix : souhaite-t-elle, ou souhaite-t-il, rester dans le programme ?",
        link=run.mail_link(received.thread_id),
    )
    run.carry_out(db, [NoReminders(application=found.reader), line])
    question, reader = found.message.key, found.reader
    return Handled(
        outcome=f"{question}: complaint", kind=mail.kind, question=question, reader=reader, file_as=File.DONE
    )
