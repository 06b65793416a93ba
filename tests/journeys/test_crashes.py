"""Four months of forty people, every process that runs a pass killed again and again: the same end, each mail once.

Each pass is run by a process of its own. At every so-manieth point, a write or a call to Google, before it took effect
or after, it is killed by the system (SIGKILL), and another one runs the pass again.
"""

from __future__ import annotations

import mmap
import os
import signal
import struct
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from ponts_flows.errors import AlreadyRunning
from ponts_flows.rehearsal import Options, rehearse
from ponts_flows.steps import PROGRAMME, Pass, Report, Step, run_pass
from ponts_flows.steps.opening import google_for
from tests.databases import Databases
from tests.endings import Ending, compared, seen
from tests.journeys.mortal import Fate, MortalLedger, on_a_mortal_line
from tests.journeys.test_call_counts import shortened

FIRST = date(2026, 11, 13)
QUIET, WORKED, BUSY, FAILED, KILLED = 0, 2, 3, 4, -signal.SIGKILL
MOST_PASSES = 12
LONGEST = 60
"""Seconds that a process may take: longer, and it is stuck."""


@dataclass(kw_only=True)
class CountedFate(Fate):
    """Counts points over all processes, and has the system kill the one that passes every `every`th; 0: none."""

    every: int
    counter: mmap.mmap

    def passes(self, name: str, *, leaves_more: bool = False) -> None:
        """Count a point; die here when it is its turn."""
        (count,) = struct.unpack("q", self.counter[:8])
        self.counter[:8] = struct.pack("q", count + 1)
        if self.every and count % self.every == self.every - 1:
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass(kw_only=True)
class Processes:
    """Runs passes in processes that may be killed, until nothing is left to do."""

    every: int
    counter: mmap.mmap = field(default_factory=lambda: mmap.mmap(-1, 8))
    killed: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def points(self) -> int:
        """How many points were passed."""
        return int(struct.unpack("q", self.counter[:8])[0])

    def carry_out(self, run: Pass, steps: tuple[Step, ...]) -> Report:
        """Run a pass and then others until one finds nothing to do; each again whenever its process was killed."""
        for _ in range(MOST_PASSES):
            while (came_to := self._pass(run, steps)) in (KILLED, BUSY):  # a dead one's lock is free at once
                self.killed += came_to == KILLED
            if came_to != WORKED:
                return Report()
            steps = PROGRAMME
        self.wrong.append(f"{run.now}: the passes never come to rest")
        return Report()

    def _pass(self, run: Pass, steps: tuple[Step, ...]) -> int:
        """One pass in a process of its own; returns what it came to."""
        said, tell = os.pipe()
        run.ledger.close()
        child = os.fork()
        if child == 0:
            self._in_a_process_of_its_own(run, steps, tell)
        os.close(tell)
        with os.fdopen(said, "rb") as pipe:
            error = pipe.read().decode()
        _, status = os.waitpid(child, 0)
        came_to = os.waitstatus_to_exitcode(status)
        if came_to not in (QUIET, WORKED, BUSY, KILLED):
            self.wrong.append(f"{run.now}: {error or came_to}")
        return came_to

    def _in_a_process_of_its_own(self, run: Pass, steps: tuple[Step, ...], tell: int) -> None:
        signal.alarm(LONGEST)
        code = FAILED
        try:
            fate = CountedFate(every=self.every, counter=self.counter)
            google = on_a_mortal_line(google_for(run.settings), fate)
            ledger = MortalLedger(run.settings.ledger_url, fate)
            report = run_pass(Pass(settings=run.settings, ledger=ledger, google=google, now=run.now), steps)
            assert report.errors == {}, report.lines()
            code = WORKED if report.lines() else QUIET
        except AlreadyRunning:
            code = BUSY
        except BaseException as error:
            os.write(tell, repr(error).encode())
        finally:
            os._exit(code)


def lived(
    directory: Path, database_url: str, *, until: date, every: int, seed: int = 3
) -> tuple[Ending, Processes]:
    """Rehearse until a day, a process being killed at every so-manieth point."""
    ending, processes = Ending(), Processes(every=every)

    def overnight(run: Pass) -> None:
        if run.today == until:
            seen(run, ending)

    result = rehearse(
        Options(directory=directory, start=FIRST, until=until, seed=seed),
        progress=False,
        overnight=overnight,
        carry_out=processes.carry_out,
        database_url=database_url,
    )
    ending.wrong += result.errors + processes.wrong
    return ending, processes


@pytest.mark.timeout(300)
def test_ten_days_with_a_death_now_and_then_end_as_those_without(
    tmp_path: Path, databases: Databases
) -> None:
    signups, until = shortened(tmp_path / "signups", 12), date(2026, 11, 25)
    calm, mortal = (databases.new(folder) for folder in (tmp_path, signups))

    ending, processes = lived(signups, mortal, until=until, every=101)
    twin, _ = lived(signups, calm, until=until, every=0)

    compared(ending, twin)
    assert processes.killed > 5
    assert len(ending.received) > 10


MONTHS_LATER = date(2027, 3, 15)


@pytest.fixture(scope="module")
def four_months(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Ending:
    """How four months of forty people end when no process dies."""
    signups = shortened(tmp_path_factory.mktemp("calm") / "signups", 40)
    ending, _ = lived(signups, databases.new(signups), until=MONTHS_LATER, every=0)
    return ending


# A pass with nothing to do takes some fifteen points: less often than that it would never come to its end. Deaths at
# every 23rd leave time for one mail; at every 101st much is done.
@pytest.mark.soak
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("every", [23, 29, 41, 61, 101])
def test_four_months_of_forty_people_killed_at_every_so_manieth_point_end_as_those_without(
    tmp_path: Path, databases: Databases, four_months: Ending, every: int
) -> None:
    signups = shortened(tmp_path / "signups", 40)

    ending, processes = lived(signups, databases.new(signups), until=MONTHS_LATER, every=every)

    compared(ending, four_months)
    print(
        f"every {every}: {processes.killed} deaths at {processes.points} points, {len(ending.received)} mails"
    )
