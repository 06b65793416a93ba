"""Random plans: each is one, a seed gives it again, and what they do stops with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, get_args

import pytest
import requests
from google.auth.exceptions import GoogleAuthError
from google.auth.transport.requests import AuthorizedSession

from ponts_flows.sandbox.faults.acts import ClockMoved, PersonAct
from ponts_flows.sandbox.faults.kinds import Fault
from ponts_flows.sandbox.faults.mix import LINE_AND_SERVICES, harmful_acts, harmless_acts, mix
from ponts_flows.sandbox.faults.reading import read
from ponts_flows.sandbox.server import Running
from tests.faults import off, put, report
from tests.sandbox.gmail_builders import emptied, set_clock

MAILBOX = "mentoring@ponts.org"


@pytest.fixture
def sandbox(without_files: Running) -> Iterator[Running]:
    with emptied(without_files) as running:
        yield running
        off(running.url)


def kinds_of(*classes: Any) -> set[str]:
    return {get_args(one.model_fields["kind"].annotation)[0] for one in classes}


def test_all_faults_are_drawn_from_and_all_acts_are_at_hand() -> None:
    assert set(LINE_AND_SERVICES) == kinds_of(*get_args(Fault))

    at_hand = {act["kind"] for act in (*harmless_acts(), *harmful_acts())}
    needing_knowledge = {"cell_typed", "row_inserted"}
    assert at_hand | needing_knowledge == kinds_of(ClockMoved, *get_args(PersonAct))


@pytest.mark.parametrize("seed", range(50))
def test_a_mix_is_a_plan_and_its_seed_gives_it_again(seed: int) -> None:
    acts = (*harmless_acts("Binômes", "Envois"), *harmful_acts())
    plan = mix(seed, acts=acts, rules=11)

    assert plan == mix(seed, acts=acts, rules=11)
    assert plan != mix(seed + 1, acts=acts, rules=11)
    assert read(plan.model_dump_json()) == plan
    drawn = Counter(rule.then.kind for rule in plan.rules)
    assert drawn == Counter(LINE_AND_SERVICES) + Counter(act["kind"] for act in acts)


def test_every_rule_of_a_mix_comes_to_an_end() -> None:
    rules = [rule for seed in range(50) for rule in mix(seed, acts=harmful_acts(), at_most=2).rules]

    assert all(rule.when.nth or (rule.when.at_most or 9) <= 2 for rule in rules)


def calls(sandbox: Running, session: AuthorizedSession, form: str) -> list[str]:
    """Some rounds of calls of three services, and what came of each."""
    found = []
    for _ in range(8):
        for verb, path, body in (
            ("POST", "/gmail/v1/users/me/drafts", {"message": {"raw": "RnJvbTogYUBiLmMKCng="}}),
            ("GET", "/gmail/v1/users/me/history?startHistoryId=1000", None),
            ("GET", "/gmail/v1/users/me/messages", None),
            ("GET", f"/v1/forms/{form}/responses", None),
            ("GET", f"/v4/spreadsheets/{form}", None),
        ):
            try:
                answer = session.request(verb, sandbox.url + path, json=body, timeout=10)
                found.append(str(answer.status_code))
            except (requests.RequestException, GoogleAuthError) as error:
                found.append(type(error).__name__)
    return found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_same_calls_meet_the_same_faults_and_none_once_they_stop(
    sandbox: Running, session_for: Callable[..., AuthorizedSession], seed: int
) -> None:
    scopes = ["https://www.googleapis.com/auth/gmail.modify", "https://www.googleapis.com/auth/forms.body"]
    plan = mix(seed, rules=22)
    strikes, fates = [], []
    for _ in range(2):
        with emptied(sandbox):
            set_clock(sandbox, "2026-11-16T08:00:00+00:00")
            session = session_for(MAILBOX, scopes)
            session.credentials.refresh(session._auth_request)
            put(sandbox.url, plan)
            fates.append(calls(sandbox, session, "nowhere"))
            strikes.append(report(sandbox.url)["strikes"])
            off(sandbox.url)

    assert fates[0] == fates[1]
    assert strikes[0] == strikes[1]
    assert len({strike["kind"] for strike in strikes[0]}) >= 4
    assert {"200", "404"} < set(fates[0])
    assert set(calls(sandbox, session, "nowhere")) == {"200", "403", "404"}
