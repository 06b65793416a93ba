"""The language of formulas: tokens, syntax trees, and the references in them when rows and columns move."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from ponts_flows.sandbox.sheets import a1
from ponts_flows.sandbox.sheets.grid import Formula
from ponts_flows.sandbox.sheets.locales import Locale


class FormulaSyntaxError(ValueError):
    """The text is no formula."""


@dataclass(frozen=True)
class Number:
    value: float


@dataclass(frozen=True)
class Text:
    value: str


@dataclass(frozen=True)
class Boolean:
    value: bool


@dataclass(frozen=True)
class Reference:
    """Cells: a sheet's title (None: the formula's own sheet) and the range as written."""

    sheet: str | None
    cells: str


@dataclass(frozen=True)
class Name:
    """A named range."""

    name: str


@dataclass(frozen=True)
class Broken:
    """An error written into the formula: `#REF!`."""

    code: str


@dataclass(frozen=True)
class Call:
    function: str
    arguments: tuple[Node | None, ...]


@dataclass(frozen=True)
class Unary:
    operator: str
    operand: Node


@dataclass(frozen=True)
class Binary:
    operator: str
    left: Node
    right: Node


Node = Number | Text | Boolean | Reference | Name | Broken | Call | Unary | Binary

_SHEET = r"(?:'(?:[^']|'')+'|[^\W\d][\w.]*)!"
_COLUMN, _ROW = r"\$?[A-Za-z]{1,3}", r"\$?[1-9]\d*"
_CELLS = rf"{_COLUMN}{_ROW}(?::{_COLUMN}(?:{_ROW})?)?|{_COLUMN}:{_COLUMN}|{_ROW}:{_ROW}"


@lru_cache(maxsize=8)
def _tokens(decimal: str) -> re.Pattern[str]:
    point = re.escape(decimal)
    separators = ";" if decimal == "," else ",;"
    return re.compile(
        rf'(?P<space>\s+)|(?P<text>"(?:[^"]|"")*")|(?P<broken>#(?:REF!|N/A|NAME\?|VALUE!|NUM!|DIV/0!|NULL!|ERROR!))'
        rf"|(?P<reference>(?:{_SHEET})?(?:{_CELLS})(?![\w(.]))"
        rf"|(?P<number>(?:\d+(?:{point}\d*)?|{point}\d+)(?:[eE][+-]?\d+)?)"
        rf"|(?P<name>[^\W\d][\w.]*)|(?P<operator><>|<=|>=|[-+*/^&=<>%()])|(?P<separator>[{separators}])"
    )


def _cut(text: str, decimal: str) -> list[tuple[str, str]]:
    pattern, at, found = _tokens(decimal), 0, []
    while at < len(text):
        match = pattern.match(text, at)
        if match is None or match.lastgroup is None:
            raise FormulaSyntaxError(text)
        found.append((match.lastgroup, match.group()))
        at = match.end()
    return found


def canonical(text: str, locale: Locale) -> Formula:
    """A formula typed in a locale (in French `=SUM(A1;2,5)`) as it is kept: `=SUM(A1,2.5)`."""
    if locale.argument == ",":
        return Formula(text)
    try:
        tokens = _cut(text[1:], locale.decimal)
    except FormulaSyntaxError:
        return Formula(text)
    change: dict[str, Callable[[str], str]] = {
        "separator": lambda _: ",",
        "number": lambda number: number.replace(locale.decimal, "."),
    }
    return Formula("=" + "".join(change.get(kind, str)(piece) for kind, piece in tokens))


def localised(formula: Formula, locale: Locale) -> str:
    """A formula as someone with this locale reads it."""
    if locale.argument == ",":
        return str(formula)
    try:
        tokens = _cut(formula[1:], ".")
    except FormulaSyntaxError:
        return str(formula)
    change: dict[str, Callable[[str], str]] = {
        "separator": lambda _: locale.argument,
        "number": lambda number: number.replace(".", locale.decimal),
    }
    return "=" + "".join(change.get(kind, str)(piece) for kind, piece in tokens)


def with_references(formula: Formula, change: Callable[[str | None, str], str]) -> Formula:
    """The formula with each reference (sheet title or None, cells) replaced by what `change` returns."""
    try:
        tokens = _cut(formula[1:], ".")
    except FormulaSyntaxError:
        return formula
    pieces = [change(*a1.split_sheet(piece)) if kind == "reference" else piece for kind, piece in tokens]
    return Formula("=" + "".join(pieces))


def moved(formula: Formula, rows: int, columns: int) -> Formula:
    """The formula as it reads when copied so many rows down and columns right; `$` keeps a part in place."""

    def change(sheet: str | None, cells: str) -> str:
        corners = [_moved_corner(corner, rows, columns) for corner in cells.split(":")]
        found = "#REF!" if None in corners else ":".join(corner for corner in corners if corner is not None)
        return found if sheet is None else f"{a1.quoted(sheet)}!{found}"

    return with_references(formula, change)


def _moved_corner(corner: str, rows: int, columns: int) -> str | None:
    match = re.fullmatch(r"(\$?)([A-Za-z]*)(\$?)(\d*)", corner)
    assert match is not None
    fixed_column, letters, fixed_row, digits = match.groups()
    if letters and not fixed_column:
        column = a1.column_number(letters) + columns
        if column < 0:
            return None
        letters = a1.letters(column)
    if digits and not (fixed_row or (not letters and fixed_column)):
        if int(digits) + rows < 1:
            return None
        digits = str(int(digits) + rows)
    return f"{fixed_column}{letters}{fixed_row}{digits}"


_PRECEDENCE = {
    "=": 1,
    "<>": 1,
    "<": 1,
    ">": 1,
    "<=": 1,
    ">=": 1,
    "&": 2,
    "+": 3,
    "-": 3,
    "*": 4,
    "/": 4,
    "^": 6,
}


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens = [token for token in _cut(text, ".") if token[0] != "space"]
        self.at = 0

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def take(self, expected: str | None = None) -> tuple[str, str]:
        token = self.peek()
        if expected is not None and token[1] != expected:
            raise FormulaSyntaxError(token[1])
        self.at += 1
        return token

    def expression(self, least: int = 0) -> Node:
        left = self.prefix()
        while True:
            kind, operator = self.peek()
            if kind == "operator" and operator == "%":
                self.take()
                left = Unary("%", left)
                continue
            strength = _PRECEDENCE.get(operator, 0) if kind == "operator" else 0
            if not strength or strength <= least:
                return left
            self.take()
            left = Binary(operator, left, self.expression(strength))

    def prefix(self) -> Node:
        kind, text = self.take()
        if kind == "operator" and text in "+-":
            return Unary(text, self.expression(6))
        if kind == "operator" and text == "(":
            inside = self.expression()
            self.take(")")
            return inside
        if kind == "number":
            return Number(float(text))
        if kind == "text":
            return Text(text[1:-1].replace('""', '"'))
        if kind == "reference":
            return Reference(*a1.split_sheet(text))
        if kind == "broken":
            return Broken(text)
        if kind == "name":
            return self.named(text)
        raise FormulaSyntaxError(text)

    def named(self, text: str) -> Node:
        if self.peek() == ("operator", "("):
            self.take()
            return Call(text.upper(), self.arguments())
        if text.upper() in ("TRUE", "FALSE"):
            return Boolean(text.upper() == "TRUE")
        return Name(text)

    def arguments(self) -> tuple[Node | None, ...]:
        found: list[Node | None] = []
        if self.peek()[1] == ")":
            self.take()
            return ()
        while True:
            found.append(
                None if self.peek()[0] == "separator" or self.peek()[1] == ")" else self.expression()
            )
            kind, text = self.take()
            if text == ")" and kind == "operator":
                return tuple(found)
            if kind != "separator":
                raise FormulaSyntaxError(text)


@lru_cache(maxsize=10_000)
def tree(formula: str) -> Node:
    """The syntax tree of a formula kept as `=…`; FormulaSyntaxError when it has none."""
    parser = _Parser(formula[1:])
    try:
        node = parser.expression()
    except RecursionError:
        raise FormulaSyntaxError(formula) from None
    if parser.peek()[0] != "end":
        raise FormulaSyntaxError(formula)
    return node
