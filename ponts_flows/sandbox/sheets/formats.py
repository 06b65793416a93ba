"""Formats of cells: Google's defaults, colours in both notations, what a cell shows in the end."""

from __future__ import annotations

import struct
from functools import lru_cache
from typing import Any

from ponts_flows.sandbox.sheets.a1 import Json

WHITE: Json = {"red": 1, "green": 1, "blue": 1}
_COLOURS = frozenset(
    {
        "backgroundColor", "foregroundColor", "color", "tabColor", "headerColor", "firstBandColor",
        "secondBandColor", "footerColor", "visibleBackgroundColor", "visibleForegroundColor",
    }
)  # fmt: skip


@lru_cache(maxsize=256)
def _shade(level: int) -> float | int:
    """A colour level of 0 to 255 as the API writes it: the shortest text of the 32-bit fraction."""
    if level in (0, 255):
        return level // 255
    exact = struct.unpack("f", struct.pack("f", level / 255))[0]
    for digits in range(6, 10):
        short = float(f"{exact:.{digits}g}")
        if struct.pack("f", short) == struct.pack("f", exact):
            return short
    return float(exact)


def colour(given: Json) -> Json:
    """A colour as it is kept: eight bits a component, those at zero left out."""
    levels = {name: int(float(given.get(name) or 0) * 255 + 1e-3) for name in ("red", "green", "blue")}
    return {name: _shade(max(0, min(255, level))) for name, level in levels.items() if level > 0}


THEME: dict[str, Json] = {
    "TEXT": {},
    "BACKGROUND": WHITE,
    "ACCENT1": colour({"red": 66 / 255, "green": 133 / 255, "blue": 244 / 255}),
    "ACCENT2": colour({"red": 234 / 255, "green": 67 / 255, "blue": 53 / 255}),
    "ACCENT3": colour({"red": 251 / 255, "green": 188 / 255, "blue": 4 / 255}),
    "ACCENT4": colour({"red": 52 / 255, "green": 168 / 255, "blue": 83 / 255}),
    "ACCENT5": colour({"red": 1, "green": 109 / 255, "blue": 1 / 255}),
    "ACCENT6": colour({"red": 70 / 255, "green": 189 / 255, "blue": 198 / 255}),
    "LINK": colour({"red": 17 / 255, "green": 85 / 255, "blue": 204 / 255}),
}
SPREADSHEET_THEME: Json = {
    "primaryFontFamily": "Arial",
    "themeColors": [{"colorType": name, "color": {"rgbColor": rgb}} for name, rgb in THEME.items()],
}


def _text_format(font: str) -> Json:
    return {
        "foregroundColor": {},
        "fontFamily": font,
        "fontSize": 10,
        "bold": False,
        "italic": False,
        "strikethrough": False,
        "underline": False,
        "foregroundColorStyle": {"rgbColor": {}},
    }


def _default(font: str) -> Json:
    return {
        "backgroundColor": WHITE,
        "padding": {"top": 2, "right": 3, "bottom": 2, "left": 3},
        "verticalAlignment": "BOTTOM",
        "wrapStrategy": "OVERFLOW_CELL",
        "textFormat": _text_format(font),
        "backgroundColorStyle": {"rgbColor": WHITE},
    }


DEFAULT = _default("arial,sans,sans-serif")
_EFFECTIVE = _default("Arial")


def with_both_colours(value: Any) -> Any:
    """A message with each colour both as RGB and as a style, as Google answers it."""
    if isinstance(value, list):
        return [with_both_colours(item) for item in value]
    if not isinstance(value, dict):
        return value
    result = {name: with_both_colours(part) for name, part in value.items()}
    for name in list(result):
        base = name.removesuffix("Style")
        if base != name and base in _COLOURS and isinstance(result[name], dict):
            style = result[name]
            if "themeColor" in style:
                result[base] = dict(THEME.get(style["themeColor"], {}))
            else:
                result[base] = colour(style.get("rgbColor", {}))
                result[name] = {"rgbColor": result[base]}
    for name in _COLOURS & result.keys():
        if f"{name}Style" not in value and isinstance(result[name], dict):
            result[name] = colour(result[name])
            result[f"{name}Style"] = {"rgbColor": result[name]}
    return result


def complete(given: Json) -> Json:
    """A CellFormat as it is kept: both notations of colours, borders complete, those set to NONE gone."""
    result: Json = with_both_colours(given)
    borders = {side: _border(border) for side, border in result.get("borders", {}).items()}
    if "borders" in result:
        result["borders"] = {side: border for side, border in borders.items() if border}
    return result


_WIDTHS = {"SOLID_MEDIUM": 2, "SOLID_THICK": 3, "DOUBLE": 3}


def _border(border: Json) -> Json:
    style = border.get("style", "STYLE_UNSPECIFIED")
    if style in ("NONE", "STYLE_UNSPECIFIED"):
        return {}
    plain: Json = {"color": {}, "colorStyle": {"rgbColor": {}}}
    return {**plain, **border, "width": _WIDTHS.get(style, 1)}


def mask_with_both_colours(tree: Json) -> Json:
    """A field mask that, where it names one notation of a colour, names the other too."""
    result = {name: mask_with_both_colours(below) for name, below in tree.items()}
    for name in list(result):
        if name in _COLOURS:
            result[f"{name}Style"] = {}
        elif name.removesuffix("Style") in _COLOURS:
            result[name.removesuffix("Style")] = {}
    return result


def laid_over(under: Json, over: Json) -> Json:
    """One format over another: what the upper leaves open comes from the lower."""
    result = dict(under)
    for name, part in over.items():
        below = result.get(name)
        deep = (
            isinstance(part, dict)
            and isinstance(below, dict)
            and name not in _COLOURS
            and not name.endswith("Style")
        )
        result[name] = laid_over(below, part) if deep else part  # type: ignore[arg-type]
    return result


def effective(entered: Json, value: object, *, link: bool = False) -> Json:
    """The format a cell ends up with: the default, alignment by kind of value, then what was set on it."""
    side = "CENTER" if isinstance(value, bool) else "RIGHT" if isinstance(value, float | int) else "LEFT"
    if value is not None and not isinstance(value, bool | float | int | str):
        side = "CENTER"
    base = {**_EFFECTIVE, "hyperlinkDisplayType": "LINKED" if link else "PLAIN_TEXT"}
    if value is not None:
        base["horizontalAlignment"] = side
    return laid_over(base, entered)
