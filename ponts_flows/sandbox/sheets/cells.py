"""Writes cells: CellData through a mask, values as given or as typed."""

from __future__ import annotations

import math

from ponts_flows.sandbox.errors import bad_request
from ponts_flows.sandbox.sheets import formats, formula, typed
from ponts_flows.sandbox.sheets.a1 import Json
from ponts_flows.sandbox.sheets.book import Book
from ponts_flows.sandbox.sheets.grid import Formula, Sheet, Value
from ponts_flows.sandbox.sheets.locales import locale
from ponts_flows.sandbox.sheets.masks import replaced

MAX_CHARACTERS = 50_000


def check_length(text: str) -> None:
    """400 for a text longer than a cell may hold."""
    if len(text) > MAX_CHARACTERS:
        raise bad_request(
            f"Your input contains more than the maximum of {MAX_CHARACTERS} characters in a single cell."
        )


def finite(number: float) -> float:
    """The number; 400 for infinities and for what is no number."""
    if not math.isfinite(number):
        raise bad_request(f"Invalid number: {number}")
    return number


def from_extended(book: Book, given: Json | None) -> Value | None:
    """The value of an ExtendedValue that is written."""
    if not given:
        return None
    if "formulaValue" in given:
        text = given["formulaValue"]
        check_length(text)
        return formula.canonical(text if text.startswith("=") else f"={text}", locale(book.locale))
    if "stringValue" in given:
        check_length(given["stringValue"])
        return str(given["stringValue"]) or None
    if "boolValue" in given:
        return bool(given["boolValue"])
    if "numberValue" in given:
        return finite(float(given["numberValue"]))
    raise bad_request("Error values can't be set.")


def write(book: Book, sheet: Sheet, row: int, column: int, data: Json, tree: Json) -> None:
    """Replace the fields of a cell that a mask of CellData names."""
    if "userEnteredValue" in tree:
        sheet.put_value(row, column, from_extended(book, data.get("userEnteredValue")))
    if "userEnteredFormat" in tree or "dataValidation" in tree:
        sheet.put_style(row, column, restyled(book, sheet.style(row, column), data, tree))
    if "note" in tree:
        sheet.put_extra(row, column, "note", data.get("note"))
    if "textFormatRuns" in tree:
        sheet.put_extra(row, column, "textFormatRuns", formats.with_both_colours(data.get("textFormatRuns")))


def restyled(book: Book, style: int, data: Json, tree: Json) -> int:
    """The number of the style that results from writing the named fields over a style."""
    old = book.styles[style]
    new: Json = {}
    if "userEnteredFormat" in data:
        new["format"] = formats.complete(data["userEnteredFormat"])
    if "dataValidation" in data:
        new["validation"] = data["dataValidation"]
    parts: Json = {}
    if "userEnteredFormat" in tree:
        parts["format"] = formats.mask_with_both_colours(tree["userEnteredFormat"])
    if "dataValidation" in tree:
        parts["validation"] = {}
    return book.style_number(replaced(old, new, parts))


def enter(book: Book, sheet: Sheet, row: int, column: int, given: object, *, option: str) -> None:
    """Put one value of a ValueRange into a cell, RAW or as typed (USER_ENTERED); None changes nothing."""
    if given is None:
        return
    if isinstance(given, str):
        check_length(given)
        if option == "USER_ENTERED":
            type_in(book, sheet, row, column, given)
        else:
            sheet.put_value(row, column, given or None)
    elif isinstance(given, bool):
        sheet.put_value(row, column, given)
    elif isinstance(given, int | float):
        sheet.put_value(row, column, finite(float(given)))


def type_in(book: Book, sheet: Sheet, row: int, column: int, text: str) -> None:
    """Put what somebody types into a cell: its value and, if there is none, the number format it brings."""
    habits = locale(book.locale)
    current = book.format(sheet, row, column)
    plain = current.get("numberFormat", {}).get("type") == "TEXT"
    entry = typed.read(text, habits, plain_text=plain, today=book.now)
    value = formula.canonical(entry.value, habits) if isinstance(entry.value, Formula) else entry.value
    sheet.put_value(row, column, value)
    if entry.format and "numberFormat" not in current:
        data = {"userEnteredFormat": {**current, "numberFormat": entry.format}}
        sheet.put_style(
            row, column, restyled(book, sheet.style(row, column), data, {"userEnteredFormat": {}})
        )
