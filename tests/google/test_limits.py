"""Limits a minute are kept beforehand, whatever is asked, and shared between processes."""

from __future__ import annotations

from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ponts_flows.google.calls import Limit
from ponts_flows.google.limits import Bucket, Limits, google_limits
from ponts_flows.google.mailbox import Mailbox
from ponts_flows.google.transport import Google
from tests.fast_clock import FastClock

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
