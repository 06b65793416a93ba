"""batchUpdate: find and replace, split, paste and fill."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from ponts_flows.sandbox.errors import bad_request
from ponts_flows.sandbox.sheets import cells, formula, protection, structure
from ponts_flows.sandbox.sheets.a1 import Area, Box, Json
from ponts_flows.sandbox.sheets.grid import Cell, Formula, Sheet
from ponts_flows.sandbox.sheets.work import Work, grown


def find_replace(work: Work, request: Json) -> Json:
    if not request.get("find"):
        raise bad_request("find cannot be empty")
    scopes = _scopes(work, request)
    pattern = _pattern(request)
    counts = {
        "valuesChanged": 0,
        "formulasChanged": 0,
        "rowsChanged": 0,
        "sheetsChanged": 0,
        "occurrencesChanged": 0,
    }
    for sheet, box in scopes:
        rows = set()
        for row, column, value in list(sheet.filled(box)):
            occurrences = _replace(work, sheet, row, column, value, pattern, request)
            if occurrences:
                rows.add(row)
                counts["occurrencesChanged"] += occurrences
                counts["formulasChanged" if isinstance(value, Formula) else "valuesChanged"] += 1
        counts["rowsChanged"] += len(rows)
        counts["sheetsChanged"] += bool(rows)
    return {name: count for name, count in counts.items() if count}


def _scopes(work: Work, request: Json) -> list[tuple[Sheet, Box]]:
    if "range" in request:
        return [work.open_area(request["range"])]
    sheets = work.book.sheets if request.get("allSheets") else [work.book.sheet(request.get("sheetId", 0))]
    return [(sheet, sheet.box(Area(sheet=sheet.id))) for sheet in sheets]


def _pattern(request: Json) -> re.Pattern[str]:
    text = request["find"] if request.get("searchByRegex") else re.escape(request["find"])
    try:
        return re.compile(text, 0 if request.get("matchCase") else re.IGNORECASE)
    except re.error:
        raise bad_request(f"Invalid regular expression: {request['find']}") from None


def _replace(
    work: Work, sheet: Sheet, row: int, column: int, value: object, pattern: re.Pattern[str], request: Json
) -> int:
    """Replace inside one cell; how many occurrences were replaced."""
    if isinstance(value, Formula):
        if not request.get("includeFormulas"):
            return 0
        text = str(value)
    else:
        text = str(work.reader().formatted(sheet, row, column, value))  # type: ignore[arg-type]
    if request.get("matchEntireCell") and not pattern.fullmatch(text):
        return 0
    replacement = (
        re.sub(r"\$(\d)", r"\\\1", request.get("replacement", "")) if request.get("searchByRegex") else None
    )
    plain = request.get("replacement", "")
    new, count = pattern.subn(replacement if replacement is not None else lambda _: plain, text)
    if not count:
        return 0
    protection.check(
        work.book, [Area(sheet=sheet.id, top=row, bottom=row + 1, left=column, right=column + 1)]
    )
    if isinstance(value, Formula):
        sheet.put_value(row, column, Formula(new))
    else:
        cells.type_in(work.book, sheet, row, column, new)
    return count


_DELIMITERS = {"COMMA": ",", "SEMICOLON": ";", "PERIOD": ".", "SPACE": " "}


def text_to_columns(work: Work, request: Json) -> None:
    sheet, box = work.open_area(request.get("source"))
    if box.width != 1:
        raise bad_request("The source range must span exactly one column.")
    kind = request.get("delimiterType", "AUTODETECT")
    lines = {row: str(value) for row, _, value in sheet.filled(box) if isinstance(value, str)}
    delimiter = request.get("delimiter", "") if kind == "CUSTOM" else _DELIMITERS.get(kind)
    if delimiter is None:
        joined = "\n".join(lines.values())
        delimiter = max(",;\t| ", key=lambda mark: (joined.count(mark) > 0, -",;\t| ".index(mark)))
    parts = {row: text.split(delimiter) for row, text in lines.items()}
    width = max((len(part) for part in parts.values()), default=1)
    grown(work, sheet, rows=0, columns=box.left + width)
    whole = Area(sheet=sheet.id, top=box.top, bottom=box.bottom, left=box.left, right=box.left + width)
    protection.check(work.book, [whole])
    for row, part in parts.items():
        for column, text in enumerate(part, start=box.left):
            cells.type_in(work.book, sheet, row, column, text.strip())


def paste_data(work: Work, request: Json) -> None:
    to = request.get("coordinate", {})
    sheet = work.book.sheet(to.get("sheetId", 0))
    top, left = to.get("rowIndex", 0), to.get("columnIndex", 0)
    if request.get("html"):
        raise bad_request("The sandbox does not paste HTML.")
    delimiter = request.get("delimiter", "\t")
    lines = (
        list(csv.reader(io.StringIO(request.get("data", "")), delimiter=delimiter))
        if len(delimiter) == 1
        else []
    )
    width = max((len(line) for line in lines), default=0)
    grown(work, sheet, rows=top + len(lines), columns=left + width)
    protection.check(
        work.book, [Area(sheet=sheet.id, top=top, bottom=top + len(lines), left=left, right=left + width)]
    )
    for row, line in enumerate(lines, start=top):
        for column, text in enumerate(line, start=left):
            cells.type_in(work.book, sheet, row, column, text)


def auto_fill(work: Work, request: Json) -> None:
    if "sourceAndDestination" in request:
        asked = request["sourceAndDestination"]
        sheet, source = work.open_area(asked.get("source"))
        rows, length = asked.get("dimension", "ROWS") == "ROWS", asked.get("fillLength", 0)
    else:
        sheet, whole = work.open_area(request.get("range"))
        filled = list(sheet.filled(whole))
        if not filled:
            return
        last = max(row for row, _, _ in filled) + 1
        source = Box(top=whole.top, bottom=last, left=whole.left, right=whole.right)
        rows, length = True, whole.bottom - last
    _fill(work, sheet, source, rows=rows, length=length)


def _fill(work: Work, sheet: Sheet, source: Box, *, rows: bool, length: int) -> None:
    """Continue each line of the source: a series of numbers by its step, anything else repeated."""
    size = source.height if rows else source.width
    axis = structure.axis(sheet, rows=rows)
    first = (
        (source.bottom if rows else source.right)
        if length > 0
        else (source.top if rows else source.left) + length
    )
    if first < 0 or first + abs(length) > len(axis):
        raise bad_request("The destination of the fill is outside the grid.")
    targets = range(first, first + abs(length))
    for line in range(source.left, source.right) if rows else range(source.top, source.bottom):
        start = source.top if rows else source.left
        known = [sheet.cell(*((start + i, line) if rows else (line, start + i))) for i in range(size)]
        numbers = [cell.value for cell in known]
        for target in targets:
            offset = target - start
            cell = known[offset % size]
            value = _continued(numbers, offset, cell.value)
            if isinstance(value, Formula):
                shift = offset - offset % size
                value = formula.moved(value, shift if rows else 0, 0 if rows else shift)
            place = (target, line) if rows else (line, target)
            protection.check(
                work.book,
                [Area(sheet=sheet.id, top=place[0], bottom=place[0] + 1, left=place[1], right=place[1] + 1)],
            )
            sheet.put(*place, Cell(value=value, style=cell.style))


def _continued(
    numbers: Sequence[object], offset: int, otherwise: object
) -> float | str | bool | Formula | None:
    if len(numbers) > 1 and all(isinstance(n, float) for n in numbers):
        series = [n for n in numbers if isinstance(n, float)]
        step = (series[-1] - series[0]) / (len(series) - 1)
        return series[0] + step * offset
    assert otherwise is None or isinstance(otherwise, float | str | bool)
    return otherwise
