"""Passes over a programme made by `load_world`, measured; run by `bench_load`, in a process of its own.

    python -m tests.bench.load_pass settle|quiet|due|send DIRECTORY URL DATABASE_URL

Prints a line of JSON a pass. `settle` is `quiet`, and bears with a sandbox that has yet to read its file; `due` makes
something fall due, and is no pass; `send` runs passes until there is nothing left to send and to show.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ponts_flows import local
from ponts_flows.google.transport import Google
from ponts_flows.ledger import Ledger
from ponts_flows.settings import Settings
from ponts_flows.steps import Pass, Step, run_pass
from ponts_flows.steps.opening import google_for
from tests.bench.load_world import fall_due, settings_in
from tests.bench.two_pairs import NOW

DUE_PAIRS = "due.json"
PATIENT = (5.0, 900.0)


@dataclass(kw_only=True)
class Measured:
    """A pass: seconds on the clock and of processor, of it and of each step; what it counted, called and wrote."""

    seconds: float = 0.0
    processor: float = 0.0
    steps: dict[str, tuple[float, float]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    writes: list[int] = field(default_factory=list)
    """The bytes of each request that changed the board."""
    megabytes: int = 0
    """What the process had in memory at most, up to the end of the pass."""


def measured(settings: Settings, ledger: Ledger, google: Google) -> Measured:
    """Run a pass, which must go through."""
    found = Measured()
    google.calls = Counter()

    def note(response: Any, **_: Any) -> None:
        if response.request.path_url.partition("?")[0].endswith(":batchUpdate"):
            found.writes.append(len(response.request.body))

    def step(one: Step, run: Pass) -> int:
        began, worked = time.perf_counter(), time.process_time()
        try:
            return one.run(run)
        finally:
            found.steps[one.name] = (time.perf_counter() - began, time.process_time() - worked)

    google.files.hooks["response"] = [note]
    began, worked = time.perf_counter(), time.process_time()
    report = run_pass(local.a_pass(settings, ledger, NOW, google), call=step)
    found.seconds, found.processor = time.perf_counter() - began, time.process_time() - worked
    assert report.errors == {}, report.lines()
    found.counts, found.calls = report.counts, dict(google.calls)
    found.megabytes = _most_memory()
    return found


def _most_memory() -> int:
    """Of this process alone: what `getrusage` says begins with what its parent had at most."""
    (line,) = [
        line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:")
    ]
    return int(line.split()[1]) // 1024


def main(what: str, directory: str, url: str, database_url: str) -> None:
    """Do what is asked."""
    settings = settings_in(Path(directory), url, database_url)
    ledger = Ledger(settings.ledger_url)
    if what == "due":
        fall_due(ledger, json.loads((Path(directory) / DUE_PAIRS).read_text()))
        return
    google = google_for(settings)
    if what == "settle":
        google.timeout = PATIENT
    while True:
        one = measured(settings, ledger, google)
        print(json.dumps(asdict(one)), flush=True)
        if what != "send" or not (one.counts["send-due"] or one.writes):
            return


if __name__ == "__main__":
    main(*sys.argv[1:])
