"""Functions of formulas: sums, counts and look-ups over ranges."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import zip_longest
from statistics import median

from ponts_flows.sandbox.sheets import criteria
from ponts_flows.sandbox.sheets.arguments import (
    Argument,
    Arguments,
    Function,
    Wrong,
    grid_of,
    number_of,
    numbers_of,
    range_of,
    text_of,
    truth_of,
)
from ponts_flows.sandbox.sheets.compute import Computation
from ponts_flows.sandbox.sheets.scalars import Failure, Scalar, compared


def _average(on: Computation, arguments: Arguments) -> Scalar:
    found = numbers_of(on, arguments)
    if not found:
        raise Wrong(
            Failure("DIVIDE_BY_ZERO", "Evaluation of function AVERAGE caused a divide by zero error.")
        )
    return math.fsum(found) / len(found)


def _count(on: Computation, arguments: Arguments) -> Scalar:
    values = (value for argument in arguments for value in on.cells(argument))
    return float(sum(isinstance(value, float | int) and not isinstance(value, bool) for value in values))


def _counta(on: Computation, arguments: Arguments) -> Scalar:
    return float(sum(1 for argument in arguments for _ in on.cells(argument)))


def _countunique(on: Computation, arguments: Arguments) -> Scalar:
    return float(len({value for argument in arguments for value in on.cells(argument)}))


def _countblank(on: Computation, arguments: Arguments) -> Scalar:
    cells = range_of(arguments[0])
    full = sum(1 for value in on.cells(cells) if value != "")
    return float(cells.box.height * cells.box.width - full)


def _chosen(on: Computation, pairs: Arguments) -> list[bool]:
    """For (range, criterion) pairs, whether each cell fits them all."""
    fits: list[bool] = []
    for cells, criterion in zip_longest(pairs[::2], pairs[1::2]):
        test = criteria.test(on.single(criterion), on.locale)
        flat = [test(value) for row in grid_of(on, range_of(cells)) for value in row]
        if fits and len(fits) != len(flat):
            raise Wrong(Failure("VALUE", "Array arguments are of different size."))
        fits = [a and b for a, b in zip(fits, flat, strict=True)] if fits else flat
    return fits


def _picked(on: Computation, cells: Argument, fits: list[bool]) -> list[float]:
    flat = [value for row in grid_of(on, range_of(cells)) for value in row]
    return [
        value
        for value, fit in zip(flat, fits, strict=False)
        if fit and isinstance(value, float | int) and not isinstance(value, bool)
    ]


def _averageif(on: Computation, a: Arguments) -> Scalar:
    found = _picked(on, a[2] if len(a) > 2 else a[0], _chosen(on, a[:2]))
    if not found:
        raise Wrong(
            Failure("DIVIDE_BY_ZERO", "Evaluation of function AVERAGEIF caused a divide by zero error.")
        )
    return math.fsum(found) / len(found)


def _vlookup(on: Computation, a: Arguments) -> Scalar:
    wanted, rows, index = on.single(a[0]), grid_of(on, range_of(a[1])), int(number_of(on, a[2]))
    exact = len(a) > 3 and not truth_of(on, a[3])
    if rows and not 1 <= index <= len(rows[0]):
        raise Wrong(Failure("REF", "VLOOKUP evaluates to an out of bounds range."))
    found: Scalar = Failure("N_A", f"Did not find value '{text_of(on, wanted)}' in VLOOKUP evaluation.")
    for row in rows:
        order = compared(row[0], wanted) if row[0] is not None else 1
        if order == 0 and exact:
            return row[index - 1]
        if not exact and row[0] is not None and order <= 0:
            found = row[index - 1]
    return found


def _match(on: Computation, a: Arguments) -> Scalar:
    wanted, values = on.single(a[0]), [value for row in grid_of(on, range_of(a[1])) for value in row]
    kind = int(number_of(on, a[2])) if len(a) > 2 else 1
    best = 0
    for position, value in enumerate(values, start=1):
        order = compared(value, wanted) if value is not None else 2
        if order == 0 and kind == 0:
            return float(position)
        if (kind == 1 and order <= 0) or (kind == -1 and order in (0, 1)):
            best = position
    if best:
        return float(best)
    raise Wrong(Failure("N_A", f"Did not find value '{text_of(on, wanted)}' in MATCH evaluation."))


def _index(on: Computation, a: Arguments) -> Scalar:
    rows = grid_of(on, range_of(a[0]))
    row = int(number_of(on, a[1])) if len(a) > 1 else 1
    column = int(number_of(on, a[2])) if len(a) > 2 else 1
    if len(rows) == 1 and len(a) == 2:
        row, column = 1, row
    if not (1 <= row <= len(rows) and 1 <= column <= len(rows[0])):
        raise Wrong(Failure("REF", "Function INDEX parameter value is out of range."))
    return rows[row - 1][column - 1]


def _row(on: Computation, a: Arguments) -> Scalar:
    return float(range_of(a[0]).box.top + 1)


def _column(on: Computation, a: Arguments) -> Scalar:
    return float(range_of(a[0]).box.left + 1)


def _extreme(pick: Callable[[list[float]], float]) -> Callable[[Computation, Arguments], Argument]:
    return lambda on, a: pick(numbers_of(on, a) or [0.0])


FUNCTIONS: dict[str, tuple[int, int | None, Function]] = {
    "SUM": (1, None, lambda on, a: math.fsum(numbers_of(on, a))),
    "PRODUCT": (1, None, lambda on, a: math.prod(numbers_of(on, a))),
    "AVERAGE": (1, None, _average),
    "MEDIAN": (1, None, lambda on, a: float(median(numbers_of(on, a) or [0.0]))),
    "MIN": (1, None, _extreme(min)),
    "MAX": (1, None, _extreme(max)),
    "COUNT": (1, None, _count),
    "COUNTA": (1, None, _counta),
    "COUNTBLANK": (1, 1, _countblank),
    "COUNTUNIQUE": (1, None, _countunique),
    "COUNTIF": (2, 2, lambda on, a: float(sum(_chosen(on, a)))),
    "COUNTIFS": (2, None, lambda on, a: float(sum(_chosen(on, a)))),
    "SUMIF": (2, 3, lambda on, a: math.fsum(_picked(on, a[2] if len(a) > 2 else a[0], _chosen(on, a[:2])))),
    "SUMIFS": (3, None, lambda on, a: math.fsum(_picked(on, a[0], _chosen(on, a[1:])))),
    "AVERAGEIF": (2, 3, _averageif),
    "VLOOKUP": (3, 4, _vlookup),
    "MATCH": (2, 3, _match),
    "INDEX": (1, 3, _index),
    "ROW": (1, 1, _row),
    "COLUMN": (1, 1, _column),
    "ROWS": (1, 1, lambda on, a: float(range_of(a[0]).box.height)),
    "COLUMNS": (1, 1, lambda on, a: float(range_of(a[0]).box.width)),
}
