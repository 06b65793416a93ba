"""Charts: what batchUpdate refuses in one, and the labels and numbers that it shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from ponts_flows.sandbox.errors import bad_request
from ponts_flows.sandbox.sheets.a1 import Area, Box, Json
from ponts_flows.sandbox.sheets.book import Book
from ponts_flows.sandbox.sheets.grid import Sheet
from ponts_flows.sandbox.sheets.reader import Reader

KINDS = frozenset(
    {
        "basicChart",
        "pieChart",
        "bubbleChart",
        "candlestickChart",
        "orgChart",
        "histogramChart",
        "waterfallChart",
        "treemapChart",
        "scorecardChart",
    }
)
"""The kinds of a ChartSpec, of which it has one."""
T = TypeVar("T")
_LINES = ("startRowIndex", "endRowIndex"), ("startColumnIndex", "endColumnIndex")


@dataclass(frozen=True, kw_only=True)
class Series:
    """A line, the bars of one colour, the slices of a pie; None where a cell holds no number."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart as it is seen. `kind` is Google's word: COLUMN, BAR, LINE, PIE, or the name of the spec."""

    id: int
    title: str
    subtitle: str
    alternative: str
    kind: str
    stacked: bool
    labels: tuple[str, ...]
    series: tuple[Series, ...]


def check_spec(book: Book, spec: Json) -> None:
    """400 for a chart of no kind or of two, without data, or whose data is not one row or column of a sheet."""
    kinds = KINDS & spec.keys()
    if len(kinds) != 1:
        raise bad_request("Chart must have exactly one chart type." if kinds else "No chart type specified.")
    basic = spec.get("basicChart")
    if basic is not None and basic.get("chartType", "BASIC_CHART_TYPE_UNSPECIFIED").endswith("UNSPECIFIED"):
        raise bad_request("basicChart.chartType must be specified.")
    if basic is not None and not basic.get("series"):
        raise bad_request("basicChart must have at least one series.")
    for source in _sources(spec[next(iter(kinds))]):
        _check_source(book, source)


def _sources(part: object) -> Iterator[Json]:
    """Every range that a chart reads, wherever in its spec."""
    if isinstance(part, dict):
        yield from part.get("sourceRange", {}).get("sources", ())
        for below in part.values():
            yield from _sources(below)
    elif isinstance(part, list):
        for below in part:
            yield from _sources(below)


def _check_source(book: Book, source: Json) -> None:
    box = book.sheet(source.get("sheetId", 0)).box(Area.of(source))
    for start, end in _LINES:
        if start in source and end in source and source[end] <= source[start]:
            raise bad_request(f"{end}[{source[end]}] must be after {start}[{source[start]}]")
    if box.width > 1 and box.height > 1:
        raise bad_request("Chart source ranges must have a width or a height of 1.")


def charts(book: Book, sheet: Sheet) -> list[Chart]:
    """The charts of a sheet, with what their cells hold now."""
    reader = Reader(book)
    return [_chart(reader, entry["chartId"], entry["spec"]) for entry in sheet.attached["charts"]]


def _chart(reader: Reader, id: int, spec: Json) -> Chart:
    [name] = KINDS & spec.keys()
    part = spec[name]
    kind, headers, domains, series = name, 0, [], []
    if name == "basicChart":
        kind, headers = part["chartType"], part.get("headerCount", 0)
        domains = [one.get("domain", {}) for one in part.get("domains", ())]
        series = [one.get("series", {}) for one in part["series"]]
    elif name == "pieChart":
        kind, domains, series = "PIE", [part.get("domain", {})], [part.get("series", {})]
    labels = [text for text, _ in _cells(reader, domains[0])][headers:] if domains else []
    return Chart(
        id=id,
        title=spec.get("title", ""),
        subtitle=spec.get("subtitle", ""),
        alternative=spec.get("altText", ""),
        kind=kind,
        stacked=part.get("stackedType", "NOT_STACKED") == "STACKED",
        labels=tuple(labels),
        series=tuple(_series(_cells(reader, one), headers) for one in series),
    )


def _series(cells: list[tuple[str, float | None]], headers: int) -> Series:
    name = " ".join(text for text, _ in cells[:headers])
    return Series(name=name, values=tuple(number for _, number in cells[headers:]))


def _cells(reader: Reader, data: Json) -> list[tuple[str, float | None]]:
    """What is written in the cells of a ChartData, and as a number."""
    found: list[tuple[str, float | None]] = []
    for source in data.get("sourceRange", {}).get("sources", ()):
        sheet = reader.book.sheet(source.get("sheetId", 0))
        box = sheet.box(Area.of(source))
        numbers = reader.rows(sheet, box, render="UNFORMATTED_VALUE", moments="SERIAL_NUMBER")
        texts = reader.texts(sheet, box)
        found += [
            (text, _number(value))
            for text, value in zip(_flat(texts), _flat(_whole(numbers, box)), strict=True)
        ]
    return found


def _whole(rows: list[list[object]], box: Box) -> list[list[object]]:
    return [row or [None] * box.width for row in rows]


def _flat(rows: list[list[T]]) -> list[T]:
    return [cell for row in rows for cell in row]


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
