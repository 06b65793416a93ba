"""What Prefect does by itself when a run goes silent: it is marked crashed, so that the next one is not kept out.

    python -m flows.automations        (`make deploy` does it; PREFECT_API_URL says where)

A worker that is stopped leaves its run Running for ever. Runs say every half minute that they live
(PREFECT_FLOWS_HEARTBEAT_FREQUENCY=30 where workers run); silence of three times as long is taken for death.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

from prefect.automations import Automation
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import EventTrigger, Posture

HEARTBEAT_SECONDS = 30
SILENT_SECONDS = 90
NAME = "silent runs are crashed"
ENDS = ("Completed", "Failed", "Cancelled", "Crashed", "Paused", "Suspended")


def silent_runs() -> Automation:
    """The automation, as Prefect takes it."""
    beat = "prefect.flow-run.heartbeat"
    trigger = EventTrigger(
        after={beat},
        expect={beat, *(f"prefect.flow-run.{state}" for state in ENDS)},
        match={"prefect.resource.id": ["prefect.flow-run.*"]},
        for_each={"prefect.resource.id"},
        posture=Posture.Proactive,
        threshold=1,
        within=timedelta(seconds=SILENT_SECONDS),
    )
    crashed = ChangeFlowRunState(
        name=None,
        state=StateType.CRASHED,
        force=False,
        message=f"Nothing was heard of this run for {SILENT_SECONDS} seconds.",
    )
    return Automation(name=NAME, trigger=trigger, actions=[crashed])


async def set_up() -> None:
    """Have Prefect know the automation, once and as it is here."""
    wanted = silent_runs()
    try:
        there = await Automation.aread(name=NAME)
    except ValueError:
        await wanted.acreate()
        return
    there.trigger, there.actions = wanted.trigger, wanted.actions
    await there.aupdate()


if __name__ == "__main__":
    asyncio.run(set_up())
