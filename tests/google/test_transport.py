"""Calls on a bad line: readings are tried again, changes never blindly; a token that ran out is renewed, once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest
import requests

from ponts_flows.errors import GoogleRefused, GoogleUnreachable, OutcomeUnknown
from ponts_flows.google.mailbox import Mailbox
from ponts_flows.google.patience import Patience
from ponts_flows.google.sheets import Spreadsheet
from ponts_flows.google.transport import Google
from ponts_flows.sandbox.server import Running, free_port
from tests.fast_clock import FastClock
from tests.google.bad_line import BadLine, Fault, Status, bad_line
from tests.google.test_forms_together import tokens_forgotten

SEND, DRAFTS = "POST /drafts/send", "GET /drafts"
UPDATE, BY_FILTER = "POST :batchUpdate", "POST /developerMetadata:search"
TOO_OFTEN = Status(status=429)


@pytest.fixture
def line(sandbox: Running) -> Iterator[BadLine]:
    with bad_line(sandbox.url) as line:
        yield line


@pytest.fixture
def google(sandbox: Running, line: BadLine, clock: FastClock) -> Google:
    """Access by the bad line; tokens come by the good one."""
    return through(line, sandbox.credentials, clock)


def through(
    line: BadLine, credentials: Path, clock: FastClock, mailbox: str = "mentoring@ponts.org"
) -> Google:
    patience = Patience(monotonic=clock.monotonic, sleep=clock.sleep, chance=lambda: 1.0)
    return Google(
        credentials_file=credentials, mailbox=mailbox, root=line.url, patience=patience, timeout=(2.0, 5.0)
    )


@pytest.fixture
def mailbox(google: Google) -> Mailbox:
    return Mailbox(google)


def a_mail(reference: str = "M-AAAA-BBBB") -> bytes:
    mail = EmailMessage()
    mail["To"], mail["Subject"] = "lea@exemple.example", "Essai"
    mail.set_content(f"Bonjour. Réf. {reference}")
    return bytes(mail)


def in_sent(sandbox: Running) -> int:
    """How many mails left, as the good line tells."""
    google = Google(credentials_file=sandbox.credentials, mailbox="mentoring@ponts.org", root=sandbox.url)
    found = google.service("gmail", "v1").users().messages().list(userId="me", q="in:sent").execute()
    return len(found.get("messages", []))


# Readings.


@pytest.mark.parametrize(
    "fault",
    [
        Fault.LOST_BEFORE,
        Fault.LOST_AFTER,
        Fault.CUT,
        Fault.PAGE,
        Status(status=500),
        Status(status=502),
        Status(status=503),
        Status(status=504),
        TOO_OFTEN,
        Status(status=403, reason="userRateLimitExceeded"),
    ],
    ids=str,
)
def test_a_reading_is_tried_again_until_it_is_answered(
    mailbox: Mailbox, line: BadLine, clock: FastClock, fault: Fault | Status
) -> None:
    draft = mailbox.create_draft(a_mail())
    line.spoil(DRAFTS, fault, fault)

    assert mailbox.draft_with("M-AAAA-BBBB") == draft
    assert (line.times(DRAFTS), clock.naps) == (3, [1, 2])


def test_a_question_too_long_for_an_address_is_a_reading_too(google: Google, line: BadLine) -> None:
    sheet = Spreadsheet.created(google, {})
    line.spoil(BY_FILTER, Fault.LOST_AFTER, Status(status=503))

    assert sheet.metadata("ponts") == []
    assert line.times(BY_FILTER) == 3


def test_readings_together_are_tried_again_together(mailbox: Mailbox, line: BadLine) -> None:
    line.spoil("POST /batch", Fault.LOST_AFTER, Fault.CUT, Fault.PAGE)

    assert mailbox.message_ids(["none", "none"]) == ["", ""]
    assert line.times("POST /batch") == 4


def test_a_reading_that_is_never_answered_fails_after_four_tries(mailbox: Mailbox, line: BadLine) -> None:
    line.spoil(DRAFTS, *[Fault.CUT] * 9)

    with pytest.raises(GoogleUnreachable) as raised:
        mailbox.draft_with("M-AAAA-BBBB")

    assert not isinstance(raised.value, OutcomeUnknown)
    assert line.times(DRAFTS) == 4


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_refusal_is_not_tried_again(mailbox: Mailbox, line: BadLine, status: int) -> None:
    line.spoil(DRAFTS, Status(status=status, reason="insufficientPermissions"))

    with pytest.raises(GoogleRefused, match=f"Google answered {status}: as told"):
        mailbox.draft_with("M-AAAA-BBBB")

    assert line.times(DRAFTS) == 1


def test_a_service_that_says_for_how_long_is_left_alone_as_long(
    mailbox: Mailbox, line: BadLine, clock: FastClock
) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    line.spoil(DRAFTS, Status(status=429, retry_after="17"), Status(status=503, retry_after=soon))

    mailbox.draft_with("M-AAAA-BBBB")

    first, second = clock.naps
    assert first == 18
    assert 60 < second <= 92


# Changes.


@pytest.mark.parametrize(
    ("fault", "left"),
    [
        (Fault.LOST_BEFORE, 0),
        (Fault.LOST_AFTER, 1),
        (Fault.CUT, 1),
        (Fault.PAGE, 1),
        (Status(status=500, after=True), 1),
        (Status(status=500), 0),
        (Status(status=502, after=True), 1),
        (Status(status=503), 0),
        (Status(status=504, after=True), 1),
    ],
    ids=str,
)
def test_a_send_without_a_good_answer_is_sent_once_and_its_outcome_is_unknown(
    mailbox: Mailbox, line: BadLine, sandbox: Running, fault: Fault | Status, left: int
) -> None:
    draft = mailbox.create_draft(a_mail())
    line.spoil(SEND, fault)

    with pytest.raises(OutcomeUnknown):
        mailbox.send_draft(draft)

    assert (line.times(SEND), in_sent(sandbox)) == (1, left)


@pytest.mark.parametrize(
    "fault",
    [Fault.LOST_AFTER, Fault.CUT, Status(status=500, after=True), Status(status=503)],
    ids=str,
)
def test_any_other_change_is_made_once_too(google: Google, line: BadLine, fault: Fault | Status) -> None:
    sheet = Spreadsheet.created(google, {})
    line.spoil(UPDATE, fault)

    with pytest.raises(OutcomeUnknown):
        sheet.update([{"addSheet": {"properties": {"title": "Une fois"}}}])

    assert line.times(UPDATE) == 1


def test_a_change_refused_for_coming_too_often_did_not_happen_and_is_made_again(
    mailbox: Mailbox, line: BadLine, sandbox: Running, clock: FastClock
) -> None:
    draft = mailbox.create_draft(a_mail())
    line.spoil(SEND, TOO_OFTEN, Status(status=403, reason="rateLimitExceeded"))

    mailbox.send_draft(draft)

    assert (line.times(SEND), in_sent(sandbox), clock.naps) == (3, 1, [1, 2])


def test_a_change_for_which_no_connection_is_made_did_not_happen(
    google: Google, line: BadLine, mailbox: Mailbox, clock: FastClock
) -> None:
    draft = mailbox.create_draft(a_mail())
    google.root = f"http://127.0.0.1:{free_port()}"

    with pytest.raises(GoogleUnreachable) as raised:
        mailbox.send_draft(draft)

    assert not isinstance(raised.value, OutcomeUnknown)
    assert len(clock.naps) == 3


# Tokens.


@pytest.mark.parametrize("request_", [DRAFTS, SEND])
def test_a_token_that_ran_out_is_renewed_and_the_call_made_again_once(
    mailbox: Mailbox, google: Google, line: BadLine, sandbox: Running, request_: str
) -> None:
    draft = mailbox.create_draft(a_mail())
    tokens_forgotten(sandbox)
    google.calls.clear()

    if request_ == SEND:
        mailbox.send_draft(draft)
        assert in_sent(sandbox) == 1
    else:
        mailbox.draft_with("M-AAAA-BBBB")

    assert (google.calls["token"], line.times(request_)) == (1, 2)


def test_a_service_that_knows_no_token_of_ours_refuses_after_one_renewal(
    mailbox: Mailbox, google: Google, line: BadLine
) -> None:
    mailbox.draft_with("M-AAAA-BBBB")
    line.spoil(DRAFTS, *[Status(status=401)] * 9)
    google.calls.clear()

    with pytest.raises(GoogleRefused) as raised:
        mailbox.draft_with("M-AAAA-BBBB")

    assert (raised.value.status, google.calls["token"], google.calls["gmail"]) == (401, 1, 2)


@pytest.fixture
def token_line(sandbox: Running, line: BadLine, clock: FastClock, tmp_path: Path) -> Google:
    """Access whose tokens come by the bad line."""
    key = json.loads(sandbox.credentials.read_text()) | {"token_uri": f"{line.url}/token"}
    path = tmp_path / "key.json"
    path.write_text(json.dumps(key))
    return through(line, path, clock)


@pytest.mark.parametrize("fault", [Fault.LOST_BEFORE, Fault.CUT, Fault.PAGE, Status(status=503)], ids=str)
def test_no_token_for_the_moment_is_asked_for_again_even_before_a_change(
    token_line: Google, line: BadLine, clock: FastClock, fault: Fault | Status
) -> None:
    line.spoil("POST /token", fault, fault)

    assert Mailbox(token_line).create_draft(a_mail())

    assert (line.times("POST /token"), line.times("POST /drafts"), clock.naps) == (3, 1, [1, 2])


def test_no_token_at_all_means_that_a_change_did_not_happen(token_line: Google, line: BadLine) -> None:
    line.spoil("POST /token", *[Fault.LOST_BEFORE] * 9)

    with pytest.raises(GoogleUnreachable, match="Google gave no token for POST gmail") as raised:
        Mailbox(token_line).create_draft(a_mail())

    assert not isinstance(raised.value, OutcomeUnknown)
    assert line.times("POST /drafts") == 0


@pytest.mark.parametrize("word", ["invalid_grant", "unauthorized_client"])
def test_a_credential_that_is_refused_is_said_with_its_word_and_not_tried_again(
    token_line: Google, line: BadLine, clock: FastClock, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = f'{{"error": "{word}", "error_description": "about lea@exemple.example"}}'
    monkeypatch.setattr(Status, "body", property(lambda _: said))
    line.spoil("POST /token", Status(status=400))

    with pytest.raises(GoogleRefused, match=f"credentials \\({word}\\)") as raised:
        Mailbox(token_line).create_draft(a_mail())

    assert (raised.value.status, clock.naps) == (401, [])
    assert "exemple" not in str(raised.value)


# One thread.


def test_a_google_used_in_a_thread_that_did_not_make_it_is_refused_loudly(mailbox: Mailbox) -> None:
    with ThreadPoolExecutor(1) as others, pytest.raises(RuntimeError, match="make one for each thread"):
        others.submit(mailbox.draft_with, "M-AAAA-BBBB").result()


def test_many_threads_each_with_its_own_get_their_own_answers(sandbox: Running, line: BadLine) -> None:
    def own_mailbox(number: int) -> tuple[set[str | None], str]:
        reference = f"M-{number:04d}-AAAA"
        google = through(line, sandbox.credentials, FastClock(), mailbox=f"n{number}@ponts.org")
        mailbox = Mailbox(google)
        draft = mailbox.create_draft(a_mail(reference))
        return {mailbox.draft_with(reference) for _ in range(20)}, draft

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(own_mailbox, range(16)))

    assert [answers for answers, _ in found] == [{draft} for _, draft in found]
    assert len({draft for _, draft in found}) == 16


# Time.


def test_a_server_that_never_answers_is_not_waited_for_for_ever(sandbox: Running, clock: FastClock) -> None:
    with bad_line("http://127.0.0.1:1") as nobody:
        google = through(nobody, sandbox.credentials, clock)
        sent: list[object] = []

        class Noting(requests.adapters.HTTPAdapter):
            def send(self, request: object, *arguments: object, **options: object) -> requests.Response:
                sent.append(options["timeout"])
                raise requests.ReadTimeout("in the time allowed")

        for session in (google.files, google.mail):
            session.mount("http://", Noting())
        for call in (
            lambda: Spreadsheet(google, "any").get("x"),
            lambda: Mailbox(google).draft_with("x"),
            lambda: Mailbox(google).message_ids(["x"]),
        ):
            with pytest.raises(GoogleUnreachable):
                call()

    assert set(sent) == {(2.0, 5.0)}
