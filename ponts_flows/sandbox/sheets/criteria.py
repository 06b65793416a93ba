"""Criteria of COUNTIF and the like: `">3"`, `"a*"`, a value."""

from __future__ import annotations

import re
from collections.abc import Callable

from ponts_flows.sandbox.sheets import typed
from ponts_flows.sandbox.sheets.locales import Locale
from ponts_flows.sandbox.sheets.scalars import Failure, Scalar, compared

_OPERATOR = re.compile(r"(<>|<=|>=|=|<|>)?(.*)", re.DOTALL)


def test(criterion: Scalar, locale: Locale) -> Callable[[Scalar], bool]:
    """What decides whether a value fits a criterion."""
    if not isinstance(criterion, str):
        return lambda value: (
            value is not None and _same_kind(value, criterion) and compared(value, criterion) == 0
        )
    match = _OPERATOR.fullmatch(criterion)
    assert match is not None
    operator, operand = match[1] or "=", match[2]
    read = typed.read(operand, locale).value
    if read is None:
        return (
            (lambda value: value in (None, ""))
            if operator == "="
            else (lambda value: value not in (None, ""))
        )
    if not isinstance(read, str):
        return _by_order(operator, read)
    if operator in ("=", "<>"):
        pattern = wildcard(operand)
        positive = operator == "="
        return lambda value: (isinstance(value, str) and pattern.fullmatch(value) is not None) is positive
    return _by_order(operator, operand)


def _by_order(operator: str, operand: Scalar) -> Callable[[Scalar], bool]:
    def fits(value: Scalar) -> bool:
        if value is None or isinstance(value, Failure) or not _same_kind(value, operand):
            return operator == "<>"
        order = compared(value, operand)
        return {
            "=": order == 0, "<>": order != 0, "<": order < 0,
            ">": order > 0, "<=": order <= 0, ">=": order >= 0,
        }[operator]  # fmt: skip

    return fits


def _same_kind(value: Scalar, other: Scalar) -> bool:
    kinds = [bool if isinstance(v, bool) else str if isinstance(v, str) else float for v in (value, other)]
    return kinds[0] is kinds[1] and not isinstance(value, Failure)


def wildcard(text: str) -> re.Pattern[str]:
    """A text where `*` stands for anything, `?` for one character and `~` takes their meaning away."""
    pieces = re.findall(r"~[*?~]|.", text, re.DOTALL)
    meaning = {"*": ".*", "?": "."}
    return re.compile(
        "".join(meaning.get(p) or re.escape(p[1:] if len(p) == 2 else p) for p in pieces),
        re.IGNORECASE | re.DOTALL,
    )
