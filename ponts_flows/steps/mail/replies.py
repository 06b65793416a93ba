"""What people write in answer to a mail: understood when it is safe, done, and said back to them."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from ponts_flows.actions import Skipped
from ponts_flows.decide.by_mail import Unkept
from ponts_flows.decide.calendar import local
from ponts_flows.google.mailbox import File
from ponts_flows.ledger import addresses, inbox
from ponts_flows.ledger.inbox import Handled, IncomingMail
from ponts_flows.mail.received.incoming import Incoming
from ponts_flows.mail.received.kinds import Kind
from ponts_flows.mail.received.meaning import Intent, Meaning
from ponts_flows.mail.received.trust import Level, Trust, level
from ponts_flows.mail.received.understanding import read_reply
from ponts_flows.steps.context import Pass
from ponts_flows.steps.mail.done import ANSWERS, answered, filled, reported
from ponts_flows.steps.mail.handover import hand_over
from ponts_flows.steps.mail.origin import Traces, origin
from ponts_flows.steps.mail.questions import MEETINGS, QUESTIONS
from ponts_flows.steps.mail.reply import Reply
from ponts_flows.steps.mail.said_back import to_confirm

ONE_A_DAY = timedelta(days=1)
TO_CONFIRM = "to confirm: "


def by_a_person(run: Pass, db: Connection, received: IncomingMail, mail: Incoming) -> Handled:
    """See to a mail that a person wrote."""
    traces = Traces(
        recipients=mail.recipients,
        ids=(*mail.references, mail.in_reply_to),
        text=mail.text,
        sender=mail.from_address if mail.authenticated else "",
    )
    found = origin(run, db, traces)
    if found is None:
        if received.spam:
            return Handled(outcome="spam, of a stranger", kind=Kind.HUMAN)
        return hand_over(run, db, received, mail.problem or "sans question reconnue")
    day = local(received.received_at, run.programme).date()
    question = QUESTIONS.get(found.message.template)
    said = read_reply(mail, sent=found.message.body or "", question=question, on=day)
    reply = Reply(received=received, mail=mail, origin=found, meaning=said.meaning)
    trust = level(mail, known=found.known, tie=found.tie)
    if why := _for_a_person(reply, trust):
        return _to_a_person(run, db, reply, why)
    if trust.level is Level.DOUBTFUL:
        return _confirm(run, db, reply, trust)
    addresses.works(db, mail.from_address)
    return _do(run, db, reply)


def _for_a_person(reply: Reply, trust: Trust) -> str:
    """Why a person sees to it, "" when nobody has to."""
    if trust.level is Level.NONE:
        return trust.reason
    if reply.meaning.handover:
        return reply.meaning.handover
    if trust.level is Level.DOUBTFUL and reply.meaning.intent not in (*ANSWERS, Intent.MET, Intent.NOT_YET):
        return trust.reason
    if reply.on not in MEETINGS and reported(reply) is Unkept.NO_DATE:
        return "parle d'une rencontre sans en dire la date"
    return ""


def _to_a_person(run: Pass, db: Connection, reply: Reply, why: str) -> Handled:
    who, question = reply.origin.reader, reply.on
    asked = hand_over(run, db, reply.received, why, about=reply.about, who=who, question=question)
    return reply.handled(asked.outcome, file_as=asked.file_as)


def _do(run: Pass, db: Connection, reply: Reply) -> Handled:
    """Do what it says, and say it back in the conversation; what was said already today needs nothing more."""
    meaning = told(reply.meaning)
    reader, key = reply.origin.reader, reply.origin.message.key
    noted = inbox.noted_since(db, key, reader, run.now - ONE_A_DAY)
    before = [one for one in noted if not one.startswith(TO_CONFIRM)]
    if before and before[-1] == meaning:
        return reply.handled(f"{reply.about}: said again", file_as=File.DONE)
    if before and reply.meaning.intent not in ANSWERS:  # a yes or a no replaces another, a report adds to it
        return _to_a_person(run, db, reply, "a déjà répondu autrement aujourd'hui")
    actions, outcome = answered(run, db, reply, reply.meaning)
    run.carry_out(db, actions)
    return reply.handled(outcome, meaning=meaning, file_as=File.DONE)


def told(meaning: Meaning) -> str:
    """A meaning in a few words, the same for the same."""
    days = (f"{day}" for day in (meaning.held_on, meaning.next_on) if day)
    return " ".join((meaning.intent, *days))


def _confirm(run: Pass, db: Connection, reply: Reply, trust: Trust) -> Handled:
    """Ask whoever has the known address, by a link that says what was understood; nothing is done before."""
    message = reply.origin.message
    if inbox.noted_since(db, message.key, reply.origin.reader, run.now - ONE_A_DAY):
        return _to_a_person(run, db, reply, f"{trust.reason} Une confirmation est déjà demandée aujourd'hui.")
    form = filled(reply)
    if form is None:
        return _to_a_person(run, db, reply, trust.reason)
    plan = to_confirm(reply, *form)
    run.carry_out(db, [plan, Skipped(about=reply.about, reason=f"à confirmer : {trust.reason}")])
    meaning = TO_CONFIRM + told(reply.meaning)
    return reply.handled(f"{reply.about}: {meaning}", meaning=meaning, file_as=File.DONE)
