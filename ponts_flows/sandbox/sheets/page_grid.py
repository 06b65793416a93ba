"""The cells of a sheet as HTML: rows of a table, the styles they use, the lists of their dropdowns."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup, escape

from ponts_flows.sandbox.sheets.a1 import Box, cell_name
from ponts_flows.sandbox.sheets.book import Book
from ponts_flows.sandbox.sheets.grid import Sheet
from ponts_flows.sandbox.sheets.person import Kind, Shown, shown_rows

Json = dict[str, Any]
_ALIGNED = {"LEFT": "left", "CENTER": "center", "RIGHT": "right"}
_PLACED = {"TOP": "top", "MIDDLE": "middle", "BOTTOM": "bottom"}
_LINES = {"DASHED": "dashed", "DOTTED": "dotted", "DOUBLE": "double"}


@dataclass(kw_only=True)
class Drawing:
    """What rows drawn so far share: a CSS class per format, and each dropdown's list once."""

    styles: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    _style_names: dict[str, str] = field(default_factory=dict)
    _list_names: dict[tuple[str, ...], str] = field(default_factory=dict)

    def style(self, format: Json) -> str:
        """The class of a format, or nothing for the plain one."""
        known = str(format)
        if known not in self._style_names:
            rules = css(format)
            self._style_names[known] = self.styles.setdefault(rules, _name("f", rules)) if rules else ""
        return self._style_names[known]

    def list(self, choices: tuple[str, ...]) -> str:
        """The name of a list of choices."""
        name = self._list_names.get(choices)
        if name is None:
            name = self._list_names[choices] = _name("l", "\0".join(choices))
            self.lists[name] = [*choices]
        return name

    @property
    def css(self) -> str:
        """The style sheet of the classes."""
        return "\n".join(f"table.sheet td.{name}{{{rules}}}" for rules, name in self.styles.items())


def _name(start: str, text: str) -> str:
    """A short name that depends on a text only: what is drawn later joins what is on the page."""
    return start + hashlib.blake2s(text.encode(), digest_size=6).hexdigest()


def css(format: Json) -> str:
    """The CSS of a CellFormat, without what is plain."""
    text = format.get("textFormat", {})
    background, ink = _colour(format, "backgroundColor"), _colour(text, "foregroundColor")
    lines = [
        name for name, key in (("underline", "underline"), ("line-through", "strikethrough")) if text.get(key)
    ]
    size = text.get("fontSize", 10)
    found = {
        "background-color": background if background != "#ffffff" else "",
        "color": ink if ink != "#000000" else "",
        "font-weight": "bold" if text.get("bold") else "",
        "font-style": "italic" if text.get("italic") else "",
        "text-decoration": " ".join(lines),
        "font-size": f"{size}pt" if size != 10 else "",
        "text-align": _ALIGNED.get(format.get("horizontalAlignment", ""), ""),
        "vertical-align": _PLACED.get(format.get("verticalAlignment", "BOTTOM"), "bottom"),
        "white-space": "pre-wrap" if format.get("wrapStrategy") == "WRAP" else "",
    }
    found["vertical-align"] = "" if found["vertical-align"] == "bottom" else found["vertical-align"]
    for side, border in format.get("borders", {}).items():
        line = _LINES.get(border.get("style", ""), "solid")
        found[f"border-{side}"] = f"{border.get('width', 1)}px {line} {_colour(border, 'color') or '#000000'}"
    return ";".join(f"{name}:{value}" for name, value in found.items() if value)


def _colour(holder: Json, name: str) -> str:
    colour = holder.get(f"{name}Style", {}).get("rgbColor", holder.get(name))
    if colour is None:
        return ""
    return "#" + "".join(f"{round(255 * colour.get(part, 0)):02x}" for part in ("red", "green", "blue"))


def draw_rows(
    book: Book, sheet: Sheet, rows: Sequence[int], columns: Sequence[int], *, email: str, drawing: Drawing
) -> list[Markup]:
    """One `<tr>` per row, for the columns given, both in their order."""
    if not rows or not columns:
        return []
    spans, covered = _merges(sheet, rows, columns)
    left = min(columns)
    box = Box(top=0, bottom=len(sheet.rows), left=left, right=max(columns) + 1)
    return [
        _row(sheet, row, columns, cells, left, drawing, spans, covered)
        for row, cells in zip(rows, shown_rows(book, sheet, rows, box, email), strict=True)
    ]


Cells = dict[tuple[int, int], tuple[int, int]]


def _merges(sheet: Sheet, rows: Sequence[int], columns: Sequence[int]) -> tuple[Cells, set[tuple[int, int]]]:
    """The merged cells among those shown: how far each reaches, and which cells it covers."""
    spans: Cells = {}
    covered: set[tuple[int, int]] = set()
    shown_rows, shown_columns = set(rows), set(columns)
    in_order = list(rows) == sorted(rows)
    for merge in sheet.attached["merges"] if in_order else ():
        down = [r for r in range(merge.get("startRowIndex", 0), merge["endRowIndex"]) if r in shown_rows]
        across = [
            c for c in range(merge.get("startColumnIndex", 0), merge["endColumnIndex"]) if c in shown_columns
        ]
        if down and across:
            spans[down[0], across[0]] = (len(down), len(across))
            covered |= {(row, column) for row in down for column in across} - {(down[0], across[0])}
    return spans, covered


def _row(
    sheet: Sheet,
    row: int,
    columns: Sequence[int],
    cells: Sequence[Shown],
    left: int,
    drawing: Drawing,
    spans: Cells,
    covered: set[tuple[int, int]],
) -> Markup:
    height = sheet.rows.properties.get(sheet.rows.keys[row], {}).get("pixelSize", 21)
    size = f' style="height:{int(height)}px"' if height != 21 else ""
    parts = [f'<tr data-r="{row + 1}"{size}><th scope="row">{row + 1}</th>']
    for i, column in enumerate(columns):
        if (row, column) in covered:
            continue
        following = cells[columns[i + 1] - left] if i + 1 < len(columns) else None
        free = following is not None and not following.text and following.checked is None
        span, most = spans.get((row, column)), int(height) if size else 0
        parts.append(_cell(row, column, cells[column - left], span, drawing, free=free, most=most))
    parts.append("</tr>")
    return Markup("".join(parts))  # noqa: S704 - every text in it went through escape


def _cell(
    row: int,
    column: int,
    shown: Shown,
    span: tuple[int, int] | None,
    drawing: Drawing,
    *,
    free: bool,
    most: int,
) -> str:
    """`most`: the height that somebody gave the row, in pixels; what is longer is cut. 0: as high as what is in it."""
    classes = [drawing.style(shown.format)]
    attributes = [f' data-c="{column}"']
    if shown.kind in (Kind.NUMBER, Kind.BOOLEAN) and "horizontalAlignment" not in shown.format:
        classes.append("number")
    if shown.kind is Kind.ERROR:
        classes.append("failed")
    if free and shown.text and shown.format.get("wrapStrategy", "OVERFLOW_CELL") == "OVERFLOW_CELL":
        classes.append("over")
    if not shown.editable:
        classes.append("locked")
        attributes.append(' aria-readonly="true"')
    if shown.note:
        classes.append("noted")
        attributes.append(f' title="{escape(shown.note)}" data-note="{escape(shown.note)}"')
    if shown.entered != shown.text:
        attributes.append(f' data-e="{escape(shown.entered)}"')
    if shown.choices:
        classes.append("drop")
        attributes.append(
            f' data-l="{drawing.list(shown.choices)}"' + (' data-strict="1"' if shown.strict else "")
        )
    if shown.help:
        attributes.append(f' data-help="{escape(shown.help)}"')
    if span:
        attributes.append(f' rowspan="{span[0]}" colspan="{span[1]}"')
    name = " ".join(name for name in classes if name)
    chosen = f' class="{name}"' if name else ""
    content = _content(row, column, shown)
    if most and shown.text and "over" not in classes and shown.checked is None:
        content = f'<div class="cut" style="max-height:{most - 4}px">{content}</div>'
    return f'<td tabindex="-1"{chosen}{"".join(attributes)}>{content}</td>'


def _content(row: int, column: int, shown: Shown) -> str:
    if shown.checked is not None:
        state = (" checked" if shown.checked else "") + ("" if shown.editable else " disabled")
        return f'<input type="checkbox" tabindex="-1" aria-label="{cell_name(row, column)}"{state}>'
    if shown.link:
        target = f'href="{escape(shown.link)}" target="_blank" rel="noreferrer" tabindex="-1"'
        return f"<a {target}>{escape(shown.text)}</a>"
    return str(escape(shown.text))
