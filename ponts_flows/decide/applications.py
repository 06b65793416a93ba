"""What an application needs next: a correction, dues, a coordinator's eye, or nothing but a place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ponts_flows.actions import (
    Action,
    AskCoordinator,
    Cancel,
    CancelUnsent,
    CloseReview,
    Confirm,
    MoveApplication,
    Plan,
    Skipped,
    Urgency,
    Wake,
)
from ponts_flows.board.decisions import ApplicationDecision
from ponts_flows.decide.calendar import add_days
from ponts_flows.decide.sequence import Due, Later, due
from ponts_flows.lifecycle import ApplicationStage
from ponts_flows.model import Language, Role, Sent
from ponts_flows.programme import Programme

S = ApplicationStage
HELD = frozenset({S.ON_HOLD, S.FINISHED, S.WITHDRAWN})


@dataclass(frozen=True, kw_only=True)
class ApplicationCase:
    """All that is known of one application. `stage` None: it was just received. `verdict` is today's.

    `twins` are other applications for the same role that rest on the same member of the register. `paired`: in a
    pairing under way; `free_since`: when the last one ended.
    """

    id: str
    role: Role
    language: Language
    reachable: bool
    stage: ApplicationStage | None
    submitted_at: datetime
    verdict: ApplicationStage
    reason: str
    member_key: str | None
    episode: int
    sent: Mapping[str, Sent]
    since: datetime | None = None
    free_since: datetime | None = None
    paired: bool = False
    changes_on: datetime | None = None
    twins: tuple[str, ...] = ()


def follow(case: ApplicationCase, *, programme: Programme, now: datetime) -> list[Action]:
    """Move an application to where today's verdict puts it, and ask for what its stage is waiting for."""
    if case.stage in HELD and not _signs_up_again(case):
        return [*_no_news(case), Wake(about=case.id, at=None)]
    actions: list[Action] = []
    episode = case.episode
    if case.stage is not case.verdict:
        actions += _move(case)
        episode += case.stage is S.ELIGIBLE and case.verdict is S.MEMBERSHIP_MISSING
    if not case.reachable:
        return [*actions, _unreachable(case), Wake(about=case.id, at=None)]
    actions += [_twin(case, twin) for twin in case.twins]
    asked = _asked(case, episode, programme, now)
    news = _news(case, programme, now)
    again = _earliest(asked.at, news.at, case.changes_on)
    return [*actions, *asked.actions, *news.actions, Wake(about=case.id, at=again)]


def _signs_up_again(case: ApplicationCase) -> bool:
    """Someone whose engagement has ended filled in the form again since."""
    return case.stage is S.FINISHED and case.since is not None and case.submitted_at > case.since


def _news(case: ApplicationCase, programme: Programme, now: datetime) -> Due:
    """Where things stand, every month, for whoever waits for someone."""
    if case.paired or case.verdict not in (S.ELIGIBLE, S.REVIEW_MEMBERSHIP):
        return Due(actions=_no_news(case), at=None)
    sent = [message for message in case.sent.values() if message.status != "cancelled"]
    if not sent or any(message.under_way for message in sent):
        return Due(actions=(), at=None)  # looked at again once what is on its way has left
    heard = [message.gone_at or message.planned_at for message in sent]
    due_at = add_days(max(*heard, case.free_since or heard[0]), programme.waiting_days, programme)
    if now < due_at:
        return Due(actions=(), at=due_at)
    number = sum("/waiting/" in key for key in case.sent) + 1
    return Due(actions=(_plan(case, f"waiting/{number}", "waiting", Urgency.NEWS),), at=None)


def _no_news(case: ApplicationCase) -> tuple[Action, ...]:
    """News that waits to leave and is not true any more."""
    return tuple(
        Cancel(key=key, reason="un binôme est en cours, ou la candidature est mise de côté")
        for key, message in case.sent.items()
        if message.waits and "/waiting/" in key
    )


def _move(case: ApplicationCase) -> list[Action]:
    """The move itself; what the stage left behind was still asking for no longer matters."""
    moved = MoveApplication(
        application=case.id, to=case.verdict, reason=case.reason, member_key=case.member_key
    )
    if case.stage is None:
        return [moved]
    return [
        moved,
        CancelUnsent(about=case.id, reason="la situation a changé avant l'envoi"),
        *(CloseReview(key=f"{case.id}/{kind}") for kind in ("membership", "dues", "correction", "address")),
    ]


def _asked(case: ApplicationCase, episode: int, programme: Programme, now: datetime) -> Due:
    match case.verdict:
        case S.INCOMPLETE:
            return _correction(case, programme, now)
        case S.MEMBERSHIP_MISSING:
            return _dues(case, episode, programme, now)
        case S.REVIEW_MEMBERSHIP:
            return Due(actions=(_review(case), *_once(case, "review", "application-review")), at=None)
        case _:
            return Due(actions=_once(case, "received", "application-received"), at=None)


def _once(case: ApplicationCase, occasion: str, template: str) -> tuple[Action, ...]:
    plan = _plan(case, occasion, template, Urgency.ACKNOWLEDGEMENT, at_once=True)
    return () if plan.key in case.sent else (plan,)


def _correction(case: ApplicationCase, programme: Programme, now: datetime) -> Due:
    occasion = f"correction/{case.submitted_at:%Y%m%d%H%M%S}"
    first = _plan(case, occasion, "correction", Urgency.CORRECTION)
    reminder = _plan(case, f"{occasion}/reminder", "correction-reminder", Urgency.REMINDER)
    row = AskCoordinator(
        key=f"{case.id}/correction",
        about=case.id,
        subject="Candidature incomplète, deux messages sans réponse",
        todo="Contacter la personne, ou retirer la candidature.",
    )
    waits = programme.correction_coordinator_days - programme.correction_reminder_days
    later = (
        Later(days=programme.correction_reminder_days, actions=(reminder,)),
        Later(days=waits, actions=(row,)),
    )
    return due(first, later, sent=case.sent, now=now, programme=programme)


def _dues(case: ApplicationCase, episode: int, programme: Programme, now: datetime) -> Due:
    first = _plan(case, f"dues/{episode}", "dues", Urgency.CORRECTION)
    row = AskCoordinator(
        key=f"{case.id}/dues",
        about=case.id,
        subject="Cotisation toujours absente après deux relances",
        todo="Contacter la personne, ou la mettre en attente. Rien ne lui est proposé d'ici là.",
    )
    later: list[Later] = []
    before = 0
    for number, days in enumerate(programme.dues_reminder_days, 1):
        reminder = _plan(case, f"dues/{episode}/reminder-{number}", "dues-reminder", Urgency.REMINDER)
        later.append(Later(days=days - before, actions=(reminder,)))
        before = days
    later.append(Later(days=programme.dues_coordinator_days - before, actions=(row,)))
    return due(first, tuple(later), sent=case.sent, now=now, programme=programme)


def _review(case: ApplicationCase) -> AskCoordinator:
    return AskCoordinator(
        key=f"{case.id}/membership",
        about=case.id,
        subject="Adhésion à confirmer : même nom et même promotion, autre adresse",
        todo="Onglet Candidatures, colonne Décision : « Confirmer l'adhésion » ou « Ce n'est pas la même personne ».",
    )


def _twin(case: ApplicationCase, twin: str) -> AskCoordinator:
    one, other = sorted((case.id, twin))
    return AskCoordinator(
        key=f"{one}/twin/{other}",
        about=other,
        subject=f"{one} et {other} : deux candidatures pour le même adhérent ({case.member_key}), sous deux adresses",
        todo="Si c'est la même personne, retirer l'une des deux (onglet Candidatures, colonne Décision).",
    )


def _unreachable(case: ApplicationCase) -> AskCoordinator:
    return AskCoordinator(
        key=f"{case.id}/address",
        about=case.id,
        subject="Adresse e-mail illisible : personne ne peut écrire à ce candidat",
        todo="Retrouver l'adresse et la faire corriger dans le formulaire.",
    )


def _plan(
    case: ApplicationCase,
    occasion: str,
    template: str,
    urgency: Urgency,
    *,
    at_once: bool = False,
) -> Plan:
    return Plan(
        key=f"{case.id}/{occasion}",
        about=case.id,
        template=template,
        to=(case.id,),
        languages=(case.language,),
        urgency=urgency,
        at_once=at_once,
    )


def _earliest(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)


def decided(case: ApplicationCase, choice: str) -> tuple[list[Action], str]:
    """What a coordinator's choice does, and the note left in the emptied cell."""
    match choice:
        case ApplicationDecision.CONFIRM | ApplicationDecision.NOT_SAME:
            if case.stage is not S.REVIEW_MEMBERSHIP:
                return _nothing(case, "Rien à confirmer : l'adhésion n'attend pas de vérification.")
            same = choice == ApplicationDecision.CONFIRM
            note = (
                "Adhésion confirmée."
                if same
                else "Noté : ce n'est pas la même personne ; cotisation demandée."
            )
            return [Confirm(application=case.id, same_person=same)], note
        case ApplicationDecision.HOLD:
            return [_held(case, S.ON_HOLD, "mise en attente par la coordination")], "Mise en attente."
        case ApplicationDecision.WITHDRAW:
            return [_held(case, S.WITHDRAWN, "retirée par la coordination")], "Candidature retirée."
        case ApplicationDecision.RESUME:
            if case.stage not in HELD:
                return _nothing(case, "Rien à reprendre : la candidature suit déjà son cours.")
            return [MoveApplication(application=case.id, to=case.verdict, reason=case.reason)], "Reprise."
        case _:
            return _nothing(case, f"« {choice[:40]} » n'est pas un choix de la liste : rien n'a été fait.")


def _held(case: ApplicationCase, stage: ApplicationStage, reason: str) -> MoveApplication:
    return MoveApplication(application=case.id, to=stage, reason=reason)


def _nothing(case: ApplicationCase, note: str) -> tuple[list[Action], str]:
    return [Skipped(about=case.id, reason=note)], note
