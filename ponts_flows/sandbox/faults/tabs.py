"""What people do meanwhile in a tab of a spreadsheet: rename, delete, drag, sort, type."""

from __future__ import annotations

import re
from typing import assert_never

from ponts_flows.sandbox.drive import files
from ponts_flows.sandbox.faults.acts import (
    CellTyped,
    ColumnDeleted,
    ColumnMoved,
    ColumnRenamed,
    RowDeleted,
    RowInserted,
    RowMoved,
    RowsSorted,
    SheetAct,
    TabDeleted,
    TabRenamed,
)
from ponts_flows.sandbox.sheets import book as books
from ponts_flows.sandbox.sheets import person
from ponts_flows.sandbox.sheets.a1 import Json, column_number
from ponts_flows.sandbox.sheets.grid import Sheet
from ponts_flows.sandbox.sheets.page_view import people_of
from ponts_flows.sandbox.sheets.person import Refused
from ponts_flows.sandbox.sheets.reader import Reader
from ponts_flows.sandbox.store import Store


def act_on_tab(store: Store, id: str, what: SheetAct) -> None:
    """Do it as somebody at the keyboard; Refused says in French why it can't be done."""
    who = _who(store, id, what.who)
    tab = _Tab(store, id, who, what.tab)
    match what:
        case CellTyped():
            tab.type(tab.row(what.row), tab.column(what.column), what.text)
        case ColumnRenamed():
            tab.type(tab.heading_of(what.column), tab.column(what.column), what.to)
        case RowsSorted():
            person.sort_rows(
                store,
                id,
                who,
                sheet=tab.sheet.id,
                column=tab.column(what.column),
                descending=what.descending,
                header_rows=tab.headings,
            )
        case _:
            person.request(store, id, who, _request(tab, what))


def _who(store: Store, id: str, who: str) -> str:
    """Who acts: the one named, the owner, or the first person who may write."""
    if who == "owner":
        return files.get(store, id).owner
    writers = files.people(store, id, "writer")
    return who or next((email for email in people_of(store, id) if email in writers), "")


def _request(
    tab: _Tab,
    what: TabRenamed | TabDeleted | ColumnDeleted | ColumnMoved | RowMoved | RowInserted | RowDeleted,
) -> Json:
    """The request of batchUpdate that an act is."""
    match what:
        case TabRenamed():
            return {
                "updateSheetProperties": {
                    "properties": {"sheetId": tab.sheet.id, "title": what.to},
                    "fields": "title",
                }
            }
        case TabDeleted():
            return {"deleteSheet": {"sheetId": tab.sheet.id}}
        case ColumnDeleted():
            return {"deleteDimension": {"range": tab.span("COLUMNS", tab.column(what.column))}}
        case ColumnMoved():
            return _moved(tab, "COLUMNS", tab.column(what.column), tab.column(what.to))
        case RowMoved():
            return _moved(tab, "ROWS", tab.row(what.row), tab.row(what.to))
        case RowInserted():
            return {"insertDimension": {"range": tab.span("ROWS", tab.row(what.row))}}
        case RowDeleted():
            return {"deleteDimension": {"range": tab.span("ROWS", tab.row(what.row))}}
        case _:
            assert_never(what)


def _moved(tab: _Tab, dimension: str, start: int, to: int) -> Json:
    # Dragged down or to the right, it lands beyond the one whose place it takes.
    index = to + 1 if to > start else to
    return {"moveDimension": {"source": tab.span(dimension, start), "destinationIndex": index}}


class _Tab:
    """A tab as the person sees it: columns by their headings, rows by their numbers or by what stands in them."""

    def __init__(self, store: Store, id: str, who: str, title: str) -> None:
        self._place = (store, id, who)
        book = books.opened(store, id, who)
        shown = [sheet for sheet in book.sheets if not sheet.properties.get("hidden")]
        found = next((sheet for sheet in shown if title in ("", sheet.title)), None)
        if found is None:
            raise Refused(f"Il n'y a pas d'onglet « {title} ».")
        self.sheet: Sheet = found
        self.headings = max(1, int(found.properties.get("gridProperties", {}).get("frozenRowCount", 0)))
        self._texts = Reader(book).texts(found, found.used())

    def type(self, row: int, column: int, text: str) -> None:
        """Type into a cell."""
        person.type_into(*self._place, sheet=self.sheet.id, row=row, column=column, text=text)

    def column(self, name: str) -> int:
        """The position of a column, by its heading or its letter."""
        for texts in self._texts[: self.headings]:
            if name in texts:
                return texts.index(name)
        if re.fullmatch(r"[A-Z]{1,3}", name):
            return column_number(name)
        raise Refused(f"Il n'y a pas de colonne « {name} ».")

    def heading_of(self, name: str) -> int:
        """The row in which the heading of a column stands."""
        rows = range(min(self.headings, len(self._texts)))
        return next((row for row in rows if name in self._texts[row]), self.headings - 1)

    def row(self, wanted: int | str) -> int:
        """The position of a row, by its number or by the text of one of its cells below the headings."""
        if isinstance(wanted, int):
            return wanted - 1
        for row in range(self.headings, len(self._texts)):
            if wanted in self._texts[row]:
                return row
        raise Refused(f"Aucune ligne ne contient « {wanted} ».")

    def span(self, dimension: str, at: int) -> Json:
        """One row or column, as the service names it."""
        return {
            "sheetId": self.sheet.id,
            "dimension": dimension,
            "startIndex": at,
            "endIndex": at + 1,
        }
