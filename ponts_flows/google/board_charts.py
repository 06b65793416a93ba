"""The charts that a board lacks. One that is there is left as it is, wherever people moved it: a pure function."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from zlib import crc32

from ponts_flows.board.charts import CHARTS, ChartPlan, places
from ponts_flows.board.layout import DASHBOARD, FIGURES, FIRST_ROW
from ponts_flows.google.board_reading import sheet_id
from ponts_flows.google.board_requests import Json

WIDTH, HEIGHT = 580, 350
_COLUMNS = 2
_ROWS_APART = 18  # of 21 pixels: charts do not cover one another
_COLOURS = ("#0b5a8a", "#b45309")


def chart_id(chart: ChartPlan) -> int:
    """The identifier of a chart: chosen by us, for ever."""
    return crc32(f"ponts/chart/{chart.key}".encode()) & 0x7FFFFFFF


def chart_requests(
    there: Collection[int], *, column: int, figures: Mapping[str, int]
) -> Iterator[tuple[str, list[Json]]]:
    """For each chart lacking a sentence in French and its request.

    `there` are the charts that exist, `column` is where charts lie, `figures` are the columns of Chiffres.
    """
    rows = dict(places(FIRST_ROW - 1))
    for number, chart in enumerate(CHARTS):
        if chart_id(chart) not in there:
            made = {
                "chartId": chart_id(chart),
                "spec": _spec(chart, rows[chart.rows[0]], figures),
                "position": {"overlayPosition": _place(number, column)},
            }
            yield f"graphique « {chart.title_fr} »", [{"addChart": {"chart": made}}]


def _place(number: int, column: int) -> Json:
    across, down = number % _COLUMNS, number // _COLUMNS
    corner = {
        "sheetId": sheet_id(DASHBOARD),
        "rowIndex": FIRST_ROW - 1 + _ROWS_APART * down,
        "columnIndex": column,
    }
    return {
        "anchorCell": corner,
        "offsetXPixels": 8 + across * (WIDTH + 10),
        "offsetYPixels": 6,
        "widthPixels": WIDTH,
        "heightPixels": HEIGHT,
    }


def _spec(chart: ChartPlan, first: int, columns: Mapping[str, int]) -> Json:
    end = first + len(chart.rows)

    def cells(key: str, start: int = first) -> Json:
        where = {
            "sheetId": sheet_id(FIGURES),
            "startRowIndex": start,
            "endRowIndex": end,
            "startColumnIndex": columns[key],
            "endColumnIndex": columns[key] + 1,
        }
        return {"sourceRange": {"sources": [where]}}

    said = {
        "title": chart.title_fr,
        "subtitle": chart.subtitle_fr,
        "altText": f"{chart.title_fr}. {chart.subtitle_fr}",
    }
    said["hiddenDimensionStrategy"] = "SHOW_ALL"
    if chart.kind == "PIE":
        # A pie has no row of headings.
        slices = {"domain": cells("label", first + 1), "series": cells("first", first + 1)}
        return {**said, "pieChart": {"legendPosition": "LABELED_LEGEND", **slices}}
    series = [
        _series(cells(key), colour, chart.kind)
        for key, colour, _ in zip(("first", "second"), _COLOURS, chart.series, strict=False)
    ]
    basic: Json = {
        "chartType": chart.kind,
        "legendPosition": "BOTTOM_LEGEND" if len(series) > 1 else "NO_LEGEND",
        "headerCount": 1,
        "domains": [{"domain": cells("label")}],
        "series": series,
    }
    return {**said, "basicChart": basic}


def _series(cells: Json, colour: str, kind: str) -> Json:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return {
        "series": cells,
        # The numbers of bars run along the other axis.
        "targetAxis": "BOTTOM_AXIS" if kind == "BAR" else "LEFT_AXIS",
        "colorStyle": {"rgbColor": {"red": red, "green": green, "blue": blue}},
        "dataLabel": {"type": "DATA"},
    }
