"""A spreadsheet as somebody at the keyboard sees it, and what they may do to it. Refusals are in French."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ponts_flows.sandbox.errors import GoogleError
from ponts_flows.sandbox.sheets import book as books
from ponts_flows.sandbox.sheets import (
    cells,
    conditions,
    filters,
    formats,
    formula,
    protection,
    requests,
    typed,
)
from ponts_flows.sandbox.sheets.a1 import Area, Box, Json, cell_name
from ponts_flows.sandbox.sheets.book import Book
from ponts_flows.sandbox.sheets.grid import Formula, Sheet
from ponts_flows.sandbox.sheets.reader import Reader
from ponts_flows.sandbox.sheets.scalars import Failure, Scalar
from ponts_flows.sandbox.sheets.work import Work
from ponts_flows.sandbox.store import Store

SAFE_LINKS = ("http://", "https://", "mailto:")


class Refused(Exception):
    """A change that the spreadsheet does not allow this person, with the sentence to show them."""


class Kind(StrEnum):
    """What a cell shows, which decides how it is aligned."""

    EMPTY = "empty"
    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    ERROR = "error"


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One cell as a person sees it."""

    text: str
    entered: str
    kind: Kind
    checked: bool | None
    choices: tuple[str, ...]
    strict: bool
    help: str
    format: Json
    note: str
    link: str
    editable: bool


def may_edit(book: Book, sheet: Sheet, row: int, column: int, email: str) -> bool:
    """Whether the person who opened the book may change a cell: a writer, and no protected range."""
    return book.writable and protection.may_edit(book, _one(sheet, row, column), email)


def _one(sheet: Sheet, row: int, column: int) -> Area:
    return Area(sheet=sheet.id, top=row, bottom=row + 1, left=column, right=column + 1)


def shown(book: Book, sheet: Sheet, row: int, column: int, email: str) -> Shown:
    """One cell, of a book that this person opened."""
    return _shown(Reader(book), sheet, row, column, email)


def shown_rows(book: Book, sheet: Sheet, rows: Sequence[int], box: Box, email: str) -> list[list[Shown]]:
    """The cells of some rows (any order), within the columns of a box."""
    reader = Reader(book)
    return [
        [_shown(reader, sheet, row, column, email) for column in range(box.left, box.right)] for row in rows
    ]


def _shown(reader: Reader, sheet: Sheet, row: int, column: int, email: str) -> Shown:
    book = reader.book
    value = reader.computation.value(sheet, row, column)
    rule = book.validation(sheet, row, column) or {}
    condition = rule.get("condition", {})
    found = sheet.row(row)
    extras: Json = found.extras.get(sheet.columns.keys[column], {}) if found else {}
    link = reader.link(sheet, row, column)
    text = reader.formatted(sheet, row, column, value)
    return Shown(
        text=text,
        entered=_entered(reader, sheet, row, column, text),
        kind=_kind(value),
        checked=_checked(reader, condition, value),
        choices=conditions.choices(reader, condition),
        strict=bool(rule.get("strict")),
        help=rule.get("inputMessage", ""),
        format=reader.effective_format(sheet, row, column)
        if value is not None or found
        else formats.effective({}, None),
        note=extras.get("note", ""),
        link=link if link.lower().startswith(SAFE_LINKS) else "",
        editable=may_edit(book, sheet, row, column, email),
    )


def _kind(value: Scalar) -> Kind:
    if value is None:
        return Kind.EMPTY
    if isinstance(value, bool):
        return Kind.BOOLEAN
    if isinstance(value, Failure):
        return Kind.ERROR
    return Kind.TEXT if isinstance(value, str) else Kind.NUMBER


def _checked(reader: Reader, condition: Json, value: Scalar) -> bool | None:
    if condition.get("type") != "BOOLEAN":
        return None
    own = [entry.get("userEnteredValue", "") for entry in condition.get("values", ())]
    return reader.computation.text(value) == own[0] if own else value is True


def _entered(reader: Reader, sheet: Sheet, row: int, column: int, text: str) -> str:
    """What stands in the formula bar: typed again, it gives the same cell."""
    entered = sheet.value(row, column)
    if isinstance(entered, Formula):
        return formula.localised(entered, reader.locale)
    if isinstance(entered, str):
        plain = (reader.number_format(sheet, row, column) or {}).get("type") == "TEXT"
        again = typed.read(entered, reader.locale, plain_text=plain, today=reader.book.now).value
        return entered if again == entered and not isinstance(again, Formula) else f"'{entered}"
    if isinstance(entered, float) and not isinstance(entered, bool):
        number_format = reader.number_format(sheet, row, column) or {}
        if number_format.get("type") in ("DATE", "TIME", "DATE_TIME"):
            return text
        exact = repr(entered).removesuffix(".0").replace(".", reader.locale.decimal)
        return text if number_format.get("type") == "PERCENT" else exact
    return text


def type_into(store: Store, id: str, email: str, *, sheet: int, row: int, column: int, text: str) -> None:
    """Enter a text as typed in the spreadsheet's locale; "" empties the cell. Refused says why not."""
    type_all(store, id, email, sheet=sheet, entries=[(row, column, text)])


def type_all(
    store: Store, id: str, email: str, *, sheet: int, entries: Sequence[tuple[int, int, str]]
) -> None:
    """Enter several cells (row, column, text), all of them or none."""

    def enter(book: Book) -> None:
        tab = book.sheet(sheet)
        for row, column, text in entries:
            _enter(book, tab, row, column, text)

    _changing(store, id, email, enter)


def tick(store: Store, id: str, email: str, *, sheet: int, row: int, column: int, checked: bool) -> None:
    """Tick or untick a checkbox."""

    def enter(book: Book) -> None:
        tab = book.sheet(sheet)
        _check_open(book, tab, row, column)
        rule = book.validation(tab, row, column) or {}
        if rule.get("condition", {}).get("type") != "BOOLEAN":
            raise Refused(f"La cellule {cell_name(row, column)} n'est pas une case à cocher.")
        own = [entry.get("userEnteredValue", "") for entry in rule["condition"].get("values", ())]
        if own:
            cells.type_in(book, tab, row, column, own[0] if checked else (own[1] if len(own) > 1 else ""))
        else:
            tab.put_value(row, column, checked)

    _changing(store, id, email, enter)


def _changing(store: Store, id: str, email: str, change: Callable[[Book], None]) -> None:
    try:
        with books.editing(store, id, email) as book:
            change(book)
    except GoogleError as error:
        raise Refused(_in_french(error)) from error


def _in_french(error: GoogleError) -> str:
    if error.code == 403:
        return "Vous pouvez lire cette feuille de calcul, mais pas la modifier."
    if protection.REFUSAL in error.message:
        return "Cette opération toucherait des cellules protégées."
    if error.code == 404:
        return "Cette feuille de calcul n'existe pas ou n'existe plus."
    return f"Cette opération n'est pas possible : {error.message}"


def _check_open(book: Book, sheet: Sheet, row: int, column: int) -> None:
    if not (0 <= row < len(sheet.rows) and 0 <= column < len(sheet.columns)):
        raise Refused("Cette cellule n'existe pas ou n'existe plus : rechargez la page.")
    if not may_edit(book, sheet, row, column, book.caller):
        raise Refused(f"La cellule {cell_name(row, column)} est protégée : vous ne pouvez pas la modifier.")


def _enter(book: Book, sheet: Sheet, row: int, column: int, text: str) -> None:
    _check_open(book, sheet, row, column)
    if len(text) > cells.MAX_CHARACTERS:
        raise Refused(f"Une cellule ne peut contenir plus de {cells.MAX_CHARACTERS} caractères.")
    cells.type_in(book, sheet, row, column, text)
    rule = book.validation(sheet, row, column)
    if rule is None or not rule.get("strict"):
        return
    reader = Reader(book)
    value = reader.computation.value(sheet, row, column)
    if not conditions.allowed(reader, sheet, row, column, value):
        raise Refused(_not_allowed(reader, rule, cell_name(row, column)))


def _not_allowed(reader: Reader, rule: Json, cell: str) -> str:
    if rule.get("inputMessage"):
        return f"{cell} : {rule['inputMessage']}"
    choices = conditions.choices(reader, rule.get("condition", {}))
    if choices:
        return f"La cellule {cell} n'accepte que : {', '.join(choices)}."
    return f"La cellule {cell} n'accepte pas cette valeur."


def request(store: Store, id: str, email: str, *requested: Json) -> None:
    """Carry out requests of batchUpdate as this person (insert rows, sort…); Refused when not allowed."""
    _changing(
        store,
        id,
        email,
        lambda book: _discard(requests.carry_out(Work(store=store, book=book), list(requested))),
    )


def _discard(_: object) -> None:
    """The replies are for programs."""


def sort_rows(
    store: Store,
    id: str,
    email: str,
    *,
    sheet: int,
    column: int,
    descending: bool = False,
    header_rows: int = 1,
) -> None:
    """Sort the whole sheet below its heading by one column."""
    order = "DESCENDING" if descending else "ASCENDING"
    spec = {"dimensionIndex": column, "sortOrder": order}
    area = {"sheetId": sheet, "startRowIndex": header_rows}
    request(store, id, email, {"sortRange": {"range": area, "sortSpecs": [spec]}})


def insert_row(store: Store, id: str, email: str, *, sheet: int, at: int) -> None:
    """Insert an empty row before position `at`, formatted like the one above."""
    span = {"sheetId": sheet, "dimension": "ROWS", "startIndex": at, "endIndex": at + 1}
    request(store, id, email, {"insertDimension": {"range": span, "inheritFromBefore": at > 0}})


def delete_row(store: Store, id: str, email: str, *, sheet: int, at: int) -> None:
    """Delete the row at position `at`."""
    span = {"sheetId": sheet, "dimension": "ROWS", "startIndex": at, "endIndex": at + 1}
    request(store, id, email, {"deleteDimension": {"range": span}})


def visible_rows(book: Book, sheet: Sheet, view: int | None = None) -> list[int]:
    """The positions of the rows to show, in order, down to the last one used.

    Rows hidden by hand are left out, and those that the basic filter hides; given the identifier of a filter
    view, that view decides instead, in its own order.
    """
    reader = Reader(book)
    last = max(sheet.last_row(), int(sheet.properties.get("gridProperties", {}).get("frozenRowCount", 0)))
    wanted = next((v for v in sheet.attached["filterViews"] if v["filterViewId"] == view), None)
    filter = sheet.basic_filter if wanted is None else wanted
    positions = list(range(last))
    if wanted is not None and wanted.get("sortSpecs"):
        box = sheet.box(Area.of(wanted["range"]))
        body = Box(top=box.top + 1, bottom=min(box.bottom, last), left=box.left, right=box.right)
        if body.height > 0:
            positions[body.top : body.bottom] = filters.order(reader, sheet, body, wanted["sortSpecs"])
    hidden = filters.hidden(reader, sheet, filter) if filter else set()
    by_hand = {i for i in positions if sheet.rows.properties.get(sheet.rows.keys[i], {}).get("hiddenByUser")}
    return [position for position in positions if position not in hidden and position not in by_hand]
