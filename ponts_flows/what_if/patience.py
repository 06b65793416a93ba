"""How long a matching is searched for: to the proof, unless a time or a gap is enough."""

from __future__ import annotations

import sys
import time

from ponts_flows.decide.matching import Reached

QUIET_SECONDS = 3.0
"""A search that takes less says nothing."""


class Patience:
    """Told of each round, answers whether to stop: the gap is small enough, or another round would take too long.

    `seconds` from now, `percent` of the best value; None: as far as the proof goes.
    """

    def __init__(self, *, seconds: float | None = None, percent: float | None = None) -> None:
        self._seconds, self._percent = seconds, percent
        self._started = self._last = time.monotonic()

    def __call__(self, reached: Reached) -> bool:
        """Whether to stop here."""
        now = time.monotonic()
        spent, round_took = now - self._started, now - self._last
        self._last = now
        if spent > QUIET_SECONDS:
            print(
                f"{spent:.0f} s : {reached.pairs} binômes sur {reached.pairs_bound} au plus, "
                f"à {100 * reached.gap:.4f} % au plus du meilleur total",
                file=sys.stderr,
            )
        if self._percent is not None and 100 * reached.gap <= self._percent:
            return True
        return self._seconds is not None and spent + round_took > self._seconds
