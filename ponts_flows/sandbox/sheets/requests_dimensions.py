"""batchUpdate: rows and columns."""

from __future__ import annotations

from ponts_flows.sandbox.errors import bad_request
from ponts_flows.sandbox.sheets import groups, protection, structure
from ponts_flows.sandbox.sheets.a1 import Area, Box, Json
from ponts_flows.sandbox.sheets.grid import Cell, Sheet
from ponts_flows.sandbox.sheets.masks import mask, replaced
from ponts_flows.sandbox.sheets.reader import Reader
from ponts_flows.sandbox.sheets.work import Work, places


def append_dimension(work: Work, request: Json) -> None:
    sheet, axis, rows, _, _ = work.dimension(request)
    length = request.get("length", 0)
    if length <= 0:
        raise bad_request("length must be greater than zero")
    structure.insert(work.book, sheet, rows=rows, at=len(axis), count=length)


def insert_dimension(work: Work, request: Json) -> None:
    sheet, axis, rows, start, end = work.dimension(request.get("range"))
    before = bool(request.get("inheritFromBefore"))
    if end <= start:
        raise bad_request(f"range.endIndex[{end}] must be after range.startIndex[{start}]")
    if start > len(axis) or (start == len(axis) and not before):
        name = request["range"]["dimension"]
        raise bad_request(
            f"range.startIndex[{start}] is too large. Must be less than {len(axis)} ({name} in the sheet), "
            "or equal to it with inheritFromBefore."
        )
    if before and start == 0:
        raise bad_request("inheritFromBefore cannot be true if startIndex is 0.")
    if 0 < start < len(axis):
        _check_between(work, sheet, start, rows=rows)
    like = start - 1 if before else start
    structure.insert(work.book, sheet, rows=rows, at=start, count=end - start, like=like)


def _check_between(work: Work, sheet: Sheet, at: int, *, rows: bool) -> None:
    """Nothing may be inserted in the midst of what is protected from the caller."""
    book = work.book
    if book.owner_rights():
        return
    for closed in protection.closed_areas(
        book, structure.lines(sheet, at - 1, at + 1, rows=rows), book.caller
    ):
        start, end = (closed.top, closed.bottom) if rows else (closed.left, closed.right)
        across = (closed.left, closed.right) if rows else (closed.top, closed.bottom)
        if (start or 0) < at and (end is None or end > at) and (start or end or across == (None, None)):
            raise bad_request(protection.REFUSAL)


def delete_dimension(work: Work, request: Json) -> None:
    sheet, _, rows, start, end = work.dimension(request.get("range"))
    structure.check_free(work.book, sheet, start, end, rows=rows)
    structure.delete(work.book, sheet, rows=rows, start=start, end=end)


def move_dimension(work: Work, request: Json) -> None:
    sheet, axis, rows, start, end = work.dimension(request.get("source"))
    to = request.get("destinationIndex", 0)
    if end > len(axis) or not 0 <= to <= len(axis):
        raise bad_request("The source and the destination must lie on the grid.")
    if start < to < end:
        raise bad_request("destinationIndex must not be within the source range.")
    structure.check_free(work.book, sheet, min(start, to), max(end, to), rows=rows)
    structure.move(work.book, sheet, rows=rows, start=start, end=end, to=to)


def update_dimension_properties(work: Work, request: Json) -> None:
    tree = mask(request.get("fields"), "DimensionProperties")
    _, axis, _, start, end = work.dimension(request.get("range"))
    given = {name: value for name, value in request.get("properties", {}).items() if value is not False}
    named: Json = {name: {} for name in tree if name in ("pixelSize", "hiddenByUser")}
    for key in axis.keys[start : min(end, len(axis))]:
        new = replaced(axis.properties.get(key, {}), given, named)
        if new:
            axis.properties[key] = new
        else:
            axis.properties.pop(key, None)
    axis.changed = True


def auto_resize_dimensions(work: Work, request: Json) -> None:
    sheet, axis, rows, start, end = work.dimension(request.get("dimensions"))
    reader = work.reader()
    for position in range(start, min(end, len(axis))):
        key = axis.keys[position]
        size = 21 if rows else _fitting_width(reader, sheet, position)
        axis.properties[key] = {**axis.properties.get(key, {}), "pixelSize": size}
    axis.changed = True


def _fitting_width(reader: Reader, sheet: Sheet, column: int) -> int:
    """About seven pixels a character, for the longest text shown."""
    box = Box(top=0, bottom=len(sheet.rows), left=column, right=column + 1)
    lines = reader.rows(sheet, box, render="FORMATTED_VALUE", moments="SERIAL_NUMBER")
    longest = max((len(str(line[0])) for line in lines if line and line[0] is not None), default=0)
    return max(21, 7 * longest + 7) if longest else 100


def add_dimension_group(work: Work, request: Json) -> Json:
    sheet, _, rows, start, end = work.dimension(request.get("range"))
    found = groups.added(sheet.attached[_groups(rows)], sheet.id, request["range"]["dimension"], start, end)
    sheet.attached[_groups(rows)] = found
    return {"dimensionGroups": found}


def delete_dimension_group(work: Work, request: Json) -> Json:
    sheet, _, rows, start, end = work.dimension(request.get("range"))
    found = groups.removed(sheet.attached[_groups(rows)], sheet.id, request["range"]["dimension"], start, end)
    sheet.attached[_groups(rows)] = found
    return {"dimensionGroups": found} if found else {}


def update_dimension_group(work: Work, request: Json) -> None:
    given = request.get("dimensionGroup", {})
    tree = mask(request.get("fields"), "DimensionGroup")
    sheet, _, rows, start, end = work.dimension(given.get("range"))
    for group in sheet.attached[_groups(rows)]:
        same = (group["range"]["startIndex"], group["range"]["endIndex"]) == (start, end)
        if same and group["depth"] == given.get("depth", 1):
            group.pop("collapsed", None)
            if "collapsed" in tree and given.get("collapsed"):
                group["collapsed"] = True
            return
    raise bad_request(f"No group with depth {given.get('depth', 1)} over the given range.")


def _groups(rows: bool) -> str:
    return "rowGroups" if rows else "columnGroups"


def insert_range(work: Work, request: Json) -> None:
    sheet, box = work.open_area(request.get("range"))
    down = request.get("shiftDimension", "ROWS") == "ROWS"
    last = sheet.used(values_only=False)
    reach = _reach(sheet, box, down=down)
    protection.check(work.book, [_area(sheet, reach)])
    step = box.height if down else box.width
    size = last.bottom if down else last.right
    target = structure.axis(sheet, rows=down)
    if size + step > len(target):
        structure.insert(work.book, sheet, rows=down, at=len(target), count=size + step - len(target))
    _shift(sheet, _reach(sheet, box, down=down), step if down else 0, 0 if down else step)


def delete_range(work: Work, request: Json) -> None:
    sheet, box = work.open_area(request.get("range"))
    up = request.get("shiftDimension", "ROWS") == "ROWS"
    reach = _reach(sheet, box, down=up)
    protection.check(work.book, [_area(sheet, reach)])
    _shift(sheet, reach, -box.height if up else 0, 0 if up else -box.width)


def _reach(sheet: Sheet, box: Box, *, down: bool) -> Box:
    """From the box to the end of the grid, below it or to its right."""
    if down:
        return Box(top=box.top, bottom=len(sheet.rows), left=box.left, right=box.right)
    return Box(top=box.top, bottom=box.bottom, left=box.left, right=len(sheet.columns))


def _area(sheet: Sheet, box: Box) -> Area:
    return Area(sheet=sheet.id, top=box.top, bottom=box.bottom, left=box.left, right=box.right)


def _shift(sheet: Sheet, box: Box, rows: int, columns: int) -> None:
    """Move the cells of a box by so many rows and columns inside it; what comes from outside is empty."""
    old = {place: sheet.cell(*place) for place in places(box)}
    for row, column in old:
        new = old.get((row - rows, column - columns), Cell())
        if new != old[row, column]:
            sheet.put(row, column, new)
