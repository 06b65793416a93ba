"""How a pair that ran before the programme looked after it joins: what was due before is left out, with a reason."""

from __future__ import annotations

from datetime import datetime

from ponts_flows.actions import Action, Plan, Skipped
from ponts_flows.decide.engagement.due import due
from ponts_flows.decide.engagement.life import Life, step_of
from ponts_flows.decide.pairing_case import PairingCase
from ponts_flows.programme import Programme
from ponts_flows.timetable import STEP

ASKED_ALL_THE_SAME = frozenset({"renewal"})
"""What is asked though its day has passed, as long as the answer still counts: else the pair would end unasked."""


def left_out(case: PairingCase, *, programme: Programme, now: datetime) -> list[Action]:
    """A reason for each mail that the timetable would send now about what was before. Asked until there is none left.

    What one leaves out may be what another one counts from.
    """
    life = Life(case=case, programme=programme, now=now)
    actions: list[Action] = []
    for action in due(life).actions:
        if isinstance(action, Plan) and step_of(action.key) not in ASKED_ALL_THE_SAME:
            reason = f"{STEP[step_of(action.key)].what_fr} : était dû avant que le programme suive ce binôme"
            actions.append(Skipped(about=case.id, reason=reason, key=action.key))
        elif isinstance(action, Skipped):
            actions.append(action)
    return actions
