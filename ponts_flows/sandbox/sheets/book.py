"""A spreadsheet: its sheets, names and developer metadata; how it is kept in the store, row by row.

    with book.editing(store, id, "alice@exemple.example") as it: ...  # a writer; saved at the end
    it = book.opened(store, id, "alice@exemple.example")              # a reader; not to be changed

A spreadsheet that was read stays in memory. A write saves only the rows it touched; after a transaction that
failed, the version kept in the store and the one in memory differ, and the next use reads it anew.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from ponts_flows.sandbox.drive import files
from ponts_flows.sandbox.errors import GoogleError, bad_request, not_found
from ponts_flows.sandbox.sheets import storage
from ponts_flows.sandbox.sheets.a1 import Json
from ponts_flows.sandbox.sheets.grid import Axis, Sheet
from ponts_flows.sandbox.store import Store

MAX_CELLS = 10_000_000


class Book:
    """A spreadsheet in memory. `properties`: locale, timeZone and the like; the title is the file's name."""

    def __init__(self, *, id: str, title: str, properties: Json) -> None:
        self.id = id
        self.title = title
        self.properties = properties
        self.sheets: list[Sheet] = []
        self.named_ranges: list[Json] = []
        self.metadata: dict[int, Json] = {}
        self.styles: list[Json] = [{}]
        self.computed: dict[tuple[int, int, int], Any] = {}
        self.volatile = False
        self.now: datetime
        self.owner = ""
        self.caller = ""
        self.writable = False
        self.version = 0
        self.editing = False
        self.saved = ""
        self.touched_metadata: set[int] = set()
        self.gone_sheets: list[Sheet] = []
        self.saved_styles = 1
        self.touched_styles: set[int] = set()
        self._style_numbers: dict[str, int] = {"{}": 0}

    # Finding

    @property
    def locale(self) -> str:
        """Such as `en_US` or `fr_FR`."""
        return str(self.properties["locale"])

    def sheet(self, id: int) -> Sheet:
        """A sheet by its identifier; 400 when there is none."""
        for sheet in self.sheets:
            if sheet.id == id:
                return sheet
        raise bad_request(f"No grid with id: {id}")

    def titled(self, title: str) -> Sheet | None:
        """A sheet by the name on its tab, upper and lower case being the same."""
        folded = title.casefold()
        exact = next((sheet for sheet in self.sheets if sheet.title == title), None)
        return exact or next((sheet for sheet in self.sheets if sheet.title.casefold() == folded), None)

    def owner_rights(self) -> bool:
        """Whether the caller may do anything, protections included."""
        return self.caller.casefold() == self.owner.casefold()

    # Styles: formats and validations, each kept once and known by a number

    def style_number(self, style: Json) -> int:
        """The number of a style `{"format": CellFormat, "validation": DataValidationRule}`, both optional."""
        style = {name: part for name, part in style.items() if part}
        text = json.dumps(style, sort_keys=True, separators=(",", ":"))
        number = self._style_numbers.get(text)
        if number is None:
            number = self._style_numbers[text] = len(self.styles)
            self.styles.append(style)
        return number

    def know_styles(self, styles: list[Json]) -> None:
        """Take over the styles read from the store, in the order of their numbers."""
        self.styles = [{}, *styles]
        self.saved_styles = len(self.styles)
        self.restyled(())

    def restyled(self, numbers: Iterable[int]) -> None:
        """Note that some styles were changed in place."""
        self.touched_styles.update(numbers)
        self._style_numbers = {
            json.dumps(style, sort_keys=True, separators=(",", ":")): number
            for number, style in enumerate(self.styles)
        }

    def format(self, sheet: Sheet, row: int, column: int) -> Json:
        """The CellFormat that was set on a cell; empty when none was. Not to be changed in place."""
        found: Json = self.styles[sheet.style(row, column)].get("format", {})
        return found

    def validation(self, sheet: Sheet, row: int, column: int) -> Json | None:
        """The DataValidationRule of a cell, if any. Not to be changed in place."""
        return self.styles[sheet.style(row, column)].get("validation")

    # Changing

    def add_sheet(
        self, *, title: str, rows: int, columns: int, id: int | None = None, index: int | None = None
    ) -> Sheet:
        """Add an empty sheet (at the end unless `index` is given) and return it."""
        self.check_size(rows * columns)
        sheet = Sheet(
            id=self.free_id() if id is None else id,
            properties={"title": title},
            rows=Axis.fresh(rows),
            columns=Axis.fresh(columns),
        )
        self.sheets.insert(len(self.sheets) if index is None else index, sheet)
        return sheet

    def remove_sheet(self, sheet: Sheet) -> None:
        """Take a sheet away, with all that belongs to it."""
        self.sheets.remove(sheet)
        self.gone_sheets.append(sheet)
        self.named_ranges = [n for n in self.named_ranges if n["range"].get("sheetId", 0) != sheet.id]
        for id in [id for id, entry in self.metadata.items() if entry.get("sheet") == sheet.id]:
            self.remove_metadata(id)

    def remove_metadata(self, id: int) -> None:
        """Delete one developer metadata."""
        del self.metadata[id]
        self.touched_metadata.add(id)

    def check_size(self, more: int) -> None:
        """400 when so many more cells would pass Google's limit of ten million."""
        if sum(len(sheet.rows) * len(sheet.columns) for sheet in self.sheets) + more > MAX_CELLS:
            raise bad_request(
                "This action would increase the number of cells in the workbook above the limit of "
                f"{MAX_CELLS} cells."
            )

    def free_id(self) -> int:
        """An identifier that nothing of this spreadsheet has yet."""
        taken = {sheet.id for sheet in self.sheets} | self.metadata.keys() | set(self.attached_ids())
        while True:
            id = random.randint(1, 2**31 - 1)  # noqa: S311
            if id not in taken:
                return id

    def attached_ids(self) -> Iterator[int]:
        """The identifiers of all that is attached to the sheets."""
        names = ("protectedRangeId", "filterViewId", "bandedRangeId", "chartId", "slicerId")
        for sheet in self.sheets:
            for entries in sheet.attached.values():
                yield from (entry[name] for entry in entries for name in names if name in entry)


_IN_MEMORY: WeakKeyDictionary[Store, dict[str, Book]] = WeakKeyDictionary()


def create(store: Store, *, owner: str, title: str, locale: str = "en_US", time_zone: str = "Etc/GMT") -> str:
    """Create a spreadsheet with one empty sheet `Sheet1` (`Feuille 1` in French); return its identifier."""
    first = "Feuille 1" if locale.startswith("fr") else "Sheet1"
    book = new(store, owner=owner, title=title, properties={"locale": locale, "timeZone": time_zone})
    book.add_sheet(title=first, rows=1000, columns=26, id=0)
    save(store, book)
    return book.id


def new(store: Store, *, owner: str, title: str, properties: Json) -> Book:
    """A spreadsheet without any sheet yet, to be filled and handed to `save`."""
    file = files.create(store, name=title, mime_type=files.SPREADSHEET, owner=owner)
    defaults = {"locale": "en_US", "autoRecalc": "ON_CHANGE", "timeZone": "Etc/GMT"}
    book = Book(id=file.id, title=title, properties={**defaults, **properties})
    book.owner = book.caller = owner
    book.now = store.now()
    storage.insert(store.db, book)
    return book


def opened(store: Store, id: str, email: str, *, role: str = "reader") -> Book:
    """A spreadsheet to be read by someone; 404 when there is none, 403 without the right.

    The object is shared: change it only inside `editing`.
    """
    file = files.require(store, id, email, role)
    if file.mime_type != files.SPREADSHEET:
        raise GoogleError(
            400, "This operation is not supported for this document", status="FAILED_PRECONDITION"
        )
    books = _IN_MEMORY.setdefault(store, {})
    version = storage.version(store.db, id)
    if version is None:
        raise not_found()
    book = books.get(id)
    if book is None or book.version != version or book.editing:
        book = books[id] = storage.load(store.db, id, Book)
    moment = store.now()
    if book.volatile and moment != book.now:
        book.computed.clear()
        book.volatile = False
    book.title, book.owner, book.caller, book.now = file.name, file.owner, email, moment
    book.writable = files.rank(files.role_of(store, id, email)) >= files.rank("writer")
    return book


@contextmanager
def editing(store: Store, id: str, email: str) -> Iterator[Book]:
    """A spreadsheet to be changed by a writer; saved when the block ends well, else forgotten."""
    with store.transaction():
        book = opened(store, id, email, role="writer")
        book.editing = True
        book.computed.clear()
        yield book
        save(store, book)
        files.touch(store, id, email)


def save(store: Store, book: Book) -> None:
    """Write what changed: only the rows, sheets, styles and metadata that did."""
    storage.save(store.db, book)
    book.editing = False
    book.computed.clear()
    _IN_MEMORY.setdefault(store, {})[book.id] = book


def delete(store: Store, id: str) -> None:
    """Remove a spreadsheet's content (its file is Drive's)."""
    storage.delete(store.db, id)
    _IN_MEMORY.setdefault(store, {}).pop(id, None)


def duplicate(store: Store, id: str, *, owner: str, title: str) -> str:
    """Copy a spreadsheet's content into a new file; return the copy's identifier. Rights are not copied."""
    file = files.create(store, name=title, mime_type=files.SPREADSHEET, owner=owner)
    storage.copy(store.db, id, file.id)
    return file.id
