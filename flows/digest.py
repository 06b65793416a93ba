"""Once a week: tell the coordinators what awaits them."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from flows.running import run_steps
from ponts_flows.steps import WEEKLY


@flow(name="digest", persist_result=False)
def digest() -> dict[str, int] | State[None]:
    """One pass over everything, with the coordinators' digest."""
    return run_steps(WEEKLY)
