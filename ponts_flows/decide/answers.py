"""What a participant's answer to a proposed pairing does to it."""

from __future__ import annotations

from ponts_flows.actions import Action, AskCoordinator, Skipped, Urgency
from ponts_flows.decide.pairing_case import PairingCase, key_of, plan
from ponts_flows.decide.pairings import ASKED, introduced, move, off
from ponts_flows.lifecycle import PairingStage
from ponts_flows.model import Answer, Role

S = PairingStage


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
        noted = plan(case, "noted/mentor/yes", "pairing-yes-noted", (role,), Urgency.ACKNOWLEDGEMENT)
        return [*move(case, S.ASKING_MENTEE, "le mentor a dit oui"), noted]
    if case.obstacles():
        reason = "oui des deux ; en attente : " + " ; ".join(case.obstacles())
        row = AskCoordinator(
            key=f"{case.id}/accepted",
            about=case.id,
            subject="Oui des deux, mais une règle n'est plus respectée : " + " ; ".join(case.obstacles()),
            todo="La présentation partira d'elle-même une fois la situation réglée.",
        )
        return [*move(case, S.ACCEPTED, reason), row]
    return introduced(case)


def _no(case: PairingCase, role: Role) -> list[Action]:
    noted = plan(case, f"noted/{role}/no", "pairing-no-noted", (role,), Urgency.ACKNOWLEDGEMENT)
    actions: list[Action] = [*move(case, S.DECLINED, f"le {role.value} a dit non"), noted]
    if key_of(case, f"ask/{role.other}") in case.sent:
        actions.append(off(case, role.other))
    return actions
