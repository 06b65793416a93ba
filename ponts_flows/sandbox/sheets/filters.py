"""Filters: which rows a basic filter or a filter view hides, and in which order a view shows them."""

from __future__ import annotations

from functools import cmp_to_key
from typing import Any

from ponts_flows.sandbox.sheets import conditions
from ponts_flows.sandbox.sheets.a1 import Area, Box, Json
from ponts_flows.sandbox.sheets.grid import Sheet
from ponts_flows.sandbox.sheets.reader import Reader
from ponts_flows.sandbox.sheets.scalars import Scalar, compared


def complete(given: Json) -> Json:
    """A filter as it is kept: `criteria` by column and `filterSpecs` both filled, the rest as given."""
    result = {name: part for name, part in given.items() if name not in ("criteria", "filterSpecs")}
    specs = given.get("filterSpecs")
    if specs is None:
        criteria = given.get("criteria", {})
        specs = [{"columnIndex": int(c), "filterCriteria": criteria[c]} for c in sorted(criteria, key=int)]
    if specs:
        result["filterSpecs"] = [{"columnIndex": s.get("columnIndex", 0), **s} for s in specs]
        result["criteria"] = {str(s.get("columnIndex", 0)): s.get("filterCriteria", {}) for s in specs}
    return result


def hidden(reader: Reader, sheet: Sheet, filter: Json) -> set[int]:
    """The positions of the rows that a filter hides; the first row of its range is its heading and stays."""
    specs = filter.get("filterSpecs", ())
    if not specs or "range" not in filter:
        return set()
    box = sheet.box(Area.of(filter["range"]))
    found: set[int] = set()
    for spec in specs:
        column, criteria = spec.get("columnIndex", 0), spec.get("filterCriteria", {})
        if column < len(sheet.columns):
            found.update(
                r
                for r in range(box.top + 1, box.bottom)
                if _hides(reader, sheet, r, column, box.top, criteria)
            )
    return found


def _hides(reader: Reader, sheet: Sheet, row: int, column: int, heading: int, criteria: Json) -> bool:
    value = reader.computation.value(sheet, row, column)
    if (
        criteria.get("hiddenValues")
        and reader.formatted(sheet, row, column, value) in criteria["hiddenValues"]
    ):
        return True
    condition = criteria.get("condition")
    return condition is not None and not conditions.met(
        reader, condition, value, (sheet, row, column), (heading + 1, column)
    )


def order(reader: Reader, sheet: Sheet, box: Box, specs: list[Json]) -> list[int]:
    """The rows of a box sorted by SortSpecs: numbers, texts, booleans; empty cells are always last."""

    def key(row: int) -> list[Any]:
        return [reader.computation.value(sheet, row, spec.get("dimensionIndex", 0)) for spec in specs]

    keys = {row: key(row) for row in range(box.top, box.bottom)}
    signs = [-1 if spec.get("sortOrder") == "DESCENDING" else 1 for spec in specs]

    def compare(one: int, other: int) -> int:
        for sign, left, right in zip(signs, keys[one], keys[other], strict=True):
            found = _compare(left, right, sign)
            if found:
                return found
        return 0

    return sorted(range(box.top, box.bottom), key=cmp_to_key(compare))


def _compare(left: Scalar, right: Scalar, sign: int) -> int:
    empty = (left in (None, ""), right in (None, ""))
    if any(empty):
        return empty[0] - empty[1]
    return sign * compared(left, right)
