"""How failures are borne: what may be tried again is, a little later each time, within a budget for each service.

An error says by its class whether its call may be tried again: `GoogleUnreachable` means that nothing happened,
`OutcomeUnknown` that something may have.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import TypeVar

from ponts_flows.errors import GivenUp, GoogleUnreachable, OutcomeUnknown

T = TypeVar("T")


@dataclass(kw_only=True)
class Patience:
    """Repeats calls that failed and may be repeated. What it allows is for one pass: `begin` starts another.

    A call is tried `tries` times at most; a service may fail `most_failures` times and cost `most_seconds` in
    failures and waiting. Past that it is left alone. The wait before try n is drawn between nothing and
    `first_wait * 2 ** (n - 2)` seconds, `longest_wait` at most: processes that failed together do not come back
    together. When a service says how long, that is waited at least.
    """

    tries: int = 4
    most_failures: int = 30
    most_seconds: float = 180.0
    first_wait: float = 1.0
    longest_wait: float = 30.0
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random
    _failures: Counter[str] = field(default_factory=Counter)
    _seconds: dict[str, float] = field(default_factory=dict)

    def begin(self) -> None:
        """Begin another pass: everything is forgiven."""
        self._failures.clear()
        self._seconds.clear()

    def persist(self, service: str, attempt: Callable[[], T]) -> T:
        """What `attempt` returns, tried again while it may be; raises its last error, or GivenUp without trying."""
        for number in count(1):
            self._check(service)
            began = self.monotonic()
            try:
                return attempt()
            except GoogleUnreachable as error:
                self._failures[service] += 1
                self._lose(service, self.monotonic() - began)
                wait = self._wait(number, error)
                if error.retry_after and self._seconds[service] + wait > self.most_seconds:
                    self._lose(service, wait)  # it is not called again before the time it asked for
                    raise
                if (
                    isinstance(error, OutcomeUnknown | GivenUp)
                    or number >= self.tries
                    or self._failures[service] >= self.most_failures
                    or self._seconds[service] + wait > self.most_seconds
                ):
                    raise
            self._lose(service, wait)
            self.sleep(wait)
        raise AssertionError("never reached: the last try returns or raises")

    def _check(self, service: str) -> None:
        failures, seconds = self._failures[service], self._seconds.get(service, 0.0)
        if failures >= self.most_failures or seconds >= self.most_seconds:
            raise GivenUp(
                f"Google's service {service} failed {failures} times in this pass: it is left alone until the next one."
            )

    def _lose(self, service: str, seconds: float) -> None:
        self._seconds[service] = self._seconds.get(service, 0.0) + seconds

    def _wait(self, number: int, error: GoogleUnreachable) -> float:
        """Exponential back-off with full jitter, added to what the service asked for."""
        drawn = self.chance() * min(self.longest_wait, self.first_wait * 2.0 ** (number - 1))
        return error.retry_after + drawn
