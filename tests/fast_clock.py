"""A clock for what waits: it moves when somebody sleeps, and nobody really does."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class FastClock:
    """Seconds since the test began, and the naps taken."""

    now: float = 0.0
    naps: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        """The time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Be a little later at once."""
        self.naps.append(seconds)
        self.now += seconds
