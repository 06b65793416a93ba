"""Calls whose address names somebody: what the clients log of each call, at their most talkative, stays unsaid."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

_TALKERS = ("googleapiclient.discovery", "urllib3.connectionpool")


@contextmanager
def unlogged() -> Iterator[None]:
    """Say nothing of the calls made in the block; what goes wrong is raised as ever."""
    talkers = [logging.getLogger(name) for name in _TALKERS]
    before = [talker.disabled for talker in talkers]
    for talker in talkers:
        talker.disabled = True
    try:
        yield
    finally:
        for talker, was in zip(talkers, before, strict=True):
            talker.disabled = was
