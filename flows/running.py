"""How a pass runs as a flow: each step a task, errors at the end, identifiers only in what Prefect keeps."""

from __future__ import annotations

import logging
from datetime import datetime

from prefect import Task, get_run_logger
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed

from ponts_flows.errors import AlreadyRunning
from ponts_flows.steps import Pass, Step, run_pass
from ponts_flows.steps.opening import opened


class StepsFailed(Exception):
    """Some steps of a pass failed; the others were carried out. The next pass tries them again."""


def run_steps(steps: tuple[Step, ...], *, beside: bool = False) -> dict[str, int] | State[None]:
    """Run the steps of one pass as tasks; raises StepsFailed, naming them, when some failed.

    `beside`: without the lock of the pass; several of these may run at once.
    """
    logger = get_run_logger()
    with opened(not_before=_scheduled()) as run:
        try:
            report = run_pass(run, steps, call=_as_task, beside=beside)
        except AlreadyRunning:
            return Completed(message="Another run was at work; nothing to do.")
    for line in report.lines():
        logger.log(logging.WARNING if report.errors else logging.INFO, line)
    if report.errors:
        raise StepsFailed(", ".join(report.errors))
    return report.counts


def _scheduled() -> datetime | None:
    """Prefect may start a run half a second before its time."""
    return flow_run.get_scheduled_start_time()


def _as_task(step: Step, run: Pass) -> int:
    # A closure and not an argument: Prefect would keep what it is given, and look inside it.
    run_step: Task[[], int] = Task(
        lambda: step.run(run),
        name=step.name,
        cache_policy=NO_CACHE,
        persist_result=False,
        retries=0,  # what may be tried again, the way to Google has tried again already
    )
    return run_step()
