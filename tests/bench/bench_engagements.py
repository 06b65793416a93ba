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
from contextlib import ExitStack
from datetime import timedelta
from functools import cache
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from sqlalchemy import select, update

from ponts_flows.decide import pairings
from ponts_flows.ledger import Ledger, cases, outbox, tables
from ponts_flows.steps.decide import follow_up, handle_decisions, read_responses
from ponts_flows.steps.mail import read_mail
from ponts_flows.steps.outgoing import MOST_A_PASS, within_limits
from ponts_flows.steps.rows import fresh_rows
from tests.bench.many_pairs import FAR, build, shows, the_board, wake
from tests.bench.two_pairs import NOW, a_pass

SIZES = (1_000, 10_000, 30_000, 100_000)
DUE, RUNS = 100, 5
PARTS = ("facts", "follow", "choose", "rows", "compare")
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
        chosen = within_limits(run, db, waiting, min(room, MOST_A_PASS))
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


@cache
def _ledger(path: Path) -> Ledger:
    return Ledger(f"sqlite:///{path}")


def _pass(path: Path, due: list[str]) -> dict[str, float]:
    """One pass in which these pairs have something due: the seconds of each part, and the memory."""
    ledger, took = _ledger(path), {}
    with ledger.transaction() as db:
        wake(db, due)
    took["facts"], new = _timed(lambda: _nothing_new(ledger))
    took["follow"], followed = _timed(lambda: follow_up(a_pass(ledger)))
    took["choose"], chosen = _timed(lambda: _chosen(ledger))
    assert (new, followed, chosen) == (0, DUE, 2 * DUE)
    memory = _memory()
    with ledger.transaction() as db:
        reading = the_board(db)
    took["rows"], _ = _timed(lambda: _rows(ledger))
    shown, _ = _timed(lambda: shows(a_pass(ledger), reading))
    took["compare"] = shown - took["rows"]
    _done(ledger)
    return took | {"pass": sum(took.values()), "memory": memory, "with_board": _memory()}


def _naive_pass(path: Path) -> float:
    return _timed(lambda: _naive(_ledger(path)))[0]


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    """Print the table."""
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    with TemporaryDirectory() as folder, ExitStack() as stack:
        # A process each: what one leaves in memory does not count for the others.
        paths = {pairs: Path(folder) / f"{pairs}.db" for pairs in sizes}
        due = {pairs: _built(path, pairs) for pairs, path in paths.items()}
        at_work = {pairs: _alone(stack) for pairs in sizes}
        runs: dict[int, list[dict[str, float]]] = {pairs: [] for pairs in sizes}
        # In turns: whatever else the machine does slows all sizes down alike.
        for run, pairs in product(range(RUNS), sizes):
            ids = due[pairs][run::RUNS]
            runs[pairs].append(at_work[pairs].submit(_pass, paths[pairs], ids).result())
        heads = " ".join(f"{name:>7}" for name in PARTS)
        print(f"  pairs  due | {heads} |    pass |   MB  board |    naive")
        for pairs, each in runs.items():
            naive = (
                at_work[pairs].submit(_naive_pass, paths[pairs]).result() if pairs <= NAIVE_UP_TO else None
            )
            print(_line(pairs, each, naive), flush=True)


def _built(path: Path, pairs: int) -> list[str]:
    with ExitStack() as stack:
        return _alone(stack).submit(build, path, pairs=pairs, due=DUE * RUNS).result()


def _alone(stack: ExitStack) -> ProcessPoolExecutor:
    return stack.enter_context(ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")))


def _line(pairs: int, runs: list[dict[str, float]], naive: float | None) -> str:
    took = {name: median(run[name] for run in runs) for name in runs[0]}
    parts = " ".join(f"{took[name]:>7.3f}" for name in PARTS)
    memory = f"{runs[0]['memory']:>5.0f} {runs[0]['with_board']:>6.0f}"
    beside = "" if naive is None else f"{naive:.2f}"
    return f"{pairs:>7} {DUE:>4} | {parts} | {took['pass']:>7.3f} | {memory} | {beside:>8}"


if __name__ == "__main__":
    main()
