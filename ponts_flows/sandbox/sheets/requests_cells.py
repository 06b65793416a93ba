"""batchUpdate: what cells hold and how they look."""

from __future__ import annotations

import copy
from collections.abc import Callable

from ponts_flows.sandbox.errors import bad_request
from ponts_flows.sandbox.sheets import cells, formats, formula, protection
from ponts_flows.sandbox.sheets.a1 import Area, Box, Json
from ponts_flows.sandbox.sheets.grid import Cell, Formula, Sheet
from ponts_flows.sandbox.sheets.masks import mask
from ponts_flows.sandbox.sheets.work import Work, grown, places

_RULES_WITHOUT_VALUES = frozenset(
    {"BOOLEAN", "BLANK", "NOT_BLANK", "DATE_IS_VALID", "TEXT_IS_EMAIL", "TEXT_IS_URL"}
)


def update_cells(work: Work, request: Json) -> None:
    tree = mask(request.get("fields"), "CellData")
    rows = request.get("rows", [])
    if "range" in request:
        sheet, box = work.open_area(request["range"])
        for row, column in places(box):
            line = rows[row - box.top].get("values", []) if row - box.top < len(rows) else []
            data = line[column - box.left] if column - box.left < len(line) else {}
            cells.write(work.book, sheet, row, column, data, tree)
        return
    start = request.get("start", {})
    _write_rows(
        work,
        work.book.sheet(start.get("sheetId", 0)),
        start.get("rowIndex", 0),
        start.get("columnIndex", 0),
        rows,
        tree,
    )


def _write_rows(work: Work, sheet: Sheet, top: int, left: int, rows: list[Json], tree: Json) -> None:
    width = max((len(row.get("values", ())) for row in rows), default=0)
    if top + len(rows) > len(sheet.rows) or left + width > len(sheet.columns):
        wide = left + width > len(sheet.columns)
        line, at, last = (
            ("column", left + width, len(sheet.columns))
            if wide
            else ("row", top + len(rows), len(sheet.rows))
        )
        raise bad_request(
            f"Attempting to write {line}: {at - 1}, beyond the last requested {line} of: {last - 1}"
        )
    for offset, row in enumerate(rows):
        line = row.get("values", [])
        if line:
            area = Area(
                sheet=sheet.id, top=top + offset, bottom=top + offset + 1, left=left, right=left + len(line)
            )
            protection.check(work.book, [area])
        for column, data in enumerate(line, start=left):
            cells.write(work.book, sheet, top + offset, column, data, tree)


def append_cells(work: Work, request: Json) -> None:
    tree = mask(request.get("fields"), "CellData")
    sheet, rows = work.book.sheet(request.get("sheetId", 0)), request.get("rows", [])
    top = sheet.last_row()
    width = max((len(row.get("values", ())) for row in rows), default=0)
    grown(work, sheet, rows=top + len(rows), columns=width)
    _write_rows(work, sheet, top, 0, rows, tree)


def repeat_cell(work: Work, request: Json) -> None:
    tree = mask(request.get("fields"), "CellData")
    sheet, box = work.open_area(request.get("range"))
    data = request.get("cell", {})
    typed = data.get("userEnteredValue", {})
    if "userEnteredValue" in tree and "formulaValue" in typed:
        _repeat_formula(work, sheet, box, cells.from_extended(work.book, typed))
        tree = {name: below for name, below in tree.items() if name != "userEnteredValue"}
    if tree.keys() <= {"userEnteredFormat", "dataValidation"}:
        restyle(work, sheet, box, lambda style: cells.restyled(work.book, style, data, tree))
        return
    for row, column in places(box):
        cells.write(work.book, sheet, row, column, data, tree)


def _repeat_formula(work: Work, sheet: Sheet, box: Box, value: object) -> None:
    assert isinstance(value, Formula)
    for row, column in places(box):
        sheet.put_value(row, column, formula.moved(value, row - box.top, column - box.left))


def restyle(work: Work, sheet: Sheet, box: Box, change: Callable[[int], int]) -> None:
    """Change the styles of a box; each style met is worked out once."""
    known: dict[int, int] = {}
    keys = sheet.columns.keys[box.left : box.right]
    for row in range(box.top, box.bottom):
        found = sheet.row(row)
        for column, key in enumerate(keys, start=box.left):
            old = found.styles.get(key, 0) if found else 0
            if old not in known:
                known[old] = change(old)
            if known[old] != old:
                sheet.put_style(row, column, known[old])


def set_data_validation(work: Work, request: Json) -> None:
    sheet, box = work.open_area(request.get("range"))
    rule = request.get("rule")
    if rule is not None:
        check_rule(rule)
    if rule and rule["condition"]["type"] == "CUSTOM_FORMULA":
        for row, column in places(box):
            moved = copy.deepcopy(rule)
            for entry in moved["condition"].get("values", ()):
                text = Formula(entry.get("userEnteredValue", ""))
                entry["userEnteredValue"] = str(formula.moved(text, row - box.top, column - box.left))
            cells.write(work.book, sheet, row, column, {"dataValidation": moved}, {"dataValidation": {}})
        return
    data = {"dataValidation": rule} if rule else {}
    restyle(work, sheet, box, lambda style: cells.restyled(work.book, style, data, {"dataValidation": {}}))


def check_rule(rule: Json) -> None:
    """400 for a data validation rule that has no condition or too few values."""
    kind = rule.get("condition", {}).get("type", "CONDITION_TYPE_UNSPECIFIED")
    if kind == "CONDITION_TYPE_UNSPECIFIED":
        raise bad_request("rule.condition.type is required")
    if kind not in _RULES_WITHOUT_VALUES and not rule["condition"].get("values"):
        raise bad_request(f"BooleanCondition.values: condition of type {kind} requires at least one value")


def update_borders(work: Work, request: Json) -> None:
    sheet, box = work.open_area(request.get("range"))
    for row, column in places(box):
        sides = {
            "top": "top" if row == box.top else "innerHorizontal",
            "bottom": "bottom" if row == box.bottom - 1 else "innerHorizontal",
            "left": "left" if column == box.left else "innerVertical",
            "right": "right" if column == box.right - 1 else "innerVertical",
        }
        chosen = {side: request[name] for side, name in sides.items() if name in request}
        if chosen:
            data = {"userEnteredFormat": {"borders": chosen}}
            tree: Json = {"userEnteredFormat": {"borders": {side: {} for side in chosen}}}
            style = cells.restyled(work.book, sheet.style(row, column), data, tree)
            sheet.put_style(row, column, style)


def merge_cells(work: Work, request: Json) -> None:
    sheet, box = work.open_area(request.get("range"))
    wanted = list(_merged(sheet, box, request.get("mergeType", "MERGE_ALL")))
    whole = Area(sheet=sheet.id, top=box.top, bottom=box.bottom, left=box.left, right=box.right)
    for merge in sheet.attached["merges"]:
        if Area.of(merge).meets(whole) and not whole.covers(Area.of(merge)):
            raise bad_request("You must select all cells in a merged range to merge or unmerge them.")
    _check_frozen(sheet, wanted)
    kept = [merge for merge in sheet.attached["merges"] if not Area.of(merge).meets(whole)]
    sheet.attached["merges"] = kept + [area.json() for area in wanted]
    for area in wanted:
        _keep_first(sheet, sheet.box(area))


def _merged(sheet: Sheet, box: Box, kind: str) -> list[Area]:
    def area(top: int, bottom: int, left: int, right: int) -> Area:
        return Area(sheet=sheet.id, top=top, bottom=bottom, left=left, right=right)

    if kind == "MERGE_ROWS":
        found = [area(row, row + 1, box.left, box.right) for row in range(box.top, box.bottom)]
    elif kind == "MERGE_COLUMNS":
        found = [area(box.top, box.bottom, column, column + 1) for column in range(box.left, box.right)]
    else:
        found = [area(box.top, box.bottom, box.left, box.right)]
    return [a for a in found if (sheet.box(a).height, sheet.box(a).width) != (1, 1)]


def _check_frozen(sheet: Sheet, areas: list[Area]) -> None:
    grid = sheet.properties.get("gridProperties", {})
    rows, columns = grid.get("frozenRowCount", 0), grid.get("frozenColumnCount", 0)
    for area in areas:
        box = sheet.box(area)
        if box.top < rows < box.bottom:
            raise bad_request("You can't merge frozen and non-frozen rows.")
        if box.left < columns < box.right:
            raise bad_request("You can't merge frozen and non-frozen columns.")


def _keep_first(sheet: Sheet, box: Box) -> None:
    """A merged range shows one value: its first; the others are lost."""
    filled = list(sheet.filled(box))
    for row, column, _ in filled:
        if (row, column) != (box.top, box.left):
            sheet.put_value(row, column, None)
    if filled and sheet.value(box.top, box.left) is None:
        sheet.put_value(box.top, box.left, filled[0][2])


def unmerge_cells(work: Work, request: Json) -> None:
    sheet, box = work.open_area(request.get("range"))
    whole = Area(sheet=sheet.id, top=box.top, bottom=box.bottom, left=box.left, right=box.right)
    meeting = [merge for merge in sheet.attached["merges"] if Area.of(merge).meets(whole)]
    if any(not whole.covers(Area.of(merge)) for merge in meeting):
        raise bad_request("You must select all cells in a merged range to merge or unmerge them.")
    sheet.attached["merges"] = [merge for merge in sheet.attached["merges"] if merge not in meeting]


def trim_whitespace(work: Work, request: Json) -> Json:
    sheet, box = work.open_area(request.get("range"))
    changed = 0
    for row, column, value in list(sheet.filled(box)):
        if isinstance(value, str) and not isinstance(value, Formula):
            trimmed = " ".join(value.split())
            if trimmed != value:
                sheet.put_value(row, column, trimmed or None)
                changed += 1
    return {"cellsChangedCount": changed} if changed else {}


def pasted(work: Work, sheet: Sheet, row: int, column: int, source: Cell, kind: str) -> None:
    """Put a copied cell down, as a PasteType says."""
    book, style = work.book, work.book.styles[source.style]
    if kind == "PASTE_NORMAL":
        sheet.put(row, column, source)
        return
    if kind in ("PASTE_VALUES", "PASTE_FORMULA"):
        sheet.put_value(row, column, source.value)
        return
    new = formats.complete(style.get("format", {}))
    only_validation: Json = {"dataValidation": {}}
    only_format: Json = {"userEnteredFormat": {}}
    if kind == "PASTE_DATA_VALIDATION":
        data, tree = {"dataValidation": style.get("validation")}, only_validation
    else:
        data, tree = {"userEnteredFormat": new}, only_format
    if kind == "PASTE_NO_BORDERS":
        data = {"userEnteredFormat": {name: part for name, part in new.items() if name != "borders"}}
        sheet.put_value(row, column, source.value)
    if kind != "PASTE_CONDITIONAL_FORMATTING":
        sheet.put_style(row, column, cells.restyled(book, sheet.style(row, column), data, tree))
