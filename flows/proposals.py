"""Once a week: propose the best pairings to the coordinators."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from flows.running import run_steps
from ponts_flows.steps import PROPOSALS


@flow(name="proposals", persist_result=False)
def proposals() -> dict[str, int] | State[None]:
    """One pass over everything, with new proposals."""
    return run_steps(PROPOSALS)
