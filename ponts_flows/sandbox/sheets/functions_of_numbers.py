"""Functions of formulas: numbers and dates."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC
from zoneinfo import ZoneInfo

from ponts_flows.sandbox.sheets import numbers
from ponts_flows.sandbox.sheets.arguments import (
    Argument,
    Arguments,
    Function,
    Wrong,
    number_of,
)
from ponts_flows.sandbox.sheets.compute import Computation
from ponts_flows.sandbox.sheets.scalars import Failure, Scalar


def _rounded(number: float, places: float, way: Callable[[float], float]) -> float:
    scale = 10.0 ** int(places)
    scaled = float(f"{abs(number) * scale:.12g}")
    return math.copysign(way(scaled) / scale, number)


def _rounding(way: Callable[[float], float]) -> Callable[[Computation, Arguments], Argument]:
    def rounded(on: Computation, a: Arguments) -> Scalar:
        return _rounded(number_of(on, a[0]), number_of(on, a[1]) if len(a) > 1 else 0, way)

    return rounded


def _mod(on: Computation, a: Arguments) -> Scalar:
    divisor = number_of(on, a[1])
    if divisor == 0:
        raise Wrong(Failure("DIVIDE_BY_ZERO", "Function MOD parameter 2 cannot be zero."))
    return number_of(on, a[0]) % divisor


def _sqrt(on: Computation, a: Arguments) -> Scalar:
    number = number_of(on, a[0])
    if number < 0:
        raise Wrong(
            Failure(
                "NUM",
                f"Function SQRT parameter 1 value is {number:g}. It should be greater than or equal to 0.",
            )
        )
    return math.sqrt(number)


def _now(on: Computation, _: Arguments) -> Scalar:
    on.book.volatile = True
    zone = str(on.book.properties.get("timeZone", "Etc/GMT"))
    return numbers.serial(on.book.now.astimezone(UTC if zone == "Etc/GMT" else ZoneInfo(zone)))


def _today(on: Computation, a: Arguments) -> Scalar:
    now = _now(on, a)
    assert isinstance(now, float)
    return float(math.floor(now))


def _date(on: Computation, a: Arguments) -> Scalar:
    year, month, day = (int(number_of(on, argument)) for argument in a)
    year += (month - 1) // 12
    start = numbers.EPOCH.replace(year=year, month=(month - 1) % 12 + 1, day=1)
    return numbers.serial(start) + day - 1


def _edate(on: Computation, a: Arguments) -> Scalar:
    start = numbers.moment(number_of(on, a[0]))
    months = start.month - 1 + int(number_of(on, a[1]))
    year, month = start.year + months // 12, months % 12 + 1
    last = (
        31
        if month == 12
        else (
            start.replace(year=year, month=month + 1, day=1) - start.replace(year=year, month=month, day=1)
        ).days
    )
    return numbers.serial(start.replace(year=year, month=month, day=min(start.day, last)))


def _part(field: str) -> Callable[[Computation, Arguments], Argument]:
    def part(on: Computation, a: Arguments) -> Scalar:
        return float(getattr(numbers.moment(number_of(on, a[0])), field))

    return part


def _weekday(on: Computation, a: Arguments) -> Scalar:
    monday = numbers.moment(number_of(on, a[0])).weekday()
    kind = int(number_of(on, a[1])) if len(a) > 1 else 1
    return float({1: (monday + 1) % 7 + 1, 2: monday + 1, 3: monday}.get(kind, monday + 1))


FUNCTIONS: dict[str, tuple[int, int | None, Function]] = {
    "ROUND": (1, 2, _rounding(lambda x: math.floor(x + 0.5))),
    "ROUNDUP": (1, 2, _rounding(math.ceil)),
    "ROUNDDOWN": (1, 2, _rounding(math.floor)),
    "ABS": (1, 1, lambda on, a: abs(number_of(on, a[0]))),
    "INT": (1, 1, lambda on, a: float(math.floor(number_of(on, a[0])))),
    "MOD": (2, 2, _mod),
    "SQRT": (1, 1, _sqrt),
    "POWER": (2, 2, lambda on, a: number_of(on, a[0]) ** number_of(on, a[1])),
    "PI": (0, 0, lambda on, a: math.pi),
    "TODAY": (0, 0, _today),
    "NOW": (0, 0, _now),
    "DATE": (3, 3, _date),
    "EDATE": (2, 2, _edate),
    "DAYS": (2, 2, lambda on, a: number_of(on, a[0]) - number_of(on, a[1])),
    "YEAR": (1, 1, _part("year")),
    "MONTH": (1, 1, _part("month")),
    "DAY": (1, 1, _part("day")),
    "HOUR": (1, 1, _part("hour")),
    "MINUTE": (1, 1, _part("minute")),
    "WEEKDAY": (1, 2, _weekday),
    "VALUE": (1, 1, lambda on, a: number_of(on, a[0])),
    "N": (1, 1, lambda on, a: v if isinstance(v := on.single(a[0]), float) else float(v is True)),
}
