"""A worker that never rests: passes, sendings and readings of the mailbox, one after the other, until it is killed.

    python -m tests.journeys.worker NAME

It takes its settings from the environment, as flows do.
"""

from __future__ import annotations

import random
import sys

from ponts_flows.errors import AlreadyRunning
from ponts_flows.steps import MAILBOX, OUTBOX, PROGRAMME, run_pass
from ponts_flows.steps.opening import opened


def main(name: str) -> None:
    """Work, saying a line for each thing done and each that failed."""
    draw = random.Random(name)
    print("ready", flush=True)
    while True:
        steps, beside = draw.choice([(PROGRAMME, False), (OUTBOX, True), (OUTBOX, True), (MAILBOX, True)])
        with opened() as run:
            try:
                report = run_pass(run, steps, beside=beside)
            except AlreadyRunning:
                continue
        for line in report.lines():
            print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
