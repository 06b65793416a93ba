"""What people mean when they answer a mail in their own words, French or English.

A small grammar of what they do write; whatever it does not know for sure, it hands over to a person with the
reason. Words: `words_*.txt`. Days: `days.py`. A yes or a no: `agreement.py`. A meeting: `encounter.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from ponts_flows.mail.received.meaning.absence import absent_until
from ponts_flows.mail.received.meaning.agreement import Unclear, agreement
from ponts_flows.mail.received.meaning.encounter import encounter
from ponts_flows.mail.received.meaning.intent import Intent, Meaning, Question
from ponts_flows.mail.received.meaning.phrases import Clause, Piece, clauses
from ponts_flows.mail.received.meaning.words import HELD, MODALS, POLITE, VERBS, Sense

__all__ = ["Intent", "Meaning", "Question", "absent_until", "meaning"]

LONGEST = 2_000
"""Characters of new text: whoever writes more wants to be read."""

_MOST_UNKNOWN = 3
_MOST_UNKNOWN_NOT_NAMES = {Question.MET: 2, Question.PAIRING: 1, Question.RENEWAL: 1, Question.EVENT: 1}
_SAID = VERBS | HELD | {Sense.YES, Sense.NO, Sense.DECLINE, Sense.NOT, Sense.NOT_YET, Sense.NEXT, Sense.PLAN}
_SAID |= {Sense.APPOINTMENT}

# What nobody but a person answers, the gravest first.
_HANDED_OVER = {
    Sense.ADDRESS: "changement d’adresse, ou coordonnées",
    Sense.TROUBLE: "une difficulté",
    Sense.AWAY: "une absence",
    Sense.CANCELLED: "une rencontre annulée, reportée ou manquée",
    Sense.WAITING: "une attente, ou un contact sans rencontre",
    Sense.ASK: "une question",
    Sense.DOUBT: "une réponse hésitante ou sous condition",
    Sense.EITHER: "un choix entre plusieurs réponses",
    Sense.ALREADY: "une réponse déjà donnée ailleurs",
    Sense.MORE: "une précision à lire",
    Sense.VAGUE: "une date vague",
    Sense.NUMBER: "un nombre à lire",
}
_MILD = frozenset({Sense.VAGUE, Sense.MORE, Sense.NUMBER})
_AROUND_A_CALL = POLITE | MODALS | {Sense.CALL, Sense.ME}
_CALLING = frozenset(
    {"?", "pouvez vous", "pourriez vous", "can you", "could you", "would you", "peux tu", "pourrais tu"}
)
_SILENT = POLITE | {Sense.LINK, Sense.ME, Sense.THEM, Sense.VERY, Sense.NE}


def meaning(text: str, *, question: Question | None, on: date) -> Meaning:
    """Tell what a new text, received on a day, means for the question that was asked."""
    if len(text) > LONGEST:
        return Meaning(intent=Intent.NONE, handover="un message long")
    about = "meetings" if question is Question.MET else "answers"
    heard = clauses(text, about=about, on=on)
    pieces = [piece for clause in heard for piece in clause.pieces]
    found = _understood(heard, pieces, question=question, on=on)
    trails_off = question is not Question.MET and any(dots in text for dots in ("...", "…"))
    if trails_off and not found.handover:
        found = replace(found, handover="des points de suspension")
    return replace(found, why=_why(pieces))


def _understood(
    heard: Sequence[Clause], pieces: Sequence[Piece], *, question: Question | None, on: date
) -> Meaning:
    if not pieces:
        return Meaning(intent=Intent.NONE, handover="rien d’écrit que l’on puisse lire")
    senses = {piece.sense for piece in pieces}
    if asked := _stop_or_call(pieces, senses):
        return asked
    if question is None:
        return Meaning(intent=Intent.NONE, handover="on ne sait pas à quelle question il répond")
    found = _answer(heard, question=question, on=on)
    if grave := next((sense for sense in _HANDED_OVER if sense in senses), None):
        return replace(found if grave in _MILD else Meaning(intent=Intent.NONE), handover=_HANDED_OVER[grave])
    if _too_many_unknown(pieces, question):
        return Meaning(intent=Intent.NONE, handover="trop de mots inconnus")
    return found


def _answer(heard: Sequence[Clause], *, question: Question, on: date) -> Meaning:
    try:
        if question is Question.MET:
            return encounter(heard, on=on)
        return agreement(heard, question=question)
    except Unclear as unclear:
        return Meaning(intent=Intent.NONE, handover=str(unclear))


def _stop_or_call(pieces: Sequence[Piece], senses: set[Sense]) -> Meaning | None:
    """What is understood whatever was asked. Only a bare word stops, only a plain request calls."""
    if Sense.STOP in senses and senses <= POLITE | {Sense.STOP}:
        return Meaning(intent=Intent.STOP)
    if senses & {Sense.STOP, Sense.STOPPING}:
        if senses & {Sense.NOT, Sense.NE} and not any(piece.words == "plus recevoir" for piece in pieces):
            return Meaning(intent=Intent.NONE, handover="un arrêt, nié")
        return Meaning(intent=Intent.STOP, handover="un souhait d’arrêter, dit dans une phrase")
    if Sense.CALL in senses:
        others = {
            piece.sense for piece in pieces if not (piece.sense is Sense.ASK and piece.words in _CALLING)
        }
        if others <= _AROUND_A_CALL:
            return Meaning(intent=Intent.CALL_ME)
        return Meaning(intent=Intent.CALL_ME, handover="une demande d’appel, et autre chose")
    return None


def _too_many_unknown(pieces: Sequence[Piece], question: Question) -> bool:
    unknown = [piece for piece in pieces if piece.sense is Sense.UNKNOWN]
    small = [piece for piece in unknown if piece.small]
    # A bare "d'accord" or a bare day say little: the word that is not known may take them back.
    said = any(piece.sense in _SAID for piece in pieces)
    return len(unknown) > _MOST_UNKNOWN or len(small) > (_MOST_UNKNOWN_NOT_NAMES[question] if said else 0)


def _why(pieces: Sequence[Piece]) -> str:
    return " ; ".join(f"« {piece.words} » : {piece.sense}" for piece in pieces if piece.sense not in _SILENT)
