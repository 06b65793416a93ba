"""Faults of the sandbox, for a test: on inside a block, off after it.

with faults(world.pages.url, rule("lost_answer", "gmail.users.drafts.send", nth=1)) as struck:
    world.attempt()
assert struck() == {"lost_answer": 1}
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import requests

from ponts_flows.sandbox.faults.plan import Plan, When

Json = dict[str, Any]


def rule(kind: str, *calls: str, name: str = "", **details: Any) -> Json:
    """One rule as a plan has it: what concerns the moment goes to `when`, the rest to `then`."""
    when = {key: _written(value) for key, value in details.items() if key in When.model_fields}
    then = {key: _written(value) for key, value in details.items() if key not in when}
    return {"name": name, "calls": list(calls), "when": when, "then": {"kind": kind, **then}}


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


@contextmanager
def faults(url: str, *rules: Json, **plan: Any) -> Iterator[Callable[[], Counter[str]]]:
    """Switch a plan on; what is given says how often each kind (or rule that has a name) struck so far."""
    put(url, {"rules": list(rules), **plan})
    last: Json = {}

    def struck() -> Counter[str]:
        return strikes(last or report(url))

    try:
        yield struck
    finally:
        last.update(off(url))


def put(url: str, plan: Plan | Json) -> None:
    """Switch a plan on, in place of another one."""
    given = plan.model_dump(mode="json") if isinstance(plan, Plan) else plan
    answer = requests.put(f"{url}/sandbox/faults", json=given, timeout=10)
    assert answer.status_code == 200, answer.text


def report(url: str) -> Json:
    """What the sandbox says about the plan that is on."""
    return dict(requests.get(f"{url}/sandbox/faults", timeout=10).json())


def off(url: str) -> Json:
    """Switch off; the last report."""
    return dict(requests.delete(f"{url}/sandbox/faults", timeout=10).json())


def strikes(report: Json) -> Counter[str]:
    """How often each rule struck, by its name or its kind; those that never did are left out."""
    found: Counter[str] = Counter()
    for one in report.get("rules", ()):
        if one["struck"]:
            found[one["name"] or one["kind"]] += one["struck"]
    return found
