"""The arguments of functions as numbers, texts, conditions and ranges; `Wrong` when they can't be that."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ponts_flows.sandbox.sheets.compute import Cells, Computation
from ponts_flows.sandbox.sheets.scalars import Failure, Scalar

Argument = Scalar | Cells
Arguments = Sequence[Argument]
Function = Callable[[Computation, Arguments], Argument]


class Wrong(Exception):
    """Carries a failure out of a function."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


def number_of(on: Computation, argument: Argument) -> float:
    found = on.number(argument)
    if isinstance(found, Failure):
        raise Wrong(found)
    return found


def text_of(on: Computation, argument: Argument) -> str:
    found = on.text(argument)
    if isinstance(found, Failure):
        raise Wrong(found)
    return found


def truth_of(on: Computation, argument: Argument) -> bool:
    found = on.truth(argument)
    if isinstance(found, Failure):
        raise Wrong(found)
    return found


def numbers_of(on: Computation, arguments: Arguments) -> list[float]:
    """Every number of the arguments; texts and booleans in ranges do not count."""
    found: list[float] = []
    for argument in arguments:
        if not isinstance(argument, Cells):
            found.append(number_of(on, argument))
            continue
        for value in on.cells(argument):
            if isinstance(value, Failure):
                raise Wrong(value)
            if isinstance(value, float | int) and not isinstance(value, bool):
                found.append(value)
    return found


def range_of(argument: Argument) -> Cells:
    if not isinstance(argument, Cells):
        raise Wrong(Failure("N_A", "Argument must be a range."))
    return argument


def grid_of(on: Computation, cells: Cells) -> list[list[Scalar]]:
    box = cells.box
    rows: list[list[Scalar]] = [[None] * box.width for _ in range(box.height)]
    for row, column, entered in cells.sheet.filled(box):
        rows[row - box.top][column - box.left] = on.of(cells.sheet, row, column, entered)
    return rows
