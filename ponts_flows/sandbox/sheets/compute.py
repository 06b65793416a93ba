"""The value of a cell: formulas are evaluated when somebody looks, and remembered until something changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ponts_flows.sandbox.sheets import a1, formula, numbers
from ponts_flows.sandbox.sheets.a1 import Box
from ponts_flows.sandbox.sheets.book import Book
from ponts_flows.sandbox.sheets.formula import Node
from ponts_flows.sandbox.sheets.grid import Formula, Sheet, Value
from ponts_flows.sandbox.sheets.locales import Locale, locale
from ponts_flows.sandbox.sheets.scalars import Failure, Scalar, arithmetic, compared

MAX_DEPTH = 40
CIRCLE = "Circular dependency detected. To resolve with iterative calculation, see File > Settings."


@dataclass(frozen=True)
class Cells:
    """A range, as an argument of a function."""

    sheet: Sheet
    box: Box


class _TooDeep(Exception):
    """A formula is reached through too many others to be evaluated from here."""

    def __init__(self, cell: tuple[Sheet, int, int, Formula]) -> None:
        super().__init__()
        self.cell = cell


class Computation:
    """Evaluates the formulas of one spreadsheet."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.locale: Locale = locale(book.locale)
        self._under_way: set[tuple[int, int, int]] = set()

    def value(self, sheet: Sheet, row: int, column: int) -> Scalar:
        """What a cell shows as a value: its content, or the result of its formula."""
        entered = sheet.value(row, column)
        return self._formula(sheet, row, column, entered) if isinstance(entered, Formula) else entered

    def of(self, sheet: Sheet, row: int, column: int, entered: Value | None) -> Scalar:
        """The same, for a content already read."""
        return self._formula(sheet, row, column, entered) if isinstance(entered, Formula) else entered

    def _formula(self, sheet: Sheet, row: int, column: int, text: Formula) -> Scalar:
        place = (sheet.id, sheet.rows.keys[row], sheet.columns.keys[column])
        if place in self.book.computed:
            known: Scalar = self.book.computed[place]
            return known
        if place in self._under_way:
            return Failure("REF", CIRCLE)
        if not self._under_way:
            return self._settled(sheet, row, column, text)
        return self._evaluated(sheet, row, column, text)

    def _settled(self, sheet: Sheet, row: int, column: int, text: Formula) -> Scalar:
        """Evaluate a formula, however long the chain it hangs on: what lies too deep is evaluated first."""
        waiting = [(sheet, row, column, text)]
        while True:
            try:
                found = self._evaluated(*waiting[-1])
            except _TooDeep as deep:
                if deep.cell in waiting:
                    return Failure("REF", CIRCLE)
                waiting.append(deep.cell)
                continue
            waiting.pop()
            if not waiting:
                return found

    def _evaluated(self, sheet: Sheet, row: int, column: int, text: Formula) -> Scalar:
        if len(self._under_way) > MAX_DEPTH:
            raise _TooDeep((sheet, row, column, text))
        place = (sheet.id, sheet.rows.keys[row], sheet.columns.keys[column])
        self._under_way.add(place)
        try:
            found = self.expression(text, sheet, row, column)
        finally:
            self._under_way.discard(place)
        self.book.computed[place] = found
        return found

    def expression(self, text: str, sheet: Sheet, row: int, column: int) -> Scalar:
        """The result of a formula as if it stood in this cell."""
        try:
            node = formula.tree(text)
        except formula.FormulaSyntaxError:
            return Failure("ERROR", "Formula parse error.")
        found = self.single(self.node(node, sheet), row, column)
        return 0.0 if found is None else found

    # Trees

    def node(self, node: Node | None, sheet: Sheet) -> Scalar | Cells:
        """The value of a piece of a formula: one value, or a range."""
        match node:
            case None:
                return None
            case formula.Number(value) | formula.Text(value) | formula.Boolean(value):
                return value
            case formula.Broken(code):
                return Failure(
                    {"#REF!": "REF", "#N/A": "N_A", "#NAME?": "NAME"}.get(code, "ERROR"),
                    "Reference does not exist",
                )
            case formula.Reference(title, cells):
                return self._reference(title, cells, sheet)
            case formula.Name(name):
                return self._name(name)
            case formula.Unary(operator, operand):
                return self._unary(operator, self.node(operand, sheet))
            case formula.Binary(operator, left, right):
                return self._binary(operator, self.node(left, sheet), self.node(right, sheet))
            case formula.Call(function, arguments):
                return self._call(function, arguments, sheet)

    def _reference(self, title: str | None, cells: str, sheet: Sheet) -> Cells | Failure:
        on = sheet if title is None else self.book.titled(title)
        if on is None:
            return Failure("REF", f"Unresolved sheet name '{title}'.")
        area = a1.cells(cells.replace("$", ""), on.id)
        assert area is not None
        box = on.box(area)
        if box.height <= 0 or box.width <= 0:
            return Failure("REF", "Reference does not exist")
        return Cells(on, box)

    def _name(self, name: str) -> Cells | Failure:
        for entry in self.book.named_ranges:
            if entry["name"].casefold() == name.casefold():
                area = a1.Area.of(entry["range"])
                sheet = self.book.sheet(area.sheet)
                return Cells(sheet, sheet.box(area))
        return Failure("NAME", f"Unknown range name: '{name.upper()}'.")

    def _call(self, function: str, arguments: tuple[Node | None, ...], sheet: Sheet) -> Scalar | Cells:
        from ponts_flows.sandbox.sheets import functions

        if function in functions.LAZY:
            return functions.LAZY[function](self, arguments, sheet)
        if function not in functions.EAGER:
            return Failure("NAME", f"Unknown function: '{function}'.")
        return functions.call(self, function, [self.node(argument, sheet) for argument in arguments])

    # Values

    def single(self, value: Scalar | Cells, row: int = 0, column: int = 0) -> Scalar:
        """One value: of a range, its first cell."""
        if not isinstance(value, Cells):
            return value
        return self.value(value.sheet, value.box.top, value.box.left)

    def cells(self, value: Scalar | Cells) -> Iterator[Scalar]:
        """Every value that is not an empty cell."""
        if isinstance(value, Cells):
            for row, column, entered in value.sheet.filled(value.box):
                yield self.of(value.sheet, row, column, entered)
        elif value is not None:
            yield value

    def number(self, value: Scalar | Cells) -> float | Failure:
        """A value as a number, as arithmetic takes it."""
        value = self.single(value)
        if value is None or value == "":
            return (
                0.0
                if value is None
                else Failure("VALUE", "Function expects number values. But '' is a text.")
            )
        if isinstance(value, str):
            from ponts_flows.sandbox.sheets import typed

            read = typed.read(value, self.locale).value
            if isinstance(read, float) and not isinstance(read, bool):
                return read
            return Failure(
                "VALUE",
                f"Function expects number values. But '{value}' is a text and cannot be coerced to a number.",
            )
        return value if isinstance(value, Failure) else float(value)

    def text(self, value: Scalar | Cells) -> str | Failure:
        """A value as a text, as `&` takes it."""
        value = self.single(value)
        if isinstance(value, bool):
            return self.locale.true if value else self.locale.false
        if isinstance(value, float | int):
            return numbers.plain(float(value), self.locale)
        return "" if value is None else value

    def truth(self, value: Scalar | Cells) -> bool | Failure:
        """A value as a condition."""
        value = self.single(value)
        if isinstance(value, str):
            folded = value.upper()
            if folded in ("TRUE", self.locale.true):
                return True
            if folded in ("FALSE", self.locale.false):
                return False
            return Failure("VALUE", f"Function expects boolean values. But '{value}' is a text.")
        return value if isinstance(value, Failure) else bool(value)

    def _unary(self, operator: str, operand: Scalar | Cells) -> Scalar:
        if operator == "+":
            return self.single(operand)
        number = self.number(operand)
        if isinstance(number, Failure):
            return number
        return -number if operator == "-" else number / 100

    def _binary(self, operator: str, left: Scalar | Cells, right: Scalar | Cells) -> Scalar:
        if operator == "&":
            one, other = self.text(left), self.text(right)
            if isinstance(one, Failure) or isinstance(other, Failure):
                return one if isinstance(one, Failure) else other
            return one + other
        if operator in ("=", "<>", "<", ">", "<=", ">="):
            return self._compared(operator, self.single(left), self.single(right))
        one_number, other_number = self.number(left), self.number(right)
        if isinstance(one_number, Failure):
            return one_number
        if isinstance(other_number, Failure):
            return other_number
        return arithmetic(operator, one_number, other_number)

    def _compared(self, operator: str, left: Scalar, right: Scalar) -> Scalar:
        for value in (left, right):
            if isinstance(value, Failure):
                return value
        order = compared(left, right)
        return {
            "=": order == 0, "<>": order != 0, "<": order < 0,
            ">": order > 0, "<=": order <= 0, ">=": order >= 0,
        }[operator]  # fmt: skip
