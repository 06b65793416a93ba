"""What an engaged pair needs now: the stage it should be in, what the timetable asks for, how it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from ponts_flows.actions import (
    Action,
    AskCoordinator,
    Cancel,
    CloseReview,
    MovePairing,
    Plan,
    Skipped,
    Summarise,
    Summary,
    Wake,
)
from ponts_flows.decide.calendar import add_days, local
from ponts_flows.decide.engagement.due import Due, due
from ponts_flows.decide.engagement.life import Life, step_of
from ponts_flows.decide.engagement.meetings import doubtful
from ponts_flows.decide.engagement.moves import move
from ponts_flows.decide.pairing_case import PairingCase
from ponts_flows.lifecycle import RUNNING, PairingStage
from ponts_flows.model import Role
from ponts_flows.programme import Programme
from ponts_flows.timetable import AT_WORK, STEP, days_of

S = PairingStage
# What is left out or cancelled may be what other steps count from: read again soon after.
NEXT_PASS = timedelta(hours=1)
DATES, DISPUTED, PAUSED = NOTICES = ("dates", "disputed", "paused-at-term")


def follow(case: PairingCase, *, programme: Programme, now: datetime) -> list[Action]:
    """What is due for an engaged pair now, and when to look at it again.

    A change of stage comes first: what the new stage asks for is read off when it is there.
    """
    life = Life(case=case, programme=programme, now=now)
    moved = move(life)
    if moved.actions:
        return [*moved.actions, *_left_behind(life, moved.actions)]
    found = due(life)
    found.moments += moved.moments
    to_look_at = _to_look_at(life, found)
    silent = _silence(life, found)
    summary = Summarise(pairing=case.id, summary=_summary(life, found, moved.coming))
    if any(isinstance(action, Cancel | Skipped) for action in (*found.actions, *silent)):
        found.moments.append(now + NEXT_PASS)
    later = [moment for moment in found.moments if moment > now]
    return [
        *found.actions,
        *to_look_at,
        *silent,
        summary,
        Wake(about=case.id, at=min(later, default=None)),
    ]


def _left_behind(life: Life, moves: list[Action]) -> list[Action]:
    """A reason kept for what was due by now and has no place in the stage that comes: the machine slept, or lagged."""
    (to,) = (action.to for action in moves if isinstance(action, MovePairing))
    if to is S.STOPPED:
        return []
    actions: list[Action] = []
    for action in due(life).actions:
        if isinstance(action, Plan) and to not in (step := STEP[step_of(action.key)]).stages:
            reason = f"{step.what_fr} : l'étape s'est achevée avant que le message ait pu partir"
            actions.append(Skipped(about=life.case.id, reason=reason, key=action.key))
        elif isinstance(action, Skipped):
            actions.append(action)
    return actions


def _silence(life: Life, found: Due) -> list[Action]:
    """A reason on record for whoever would otherwise hear nothing for a month: why there was nothing to say."""
    if life.case.stage not in RUNNING:
        return []
    actions: list[Action] = []
    called_off = {action.key for action in found.actions if isinstance(action, Cancel)}
    for role in Role:
        id = life.case.party(role).id
        if any(isinstance(action, Plan) and id in action.to for action in found.actions):
            continue
        kept = [at for key, at in life.case.noted.items() if key.endswith(f"/{role}")]
        heard = [
            message.sent_at or message.planned_at
            for key, message in life.case.sent.items()
            if id in message.to and message.status != "cancelled" and key not in called_off
        ]
        last = max((life.began_at, *kept, *heard))
        again = add_days(last, life.programme.silence_days, life.programme)
        if life.now < again:
            found.moments.append(again)
            continue
        number = sum("/quiet/" in key for key in life.case.noted if key.endswith(f"/{role}")) + 1
        reason = f"rien à dire au {role} depuis un mois : {_why_nothing(life, role)}"
        key = f"{life.case.id}/quiet/{number}/{role}"
        actions.append(Skipped(about=life.case.id, reason=reason, key=key))
        found.moments.append(add_days(life.now, life.programme.silence_days, life.programme))
    return actions


def _why_nothing(life: Life, role: Role) -> str:
    if life.case.stage is S.PAUSED:
        return "binôme en pause"
    if life.case.party(role).set_aside:
        return "mis de côté par la coordination"
    away = life.case.party(role).away_until
    if away is not None and away > life.now:
        return "en congé"
    if life.next is not None:
        return f"prochaine rencontre le {life.next.on:%d/%m/%Y}"
    return (
        "le mentee est invité à proposer la prochaine rencontre"
        if role is Role.MENTOR
        else "rien n'est attendu"
    )


def _to_look_at(life: Life, found: Due) -> list[Action]:
    """Lines for the coordinators that facts call for: two dates for what may be one meeting, a pause at its term.

    One closes by itself when the facts were corrected, or the pair resumed.
    """
    rows = [
        AskCoordinator(
            key=f"{life.case.id}/{DATES}/{one.on}/{other.on}",
            about=life.case.id,
            subject=f"Deux dates pour ce qui est peut-être une seule rencontre : le {one.on:%d/%m/%Y}, selon le "
            f"{next(iter(one.roles))} ; le {other.on:%d/%m/%Y}, selon le {next(iter(other.roles))}",
            todo="Rien d'obligatoire : elles comptent pour deux. Si c'est une seule, le faire corriger par un nouveau "
            "compte rendu.",
        )
        for one, other in doubtful(life.held, life.programme)
    ]
    rows += [
        AskCoordinator(
            key=f"{life.case.id}/{DISPUTED}/{meeting.on}",
            about=life.case.id,
            subject=f"Rencontre du {meeting.on:%d/%m/%Y} : tenue selon l'un, manquée selon l'autre",
            todo="Rien d'obligatoire : elle compte comme tenue.",
        )
        for meeting in life.meetings
        if meeting.disputed
    ]
    renewal = add_days(life.began_at, days_of(STEP["renewal"].due[0], life.programme), life.programme)
    asleep = life.case.stage is S.PAUSED and not life.case.renewed_at and not life.both_wish
    if asleep and life.now < renewal:
        found.moments.append(renewal)
    elif asleep:
        rows.append(
            AskCoordinator(
                key=f"{life.case.id}/{PAUSED}",
                about=life.case.id,
                subject=f"Binôme en pause, dont le terme approche : {local(life.term, life.programme):%d/%m/%Y}",
                todo="Onglet Binômes : « Reprendre » pour que la prolongation soit demandée ; sinon, il se terminera.",
            )
        )
    wanted = {row.key for row in rows}
    return [
        *(row for row in rows if row.key not in life.case.rows),
        *(
            CloseReview(key=key)
            for key, is_open in life.case.rows.items()
            if is_open and key not in wanted and step_of(key) in NOTICES
        ),
    ]


def _summary(life: Life, found: Due, moves: list[tuple[datetime, str]]) -> Summary:
    coming = min([*found.coming, *moves], default=None)
    return replace(
        life.so_far,
        next_on=life.next.on if life.next and life.case.stage in RUNNING else None,
        risk=_risk(life, found),
        next_step=coming[1] if coming else "",
        next_at=coming[0] if coming else None,
    )


def _risk(life: Life, found: Due) -> str:
    """Why a pair needs an eye, in French; "" when it does not."""
    if life.case.stage not in AT_WORK:
        return ""
    if life.both_wish and not life.both_paid and life.now >= life.term:
        return "Prolongation souhaitée des deux, en attente de la cotisation"
    last = life.last_on or life.introduced_on
    late = add_days(
        datetime.combine(last, life.began_at.timetz()),
        days_of(STEP["at-risk"].due[0], life.programme),
        life.programme,
    )
    if life.next is not None:
        return ""
    if life.now < late:
        found.moments.append(late)
        return ""
    if life.last_on is None:
        return f"Aucune rencontre depuis la mise en relation, le {last:%d/%m/%Y}"
    return f"Aucune rencontre depuis le {last:%d/%m/%Y}"
