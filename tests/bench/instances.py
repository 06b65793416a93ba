"""A matching as anyone's program can read it: a CSV file of totals; and the check of what a program makes of it.

The first line holds each mentor's places, each line that follows a mentee's totals, `FORBIDDEN` where a rule
keeps the two apart.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

FORBIDDEN = -1


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What a result is worth: pairs and total without those that a rule keeps apart, which are `forbidden`."""

    pairs: int
    total: int
    forbidden: int


def write(path: Path, places: Iterable[int], totals: Iterable[Iterable[int]]) -> None:
    """Write an instance."""
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([places, *totals])


def checked(path: Path, pairs: Sequence[tuple[int, int]]) -> Checked:
    """What some pairs (mentee's line, mentor's column) are worth; AssertionError where a place is used twice."""
    lines = _lines(path)
    places = next(lines)
    used = Counter(column for _, column in pairs)
    assert all(count <= places[column] for column, count in used.items()), "a place is used twice"
    mentor_of = dict(pairs)
    assert len(mentor_of) == len(pairs), "a mentee has two mentors"
    worth = [line[mentor_of[row]] for row, line in enumerate(lines) if row in mentor_of]
    assert len(worth) == len(pairs), "a mentee is not of this instance"
    allowed = [total for total in worth if total != FORBIDDEN]
    return Checked(pairs=len(allowed), total=sum(allowed), forbidden=len(worth) - len(allowed))


def _lines(path: Path) -> Iterator[list[int]]:
    with path.open(newline="") as file:
        yield from ([int(cell) for cell in line] for line in csv.reader(file))
