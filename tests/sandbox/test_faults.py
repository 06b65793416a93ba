"""Faults on the line and at the services, as the real clients see them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import gspread
import pytest
import requests
from google.auth.transport.requests import AuthorizedSession
from googleapiclient.errors import HttpError

from ponts_flows.errors import GoogleRefused, GoogleUnreachable, OutcomeUnknown
from ponts_flows.google.mailbox import Mailbox
from ponts_flows.google.transport import Google
from ponts_flows.sandbox.server import Running
from tests.faults import faults, off, put, report, rule, strikes
from tests.sandbox.gmail_builders import a_message, emptied
from tests.sandbox.sheets_builders import Rest

MAILBOX = "mentoring@ponts.org"
GET, SEND, CREATE = "gmail.users.drafts.get", "gmail.users.drafts.send", "gmail.users.drafts.create"
PROFILE = "/gmail/v1/users/me/profile"
A_DRAFT = {"message": {"raw": "RnJvbTogYUBiLmMKCng="}}


@pytest.fixture
def sandbox(without_files: Running) -> Iterator[Running]:
    with emptied(without_files) as running:
        yield running
        off(running.url)


@pytest.fixture
def google(sandbox: Running) -> Iterator[Google]:
    """The product's own access, its tokens bought before anything goes wrong."""
    access = Google(credentials_file=sandbox.credentials, mailbox=MAILBOX, root=sandbox.url)
    access.mail.renew()
    access.files.renew()
    yield access
    access.files.close()
    access.mail.close()


@pytest.fixture
def mailbox(google: Google) -> Mailbox:
    return Mailbox(google)


@pytest.fixture
def mail(session_for: Callable[..., AuthorizedSession]) -> AuthorizedSession:
    """A session of the mailbox, signed in, that repeats nothing by itself."""
    session = session_for(MAILBOX)
    session.credentials.refresh(session._auth_request)
    return session


def a_draft(mailbox: Mailbox) -> str:
    return mailbox.create_draft(a_message(sender=MAILBOX).as_bytes())


def drafts(mail: AuthorizedSession, url: str) -> int:
    answer = mail.get(f"{url}/gmail/v1/users/me/drafts", timeout=10).json()
    return len(answer.get("drafts", []))


# The line.


def test_an_answer_is_lost_after_the_call_took_effect(sandbox: Running, mailbox: Mailbox) -> None:
    draft = a_draft(mailbox)

    with faults(sandbox.url, rule("lost_answer", SEND)) as struck, pytest.raises(OutcomeUnknown):
        mailbox.send_draft(draft)

    assert struck() == {"lost_answer": 1}
    assert not mailbox.draft_exists(draft)


def test_a_connection_breaks_before_the_call_takes_effect(sandbox: Running, mailbox: Mailbox) -> None:
    draft = a_draft(mailbox)

    with faults(sandbox.url, rule("dropped", SEND)) as struck, pytest.raises(OutcomeUnknown):
        mailbox.send_draft(draft)

    assert struck() == {"dropped": 1}
    assert mailbox.draft_exists(draft)


@pytest.mark.parametrize("kind", ["lost_answer", "dropped"])
def test_a_closed_connection_says_nothing_at_all(
    sandbox: Running, mail: AuthorizedSession, kind: str
) -> None:
    with (
        faults(sandbox.url, rule(kind, "gmail.*")),
        pytest.raises(requests.ConnectionError, match="Remote end closed connection without response"),
    ):
        mail.get(sandbox.url + PROFILE, timeout=10)

    assert mail.get(sandbox.url + PROFILE, timeout=10).status_code == 200


def test_a_cut_answer_ends_in_the_middle_of_its_body(sandbox: Running, mail: AuthorizedSession) -> None:
    with (
        faults(sandbox.url, rule("cut", "gmail.users.getProfile")),
        pytest.raises(requests.exceptions.ChunkedEncodingError, match="Response ended prematurely"),
    ):
        mail.get(sandbox.url + PROFILE, timeout=10)


def test_a_truncated_answer_is_whole_as_http_and_no_json(sandbox: Running, mail: AuthorizedSession) -> None:
    whole = mail.get(sandbox.url + PROFILE, timeout=10)

    with faults(sandbox.url, rule("truncated", "gmail.users.getProfile", kept=0.25)):
        answer = mail.get(sandbox.url + PROFILE, timeout=10)

    assert answer.status_code == 200
    assert answer.headers["Content-Length"] == str(len(whole.content) // 4)
    assert answer.content == whole.content[: len(whole.content) // 4]
    with pytest.raises(requests.exceptions.JSONDecodeError):
        answer.json()


def test_a_slow_answer_keeps_nobody_else_waiting(sandbox: Running, mail: AuthorizedSession) -> None:
    answers: list[requests.Response] = []
    slow = threading.Thread(target=lambda: answers.append(mail.get(sandbox.url + PROFILE, timeout=60)))
    put(sandbox.url, {"rules": [rule("slow", "gmail.users.getProfile", seconds=3600)]})
    slow.start()
    while not report(sandbox.url)["strikes"]:
        assert slow.is_alive()
    assert answers == []

    off(sandbox.url)

    slow.join(timeout=60)
    assert [answer.status_code for answer in answers] == [200]


def test_a_slow_answer_comes_by_itself(sandbox: Running, mail: AuthorizedSession) -> None:
    with faults(sandbox.url, rule("slow", "gmail.users.getProfile", seconds=0.01)) as struck:
        assert mail.get(sandbox.url + PROFILE, timeout=10).status_code == 200
    assert struck() == {"slow": 1}


def test_a_client_that_waits_no_longer_is_forgotten_and_its_call_took_effect(
    sandbox: Running, google: Google, mail: AuthorizedSession
) -> None:
    put(sandbox.url, {"rules": [rule("slow", CREATE, seconds=3600)]})

    with pytest.raises(OutcomeUnknown):
        google.mail.post(f"{sandbox.url}/gmail/v1/users/me/drafts", json=A_DRAFT, timeout=0.05)
    while not report(sandbox.url)["strikes"]:
        pass  # the sandbox has not come to it yet

    assert drafts(mail, sandbox.url) == 1


# The services.


def test_too_many_requests_as_gmail_says_it(sandbox: Running, mail: AuthorizedSession) -> None:
    put(sandbox.url, {"rules": [rule("too_many_requests", "gmail.*")]})

    answer = mail.get(sandbox.url + PROFILE, timeout=10)

    message = "Resource has been exhausted (e.g. check quota)."
    assert answer.status_code == 429
    assert "Retry-After" not in answer.headers
    assert answer.json() == {
        "error": {
            "code": 429,
            "message": message,
            "errors": [{"message": message, "domain": "global", "reason": "rateLimitExceeded"}],
            "status": "RESOURCE_EXHAUSTED",
        }
    }


def test_too_many_requests_with_the_moment_to_come_back(sandbox: Running, mail: AuthorizedSession) -> None:
    clock = {"now": "2026-11-16T08:00:00+00:00", "standing": True}
    requests.put(f"{sandbox.url}/sandbox/clock", json=clock, timeout=10)
    put(sandbox.url, {"rules": [rule("too_many_requests", retry_after=30)]})

    answer = mail.get(sandbox.url + PROFILE, timeout=10)

    assert answer.headers["Retry-After"] == "30"
    assert (
        answer.json()["error"]["message"] == "User-rate limit exceeded.  Retry after 2026-11-16T08:00:30.000Z"
    )


def test_gspread_sees_a_service_out_of_order(
    sandbox: Running, client: gspread.Client, spreadsheet: Rest
) -> None:
    book = client.open_by_key(spreadsheet.id)

    with (
        faults(sandbox.url, rule("server_error", "sheets.*", status=503)),
        pytest.raises(gspread.exceptions.APIError) as raised,
    ):
        book.sheet1.get_all_values()

    assert raised.value.error == {
        "code": 503,
        "message": "The service is currently unavailable.",
        "status": "UNAVAILABLE",
    }


@pytest.mark.parametrize(
    ("status", "said"),
    [(500, "INTERNAL"), (503, "UNAVAILABLE")],
)
def test_a_service_out_of_order_says_so_in_json(
    sandbox: Running, mail: AuthorizedSession, status: int, said: str
) -> None:
    with faults(sandbox.url, rule("server_error", status=status)):
        answer = mail.get(sandbox.url + PROFILE, timeout=10)

    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["status"]) == (status, status, said)
    assert error["errors"][0]["reason"] == "backendError"


@pytest.mark.parametrize("status", [502, 504])
def test_what_stands_before_the_services_answers_with_a_page(
    sandbox: Running, mail: AuthorizedSession, status: int
) -> None:
    with faults(sandbox.url, rule("server_error", status=status, retry_after=7)):
        answer = mail.get(sandbox.url + PROFILE, timeout=10)

    assert (answer.status_code, answer.headers["Retry-After"]) == (status, "7")
    assert answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(("took_effect", "left"), [(True, 0), (False, 1)])
def test_a_server_error_may_hide_a_call_that_took_effect(
    sandbox: Running, mailbox: Mailbox, mail: AuthorizedSession, took_effect: bool, left: int
) -> None:
    draft = a_draft(mailbox)

    with (
        faults(sandbox.url, rule("server_error", SEND, took_effect=took_effect)),
        pytest.raises(GoogleUnreachable, match="503"),
    ):
        mailbox.send_draft(draft)

    assert drafts(mail, sandbox.url) == left


def test_an_expired_token_is_asked_anew_and_the_call_goes_through(
    sandbox: Running, mail: AuthorizedSession
) -> None:
    first = mail.credentials.token

    with faults(sandbox.url, rule("token_expired", "gmail.*", nth=1)) as struck:
        answer = mail.get(sandbox.url + PROFILE, timeout=10)

    assert struck() == {"token_expired": 1}
    assert answer.status_code == 200
    assert mail.credentials.token != first


def test_an_expired_token_is_refused_in_googles_words(sandbox: Running, mail: AuthorizedSession) -> None:
    bare = {"Authorization": f"Bearer {mail.credentials.token}"}

    with faults(sandbox.url, rule("token_expired", "gmail.*", nth=1)):
        answers = [requests.get(sandbox.url + PROFILE, headers=bare, timeout=10) for _ in range(2)]

    for answer in answers:
        assert (answer.status_code, answer.json()["error"]["status"]) == (401, "UNAUTHENTICATED")


def test_a_dead_credential_is_refused_at_the_token_endpoint(sandbox: Running, google: Google) -> None:
    with (
        faults(sandbox.url, rule("token_expired", "gmail.*", nth=1), rule("credentials_refused")) as struck,
        pytest.raises(GoogleRefused, match="credentials"),
    ):
        google.mail.get(sandbox.url + PROFILE)

    assert struck() == {"token_expired": 1, "credentials_refused": 1}


@pytest.mark.parametrize(
    ("cause", "status", "error"),
    [
        ("key_deleted", 400, "invalid_grant"),
        ("account_deleted", 400, "invalid_grant"),
        ("clock_skewed", 400, "invalid_grant"),
        ("delegation_withdrawn", 401, "unauthorized_client"),
    ],
)
def test_the_token_endpoint_has_errors_of_its_own_shape(
    sandbox: Running, cause: str, status: int, error: str
) -> None:
    with faults(sandbox.url, rule("credentials_refused", cause=cause)):
        answer = requests.post(f"{sandbox.url}/token", data={}, timeout=10)

    assert answer.status_code == status
    assert answer.json().keys() == {"error", "error_description"}
    assert answer.json()["error"] == error


def test_the_token_endpoint_may_be_out_of_order(sandbox: Running) -> None:
    with faults(sandbox.url, rule("server_error", "token", status=500)):
        answer = requests.post(f"{sandbox.url}/token", data={}, timeout=10)

    assert answer.status_code == 500
    assert answer.json() == {"error": "internal_failure", "error_description": "Backend Error"}


# Which calls, and when.


def statuses(sandbox: Running, mail: AuthorizedSession, count: int) -> list[int]:
    return [mail.get(sandbox.url + PROFILE, timeout=10).status_code for _ in range(count)]


@pytest.mark.parametrize(
    ("when", "struck"),
    [
        ({"nth": 2}, [2]),
        ({"nth": [1, 4]}, [1, 4]),
        ({"every": 3}, [3, 6]),
        ({"at_most": 2}, [1, 2]),
        ({"every": 2, "at_most": 1}, [2]),
        ({"probability": 0}, []),
        ({"probability": 1}, [1, 2, 3, 4, 5, 6]),
    ],
)
def test_a_rule_says_which_of_the_calls(
    sandbox: Running, mail: AuthorizedSession, when: dict[str, Any], struck: list[int]
) -> None:
    put(sandbox.url, {"rules": [rule("server_error", "gmail.users.getProfile", **when)]})

    found = statuses(sandbox, mail, 6)

    assert [number for number, status in enumerate(found, start=1) if status == 503] == struck
    assert [strike["number"] for strike in report(sandbox.url)["strikes"]] == struck


def test_a_seed_gives_the_same_faults_again_and_another_one_others(
    sandbox: Running, mail: AuthorizedSession
) -> None:
    found = []
    for seed in (1, 1, 2):
        put(sandbox.url, {"seed": seed, "rules": [rule("server_error", "gmail.*", probability=0.5)]})
        found.append(statuses(sandbox, mail, 20))

    assert found[0] == found[1]
    assert found[0] != found[2]
    assert {200, 503} == set(found[0])


def test_a_rule_holds_between_two_moments_of_the_sandboxs_clock(
    sandbox: Running, mail: AuthorizedSession
) -> None:
    put(
        sandbox.url,
        {"rules": [rule("server_error", after="2026-11-16T08:00:00Z", before="2026-11-16T09:00:00Z")]},
    )
    found = []
    for moment in ("07:59:59", "08:00:00", "08:59:59", "09:00:00"):
        clock = {"now": f"2026-11-16T{moment}+00:00", "standing": True}
        requests.put(f"{sandbox.url}/sandbox/clock", json=clock, timeout=10)
        found += statuses(sandbox, mail, 1)

    assert found == [200, 503, 503, 200]
    assert report(sandbox.url)["rules"][0]["matched"] == 2


def test_a_call_has_one_fault_that_of_the_first_rule_and_all_rules_count_it(
    sandbox: Running, mail: AuthorizedSession
) -> None:
    put(
        sandbox.url,
        {
            "rules": [
                rule("server_error", "gmail.users.getProfile", nth=2),
                rule("too_many_requests", "gmail.users.get*", nth=[2, 3]),
                rule("dropped", "sheets.*"),
            ]
        },
    )

    assert statuses(sandbox, mail, 3) == [200, 503, 429]
    assert [one["matched"] for one in report(sandbox.url)["rules"]] == [3, 3, 0]
    assert strikes(report(sandbox.url)) == {"server_error": 1, "too_many_requests": 1}


def test_switched_off_nothing_goes_wrong(sandbox: Running, mail: AuthorizedSession) -> None:
    put(sandbox.url, {"rules": [rule("server_error")]})
    assert statuses(sandbox, mail, 1) == [503]

    last = off(sandbox.url)

    assert strikes(last) == {"server_error": 1}
    assert statuses(sandbox, mail, 1) == [200]
    assert report(sandbox.url) == {"on": False}


def test_the_pages_of_people_have_no_faults(sandbox: Running) -> None:
    with faults(sandbox.url, rule("dropped")):
        assert requests.get(f"{sandbox.url}/mail", timeout=10).status_code == 200
        assert requests.get(f"{sandbox.url}/sandbox/clock", timeout=10).status_code == 200


# Inside a batch.


def together(service: Any, *calls: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    batch = service.new_batch_http_request(
        callback=lambda id, answer, error: found.update({id: error or answer})
    )
    for number, call in enumerate(calls, start=1):
        batch.add(call, request_id=str(number))
    batch.execute()
    return found


def test_one_call_of_a_batch_is_refused_and_the_others_are_answered(
    sandbox: Running, service_for: Callable[..., Any]
) -> None:
    gmail = service_for("gmail", "v1", subject=MAILBOX)
    profile = gmail.users().getProfile(userId="me")
    profile.execute()

    with faults(sandbox.url, rule("too_many_requests", "gmail.users.getProfile", nth=2)):
        found = together(gmail, profile, profile, profile)

    assert isinstance(found["2"], HttpError)
    assert found["2"].status_code == 429
    assert found["1"]["emailAddress"] == found["3"]["emailAddress"] == MAILBOX


def test_a_rule_may_be_about_calls_inside_batches_or_alone(
    sandbox: Running, service_for: Callable[..., Any]
) -> None:
    gmail = service_for("gmail", "v1", subject=MAILBOX)
    profile = gmail.users().getProfile(userId="me")

    with faults(sandbox.url, rule("server_error", "gmail.*", in_batch=True)) as struck:
        profile.execute()
        together(gmail, profile, profile)
    with faults(sandbox.url, rule("server_error", "gmail.*", in_batch=False)) as struck_alone:
        together(gmail, profile, profile)

    assert struck() == {"server_error": 2}
    assert struck_alone() == {}


def test_a_batch_breaks_off_at_the_call_that_is_dropped(
    sandbox: Running, mail: AuthorizedSession, google: Google
) -> None:
    gmail = google.service("gmail", "v1")
    create = gmail.users().drafts().create(userId="me", body=A_DRAFT)

    with faults(sandbox.url, rule("dropped", CREATE, nth=3)), pytest.raises(OutcomeUnknown):
        together(gmail, create, create, create, create)

    assert drafts(mail, sandbox.url) == 2


def test_a_batch_loses_its_answer_as_a_whole(
    sandbox: Running, mail: AuthorizedSession, google: Google
) -> None:
    gmail = google.service("gmail", "v1")
    create = gmail.users().drafts().create(userId="me", body=A_DRAFT)

    with faults(sandbox.url, rule("lost_answer", CREATE, nth=1)), pytest.raises(OutcomeUnknown):
        together(gmail, create, create)

    assert drafts(mail, sandbox.url) == 2


def test_a_batch_is_a_call_too(sandbox: Running, service_for: Callable[..., Any]) -> None:
    gmail = service_for("gmail", "v1", subject=MAILBOX)
    profile = gmail.users().getProfile(userId="me")
    profile.execute()

    with faults(sandbox.url, rule("server_error", "batch")) as struck, pytest.raises(HttpError) as raised:
        together(gmail, profile)

    assert raised.value.status_code == 503
    assert struck() == {"server_error": 1}


def test_a_truncated_batch_is_cut_as_a_whole(sandbox: Running, mail: AuthorizedSession) -> None:
    part = f"--b\r\nContent-Type: application/http\r\n\r\nGET {PROFILE} HTTP/1.1\r\n\r\n"
    headers = {"Content-Type": "multipart/mixed; boundary=b"}

    def sent() -> requests.Response:
        return mail.post(f"{sandbox.url}/batch", data=f"{part}{part}--b--", headers=headers, timeout=10)

    whole = sent()
    with faults(sandbox.url, rule("truncated", "gmail.users.getProfile", nth=2, kept=0.75)) as struck:
        answer = sent()

    assert struck() == {"truncated": 1}
    assert len(answer.content) == int(len(whole.content) * 0.75)
    assert whole.content.endswith(b"--\r\n")
    assert not answer.content.endswith(b"--\r\n")
