"""Everything that names cells (formulas, conditions) follows when rows, columns or sheets change."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from ponts_flows.sandbox.sheets import a1, formula
from ponts_flows.sandbox.sheets.a1 import Json
from ponts_flows.sandbox.sheets.book import Book
from ponts_flows.sandbox.sheets.grid import Formula, Sheet
from ponts_flows.sandbox.sheets.spans import Change, Vanished, changed

Rewrite = Callable[[Sheet | None, str | None, str], str]
"""(the sheet the text stands on, the sheet it names, the cells it names) -> the new reference"""


def follow(book: Book, sheet: Sheet, *, rows: bool, change: Change) -> None:
    """Adapt all references to a sheet whose rows (or columns) were inserted, deleted or moved."""

    def rewrite(own: Sheet | None, title: str | None, cells: str) -> str:
        meant = own if title is None else book.titled(title)
        found = _changed_cells(cells, rows=rows, change=change) if meant is sheet else cells
        return found if title is None else f"{a1.quoted(title)}!{found}"

    _everywhere(book, rewrite)


def rename(book: Book, old: str, new: str) -> None:
    """Adapt all references that name a sheet by its old title."""

    def rewrite(own: Sheet | None, title: str | None, cells: str) -> str:
        if title is None:
            return cells
        return f"{a1.quoted(new if title.casefold() == old.casefold() else title)}!{cells}"

    _everywhere(book, rewrite)


def forget(book: Book, title: str) -> None:
    """Break all references to a sheet that is deleted."""

    def rewrite(own: Sheet | None, named: str | None, cells: str) -> str:
        if named is None:
            return cells
        return "#REF!" if named.casefold() == title.casefold() else f"{a1.quoted(named)}!{cells}"

    _everywhere(book, rewrite)


def _everywhere(book: Book, rewrite: Rewrite) -> None:
    for sheet in book.sheets:
        for row_key, column_key in sheet.formulas:
            row = sheet.cells[row_key]
            old = row.values[column_key]
            assert isinstance(old, Formula)
            new = formula.with_references(old, lambda title, cells, own=sheet: rewrite(own, title, cells))  # type: ignore[misc]
            if new != old:
                row.values[column_key] = new
                sheet.touched.add(row_key)
        for rule in sheet.attached["conditionalFormats"]:
            _rewrite_values(rule.get("booleanRule", {}).get("condition"), sheet, rewrite)
    _in_validations(book, rewrite)


def _in_validations(book: Book, rewrite: Rewrite) -> None:
    """Validations are kept apart from sheets: a reference without title is clear only with one sheet."""
    alone = book.sheets[0] if len(book.sheets) == 1 else None
    touched = []
    for number, style in enumerate(book.styles):
        if "validation" in style:
            before = json.dumps(style)
            _rewrite_values(style["validation"].get("condition"), alone, rewrite)
            if json.dumps(style) != before:
                touched.append(number)
    if touched:
        book.restyled(touched)


def _rewrite_values(condition: Json | None, own: Sheet | None, rewrite: Rewrite) -> None:
    for entry in (condition or {}).get("values", ()):
        text = entry.get("userEnteredValue", "")
        if text.startswith("="):
            entry["userEnteredValue"] = str(
                formula.with_references(Formula(text), lambda title, cells: rewrite(own, title, cells))
            )


def _changed_cells(cells: str, *, rows: bool, change: Change) -> str:
    """`A1:B2` after the change, `$` kept; `#REF!` when nothing is left."""
    corners = [re.fullmatch(r"(\$?)([A-Za-z]*)(\$?)(\d*)", corner) for corner in cells.split(":")]
    parts = [list(match.groups()) for match in corners if match]
    numbers = [_number(part, rows=rows) for part in parts]
    if None in numbers:
        return cells
    known = [number for number in numbers if number is not None]
    try:
        start, end = changed((min(known), max(known) + 1), change)
    except Vanished:
        return "#REF!"
    assert start is not None
    assert end is not None
    first = 0 if known[0] <= known[-1] else len(parts) - 1
    for index, part in enumerate(parts):
        _renumber(part, start if index == first else end - 1, rows=rows)
    return ":".join("".join(part) for part in parts)


def _number(part: list[str], *, rows: bool) -> int | None:
    letters, digits = part[1], part[3]
    if rows:
        return int(digits) - 1 if digits else None
    return a1.column_number(letters) if letters else None


def _renumber(part: list[str], number: int, *, rows: bool) -> None:
    if rows:
        part[3] = str(number + 1)
    else:
        part[1] = a1.letters(number)
