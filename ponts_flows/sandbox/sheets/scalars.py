"""Computed values: numbers, texts, booleans, errors; how they are ordered and reckoned with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from operator import add, mul, sub
from typing import Any

OPERATIONS: dict[str, Callable[[float, float], Any]] = {"+": add, "-": sub, "*": mul, "^": pow}


@dataclass(frozen=True)
class Failure:
    """An error in a cell: the API's type, and Google's sentence."""

    type: str
    message: str = ""

    @property
    def text(self) -> str:
        """What the cell shows: `#DIV/0!`."""
        shown = {
            "DIVIDE_BY_ZERO": "#DIV/0!",
            "NAME": "#NAME?",
            "N_A": "#N/A",
            "REF": "#REF!",
            "ERROR": "#ERROR!",
        }
        return shown.get(self.type, f"#{self.type}!")


Scalar = float | str | bool | None | Failure
"""A computed value; None is an empty cell."""


def arithmetic(operator: str, left: float, right: float) -> Scalar:
    """`+ - * / ^` on two numbers."""
    try:
        if operator == "/":
            return left / right
        operation = OPERATIONS[operator]
        found = operation(left, right)
    except ZeroDivisionError:
        return Failure("DIVIDE_BY_ZERO", "Function DIVIDE parameter 2 cannot be zero.")
    except OverflowError:
        return Failure("NUM", "The result is too large.")
    return real(found)


def real(found: Any) -> float | Failure:
    """A result as a number of a cell; #NUM! for infinite and complex ones."""
    if isinstance(found, complex) or not isfinite(found):
        return Failure("NUM", "The result is not a finite real number.")
    return float(found)


def compared(left: Scalar, right: Scalar) -> int:
    """-1, 0 or 1: numbers, then texts without regard to case, then booleans; empty is 0 or an empty text."""
    left = _zero_like(right) if left is None else left
    right = _zero_like(left) if right is None else right
    one, other = _order_key(left), _order_key(right)
    return (one > other) - (one < other)


def _zero_like(other: Scalar) -> Scalar:
    return "" if isinstance(other, str) else False if isinstance(other, bool) else 0.0


def _order_key(value: Scalar) -> tuple[int, float, str]:
    if isinstance(value, bool):
        return (2, float(value), "")
    if isinstance(value, str):
        return (1, 0.0, value.casefold())
    return (0, float(value) if isinstance(value, float | int) else 0.0, "")
