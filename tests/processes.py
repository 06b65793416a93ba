"""What everyone on the machine sees of the processes that a test starts: their commands."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def commands_seen() -> Iterator[set[str]]:
    """The commands of all processes below this one, looked at again and again until the block ends."""
    seen: set[str] = set()
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.01):
            seen.update(_commands(os.getpid()))

    watching = threading.Thread(target=look, name="processes")
    watching.start()
    try:
        yield seen
    finally:
        over.set()
        watching.join()


def _commands(top: int) -> Iterator[str]:
    """The command of each process that a process started, or that one of those did."""
    parents: dict[int, int] = {}
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended meanwhile
            parents[int(place.name)] = int((place / "stat").read_text().rpartition(")")[2].split()[1])
    below = {top}
    while more := {one for one, parent in parents.items() if parent in below} - below:
        below |= more
    for one in below - {top}:
        with suppress(OSError):
            yield (Path("/proc") / str(one) / "cmdline").read_bytes().replace(b"\0", b" ").decode()
