"""What `prefect.yaml` promises, on a real server with a real worker."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests
import yaml

from flows import automations, prefect_services
from flows.prefect_services import ROOT
from flows.watching import Ended
from ponts_flows.doctor import prefect as doctor
from ponts_flows.steps.erasing import erase
from tests.flows.conftest import CONFIDENCE, PEOPLE, Services
from tests.journeys.world import address_of
from tests.processes import commands_seen

DEPLOYMENTS = yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]
NAMES = [deployment["name"] for deployment in DEPLOYMENTS]
SCHEDULED = {deployment["name"] for deployment in DEPLOYMENTS if deployment.get("schedules")}
ALL = [*DEPLOYMENTS, *yaml.safe_load((ROOT / "prefect-workers.yaml").read_text())["deployments"]]
PATIENCE = 60.0
"""Seconds that Prefect's server may take to answer: its database is busy with the runs before."""
LEA, PAUL = (address_of(first, last) for first, last, _ in PEOPLE)


@pytest.mark.parametrize("deployment", ALL, ids=[deployment["name"] for deployment in ALL])
def test_the_entrypoint_of_a_deployment_is_a_flow_of_its_name(deployment: dict[str, str]) -> None:
    path, _, function = deployment["entrypoint"].partition(":")
    module = importlib.import_module(path.removesuffix(".py").replace("/", "."))

    assert (getattr(module, function).name, (ROOT / path).exists()) == (deployment["name"], True)


def test_the_slug_of_a_schedule_is_never_renamed() -> None:
    slugs = {one["name"]: [schedule["slug"] for schedule in one.get("schedules", ())] for one in ALL}

    assert slugs == {
        "programme": ["every-ten-minutes"],
        "proposals": ["monday-morning"],
        "alert": [],
        "digest": ["monday-digest"],
        "outbox": ["outbox-every-minute"],
        "mailbox": ["mailbox-every-minute"],
    }


@pytest.mark.prefect
def test_a_run_that_goes_silent_is_to_be_marked_crashed(services: Services) -> None:
    (automation,) = [
        one for one in services.asked("/automations/filter", {}) if one["name"] == automations.NAME
    ]

    assert automation["enabled"]
    assert automation["trigger"]["within"] == automations.SILENT_SECONDS
    assert [action["state"] for action in automation["actions"]] == ["CRASHED"]


@pytest.mark.prefect
def test_setting_up_the_automations_again_leaves_one_of_each(services: Services) -> None:
    env = prefect_services.environment(services.world.directory, 0, {}) | {
        "PREFECT_API_URL": f"{services.url}/api"
    }

    subprocess.run([sys.executable, "-m", "flows.automations"], env=env, cwd=ROOT, check=True)

    names = [one["name"] for one in services.asked("/automations/filter", {})]
    assert sorted(names) == sorted(doctor.AUTOMATIONS)


@pytest.mark.prefect
def test_every_deployment_has_a_run_scheduled_in_the_future(services: Services) -> None:
    known = {one["id"]: one["name"] for one in services.asked("/deployments/filter", {})}
    later = {"after_": datetime.now(UTC).isoformat()}
    in_future = {"state": {"type": {"any_": ["SCHEDULED"]}}, "expected_start_time": later}

    for _ in range(150):  # Prefect's scheduler looks at new deployments every five seconds
        found = services.asked("/flow_runs/filter", {"flow_runs": in_future})
        scheduled = {known[run["deployment_id"]] for run in found}
        if scheduled == SCHEDULED:
            break
        time.sleep(0.1)

    assert sorted(known.values()) == sorted(NAMES)
    assert scheduled == SCHEDULED


@pytest.fixture(scope="module")
def after_a_week(services: Services) -> Services:
    """Each flow ran once, in the order of a Monday."""
    assert [services.run(flow).state for flow in ("proposals", "digest", "programme")] == ["Completed"] * 3
    return services


@pytest.mark.prefect
def test_the_flows_run_the_programme_through_the_worker(after_a_week: Services) -> None:
    world = after_a_week.world

    assert [mail.subject for mail in world.inbox(LEA)] == ["Votre candidature au mentoring est bien arrivée"]
    assert [row["stage"] for row in world.board("proposals")] == ["À décider"]
    assert [mail.subject for mail in world.inbox("coordination@ponts.org")] == [
        "Mentoring : ce qui vous attend cette semaine"
    ]


@pytest.mark.prefect
def test_a_run_that_finds_another_at_work_ends_well_and_does_nothing(after_a_week: Services) -> None:
    world = after_a_week.world
    with world.ledger.lock():
        ended = after_a_week.run("programme")

    assert ended == Ended(state="Completed", message="Another run was at work; nothing to do.")


@pytest.fixture
def with_a_dead_key(after_a_week: Services) -> Iterator[Services]:
    """Google refuses the service account, until the end."""
    key = after_a_week.world.settings.credentials
    good = key.read_text()
    key.write_text(json.dumps(json.loads(good) | {"client_email": LEA}))
    yield after_a_week
    key.write_text(good)


@pytest.mark.prefect
def test_a_google_that_refuses_makes_a_failed_run_that_names_the_steps_and_nobody(
    with_a_dead_key: Services,
) -> None:
    ended = with_a_dead_key.run("programme")

    failed = "collect-forms, collect-board, collect-mail, send-due, refresh-board"
    assert ended == Ended(state="Failed", message=f"Flow run encountered an exception: StepsFailed: {failed}")
    assert LEA.encode() not in with_a_dead_key.kept


@pytest.mark.prefect
def test_prefect_keeps_identifiers_only(after_a_week: Services) -> None:
    kept = after_a_week.kept
    people = [word for first, last, _ in PEOPLE for word in (first, last, address_of(first, last))]
    personal = [*people, "Cabinet", CONFIDENCE, "coordination@ponts.org", "Mentoring :"]
    secret = after_a_week.world.settings.secret
    assert secret is not None

    # What a run says is in there: were the rest kept too, it would be found.
    assert b"collect-forms: 2 new form responses" in kept
    assert [word for word in [*personal, secret.get_secret_value()] if word.encode() in kept] == []


@pytest.mark.prefect
def test_no_secret_and_nobody_is_seen_in_the_commands_that_run(after_a_week: Services) -> None:
    secret = after_a_week.world.settings.secret
    assert secret is not None
    key = json.loads(after_a_week.world.settings.credentials.read_text())["private_key"]
    with commands_seen() as seen:
        after_a_week.run("programme")

    assert {"server", "worker", "prefect.engine"} <= {word for command in seen for word in command.split()}
    hidden = (secret.get_secret_value(), *key.splitlines()[1:3], "exemple.example", "coordination@ponts.org")
    assert [command for command in seen if any(word in command for word in hidden)] == []


@pytest.mark.prefect
@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
def test_a_page_of_another_site_may_not_ask_prefect(services: Services, origin: str) -> None:
    place = f"{services.url}/api/flows/filter"
    asks = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    asks |= {"Access-Control-Request-Headers": "content-type"}

    leave = requests.options(place, headers=asks, timeout=PATIENCE)
    # What a browser sends without asking for leave.
    plain = {"Content-Type": "text/plain"}
    said = requests.post(place, headers={"Origin": origin, **plain}, data=b"{}", timeout=PATIENCE)
    unsaid = requests.post(place, headers={"Origin": origin}, data=b"{}", timeout=PATIENCE)

    assert [answer.status_code for answer in (leave, said, unsaid)] == [400, 403, 403]
    for answer in (leave, said, unsaid):
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.prefect
@pytest.mark.timeout(300)
def test_prefect_keeps_nothing_of_someone_who_wrote_in_confidence_and_was_erased(services: Services) -> None:
    world, words = services.world, ("Zoé", "Secrette", "secrette@exemple.example", "zirconium", "tourmaline")
    world.sign_up("mentee", first_name="Zoé", last_name="Secrette", email=words[2], about="zirconium")
    assert services.run("programme").state == "Completed"
    world.reply(words[2], "candidature", "Une question sur ma tourmaline, s'il vous plaît ?")
    assert services.run("programme").state == "Completed"

    done, _ = erase(world.a_pass(), words[2])  # what is outside is left for the flow
    ended = services.run("programme")

    assert (ended.state, len(done.applications)) == ("Completed", 1)
    kept = services.kept
    assert b"forget" in kept  # what was done is in there
    assert [word for word in words if word.encode() in kept] == []
