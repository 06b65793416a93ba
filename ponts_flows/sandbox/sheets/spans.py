"""What an insertion, a deletion or a move of rows or columns does to an interval of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Inserted:
    """`count` new ones before position `at`."""

    at: int
    count: int


@dataclass(frozen=True, kw_only=True)
class Deleted:
    """Positions `start` to `end` (exclusive) are gone."""

    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Moved:
    """Positions `start` to `end` now stand before what stood at `to`."""

    start: int
    end: int
    to: int


Change = Inserted | Deleted | Moved
Span = tuple[int | None, int | None]


class Vanished(Exception):
    """Nothing is left of the interval."""


def changed(span: Span, change: Change) -> Span:
    """The interval (end exclusive, None unbounded) after the change; Vanished when all of it was deleted."""
    start, end = span
    match change:
        case Inserted(at=at, count=count):
            return (
                start + count if start is not None and start >= at else start,
                end + count if end is not None and end > at else end,
            )
        case Deleted(start=first, end=last):
            new = tuple(None if x is None else _after_deletion(x, first, last) for x in span)
            if start is not None and end is not None and new[0] == new[1] and start != end:
                raise Vanished
            return new[0], new[1]
        case Moved():
            return _after_move(start, end, change)


def position(at: int, change: Change) -> int:
    """Where one row or column stands after the change; Vanished when it was deleted."""
    start, _ = changed((at, at + 1), change)
    assert start is not None
    return start


def _after_deletion(x: int, first: int, last: int) -> int:
    return x if x <= first else max(first, x - (last - first))


def _moved_to(x: int, move: Moved) -> int:
    size = move.end - move.start
    if move.start <= x < move.end:
        return x - move.start + (move.to if move.to <= move.start else move.to - size)
    if x >= move.end and x < move.to:
        return x - size
    return x + size if move.to <= x < move.start else x


def _after_move(start: int | None, end: int | None, move: Moved) -> Span:
    """The ends keep hold of their cells; unless the order of the two was turned round."""
    if start is None and end is None:
        return None, None
    new_start = None if start is None else _moved_to(start, move)
    new_end = None if end is None else _moved_to(end - 1, move) + 1
    if new_start is not None and new_end is not None and new_start >= new_end:
        return new_end - 1, new_start + 1
    return new_start, new_end
