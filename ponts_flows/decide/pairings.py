"""What a pairing needs next, from the proposal to the introduction: questions, reminders, release.

From the introduction on, `decide.engagement` reads the timetable.
"""

from __future__ import annotations

from datetime import datetime

from ponts_flows.actions import (
    Action,
    AskCoordinator,
    CancelUnsent,
    CloseReview,
    MoveApplication,
    MovePairing,
    Plan,
    Urgency,
    Wake,
)
from ponts_flows.decide import engagement
from ponts_flows.decide.calendar import add_working_days, local
from ponts_flows.decide.pairing_case import PairingCase, key_of, plan
from ponts_flows.decide.sequence import Later, due
from ponts_flows.lifecycle import RUNNING, ApplicationStage, PairingStage
from ponts_flows.model import Role
from ponts_flows.programme import Programme

S = PairingStage
ASKED = {S.ASKING_MENTOR: Role.MENTOR, S.ASKING_MENTEE: Role.MENTEE}


def follow(case: PairingCase, *, programme: Programme, now: datetime) -> list[Action]:
    """What is due for a pairing now, and when to look at it again."""
    match case.stage:
        case S.PROPOSED | S.POSTPONED if case.obstacles():
            return [*move(case, S.WITHDRAWN, " ; ".join(case.obstacles())), Wake(about=case.id, at=None)]
        case S.POSTPONED:
            until = case.since + programme.postponed_for
            if now < until:
                return [Wake(about=case.id, at=until)]
            return move(case, S.PROPOSED, "de nouveau proposée, une semaine après avoir été reportée")
        case S.ASKING_MENTOR | S.ASKING_MENTEE | S.ACCEPTED if case.mentor.gone or case.mentee.gone:
            return _called_off(case, "l'une des deux candidatures a été retirée", Role.MENTOR, Role.MENTEE)
        case S.ASKING_MENTOR | S.ASKING_MENTEE:
            return _asking(case, ASKED[case.stage], programme, now)
        case S.ACCEPTED:
            return [Wake(about=case.id, at=None)] if case.obstacles() else introduced(case)
        case stage if stage in RUNNING or stage is S.COMPLETED:
            return engagement.follow(case, programme=programme, now=now)
        case _:
            return [Wake(about=case.id, at=None)]


def move(case: PairingCase, to: PairingStage, reason: str, override: str = "") -> list[Action]:
    """A move; what was planned for the stage before and has not left is no longer true."""
    return [
        MovePairing(pairing=case.id, to=to, reason=reason, override=override),
        CancelUnsent(about=case.id, reason=reason),
        *(CloseReview(key=f"{case.id}/no-answer/{role}") for role in Role),
        CloseReview(key=f"{case.id}/accepted"),
    ]


def _asking(case: PairingCase, role: Role, programme: Programme, now: datetime) -> list[Action]:
    party = case.party(role)
    asked = case.sent.get(key_of(case, f"ask/{role}"))
    release = add_working_days((asked and asked.sent_at) or now, programme.ask_release_days, programme)
    values = {"answer_before": local(release, programme).date().isoformat()}
    first = plan(case, f"ask/{role}", f"pairing-{role}", (role,), Urgency.QUESTION, values)
    reminder = plan(case, f"ask/{role}/reminder", "pairing-reminder", (role,), Urgency.REMINDER, values)
    row = AskCoordinator(
        key=f"{case.id}/no-answer/{role}",
        about=case.id,
        subject=f"Sans réponse du {role.value} depuis {programme.ask_coordinator_days} jours ouvrés",
        todo=f"Relancer {party.profile.full_name} de vive voix ; sans réponse, la proposition sera levée d'elle-même.",
    )
    told = programme.ask_coordinator_days - programme.ask_reminder_days
    left = programme.ask_release_days - programme.ask_coordinator_days
    later = (
        Later(days=programme.ask_reminder_days, actions=(reminder,), working_days=True),
        Later(days=told, actions=(row,), working_days=True),
        Later(days=left, actions=tuple(_released(case, role)), working_days=True),
    )
    found = due(first, later, sent=case.sent, now=now, programme=programme)
    return [*found.actions, Wake(about=case.id, at=found.at)]


def _released(case: PairingCase, role: Role) -> list[Action]:
    """The one who kept silent is set aside; the other, if already asked, is told."""
    reason = f"sans réponse du {role.value}"
    actions = [
        *move(case, S.RELEASED, reason),
        MoveApplication(
            application=case.party(role).id,
            to=ApplicationStage.ON_HOLD,
            reason="sans réponse à une proposition",
        ),
        plan(case, f"released/{role}", "pairing-released", (role,), Urgency.NEWS),
    ]
    if role is Role.MENTEE:
        actions.append(off(case, Role.MENTOR))
    return actions


def _called_off(case: PairingCase, reason: str, *told: Role) -> list[Action]:
    """End a pairing before its introduction; whoever had been asked and is still with us is told."""
    asked = [role for role in told if key_of(case, f"ask/{role}") in case.sent and not case.party(role).gone]
    return [
        *move(case, S.WITHDRAWN, reason),
        *(off(case, role) for role in asked),
        Wake(about=case.id, at=None),
    ]


def off(case: PairingCase, role: Role) -> Plan:
    """Tell one of the two, who had said yes or been asked, that there will be no pair."""
    return plan(case, f"off/{role}", "pairing-off", (role,), Urgency.NEWS)


def introduced(case: PairingCase, override: str = "") -> list[Action]:
    """Begin the engagement and introduce the two to each other."""
    introduction = plan(
        case, "introduction", "introduction", (Role.MENTEE, Role.MENTOR), Urgency.INTRODUCTION
    )
    return [*move(case, S.ENGAGED, "présentés l'un à l'autre", override), introduction]
