"""What somebody types into a cell, read as Google Sheets does: numbers, dates, percentages, formulas."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from ponts_flows.sandbox.sheets import numbers
from ponts_flows.sandbox.sheets.a1 import Json
from ponts_flows.sandbox.sheets.grid import Formula, Value
from ponts_flows.sandbox.sheets.locales import Locale

_SYMBOLS = "$€£¥"
_SPACES = "\u0020\u00a0\u202f"
_TIME = re.compile(r"(\d{1,3}):(\d{2})(?::(\d{2})(?:[.,](\d{1,3}))?)?(?:\s*([AaPp])\.?[Mm]\.?)?")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_SHORT = re.compile(r"(\d{1,2})([-/.])(\d{1,2})(?:\2(\d{4}|\d{2}))?")
_NAMED = re.compile(
    r"(\d{1,2})(?:er)?[\s-]+([^\W\d]+\.?)[\s,-]+(\d{4})|([^\W\d]+\.?)[\s-]+(\d{1,2}),?[\s-]+(\d{4})"
)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What was understood: the value (None for an emptied cell) and the number format it brings, if any."""

    value: Value | None
    format: Json | None = None


def read(text: str, locale: Locale, *, plain_text: bool = False, today: datetime | None = None) -> Entry:
    """Read what was typed; `plain_text` is for a cell formatted as text, where all is text."""
    if text == "":
        return Entry(value=None)
    if text.startswith("'"):
        return Entry(value=text[1:])
    if plain_text:
        return Entry(value=text)
    if text.startswith("=") and len(text) > 1:
        return Entry(value=Formula(text))
    stripped = text.strip()
    upper = stripped.upper()
    if upper in ("TRUE", locale.true):
        return Entry(value=True)
    if upper in ("FALSE", locale.false):
        return Entry(value=False)
    return _number(stripped, locale) or _moment(stripped, locale, today) or Entry(value=text)


def _number(text: str, locale: Locale) -> Entry | None:
    if not any(c.isdigit() for c in text[:40]) or len(text) > 60:
        return None
    body, sign = text, 1.0
    if body.startswith("(") and body.endswith(")"):
        body, sign = body[1:-1], -1.0
    if body[:1] in "+-" and body:
        body, sign = body[1:].lstrip(), sign * (-1.0 if body[0] == "-" else 1.0)
    percent = body.endswith("%")
    body = body.removesuffix("%").rstrip() if percent else body
    symbol, body = _without_symbol(body, locale)
    digits = _read_digits(body, locale)
    if digits is None or (percent and symbol):
        return None
    number, grouped, places, scientific = digits
    if percent:
        return Entry(
            value=sign * number / 100, format={"type": "PERCENT", "pattern": "0.00%" if places else "0%"}
        )
    if symbol:
        return Entry(
            value=sign * number, format={"type": "CURRENCY", "pattern": _money(symbol, places, locale)}
        )
    if scientific:
        return Entry(value=sign * number, format={"type": "SCIENTIFIC", "pattern": "0.00E+00"})
    if grouped:
        return Entry(
            value=sign * number, format={"type": "NUMBER", "pattern": "#,##0.00" if places else "#,##0"}
        )
    return Entry(value=sign * number)


def _money(symbol: str, places: int, locale: Locale) -> str:
    digits = "#,##0.00" if places else "#,##0"
    return f'"{symbol}"{digits}' if locale.currency_first else f'{digits}\\ "{symbol}"'


def _without_symbol(text: str, locale: Locale) -> tuple[str, str]:
    if text[:1] in _SYMBOLS and text:
        return text[0], text[1:].lstrip(_SPACES)
    if text[-1:] in _SYMBOLS and text:
        return text[-1], text[:-1].rstrip(_SPACES)
    if len(locale.currency) > 1 and text.endswith(locale.currency):
        return locale.currency, text.removesuffix(locale.currency).rstrip(_SPACES)
    return "", text


def _read_digits(text: str, locale: Locale) -> tuple[float, bool, int, bool] | None:
    """The number, whether it had group separators, its decimal places, whether it was scientific."""
    groups = _SPACES if locale.group.isspace() else re.escape(locale.group)
    match = re.fullmatch(
        rf"(?P<whole>\d+|\d{{1,3}}(?:[{groups}]\d{{3}})+)?(?:{re.escape(locale.decimal)}(?P<part>\d*))?(?P<power>[eE][+-]?\d{{1,3}})?",
        text,
    )
    if match is None or not (match["whole"] or match["part"]):
        return None
    whole, part, power = match["whole"] or "", match["part"] or "", match["power"] or ""
    digits = re.sub(r"\D", "", whole)
    return float(f"{digits or '0'}.{part or '0'}{power}"), digits != whole, len(part), bool(power)


def _moment(text: str, locale: Locale, today: datetime | None) -> Entry | None:
    if len(text) > 40:
        return None
    time = _time(text, locale)
    if time is not None:
        return time
    head, tail = _last_space(text)
    date = _date(text, locale, today)
    if date is not None:
        return date
    date, time = _date(head, locale, today), _time(tail, locale)
    if date is None or time is None or not isinstance(date.value, float) or not isinstance(time.value, float):
        return None
    pattern = " ".join((entry.format or {})["pattern"] for entry in (date, time))
    return Entry(value=date.value + time.value, format={"type": "DATE_TIME", "pattern": pattern})


def _last_space(text: str) -> tuple[str, str]:
    match = re.match(r"(.*?\d)\s+(\d{1,2}:.*)", text)
    return (match[1], match[2]) if match else (text, "")


def _time(text: str, locale: Locale) -> Entry | None:
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    hours, minutes, seconds = int(match[1]), int(match[2]), int(match[3] or 0)
    if minutes > 59 or seconds > 59 or (match[5] and not 1 <= hours <= 12):
        return None
    if match[5]:
        hours = hours % 12 + (12 if match[5] in "Pp" else 0)
    thousandths = int((match[4] or "0").ljust(3, "0"))
    value = (hours * 3600 + minutes * 60 + seconds + thousandths / 1000) / 86400
    hour = "h" if match[5] or len(match[1]) == 1 else "hh"
    pattern = (
        hour
        + (":mm:ss" if match[3] else ":mm")
        + (".000" if match[4] else "")
        + (" am/pm" if match[5] else "")
    )
    if hours > 23:
        pattern = pattern.replace(hour, "[h]", 1)
    return Entry(value=float(value), format={"type": "TIME", "pattern": pattern})


def _date(text: str, locale: Locale, today: datetime | None) -> Entry | None:
    if match := _ISO.fullmatch(text):
        separator = text[4]
        return _day(int(match[1]), int(match[2]), int(match[3]), f"yyyy{separator}mm{separator}dd")
    if match := _SHORT.fullmatch(text):
        return _short(match, locale, today)
    if match := _NAMED.fullmatch(text):
        day, name, year = (match[1], match[2], match[3]) if match[1] else (match[5], match[4], match[6])
        month = _month(name, locale)
        pattern = "d mmmm yyyy" if match[1] else "mmmm d, yyyy"
        return None if month is None else _day(int(year), month, int(day), pattern)
    return None


def _short(match: re.Match[str], locale: Locale, today: datetime | None) -> Entry | None:
    one, other, separator = int(match[1]), int(match[3]), match[2]
    if separator == "." and (match[4] is None or locale.decimal == "."):
        return None
    day, month = (one, other) if locale.day_first else (other, one)
    if match[4] is None:
        if today is None:
            return None
        order = ("d", "m") if locale.day_first else ("m", "d")
        return _day(today.year, month, day, separator.join(order))
    year = int(match[4]) if len(match[4]) == 4 else 2000 + int(match[4]) - (100 if int(match[4]) > 49 else 0)
    return _day(
        year, month, day, locale.date if separator in locale.date else locale.date.replace("/", separator)
    )


def _month(name: str, locale: Locale) -> int | None:
    folded = name.casefold().rstrip(".")
    for names in (locale.months, locale.short_months):
        for number, known in enumerate(names, start=1):
            if known.casefold().rstrip(".") == folded:
                return number
    return None


def _day(year: int, month: int, day: int, pattern: str) -> Entry | None:
    try:
        moment = datetime(year, month, day)  # noqa: DTZ001 - a spreadsheet's days have no zone
    except ValueError:
        return None
    return Entry(value=numbers.serial(moment), format={"type": "DATE", "pattern": pattern})
