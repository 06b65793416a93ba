"""What an answer in words leads to: the same as if it had been given by the form."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from ponts_flows.actions import AskCoordinator, Plan, Skipped
from ponts_flows.answers import EventAnswer, ParticipationAnswer, RenewalAnswer, SessionReport, Wish
from ponts_flows.decide.by_mail import Unkept, report
from ponts_flows.mail.received.meaning import Intent, Meaning, Question
from ponts_flows.model import Answer
from ponts_flows.steps import answers
from ponts_flows.steps.answers import Outcome
from ponts_flows.steps.context import Pass
from ponts_flows.steps.mail import said_back
from ponts_flows.steps.mail.questions import PROPOSALS, QUESTIONS
from ponts_flows.steps.mail.reply import Reply, role_of

ANSWERS = {Intent.YES: Answer.YES, Intent.NO: Answer.NO}
_YES_OR_NO = {Question.PAIRING: answers.PAIRING, Question.RENEWAL: "renewal", Question.EVENT: "event"}
STOPPED = "Si la personne souhaite aussi arrêter, ou quitter le programme : onglet Binômes ou Candidatures."


def answered(run: Pass, db: Connection, reply: Reply, meaning: Meaning) -> Outcome:
    """What an answer leads to, with what is said back in the conversation."""
    actions, outcome = _carried(run, db, replace(reply, meaning=meaning))
    return list(said_back.in_the_thread(actions, reply)), outcome


def _carried(run: Pass, db: Connection, reply: Reply) -> Outcome:
    """What an answer leads to, as if it had been given by the form."""
    meaning, reader = reply.meaning, reply.origin.reader
    match meaning.intent:
        case Intent.YES | Intent.NO:
            return _yes_or_no(run, db, reply, ANSWERS[meaning.intent])
        case Intent.MET | Intent.NOT_YET:
            return _meeting(run, db, reply)
        case Intent.STOP:
            wish = ParticipationAnswer(wish=Wish.NO_REMINDERS)
            at = reply.received.received_at
            actions, outcome = answers.take(
                run, db, (reader, reader), wish, "participation", reply.source, at
            )
            return [
                *actions,
                _line(reply, "a répondu STOP : plus aucun rappel ne lui est envoyé", STOPPED),
            ], outcome
        case Intent.CALL_ME:
            line = _line(reply, "souhaite être appelé par la coordination", "Appeler la personne.")
            said = [said_back.noted(reply, "call")] if reply.about.startswith("P-") else []
            return [line, *said], f"{reply.about}: {reader} asks for a call"
        case Intent.NONE:
            return [], f"{reply.about}: nothing to do"


def _yes_or_no(run: Pass, db: Connection, reply: Reply, answer: Answer) -> Outcome:
    about, at = reply.about, reply.received.received_at
    of: tuple[str, str]
    if reply.on in PROPOSALS:
        return answers.answered(run, db, about, role_of(db, reply), answer)
    if QUESTIONS.get(reply.on) is Question.RENEWAL:
        of = (about, role_of(db, reply))
        return answers.take(run, db, of, RenewalAnswer(answer=answer), "renewal", reply.source, at)
    of = (about, reply.origin.reader)
    return answers.take(run, db, of, EventAnswer(answer=answer), "event", reply.source, at)


def _meeting(run: Pass, db: Connection, reply: Reply) -> Outcome:
    value = reported(reply)
    match value:
        case None:
            return [], f"{reply.about}: no meeting"
        case Unkept.NO_DATE:
            return [said_back.date_missing(reply)], f"{reply.about}: met, on a day to be said"
        case Unkept.NO_NEWS:
            kept = Skipped(about=reply.about, reason=f"{reply.origin.reader} : pas encore de rencontre")
            return [kept, said_back.noted(reply, "not_yet")], f"{reply.about}: not yet"
    of = (reply.about, role_of(db, reply))
    actions, outcome = answers.take(run, db, of, value, "session", reply.source, reply.received.received_at)
    if not any(isinstance(one, Plan) for one in actions):  # a date that can't be true is told already
        actions = [*actions, said_back.noted(reply, said_back.said_of(value), value)]
    return actions, outcome


def reported(reply: Reply) -> SessionReport | Unkept | None:
    """What an answer reports of a meeting; None when it speaks of none."""
    meaning = reply.meaning
    if meaning.intent not in (Intent.MET, Intent.NOT_YET):
        return None
    met = meaning.intent is Intent.MET
    days = {"asked_on": reply.asked_on, "held_on": meaning.held_on, "next_on": meaning.next_on}
    return report(reply.on, met=met, **days)


def _line(reply: Reply, what: str, todo: str) -> AskCoordinator:
    return AskCoordinator(
        key=f"by-mail/{reply.received.gmail_id}/{reply.meaning.intent}",
        about=reply.about,
        subject=f"Par mail : {what}",
        todo=todo,
        who=reply.origin.reader,
        question=reply.on,
    )


def filled(reply: Reply) -> tuple[str, dict[str, str]] | None:
    """The form that says the same, and what is filled in there; None when none does."""
    intent = reply.meaning.intent
    if intent in ANSWERS:
        form = _YES_OR_NO[QUESTIONS[reply.on]]
        return form, {"said": intent.value, "answer": intent.value}
    value = reported(reply)
    if not isinstance(value, SessionReport):
        return None
    days = {"on": value.on, "next_on": value.next_on}
    said = {name: day.isoformat() for name, day in days.items() if day}
    return "session", {"said": said_back.said_of(value), "held": value.held.value, **said}
