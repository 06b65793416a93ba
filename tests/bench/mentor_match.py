"""mentor-match on an instance (see `instances`), in an environment of its own: its module `matching` is a common name.

    .bench/mentor-match/bin/python tests/bench/mentor_match.py FILE

Its rules are ours: a pair is worth its total, and is disqualified where a rule keeps the two apart. A mentor of
several places is as many people. Prints the pairs as JSON, and the seconds from the people to the pairs.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import time
from pathlib import Path

HOME = Path(__file__).parents[2] / ".bench" / "mentor-match"
WANTED = ("mentor-match==7.0.1", "munkres==3.0.0")
"""With what it leaves the assignment to: another version of that takes twenty times as long."""


def command(path: Path) -> list[str] | None:
    """What runs it on an instance, installed now if it was not; None where it can't be."""
    python = HOME / "bin" / "python"
    ready = HOME / "ready"
    if not ready.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        (HOME.parent / ".gitignore").write_text("*\n")
        quietly = ("--quiet", "--quiet", "--disable-pip-version-check")
        steps = (
            [sys.executable, "-m", "venv", "--clear", HOME],
            [python, "-m", "pip", "install", *quietly, *WANTED],
        )
        if any(subprocess.run(step).returncode for step in steps):
            return None
        ready.touch()
    return [str(python), "-I", __file__, str(path)]


def main(path: str) -> None:
    """Choose pairs and print them."""
    from matching.match import Match
    from matching.mentee import Mentee
    from matching.mentor import Mentor
    from matching.process import process_data
    from matching.rules.rule import Disqualify

    with open(path, newline="") as file:
        places, *totals = [[int(cell) for cell in line] for line in csv.reader(file)]

    def total(match: Match) -> int:
        return totals[match.mentee.row][match.mentor.column]

    class Total:
        def evaluate(self, match: Match) -> bool:
            return True

        def apply(self, match: Match) -> int:
            return total(match)

    mentees = [Mentee(grade=0, email=f"mentee.{row}@exemple.example") for row in range(len(totals))]
    for row, mentee in enumerate(mentees):
        mentee.row = row
    mentors = []
    for column, count in enumerate(places):
        for place in range(count):
            mentors.append(Mentor(grade=0, email=f"mentor.{column}.{place}@exemple.example"))
            mentors[-1].column = column
    began = time.perf_counter()
    process_data(mentors, mentees, [[Total(), Disqualify(lambda match: total(match) < 0)]])
    seconds = time.perf_counter() - began
    pairs = [(mentee.row, mentor.column) for mentor in mentors for mentee in mentor.mentees]
    print(json.dumps({"seconds": seconds, "pairs": pairs}))


if __name__ == "__main__":
    main(*sys.argv[1:])
