"""Every minute, where several workers run: send what is due. Several may be at it at once."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from flows.running import run_steps
from ponts_flows.steps import OUTBOX


@flow(name="outbox", persist_result=False)
def outbox() -> dict[str, int] | State[None]:
    """Messages that are due leave, beside the passes."""
    return run_steps(OUTBOX, beside=True)
