"""What `make run` does once everything runs: a pass whenever somebody acted, and a line for what it changed."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import requests
from requests.adapters import HTTPAdapter
from sqlalchemy import func, select
from urllib3.util import Retry

from ponts_flows import loopback
from ponts_flows.decide.calendar import local as on_the_wall
from ponts_flows.errors import GoogleUnreachable
from ponts_flows.ledger import Ledger, tables
from ponts_flows.programme import Programme
from ponts_flows.settings import Settings

LOOK_EVERY = 0.5
FINISHED = ("COMPLETED", "FAILED", "CANCELLED", "CRASHED")


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a flow run ended: Prefect's name of its state, and what it said."""

    state: str
    message: str


class Prefect:
    """Prefect's own API, as far as starting a deployment's run and waiting for its end."""

    def __init__(self, url: str) -> None:
        self._api, self._client = f"{url}/api", str(uuid4())
        self._http = loopback.session()
        # 503 is how Prefect says that its SQLite file was busy: nothing was done, ask again.
        again = Retry(
            total=6, status_forcelist=[503], allowed_methods=None, backoff_factor=0.2, raise_on_status=False
        )
        self._http.mount(self._api, HTTPAdapter(max_retries=again))

    def run(self, name: str) -> Ended:
        """Run a deployment now; returns how it ended."""
        deployment = self.call("GET", f"/deployments/name/{name}/{name}")
        once = {"idempotency_key": str(uuid4())}
        flow_run = self.call("POST", f"/deployments/{deployment['id']}/create_flow_run", json=once)
        while flow_run["state"]["type"] not in FINISHED:
            time.sleep(0.2)
            flow_run = self.call("GET", f"/flow_runs/{flow_run['id']}")
        return Ended(state=flow_run["state"]["name"], message=flow_run["state"]["message"] or "")

    def call(self, method: str, path: str, **options: Any) -> Any:
        """What Prefect's API answers."""
        if method != "GET":
            options["headers"] = self._leave()
        answer = self._http.request(method, self._api + path, timeout=30, **options)
        answer.raise_for_status()
        return answer.json()

    def _leave(self) -> dict[str, str]:
        """What shows that no page of another site asks: it could not have read this."""
        token = self.call("GET", "/csrf-token", params={"client": self._client})["token"]
        return {"Prefect-Csrf-Token": token, "Prefect-Csrf-Client": self._client}


def watch(settings: Settings, ledger: Ledger, prefect: Prefect) -> None:
    """Run a pass whenever somebody did something or moved the clock, and tell what it did; never returns.

    Prefect's schedules run too, by the real clock; this is for people who do not want to wait ten minutes.
    """
    weekly_at: datetime | None = None
    seen = -1
    before = _figures(ledger)
    while True:
        # Counted before the pass: who acts while it runs is served by the next one.
        now, acts = _sandbox_state(settings)
        if acts == seen:
            time.sleep(LOOK_EVERY)
            continue
        seen = acts
        flows: tuple[str, ...] = ("programme",)
        if weekly_at is None or now - weekly_at >= timedelta(days=7):
            weekly_at, flows = now, ("proposals", "digest")
        for flow in flows:
            ended = prefect.run(flow)
            if ended.state == "Cancelled":
                seen = -1  # a scheduled run was at work just then: whatever it had already passed by is looked at again
            after = _figures(ledger)
            _tell(now, settings.programme, flow, ended, before, after)
            before = after


def _sandbox_state(settings: Settings) -> tuple[datetime, int]:
    try:
        answer = loopback.asked("GET", f"{settings.google_root}/sandbox/clock", timeout=30).json()
    except requests.RequestException as error:
        raise GoogleUnreachable(f"The sandbox does not answer any more at {settings.google_root}.") from error
    return datetime.fromisoformat(answer["now"]), int(answer["acts"])


def _figures(ledger: Ledger) -> Counter[str]:
    """How many of everything there are in the ledger, by its name for people."""
    a, p, m, r = tables.application, tables.pairing, tables.message, tables.to_review
    with ledger.transaction() as db:
        figures = Counter({"sign-ups": db.execute(select(func.count()).select_from(a)).scalar_one()})
        for stage, count in db.execute(select(p.c.stage, func.count()).group_by(p.c.stage)):
            figures[f"pairings {stage.replace('_', ' ')}"] = count
        for status, count in db.execute(select(m.c.status, func.count()).group_by(m.c.status)):
            figures[f"mails {status}"] = count
        waiting = select(func.count()).select_from(r).where(r.c.closed_at.is_(None))
        figures["lines to review"] = db.execute(waiting).scalar_one()
    return figures


def _tell(
    now: datetime, programme: Programme, flow: str, ended: Ended, before: Counter[str], after: Counter[str]
) -> None:
    """One line: the time in the sandbox, the flow, and what is different."""
    parts = [
        f"{name} {after[name]} ({after[name] - before[name]:+d})"
        for name in sorted(after | before)
        if after[name] != before[name]
    ]
    state = "" if ended.state == "Completed" else f"[{ended.state}: {ended.message} (see Prefect's pages)] "
    at = on_the_wall(now, programme)
    print(f"{at:%a %d %b %H:%M}  {flow:9}  {state}{', '.join(parts) or 'nothing new'}", flush=True)
