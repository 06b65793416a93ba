"""A command in a process of its own: what it wrote, its seconds, its memory.

Imports nothing large: of a process it begins with what its parent had at most, as Linux counts memory.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from subprocess import CalledProcessError, Popen
from tempfile import TemporaryFile


@dataclass(frozen=True, kw_only=True)
class Ran:
    """What came of a command: seconds on the clock and of processor, MB at most."""

    output: str
    seconds: float
    processor: float
    memory: int


def module(name: str, *arguments: object) -> list[str]:
    """The command of a module of the benchmarks."""
    return [sys.executable, "-m", f"tests.bench.{name}", *map(str, arguments)]


def alone(command: Sequence[str], *, to: Path | None = None) -> Ran:
    """Run a command; what it writes goes to a file, where one is given. Raises where it fails."""
    began = time.perf_counter()
    with to.open("w") if to else TemporaryFile("w+") as file, Popen(command, stdout=file) as child:
        _, status, used = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise CalledProcessError(child.returncode, command)
        file.seek(0)
        output = "" if to else file.read()
    return Ran(
        output=output,
        seconds=seconds,
        processor=used.ru_utime + used.ru_stime,
        memory=used.ru_maxrss // 1024,
    )
