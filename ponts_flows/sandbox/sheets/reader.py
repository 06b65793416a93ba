"""Reads the cells of a spreadsheet: computed, formatted, as CellData."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ponts_flows.sandbox.sheets import formats, formula, functions, numbers
from ponts_flows.sandbox.sheets.a1 import Box, Json
from ponts_flows.sandbox.sheets.book import Book
from ponts_flows.sandbox.sheets.compute import Computation
from ponts_flows.sandbox.sheets.grid import Formula, Sheet, Value
from ponts_flows.sandbox.sheets.locales import Locale, locale
from ponts_flows.sandbox.sheets.scalars import Failure, Scalar

_MOMENTS = ("DATE", "TIME", "DATE_TIME")


class Reader:
    """Reads cells of one spreadsheet, computed, formatted, and as CellData."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.computation = Computation(book)
        self.locale: Locale = locale(book.locale)

    def number_format(self, sheet: Sheet, row: int, column: int, depth: int = 0) -> Json | None:
        """The number format in force in a cell: the one set, else the one its formula brings."""
        found: Json | None = self.book.format(sheet, row, column).get("numberFormat")
        entered = sheet.value(row, column)
        if found or depth > 5 or not isinstance(entered, Formula):
            return found
        try:
            node = formula.tree(entered)
        except formula.FormulaSyntaxError:
            return None
        return self._format_of(node, sheet, depth)

    def _format_of(self, node: formula.Node | None, sheet: Sheet, depth: int) -> Json | None:
        match node:
            case formula.Call(name, arguments):
                brought = functions.number_format(node, self.locale)
                carried = name in ("SUM", "MIN", "MAX", "AVERAGE", "MEDIAN") and arguments
                return brought or (self._format_of(arguments[0], sheet, depth) if carried else None)
            case formula.Reference():
                cells = self.computation.node(node, sheet)
                if isinstance(cells, Failure) or not hasattr(cells, "box"):
                    return None
                return self.number_format(cells.sheet, cells.box.top, cells.box.left, depth + 1)  # type: ignore[union-attr]
            case formula.Binary("+", left, right):
                return self._format_of(left, sheet, depth) or self._format_of(right, sheet, depth)
            case formula.Binary("-", left, right):
                one, other = self._format_of(left, sheet, depth), self._format_of(right, sheet, depth)
                return one if one and not (other and one.get("type") in _MOMENTS) else None
        return None

    def pattern(self, number_format: Json | None) -> str:
        """The pattern of a NumberFormat in this locale; empty for none."""
        if not number_format:
            return ""
        return number_format.get("pattern") or self.locale.pattern(number_format.get("type", ""))

    def formatted(self, sheet: Sheet, row: int, column: int, value: Scalar) -> str:
        """A computed value as people see it."""
        if isinstance(value, Failure):
            return value.text
        if isinstance(value, bool):
            return self.locale.true if value else self.locale.false
        if value is None:
            return ""
        pattern = self.pattern(self.number_format(sheet, row, column))
        if isinstance(value, str):
            return numbers.text_shown(value, pattern) if "@" in pattern or ";" in pattern else value
        return numbers.shown(value, pattern, self.locale) if pattern else numbers.plain(value, self.locale)

    # CellData

    def data(self, sheet: Sheet, row: int, column: int, wanted: frozenset[str] | None = None) -> Json:
        """A cell as CellData, only the fields wanted if some are named; empty for a cell without anything."""
        entered, style = sheet.value(row, column), self.book.styles[sheet.style(row, column)]
        result: Json = {}
        if entered is not None:
            value = self.computation.of(sheet, row, column, entered)
            result["userEnteredValue"] = self._entered(entered)
            result["effectiveValue"] = extended(value)
            result["formattedValue"] = self.formatted(sheet, row, column, value)
        if style.get("format"):
            result["userEnteredFormat"] = style["format"]
        if (entered is not None or style.get("format")) and (wanted is None or "effectiveFormat" in wanted):
            result["effectiveFormat"] = self.effective_format(sheet, row, column)
        if link := self.link(sheet, row, column):
            result["hyperlink"] = link
        if found := sheet.row(row):
            result |= found.extras.get(sheet.columns.keys[column], {})
        if style.get("validation"):
            result["dataValidation"] = style["validation"]
        return result if wanted is None else {name: part for name, part in result.items() if name in wanted}

    def _entered(self, entered: Value) -> Json:
        if isinstance(entered, Formula):
            return {"formulaValue": formula.localised(entered, self.locale)}
        return extended(entered)

    def effective_format(self, sheet: Sheet, row: int, column: int) -> Json:
        """The whole format of a cell, defaults and conditional formats included."""
        from ponts_flows.sandbox.sheets import conditions

        value = self.computation.value(sheet, row, column)
        entered = self.book.format(sheet, row, column)
        found = formats.effective(entered, value, link=bool(self.link(sheet, row, column)))
        number_format = self.number_format(sheet, row, column)
        if number_format:
            found["numberFormat"] = {**number_format, "pattern": self.pattern(number_format)}
        extra = conditions.conditional_format(self, sheet, row, column)
        return formats.laid_over(found, extra) if extra else found

    def link(self, sheet: Sheet, row: int, column: int) -> str:
        """Where a cell leads: its HYPERLINK formula, or the link set on it or on all of its text."""
        entered = sheet.value(row, column)
        if isinstance(entered, Formula) and "HYPERLINK" in entered.upper():
            try:
                return functions.link(self.computation, formula.tree(entered), sheet)
            except formula.FormulaSyntaxError:
                return ""
        uri = self.book.format(sheet, row, column).get("textFormat", {}).get("link", {}).get("uri", "")
        if not uri and isinstance(entered, str):
            uri = self._spanning(sheet, row, column)
        if not uri and isinstance(entered, str):
            uri = entered if entered.startswith(("http://", "https://")) and " " not in entered else ""
        return str(uri)

    @staticmethod
    def _spanning(sheet: Sheet, row: int, column: int) -> str:
        """The link of the one run that spans the entire cell."""
        found = sheet.row(row)
        runs = found.extras.get(sheet.columns.keys[column], {}).get("textFormatRuns", []) if found else []
        if len(runs) != 1 or runs[0].get("startIndex", 0):
            return ""
        return str(runs[0].get("format", {}).get("link", {}).get("uri", ""))

    # Values

    def rows(self, sheet: Sheet, box: Box, *, render: str, moments: str) -> list[list[Any]]:
        """The values of a box, row by row; an empty cell is None, a row without any value an empty list."""
        one, as_typed = self._one(render, moments), render != "FORMATTED_VALUE"
        keys = sheet.columns.keys[box.left : box.right]
        result: list[list[Any]] = []
        for row, row_key in enumerate(sheet.rows.keys[box.top : box.bottom], start=box.top):
            found = sheet.cells.get(row_key)
            if found is None or not found.values:
                result.append([])
                continue
            values, styles = found.values, found.styles
            line: list[Any] = []
            for offset, key in enumerate(keys):
                entered = values.get(key)
                if entered is None:
                    line.append(None)
                elif type(entered) is str and (as_typed or key not in styles):
                    line.append(entered)
                else:
                    line.append(one(sheet, row, box.left + offset, entered))
            result.append(line)
        return result

    def column(self, sheet: Sheet, box: Box, *, render: str, moments: str) -> list[Any]:
        """The same for a box one column wide, as one list: programs read long columns at each look."""
        one, as_typed = self._one(render, moments), render != "FORMATTED_VALUE"
        key, cells = sheet.columns.keys[box.left], sheet.cells
        found = [cells.get(row_key) for row_key in sheet.rows.keys[box.top : box.bottom]]
        line: list[Any] = [row.values.get(key) if row else None for row in found]
        for offset, entered in enumerate(line):
            if entered is not None and not (as_typed and type(entered) is str):
                line[offset] = one(sheet, box.top + offset, box.left, entered)
        return line

    def texts(self, sheet: Sheet, box: Box) -> list[list[str]]:
        """What people see written in a box, row by row; "" in an empty cell."""
        rows = self.rows(sheet, box, render="FORMATTED_VALUE", moments="SERIAL_NUMBER")
        return [["" if cell is None else cell for cell in row or [None] * box.width] for row in rows]

    def _one(self, render: str, moments: str) -> Callable[[Sheet, int, int, Value], Any]:
        if render == "FORMULA":
            return lambda sheet, row, column, entered: (
                formula.localised(entered, self.locale)
                if isinstance(entered, Formula)
                else self._unformatted(sheet, row, column, entered, moments)
            )
        if render == "UNFORMATTED_VALUE":
            return lambda sheet, row, column, entered: self._unformatted(sheet, row, column, entered, moments)
        return lambda sheet, row, column, entered: self.formatted(
            sheet, row, column, self.computation.of(sheet, row, column, entered)
        )

    def _unformatted(self, sheet: Sheet, row: int, column: int, entered: Value, moments: str) -> Any:
        value = self.computation.of(sheet, row, column, entered)
        if isinstance(value, Failure):
            return value.text
        if isinstance(value, float) and moments == "FORMATTED_STRING":
            number_format = self.number_format(sheet, row, column)
            if number_format and number_format.get("type") in _MOMENTS:
                return self.formatted(sheet, row, column, value)
        return json_number(value) if isinstance(value, float) else value


def json_number(value: float) -> float | int:
    """A number as JSON writes it: whole ones without a point."""
    return int(value) if value.is_integer() and abs(value) < 1e16 else value


def extended(value: Scalar) -> Json:
    """A value as ExtendedValue."""
    if isinstance(value, Failure):
        return {"errorValue": {"type": value.type, **({"message": value.message} if value.message else {})}}
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, str):
        return {"stringValue": value}
    return {} if value is None else {"numberValue": json_number(float(value))}
