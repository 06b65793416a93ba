"""A sheet's charts as figures: a drawing, the same in words for who doesn't see it, its numbers in a table."""

from __future__ import annotations

from markupsafe import Markup

from ponts_flows.sandbox.sheets.a1 import Json
from ponts_flows.sandbox.sheets.book import Book
from ponts_flows.sandbox.sheets.chart_drawing import at, drawn, shown
from ponts_flows.sandbox.sheets.charts import Chart, charts
from ponts_flows.sandbox.sheets.grid import Sheet

NAMES = {
    "COLUMN": "Colonnes",
    "BAR": "Barres",
    "LINE": "Courbe",
    "AREA": "Aires",
    "STEPPED_AREA": "Aires",
    "COMBO": "Colonnes",
    "SCATTER": "Points",
    "PIE": "Secteurs",
}
"""The kinds that are drawn; of any other the table alone is shown."""


def figures(book: Book, sheet: Sheet) -> list[Markup]:
    """The charts of a sheet, where they lie told in `data-` attributes."""
    places = [entry["position"]["overlayPosition"] for entry in sheet.attached["charts"]]
    return [_figure(chart, place) for chart, place in zip(charts(book, sheet), places, strict=True)]


def _figure(chart: Chart, place: Json) -> Markup:
    width, height = place["widthPixels"], place["heightPixels"]
    anchor = place.get("anchorCell", {})
    head = 46 if chart.subtitle else 28
    drawing = _drawing(chart, width - 18, height - head - 34) if chart.kind in NAMES else Markup()
    return Markup(
        '<figure class="chart" aria-labelledby="chart-{id}" data-row="{row}" data-column="{column}" data-x="{x}" '
        'data-y="{y}" style="width:{width}px;min-height:{height}px"><figcaption id="chart-{id}">{title}'
        "{subtitle}</figcaption>{drawing}{table}</figure>"
    ).format(
        id=chart.id,
        row=anchor.get("rowIndex", 0) + 1,
        column=anchor.get("columnIndex", 0),
        x=place.get("offsetXPixels", 0),
        y=place.get("offsetYPixels", 0),
        width=width,
        height=height,
        title=chart.title or "Graphique",
        subtitle=Markup("<small>{}</small>").format(chart.subtitle) if chart.subtitle else "",
        drawing=drawing,
        table=_table(chart),
    )


def _table(chart: Chart) -> Markup:
    """The numbers, for whoever opens them; open already where nothing is drawn."""
    names = Markup().join(
        Markup('<th scope="col">{}</th>').format(one.name or "Valeur") for one in chart.series
    )
    rows = Markup().join(
        Markup('<tr><th scope="row">{}</th>{}</tr>').format(
            label,
            Markup().join(Markup("<td>{}</td>").format(shown(at(one.values, i))) for one in chart.series),
        )
        for i, label in enumerate(chart.labels)
    )
    shut = Markup("") if chart.kind in NAMES else Markup(" open")
    return Markup(
        "<details{}><summary>Les chiffres</summary><table><thead><tr><td></td>{}</tr></thead>"
        "<tbody>{}</tbody></table></details>"
    ).format(shut, names, rows)


def described(chart: Chart) -> str:
    """A chart in words: its alternative text if it was given one, and all that it shows."""
    said = []
    for one in chart.series:
        numbers = ", ".join(
            f"{label} : {shown(at(one.values, i)) or 'rien'}" for i, label in enumerate(chart.labels)
        )
        said.append(f"{one.name} – {numbers}" if one.name else numbers)
    start = chart.alternative or f"{NAMES[chart.kind]}, {chart.title}"
    return f"{start}. {' ; '.join(said)}."


def _drawing(chart: Chart, width: int, height: int) -> Markup:
    return Markup(
        '<svg role="img" viewBox="0 0 {w} {h}" width="{w}" height="{h}" aria-label="{said}">{inner}</svg>'
    ).format(w=width, h=height, said=described(chart), inner=drawn(chart, width, height))
