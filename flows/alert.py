"""When a run fails or crashes: tell the coordinators, unless the next ones mend it by themselves."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from flows.running import run_steps
from ponts_flows.doctor.watch import TELL


@flow(name="alert", persist_result=False)
def alert() -> dict[str, int] | State[None]:
    """A look at flows and worker."""
    return run_steps(TELL, beside=True)
