"""The services' limits, counted on the sandbox's clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import gspread
import pytest
import requests
from google.auth.transport.requests import AuthorizedSession
from googleapiclient.errors import HttpError

from ponts_flows.sandbox import protocol
from ponts_flows.sandbox.faults.plan import CALLS, Quotas
from ponts_flows.sandbox.faults.quotas import UNITS, metric_of, units_of
from ponts_flows.sandbox.server import Running
from tests.faults import faults, off, put, report, rule
from tests.sandbox.gmail_builders import ALICE, a_message, emptied, encoded, send, set_clock
from tests.sandbox.sheets_builders import Rest

MAILBOX = "mentoring@ponts.org"


@pytest.fixture
def sandbox(without_files: Running) -> Iterator[Running]:
    with emptied(without_files) as running:
        set_clock(running, "2026-11-16T08:00:00+00:00")
        yield running
        off(running.url)


@pytest.fixture
def gmail(sandbox: Running, service_for: Callable[..., Any]) -> Any:
    return service_for("gmail", "v1", subject=MAILBOX)


def reads_until_refused(book: Rest, most: int) -> int:
    for count in range(most):
        answer = book.session.get(book.url, timeout=10)
        if answer.status_code != 200:
            assert answer.status_code == 429
            return count
    return most


def test_a_minute_has_sixty_reads_of_spreadsheets(sandbox: Running, spreadsheet: Rest) -> None:
    put(sandbox.url, {"quotas": True})

    assert reads_until_refused(spreadsheet, 100) == 60
    set_clock(sandbox, "2026-11-16T08:00:59.999+00:00")
    assert reads_until_refused(spreadsheet, 1) == 0
    set_clock(sandbox, "2026-11-16T08:01:00+00:00")
    assert reads_until_refused(spreadsheet, 100) == 60
    assert report(sandbox.url)["over_quota"] == {"sheets_reads": 3}


def test_a_clock_set_back_forgets_what_has_not_been_yet(sandbox: Running, spreadsheet: Rest) -> None:
    put(sandbox.url, {"quotas": {"sheets_reads": 2}})
    assert reads_until_refused(spreadsheet, 9) == 2

    set_clock(sandbox, "2026-11-16T07:30:00+00:00")

    assert reads_until_refused(spreadsheet, 9) == 2


def test_reads_and_writes_are_counted_apart(sandbox: Running, spreadsheet: Rest) -> None:
    put(sandbox.url, {"quotas": {"sheets_reads": 1, "sheets_writes": 2}})

    spreadsheet.get("A1")
    spreadsheet.put("A1", [["un"]])
    spreadsheet.put("A1", [["deux"]])

    assert spreadsheet.refused("GET", "/values/A1")[0] == 429
    assert spreadsheet.refused("POST", ":batchUpdate", {"requests": []})[0] == 429
    assert report(sandbox.url)["over_quota"] == {"sheets_reads": 1, "sheets_writes": 1}


def test_each_person_has_a_limit_and_the_project_another(
    sandbox: Running, spreadsheet: Rest, shared_session: Callable[..., AuthorizedSession]
) -> None:
    put(sandbox.url, {"quotas": {"sheets_reads": 2, "sheets_reads_of_project": 3}})
    other = Rest(session=shared_session("alice@exemple.example"), base=sandbox.url, id=spreadsheet.id)

    assert reads_until_refused(spreadsheet, 9) == 2
    assert other.refused("GET", "")[0] == 403  # counted, then refused for want of a right
    code, message = other.refused("GET", "")

    assert code == 429
    assert "limit 'Read requests per minute' of service 'sheets.googleapis.com'" in message
    assert report(sandbox.url)["over_quota"] == {"sheets_reads": 1, "sheets_reads_of_project": 1}


def test_gspread_is_told_the_limit_in_googles_words(
    sandbox: Running, client: gspread.Client, spreadsheet: Rest
) -> None:
    put(sandbox.url, {"quotas": {"sheets_reads": 1}})
    book = client.open_by_key(spreadsheet.id)

    with pytest.raises(gspread.exceptions.APIError) as raised:
        book.fetch_sheet_metadata()

    assert raised.value.error == {
        "code": 429,
        "message": (
            "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute per user' of service "
            "'sheets.googleapis.com' for consumer 'project_number:100000000001'."
        ),
        "status": "RESOURCE_EXHAUSTED",
        "details": [
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "RATE_LIMIT_EXCEEDED",
                "domain": "googleapis.com",
                "metadata": {
                    "service": "sheets.googleapis.com",
                    "consumer": "projects/100000000001",
                    "quota_metric": "sheets.googleapis.com/read_requests",
                    "quota_limit": "ReadRequestsPerMinutePerUser",
                    "quota_limit_value": "1",
                    "quota_location": "global",
                },
            },
            {
                "@type": "type.googleapis.com/google.rpc.Help",
                "links": [
                    {
                        "description": "Request a higher quota limit.",
                        "url": "https://cloud.google.com/docs/quota#requesting_higher_quota",
                    }
                ],
            },
        ],
    }


def test_sixty_messages_leave_in_a_minute_and_gmail_refuses_the_next_by_403(
    sandbox: Running, gmail: Any
) -> None:
    put(sandbox.url, {"quotas": True})
    for _ in range(60):
        send(gmail, a_message())

    with pytest.raises(HttpError) as raised:
        send(gmail, a_message())

    assert raised.value.status_code == 403
    assert report(sandbox.url)["over_quota"] == {"gmail_units": 1}


def test_gmails_refusal_is_a_403_that_says_permission_denied(sandbox: Running, mail: Any) -> None:
    put(sandbox.url, {"quotas": {"gmail_units": 1}})
    mail.get(f"{sandbox.url}/gmail/v1/users/me/profile", timeout=10)

    answer = mail.get(f"{sandbox.url}/gmail/v1/users/me/profile", timeout=10)

    error = answer.json()["error"]
    message = (
        "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute per user' of service "
        "'gmail.googleapis.com' for consumer 'project_number:100000000001'."
    )
    assert (answer.status_code, error["code"], error["status"]) == (403, 403, "PERMISSION_DENIED")
    assert error["message"] == message
    assert error["errors"] == [{"message": message, "domain": "usageLimits", "reason": "rateLimitExceeded"}]
    assert error["details"][0]["metadata"]["quota_metric"] == "gmail.googleapis.com/default"


@pytest.fixture
def mail(session_for: Callable[..., AuthorizedSession]) -> AuthorizedSession:
    return session_for(MAILBOX)


def test_calls_in_a_batch_are_counted_one_by_one(sandbox: Running, gmail: Any) -> None:
    refused: list[int] = []
    batch = gmail.new_batch_http_request(
        callback=lambda _id, _answer, error: refused.append(error.status_code) if error else None
    )
    for _ in range(5):
        batch.add(gmail.users().getProfile(userId="me"))

    with faults(sandbox.url, quotas={"gmail_units": 3}):
        batch.execute()

    assert refused == [403, 403]


def test_a_refused_call_takes_no_effect_and_counts_for_nothing(sandbox: Running, gmail: Any) -> None:
    put(sandbox.url, {"quotas": {"gmail_units": 109}})
    draft = gmail.users().drafts().create(userId="me", body={"message": {"raw": encoded(a_message())}})
    id = draft.execute()["id"]
    sending = gmail.users().drafts().send(userId="me", body={"id": id})

    for _ in range(2):
        with pytest.raises(HttpError, match="Quota exceeded"):
            sending.execute()
    set_clock(sandbox, "2026-11-16T08:01:00+00:00")

    assert sending.execute()["labelIds"] == ["SENT"]


def test_a_mailbox_sends_so_many_messages_in_any_day(sandbox: Running, gmail: Any) -> None:
    put(sandbox.url, {"quotas": {"messages_a_day": 2}})
    send(gmail, a_message())
    set_clock(sandbox, "2026-11-16T20:00:00+00:00")
    send(gmail, a_message())

    with pytest.raises(HttpError) as raised:
        send(gmail, a_message())
    set_clock(sandbox, "2026-11-17T08:00:00.001+00:00")
    send(gmail, a_message())
    with pytest.raises(HttpError, match=r"2026-11-17T20:00:00\.000Z"):
        send(gmail, a_message())

    assert raised.value.status_code == 429
    assert (
        raised.value.reason
        == "User-rate limit exceeded.  Retry after 2026-11-17T08:00:00.000Z (Mail sending)"
    )
    assert report(sandbox.url)["over_quota"] == {"messages_a_day": 2}


def test_what_somebody_sends_by_hand_counts_too(sandbox: Running, gmail: Any) -> None:
    page = f"{sandbox.url}/mail/{MAILBOX}/send"
    by_hand = {"to": ALICE, "subject": "Bonjour", "body": "Un mot."}
    requests.post(page, data=by_hand, timeout=10).raise_for_status()
    put(sandbox.url, {"quotas": {"messages_a_day": 1}})

    with pytest.raises(HttpError, match="Mail sending"):
        send(gmail, a_message())


def test_without_quotas_nothing_is_counted(sandbox: Running, spreadsheet: Rest) -> None:
    put(sandbox.url, {"quotas": False})

    assert reads_until_refused(spreadsheet, 70) == 70


def test_a_rule_may_say_that_a_quota_is_used_up(
    sandbox: Running, mail: AuthorizedSession, spreadsheet: Rest, service_for: Callable[..., Any]
) -> None:
    drive = service_for("drive", "v3")

    with faults(sandbox.url, rule("quota_exceeded", "gmail.*", "sheets.*")):
        gmails = mail.get(f"{sandbox.url}/gmail/v1/users/me/profile", timeout=10)
        code, message = spreadsheet.refused("GET", "")
    with faults(sandbox.url, rule("quota_exceeded", "drive.*")), pytest.raises(HttpError) as drives:
        drive.files().list().execute()

    assert (gmails.status_code, code, drives.value.status_code) == (403, 429, 403)
    assert message.startswith("Quota exceeded for quota metric 'Read requests'")
    assert drives.value.error_details == [
        {
            "message": "User rate limit exceeded.",
            "domain": "usageLimits",
            "reason": "userRateLimitExceeded",
        }
    ]


def test_every_call_of_the_three_services_counts_in_one_of_its_limits() -> None:
    limits = set(Quotas.model_fields)
    for id in CALLS:
        metric = metric_of(id)
        if id.startswith(("gmail.", "sheets.", "forms.")):
            assert metric is not None
            assert {metric.field, f"{metric.field}_of_project"} <= limits
            assert metric.service == id.split(".")[0]
        else:
            assert metric is None


@pytest.mark.parametrize(
    ("id", "field", "units"),
    [
        ("gmail.users.drafts.send", "gmail_units", 100),
        ("gmail.users.drafts.create", "gmail_units", 10),
        ("gmail.users.messages.get", "gmail_units", 20),
        ("gmail.users.messages.list", "gmail_units", 5),
        ("gmail.users.history.list", "gmail_units", 2),
        ("forms.forms.get", "forms_reads", 1),
        ("forms.forms.responses.list", "forms_responses", 1),
        ("forms.forms.batchUpdate", "forms_writes", 1),
        ("sheets.spreadsheets.values.batchGetByDataFilter", "sheets_reads", 1),
        ("sheets.spreadsheets.values.append", "sheets_writes", 1),
    ],
)
def test_what_a_call_counts_in_and_how_much(id: str, field: str, units: int) -> None:
    metric = metric_of(id)

    assert metric is not None
    assert (metric.field, units_of(id)) == (field, units)


def test_the_units_are_those_of_methods_that_there_are() -> None:
    known = {".".join(route.id.split(".")[-2:]) for route in protocol.routes() if route.api == "gmail.v1"}
    assert UNITS.keys() <= known
