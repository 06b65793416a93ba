"""What a coordinator says a mail meant: done as if its author had answered so."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, select

from ponts_flows.actions import Action, CloseReview
from ponts_flows.answers import ParticipationAnswer, Wish
from ponts_flows.board.decisions import ReviewDecision
from ponts_flows.forms.dates import DateFault, last_day
from ponts_flows.ledger import addresses, facts, inbox, tables
from ponts_flows.mail.received import incoming
from ponts_flows.mail.received.meaning import Intent, Meaning, Question
from ponts_flows.mail.received.trust import Tie
from ponts_flows.steps import answers
from ponts_flows.steps.context import Pass
from ponts_flows.steps.mail.done import answered
from ponts_flows.steps.mail.origin import Origin
from ponts_flows.steps.mail.questions import QUESTIONS
from ponts_flows.steps.mail.reply import Reply, role_of

D = ReviewDecision
NOTHING = "Rien n'a été fait : "


def reviewed(run: Pass, db: Connection, decision: facts.Decision) -> tuple[list[Action], str]:
    """What a choice in the tab À traiter leads to, and the note that says so."""
    words = decision.values["decision"]
    if words not in set(D):
        return [], f"{NOTHING}« {words[:40]} » n'est pas un choix de la liste."
    found = inbox.of_line(db, decision.row_id)
    if found is None:
        return (
            [],
            f"{NOTHING}cette ligne n'est pas celle d'un message reçu. Cochez « Fait » quand c'est réglé.",
        )
    close = CloseReview(key=decision.row_id)
    if words == D.NOTHING:
        return [close], "Sans suite : la ligne est close."
    reply = _reply(db, found)
    if reply is None:
        return (
            [],
            f"{NOTHING}on ne sait pas à quelle question ce message répond. Répondez-y, puis cochez « Fait ».",
        )
    meaning = _meant(reply, D(words), decision.values.get("on", ""))
    if isinstance(meaning, str):
        return [], NOTHING + meaning
    actions, _ = _carried(run, db, reply, meaning, D(words))
    return [*actions, close], f"Fait : {words.rstrip('…')}, comme si la personne avait répondu."


def _reply(db: Connection, found: tuple[inbox.IncomingMail, tables.Row]) -> Reply | None:
    received, row = found
    t = tables.message
    message = db.execute(select(t).where(t.c.key == row.question)).first() if row.question else None
    if message is None:
        return None
    known = addresses.known(db, [row.reader])
    return Reply(
        received=received,
        mail=incoming.parse(received.content),
        origin=Origin(message=message, tie=Tie.TOKEN, reader=row.reader, known=known),
        meaning=Meaning(intent=Intent.NONE, why=""),
    )


def _meant(reply: Reply, choice: ReviewDecision, typed: str) -> Meaning | str:
    """The meaning that a choice stands for, or why it can't be taken."""
    on: date | None = None
    if typed:
        read = last_day(typed)
        if isinstance(read, DateFault):
            return f"la date « {typed[:20]} » de la colonne Le ne se lit pas (12/03/2027)."
        on = read
    question = QUESTIONS.get(reply.on)
    if choice is D.STOP:
        return Meaning(intent=Intent.STOP, why=choice)
    if choice is D.MET or (choice is D.YES and question is Question.MET):
        if question is not Question.MET:
            return "ce message ne répondait pas à une question sur une rencontre."
        if on is None and (choice is D.MET or reply.asked_on is None):
            return "il manque la date de la rencontre, dans la colonne Le."
        return Meaning(intent=Intent.MET, held_on=on, why=choice)
    if question is None:
        return "ce message ne répondait pas à une question par oui ou par non."
    if question is Question.MET:
        return Meaning(intent=Intent.NOT_YET, next_on=on, why=choice)
    return Meaning(intent=Intent.YES if choice is D.YES else Intent.NO, why=choice)


def _carried(
    run: Pass, db: Connection, reply: Reply, meaning: Meaning, choice: ReviewDecision
) -> answers.Outcome:
    if choice is not D.STOP:
        return answered(run, db, reply, meaning)
    pair = reply.about.startswith("P-")
    of = (reply.about, role_of(db, reply)) if pair else (reply.origin.reader, reply.origin.reader)
    wish = ParticipationAnswer(wish=Wish.STOP)
    return answers.take(run, db, of, wish, "participation", reply.source, reply.received.received_at)
