"""The threads that a search finds."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from ponts_flows.sandbox.gmail.messages import Stored
from ponts_flows.sandbox.gmail.search import Finder


def newest_of_threads(finder: Finder, *, skip: int, limit: int) -> list[Stored]:
    """The newest message found of each thread, newest thread first; stops reading once the page is full."""
    return list(islice(_newest(finder), skip, skip + limit))


def _newest(finder: Finder) -> Iterator[Stored]:
    seen: set[str] = set()
    for found in finder.rows():
        if found.thread not in seen:
            seen.add(found.thread)
            yield found
