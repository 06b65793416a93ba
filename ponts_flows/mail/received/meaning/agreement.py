"""A yes or a no, in clauses: a pairing accepted, an engagement renewed, a group meeting attended."""

from __future__ import annotations

from collections.abc import Sequence

from ponts_flows.mail.received.meaning.intent import Intent, Meaning, Question
from ponts_flows.mail.received.meaning.phrases import Clause
from ponts_flows.mail.received.meaning.words import MODALS, OF_MEETINGS, POLITE, TOPICS, VERBS, Sense

# The verb that answers each question by itself.
_VERB = {Question.PAIRING: Sense.ACCEPT, Question.RENEWAL: Sense.GO_ON, Question.EVENT: Sense.COME}
# What belongs to another question, or needs to be read beside a yes.
_APART = OF_MEETINGS | {Sense.DAY, Sense.HOUR, Sense.WAY}
_FOREIGN = {
    Question.PAIRING: _APART | {Sense.GO_ON, Sense.COME, Sense.TERM},
    Question.RENEWAL: _APART | {Sense.COME},
    Question.EVENT: OF_MEETINGS | {Sense.GO_ON, Sense.TERM},
}
_SMALL = POLITE | {Sense.REGRET, Sense.LINK, Sense.ME}
_NEGATION = frozenset({Sense.NE, Sense.NOT, Sense.NO, Sense.YET})
_IN_A_NEGATION = (
    _SMALL | _NEGATION | VERBS | MODALS | TOPICS | {Sense.NOW, Sense.DAY, Sense.HOUR, Sense.BUSY, Sense.THEM}
)
_WITH_A_NO = frozenset({Sense.BUSY, Sense.REGRET, Sense.NOW, Sense.NOT_YET, Sense.YET})
# "D'accord, c'est noté" receives, and answers nothing.
_RECEIPTS = frozenset(
    {"note", "c est note", "bien note", "noted", "well noted", "compris", "entendu", "understood"}
)
_PLAIN = VERBS | {Sense.YES, Sense.NO, Sense.DECLINE, Sense.NOT}
_TURNED = VERBS | {Sense.CAN, Sense.COND}
_NEGATIVE = frozenset({"pas", "plus", "aucun", "aucune", "jamais", "rien", "point", "ne"})
_OKS = frozenset({"ok", "okay", "okey", "oki", "c est bon"})
_WISHES = frozenset(
    "aimerais aimerions souhaiterais souhaiterions voudrais voudrions prefere preferons prefer "
    "compte comptons plan intend intention".split()
)

BOTH = "un oui et un non à la fois"
NOT_CLEAR = "une négation dont on ne sait pas ce qu’elle nie"
NO_ANSWER = "aucune réponse que l’on reconnaisse"
ACKNOWLEDGED = "un accusé de réception, qui n’est pas une réponse"
NOT_THIS = "cela ne répond pas à la question posée"
SOMEONE_ELSE = "ce que quelqu’un d’autre veut"
A_BUT = "un « mais »"
UNKNOWN_BESIDE = "un mot inconnu à côté de la réponse"
RESERVED = "une réserve"


class Unclear(Exception):
    """An answer that needs a person; the message is why, in French."""


def agreement(clauses: Sequence[Clause], *, question: Question) -> Meaning:
    """Read a yes or a no; `Unclear` when it is neither for sure."""
    senses = {sense for clause in clauses for sense in clause.senses}
    if senses & _FOREIGN[question]:
        raise Unclear(NOT_THIS)
    for day in (day for clause in clauses for day in clause.days if day.fault):
        raise Unclear(day.fault)
    sides = [_side(clause, question) for clause in clauses]
    said = {side for side in sides if side in {Intent.YES, Intent.NO}}
    if len(said) > 1:
        raise Unclear(BOTH)
    if not said:
        raise Unclear(ACKNOWLEDGED if Sense.WEAK in senses or Sense.THANKS in senses else NO_ANSWER)
    [intent] = said
    _check_the_rest(clauses, sides, intent)
    return Meaning(intent=intent)


def _check_the_rest(clauses: Sequence[Clause], sides: Sequence[Intent | None], intent: Intent) -> None:
    """A `mais` may follow politeness, or bring it; reasons and regrets go with a no."""
    pieces = [piece for clause in clauses for piece in clause.pieces]
    if any(p.words in _RECEIPTS for p in pieces) and not any(p.sense in _PLAIN for p in pieces):
        raise Unclear(ACKNOWLEDGED)
    for at, clause in enumerate(clauses):
        polite_after = clause.pieces and clause.senses <= _SMALL and intent is Intent.NO
        if clause.but and any(sides[:at]) and not polite_after:
            raise Unclear(A_BUT)
        if intent is Intent.NO and Sense.WEAK in clause.senses and any(sides[:at]):
            # "Non non, c'est très bien": the no is to something else.
            raise Unclear(BOTH)
        if intent is Intent.YES and clause.senses & _WITH_A_NO:
            raise Unclear(RESERVED)


def _side(clause: Clause, question: Question) -> Intent | None:
    """The side that a clause takes, None when it takes none; a clause may be unclear by itself."""
    senses = clause.senses
    if Sense.NE in senses and not any(
        _NEGATIVE & set(p.words.split()) for p in clause.pieces if p.words != "ne"
    ):
        raise Unclear(NOT_CLEAR)
    if Sense.NOT in senses or (senses & _TURNED and _turned_by_its_no(clause)):
        return _negated(clause, question)
    yes, no = senses & {Sense.YES, Sense.AGREE}, senses & {Sense.NO, Sense.DECLINE}
    refused_twice = Sense.NO in senses and Sense.DECLINE not in senses and senses & {*_TURNED, Sense.WEAK}
    if no and (yes or refused_twice):
        raise Unclear(BOTH)
    if no or Sense.YES in senses:
        return _plainly(clause, Intent.NO if no else Intent.YES)
    if yes:
        _check_whose(clause)
        return None if Sense.COND in senses else _plainly(clause, Intent.YES)
    return _by_a_verb(clause, question)


def _plainly(clause: Clause, side: Intent) -> Intent:
    """A side, unless a word beside it is unknown: `oui` may open with any, what is said otherwise may not."""
    first = next(piece for piece in clause.pieces if piece.sense not in _SMALL | {Sense.VERY})
    opens = first.sense in {Sense.YES, Sense.NO} and " " not in first.words
    if not opens and any(piece.small for piece in clause.pieces):
        raise Unclear(UNKNOWN_BESIDE)
    return side


def _negated(clause: Clause, question: Question) -> Intent:
    senses = clause.senses
    strange = any(
        p.sense not in _IN_A_NEGATION and not (p.sense is Sense.UNKNOWN and not p.small)
        for p in clause.pieces
    )
    if clause.count(Sense.NOT) > 1 or strange:
        raise Unclear(NOT_CLEAR)
    no_first = next(p.sense for p in clause.pieces if p.sense in {Sense.NO, Sense.NOT}) is Sense.NO
    if not (senses & (MODALS | {Sense.ACCEPT, _VERB[question]}) or no_first):
        raise Unclear(NOT_CLEAR)
    _check_whose(clause)
    return Intent.NO


def _by_a_verb(clause: Clause, question: Question) -> Intent | None:
    """A yes by what one does or wishes: `je viendrai`, `heureux d'accompagner`, `ok pour continuer`."""
    senses = clause.senses
    oks = any(piece.words in _OKS for piece in clause.pieces)
    wished = senses & {Sense.WANT, Sense.CAN} or oks
    own = Sense.ACCEPT in senses or _VERB[question] in senses
    topic = oks and senses & {Sense.TOPIC, Sense.TERM, Sense.DAY}
    if not (own or topic or (question is Question.PAIRING and Sense.MENTOR in senses and wished)):
        return None
    if Sense.COND in senses and not (question is Question.RENEWAL and _is_a_wish(clause)):
        return None
    _check_whose(clause)
    return _plainly(clause, Intent.YES)


def _turned_by_its_no(clause: Clause) -> bool:
    """`Je ne peux malheureusement pas`: that no is a negation, beside the verb that it turns."""
    return any(
        piece.sense is Sense.NO and {"pas", "not"} & set(piece.words.split()) for piece in clause.pieces
    )


def _is_a_wish(clause: Clause) -> bool:
    words = {word for piece in clause.pieces for word in piece.words.split()}
    return bool(words & _WISHES) or ("would" in words and bool(words & {"like", "love"}))


def _check_whose(clause: Clause) -> None:
    """What another one wants is not an answer: `elle accepte`, `Paul souhaite continuer`."""
    for piece in clause.pieces:
        if piece.sense is Sense.ME:
            return
        if piece.sense is Sense.THEM or (piece.sense is Sense.UNKNOWN and piece is clause.pieces[0]):
            raise Unclear(SOMEONE_ELSE)
        if piece.sense in VERBS | MODALS | {Sense.AGREE}:
            return
