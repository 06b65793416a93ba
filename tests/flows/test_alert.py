"""A weekly run that fails reaches the coordinators by itself: Prefect's trigger, the worker, a mail."""

from __future__ import annotations

import time

import pytest

from flows.watching import FINISHED, Prefect
from ponts_flows.sandbox.server import free_port
from tests.flows.conftest import Services
from tests.journeys.test_alarm import SUBJECT
from tests.journeys.world import COORDINATOR

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(300)]


def told(services: Services) -> int:
    return [mail.subject for mail in services.world.inbox(COORDINATOR)].count(SUBJECT)


def ended(services: Services, flow: str, **environment: str) -> str:
    """How a run of a flow ended, with these variables changed."""
    prefect = Prefect(services.url)
    deployment = prefect.call("GET", f"/deployments/name/{flow}/{flow}")["id"]
    changed = {"job_variables": {"env": environment}}
    made = prefect.call("POST", f"/deployments/{deployment}/create_flow_run", json=changed)
    for _ in range(600):
        state = prefect.call("GET", f"/flow_runs/{made['id']}")["state"]["type"]
        if state in FINISHED:
            return str(state)
        time.sleep(0.1)
    return "NEVER"


def test_a_failed_digest_is_told_to_the_coordinators_without_anybody_asking(services: Services) -> None:
    state = ended(services, "digest", PONTS_GOOGLE_ROOT=f"http://127.0.0.1:{free_port()}")
    for _ in range(600):
        if told(services):
            break
        time.sleep(0.1)

    assert state == "FAILED"
    assert told(services) == 1
    mail = next(mail for mail in services.world.inbox(COORDINATOR) if mail.subject == SUBJECT)
    assert "La tâche du lundi a échoué" in " ".join(mail.text.split())
    assert services.run("digest").state == "Completed"
    assert services.run("alert").state == "Completed"
    assert told(services) == 1
