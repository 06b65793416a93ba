"""Measure passes over 100,000 people and 30,000 engaged pairs, against a sandbox that holds their board.

    python -m tests.bench.bench_load [PEOPLE PAIRS MAILS]

Nothing reaches Google. Prints, for SQLite and, where it is installed, PostgreSQL:

    quiet  a pass in which nothing is due and nothing new: the median of three, each of a process of its own
    send   MAILS that are due, rendered, drafted, handed over, in as many passes as it takes, and shown on the board

Seconds are on the clock, and of the pass's own processor (the sandbox has its own, and what else the machine does
counts in the first alone); MB is what its process had at most. `largest` is the largest request that changed the board.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from ponts_flows import local
from ponts_flows.sandbox.server import free_port
from tests import postgresql
from tests.bench.alone import alone, module
from tests.bench.load_pass import DUE_PAIRS
from tests.bench.load_world import make
from tests.bench.to_postgresql import copy_ledger
from tests.bench.two_pairs import NOW

PEOPLE, PAIRS, MAILS = 100_000, 30_000, 2_000
QUIET_PASSES = 3
Json = dict[str, Any]


def main(people: int = PEOPLE, pairs: int = PAIRS, mails: int = MAILS) -> None:
    """Print the figures."""
    with TemporaryDirectory() as folder:
        made = Path(folder) / "made"
        # A quarter of the mails are of pairs, two each, that are due; the others had left, and are to leave again.
        due = make(made, people=people, pairs=pairs, due=mails // 4)
        (made / DUE_PAIRS).write_text(json.dumps(due))
        print(f"{people:,} people, {pairs:,} pairs, {_rows(made):,} rows on the board", flush=True)
        for name, database in (("SQLite", _a_file), ("PostgreSQL", _a_server)):
            if name == "PostgreSQL" and postgresql.programs() is None:
                print(f"{name}: not installed")
                continue
            here = Path(folder) / name
            shutil.copytree(made, here)
            with database(here) as url, local.sandbox(here, port=free_port()) as sandbox:
                sandbox.set_clock(NOW, standing=True)
                _report(name, here, sandbox.url, url)
            shutil.rmtree(here)


@contextmanager
def _a_file(directory: Path) -> Iterator[str]:
    yield f"sqlite:///{directory / 'ledger.db'}"


@contextmanager
def _a_server(directory: Path) -> Iterator[str]:
    with postgresql.serving() as server:
        url = server.url(server.create())
        copy_ledger(directory / "ledger.db", url)
        yield url


def _report(name: str, *where: object) -> None:
    _run("settle", *where)
    passes = [one for _ in range(QUIET_PASSES) for one in _run("quiet", *where)]
    print(f"{name}: quiet, {_took(passes)}; {_calls(passes[-1])}")
    print(f"{name}: quiet, by step: {_slowest(passes)}", flush=True)
    _run("due", *where)
    passes = _run("send", *where)
    print(f"{name}: send, {_sent(passes)}")
    print(f"{name}: send, a pass: {_took(passes)}; {_calls(passes[0])}")
    print(f"{name}: send, by step: {_slowest(passes)}")
    print(f"{name}: board, {_written(passes)}", flush=True)


def _sent(passes: list[Json]) -> str:
    sent = sum(one["counts"]["send-due"] for one in passes)
    seconds, processor = (sum(one["steps"]["send-due"][i] for one in passes) for i in (0, 1))
    each = 1000 * processor / sent
    return f"{sent} mails in {len(passes)} passes: {sent / seconds:.1f} a second, {each:.1f} ms of processor each"


def _written(passes: list[Json]) -> str:
    rows, writes = sum(one["counts"]["refresh-board"] for one in passes), [one["writes"] for one in passes]
    most, largest = max(map(len, writes)), max(size for sizes in writes for size in sizes)
    return f"{rows} rows written, at most {most} call a pass, largest {largest:,} bytes"


def _run(what: str, *where: object) -> list[Json]:
    return [json.loads(line) for line in alone(module("load_pass", what, *where)).output.splitlines()]


def _took(passes: list[Json]) -> str:
    seconds, processor = (median(one[name] for one in passes) for name in ("seconds", "processor"))
    return f"{seconds:.2f} s, of processor {processor:.2f}, {max(one['megabytes'] for one in passes)} MB"


def _slowest(passes: list[Json]) -> str:
    """The four steps that take longest: on the clock, and of processor."""
    took = {
        name: tuple(median(one["steps"][name][i] for one in passes) for i in (0, 1))
        for name in passes[0]["steps"]
    }
    longest = sorted(took, key=lambda name: -took[name][0])[:4]
    return ", ".join(f"{name} {took[name][0]:.2f} ({took[name][1]:.2f})" for name in longest)


def _calls(one: Json) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(one["calls"].items()))


def _rows(directory: Path) -> int:
    with closing(sqlite3.connect(directory / "sandbox.db")) as db:
        return int(db.execute("SELECT count(*) FROM spreadsheet_row").fetchone()[0])


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
