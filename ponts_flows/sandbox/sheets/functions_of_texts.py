"""Functions of formulas: texts."""

from __future__ import annotations

import re
from collections.abc import Callable

from ponts_flows.sandbox.sheets import numbers
from ponts_flows.sandbox.sheets.arguments import (
    Argument,
    Arguments,
    Function,
    Wrong,
    number_of,
    text_of,
)
from ponts_flows.sandbox.sheets.compute import Computation
from ponts_flows.sandbox.sheets.scalars import Failure, Scalar

MAX_LENGTH = 50_000


def _find(on: Computation, a: Arguments) -> Scalar:
    wanted, text = text_of(on, a[0]), text_of(on, a[1])
    found = text.find(wanted, int(number_of(on, a[2])) - 1 if len(a) > 2 else 0)
    if found < 0:
        raise Wrong(Failure("VALUE", f"In FIND evaluation, cannot find '{wanted}' within '{text}'."))
    return float(found + 1)


def _search(on: Computation, a: Arguments) -> Scalar:
    return _find(on, [text_of(on, a[0]).lower(), text_of(on, a[1]).lower(), *a[2:]])


def _mid(on: Computation, a: Arguments) -> Scalar:
    start = int(number_of(on, a[1])) - 1
    return text_of(on, a[0])[start : start + int(number_of(on, a[2]))]


def _left(on: Computation, a: Arguments) -> Scalar:
    return text_of(on, a[0])[: int(number_of(on, a[1])) if len(a) > 1 else 1]


def _right(on: Computation, a: Arguments) -> Scalar:
    count = int(number_of(on, a[1])) if len(a) > 1 else 1
    return text_of(on, a[0])[-count:] if count else ""


def _join(on: Computation, a: Arguments) -> Scalar:
    return text_of(on, a[0]).join(text_of(on, value) for argument in a[1:] for value in on.cells(argument))


def _textjoin(on: Computation, a: Arguments) -> Scalar:
    return _join(on, [a[0], *a[2:]])


def _regexmatch(on: Computation, a: Arguments) -> Scalar:
    try:
        return re.search(text_of(on, a[1]), text_of(on, a[0])) is not None
    except re.error:
        raise Wrong(
            Failure(
                "REF", f"Function REGEXMATCH parameter 2 value '{a[1]}' is not a valid regular expression."
            )
        ) from None


def _format_text(on: Computation, a: Arguments) -> Scalar:
    value = on.single(a[0])
    if isinstance(value, str):
        return value
    return numbers.shown(number_of(on, value), text_of(on, a[1]), on.locale)


def _rept(on: Computation, a: Arguments) -> Scalar:
    text, times = text_of(on, a[0]), int(number_of(on, a[1]))
    if len(text) * times > MAX_LENGTH:
        raise Wrong(Failure("VALUE", "The result of REPT is too long."))
    return text * times


def _on_text(change: Callable[[str], Scalar]) -> Callable[[Computation, Arguments], Argument]:
    return lambda on, a: change(text_of(on, a[0]))


FUNCTIONS: dict[str, tuple[int, int | None, Function]] = {
    "CONCATENATE": (
        1,
        None,
        lambda on, a: "".join(text_of(on, v) for argument in a for v in on.cells(argument)),
    ),
    "CONCAT": (2, 2, lambda on, a: text_of(on, a[0]) + text_of(on, a[1])),
    "JOIN": (2, None, _join),
    "TEXTJOIN": (3, None, _textjoin),
    "LEN": (1, 1, _on_text(lambda text: float(len(text)))),
    "UPPER": (1, 1, _on_text(str.upper)),
    "LOWER": (1, 1, _on_text(str.lower)),
    "PROPER": (1, 1, _on_text(str.title)),
    "TRIM": (
        1,
        1,
        _on_text(
            lambda text: (
                " ".join(text.split(" ")) if "  " not in text.strip() else re.sub(" +", " ", text).strip()
            )
        ),
    ),
    "LEFT": (1, 2, _left),
    "RIGHT": (1, 2, _right),
    "MID": (3, 3, _mid),
    "FIND": (2, 3, _find),
    "SEARCH": (2, 3, _search),
    "SUBSTITUTE": (3, 3, lambda on, a: text_of(on, a[0]).replace(text_of(on, a[1]), text_of(on, a[2]))),
    "REPT": (2, 2, _rept),
    "EXACT": (2, 2, lambda on, a: text_of(on, a[0]) == text_of(on, a[1])),
    "REGEXMATCH": (2, 2, _regexmatch),
    "TEXT": (2, 2, _format_text),
    "HYPERLINK": (1, 2, lambda on, a: on.single(a[1] if len(a) > 1 else a[0])),
}
