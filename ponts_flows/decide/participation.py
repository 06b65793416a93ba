"""What someone who is in no pair asks for their own part in the programme."""

from __future__ import annotations

from datetime import datetime

from ponts_flows.actions import Action, AskCoordinator, MoveApplication, NoReminders, Plan, Skipped, Urgency
from ponts_flows.answers import ParticipationAnswer, Wish
from ponts_flows.decide.applications import ApplicationCase
from ponts_flows.lifecycle import ApplicationStage

S = ApplicationStage


def wished(case: ApplicationCase, value: ParticipationAnswer, *, source: str, at: datetime) -> list[Action]:
    """What a wish does; a message to the coordinators reaches them when its author ticked so."""
    return [*_done(case, value.wish, source, at), *_shared(case, value, source)]


def _done(case: ApplicationCase, wish: Wish, source: str, at: datetime) -> list[Action]:
    match wish:
        case Wish.STOP | Wish.LEAVE:
            if case.stage is S.WITHDRAWN:
                return [Skipped(about=case.id, reason="demande à quitter le programme, déjà fait")]
            left = _to(case, S.WITHDRAWN, "a quitté le programme")
            return [left, _noted(case, "leave-noted", at)]
        case Wish.BACK:
            if case.stage not in (S.FINISHED, S.WITHDRAWN):
                row = AskCoordinator(
                    key=f"{case.id}/answer/{source}",
                    about=case.id,
                    subject="Demande à revenir parmi les candidats, alors que la candidature n'est pas terminée",
                    todo="Onglet Candidatures : « Reprendre » si elle est en attente ; sinon, rien d'obligatoire.",
                )
                return [row]
            back = _to(case, case.verdict, "revient parmi les candidats, à sa demande")
            return [back, _noted(case, "back-noted", at)]
        case Wish.NO_REMINDERS:
            return [NoReminders(application=case.id), _noted(case, "no-reminders-noted", at)]
        case Wish.CERTIFICATE:
            row = AskCoordinator(
                key=f"{case.id}/answer/{source}",
                about=case.id,
                subject="Demande une attestation de participation, sans dire de quel binôme",
                todo="Onglet Binômes, ligne de son binôme : « Envoyer l'attestation », si cela convient.",
            )
            return [row]


def _to(case: ApplicationCase, stage: ApplicationStage, reason: str) -> MoveApplication:
    return MoveApplication(application=case.id, to=stage, reason=reason, member_key=case.member_key)


def _shared(case: ApplicationCase, value: ParticipationAnswer, source: str) -> list[Action]:
    if not (value.note and value.share_note):
        return []
    key = f"{case.id}/note/{source}"
    subject = f"Écrit à la coordination : {value.note}"
    return [AskCoordinator(key=key, about=case.id, subject=subject, todo="Répondre à la personne.")]


def _noted(case: ApplicationCase, template: str, at: datetime) -> Plan:
    return Plan(
        key=f"{case.id}/{template}/{at:%Y%m%d%H%M%S}",
        about=case.id,
        template=template,
        to=(case.id,),
        languages=(case.language,),
        urgency=Urgency.ACKNOWLEDGEMENT,
        at_once=True,
    )
