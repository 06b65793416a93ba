"""Inserting, deleting and moving rows and columns, with all that is attached to them."""

from __future__ import annotations

from typing import Any

from ponts_flows.sandbox.errors import bad_request
from ponts_flows.sandbox.sheets import protection, references
from ponts_flows.sandbox.sheets.a1 import Area, Json
from ponts_flows.sandbox.sheets.book import Book
from ponts_flows.sandbox.sheets.grid import Axis, Sheet
from ponts_flows.sandbox.sheets.spans import Change, Deleted, Inserted, Moved, Vanished, changed, position


def axis(sheet: Sheet, *, rows: bool) -> Axis:
    """The rows or the columns of a sheet."""
    return sheet.rows if rows else sheet.columns


def lines(sheet: Sheet, start: int, end: int | None, *, rows: bool) -> Area:
    """The area of whole rows or columns."""
    if rows:
        return Area(sheet=sheet.id, top=start, bottom=end)
    return Area(sheet=sheet.id, left=start, right=end)


def insert(book: Book, sheet: Sheet, *, rows: bool, at: int, count: int, like: int | None = None) -> None:
    """Insert empty rows or columns before position `at`, formatted like the one that stood at `like`."""
    target, across = axis(sheet, rows=rows), axis(sheet, rows=not rows)
    book.check_size(count * len(across))
    model = None if like is None or not 0 <= like < len(target) else target.keys[like]
    new = target.insert(at, count)
    if at < len(target) - count:
        _carry(book, sheet, rows=rows, change=Inserted(at=at, count=count))
    _frozen(sheet, rows=rows, change=Inserted(at=at, count=count))
    if model is not None:
        _format_like(sheet, model, new, rows=rows)


def _format_like(sheet: Sheet, model: int, new: list[int], *, rows: bool) -> None:
    target = axis(sheet, rows=rows)
    if model in target.properties:
        size = {k: v for k, v in target.properties[model].items() if k == "pixelSize"}
        target.properties |= {key: dict(size) for key in new if size}
    if rows:
        found = sheet.cells.get(model)
        for key in new if found and found.styles else ():
            row = sheet.edited(target.position(key) or 0)
            row.styles = dict(found.styles) if found else {}
        return
    for row_key, row in sheet.cells.items():
        if model in row.styles:
            row.styles |= dict.fromkeys(new, row.styles[model])
            sheet.touched.add(row_key)


def delete(book: Book, sheet: Sheet, *, rows: bool, start: int, end: int) -> None:
    """Delete rows or columns, their cells, and what was attached to nothing else."""
    _check_deletion(sheet, rows=rows, start=start, end=end)
    gone = axis(sheet, rows=rows).delete(start, end)
    if rows:
        for key in gone:
            sheet.touched.add(key)
            sheet.cells.pop(key, None)
        lost = set(gone)
        sheet.formulas = {place for place in sheet.formulas if place[0] not in lost}
    else:
        _delete_cells_of_columns(sheet, set(gone))
    for id, entry in list(book.metadata.items()):
        if (
            entry.get("sheet") == sheet.id
            and entry.get("axis") == ("ROWS" if rows else "COLUMNS")
            and entry["key"] in gone
        ):
            book.remove_metadata(id)
    _carry(book, sheet, rows=rows, change=Deleted(start=start, end=end))
    _frozen(sheet, rows=rows, change=Deleted(start=start, end=end))


def _check_deletion(sheet: Sheet, *, rows: bool, start: int, end: int) -> None:
    target, name = axis(sheet, rows=rows), "row" if rows else "column"
    if end > len(target):
        raise bad_request(
            f"Cannot delete a {name} that doesn't exist. Tried to delete {name} index {end - 1} "
            f"but there are only {len(target)} {name}s."
        )
    if end - start >= len(target):
        raise bad_request(f"You can't delete all the {name}s on the sheet.")
    frozen = sheet.properties.get("gridProperties", {}).get(f"frozen{name.title()}Count", 0)
    if frozen and start <= frozen and end == len(target):
        raise bad_request(f"Sorry, it is not possible to delete all non-frozen {name}s.")


def _delete_cells_of_columns(sheet: Sheet, gone: set[int]) -> None:
    for row_key, row in sheet.cells.items():
        for entries in (row.values, row.styles, row.extras):
            for key in gone & entries.keys():
                del entries[key]
                sheet.touched.add(row_key)
    sheet.formulas = {place for place in sheet.formulas if place[1] not in gone}


def move(book: Book, sheet: Sheet, *, rows: bool, start: int, end: int, to: int) -> None:
    """Move rows or columns before what stands at `to`."""
    axis(sheet, rows=rows).move(start, end, to)
    _carry(book, sheet, rows=rows, change=Moved(start=start, end=end, to=to))


def check_free(book: Book, sheet: Sheet, start: int, end: int | None, *, rows: bool) -> None:
    """400 when some of these rows or columns are protected from the caller."""
    protection.check(book, [lines(sheet, start, end, rows=rows)])


def _frozen(sheet: Sheet, *, rows: bool, change: Change) -> None:
    """Rows inserted among the frozen ones freeze, deleted ones thaw."""
    grid = sheet.properties.get("gridProperties", {})
    name = "frozenRowCount" if rows else "frozenColumnCount"
    count = grid.get(name, 0)
    if not count:
        return
    if isinstance(change, Inserted) and change.at < count:
        count += change.count
    elif isinstance(change, Deleted):
        count -= max(0, min(count, change.end) - change.start)
    sheet.properties["gridProperties"] = {
        **{k: v for k, v in grid.items() if k != name},
        **({name: count} if count else {}),
    }


def _carry(book: Book, sheet: Sheet, *, rows: bool, change: Change) -> None:
    """Adapt every range that names cells of the sheet."""
    for other in book.sheets:
        for name, entries in other.attached.items():
            other.attached[name] = [
                e for e in (_carried(e, sheet.id, rows, change) for e in entries) if e is not None
            ]
        if other.basic_filter is not None:
            other.basic_filter = _carried(other.basic_filter, sheet.id, rows, change)
    book.named_ranges = [
        e for e in (_carried(e, sheet.id, rows, change) for e in book.named_ranges) if e is not None
    ]
    references.follow(book, sheet, rows=rows, change=change)


_NAMES = {True: ("startRowIndex", "endRowIndex"), False: ("startColumnIndex", "endColumnIndex")}


def _carried(entry: Any, sheet: int, rows: bool, change: Change) -> Any:
    """An attached object after the change, itself or None when its range vanished."""
    if isinstance(entry, list):
        found = [_carried(item, sheet, rows, change) for item in entry]
        return [item for item in found if item is not None]
    if not isinstance(entry, dict):
        return entry
    if "dimension" in entry and "startIndex" in entry:
        return _dimension_range(entry, sheet, rows, change)
    if any(name in entry for name in ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")):
        return _grid_range(entry, sheet, rows, change)
    if "anchorCell" in entry:
        return {**entry, "anchorCell": _anchor(entry["anchorCell"], sheet, rows, change)}
    result = {name: _carried(part, sheet, rows, change) for name, part in entry.items()}
    if result.get("range", 0) is None or (entry.get("ranges") and not result["ranges"]):
        return None
    if not rows and "range" in entry and entry["range"].get("sheetId", 0) == sheet:
        _filter_columns(result, change)
    return result


def _grid_range(entry: Json, sheet: int, rows: bool, change: Change) -> Json | None:
    if entry.get("sheetId", 0) != sheet:
        return entry
    first, last = _NAMES[rows]
    try:
        start, end = changed((entry.get(first), entry.get(last)), change)
    except Vanished:
        return None
    return {
        **entry,
        **({first: start} if start is not None else {}),
        **({last: end} if end is not None else {}),
    }


def _anchor(cell: Json, sheet: int, rows: bool, change: Change) -> Json:
    """The corner of a chart; when its row or column is deleted, what takes that place."""
    if cell.get("sheetId", 0) != sheet:
        return cell
    name = "rowIndex" if rows else "columnIndex"
    try:
        at = position(cell.get(name, 0), change)
    except Vanished:
        assert isinstance(change, Deleted)
        at = change.start
    return {**cell, name: at} if at else {key: part for key, part in cell.items() if key != name}


def _dimension_range(entry: Json, sheet: int, rows: bool, change: Change) -> Json | None:
    if entry.get("sheetId", 0) != sheet or (entry["dimension"] == "ROWS") is not rows:
        return entry
    try:
        start, end = changed((entry["startIndex"], entry["endIndex"]), change)
    except Vanished:
        return None
    return {**entry, "startIndex": start, "endIndex": end}


def _filter_columns(result: Json, change: Change) -> None:
    """The columns that a filter's criteria and sort orders name."""
    for name, key in (("filterSpecs", "columnIndex"), ("sortSpecs", "dimensionIndex")):
        kept = []
        for spec in result.get(name, ()):
            try:
                kept.append({**spec, key: position(spec.get(key, 0), change)})
            except Vanished:
                continue
        if name in result:
            result[name] = kept
    if "criteria" in result and "filterSpecs" in result:
        result["criteria"] = {
            str(s.get("columnIndex", 0)): s.get("filterCriteria", {}) for s in result["filterSpecs"]
        }
