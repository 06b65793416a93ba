"""Every minute, where several workers run: fetch what came in. Several may be at it at once."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from flows.running import run_steps
from ponts_flows.steps import MAILBOX


@flow(name="mailbox", persist_result=False)
def mailbox() -> dict[str, int] | State[None]:
    """Mails received are kept, beside the passes, which read them."""
    return run_steps(MAILBOX, beside=True)
