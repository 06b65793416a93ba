"""Runs through the worker: by which clock they work, how those end that cannot, and what they say of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import requests
from sqlalchemy import select

from flows.watching import FINISHED
from ponts_flows.ledger.tables import message
from ponts_flows.sandbox.server import free_port
from tests.flows.conftest import PEOPLE, Services
from tests.journeys.spreadsheet import at, request
from tests.journeys.world import World, address_of

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(300)]

NEWCOMER = ("Solène", "Quatrevaux")
LAST_LINE = "Finished in state"


@dataclass(frozen=True, kw_only=True)
class Told:
    """How a flow run ended, and all that it left to read in Prefect: messages of states, lines of the log."""

    state: str
    message: str
    lines: tuple[str, ...]


def run(services: Services, flow: str, **environment: str) -> Told:
    """Run a flow now with these variables changed, its log as talkative as Prefect's own default."""
    api = f"{services.url}/api"
    deployment = requests.get(f"{api}/deployments/name/{flow}/{flow}", timeout=30).json()["id"]
    body = {"job_variables": {"env": {"PREFECT_LOGGING_LEVEL": "INFO", **environment}}}
    made = requests.post(f"{api}/deployments/{deployment}/create_flow_run", json=body, timeout=30).json()
    of_this_run = {"flow_run_id": {"any_": [made["id"]]}}
    for _ in range(600):  # a minute
        ended = requests.get(f"{api}/flow_runs/{made['id']}", timeout=30).json()["state"]
        lines = [log["message"] for log in services.asked("/logs/filter", {"logs": of_this_run})]
        if ended["type"] in FINISHED and any(LAST_LINE in line for line in lines):
            break
        time.sleep(0.1)
    tasks = services.asked("/task_runs/filter", {"flow_runs": {"id": {"any_": [made["id"]]}}})
    said = [str(task["state"]["message"]) for task in tasks]
    return Told(state=ended["type"], message=ended["message"] or "", lines=(*lines, *said))


def sent(world: World) -> dict[str, object]:
    """When each message left, by its key, as the ledger has it."""
    with world.ledger.transaction() as db:
        rows = db.execute(select(message.c.key, message.c.sent_at).where(message.c.sent_at.is_not(None)))
        return {row.key: row.sent_at for row in rows}


def personal_words(services: Services, told: Told) -> list[str]:
    """The names and addresses that can be read in what a run left, or anywhere in Prefect's files."""
    left = "\n".join((told.message, *told.lines, services.kept.decode("utf-8", "replace")))
    people = [(first, last) for first, last, _ in PEOPLE] + [NEWCOMER]
    words = [word for first, last in people for word in (first, last, address_of(first, last))]
    return [word for word in [*words, "Cabinet", "@exemple.example"] if word in left]


def test_a_run_sends_what_is_due_by_the_clock_of_the_sandbox_and_names_nobody(services: Services) -> None:
    world = services.world
    world.sign_up("mentor", first_name=NEWCOMER[0], last_name=NEWCOMER[1])
    before = sent(world)

    told = run(services, "programme")

    after = sent(world)
    new = {key: moment for key, moment in after.items() if key not in before}
    assert told.state == "COMPLETED"
    assert set(new.values()) == {world.now}
    assert [mail.subject for mail in world.inbox(address_of(*NEWCOMER))] == [
        "Votre candidature au mentoring et votre cotisation"
    ]
    assert "collect-forms" in "\n".join(told.lines)  # the log was kept: it could have named her
    assert personal_words(services, told) == []


def test_a_run_that_reaches_nothing_fails_says_so_and_changes_nothing(services: Services) -> None:
    world = services.world
    before = sent(world)
    nobody = f"http://127.0.0.1:{free_port()}"

    told = run(services, "programme", PONTS_GOOGLE_ROOT=nobody)

    assert told.state == "FAILED"
    assert f"The sandbox does not answer at {nobody}: is it running?" in told.message
    assert any(nobody in line for line in told.lines)
    assert personal_words(services, told) == []
    assert sent(world) == before


@pytest.fixture
def without_a_tab(services: Services) -> Iterator[Services]:
    """A coordinator deleted the tab Propositions; everything is as it was at the end."""
    before = services.world.snapshot()
    request(services.world, {"deleteSheet": {"sheetId": at("proposals")}})
    yield services
    services.world.restore(before)


def test_a_run_whose_board_was_broken_serves_people_and_fails_naming_the_steps(
    without_a_tab: Services,
) -> None:
    world = without_a_tab.world
    late = world.sign_up("mentor", first_name=NEWCOMER[0], last_name="Quatrevaux-Lys")

    told = run(without_a_tab, "programme")

    assert told.state == "FAILED"
    assert told.message == ""
    assert len(world.inbox(late)) == 1
    assert personal_words(without_a_tab, told) == []
