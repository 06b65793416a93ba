"""The stages of an engagement: the term, the renewal, the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from ponts_flows.actions import (
    Action,
    AskCoordinator,
    CancelUnsent,
    CloseReview,
    MoveApplication,
    MovePairing,
    Pause,
    Plan,
    Summarise,
    Urgency,
)
from ponts_flows.answers import Again, ReviewAnswer
from ponts_flows.decide.calendar import add_days
from ponts_flows.decide.engagement.invitations import cancelling
from ponts_flows.decide.engagement.life import Life, step_of
from ponts_flows.decide.pairing_case import plan
from ponts_flows.lifecycle import RUNNING, ApplicationStage, PairingStage
from ponts_flows.model import Role
from ponts_flows.timetable import STEP

S = PairingStage
STAYS = {Role.MENTOR: Again.MENTOR_AGAIN, Role.MENTEE: Again.MENTEE_AGAIN}


@dataclass(kw_only=True)
class Move:
    """A change of stage due now, or the moments at which one may be due and what it would be."""

    actions: list[Action] = field(default_factory=list)
    moments: list[datetime] = field(default_factory=list)
    coming: list[tuple[datetime, str]] = field(default_factory=list)

    def at(self, moment: datetime, what: str) -> Move:
        """Nothing now; look again at a moment."""
        self.moments.append(moment)
        self.coming.append((moment, what))
        return self


def move(life: Life) -> Move:
    """The stage that the facts and the date put a pair in, if it is another one."""
    case = life.case
    if case.stage not in RUNNING:
        return Move()
    for role in Role:
        if case.party(role).left:
            return Move(actions=stopped(life, f"le {role} a quitté le programme", told=(role.other,)))
    if case.stage is S.CLOSING:
        return _closing(life)
    if case.stage is S.PAUSED and case.until is not None and life.now >= case.until:
        return Move(actions=resumed(life, "pause terminée"))
    if case.renewed_at is not None:
        last = life.day(life.programme.last_meeting_day)
        if life.now >= last:
            return Move(actions=[_to(life, S.CLOSING, f"les {life.programme.longest_fr} s'achèvent")])
        return _or_resumed(life, Move().at(last, "dernière rencontre et bilan"))
    if life.now < life.term:
        return _or_resumed(life, Move().at(life.term, f"terme des {life.programme.term_fr}"))
    return _at_term(life)


def _or_resumed(life: Life, found: Move) -> Move:
    if life.case.stage is S.PAUSED and life.case.until is not None:
        found.at(life.case.until, "fin de la pause")
    return found


def _at_term(life: Life) -> Move:
    """Two yeses and paid dues make a second term; dues may come a month late. Anything else ends the first."""
    programme = life.programme
    if life.both_wish:
        end = life.day(programme.term_days + programme.renewal_grace_days)
        if life.case.stage is S.ENGAGED and life.both_paid:
            return Move(
                actions=[_to(life, S.RENEWED, f"prolongé à {programme.longest_fr}, à la demande des deux")]
            )
        if life.now < end:
            return _or_resumed(life, Move().at(end, "fin, faute de cotisation ou de reprise"))
        return Move(actions=[_to(life, S.CLOSING, "terme atteint : cotisation absente ou binôme en pause")])
    wishes = {life.wishes_to_go_on(role) for role in Role}
    one_stops = f"l'un des deux s'arrête à {programme.term_fr}"
    said = one_stops if False in wishes else "prolongation non demandée par les deux"
    return Move(actions=[_to(life, S.CLOSING, f"terme des {programme.term_fr} : {said}")])


def _closing(life: Life) -> Move:
    end = add_days(life.case.since, life.programme.closing_days, life.programme)
    reviewed = all(life.answer(role, ReviewAnswer) for role in Role)
    if not reviewed and life.now < end:
        return Move().at(end, "fin")
    reason = "les deux bilans sont reçus" if reviewed else "un mois après le terme"
    return Move(actions=[_to(life, S.COMPLETED, reason), *_released(life)])


def resumed(life: Life, reason: str) -> list[Action]:
    """Back to work after a pause, in the term that it was in."""
    stage = S.RENEWED if life.case.renewed_at else S.ENGAGED
    return [_to(life, stage, reason), Pause(pairing=life.case.id, until=None)]


def stopped(life: Life, reason: str, *, told: tuple[Role, ...], by: Role | None = None) -> list[Action]:
    """End an engagement before its term: whoever is told learns no detail, and both may come back to the pool."""
    case = life.case
    row = AskCoordinator(
        key=f"{case.id}/stopped",
        about=case.id,
        subject=f"Accompagnement arrêté : {reason}",
        todo="Rien d'obligatoire : les deux sont prévenus, et peuvent demander un autre binôme.",
    )
    noted = [plan(case, f"stop-noted/{by}", "stop-noted", (by,), Urgency.ACKNOWLEDGEMENT)] if by else []
    return [
        CancelUnsent(about=case.id, reason=reason),
        _to(life, S.STOPPED, reason),
        *noted,
        *(
            plan(case, f"stopped/{role}", "stopped", (role,), Urgency.QUESTION)
            for role in told
            if not case.party(role).left
        ),
        *_called_off(life),
        *(CloseReview(key=key) for key, is_open in case.rows.items() if is_open and step_of(key) in STEP),
        row,
        Summarise(pairing=case.id, summary=life.so_far),
        *_released(life),
    ]


def _called_off(life: Life) -> list[Plan]:
    """The calendar files that take back a meeting still announced."""
    return [
        plan(
            life.case,
            f"meeting/{off.name}/{role}",
            off.mail,
            (role,),
            Urgency.CALENDAR,
            dict(off.values),
        )
        for role in Role
        if not life.case.party(role).left
        for off in cancelling(life, role)
    ]


def _released(life: Life) -> list[Action]:
    """Who is free again: back in the pool if they said so, else thanked and left in peace."""
    actions: list[Action] = []
    for role in Role:
        party, review = life.case.party(role), life.answer(role, ReviewAnswer)
        if party.gone or party.elsewhere or (review is not None and STAYS[role] in review.again):
            continue
        actions.append(
            MoveApplication(
                application=party.id,
                to=ApplicationStage.FINISHED,
                reason=f"accompagnement {life.case.id} terminé",
            )
        )
    return actions


def _to(life: Life, stage: PairingStage, reason: str) -> MovePairing:
    return MovePairing(pairing=life.case.id, to=stage, reason=reason)
