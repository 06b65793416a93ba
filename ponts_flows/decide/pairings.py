"""What a pairing needs next, from the proposal to the introduction, and what decisions and answers do to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ponts_flows.actions import (
    Action,
    AskCoordinator,
    CancelUnsent,
    CloseReview,
    MoveApplication,
    MovePairing,
    Plan,
    Propose,
    Skipped,
    Urgency,
    Wake,
)
from ponts_flows.board.decisions import ProposalDecision
from ponts_flows.decide.calendar import add_working_days, local
from ponts_flows.decide.sequence import Later, due
from ponts_flows.lifecycle import ApplicationStage, PairingStage
from ponts_flows.model import Answer, Profile, Role, Sent
from ponts_flows.programme import Programme

S = PairingStage
ASKED = {S.ASKING_MENTOR: Role.MENTOR, S.ASKING_MENTEE: Role.MENTEE}


@dataclass(frozen=True, kw_only=True)
class Party:
    """One half of a pairing. `unfit` says in French why nothing may start with this person now, "" when it may."""

    id: str
    profile: Profile
    unfit: str = ""
    gone: bool = False


@dataclass(frozen=True, kw_only=True)
class PairingCase:
    """All that is known of one pairing. `broken` are the hard rules it breaks today, in French."""

    id: str
    stage: PairingStage
    since: datetime
    mentor: Party
    mentee: Party
    broken: tuple[str, ...]
    override: str
    sent: Mapping[str, Sent]

    def party(self, role: Role) -> Party:
        """The half that has a role."""
        return self.mentor if role is Role.MENTOR else self.mentee

    def obstacles(self, override: str = "") -> tuple[str, ...]:
        """Why the pairing may not go on today; none when a coordinator wrote a reason."""
        if override or self.override:
            return ()
        return (*self.broken, *(half.unfit for half in (self.mentor, self.mentee) if half.unfit))


def follow(case: PairingCase, *, programme: Programme, now: datetime) -> list[Action]:
    """What is due for a pairing now, and when to look at it again."""
    match case.stage:
        case S.PROPOSED | S.POSTPONED if case.obstacles():
            return [*_move(case, S.WITHDRAWN, " ; ".join(case.obstacles())), Wake(about=case.id, at=None)]
        case S.POSTPONED:
            until = case.since + programme.postponed_for
            if now < until:
                return [Wake(about=case.id, at=until)]
            return _move(case, S.PROPOSED, "de nouveau proposée, une semaine après avoir été reportée")
        case S.ASKING_MENTOR | S.ASKING_MENTEE | S.ACCEPTED if case.mentor.gone or case.mentee.gone:
            return _called_off(case, "l'une des deux candidatures a été retirée", Role.MENTOR, Role.MENTEE)
        case S.ASKING_MENTOR | S.ASKING_MENTEE:
            return _asking(case, ASKED[case.stage], programme, now)
        case S.ACCEPTED:
            return [Wake(about=case.id, at=None)] if case.obstacles() else _introduced(case)
        case S.ENGAGED:
            return [*_introduction(case), Wake(about=case.id, at=None)]
        case _:
            return [Wake(about=case.id, at=None)]


def _move(case: PairingCase, to: PairingStage, reason: str, override: str = "") -> list[Action]:
    """A move; what was planned for the stage before and has not left is no longer true."""
    return [
        MovePairing(pairing=case.id, to=to, reason=reason, override=override),
        CancelUnsent(about=case.id, reason=reason),
        *(CloseReview(key=f"{case.id}/no-answer/{role}") for role in Role),
    ]


def _asking(case: PairingCase, role: Role, programme: Programme, now: datetime) -> list[Action]:
    party = case.party(role)
    asked = case.sent.get(_key(case, f"ask/{role}"))
    release = add_working_days((asked and asked.sent_at) or now, programme.ask_release_days, programme)
    values = {"answer_before": local(release, programme).date().isoformat()}
    first = _plan(case, f"ask/{role}", f"pairing-{role}", (role,), Urgency.QUESTION, values)
    reminder = _plan(case, f"ask/{role}/reminder", "pairing-reminder", (role,), Urgency.REMINDER, values)
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
        *_move(case, S.RELEASED, reason),
        MoveApplication(
            application=case.party(role).id,
            to=ApplicationStage.ON_HOLD,
            reason="sans réponse à une proposition",
        ),
        _plan(case, f"released/{role}", "pairing-released", (role,), Urgency.NEWS),
    ]
    if role is Role.MENTEE:
        actions.append(_off(case, Role.MENTOR))
    return actions


def _called_off(case: PairingCase, reason: str, *told: Role) -> list[Action]:
    """End a pairing before its introduction; whoever had been asked and is still with us is told."""
    asked = [role for role in told if _key(case, f"ask/{role}") in case.sent and not case.party(role).gone]
    return [
        *_move(case, S.WITHDRAWN, reason),
        *(_off(case, role) for role in asked),
        Wake(about=case.id, at=None),
    ]


def _off(case: PairingCase, role: Role) -> Plan:
    return _plan(case, f"off/{role}", "pairing-off", (role,), Urgency.NEWS)


def _introduced(case: PairingCase, override: str = "") -> list[Action]:
    return [
        *_move(case, S.ENGAGED, "présentés l'un à l'autre", override),
        *_introduction(case),
        Wake(about=case.id, at=None),
    ]


def _introduction(case: PairingCase) -> list[Action]:
    plan = _plan(case, "introduction", "introduction", (Role.MENTEE, Role.MENTOR), Urgency.INTRODUCTION)
    return [] if plan.key in case.sent else [plan]


def _key(case: PairingCase, occasion: str) -> str:
    return f"{case.id}/{occasion}"


def _plan(
    case: PairingCase,
    occasion: str,
    template: str,
    to: tuple[Role, ...],
    urgency: Urgency,
    values: dict[str, str] | None = None,
) -> Plan:
    parties = [case.party(role) for role in to]
    return Plan(
        key=_key(case, occasion),
        about=case.id,
        template=template,
        to=tuple(party.id for party in parties),
        languages=tuple(dict.fromkeys(party.profile.mail_language for party in parties)),
        urgency=urgency,
        values=values or {},
        at_once=urgency is Urgency.ACKNOWLEDGEMENT,
    )


def answered(case: PairingCase, role: Role, answer: Answer) -> list[Action]:
    """What a participant's yes or no does; said again, or said too late, it moves nothing."""
    agreed = case.stage is S.ACCEPTED or (case.stage is S.ASKING_MENTEE and role is Role.MENTOR)
    if ASKED.get(case.stage) is role:
        return _yes(case, role) if answer is Answer.YES else _no(case, role)
    if agreed and answer is Answer.NO:
        return _no(case, role)
    if answer is Answer.YES and (agreed or case.stage is S.ENGAGED):
        return [Skipped(about=case.id, reason=f"le {role.value} avait déjà dit oui")]
    return [
        AskCoordinator(
            key=f"{case.id}/late/{role}/{answer}",
            about=case.id,
            subject=f"« {'Oui' if answer is Answer.YES else 'Non'} » du {role.value}, que rien n'attendait plus",
            todo="Le binôme n'attend plus cette réponse : voir avec la personne.",
        )
    ]


def _yes(case: PairingCase, role: Role) -> list[Action]:
    if role is Role.MENTOR:
        noted = _plan(case, "noted/mentor/yes", "pairing-yes-noted", (role,), Urgency.ACKNOWLEDGEMENT)
        return [*_move(case, S.ASKING_MENTEE, "le mentor a dit oui"), noted]
    if case.obstacles():
        reason = "oui des deux ; en attente : " + " ; ".join(case.obstacles())
        row = AskCoordinator(
            key=f"{case.id}/accepted",
            about=case.id,
            subject="Oui des deux, mais une règle n'est plus respectée : " + " ; ".join(case.obstacles()),
            todo="La présentation partira d'elle-même une fois la situation réglée.",
        )
        return [*_move(case, S.ACCEPTED, reason), row]
    return _introduced(case)


def _no(case: PairingCase, role: Role) -> list[Action]:
    noted = _plan(case, f"noted/{role}/no", "pairing-no-noted", (role,), Urgency.ACKNOWLEDGEMENT)
    actions: list[Action] = [*_move(case, S.DECLINED, f"le {role.value} a dit non"), noted]
    if _key(case, f"ask/{role.other}") in case.sent:
        actions.append(_off(case, role.other))
    return actions


def decided(case: PairingCase, choice: str, override: str) -> tuple[list[Action], str]:
    """What a coordinator's choice does, and the note left in the emptied cell."""
    if choice not in list(ProposalDecision):
        return _nothing(case, f"« {choice[:40]} » n'est pas un choix de la liste : rien n'a été fait.")
    if case.stage not in (S.PROPOSED, S.POSTPONED):
        return _nothing(case, "Rien n'a été fait : cette proposition n'attend plus de décision.")
    if choice == ProposalDecision.REFUSE:
        return _move(case, S.REFUSED, "refusée par la coordination"), "Refusée ; elle ne sera plus proposée."
    if choice == ProposalDecision.POSTPONE:
        return _move(case, S.POSTPONED, "reportée par la coordination"), "Reportée d'une semaine."
    if obstacles := case.obstacles(override):
        return _nothing(
            case,
            f"Rien n'a été fait : {' ; '.join(obstacles)}. "
            "Pour passer outre, écrivez un motif dans la colonne Dérogation, puis choisissez de nouveau.",
        )
    if choice == ProposalDecision.APPROVE_WITHOUT_ASKING:
        return _introduced(case, override), "Validée : la présentation part."
    return _move(
        case, S.ASKING_MENTOR, "validée par la coordination", override
    ), "Validée : le mentor est consulté."


def _nothing(case: PairingCase, note: str) -> tuple[list[Action], str]:
    return [Skipped(about=case.id, reason=note)], note


def requested(
    *, mentee: Party, mentor: Party, broken: tuple[str, ...], busy: str, override: str
) -> tuple[list[Action], str]:
    """What a row with two identifiers, added by a coordinator, does: a proposal, or the reason why not.

    `busy` says why one of the two has no place left, which no written reason can change.
    """
    if busy:
        return [], f"Refusé : {busy}."
    obstacles = (*broken, *(half.unfit for half in (mentor, mentee) if half.unfit))
    if obstacles and not override:
        note = (
            f"Refusé : {' ; '.join(obstacles)}. "
            "Pour passer outre, écrivez un motif dans la colonne Dérogation de cette ligne."
        )
        return [], note
    proposal = Propose(
        mentor=mentor.id,
        mentee=mentee.id,
        score=0,
        parts=(),
        alternatives=(),
        asked_for=True,
        override=override if obstacles else "",
    )
    return [proposal], "Demande enregistrée."
