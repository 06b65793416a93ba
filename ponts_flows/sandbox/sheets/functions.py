"""The functions of formulas: `EAGER` get their arguments' values, `LAZY` their syntax trees."""

from __future__ import annotations

from collections.abc import Callable

from ponts_flows.sandbox.sheets import functions_of_numbers, functions_of_ranges, functions_of_texts
from ponts_flows.sandbox.sheets.arguments import (
    Argument,
    Arguments,
    Function,
    Wrong,
    truth_of,
)
from ponts_flows.sandbox.sheets.compute import Cells, Computation
from ponts_flows.sandbox.sheets.formula import Call, Node
from ponts_flows.sandbox.sheets.grid import Sheet
from ponts_flows.sandbox.sheets.locales import Locale
from ponts_flows.sandbox.sheets.scalars import Failure, Scalar, compared, real


def call(on: Computation, name: str, arguments: Arguments) -> Argument:
    """Apply a function; too few or too many arguments are #N/A as Google says it."""
    least, most, function = EAGER[name]
    if not least <= len(arguments) <= (most or len(arguments)):
        expected = (
            f"{least}" if least == most else f"between {least} and {most}" if most else f"at least {least}"
        )
        return Failure(
            "N_A",
            f"Wrong number of arguments to {name}. "
            f"Expected {expected} arguments, but got {len(arguments)} arguments.",
        )
    try:
        found = function(on, arguments)
        return real(found) if isinstance(found, float | complex) else found
    except Wrong as wrong:
        return wrong.failure
    except (ArithmeticError, ValueError):
        return Failure("NUM", f"The result of {name} is out of range.")


def _is(test: Callable[[Scalar], bool]) -> Callable[[Computation, Arguments], Argument]:
    return lambda on, a: test(on.single(a[0]))


def _logical(combine: Callable[[list[bool]], bool]) -> Callable[[Computation, Arguments], Argument]:
    return lambda on, a: combine(
        [
            truth_of(on, value)
            for argument in a
            for value in on.cells(argument)
            if not isinstance(value, str) or not isinstance(argument, Cells)
        ]
    )


EAGER: dict[str, tuple[int, int | None, Function]] = {
    **functions_of_ranges.FUNCTIONS,
    **functions_of_numbers.FUNCTIONS,
    **functions_of_texts.FUNCTIONS,
    "AND": (1, None, _logical(all)),
    "OR": (1, None, _logical(any)),
    "XOR": (1, None, _logical(lambda values: sum(values) % 2 == 1)),
    "NOT": (1, 1, lambda on, a: not truth_of(on, a[0])),
    "ISBLANK": (1, 1, _is(lambda value: value is None)),
    "ISNUMBER": (1, 1, _is(lambda value: isinstance(value, float | int) and not isinstance(value, bool))),
    "ISTEXT": (1, 1, _is(lambda value: isinstance(value, str))),
    "ISLOGICAL": (1, 1, _is(lambda value: isinstance(value, bool))),
    "ISERROR": (1, 1, _is(lambda value: isinstance(value, Failure))),
    "ISNA": (1, 1, _is(lambda value: isinstance(value, Failure) and value.type == "N_A")),
    "NA": (0, 0, lambda on, a: Failure("N_A", "Error")),
}


def _if(on: Computation, a: tuple[Node | None, ...], sheet: Sheet) -> Argument:
    condition = on.truth(on.node(a[0], sheet)) if a else False
    if isinstance(condition, Failure):
        return condition
    if condition:
        return on.node(a[1], sheet) if len(a) > 1 else True
    return on.node(a[2], sheet) if len(a) > 2 else False


def _ifs(on: Computation, a: tuple[Node | None, ...], sheet: Sheet) -> Argument:
    for condition, result in zip(a[::2], a[1::2], strict=False):
        met = on.truth(on.node(condition, sheet))
        if met:
            return met if isinstance(met, Failure) else on.node(result, sheet)
    return Failure("N_A", "No match")


def _iferror(on: Computation, a: tuple[Node | None, ...], sheet: Sheet) -> Argument:
    value = on.node(a[0], sheet) if a else None
    if isinstance(on.single(value), Failure):
        return on.node(a[1], sheet) if len(a) > 1 else ""
    return value


def _switch(on: Computation, a: tuple[Node | None, ...], sheet: Sheet) -> Argument:
    value, rest = on.single(on.node(a[0], sheet)), a[1:]
    for case, result in zip(rest[::2], rest[1::2], strict=False):
        if compared(on.single(on.node(case, sheet)), value) == 0:
            return on.node(result, sheet)
    return on.node(rest[-1], sheet) if len(rest) % 2 else Failure("N_A", "No match")


LAZY: dict[str, Callable[[Computation, tuple[Node | None, ...], Sheet], Argument]] = {
    "IF": _if,
    "IFS": _ifs,
    "IFERROR": _iferror,
    "SWITCH": _switch,
}

_MOMENTS = {"TODAY": "DATE", "DATE": "DATE", "EDATE": "DATE", "NOW": "DATE_TIME"}


def number_format(node: Node, locale: Locale) -> dict[str, str] | None:
    """The number format that a formula gives to its cell by itself: dates for TODAY, DATE and the like."""
    if isinstance(node, Call) and node.function in _MOMENTS:
        kind = _MOMENTS[node.function]
        return {"type": kind, "pattern": locale.pattern(kind)}
    return None


def link(on: Computation, node: Node, sheet: Sheet) -> str:
    """Where a formula `=HYPERLINK(…)` leads; empty for any other."""
    if isinstance(node, Call) and node.function == "HYPERLINK" and node.arguments:
        target = on.text(on.node(node.arguments[0], sheet))
        return "" if isinstance(target, Failure) else target
    return ""
