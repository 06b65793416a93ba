"""From the words of a request to cells: A1 ranges, named ranges, data filters."""

from __future__ import annotations

from collections.abc import Sequence

from ponts_flows.sandbox.errors import bad_request
from ponts_flows.sandbox.sheets import a1, metadata
from ponts_flows.sandbox.sheets.a1 import Area, Json
from ponts_flows.sandbox.sheets.book import Book
from ponts_flows.sandbox.sheets.grid import Sheet


def area(book: Book, text: str) -> Area:
    """The area of a range in A1 notation, of a sheet's title or a named range; 400 when it is none."""
    title, cells = a1.split_sheet(text)
    sheet = book.titled(text if title is None else title)
    if sheet is not None and (title is None or (cells == "" and text.endswith("'"))):
        return Area(sheet=sheet.id)
    on = sheet if title is not None else _first(book)
    found = None if on is None else _named(book, cells) or a1.cells(cells, on.id)
    if found is None:
        raise bad_request(f"Unable to parse range: {text}")
    return found


def _named(book: Book, name: str) -> Area | None:
    """The area of a named range; a name that a sheet's title precedes (`Sheet1!prices`) is found too."""
    for entry in book.named_ranges:
        if entry["name"].casefold() == name.casefold():
            return Area.of(entry["range"])
    return None


def _first(book: Book) -> Sheet:
    """The sheet meant where none is named: the first that is visible."""
    return next((sheet for sheet in book.sheets if not sheet.properties.get("hidden")), book.sheets[0])


def inside(book: Book, wanted: Area, text: str | None = None) -> Area:
    """The area, provided that it starts on the grid; 400 in Google's words otherwise."""
    sheet = book.sheet(wanted.sheet)
    if (wanted.top or 0) >= len(sheet.rows) or (wanted.left or 0) >= len(sheet.columns):
        raise bad_request(
            f"Range ({text_of(sheet, wanted)}) exceeds grid limits. "
            f"Max rows: {len(sheet.rows)}, max columns: {len(sheet.columns)}"
        )
    return wanted


def text_of(sheet: Sheet, area: Area) -> str:
    """An area as A1 notation, its open sides left open."""
    corners = []
    for row, column in (
        (area.top, area.left),
        (area.bottom and area.bottom - 1, area.right and area.right - 1),
    ):
        corners.append(("" if column is None else a1.letters(column)) + ("" if row is None else str(row + 1)))
    cells = corners[0] if corners[0] == corners[1] else ":".join(corners)
    return a1.quoted(sheet.title) + (f"!{cells}" if cells not in ("", ":") else "")


def areas(book: Book, filters: Sequence[Json]) -> list[tuple[Area, list[Json]]]:
    """The areas that data filters select, each with the filters that selected it."""
    found: list[tuple[Area, list[Json]]] = []
    for filter in filters:
        for selected in _selected(book, filter):
            known = next((entry for entry in found if entry[0] == selected), None)
            if known is None:
                found.append((selected, [filter]))
            else:
                known[1].append(filter)
    return found


def _selected(book: Book, filter: Json) -> list[Area]:
    if "a1Range" in filter:
        return [area(book, filter["a1Range"])]
    if "gridRange" in filter:
        wanted = Area.of(filter["gridRange"])
        book.sheet(wanted.sheet)
        return [wanted]
    if "developerMetadataLookup" in filter:
        entries = metadata.matching(book, filter["developerMetadataLookup"])
        return [found for found in (metadata.area(book, entry) for entry in entries) if found is not None]
    raise bad_request("A data filter must specify a filter.")


def metadata_of(book: Book, filters: Sequence[Json]) -> list[Json]:
    """The developer metadata that data filters select, as kept, each once."""
    found: dict[int, Json] = {}
    for filter in filters:
        for entry in _metadata(book, filter):
            found[entry["metadataId"]] = entry
    return list(found.values())


def _metadata(book: Book, filter: Json) -> list[Json]:
    if "developerMetadataLookup" in filter:
        return metadata.matching(book, filter["developerMetadataLookup"])
    selected = _selected(book, filter)
    here = ((entry, metadata.area(book, entry)) for entry in book.metadata.values())
    return [
        entry for entry, place in here if place is not None and any(place.meets(area) for area in selected)
    ]
