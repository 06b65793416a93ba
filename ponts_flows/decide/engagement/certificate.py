"""The certificate of participation: at the end, for whoever asks; at any time, when a coordinator says so."""

from __future__ import annotations

from datetime import datetime

from ponts_flows.actions import Plan, Urgency
from ponts_flows.decide.calendar import local
from ponts_flows.decide.engagement.life import Life
from ponts_flows.decide.pairing_case import plan
from ponts_flows.lifecycle import RUNNING, PairingStage
from ponts_flows.model import Role

AT_THE_END = frozenset({PairingStage.CLOSING, PairingStage.COMPLETED, PairingStage.STOPPED})


def certificate(life: Life, role: Role, at: datetime) -> Plan:
    """The mail that brings it to one of a pair that was introduced; it says what was known at that moment."""
    case = life.case
    ended = life.now if case.stage in RUNNING else case.since
    values = {
        "began_on": life.introduced_on.isoformat(),
        "ended_on": local(ended, life.programme).date().isoformat(),
        "meetings": str(len(life.held)),
    }
    occasion = f"certificate/{at:%Y%m%d%H%M%S}/{role}"
    return plan(case, occasion, "certificate", (role,), Urgency.ACKNOWLEDGEMENT, values)
