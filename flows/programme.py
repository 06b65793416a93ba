"""Every ten minutes: read what is new, decide, send what is due, show it on the board."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from flows.running import run_steps
from ponts_flows.steps import PROGRAMME


@flow(name="programme", persist_result=False)
def programme() -> dict[str, int] | State[None]:
    """One pass over everything."""
    return run_steps(PROGRAMME)
