"""Prefect, as its own API tells: its server, the deployments, a worker, the automations, the last runs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import requests

from ponts_flows import loopback
from ponts_flows.doctor.checks import Ill, Looks, NotSeen
from ponts_flows.settings import Settings

FLOWS = ("programme", "proposals", "digest")
AUTOMATIONS = ("silent runs are crashed", "failed runs are looked at")
POOL = "ponts"
LATE = timedelta(hours=1)
"""The programme runs every ten minutes: when none of its runs went well for so long, something is wrong."""


class Prefect:
    """Looks at the Prefect that PREFECT_API_URL names. Changes nothing."""

    def __init__(self, settings: Settings, *, pool: str = POOL, now: datetime | None = None) -> None:
        self._pool, self._now = pool, now or datetime.now(UTC)
        self._api = settings.prefect_api_url
        self._answers = False
        self._leave: dict[str, str] = {}
        self._http = loopback.session()
        if settings.prefect_api_auth_string:
            name, _, password = settings.prefect_api_auth_string.get_secret_value().partition(":")
            self._http.auth = (name, password)

    @property
    def looks(self) -> Looks:
        """What is looked at, by name."""
        return {
            "prefect": self._server,
            "deployments": self._deployments,
            "worker": self._worker,
            "automations": self._automations,
            "runs": self._runs,
            "weekly": self._weekly,
        }

    def _server(self) -> str:
        if not self._api:
            raise NotSeen("PREFECT_API_URL is not set: give it, to have flows and worker looked at")
        if self._asked("GET", "/health") is not True:
            raise Ill(
                "Something else than Prefect answers at PREFECT_API_URL. Give it the address that ends in /api."
            )
        self._answers = True
        return "its server answers"

    def _deployments(self) -> str:
        for name in FLOWS:
            found = self._seen("GET", f"/deployments/name/{name}/{name}", missing=None)
            if found is None:
                raise Ill(f"Prefect knows no deployment {name}. Run `make deploy`.")
            if found.get("paused"):
                raise Ill(f"The deployment {name} is paused. Run `prefect deployment resume {name}/{name}`.")
            if not any(schedule.get("active") for schedule in found.get("schedules", [])):
                raise Ill(
                    f"The deployment {name} has no schedule at work. Run `make deploy`, or turn it on in Prefect."
                )
        return f"{', '.join(FLOWS)}, scheduled"

    def _worker(self) -> str:
        workers = self._seen("POST", f"/work_pools/{self._pool}/workers/filter", json={}, missing=[])
        online = sum(worker.get("status") == "ONLINE" for worker in workers)
        if not online:
            raise Ill(
                f"No worker takes up the runs of the pool {self._pool}. Start it: `systemctl start ponts-worker`."
            )
        return f"{online} at work"

    def _automations(self) -> str:
        known = {
            found["name"]
            for found in self._seen("POST", "/automations/filter", json={})
            if found.get("enabled")
        }
        if lacking := [name for name in AUTOMATIONS if name not in known]:
            raise Ill(f"Prefect does not know, or has turned off: {', '.join(lacking)}. Run `make deploy`.")
        return "silent runs are ended, failed ones looked at"

    def _runs(self) -> str:
        asked = {
            "flows": {"name": {"any_": ["programme"]}},
            "flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}},
            "sort": "END_TIME_DESC",
            "limit": 1,
        }
        runs = self._seen("POST", "/flow_runs/filter", json=asked)
        if not runs:
            raise NotSeen("the programme has not run to its end yet")
        ended = datetime.fromisoformat(str(runs[0]["end_time"]).replace("Z", "+00:00"))
        if self._now - ended > LATE:
            raise Ill(
                f"No run of the programme went well since {ended:%Y-%m-%d %H:%M} UTC. Read why in Prefect's pages, or "
                "with `journalctl -u ponts-worker`."
            )
        return f"the last one that went well ended at {ended:%H:%M} UTC"

    def _weekly(self) -> str:
        for name in ("proposals", "digest"):
            asked = {
                "flows": {"name": {"any_": [name]}},
                "flow_runs": {"state": {"type": {"any_": ["COMPLETED", "FAILED", "CRASHED"]}}},
                "sort": "END_TIME_DESC",
                "limit": 1,
            }
            runs = self._seen("POST", "/flow_runs/filter", json=asked)
            if runs and runs[0]["state"]["type"] != "COMPLETED":
                raise Ill(
                    f"The last run of {name} failed. Read why in Prefect's pages, then run it again: "
                    f"`prefect deployment run {name}/{name}`."
                )
        return "the last weekly runs went well"

    def _seen(self, method: str, path: str, *, missing: Any = (), **options: Any) -> Any:
        if not self._answers:
            raise NotSeen("needs Prefect's server")
        return self._asked(method, path, missing=missing, **options)

    def _asked(self, method: str, path: str, *, missing: Any = (), **options: Any) -> Any:
        """What the API answers; `missing` for what it does not know."""
        try:
            if method != "GET" and not self._leave:
                self._leave = self._asked_for_leave()
            place = self._api.rstrip("/") + path
            answer = self._http.request(method, place, timeout=10, headers=self._leave, **options)
            if answer.status_code == requests.codes.not_found:
                return missing
            answer.raise_for_status()
            return answer.json()
        except (requests.RequestException, ValueError) as error:
            raise Ill(
                f"Prefect's server does not answer as it should ({type(error).__name__}). Start it: "
                "`systemctl start ponts-prefect`; its address is PREFECT_API_URL."
            ) from error

    def _asked_for_leave(self) -> dict[str, str]:
        """What shows that no page of another site asks, where the server wants to see that."""
        client = str(uuid4())
        place = f"{self._api.rstrip('/')}/csrf-token"
        answer = self._http.request("GET", place, params={"client": client}, timeout=10)
        token = answer.json().get("token", "") if answer.ok else ""
        return {"Prefect-Csrf-Token": token, "Prefect-Csrf-Client": client}
