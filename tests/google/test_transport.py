"""Calls when things go wrong: readings are tried again, changes never blindly; a token is renewed, once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter

from ponts_flows.errors import GoogleRefused, GoogleUnreachable, OutcomeUnknown, TooMuchAsked
from ponts_flows.google.mailbox import Mailbox
from ponts_flows.google.patience import Patience
from ponts_flows.google.session import retry_after, translated
from ponts_flows.google.sheets import Spreadsheet
from ponts_flows.google.transport import Google
from ponts_flows.sandbox.server import Running, free_port
from tests.fast_clock import FastClock
from tests.faults import faults, rule

SEND, MAKE, DRAFTS = "gmail.users.drafts.send", "gmail.users.drafts.create", "gmail.users.drafts.list"
UPDATE, SEARCH = "sheets.spreadsheets.batchUpdate", "sheets.spreadsheets.developerMetadata.search"


def access(sandbox: Running, clock: FastClock, mailbox: str = "mentoring@ponts.org") -> Google:
    patience = Patience(monotonic=clock.monotonic, sleep=clock.sleep, chance=lambda: 1.0)
    return Google(
        credentials_file=sandbox.credentials,
        mailbox=mailbox,
        root=sandbox.url,
        patience=patience,
        timeout=(2.0, 5.0),
    )


@pytest.fixture
def google(sandbox: Running, clock: FastClock) -> Google:
    return access(sandbox, clock)


@pytest.fixture
def mailbox(google: Google) -> Mailbox:
    return Mailbox(google)


def a_mail(reference: str = "M-AAAA-BBBB") -> bytes:
    mail = EmailMessage()
    mail["To"], mail["Subject"] = "lea@exemple.example", "Essai"
    mail.set_content(f"Bonjour. Réf. {reference}")
    return bytes(mail)


def in_sent(google: Google) -> int:
    """How many mails left."""
    found = google.service("gmail", "v1").users().messages().list(userId="me", q="in:sent").execute()
    return len(found.get("messages", []))


class Page(HTTPAdapter):
    """A proxy that lets the first requests through, and answers with a page of its own all the same."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.left = times

    def send(self, *arguments: Any, **options: Any) -> requests.Response:
        answer = super().send(*arguments, **options)
        if self.left:
            self.left -= 1
            answer._content = b"<html>please log in</html>"
        return answer


# Readings.


TROUBLES = [
    ("dropped", {}),
    ("lost_answer", {}),
    ("truncated", {}),
    ("truncated", {"kept": 0.0}),
    ("cut", {}),
    ("server_error", {"status": 500}),
    ("server_error", {"status": 502}),
    ("server_error", {"status": 503}),
    ("server_error", {"status": 504}),
]


@pytest.mark.parametrize(("kind", "details"), [*TROUBLES, ("too_many_requests", {})])
def test_a_reading_is_tried_again_until_it_is_answered(
    google: Google, mailbox: Mailbox, clock: FastClock, kind: str, details: dict[str, Any]
) -> None:
    draft = mailbox.create_draft(a_mail())

    with faults(google.root, rule(kind, DRAFTS, at_most=2, **details)) as struck:
        assert mailbox.draft_with("M-AAAA-BBBB") == draft

    assert (struck(), clock.naps) == ({kind: 2}, [1, 2])


def test_a_page_of_a_proxy_is_no_answer(google: Google, mailbox: Mailbox, clock: FastClock) -> None:
    draft = mailbox.create_draft(a_mail())
    google.mail.mount("http://", Page(2))

    assert mailbox.draft_with("M-AAAA-BBBB") == draft
    assert clock.naps == [1, 2]


def test_a_question_too_long_for_an_address_is_a_reading_too(google: Google) -> None:
    sheet = Spreadsheet.created(google, {})
    rules = [rule("lost_answer", SEARCH, nth=1), rule("server_error", SEARCH, nth=2)]

    with faults(google.root, *rules) as struck:
        assert sheet.metadata("ponts") == []

    assert struck() == {"lost_answer": 1, "server_error": 1}


@pytest.mark.parametrize("kind", ["lost_answer", "cut", "truncated", "too_many_requests", "server_error"])
def test_readings_together_are_tried_again_together(google: Google, mailbox: Mailbox, kind: str) -> None:
    with faults(google.root, rule(kind, "gmail.users.messages.get", at_most=2)) as struck:
        assert mailbox.message_ids(["none", "none"]) == ["", ""]

    assert struck() == {kind: 2}


def test_a_reading_that_is_never_answered_fails_after_four_tries(google: Google, mailbox: Mailbox) -> None:
    with faults(google.root, rule("cut", DRAFTS)) as struck, pytest.raises(GoogleUnreachable) as raised:
        mailbox.draft_with("M-AAAA-BBBB")

    assert not isinstance(raised.value, OutcomeUnknown)
    assert struck() == {"cut": 4}


def test_a_refusal_is_not_tried_again(google: Google, mailbox: Mailbox, clock: FastClock) -> None:
    with pytest.raises(GoogleRefused, match="Google answered 404"):
        mailbox.send_draft("none")

    assert (google.calls["gmail"], clock.naps) == (1, [])


def test_a_service_that_says_for_how_long_is_left_alone_as_long(
    google: Google, mailbox: Mailbox, clock: FastClock
) -> None:
    rules = [
        rule("too_many_requests", DRAFTS, nth=1, retry_after=17),
        rule("server_error", DRAFTS, nth=2, retry_after=30),
    ]

    with faults(google.root, *rules):
        mailbox.draft_with("M-AAAA-BBBB")

    assert clock.naps == [18, 32]


def test_for_how_long_may_be_said_by_a_moment_in_the_header_or_in_the_sentence_as_gmail_does() -> None:
    moment = datetime.now(UTC) + timedelta(hours=1)
    sentence = f"User-rate limit exceeded.  Retry after {moment:%Y-%m-%dT%H:%M:%S.000Z}"

    assert 1800 < retry_after(format_datetime(moment, usegmt=True), "") <= 3600
    assert 1800 < retry_after(None, sentence) <= 3600


@pytest.mark.parametrize("said", ["soon", "", "Retry after lunch", "1970-01-01T00:00:00Z"])
def test_what_can_not_be_understood_or_is_past_makes_nobody_wait(said: str) -> None:
    assert (retry_after(said, ""), retry_after(None, f"Retry after {said}")) == (0, 0)


# Changes.


@pytest.mark.parametrize(
    ("kind", "details", "left"),
    [
        ("dropped", {}, 0),
        ("lost_answer", {}, 1),
        ("cut", {}, 1),
        ("truncated", {}, 1),
        ("server_error", {"status": 500, "took_effect": True}, 1),
        ("server_error", {"status": 500}, 0),
        ("server_error", {"status": 502, "took_effect": True}, 1),
        ("server_error", {"status": 503, "retry_after": 1}, 0),
        ("server_error", {"status": 504, "took_effect": True}, 1),
    ],
)
def test_a_send_without_a_good_answer_is_tried_once_and_its_outcome_is_unknown(
    google: Google, mailbox: Mailbox, kind: str, details: dict[str, Any], left: int
) -> None:
    draft = mailbox.create_draft(a_mail())

    with faults(google.root, rule(kind, SEND, **details)) as struck, pytest.raises(OutcomeUnknown):
        mailbox.send_draft(draft)

    assert (struck(), in_sent(google)) == ({kind: 1}, left)


def test_a_send_answered_by_a_page_of_a_proxy_may_have_left(google: Google, mailbox: Mailbox) -> None:
    draft = mailbox.create_draft(a_mail())
    google.mail.mount("http://", Page(1))

    with pytest.raises(OutcomeUnknown):
        mailbox.send_draft(draft)

    assert in_sent(google) == 1


@pytest.mark.parametrize(("kind", "details"), TROUBLES)
def test_any_other_change_is_made_once_too(google: Google, kind: str, details: dict[str, Any]) -> None:
    sheet = Spreadsheet.created(google, {})

    with faults(google.root, rule(kind, UPDATE, **details)) as struck, pytest.raises(OutcomeUnknown):
        sheet.update([{"addSheet": {"properties": {"title": "Une fois"}}}])

    assert struck() == {kind: 1}


def test_a_change_refused_for_coming_too_often_did_not_happen_and_is_made_again(
    google: Google, mailbox: Mailbox, clock: FastClock
) -> None:
    draft = mailbox.create_draft(a_mail())

    with faults(google.root, rule("too_many_requests", SEND, at_most=2)) as struck:
        mailbox.send_draft(draft)

    assert (struck(), in_sent(google), clock.naps) == ({"too_many_requests": 2}, 1, [1, 2])


@pytest.mark.parametrize(
    ("status", "reason", "changes", "kind"),
    [
        (403, "userRateLimitExceeded", True, TooMuchAsked),
        (403, "rateLimitExceeded", True, TooMuchAsked),
        (403, "insufficientPermissions", True, GoogleRefused),
        (429, "", True, TooMuchAsked),
        (408, "", True, OutcomeUnknown),
        (408, "", False, GoogleUnreachable),
        (500, "backendError", True, OutcomeUnknown),
        (503, "", False, GoogleUnreachable),
        (302, "", True, GoogleRefused),
    ],
)
def test_what_an_error_of_google_says_of_what_happened(
    status: int, reason: str, changes: bool, kind: type[Exception]
) -> None:
    assert type(translated(status, "as told", changes=changes, reason=reason)) is kind


def test_a_change_for_which_no_connection_is_made_did_not_happen(
    google: Google, mailbox: Mailbox, clock: FastClock
) -> None:
    draft = mailbox.create_draft(a_mail())
    google.root = f"http://127.0.0.1:{free_port()}"

    with pytest.raises(GoogleUnreachable) as raised:
        mailbox.send_draft(draft)

    assert not isinstance(raised.value, OutcomeUnknown)
    assert len(clock.naps) == 3


# Tokens.


@pytest.mark.parametrize("call", [DRAFTS, SEND])
def test_a_token_that_ran_out_is_renewed_and_the_call_made_again_once(
    google: Google, mailbox: Mailbox, call: str
) -> None:
    draft = mailbox.create_draft(a_mail())
    google.calls.clear()

    with faults(google.root, rule("token_expired", call, nth=1)):
        if call == SEND:
            mailbox.send_draft(draft)
        else:
            mailbox.draft_with("M-AAAA-BBBB")

    assert google.calls == {"gmail": 2, "token": 1}
    assert in_sent(google) == (call == SEND)


def test_a_service_that_takes_no_token_of_ours_refuses_after_one_renewal(
    google: Google, mailbox: Mailbox, clock: FastClock
) -> None:
    with faults(google.root, rule("token_expired", DRAFTS)), pytest.raises(GoogleRefused) as raised:
        mailbox.draft_with("M-AAAA-BBBB")

    assert raised.value.status == 401
    assert (google.calls, clock.naps) == ({"gmail": 2, "token": 2}, [])


@pytest.mark.parametrize(("kind", "details"), [*TROUBLES, ("too_many_requests", {})])
def test_no_token_for_the_moment_is_asked_for_again_even_before_a_change(
    google: Google, mailbox: Mailbox, clock: FastClock, kind: str, details: dict[str, Any]
) -> None:
    with faults(google.root, rule(kind, "token", at_most=2, **details)) as struck:
        assert mailbox.create_draft(a_mail())

    assert (struck(), google.calls["gmail"], clock.naps) == ({kind: 2}, 3, [1, 2])


def test_a_token_endpoint_that_says_for_how_long_is_left_alone_as_long(
    google: Google, mailbox: Mailbox, clock: FastClock
) -> None:
    with faults(google.root, rule("too_many_requests", "token", nth=1, retry_after=40)):
        mailbox.create_draft(a_mail())

    assert clock.naps == [41]


def test_no_token_at_all_means_that_a_change_did_not_happen(google: Google, mailbox: Mailbox) -> None:
    rules = [rule("dropped", "token"), rule("lost_answer", MAKE)]

    with (
        faults(google.root, *rules) as struck,
        pytest.raises(GoogleUnreachable, match="Google gave no token for POST gmail") as raised,
    ):
        mailbox.create_draft(a_mail())

    assert not isinstance(raised.value, OutcomeUnknown)
    assert struck() == {"dropped": 4}


@pytest.mark.parametrize(
    ("cause", "word"),
    [
        ("key_deleted", "invalid_grant"),
        ("account_deleted", "invalid_grant"),
        ("clock_skewed", "invalid_grant"),
        ("delegation_withdrawn", "unauthorized_client"),
    ],
)
def test_a_credential_that_is_refused_is_said_with_its_word_and_not_tried_again(
    google: Google, mailbox: Mailbox, clock: FastClock, cause: str, word: str
) -> None:
    with (
        faults(google.root, rule("credentials_refused", cause=cause)),
        pytest.raises(GoogleRefused, match=f"credentials \\({word}\\)") as raised,
    ):
        mailbox.create_draft(a_mail())

    assert (raised.value.status, clock.naps) == (401, [])


# One thread.


def test_a_google_used_in_a_thread_that_did_not_make_it_is_refused_loudly(mailbox: Mailbox) -> None:
    with ThreadPoolExecutor(1) as others, pytest.raises(RuntimeError, match="make one for each thread"):
        others.submit(mailbox.draft_with, "M-AAAA-BBBB").result()


def test_many_threads_each_with_its_own_get_their_own_answers(sandbox: Running) -> None:
    def own_mailbox(number: int) -> tuple[set[str | None], str]:
        reference = f"M-{number:04d}-AAAA"
        mailbox = Mailbox(access(sandbox, FastClock(), mailbox=f"n{number}@ponts.org"))
        draft = mailbox.create_draft(a_mail(reference))
        return {mailbox.draft_with(reference) for _ in range(20)}, draft

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(own_mailbox, range(16)))

    assert [answers for answers, _ in found] == [{draft} for _, draft in found]
    assert len({draft for _, draft in found}) == 16


# Time.


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(lambda google: Spreadsheet(google, "any").get("x"), id="gspread"),
        pytest.param(lambda google: Mailbox(google).draft_with("x"), id="googleapiclient"),
        pytest.param(lambda google: Mailbox(google).message_ids(["x"]), id="a batch"),
        pytest.param(lambda google: google.files.renew(), id="a token"),
    ],
)
def test_no_call_waits_for_ever(google: Google, call: Callable[[Google], object]) -> None:
    times: list[object] = []

    class Silent(HTTPAdapter):
        def send(self, *arguments: Any, **options: Any) -> requests.Response:
            times.append(options["timeout"])
            raise requests.ReadTimeout("in the time allowed")

    for session in (google.files, google.mail):
        session.mount("http://", Silent())
        session._auth_request.session.mount("http://", Silent())

    with pytest.raises(GoogleUnreachable):
        call(google)

    assert set(times) == {(2.0, 5.0)}
