"""batchUpdate: moving the contents of ranges: copy, cut, sort, remove duplicates."""

from __future__ import annotations

import random

from ponts_flows.sandbox.errors import bad_request
from ponts_flows.sandbox.sheets import filters, formula, protection
from ponts_flows.sandbox.sheets.a1 import Area, Box, Json
from ponts_flows.sandbox.sheets.grid import Cell, Formula, Row, Sheet
from ponts_flows.sandbox.sheets.requests_cells import pasted
from ponts_flows.sandbox.sheets.work import Work, grown, places


def copy_paste(work: Work, request: Json) -> None:
    source_sheet, source_area = work.area(request.get("source"))
    source = source_sheet.box(source_area)
    sheet, area = work.area(request.get("destination"))
    target = sheet.box(area)
    turned = request.get("pasteOrientation") == "TRANSPOSE"
    height, width = (source.width, source.height) if turned else (source.height, source.width)
    if not height or not width:
        return
    rows = target.height if target.height % height == 0 and target.height else height
    columns = target.width if target.width % width == 0 and target.width else width
    grown(work, sheet, rows=target.top + rows, columns=target.left + columns)
    box = Box(top=target.top, bottom=target.top + rows, left=target.left, right=target.left + columns)
    protection.check(work.book, [_area(sheet, box)])
    taken = {place: source_sheet.cell(*place) for place in places(source)}
    kind = request.get("pasteType", "PASTE_NORMAL")
    for row, column in places(box):
        down, right = (row - box.top) % height, (column - box.left) % width
        origin = (
            (source.top + right, source.left + down) if turned else (source.top + down, source.left + right)
        )
        cell = taken[origin]
        if kind == "PASTE_VALUES" and isinstance(cell.value, Formula):
            found = work.reader().computation.value(source_sheet, *origin)
            cell = Cell(value=found if isinstance(found, float | str | bool) else None)
        elif isinstance(cell.value, Formula):
            value = formula.moved(cell.value, row - origin[0], column - origin[1])
            cell = Cell(value=value, style=cell.style, extras=cell.extras)
        pasted(work, sheet, row, column, cell, kind)
    if kind == "PASTE_NORMAL":
        _copy_merges(source_sheet, source, sheet, box, move=False)


def _area(sheet: Sheet, box: Box) -> Area:
    return Area(sheet=sheet.id, top=box.top, bottom=box.bottom, left=box.left, right=box.right)


def _copy_merges(source: Sheet, box: Box, target: Sheet, to: Box, *, move: bool) -> None:
    inside = [m for m in source.attached["merges"] if _area(source, box).covers(Area.of(m))]
    if move:
        source.attached["merges"] = [m for m in source.attached["merges"] if m not in inside]
    for merge in inside:
        area = source.box(Area.of(merge))
        down, right = to.top - box.top, to.left - box.left
        new = Area(
            sheet=target.id,
            top=area.top + down,
            bottom=area.bottom + down,
            left=area.left + right,
            right=area.right + right,
        )
        target.attached["merges"].append(new.json())


def cut_paste(work: Work, request: Json) -> None:
    source_sheet, box = work.open_area(request.get("source"))
    to = request.get("destination", {})
    sheet = work.book.sheet(to.get("sheetId", 0))
    top, left = to.get("rowIndex", 0), to.get("columnIndex", 0)
    grown(work, sheet, rows=top + box.height, columns=left + box.width)
    target = Box(top=top, bottom=top + box.height, left=left, right=left + box.width)
    protection.check(work.book, [_area(sheet, target)])
    taken = {place: source_sheet.cell(*place) for place in places(box)}
    for place in taken:
        source_sheet.put(*place, Cell())
    for (row, column), cell in taken.items():
        pasted(
            work,
            sheet,
            row - box.top + top,
            column - box.left + left,
            cell,
            request.get("pasteType", "PASTE_NORMAL"),
        )
    _copy_merges(source_sheet, box, sheet, target, move=True)


def sort_range(work: Work, request: Json) -> None:
    sheet, box = work.open_area(request.get("range"))
    specs = request.get("sortSpecs", [])
    if not specs:
        raise bad_request("At least one sort spec must be specified.")
    for spec in specs:
        if not box.left <= spec.get("dimensionIndex", 0) < box.right:
            raise bad_request(
                f"sortSpecs dimensionIndex[{spec.get('dimensionIndex', 0)}] is not within the range."
            )
    if any(Area.of(merge).meets(_area(sheet, box)) for merge in sheet.attached["merges"]):
        raise bad_request(
            "You can't sort a range containing vertical merges. Remove vertical merges and try again."
        )
    rearrange(sheet, box, filters.order(work.reader(), sheet, box, specs))


def rearrange(sheet: Sheet, box: Box, order: list[int]) -> None:
    """Put the rows of a box in another order: `order` holds the present positions."""
    used = sheet.used(values_only=False)
    if box.left == 0 and box.right >= used.right and not sheet.formulas:
        _rearrange_rows(sheet, box, order)
        return
    taken = {(row, column): sheet.cell(row, column) for row, column in places(box)}
    for row, origin in zip(range(box.top, box.bottom), order, strict=True):
        if row == origin:
            continue
        for column in range(box.left, box.right):
            cell = taken[origin, column]
            if isinstance(cell.value, Formula):
                cell = Cell(
                    value=formula.moved(cell.value, row - origin, 0), style=cell.style, extras=cell.extras
                )
            if cell != taken[row, column]:
                sheet.put(row, column, cell)


def _rearrange_rows(sheet: Sheet, box: Box, order: list[int]) -> None:
    """The same for whole rows without formulas, without looking at cells."""
    keys = sheet.rows.keys
    taken: list[Row | None] = [sheet.cells.get(keys[origin]) for origin in order]
    for row, origin, found in zip(range(box.top, box.bottom), order, taken, strict=True):
        if row == origin:
            continue
        sheet.touched.add(keys[row])
        if found is None:
            sheet.cells.pop(keys[row], None)
        else:
            sheet.cells[keys[row]] = found


def randomize_range(work: Work, request: Json) -> None:
    sheet, box = work.open_area(request.get("range"))
    order = list(range(box.top, box.bottom))
    random.shuffle(order)
    rearrange(sheet, box, order)


def delete_duplicates(work: Work, request: Json) -> Json:
    sheet, box = work.open_area(request.get("range"))
    columns = [
        column
        for compared in request.get("comparisonColumns") or [{"startIndex": box.left, "endIndex": box.right}]
        for column in range(compared.get("startIndex", box.left), compared.get("endIndex", box.right))
    ]
    reader, seen, kept = work.reader(), set(), []
    for row in range(box.top, box.bottom):
        values = [reader.computation.value(sheet, row, column) for column in columns]
        key = tuple(value.casefold() if isinstance(value, str) else value for value in values)
        if key not in seen:
            seen.add(key)
            kept.append(row)
    removed = box.height - len(kept)
    taken = {(row, column): sheet.cell(row, column) for row, column in places(box)}
    for row in range(box.top, box.bottom) if removed else ():
        origin = kept[row - box.top] if row - box.top < len(kept) else None
        for column in range(box.left, box.right):
            sheet.put(row, column, Cell() if origin is None else taken[origin, column])
    return {"duplicatesRemovedCount": removed} if removed else {}
