"""What everyone on the machine sees of the processes that a test starts: their commands."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socket import AF_INET, AF_INET6, inet_ntop

LISTEN = "0A"  # as the kernel says it


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


def listening(process: int) -> set[tuple[str, int]]:
    """The addresses and ports at which a process takes connections."""
    held = set()
    for link in Path(f"/proc/{process}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed since
            held.add(os.readlink(link))
    found = set()
    for table, family in (("tcp", AF_INET), ("tcp6", AF_INET6)):
        for line in Path(f"/proc/{process}/net/{table}").read_text().splitlines()[1:]:
            place, state, inode = (line.split()[i] for i in (1, 3, 9))
            if state == LISTEN and f"socket:[{inode}]" in held:
                address, _, port = place.partition(":")
                words = [bytes.fromhex(address[i : i + 8])[::-1] for i in range(0, len(address), 8)]
                found.add((inet_ntop(family, b"".join(words)), int(port, 16)))
    return found
