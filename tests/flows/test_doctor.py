"""What the doctor says of Prefect, of a real server with a real worker."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import yaml

from flows import automations
from flows.prefect_services import POOL, ROOT
from flows.watching import Prefect as Asked
from ponts_flows.doctor import prefect
from ponts_flows.doctor.checks import looked_at
from ponts_flows.doctor.prefect import Prefect
from ponts_flows.settings import load
from tests.flows.conftest import Services

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(300)]


@pytest.fixture
def api(services: Services, monkeypatch: pytest.MonkeyPatch) -> Asked:
    monkeypatch.setenv("PREFECT_API_URL", f"{services.url}/api")
    return Asked(services.url)


def changed(api: Asked, path: str, body: dict[str, Any]) -> None:
    """Change something; the answer is empty."""
    answer = api._http.request("PATCH", api._api + path, json=body, headers=api._leave(), timeout=30)
    answer.raise_for_status()


def found(**options: Any) -> dict[str, tuple[bool | None, str]]:
    return {check.name: (check.well, check.said) for check in looked_at(Prefect(load(), **options).looks)}


def red(**options: Any) -> dict[str, str]:
    return {name: said for name, (well, said) in found(**options).items() if well is False}


def test_it_knows_the_flows_the_pool_and_the_automations_that_are_deployed() -> None:
    deployments = yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]

    assert sorted(prefect.FLOWS) == sorted(one["name"] for one in deployments if one.get("schedules"))
    assert prefect.POOL == POOL
    assert automations.NAME in prefect.AUTOMATIONS


def test_a_prefect_at_work_is_green(services: Services, api: Asked) -> None:
    assert services.run("programme").state == "Completed"

    checks = found()

    assert {well for well, _ in checks.values()} == {True}
    assert checks["worker"][1] == "1 at work"


def test_a_deployment_that_is_paused_or_not_there_is_red(api: Asked) -> None:
    deployment = api.call("GET", "/deployments/name/digest/digest")
    changed(api, f"/deployments/{deployment['id']}", {"paused": True})
    paused = red()
    changed(api, f"/deployments/{deployment['id']}", {"paused": False})

    assert paused == {
        "deployments": "The deployment digest is paused. Run `prefect deployment resume digest/digest`."
    }
    assert red() == {}


def test_a_pool_without_a_worker_is_red(api: Asked) -> None:
    api.call("POST", "/work_pools/", json={"name": "idle", "type": "process"})

    assert red(pool="idle") == {
        "worker": "No worker takes up the runs of the pool idle. Start it: `systemctl start ponts-worker`."
    }


def test_an_automation_that_is_turned_off_is_red(api: Asked) -> None:
    (one,) = [a for a in api.call("POST", "/automations/filter", json={}) if a["name"] == automations.NAME]
    changed(api, f"/automations/{one['id']}", {"enabled": False})
    off = red()
    changed(api, f"/automations/{one['id']}", {"enabled": True})

    assert list(off) == ["automations"]
    assert automations.NAME in off["automations"]
    assert "make deploy" in off["automations"]
    assert red() == {}


def test_a_programme_that_has_not_run_for_long_is_red(services: Services, api: Asked) -> None:
    assert services.run("programme").state == "Completed"

    late = red(now=datetime.now(UTC) + timedelta(hours=2))

    assert list(late) == ["runs"]
    assert "No run of the programme went well since" in late["runs"]
