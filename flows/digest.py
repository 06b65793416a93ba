"""Once a week: tell the coordinators what awaits them."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from flows.running import run_steps
from ponts_flows.doctor.weekly import WEEK


@flow(name="digest", persist_result=False)
def digest() -> dict[str, int] | State[None]:
    """One pass over everything, with the doctor's round and the coordinators' digest."""
    return run_steps(WEEK)
