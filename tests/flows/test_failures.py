"""Runs that can't do all their work: how they end, what they still do, and what they say of it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlalchemy import select

from flows.watching import FINISHED, Prefect
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
    prefect = Prefect(services.url)
    deployment = prefect.call("GET", f"/deployments/name/{flow}/{flow}")["id"]
    changed = {"job_variables": {"env": {"PREFECT_LOGGING_LEVEL": "INFO", **environment}}}
    made = prefect.call("POST", f"/deployments/{deployment}/create_flow_run", json=changed)
    of_this_run = {"flow_run_id": {"any_": [made["id"]]}}
    for _ in range(600):  # a minute
        ended = prefect.call("GET", f"/flow_runs/{made['id']}")["state"]
        lines = [log["message"] for log in prefect.call("POST", "/logs/filter", json={"logs": of_this_run})]
        if ended["type"] in FINISHED and any(LAST_LINE in line for line in lines):
            break
        time.sleep(0.1)
    tasks = prefect.call("POST", "/task_runs/filter", json={"flow_runs": {"id": {"any_": [made["id"]]}}})
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


@dataclass(frozen=True, kw_only=True)
class Broken:
    """A run of the programme after somebody signed up, on a board that lacks a tab."""

    told: Told
    sent: dict[str, object]
    received: list[str]
    now: datetime


@pytest.fixture(scope="module")
def broken(services: Services) -> Broken:
    """What came of it; the board and the people are as before."""
    world = services.world
    snapshot = world.snapshot()
    world.tick()  # the register, a tab of the board, was read before
    earlier = sent(world)
    request(world, {"deleteSheet": {"sheetId": at("proposals")}})
    address = world.sign_up("mentor", first_name=NEWCOMER[0], last_name=NEWCOMER[1])
    told = run(services, "programme")
    came = Broken(
        told=told,
        sent={key: moment for key, moment in sent(world).items() if key not in earlier},
        received=[mail.subject for mail in world.inbox(address)],
        now=world.now,
    )
    world.restore(snapshot)
    return came


def test_a_run_whose_board_is_broken_fails_and_names_the_steps_and_the_remedy(broken: Broken) -> None:
    assert broken.told.state == "FAILED"
    assert broken.told.message.endswith("StepsFailed: collect-board, refresh-board")
    assert any("`ponts setup` puts it back" in line for line in broken.told.lines)


def test_a_run_whose_board_is_broken_still_answers_who_signed_up(broken: Broken) -> None:
    assert broken.received[-1:] == ["Votre candidature au mentoring et votre cotisation"]


def test_a_run_sends_by_the_clock_of_the_sandbox_whatever_the_time_of_its_schedule(broken: Broken) -> None:
    assert set(broken.sent.values()) == {broken.now}


def test_a_run_that_fails_names_nobody(services: Services, broken: Broken) -> None:
    assert "1 new form responses" in "\n".join(broken.told.lines)  # it met somebody, whom it could have named
    assert personal_words(services, broken.told) == []
