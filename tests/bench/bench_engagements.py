"""Time a pass over ledgers of ever more engaged pairs, of which 100 have something due: what grows, and what does not.

    python -m tests.bench.bench_engagements [PAIRS ...]

Nothing reaches Google. Prints, for each number of pairs, the seconds of processor that each part of the pass takes, the
median of five passes (time on the clock would tell as much of what else the machine does):

    facts    read_responses, handle_decisions and read_mail, nothing being new
    follow   follow_up: the 100 that are due are looked at, and 200 mails planned, decided and applied
    choose   what may leave now: planned mails, the limits of the day and of each person's week
    rows     the rows of the board made of what changed
    compare  the rest of refresh_board: these rows, and all that the board holds, against what it was made to show
    pass     the five together
    MB       memory at most, before the board comes in, and with all that it holds
    naive    beside them, every pair looked at: read, and asked of the rules (up to 30,000 pairs)
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from sqlalchemy import select, update

from ponts_flows.board.reading import BoardReading
from ponts_flows.decide import pairings
from ponts_flows.ledger import Ledger, cases, outbox, tables
from ponts_flows.steps.decide import follow_up, handle_decisions, read_mail, read_responses
from ponts_flows.steps.deliver import MOST_A_PASS, _within_limits
from ponts_flows.steps.rows import fresh_rows
from tests.bench.many_pairs import FAR, build, shows, the_board, wake
from tests.bench.two_pairs import NOW, a_pass

SIZES = (1_000, 10_000, 30_000, 100_000)
DUE, RUNS = 100, 5
NAIVE_UP_TO = 30_000
BATCH = 200


def _timed(does: Callable[[], int]) -> tuple[float, int]:
    started = time.process_time()
    found = does()
    return time.process_time() - started, found


def _nothing_new(ledger: Ledger) -> int:
    run = a_pass(ledger)
    return read_responses(run) + handle_decisions(run) + read_mail(run)


def _chosen(ledger: Ledger) -> int:
    """What `send_due` reads before it writes to anyone."""
    run = a_pass(ledger)
    with ledger.transaction() as db:
        unsettled = outbox.under_way(db)
        room = run.programme.daily_cap - outbox.left_since(db, run.now - timedelta(days=1))
        waiting = outbox.planned(db, at_once_only=False)
        chosen = _within_limits(run, db, waiting, min(room, MOST_A_PASS))
        found = cases.pairing_cases(db, sorted({message.about for message in chosen}), run.programme)
        unnamed = outbox.without_message_id(db)
    assert (len(found), len(unsettled), len(unnamed)) == (DUE, 0, 0)
    return len(chosen)


def _rows(ledger: Ledger) -> int:
    with ledger.transaction() as db:
        fresh = fresh_rows(a_pass(ledger), db)
    return sum(len(there) for tab, there in fresh.tabs.items() if tab not in ("settings", "dashboard"))


def _naive(ledger: Ledger) -> int:
    """Every pair, looked at to see whether it is due."""
    run = a_pass(ledger)
    with ledger.transaction() as db:
        ids = db.execute(select(tables.pairing.c.id).order_by(tables.pairing.c.number)).scalars().all()
        for start in range(0, len(ids), BATCH):
            for case in cases.pairing_cases(db, ids[start : start + BATCH], run.programme):
                pairings.follow(case, programme=run.programme, now=run.now)
    return len(ids)


def _done(ledger: Ledger) -> None:
    """What was planned leaves, long ago, and whatever was woken sleeps: the next run has its own 100."""
    m, p = tables.message, tables.pairing
    with ledger.transaction() as db:
        gone = {
            "status": "sent",
            "sent_at": NOW - timedelta(days=30),
            "rfc_message_id": "<x@exemple.example>",
        }
        db.execute(update(m).where(m.c.status == "planned").values(**gone, version=m.c.version))
        db.execute(update(p).where(p.c.wake_at <= NOW).values(wake_at=FAR, version=p.c.version))


def _measured(path: Path, due: list[str]) -> str:
    ledger = Ledger(f"sqlite:///{path}")
    seconds: dict[str, list[float]] = {}
    done: dict[str, int] = {}

    def part(name: str, does: Callable[[], int]) -> None:
        took, done[name] = _timed(does)
        seconds.setdefault(name, []).append(took)

    reading, without_board = BoardReading(tabs={}), 0
    for run in range(RUNS):
        with ledger.transaction() as db:
            wake(db, due[run::RUNS])
        part("facts", lambda: _nothing_new(ledger))
        part("follow", lambda: follow_up(a_pass(ledger)))
        part("choose", lambda: _chosen(ledger))
        without_board = without_board or _memory()
        with ledger.transaction() as db:
            reading = the_board(db)
        part("rows", lambda: _rows(ledger))
        part("show", partial(shows, a_pass(ledger), reading))
        _done(ledger)
    assert done["facts"] == 0
    assert done["follow"] == DUE
    assert done["choose"] == 2 * DUE
    took = {name: median(each) for name, each in seconds.items()}
    took["compare"] = took.pop("show") - took["rows"]
    memory = f"{without_board:>5} {_memory():>6}"
    pairs = len(reading.tabs["pairings"].rows)
    naive = f"{_timed(lambda: _naive(ledger))[0]:>8.2f}" if pairs <= NAIVE_UP_TO else f"{'':>8}"
    parts = " ".join(f"{took[name]:>7.3f}" for name in ("facts", "follow", "choose", "rows", "compare"))
    ledger.close()
    return f"{pairs:>7} {done['follow']:>4} | {parts} | {sum(took.values()):>7.3f} | {memory} | {naive}"


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    """Print the table."""
    heads = " ".join(f"{name:>7}" for name in ("facts", "follow", "choose", "rows", "compare"))
    print(f"  pairs  due | {heads} |    pass |    MB, board |    naive")
    for pairs in [int(size) for size in sys.argv[1:]] or SIZES:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "ledger.db"
            # A process each: what building or another size leaves in memory does not count.
            with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as alone:
                due = alone.submit(build, path, pairs=pairs, due=DUE * RUNS).result()
            with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as alone:
                print(alone.submit(_measured, path, due).result(), flush=True)


if __name__ == "__main__":
    main()
