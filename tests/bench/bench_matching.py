"""Time the matching on pools of invented people: from files, beside other ways to choose pairs, and as pools grow.

    python -m tests.bench.bench_matching [files] [peers] [growth] [MENTEES ...]

All three unless some are named, each at its own sizes unless some are given. Every measure is taken in a
process of its own, which begins with nothing in memory.

    files   `ponts match --json` on sign-up files: the whole process (seconds on the clock and of processor, MB at
            most), then seconds of its parts, in another one: reading the files, pairs with their proof,
            explanations, writing JSON; medians of some runs
    peers   the same instance given to others: pairs, total, seconds from the totals of all pairs in memory (ours:
            from the people) to the pairs chosen, MB of the whole process. Each result is checked
    growth  pairs, without explanations: seconds until the best value is known to be less than 0.01 % above, the
            gap then, seconds until there is no gap and equally good pairs are settled too, rounds, MB
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.bench import mentor_match
from tests.bench.alone import Ran, alone, module
from tests.bench.instances import checked

RUNS, FEWER_RUNS, FEWER_FROM = 5, 3, 5_000
TOTALS_UP_TO, MENTOR_MATCH_UP_TO = 5_000, 1_000
"""Mentees up to which all totals are written down, and up to which mentor-match is asked."""

PARTS = ("reading", "pairs", "explanations", "writing")


class Table:
    """A Markdown table whose rows are printed as they come, as wide as its headings."""

    def __init__(self, *headings: str) -> None:
        self._widths = [len(heading) for heading in headings]
        self._left = [heading.endswith(" ") for heading in headings]
        self.row(*headings)
        self.row(*("-" * (width - 1) + ("-" if left else ":") for left, width in self._columns()))

    def row(self, *cells: str) -> None:
        """Print a row; cells at the end may be left out."""
        columns = zip(cells, self._columns(), strict=False)
        padded = (cell.ljust(width) if left else cell.rjust(width) for cell, (left, width) in columns)
        print(f"| {' | '.join(padded)} |", flush=True)

    def _columns(self) -> Iterator[tuple[bool, int]]:
        return zip(self._left, self._widths, strict=True)


def files(sizes: Sequence[int] = (500, 5_000)) -> None:
    """Print what `ponts match` takes."""
    print("\nFrom files, `ponts match --mentees … --mentors … --json`:\n")
    table = Table("mentees", "  pairs", "seconds", "processor", "   MB", *PARTS)
    ponts = str(Path(sys.executable).parent / "ponts")
    for mentees in sizes:
        with TemporaryDirectory() as folder:
            alone(module("sign_up_files", "write", mentees, folder))
            command = (ponts, "match", f"--mentees={folder}/mentees.csv", f"--mentors={folder}/mentors.csv")
            whole: list[Ran] = []
            parts: list[dict[str, float]] = []
            for _ in range(RUNS if mentees < FEWER_FROM else FEWER_RUNS):
                whole.append(alone((*command, "--json"), to=Path(folder, "found.json")))
                parts.append(json.loads(alone(module("sign_up_files", "parts", folder)).output))
        table.row(
            f"{mentees:,}",
            f"{parts[0]['found']:,}",
            f"{median(ran.seconds for ran in whole):.2f}",
            f"{median(ran.processor for ran in whole):.2f}",
            f"{max(ran.memory for ran in whole):,}",
            *(f"{median(part[name] for part in parts):.2f}" for name in PARTS),
        )


def peers(sizes: Sequence[int] = (500, 1_000)) -> None:
    """Print what others make of the same instances."""
    print("\nThe same instance, by others:\n")
    table = Table("mentees", f"{'by':15}", "  pairs", "      total", "seconds", "   MB", "forbidden")
    for mentees in sizes:
        if mentees > TOTALS_UP_TO:
            table.row(f"{mentees:,}", "not attempted")
            continue
        with TemporaryDirectory() as folder:
            instance = Path(folder, "instance.csv")
            alone(module("matching_ours", "instance", mentees, instance))
            for by, command in _commands(mentees, instance).items():
                table.row(f"{mentees:,}", by, *(_result(command, instance) if command else ["not installed"]))


def _commands(mentees: int, instance: Path) -> dict[str, list[str] | None]:
    commands: dict[str, list[str] | None] = {
        "ours": module("matching_ours", "pairs", mentees),
        "ours, explained": module("matching_ours", "explained", mentees),
        "greedy": module("matching_peers", "greedy", instance),
        "scipy, dense": module("matching_peers", "dense", instance),
        "scipy, sparse": module("matching_peers", "sparse", instance),
    }
    if mentees <= MENTOR_MATCH_UP_TO:
        commands["mentor-match"] = mentor_match.command(instance)
    return commands


def _result(command: Sequence[str], instance: Path) -> list[str]:
    ran = alone(command)
    said = json.loads(ran.output)
    found = checked(instance, [(row, column) for row, column in said["pairs"]])
    counts = [f"{found.pairs:,}", f"{found.total:,}"]
    return [*counts, f"{said['seconds']:.2f}", f"{ran.memory:,}", f"{found.forbidden:,}"]


def growth(sizes: Sequence[int] = (1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)) -> None:
    """Print how long the pairs take, as pools grow."""
    print("\nGrowth, without explanations:\n")
    table = Table("mentees", "mentors", "  pairs", "< 0.01 %", " gap then", "  gap 0", "rounds", "   MB")
    for mentees in sizes:
        ran = alone(module("matching_ours", "growth", mentees))
        said = json.loads(ran.output)
        table.row(
            f"{mentees:,}",
            f"{said['mentors']:,}",
            f"{said['pairs']:,}",
            f"{said['near']:.2f}",
            f"{100 * said['gap']:.2g} %",
            f"{said['seconds']:.2f}",
            f"{said['rounds']:,}",
            f"{ran.memory:,}",
        )


WHAT: Mapping[str, Callable[..., None]] = {"files": files, "peers": peers, "growth": growth}


def main(*arguments: str) -> None:
    """Print the tables that are asked for."""
    named = [argument for argument in arguments if not argument.isdecimal()]
    if not set(named) <= WHAT.keys():
        raise SystemExit(__doc__)
    sizes = [int(argument) for argument in arguments if argument.isdecimal()]
    for name in named or WHAT:
        WHAT[name](*([sizes] if sizes else []))


if __name__ == "__main__":
    main(*sys.argv[1:])
