"""How often a call is tried again, how long is waited, and when a service is given up."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ponts_flows.errors import GivenUp, GoogleRefused, GoogleUnreachable, OutcomeUnknown
from ponts_flows.google.patience import Patience
from tests.fast_clock import FastClock


def patience(clock: FastClock, *, chance: float = 1.0, **changes: float) -> Patience:
    return Patience(monotonic=clock.monotonic, sleep=clock.sleep, chance=lambda: chance, **changes)  # type: ignore[arg-type]


def failing(*errors: Exception, takes: float = 0.0, clock: FastClock | None = None) -> Callable[[], str]:
    """A call that fails so, in turn, and then answers."""
    left = list(errors)

    def call() -> str:
        if clock is not None:
            clock.now += takes
        if left:
            raise left.pop(0)
        return "answer"

    return call


def silent(count: int = 1, **changes: float) -> list[Exception]:
    return [GoogleUnreachable("no answer", **changes) for _ in range(count)]


def test_the_wait_doubles_from_try_to_try_and_the_last_error_is_raised() -> None:
    clock = FastClock()

    with pytest.raises(GoogleUnreachable):
        patience(clock, tries=7, longest_wait=10).persist("gmail", failing(*silent(7)))

    assert clock.naps == [1, 2, 4, 8, 10, 10]


def test_the_wait_is_drawn_between_nothing_and_its_most() -> None:
    clock = FastClock()

    assert patience(clock, chance=0.25).persist("gmail", failing(*silent(3))) == "answer"

    assert clock.naps == [0.25, 0.5, 1]


def test_a_service_is_left_alone_for_as_long_as_it_asks() -> None:
    clock = FastClock()

    assert patience(clock, chance=0.5).persist("gmail", failing(*silent(retry_after=20))) == "answer"

    assert clock.naps == [20.5]


def test_who_asks_for_more_time_than_there_is_left_is_not_waited_for() -> None:
    clock = FastClock()

    bearing = patience(clock, most_seconds=100)
    with pytest.raises(GoogleUnreachable, match="no answer"):
        bearing.persist("gmail", failing(*silent(retry_after=3600)))
    with pytest.raises(GivenUp):  # and it is left alone meanwhile
        bearing.persist("gmail", failing())

    assert clock.naps == []


@pytest.mark.parametrize("error", [OutcomeUnknown("lost"), GoogleRefused("no", 404), KeyError("bug")])
def test_what_may_have_happened_and_what_was_refused_is_never_tried_again(error: Exception) -> None:
    clock = FastClock()

    with pytest.raises(type(error)):
        patience(clock).persist("gmail", failing(error))

    assert clock.naps == []


def test_a_service_that_fails_too_often_is_given_up_and_the_others_are_not() -> None:
    bearing = patience(FastClock(), most_failures=6)
    for _ in range(6):
        with pytest.raises(OutcomeUnknown):
            bearing.persist("gmail", failing(OutcomeUnknown("lost")))

    asked: list[str] = []
    with pytest.raises(GivenUp, match="gmail failed 6 times in this pass"):
        bearing.persist("gmail", lambda: asked.append("gmail"))
    bearing.persist("sheets", lambda: asked.append("sheets"))

    assert asked == ["sheets"]


def test_the_next_pass_begins_with_all_its_patience() -> None:
    bearing = patience(FastClock(), most_failures=1)
    with pytest.raises(GoogleUnreachable):
        bearing.persist("gmail", failing(*silent()))

    bearing.begin()

    assert bearing.persist("gmail", failing()) == "answer"


def test_time_lost_in_calls_that_hang_counts_as_well() -> None:
    clock = FastClock()
    bearing = patience(clock, most_seconds=100)

    with pytest.raises(GoogleUnreachable):
        bearing.persist("gmail", failing(*silent(9), takes=60, clock=clock))
    with pytest.raises(GivenUp):
        bearing.persist("gmail", failing())

    assert clock.now == 121  # twice sixty seconds, and one between them
