"""How much of what is to be written goes in one call, in bytes. No call is made here."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ponts_flows.board.changes import Change
from ponts_flows.board.reading import BoardReading
from ponts_flows.google.board_writing import Writing

# So many changes are weighed together.
_TOGETHER = 50


def first_that_fit(reading: BoardReading, changes: Sequence[Change], *, most: int) -> tuple[Writing, int]:
    """The writing of as many changes, from the first on, as fit in a call of so many bytes, and how many are left.

    One is written at least: it would never leave otherwise.
    """
    whole = Writing(reading, changes)
    if _size(whole) <= most:
        return whole, 0
    fitting = max(1, _how_many(reading, changes, most))
    return Writing(reading, changes[:fitting]), len(changes) - fitting


def _how_many(reading: BoardReading, changes: Sequence[Change], most: int) -> int:
    """Weighed apart, changes take a little more room than together: what is said to fit does."""
    room = most
    for start in range(0, len(changes), _TOGETHER):
        some = changes[start : start + _TOGETHER]
        size = _size(Writing(reading, some))
        if size > room:
            fits = (n for n in range(len(some) - 1, 0, -1) if _size(Writing(reading, some[:n])) <= room)
            return start + next(fits, 0)
        room -= size
    return len(changes)


def _size(writing: Writing) -> int:
    return len(json.dumps([writing.requests(), writing.seen_ranges()]))
