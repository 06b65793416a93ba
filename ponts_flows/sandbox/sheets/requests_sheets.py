"""batchUpdate: sheets and the spreadsheet itself."""

from __future__ import annotations

import copy

from ponts_flows.sandbox.drive import files
from ponts_flows.sandbox.errors import bad_request
from ponts_flows.sandbox.sheets import formats, locales, protection, references, resource, structure
from ponts_flows.sandbox.sheets.a1 import Json
from ponts_flows.sandbox.sheets.book import Book
from ponts_flows.sandbox.sheets.grid import Axis, Row, Sheet
from ponts_flows.sandbox.sheets.masks import mask, replaced
from ponts_flows.sandbox.sheets.work import Work

KEPT = ("title", "hidden", "rightToLeft", "tabColor", "tabColorStyle")


def check_title(book: Book, title: str, *, but: Sheet | None = None) -> None:
    """400 when another sheet has this title already."""
    other = book.titled(title)
    if other is not None and other is not but and other.title.casefold() == title.casefold():
        raise bad_request(f'A sheet with the name "{title}" already exists. Please enter another name.')


def free_title(book: Book, first: str) -> str:
    """`first`, or else `first 2`, `first 3`… whatever no sheet is called yet."""
    title, number = first, 1
    while book.titled(title) is not None:
        number += 1
        title = f"{first} {number}"
    return title


def new_sheet(book: Book, given: Json) -> Sheet:
    """Add a sheet with the SheetProperties given, Google's defaults elsewhere."""
    grid = given.get("gridProperties", {})
    id = given.get("sheetId")
    if id is not None and any(sheet.id == id for sheet in book.sheets):
        raise bad_request(f"Sheet with id {id} already exists.")
    if id is not None and id < 0:
        raise bad_request(f"sheetId[{id}] must be non-negative")
    title = given.get("title") or _next_title(book)
    check_title(book, title)
    sheet = book.add_sheet(
        title=title,
        rows=grid.get("rowCount") or 1000,
        columns=grid.get("columnCount") or 26,
        id=id,
        index=_index(book, given.get("index")),
    )
    extra = {name: value for name, value in grid.items() if name not in ("rowCount", "columnCount") and value}
    own = {name: given[name] for name in KEPT if given.get(name)}
    sheet.properties = {
        **formats.with_both_colours(own),
        "title": title,
        **({"gridProperties": extra} if extra else {}),
    }
    _check_frozen(sheet)
    return sheet


def _next_title(book: Book) -> str:
    stem = locales.locale(book.locale).first_sheet.removesuffix("1")
    number = len(book.sheets) + 1
    while book.titled(f"{stem}{number}") is not None:
        number += 1
    return f"{stem}{number}"


def _index(book: Book, index: int | None) -> int:
    if index is not None and not 0 <= index <= len(book.sheets):
        raise bad_request(f"Sheet index {index} is out of bounds. There are {len(book.sheets)} sheets.")
    return len(book.sheets) if index is None else index


def add_sheet(work: Work, request: Json) -> Json:
    sheet = new_sheet(work.book, request.get("properties", {}))
    return {"properties": resource.sheet_properties(work.book, sheet)}


def delete_sheet(work: Work, request: Json) -> None:
    sheet = work.tab(request.get("sheetId", 0))
    if not any(other is not sheet and not other.properties.get("hidden") for other in work.book.sheets):
        raise bad_request("You can't remove all the visible sheets in a document.")
    protection.check_sheet(work.book, sheet)
    work.book.remove_sheet(sheet)
    references.forget(work.book, sheet.title)


def duplicate_sheet(work: Work, request: Json) -> Json:
    book, source = work.book, work.tab(request.get("sourceSheetId", 0))
    title = request.get("newSheetName") or free_title(book, f"Copy of {source.title}")
    check_title(book, title)
    id = request.get("newSheetId")
    if id is not None and any(sheet.id == id for sheet in book.sheets):
        raise bad_request(f"Sheet with id {id} already exists.")
    index = request.get("insertSheetIndex")
    sheet = copied(
        book, source, book, title=title, id=id, index=_index(book, index if index is not None else 0)
    )
    return {"properties": resource.sheet_properties(book, sheet)}


def copied(
    origin: Book, source: Sheet, book: Book, *, title: str, id: int | None = None, index: int | None = None
) -> Sheet:
    """Copy a sheet into a spreadsheet, its own or another; identifiers of what is attached are new."""
    sheet = book.add_sheet(
        title=title, rows=len(source.rows), columns=len(source.columns), id=id, index=index
    )
    sheet.properties = {**copy.deepcopy(source.properties), "title": title}
    for name in ("rows", "columns"):
        axis: Axis = getattr(source, name)
        setattr(
            sheet, name, Axis(axis.keys, next_key=axis.next_key, properties=copy.deepcopy(axis.properties))
        )
    numbers = {
        n: n if origin is book else book.style_number(copy.deepcopy(s)) for n, s in enumerate(origin.styles)
    }
    for key, row in source.cells.items():
        styles = {column: numbers[style] for column, style in row.styles.items()}
        sheet.cells[key] = Row(dict(row.values), styles, copy.deepcopy(row.extras))
        sheet.touched.add(key)
    sheet.formulas = set(source.formulas)
    own = {source.id: sheet.id}
    sheet.attached = {name: [_renewed(book, e, own) for e in es] for name, es in source.attached.items()}
    sheet.basic_filter = None if source.basic_filter is None else _renewed(book, source.basic_filter, own)
    for entry in [e for e in origin.metadata.values() if e.get("sheet") == source.id]:
        new = book.free_id()
        book.metadata[new] = {**entry, "metadataId": new, "sheet": sheet.id}
        book.touched_metadata.add(new)
    return sheet


def _renewed(book: Book, entry: Json, sheets: dict[int, int]) -> Json:
    """A copy of an attached object, with an identifier of its own, on the copied sheet."""
    result: Json = {}
    for name, part in entry.items():
        if name in ("protectedRangeId", "filterViewId", "bandedRangeId", "chartId", "slicerId"):
            result[name] = book.free_id()
        elif name == "sheetId":
            result[name] = sheets.get(part, part)
        elif isinstance(part, dict):
            result[name] = _renewed(book, part, sheets)
        elif isinstance(part, list):
            result[name] = [_renewed(book, item, sheets) if isinstance(item, dict) else item for item in part]
        else:
            result[name] = part
    if (
        "startRowIndex" in entry
        or "endRowIndex" in entry
        or "startColumnIndex" in entry
        or "endColumnIndex" in entry
    ):
        result["sheetId"] = sheets.get(entry.get("sheetId", 0), entry.get("sheetId", 0))
    return result


def update_sheet_properties(work: Work, request: Json) -> None:
    given = request.get("properties", {})
    tree = mask(request.get("fields"), "SheetProperties")
    sheet = work.tab(given.get("sheetId", 0))
    protection.check_sheet(work.book, sheet) if "hidden" in tree and given.get("hidden") else None
    if "title" in tree:
        _retitle(work.book, sheet, given.get("title", ""))
    if "gridProperties" in tree:
        _regrid(work.book, sheet, given.get("gridProperties", {}), tree["gridProperties"])
    named = {name: below for name, below in formats.mask_with_both_colours(tree).items() if name in KEPT[1:]}
    new = formats.with_both_colours({name: given[name] for name in KEPT if given.get(name)})
    sheet.properties = replaced(sheet.properties, new, named)
    if all(other.properties.get("hidden") for other in work.book.sheets):
        raise bad_request("You can't hide all the sheets in a document.")
    if "index" in tree and (request["fields"] != "*" or "index" in given):
        _reorder(work.book, sheet, given.get("index", len(work.book.sheets)))


def _retitle(book: Book, sheet: Sheet, title: str) -> None:
    if not title:
        raise bad_request("Sheet name cannot be empty.")
    check_title(book, title, but=sheet)
    if title != sheet.title:
        references.rename(book, sheet.title, title)
        sheet.properties = {**sheet.properties, "title": title}


def _regrid(book: Book, sheet: Sheet, given: Json, tree: Json) -> None:
    names = ("rowCount", "columnCount")
    for name, rows in zip(names, (True, False), strict=True):
        axis = structure.axis(sheet, rows=rows)
        if (tree and name not in tree) or (not tree and name not in given):
            continue
        count = given.get(name, 0)
        if count <= 0:
            raise bad_request(f"gridProperties.{name} must be positive")
        if count > len(axis):
            structure.insert(book, sheet, rows=rows, at=len(axis), count=count - len(axis))
        elif count < len(axis):
            structure.check_free(book, sheet, count, None, rows=rows)
            structure.delete(book, sheet, rows=rows, start=count, end=len(axis))
    flags = {name: value for name, value in given.items() if name not in names and value}
    below: Json = {name: {} for name in (tree or given) if name not in names}
    grid = replaced(sheet.properties.get("gridProperties", {}), flags, below)
    sheet.properties = {**sheet.properties, "gridProperties": grid}
    _check_frozen(sheet)


def _check_frozen(sheet: Sheet) -> None:
    grid = sheet.properties.get("gridProperties", {})
    for name, field, axis in (
        ("rows", "frozenRowCount", sheet.rows),
        ("columns", "frozenColumnCount", sheet.columns),
    ):
        if grid.get(field, 0) >= len(axis) and grid.get(field, 0) > 0:
            raise bad_request(f"You can't freeze all visible {name} on the sheet.")


def _reorder(book: Book, sheet: Sheet, index: int) -> None:
    """Move a sheet to an index counted before the move."""
    if not 0 <= index <= len(book.sheets):
        raise bad_request(f"Sheet index {index} is out of bounds. There are {len(book.sheets)} sheets.")
    at = book.sheets.index(sheet)
    book.sheets.remove(sheet)
    book.sheets.insert(index - 1 if index > at else index, sheet)


def update_spreadsheet_properties(work: Work, request: Json) -> None:
    given = request.get("properties", {})
    tree = mask(request.get("fields"), "SpreadsheetProperties")
    if "title" in tree:
        title = given.get("title", "")
        if not title:
            raise bad_request("Spreadsheet title cannot be empty.")
        files.rename(work.store, work.book.id, title)
        work.book.title = title
    if "locale" in given and "locale" in tree and not locales.known(given["locale"]):
        raise bad_request(f"Unsupported locale: {given['locale']}")
    if "timeZone" in given and "timeZone" in tree and not locales.known_zone(given["timeZone"]):
        raise bad_request(f"Invalid time zone: {given['timeZone']}")
    names = ("locale", "timeZone", "autoRecalc", "iterativeCalculationSettings")
    named = {name: below for name, below in tree.items() if name in names and given.get(name)}
    work.book.properties = replaced(work.book.properties, given, named)
