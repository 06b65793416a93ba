"""Google's limits a minute, kept beforehand: a token bucket each, so that no call is refused for coming too soon."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock

from ponts_flows.google.calls import Limit

MINUTE = 60.0
# Of each limit: units a minute, how many of them may go at once, and what the dearest call costs.
_FIGURES = {
    Limit.SHEETS_READS: (60.0, 20.0, 1.0),
    Limit.SHEETS_WRITES: (60.0, 20.0, 1.0),
    Limit.FORMS_READS: (390.0, 90.0, 1.0),
    Limit.FORMS_RESPONSES: (180.0, 60.0, 1.0),
    Limit.FORMS_WRITES: (150.0, 50.0, 1.0),
    Limit.GMAIL_UNITS: (6000.0, 500.0, 100.0),
}


@dataclass(kw_only=True)
class Bucket:
    """Lets units pass, `burst` at once at most, and never more than `a_minute` in any sixty seconds."""

    a_minute: float
    burst: float
    _level: float = field(init=False)
    _at: float | None = None

    def __post_init__(self) -> None:
        if not 0 < self.burst < self.a_minute:
            raise ValueError("what may go at once must be less than what may go in a minute")
        self._level = self.burst

    @property
    def rate(self) -> float:
        """Units a second. A minute that begins with a burst must not end beyond the limit."""
        return (self.a_minute - self.burst) / MINUTE

    def wait(self, units: float, now: float) -> float:
        """Take units, one burst of them at most, at a moment or as soon after it as may be: in how many seconds."""
        if units > self.burst:
            raise ValueError(f"{units} units at once, of {self.burst}")
        if self._at is not None:
            self._level = min(self.burst, self._level + (now - self._at) * self.rate)
        self._at = now
        self._level -= units
        return max(0.0, -self._level / self.rate)


class Limits:
    """The limits that a process keeps; none of those it is not given. May be shared between threads."""

    def __init__(
        self,
        buckets: Mapping[Limit, Bucket] | None = None,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._buckets = dict(buckets or {})
        self._monotonic, self._sleep = monotonic, sleep
        self._lock = Lock()

    def wait(self, costs: Mapping[Limit, int]) -> None:
        """Wait until a call of these costs may be made."""
        with self._lock:
            now = self._monotonic()
            waits = [
                self._buckets[limit].wait(units, now)
                for limit, units in costs.items()
                if limit in self._buckets
            ]
        if longest := max(waits, default=0.0):
            self._sleep(longest)

    def most_together(self, costs: Mapping[Limit, int]) -> float:
        """How many calls of these costs may go at once."""
        return min(
            (self._buckets[limit].burst // units for limit, units in costs.items() if limit in self._buckets),
            default=float("inf"),
        )


def google_limits(
    *,
    messages: float,
    workers: int = 1,
    monotonic: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Limits:
    """Google's limits, and so many messages a minute, shared evenly between `workers` processes."""
    figures = _FIGURES | {Limit.MESSAGES: (messages, 1.0, 1.0)}
    buckets = {
        limit: Bucket(a_minute=a_minute / workers, burst=max(dearest, burst // workers))
        for limit, (a_minute, burst, dearest) in figures.items()
    }
    return Limits(buckets, monotonic=monotonic, sleep=sleep)
