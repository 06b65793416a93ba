"""The changes that the page of a spreadsheet sends: read, made, and the rows drawn again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ponts_flows.sandbox.sheets import book as books
from ponts_flows.sandbox.sheets import page_actions, person
from ponts_flows.sandbox.sheets.a1 import column_number
from ponts_flows.sandbox.sheets.page_grid import Drawing, draw_rows
from ponts_flows.sandbox.sheets.page_view import is_linked, look
from ponts_flows.sandbox.store import Store

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Change:
    """What the page sends: who, where (positions from zero), and what to type there."""

    who: str
    gid: int
    cells: tuple[tuple[int, int, str], ...]
    action: str


def read(body: Json) -> Change:
    """Read what was sent; ValueError, TypeError, KeyError or AttributeError when it is not a change."""
    given = body.get("cells") or [body]
    cells = tuple(
        (int(cell["row"]) - 1, column_number(str(cell["column"])), _typed(cell.get("value", "")))
        for cell in given
    )
    if any(row < 0 or column < 0 for row, column, _ in cells):
        raise ValueError("rows start at 1 and columns at A")
    return Change(
        who=str(body.get("who", "")),
        gid=int(body.get("gid", 0)),
        cells=cells,
        action=str(body.get("action", "")),
    )


def _typed(value: object) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return "" if value is None else str(value)


def type_in(store: Store, id: str, change: Change) -> None:
    """Type, tick or paste."""
    if len(change.cells) > 1:
        person.type_all(store, id, change.who, sheet=change.gid, entries=change.cells)
        return
    [(row, column, text)] = change.cells
    where = {"sheet": change.gid, "row": row, "column": column}
    if text in ("TRUE", "FALSE") and _is_checkbox(books.opened(store, id, change.who), **where):
        person.tick(store, id, change.who, **where, checked=text == "TRUE")
    else:
        person.type_into(store, id, change.who, **where, text=text)


def _is_checkbox(book: books.Book, sheet: int, row: int, column: int) -> bool:
    tab = book.sheet(sheet)
    inside = row < len(tab.rows) and column < len(tab.columns)
    rule = book.validation(tab, row, column) if inside else None
    return rule is not None and bool(rule["condition"]["type"] == "BOOLEAN")


def act(store: Store, id: str, change: Change) -> None:
    """Carry out an action at a cell."""
    row, column, _ = change.cells[0]
    page_actions.act(store, id, change.who, action=change.action, gid=change.gid, row=row, column=column)


def drawn_after(store: Store, id: str, change: Change) -> Json:
    """The rows written to, drawn anew; `again` when others may look different now."""
    place = f"A{change.cells[0][0] + 1}"
    looking = look(store, id, who=change.who, gid=change.gid, view=None, start=0, place=place)
    drawing = Drawing()
    wanted = sorted({row for row, _, _ in change.cells if row < len(looking.sheet.rows)})
    drawn = draw_rows(
        looking.book, looking.sheet, wanted, looking.columns, email=looking.email, drawing=drawing
    )
    return {
        "rows": {str(row + 1): html for row, html in zip(wanted, drawn, strict=True)},
        "css": drawing.css,
        "lists": drawing.lists,
        "again": bool(change.action) or is_linked(looking.book),
    }
