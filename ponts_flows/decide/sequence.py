"""A question and what follows it when nobody answers: reminders, the coordinator, the end of waiting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ponts_flows.actions import Action, Plan
from ponts_flows.decide.calendar import add_days, add_working_days
from ponts_flows.model import Sent
from ponts_flows.programme import Programme


@dataclass(frozen=True, kw_only=True)
class Later:
    """What is due so many days after the step before it; a message counts from the moment it left."""

    days: int
    actions: tuple[Action, ...]
    working_days: bool = False


@dataclass(frozen=True, kw_only=True)
class Due:
    """The actions due now, and when to look again; `at` None: once the message under way has left."""

    actions: tuple[Action, ...]
    at: datetime | None


def due(
    first: Plan, later: tuple[Later, ...], *, sent: Mapping[str, Sent], now: datetime, programme: Programme
) -> Due:
    """What a sequence asks for now.

    Each step waits for the one before to have really happened, so that a machine asleep for three weeks
    does not send a reminder and the end of waiting on the same morning.
    """
    if first.key not in sent:
        return Due(actions=(first,), at=None)
    anchor = sent[first.key].gone_at
    actions: list[Action] = []
    for step in later:
        if anchor is None:
            return Due(actions=tuple(actions), at=None)
        add = add_working_days if step.working_days else add_days
        moment = add(anchor, step.days, programme)
        if now < moment:
            return Due(actions=tuple(actions), at=moment)
        plans = [action for action in step.actions if isinstance(action, Plan)]
        actions += [
            action for action in step.actions if not isinstance(action, Plan) or action.key not in sent
        ]
        waited_for = [sent.get(plan.key) for plan in plans]
        if any(message is None for message in waited_for):
            return Due(actions=tuple(actions), at=None)
        anchor = waited_for[-1].gone_at if waited_for and waited_for[-1] else moment
    return Due(actions=tuple(actions), at=None)
