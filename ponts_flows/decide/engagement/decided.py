"""What a coordinator's choice in the tab Binômes does, and the note left in the emptied cell."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ponts_flows.actions import Action, Away, MovePairing, Pause, Skipped
from ponts_flows.board.decisions import EngagementDecision
from ponts_flows.decide.engagement.certificate import certificate
from ponts_flows.decide.engagement.life import Life
from ponts_flows.decide.engagement.moves import resumed, stopped
from ponts_flows.decide.pairing_case import PairingCase
from ponts_flows.lifecycle import RUNNING, PairingStage
from ponts_flows.model import Role
from ponts_flows.programme import Programme

S = PairingStage
D = EngagementDecision
LEAVES = {D.MENTOR_AWAY: Role.MENTOR, D.MENTEE_AWAY: Role.MENTEE}
LONGEST_LEAVE = timedelta(days=365)

Outcome = tuple[list[Action], str]


def decided(
    case: PairingCase, choice: str, until: date | None, *, programme: Programme, now: datetime
) -> Outcome:
    """What a choice does. `until` is the last day of a pause or of a leave; None: until a coordinator says so."""
    if choice not in list(D):
        return _nothing(case, f"« {choice[:40]} » n'est pas un choix de la liste : rien n'a été fait.")
    if choice == D.CERTIFICATE and case.engaged_at is not None:
        return _certificates(Life(case=case, programme=programme, now=now))
    if case.stage not in RUNNING:
        return _nothing(case, "Rien n'a été fait : cet accompagnement est terminé.")
    life = Life(case=case, programme=programme, now=now)
    if until is not None and until < life.today and choice in (D.PAUSE, *LEAVES):
        return _nothing(case, "Rien n'a été fait : la date de la colonne Jusqu'au est passée.")
    end = _day_after(until, programme) if until else None
    match D(choice):
        case D.PAUSE:
            return _paused(case, end, until)
        case D.RESUME:
            if case.stage is not S.PAUSED:
                return _nothing(case, "Rien n'a été fait : ce binôme n'est pas en pause.")
            return resumed(life, "repris par la coordination"), "Repris : les messages suivent leur cours."
        case D.END:
            reason = "à la demande de la coordination"
            return stopped(life, reason, told=(Role.MENTEE, Role.MENTOR)), "Terminé : les deux sont prévenus."
        case D.MENTOR_AWAY | D.MENTEE_AWAY:
            role = LEAVES[D(choice)]
            away = Away(application=case.party(role).id, until=end or now + LONGEST_LEAVE)
            when = f"jusqu'au {until:%d/%m/%Y} inclus" if until else "jusqu'à « Fin de congé », un an au plus"
            return [away], f"Le {role} est en congé {when} : ses messages attendent."
        case D.BACK:
            return _back(case, now)
        case D.CERTIFICATE:
            return _nothing(case, "Rien n'a été fait : ces deux personnes n'ont pas été présentées.")


def _certificates(life: Life) -> Outcome:
    mails = [certificate(life, role, life.now) for role in Role]
    return list(mails), "Attestations envoyées aux deux."


def _paused(case: PairingCase, end: datetime | None, until: date | None) -> Outcome:
    if case.stage is S.CLOSING:
        return _nothing(case, "Rien n'a été fait : le terme est atteint, le bilan est en cours.")
    pause = Pause(pairing=case.id, until=end)
    when = f"jusqu'au {until:%d/%m/%Y} inclus" if until else "jusqu'à « Reprendre »"
    note = f"En pause {when} ; le terme, lui, ne change pas."
    if case.stage is S.PAUSED:
        return [pause], note
    return [MovePairing(pairing=case.id, to=S.PAUSED, reason="mis en pause par la coordination"), pause], note


def _back(case: PairingCase, now: datetime) -> Outcome:
    """A leave ends now: it is kept when, since what waited counts from there."""
    parties = (case.party(role) for role in Role)
    back: list[Action] = [
        Away(application=party.id, until=now)
        for party in parties
        if party.away_until is not None and party.away_until > now
    ]
    if not back:
        return _nothing(case, "Rien n'a été fait : aucun des deux n'est en congé.")
    return back, "Congés terminés : les messages suivent leur cours."


def _day_after(day: date, programme: Programme) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(programme.time_zone))


def _nothing(case: PairingCase, note: str) -> Outcome:
    return [Skipped(about=case.id, reason=note)], note
