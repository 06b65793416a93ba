"""What an answer of one of the two does at once; all the rest follows from its being among the facts."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from ponts_flows.actions import (
    Action,
    AskCoordinator,
    MoveApplication,
    NoReminders,
    Plan,
    Skipped,
    Urgency,
    Wake,
)
from ponts_flows.answers import (
    Again,
    EventAnswer,
    Going,
    Held,
    MidpointAnswer,
    ParticipationAnswer,
    RenewalAnswer,
    ReviewAnswer,
    Said,
    SessionReport,
    Wish,
)
from ponts_flows.decide.calendar import local
from ponts_flows.decide.engagement.certificate import AT_THE_END, certificate
from ponts_flows.decide.engagement.life import Life
from ponts_flows.decide.engagement.meetings import can_be_true
from ponts_flows.decide.engagement.moves import STAYS, stopped
from ponts_flows.decide.pairing_case import PairingCase, plan
from ponts_flows.forms.sentences import problem
from ponts_flows.lifecycle import RUNNING, ApplicationStage, PairingStage
from ponts_flows.model import Role
from ponts_flows.programme import Programme

S = PairingStage
ENDED = frozenset({S.COMPLETED, S.STOPPED})


def said(case: PairingCase, one: Said, *, programme: Programme, now: datetime) -> list[Action]:
    """What one answer does, beyond being kept: `case.said` holds it already."""
    life = Life(case=case, programme=programme, now=now)
    if case.stage not in RUNNING | ENDED:
        return [_row(case, one, "a répondu avant la mise en relation", "Voir avec la personne.")]
    return [*_reactions(life, one), *_shared(case, one), Wake(about=case.id, at=now)]


def _reactions(life: Life, one: Said) -> list[Action]:
    value = one.value
    match value:
        case SessionReport():
            return _reported(life, one, value)
        case MidpointAnswer():
            return _midpoint(life.case, one, value)
        case RenewalAnswer():
            return _renewal(life, one, value)
        case ReviewAnswer():
            return _reviewed(life.case, one, value)
        case ParticipationAnswer():
            return _participation(life, one, value)
        case EventAnswer():
            return []  # about a group meeting, not about the pair
        case _:
            assert_never(value)


def _reported(life: Life, one: Said, value: SessionReport) -> list[Action]:
    case = life.case
    if case.stage in ENDED:
        return [
            _row(
                case,
                one,
                "rend compte d'une rencontre, alors que l'accompagnement est terminé",
                "Rien à faire.",
            )
        ]
    actions: list[Action] = []
    if not can_be_true(value, local(one.given_at, life.programme).date(), life.introduced_on):
        actions.append(_wrong_date(life, one))
    if value.call_me:
        actions.append(
            _row(case, one, "souhaite être appelé par la coordination", "Appeler la personne.", "call")
        )
    if value.held is Held.SILENT and one.role is Role.MENTOR and not life.in_touch:
        actions.append(
            _row(case, one, "dit que son mentee ne l'a pas encore contacté", "Appeler le mentee.", "silent")
        )
    return actions


def _wrong_date(life: Life, one: Said) -> Plan:
    language = life.case.party(one.role).profile.mail_language
    sentence = problem("on", "on/before", language, introduced=f"{life.introduced_on:%d/%m/%Y}")
    return problem_mail(life.case, one.source, one.role, one.given_at, "session", (sentence.text,))


def problem_mail(
    case: PairingCase, source: str, role: Role, at: datetime, form: str, problems: tuple[str, ...]
) -> Plan:
    """Tell someone at once what could not be taken into account, with a link to say it again."""
    occasion = f"answer-problem/{source}/{at:%Y%m%d%H%M%S}/{role}"
    values = {"problems": "\n".join(problems), "form": form}
    return plan(case, occasion, "answer-problem", (role,), Urgency.ACKNOWLEDGEMENT, values)


def _midpoint(case: PairingCase, one: Said, value: MidpointAnswer) -> list[Action]:
    if not (value.call_me or value.going is Going.HARD):
        return []
    what = "au point intermédiaire, fait état de difficultés et souhaite de l'aide"
    if value.going is not Going.HARD:
        what = "au point intermédiaire, souhaite être appelé par la coordination"
    return [_row(case, one, what, "Appeler la personne.", "call")]


def _renewal(life: Life, one: Said, value: RenewalAnswer) -> list[Action]:
    """Asked apart: neither learns what the other said."""
    case = life.case
    if case.renewed_at is not None:
        return [Skipped(about=case.id, reason=f"réponse du {one.role} à la prolongation, déjà acquise")]
    if case.stage not in (S.ENGAGED, S.PAUSED):
        what = (
            f"a dit « {'Oui' if value.answer == 'yes' else 'Non'} » à la prolongation après la fin du terme"
        )
        return [_row(case, one, what, "Rien n'a été changé : voir avec la personne.")]
    occasion = f"renewal-noted/{one.given_at:%Y%m%d%H%M%S}/{one.role}"
    values = {"answer": value.answer.value}
    return [plan(case, occasion, "renewal-noted", (one.role,), Urgency.ACKNOWLEDGEMENT, values)]


def _reviewed(case: PairingCase, one: Said, value: ReviewAnswer) -> list[Action]:
    actions: list[Action] = []
    if value.video:
        actions.append(
            _row(
                case, one, "accepte de témoigner en vidéo", "Prendre contact pour l'enregistrement.", "video"
            )
        )
    if case.stage in ENDED and STAYS[one.role] in value.again:
        actions.append(_back(case, one.role))
    if case.stage is S.STOPPED and Again.NOT_NOW in value.again:
        actions.append(
            Skipped(about=case.id, reason=f"le {one.role} ne souhaite pas d'autre binôme pour l'instant")
        )
    return actions


def _participation(life: Life, one: Said, value: ParticipationAnswer) -> list[Action]:
    case, role = life.case, one.role
    party = case.party(role)
    stamp = f"{one.given_at:%Y%m%d%H%M%S}"
    match value.wish:
        case Wish.STOP:
            if case.stage in ENDED:
                return [Skipped(about=case.id, reason=f"le {role} demande l'arrêt, déjà acquis")]
            return stopped(life, f"à la demande du {role}", told=(role.other,), by=role)
        case Wish.LEAVE:
            reason = "a quitté le programme"
            noted = plan(case, f"leave-noted/{stamp}/{role}", "leave-noted", (role,), Urgency.ACKNOWLEDGEMENT)
            return [
                MoveApplication(application=party.id, to=ApplicationStage.WITHDRAWN, reason=reason),
                noted,
                _row(case, one, "a quitté le programme", "Rien d'obligatoire.", "left"),
            ]
        case Wish.BACK:
            if case.stage not in ENDED:
                what = "demande un autre binôme alors que celui-ci court"
                return [_row(case, one, what, "Voir avec la personne.")]
            if party.set_aside:
                what = "demande un autre binôme alors que sa candidature est en attente"
                return [_row(case, one, what, "Onglet Candidatures : « Reprendre » si cela convient.")]
            noted = plan(case, f"back-noted/{stamp}/{role}", "back-noted", (role,), Urgency.ACKNOWLEDGEMENT)
            return [_back(case, role), noted]
        case Wish.NO_REMINDERS:
            noted = plan(
                case,
                f"no-reminders-noted/{stamp}/{role}",
                "no-reminders-noted",
                (role,),
                Urgency.ACKNOWLEDGEMENT,
            )
            return [NoReminders(application=party.id), noted]
        case Wish.CERTIFICATE:
            if case.stage not in AT_THE_END or case.engaged_at is None:
                what = "demande une attestation, alors que l'accompagnement court"
                return [
                    _row(case, one, what, "Onglet Binômes : « Envoyer l'attestation », si cela convient.")
                ]
            return [certificate(life, role, one.given_at)]
        case _:
            assert_never(value.wish)


def _back(case: PairingCase, role: Role) -> Action:
    """Into the pool again, where today's dues are looked at again; whoever is there already stays."""
    party = case.party(role)
    if not (party.finished or party.left):
        return Skipped(about=party.id, reason="déjà parmi les candidats")
    return MoveApplication(
        application=party.id, to=ApplicationStage.ELIGIBLE, reason="revient parmi les candidats, à sa demande"
    )


def _shared(case: PairingCase, one: Said) -> list[Action]:
    """Free text reaches the coordinators only when its author ticked so."""
    note = getattr(one.value, "note", "")
    if not (note and getattr(one.value, "share_note", False)):
        return []
    return [_row(case, one, f"écrit à la coordination : {note}", "Répondre à la personne.", "note")]


def _row(case: PairingCase, one: Said, what: str, todo: str, name: str = "answer") -> AskCoordinator:
    return AskCoordinator(
        key=f"{case.id}/{name}/{one.source}", about=case.id, subject=f"Le {one.role} {what}", todo=todo
    )
