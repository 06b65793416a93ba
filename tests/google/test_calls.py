"""What a call is taken for: what it costs, and whether it changes anything."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import pytest

from ponts_flows.google.calls import Limit, call_of
from ponts_flows.google.transport import Google, execute
from ponts_flows.sandbox.server import Running

ROOT = "http://127.0.0.1:1"
SHEET, FORM, MAIL = f"{ROOT}/v4/spreadsheets/s", f"{ROOT}/v1/forms/f", f"{ROOT}/gmail/v1/users/me"


@pytest.mark.parametrize(
    ("method", "url", "changes", "costs"),
    [
        ("GET", f"{SHEET}?fields=x", False, {Limit.SHEETS_READS: 1}),
        ("GET", f"{SHEET}/values:batchGet", False, {Limit.SHEETS_READS: 1}),
        ("POST", f"{SHEET}/values:batchGetByDataFilter", False, {Limit.SHEETS_READS: 1}),
        ("POST", f"{SHEET}:getByDataFilter?fields=x", False, {Limit.SHEETS_READS: 1}),
        ("POST", f"{SHEET}/developerMetadata:search", False, {Limit.SHEETS_READS: 1}),
        ("post", f"{SHEET}:batchUpdate", True, {Limit.SHEETS_WRITES: 1}),
        ("POST", f"{SHEET}/values:batchUpdateByDataFilter", True, {Limit.SHEETS_WRITES: 1}),
        ("PUT", f"{SHEET}/values/A1", True, {Limit.SHEETS_WRITES: 1}),
        ("GET", FORM, False, {Limit.FORMS_READS: 1}),
        ("GET", f"{FORM}/responses?pageSize=1", False, {Limit.FORMS_RESPONSES: 1}),
        ("POST", f"{FORM}:batchUpdate", True, {Limit.FORMS_WRITES: 1}),
        ("POST", f"{MAIL}/drafts", True, {Limit.GMAIL_UNITS: 10}),
        ("POST", f"{MAIL}/drafts/send", True, {Limit.GMAIL_UNITS: 100, Limit.MESSAGES: 1}),
        ("GET", f"{MAIL}/drafts?q=x", False, {Limit.GMAIL_UNITS: 5}),
        ("GET", f"{MAIL}/messages/1", False, {Limit.GMAIL_UNITS: 20}),
        ("GET", f"{MAIL}/history", False, {Limit.GMAIL_UNITS: 2}),
        ("GET", f"{MAIL}/profile", False, {Limit.GMAIL_UNITS: 1}),
        ("POST", f"{MAIL}/messages/batchModify", True, {Limit.GMAIL_UNITS: 50}),
        ("POST", f"{MAIL}/settings/filters", True, {Limit.GMAIL_UNITS: 100}),
        ("GET", f"{ROOT}/drive/v3/files/f/permissions", False, {}),
    ],
)
def test_a_call_is_known_by_its_method_and_address(
    method: str, url: str, changes: bool, costs: dict[Limit, int]
) -> None:
    call = call_of(method, url)

    assert (call.changes, dict(call.costs), call.batch) == (changes, costs, False)


@pytest.mark.parametrize("api", ["sheets.v4", "forms.v1", "gmail.v1"])
def test_no_call_of_a_service_that_changes_something_is_taken_for_a_question(api: str) -> None:
    documents = resources.files("googleapiclient") / "discovery_cache" / "documents"
    document = json.loads((documents / f"{api}.json").read_text("utf-8"))
    asking = [
        id for id, path, verb in _methods(document) if verb != "GET" and not call_of(verb, path).changes
    ]

    assert sorted(asking) == {
        "sheets.v4": [
            "sheets.spreadsheets.developerMetadata.search",
            "sheets.spreadsheets.getByDataFilter",
            "sheets.spreadsheets.values.batchGetByDataFilter",
        ]
    }.get(api, [])


def _methods(resource: dict[str, Any]) -> list[tuple[str, str, str]]:
    found = [
        (
            one["id"],
            f"{ROOT}/{one['path'].replace('{', '').replace('}', '').replace('+', '')}",
            one["httpMethod"],
        )
        for one in resource.get("methods", {}).values()
    ]
    for inner in resource.get("resources", {}).values():
        found += _methods(inner)
    return found


def test_a_batch_costs_what_its_parts_cost_and_changes_what_they_change(google: Google) -> None:
    messages = google.service("gmail", "v1").users().messages()
    reads = [messages.get(userId="me", id=str(number)) for number in range(3)]

    calls = []
    for more in ([], [messages.trash(userId="me", id="1")]):
        sent: list[Any] = []
        google.mail.hooks["response"] = [lambda answer, sent=sent, **_: sent.append(answer.request)]
        batch = google.service("gmail", "v1").new_batch_http_request()
        for request in [*reads, *more]:
            batch.add(request)
        batch.execute()
        calls.append(call_of(sent[0].method, sent[0].url, sent[0].body))

    assert [(call.service, call.batch, call.changes) for call in calls] == [
        ("gmail", True, False),
        ("gmail", True, True),
    ]
    assert calls[0].costs == {Limit.GMAIL_UNITS: 60}


def test_reads_of_the_board_wait_for_their_turn(google: Google, sandbox: Running) -> None:
    """The costs are asked of the limits before a call is made, tokens apart."""
    asked: list[dict[Limit, int]] = []

    class Noting(type(google.limits)):  # type: ignore[misc]
        def wait(self, costs: Any) -> None:
            asked.append(dict(costs))

    google.limits = Noting()
    execute(google.service("gmail", "v1").users().getProfile(userId="me"))
    google.spreadsheets().create("essai")

    assert asked[0] == {Limit.GMAIL_UNITS: 1}
    assert {Limit.SHEETS_READS: 1} in asked[1:]
