"""Boolean conditions: of data validation, of filters, of conditional formats."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from ponts_flows.sandbox.sheets import formula, numbers, typed
from ponts_flows.sandbox.sheets.a1 import Area, Json
from ponts_flows.sandbox.sheets.compute import Cells
from ponts_flows.sandbox.sheets.grid import Sheet
from ponts_flows.sandbox.sheets.scalars import Failure, Scalar

if TYPE_CHECKING:
    from ponts_flows.sandbox.sheets.reader import Reader

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_URL = re.compile(r"(https?://|mailto:|www\.)\S+", re.IGNORECASE)


def met(
    reader: Reader, condition: Json, value: Scalar, at: tuple[Sheet, int, int], origin: tuple[int, int]
) -> bool:
    """Whether a value in the cell `at` meets a condition; relative references count from `origin`."""
    kind = condition.get("type", "")
    sheet, row, column = at
    if kind == "CUSTOM_FORMULA":
        return _formula(reader, condition, at, origin) is True
    if kind == "BLANK":
        return value in (None, "")
    if kind == "NOT_BLANK":
        return value not in (None, "")
    if isinstance(value, Failure):
        return False
    if kind == "BOOLEAN":
        return _boolean(reader, condition, value)
    if kind in ("ONE_OF_LIST", "ONE_OF_RANGE"):
        shown = reader.formatted(sheet, row, column, value)
        return shown in choices(reader, condition) or (
            isinstance(value, str) and value in choices(reader, condition)
        )
    operands = [_operand(reader, entry, at, origin) for entry in condition.get("values", ())]
    if kind.startswith("TEXT_"):
        return _text(
            kind, "" if value is None else reader.formatted(sheet, row, column, value), operands, reader
        )
    return _ordered(kind, value, operands)


def choices(reader: Reader, condition: Json) -> tuple[str, ...]:
    """What a dropdown offers, as shown: the values of a list, or of a range, each once."""
    values = [entry.get("userEnteredValue", "") for entry in condition.get("values", ())]
    if condition.get("type") == "ONE_OF_LIST":
        return tuple(dict.fromkeys(values))
    if condition.get("type") != "ONE_OF_RANGE" or not values or not reader.book.sheets:
        return ()
    try:
        cells = reader.computation.node(formula.tree("=" + values[0].lstrip("=")), reader.book.sheets[0])
    except formula.FormulaSyntaxError:
        return ()
    if not isinstance(cells, Cells):
        return ()
    filled = cells.sheet.filled(cells.box)
    texts = (
        reader.formatted(cells.sheet, r, c, reader.computation.value(cells.sheet, r, c)) for r, c, _ in filled
    )
    return tuple(dict.fromkeys(text for text in texts if text))


def _boolean(reader: Reader, condition: Json, value: Scalar) -> bool:
    own = [entry.get("userEnteredValue", "") for entry in condition.get("values", ())]
    if own:
        text = reader.computation.text(value)
        return value is None or text in own
    return value is None or isinstance(value, bool)


def _operand(reader: Reader, entry: Json, at: tuple[Sheet, int, int], origin: tuple[int, int]) -> Scalar:
    if "relativeDate" in entry:
        days = {
            "PAST_YEAR": -365,
            "PAST_MONTH": -30,
            "PAST_WEEK": -7,
            "YESTERDAY": -1,
            "TODAY": 0,
            "TOMORROW": 1,
        }
        today = reader.book.now + timedelta(days=days.get(entry["relativeDate"], 0))
        return float(int(numbers.serial(today)))
    text = entry.get("userEnteredValue", "")
    if text.startswith("="):
        shifted = formula.moved(formula.canonical(text, reader.locale), at[1] - origin[0], at[2] - origin[1])
        return reader.computation.expression(shifted, *at)
    return typed.read(text, reader.locale, today=reader.book.now).value


def _formula(reader: Reader, condition: Json, at: tuple[Sheet, int, int], origin: tuple[int, int]) -> Scalar:
    values = condition.get("values") or [{}]
    found = _operand(reader, values[0], at, origin)
    return found if isinstance(found, bool) else isinstance(found, float) and found != 0


def _text(kind: str, text: str, operands: list[Scalar], reader: Reader) -> bool:
    if kind == "TEXT_IS_EMAIL":
        return _EMAIL.fullmatch(text) is not None
    if kind == "TEXT_IS_URL":
        return _URL.fullmatch(text) is not None
    wanted = reader.computation.text(operands[0] if operands else None)
    if isinstance(wanted, Failure):
        return False
    text, wanted = text.casefold(), wanted.casefold()
    return {
        "TEXT_CONTAINS": wanted in text,
        "TEXT_NOT_CONTAINS": wanted not in text,
        "TEXT_STARTS_WITH": text.startswith(wanted),
        "TEXT_ENDS_WITH": text.endswith(wanted),
        "TEXT_EQ": text == wanted,
        "TEXT_NOT_EQ": text != wanted,
    }.get(kind, False)


def _ordered(kind: str, value: Scalar, operands: list[Scalar]) -> bool:
    """Conditions on numbers and dates; a value or an operand that is no number meets none."""
    if isinstance(value, bool) or not isinstance(value, float | int):
        return kind in ("NUMBER_NOT_EQ", "DATE_NOT_EQ") and value is not None
    if kind == "DATE_IS_VALID":
        return True
    limits = [float(o) for o in operands if isinstance(o, float | int) and not isinstance(o, bool)]
    if len(limits) != len(operands) or not limits:
        return False
    number, first, last = float(value), limits[0], limits[-1]
    if kind.startswith("DATE_") and kind in ("DATE_EQ", "DATE_NOT_EQ"):
        number = float(int(number))
    return {
        "NUMBER_GREATER": number > first,
        "NUMBER_GREATER_THAN_EQ": number >= first,
        "NUMBER_LESS": number < first,
        "NUMBER_LESS_THAN_EQ": number <= first,
        "NUMBER_EQ": number == first,
        "NUMBER_NOT_EQ": number != first,
        "NUMBER_BETWEEN": first <= number <= last,
        "NUMBER_NOT_BETWEEN": not first <= number <= last,
        "DATE_EQ": number == first,
        "DATE_NOT_EQ": number != first,
        "DATE_BEFORE": number < first,
        "DATE_AFTER": number >= first + 1,
        "DATE_ON_OR_BEFORE": number < first + 1,
        "DATE_ON_OR_AFTER": number >= first,
        "DATE_BETWEEN": first <= number < last + 1,
        "DATE_NOT_BETWEEN": not first <= number < last + 1,
    }.get(kind, False)


def conditional_format(reader: Reader, sheet: Sheet, row: int, column: int) -> Json:
    """What the conditional formats of a sheet add to a cell: the first rule that applies wins."""
    for rule in sheet.attached["conditionalFormats"]:
        areas = [Area.of(entry) for entry in rule.get("ranges", ())]
        if "booleanRule" not in rule or not any(area.holds(row, column) for area in areas):
            continue
        first = areas[0]
        value = reader.computation.value(sheet, row, column)
        origin = (first.top or 0, first.left or 0)
        if met(reader, rule["booleanRule"]["condition"], value, (sheet, row, column), origin):
            found: Json = rule["booleanRule"].get("format", {})
            return found
    return {}


def allowed(reader: Reader, sheet: Sheet, row: int, column: int, value: Scalar) -> bool:
    """Whether data validation accepts a value in a cell; an empty cell is always accepted."""
    rule = reader.book.validation(sheet, row, column)
    if rule is None or value in (None, ""):
        return True
    return met(reader, rule.get("condition", {}), value, (sheet, row, column), (row, column))
