"""The garbage collector, told when it has nothing to do."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """No collection meanwhile: for work that makes millions of small values and drops none."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def collect_garbage_seldom() -> None:
    """For a process that keeps what it makes: looking through all of it for garbage took 3 % of its time."""
    gc.freeze()  # what was imported stays
    gc.set_threshold(50_000)
