"""Whether two have met, when, and when next, in clauses."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from ponts_flows.mail.received.meaning.agreement import (
    A_BUT,
    ACKNOWLEDGED,
    BOTH,
    NO_ANSWER,
    NOT_CLEAR,
    NOT_THIS,
    RESERVED,
    UNKNOWN_BESIDE,
    Unclear,
)
from ponts_flows.mail.received.meaning.days import Day
from ponts_flows.mail.received.meaning.intent import Intent, Meaning
from ponts_flows.mail.received.meaning.phrases import Clause
from ponts_flows.mail.received.meaning.words import HELD, MODALS, POLITE, TO_COME, TOPICS, VERBS, Sense

_FOREIGN = VERBS | MODALS | TOPICS | {Sense.AGREE, Sense.DECLINE}
_SMALL = POLITE | {Sense.REGRET, Sense.LINK, Sense.ME, Sense.THEM}
_NEGATION = frozenset({Sense.NE, Sense.NOT, Sense.NO, Sense.NOT_YET, Sense.YET})
_IN_A_NEGATION = _SMALL | _NEGATION | HELD | {Sense.NOW, Sense.MEETING, Sense.UNKNOWN}
_PLANNED = TO_COME | {Sense.APPOINTMENT, Sense.PENDING}
# These say whether a day that is told is past or to come; a bare yes or no does not.
_TENSED = _PLANNED | {Sense.MET, Sense.NOT_YET}
_WITH_A_NO = frozenset({Sense.REGRET, Sense.BUSY, Sense.NOW, Sense.YET})

WHICH_DAY = "un jour dont on ne sait pas s’il est passé ou à venir"
NOT_COME = "une date de rencontre qui n’est pas encore venue"
GONE = "une prochaine date qui est déjà passée"
SEVERAL = "plusieurs dates que l’on ne peut départager"
NOTHING_HELD = "une prochaine date, sans que l’on sache si la rencontre a eu lieu"
PLANNED_OR_HELD = "un oui, dont on ne sait pas si la rencontre a eu lieu ou est prévue"


@dataclass
class _Told:
    """What the clauses told so far: senses that count, and days."""

    senses: set[Sense] = field(default_factory=set)
    held: set[date] = field(default_factory=set)
    coming: set[date] = field(default_factory=set)
    role: Sense | None = None
    """What a day without more is: of the meeting that was told of last, held (MET) or to come (NEXT)."""


def encounter(clauses: Sequence[Clause], *, on: date) -> Meaning:
    """Read whether they met; `Unclear` when it can't be told for sure."""
    if any(clause.senses & _FOREIGN for clause in clauses):
        raise Unclear(NOT_THIS)
    told = _Told()
    for clause in clauses:
        # After a yes, a "mais" takes something back; after a no, it may bring the day that is planned.
        if clause.but and (told.held or not clause.pieces or told.senses & (HELD | {Sense.YES})):
            raise Unclear(A_BUT)
        _hear(clause, told, on)
    return _concluded(told)


def _hear(clause: Clause, told: _Told, on: date) -> None:
    senses = clause.senses
    negated = bool(senses & {Sense.NOT, Sense.NOT_YET, Sense.NO, Sense.PENDING})
    if senses & {Sense.NEXT, Sense.AGAIN} and negated and not clause.days and Sense.MET not in senses:
        # No next date yet: says nothing of the meeting that was asked about, but that one comes after it.
        told.senses.add(Sense.NEXT)
        return
    if Sense.NOT in senses:
        _hear_a_negation(clause, told)
        return
    if Sense.NE in senses and Sense.NOT_YET not in senses:
        raise Unclear(NOT_CLEAR)
    if Sense.YES in senses and _is_reported(clause):
        raise Unclear(UNKNOWN_BESIDE)
    held = bool(senses & HELD) and Sense.NOT_YET not in senses
    if (Sense.YES in senses and negated) or (held and Sense.NO in senses):
        raise Unclear(BOTH)
    told.senses |= senses - _without_weight(clause, held=held)
    _place_all(clause, told, held=held, on=on)


def _without_weight(clause: Clause, *, held: bool) -> frozenset[Sense]:
    """A "vus" after a "pas encore", a rendez-vous that was held, the hour of a day."""
    hour = frozenset({Sense.HOUR} if clause.days else ())
    return hour | (frozenset({Sense.APPOINTMENT}) if held else HELD)


def _is_reported(clause: Clause) -> bool:
    """`Paul dit que oui`: a word that is not known comes before the yes."""
    before = itertools.takewhile(lambda piece: piece.sense is not Sense.YES, clause.pieces)
    return any(piece.small for piece in before)


def _hear_a_negation(clause: Clause, told: _Told) -> None:
    """`Nous ne nous sommes pas vus`: anything more in such a clause is for a person."""
    senses = clause.senses
    more = not senses <= _IN_A_NEGATION or any(piece.small for piece in clause.pieces)
    if more or not senses & HELD or clause.count(Sense.NOT) > 1:
        raise Unclear(NOT_CLEAR)
    told.senses.add(Sense.NOT_YET)
    told.role = Sense.NEXT


def _place_all(clause: Clause, told: _Told, *, held: bool, on: date) -> None:
    """Put each day of a clause with the meeting it is of: by its marker, or by what was told before."""
    to_come = bool(clause.senses & TO_COME) or (Sense.APPOINTMENT in clause.senses and not held)
    if (held and to_come) or len(clause.days) > 1:
        _place_by_order(clause, told)
        return
    only_no = Sense.NO in told.senses and Sense.NOT_YET not in told.senses
    sure = held or to_come or (not only_no and bool(told.senses & _TENSED))
    if held or to_come:
        told.role = Sense.MET if held else Sense.NEXT
    elif clause.senses & {Sense.YES, Sense.NO, Sense.NOT_YET}:
        told.role = Sense.MET if Sense.YES in clause.senses else Sense.NEXT
    for day in clause.days:
        if not sure:
            _check_nearness(day, told.role, on)
        _place(day, told, told.role)


def _place_by_order(clause: Clause, told: _Told) -> None:
    """`Vus le 12 mars prochain rdv le 9 avril`: each day goes with the marker before it."""
    for piece in clause.pieces:
        if piece.sense in HELD or piece.sense is Sense.YES:
            told.role = Sense.MET
        elif piece.sense in TO_COME or piece.sense in {Sense.NO, Sense.NOT_YET}:
            told.role = Sense.NEXT
        if piece.day:
            _place(piece.day, told, told.role)


def _check_nearness(day: Day, role: Sense | None, on: date) -> None:
    """By a bare yes, a day that may be either is the one that has come if that is much the nearer.

    "Non, jeudi" may correct a date as well as announce one, and this afternoon may be over or not.
    """
    if day.past is None or day.future is None:
        return
    nearer = role is Sense.MET and ((on - day.past) < (day.future - on) or day.past == day.future)
    if not nearer or "midi" in day.words or "afternoon" in day.words or "heure" in day.words:
        raise Unclear(WHICH_DAY)


def _place(day: Day, told: _Told, role: Sense | None) -> None:
    if day.fault:
        raise Unclear(day.fault)
    if role is None and (told.held or told.coming):
        raise Unclear(SEVERAL)
    if (day.past is None) == (day.future is None) and (role is None or day.past is None):
        raise Unclear(WHICH_DAY)
    held = role is Sense.MET if role else day.future is None
    if held and day.past:
        told.held.add(day.past)
    elif not held and day.future:
        told.coming.add(day.future)
    else:
        raise Unclear(NOT_COME if held else GONE)


def _concluded(told: _Told) -> Meaning:
    senses = told.senses
    if len(told.held) > 1 or len(told.coming) > 1 or told.held & told.coming:
        raise Unclear(SEVERAL)
    no, yes = bool(senses & {Sense.NO, Sense.NOT_YET}), Sense.YES in senses
    supported = yes or bool(senses & {Sense.WAY, Sense.MEETING})
    met = bool(told.held) or Sense.MET in senses or (Sense.MET_IF in senses and supported)
    if no and (yes or met or Sense.MET_IF in senses):
        raise Unclear(BOTH)
    if senses & _WITH_A_NO and not no:
        raise Unclear(RESERVED)
    if Sense.WEAK in senses and not (no or supported or senses & HELD):
        raise Unclear(ACKNOWLEDGED)
    held_on, next_on = next(iter(told.held), None), next(iter(told.coming), None)
    if met or yes:
        _check_it_was_held(senses, met=met)
        return Meaning(intent=Intent.MET, held_on=held_on, next_on=next_on)
    if no or (next_on and not senses & {Sense.AGAIN, Sense.NTH}):
        return Meaning(intent=Intent.NOT_YET, next_on=next_on)
    if next_on:
        raise Unclear(NOTHING_HELD)
    raise Unclear(ACKNOWLEDGED if Sense.THANKS in senses else NO_ANSWER)


def _check_it_was_held(senses: set[Sense], *, met: bool) -> None:
    """`Oui, c'est prévu` and `oui, à 18 h` may be of a meeting to come."""
    planned = senses & _PLANNED and not senses & {Sense.NEXT, Sense.AGAIN}
    if not met and (planned or Sense.HOUR in senses):
        raise Unclear(PLANNED_OR_HELD)
