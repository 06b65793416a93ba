"""The drawing of a chart, in SVG."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, cos, floor, log10, pi, sin

from markupsafe import Markup

from ponts_flows.sandbox.sheets.charts import Chart

INKS = ("#0b5a8a", "#b45309", "#2f6b3a", "#7a3e9d", "#8f1d15", "#46525d", "#8a6d00", "#b0307a")
"""The colours of series and slices, each dark enough to be read on white."""
TOP, RIGHT = 12, 16  # pixels kept free
LETTER = 6.2  # the width of one, about
Level = Callable[[float], float]


def at(values: tuple[float | None, ...], i: int) -> float | None:
    """The number of a series at a label, None when it has fewer."""
    return values[i] if i < len(values) else None


def shown(value: float | None) -> str:
    """A number as it is written: whole, or with one decimal."""
    if value is None:
        return ""
    return f"{value:.0f}" if value == int(value) else f"{value:.1f}".replace(".", ",")


def drawn(chart: Chart, width: int, height: int) -> Markup:
    """What goes in an SVG of a size: bars, columns, curves or slices, each with its number where there is room."""
    if chart.kind == "PIE":
        parts = _pie(chart, width, height)
    elif chart.kind == "BAR":
        parts = _bars(chart, width, height)
    else:
        parts = _upright(chart, width, height)
    return Markup().join(parts)


def _text(x: float, y: float, said: str, *, anchor: str = "start") -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(x, y, anchor, said)


def _box(x: float, y: float, width: float, height: float, ink: str) -> Markup:
    return Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" fill="{}"/>').format(
        x, y, max(width, 0), max(height, 0), ink
    )


def _disc(x: float, y: float, radius: float, ink: str) -> Markup:
    return Markup('<circle cx="{:.1f}" cy="{:.1f}" r="{:.1f}" fill="{}"/>').format(x, y, radius, ink)


def _line(x1: float, y1: float, x2: float, y2: float) -> Markup:
    return Markup('<path class="rule" d="M{:.1f} {:.1f}L{:.1f} {:.1f}"/>').format(x1, y1, x2, y2)


def _short(text: str, room: float) -> str:
    most = max(3, floor(room / LETTER))
    return text if len(text) <= most else text[: most - 1] + "…"


def _legend(names: list[str], y: float) -> list[Markup]:
    x, parts = 12.0, []
    for i, name in enumerate(names):
        parts += [_box(x, y - 10, 11, 11, INKS[i % len(INKS)]), _text(x + 16, y, name)]
        x += 34 + LETTER * len(name)
    return parts


def _scale(chart: Chart) -> tuple[float, float, float]:
    """The least and the most that the axis shows, and the step between its marks."""
    numbers = [[value or 0 for value in one.values] for one in chart.series]
    if chart.stacked:
        numbers = [[sum(column) for column in zip(*numbers, strict=False)]]
    flat = [value for one in numbers for value in one] or [0]
    low, high = min(0, *flat, 0), max(0, *flat, 0)
    span = (high - low) or 1
    rough = span / 5
    size = 10 ** floor(log10(rough))
    step = max(1, next(size * n for n in (1, 2, 5, 10) if size * n >= rough))
    return floor(low / step) * step, (ceil(high / step) or (low == 0)) * step, step


def _marks(low: float, high: float, step: float) -> list[float]:
    return [low + i * step for i in range(round((high - low) / step) + 1)]


def _upright(chart: Chart, width: int, height: int) -> list[Markup]:
    """Columns, lines and areas: labels along the bottom, numbers at the left."""
    low, high, step = _scale(chart)
    left, bottom = 44.0, height - 40.0
    tall, room = bottom - TOP, (width - left - RIGHT) / max(1, len(chart.labels))

    def level(value: float) -> float:
        return bottom - (value - low) / (high - low) * tall

    parts = []
    for mark in _marks(low, high, step):
        parts += [
            _line(left, level(mark), width - RIGHT, level(mark)),
            _text(left - 6, level(mark) + 4, shown(mark), anchor="end"),
        ]
    parts += [
        _text(left + room * (i + 0.5), bottom + 15, _short(label, room), anchor="middle")
        for i, label in enumerate(chart.labels)
    ]
    if chart.kind in ("COLUMN", "COMBO"):
        parts += _columns(chart, left, room, level)
    else:
        parts += _curves(chart, left, room, level)
    names = [one.name for one in chart.series]
    return parts + (_legend(names, height - 6) if len(names) > 1 else [])


def _columns(chart: Chart, left: float, room: float, level: Level) -> list[Markup]:
    parts = []
    each = 0.72 * room / (1 if chart.stacked else len(chart.series))
    for i in range(len(chart.labels)):
        under = 0.0
        for n, one in enumerate(chart.series):
            value = at(one.values, i)
            if value is None:
                continue
            x = left + room * (i + 0.14) + (0 if chart.stacked else each * n)
            foot, head = level(under), level(under + value)
            parts.append(_box(x, min(foot, head), each - 1, abs(foot - head), INKS[n % len(INKS)]))
            if not chart.stacked and value:
                parts.append(_text(x + each / 2, min(foot, head) - 3, shown(value), anchor="middle"))
            under += value if chart.stacked else 0
    return parts


def _curves(chart: Chart, left: float, room: float, level: Level) -> list[Markup]:
    parts = []
    for n, one in enumerate(chart.series):
        ink = INKS[n % len(INKS)]
        places = [(left + room * (i + 0.5), level(v)) for i, v in enumerate(one.values) if v is not None]
        path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places) if places else ""
        if places and "AREA" in chart.kind:
            closed = f"{path}L{places[-1][0]:.1f} {level(0):.1f}L{places[0][0]:.1f} {level(0):.1f}Z"
            parts.append(Markup('<path d="{}" fill="{}" fill-opacity=".25"/>').format(closed, ink))
        if places and chart.kind != "SCATTER":
            parts.append(Markup('<path d="{}" fill="none" stroke="{}" stroke-width="2"/>').format(path, ink))
        parts += [_disc(x, y, 3, ink) for x, y in places]
    return parts


def _bars(chart: Chart, width: int, height: int) -> list[Markup]:
    """Bars: labels at the left, each bar with its number."""
    low, high, _ = _scale(chart)
    longest = max((LETTER * len(label) for label in chart.labels), default=0)
    left = min(longest + 14, 0.45 * width)
    legend = 22 if len(chart.series) > 1 else 4
    room = (height - TOP - legend) / max(1, len(chart.labels))
    long = width - left - RIGHT - 30
    each = 0.76 * room / (1 if chart.stacked else max(1, len(chart.series)))

    def across(value: float) -> float:
        return left + (value - low) / (high - low) * long

    parts = [_line(across(0), TOP, across(0), height - legend)]
    for i, label in enumerate(chart.labels):
        y, total = TOP + room * (i + 0.12), 0.0
        parts.append(_text(left - 8, TOP + room * (i + 0.5) + 4, _short(label, left - 10), anchor="end"))
        for n, one in enumerate(chart.series):
            value = at(one.values, i) or 0
            start, end = across(total), across(total + value)
            parts.append(_box(min(start, end), y, abs(end - start), each - 1, INKS[n % len(INKS)]))
            if chart.stacked:
                total += value
            else:
                parts.append(_text(max(start, end) + 4, y + each / 2 + 4, shown(at(one.values, i))))
                y += each
        if chart.stacked:
            parts.append(_text(across(total) + 4, y + each / 2 + 4, shown(total)))
    return parts + (_legend([one.name for one in chart.series], height - 6) if legend > 4 else [])


def _pie(chart: Chart, width: int, height: int) -> list[Markup]:
    """A pie; beside it its slices, each with its number and its share."""
    values = [max(0.0, value or 0) for one in chart.series for value in one.values]
    total, radius = sum(values), min(height - 2 * TOP, width * 0.45) / 2
    x, y, turn, parts = radius + 14, TOP + radius, 0.0, []
    for n, value in enumerate(values):
        if value and value == total:
            parts.append(
                Markup('<circle cx="{:.1f}" cy="{:.1f}" r="{:.1f}" fill="{}"/>').format(
                    x, y, radius, INKS[n % len(INKS)]
                )
            )
        elif value:
            end = turn + value / total
            parts.append(_slice(x, y, radius, turn, end, INKS[n % len(INKS)]))
            turn = end
    for n, label in enumerate(chart.labels):
        value = at(tuple(values), n) or 0
        share = f" ({100 * value / total:.0f} %)" if total else ""
        down = TOP + 18 + 24 * n
        parts.append(_box(2 * radius + 34, down - 10, 11, 11, INKS[n % len(INKS)]))
        parts.append(
            _text(2 * radius + 51, down, f"{_short(label, width - 2 * radius - 130)} : {shown(value)}{share}")
        )
    return parts if total else [*parts, _text(14, TOP + 16, "Rien à montrer encore.")]


def _slice(x: float, y: float, radius: float, start: float, end: float, ink: str) -> Markup:
    (x1, y1), (x2, y2) = (
        (x + radius * sin(2 * pi * at), y - radius * cos(2 * pi * at)) for at in (start, end)
    )
    large = int(end - start > 0.5)
    way = f"M{x:.1f} {y:.1f}L{x1:.1f} {y1:.1f}A{radius:.1f} {radius:.1f} 0 {large} 1 {x2:.1f} {y2:.1f}Z"
    return Markup('<path class="slice" d="{}" fill="{}"/>').format(way, ink)
