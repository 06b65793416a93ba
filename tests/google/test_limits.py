"""Limits a minute are kept beforehand, whatever is asked, and shared between processes."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from ponts_flows.google.calls import Limit, call_of
from ponts_flows.google.forms import Forms
from ponts_flows.google.limits import Bucket, Limits, google_limits
from ponts_flows.google.mailbox import Mailbox
from ponts_flows.google.patience import Patience
from ponts_flows.google.sheets import Spreadsheet
from ponts_flows.google.transport import Google, execute
from ponts_flows.sandbox import schema
from ponts_flows.sandbox.faults.quotas import units_of
from ponts_flows.sandbox.server import Running
from tests.fast_clock import FastClock
from tests.faults import off, put, report

START = datetime(2026, 11, 16, 8, tzinfo=UTC)
OF_GOOGLE = {
    Limit.SHEETS_READS: 60,
    Limit.SHEETS_WRITES: 60,
    Limit.FORMS_READS: 390,
    Limit.FORMS_RESPONSES: 180,
    Limit.FORMS_WRITES: 150,
    Limit.GMAIL_UNITS: 6000,
    Limit.MESSAGES: 50,
}


def most_in_a_minute(passed: list[tuple[float, float]]) -> float:
    """The most units that passed in sixty seconds, of (moment, units)."""
    return max(sum(units for at, units in passed if start <= at < start + 60.0 - 1e-6) for start, _ in passed)


@given(
    a_minute=st.integers(2, 500),
    burst=st.integers(1, 499),
    asked=st.lists(st.tuples(st.floats(0, 90), st.integers(1, 40)), min_size=1, max_size=60),
)
def test_in_no_minute_more_passes_than_the_limit_whenever_it_is_asked_for(
    a_minute: int, burst: int, asked: list[tuple[float, int]]
) -> None:
    burst = min(burst, a_minute - 1)
    clock, passed = FastClock(), []
    bucket = Bucket(a_minute=a_minute, burst=burst)
    for pause, units in asked:
        clock.now += pause
        clock.sleep(bucket.wait(min(units, burst), clock.now))
        passed.append((clock.now, float(min(units, burst))))

    assert most_in_a_minute(passed) <= a_minute + 1e-6


def test_a_bucket_lets_nothing_wait_that_is_rare() -> None:
    bucket = Bucket(a_minute=60, burst=20)

    assert [bucket.wait(1, now) for now in range(0, 600, 10)] == [0.0] * 60


def test_more_at_once_than_may_ever_pass_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="30 units at once, of 20"):
        Bucket(a_minute=60, burst=20).wait(30, 0.0)


@pytest.mark.parametrize("workers", [1, 2, 3, 8, 20])
@pytest.mark.parametrize("limit", OF_GOOGLE)
def test_all_processes_together_stay_within_the_limits_of_google(limit: Limit, workers: int) -> None:
    units = 100 if limit is Limit.GMAIL_UNITS else 1
    passed: list[tuple[float, float]] = []
    for _ in range(workers):
        clock = FastClock()
        limits = google_limits(messages=50, workers=workers, monotonic=clock.monotonic, sleep=clock.sleep)
        while clock.now < 180:
            limits.wait({limit: units})
            passed.append((clock.now, units))

    assert most_in_a_minute(passed) <= OF_GOOGLE[limit]


def test_without_limits_nobody_waits() -> None:
    clock = FastClock()
    limits = Limits(monotonic=clock.monotonic, sleep=clock.sleep)
    for _ in range(1000):
        limits.wait({Limit.SHEETS_READS: 1})

    assert clock.naps == []
    assert limits.most_together({Limit.SHEETS_READS: 1}) == float("inf")


def test_a_bucket_is_kept_by_all_threads_of_a_process_together() -> None:
    clock = FastClock()
    limits = google_limits(messages=50, monotonic=clock.monotonic, sleep=clock.naps.append)
    threads = [Thread(target=limits.wait, args=({Limit.SHEETS_READS: 1},)) for _ in range(60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    # Twenty at once; the fortieth of the others waits a minute: 40 more in sixty seconds.
    assert len(clock.naps) == 40
    assert max(clock.naps) == pytest.approx(60.0)


def test_what_is_read_together_is_parted_as_the_limits_want(google: Google, clock: FastClock) -> None:
    google.limits = google_limits(messages=50, monotonic=clock.monotonic, sleep=clock.sleep)
    mailbox = Mailbox(google)
    google.calls.clear()

    assert mailbox.message_ids(["none"] * 60) == [""] * 60

    # 60 readings of 20 units: 25 at once.
    assert google.calls["batch"] == 3
    assert sum(clock.naps) == pytest.approx((60 * 20 - 500) / (5500 / 60))


# Held against the sandbox, which counts as Google does when it is asked to.


class SandboxClock(FastClock):
    """A clock that takes the sandbox's with it."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._set()

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        self._set()

    def _set(self) -> None:
        # A little later than asked for, as any clock is: the sandbox counts in microseconds.
        moment = START + timedelta(seconds=self.now + len(self.naps) / 1000)
        body = {"now": moment.isoformat(), "standing": True}
        requests.put(f"{self._url}/sandbox/clock", json=body, timeout=10).raise_for_status()


def much(google: Google) -> None:
    """More of everything than Google lets pass in a minute."""
    mailbox, forms = Mailbox(google), google.service("forms", "v1").forms()
    form = execute(forms.create(body={"info": {"title": "essai"}}))["formId"]
    sheet = Spreadsheet.created(google, {})
    for _ in range(70):
        mailbox.send_draft(mailbox.create_draft(b"To: lea@exemple.example\r\nSubject: essai\r\n\r\nessai"))
    for _ in range(70):
        sheet.get("spreadsheetId")
    for _ in range(70):
        sheet.update([{"updateSpreadsheetProperties": {"properties": {"title": "x"}, "fields": "title"}}])
    for _ in range(400):
        execute(forms.get(formId=form))
    Forms(google).all_responses([(form, None)] * 200)
    mailbox.message_ids(["none"] * 400)


def test_whoever_keeps_the_limits_is_never_told_of_them_by_the_service(sandbox: Running) -> None:
    clock = SandboxClock(sandbox.url)
    google = _google(sandbox, clock)
    google.limits = google_limits(messages=50, monotonic=clock.monotonic, sleep=clock.sleep)
    put(sandbox.url, {"quotas": True})

    much(google)

    assert report(sandbox.url)["over_quota"] == {}
    off(sandbox.url)


def test_whoever_does_not_is_told_and_gets_there_by_patience(sandbox: Running) -> None:
    clock = SandboxClock(sandbox.url)
    google = _google(sandbox, clock)
    google.patience = Patience(
        monotonic=clock.monotonic, sleep=clock.sleep, tries=20, most_seconds=1e9, most_failures=10**6
    )
    put(sandbox.url, {"quotas": True})

    much(google)

    told = {"sheets_reads", "sheets_writes", "forms_reads", "forms_responses", "gmail_units"}
    assert set(report(sandbox.url)["over_quota"]) == told
    off(sandbox.url)


def _google(sandbox: Running, clock: FastClock) -> Google:
    return Google(
        credentials_file=sandbox.credentials,
        mailbox="mentoring@ponts.org",
        root=sandbox.url,
        patience=Patience(monotonic=clock.monotonic, sleep=clock.sleep),
    )


def test_no_call_of_gmail_is_believed_cheaper_than_it_is() -> None:
    cheap = {}
    for id, method in schema.methods("gmail.v1").items():
        path = re.sub(r"[{}+]", "", method["path"])
        believed = call_of(method["httpMethod"], f"http://127.0.0.1:1/{path}").costs[Limit.GMAIL_UNITS]
        if believed < units_of(id):
            cheap[id] = (believed, units_of(id))

    assert cheap == {}
