"""A number as it is shown: the pattern language of number formats, and serial dates."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

from ponts_flows.sandbox.sheets.locales import Locale

EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's days have no zone
FIRST_DAY, AFTER_LAST_DAY = -693_592, 2_958_466


def serial(moment: datetime) -> float:
    """The serial number of a date and time (without zone): days since 1899-12-30."""
    delta = moment.replace(tzinfo=None) - EPOCH
    return delta.days + delta.seconds / 86400 + delta.microseconds / 86_400_000_000


def moment(number: float) -> datetime:
    """The date and time of a serial number, to the millisecond."""
    return EPOCH + timedelta(milliseconds=round(number * 86_400_000))


def plain(number: float, locale: Locale) -> str:
    """A number without any format: up to ten significant digits."""
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    text = f"{number:.10g}"
    if "e" in text:
        mantissa, _, exponent = text.partition("e")
        if 1e-5 <= abs(number) < 1e15:
            text = f"{number:.15f}".rstrip("0").rstrip(".") if abs(number) < 1 else f"{number:.0f}"
        else:
            text = f"{mantissa}E{int(exponent):+03d}"
    return text.replace(".", locale.decimal)


class Token(NamedTuple):
    """A piece of a pattern: a kind and its text."""

    kind: str
    text: str


_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_(?P<padding>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<meridiem>am/pm|a/p)|(?P<exponent>[eE][+-]0+)|(?P<date>y+|m+|d+|h+|s+)(?P<fraction>\.0+)?"
    r"|(?P<digits>[0#?][0#?,]*(?:\.[0#?]*)?|\.[0#?]+)|(?P<percent>%)|(?P<text>@)|(?P<section>;)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)


@lru_cache(maxsize=2000)
def sections(pattern: str) -> tuple[tuple[Token, ...], ...]:
    """The sections of a pattern (positive; negative; zero; text), each cut into tokens."""
    found: list[list[Token]] = [[]]
    for match in _TOKEN.finditer(pattern):
        kind = next(name for name, text in match.groupdict().items() if text is not None)
        text = match[kind]
        if kind == "section":
            found.append([])
        elif kind in ("quoted", "escaped", "other"):
            found[-1].append(Token("literal", text))
        elif kind == "padding":
            found[-1].append(Token("literal", " "))
        elif kind == "date" and text.lower().startswith("s") and match["fraction"]:
            found[-1] += [Token("date", text), Token("milliseconds", match["fraction"])]
        elif kind == "bracket" and re.fullmatch(r"[hms]+", text, re.IGNORECASE):
            found[-1].append(Token("elapsed", text.lower()))
        elif kind not in ("bracket", "fill"):
            found[-1].append(Token(kind, text))
    return tuple(tuple(section) for section in found)


def shown(number: float, pattern: str, locale: Locale) -> str:
    """A number through a pattern such as `#,##0.00`, `0%` or `dd/mm/yyyy`, in the locale's words."""
    parts = sections(pattern)
    section = parts[0]
    if number < 0 and len(parts) > 1:
        section, number = parts[1], -number
    elif number == 0 and len(parts) > 2:
        section = parts[2]
    kinds = {token.kind for token in section}
    if kinds & {"date", "elapsed", "meridiem"}:
        if not FIRST_DAY <= number < AFTER_LAST_DAY:
            return plain(number, locale)
        return _date(number, section, locale)
    if "text" in kinds:
        return "".join(plain(number, locale) if t.kind == "text" else t.text for t in section)
    if "digits" not in kinds:
        sign = "-" if number < 0 else ""
        return sign + "".join(t.text for t in section) if section else plain(number, locale)
    return _decimal(number, section, locale)


def text_shown(text: str, pattern: str) -> str:
    """A text through the text section of a pattern, if it has one."""
    parts = sections(pattern)
    section = parts[3] if len(parts) > 3 else parts[0] if any(t.kind == "text" for t in parts[0]) else ()
    return "".join(text if t.kind == "text" else t.text for t in section) if section else text


def _decimal(number: float, section: tuple[Token, ...], locale: Locale) -> str:
    if any(token.kind == "percent" for token in section):
        number = number * 100
    exponent = next((token for token in section if token.kind == "exponent"), None)
    power = 0
    if exponent and number:
        power = int(f"{number:e}".partition("e")[2])
        number = number / 10**power
    first = next(i for i, token in enumerate(section) if token.kind == "digits")
    out = "-" if number < 0 else ""
    for index, token in enumerate(section):
        if index == first:
            out += _digits(abs(number), token.text, locale)
        elif token.kind == "exponent":
            width = len(token.text) - 2
            out += f"E{'-' if power < 0 else '+' if '+' in token.text else ''}{abs(power):0{width}d}"
        elif token.kind != "digits":
            out += token.text
    return out


def _digits(number: float, pattern: str, locale: Locale) -> str:
    whole, _, fraction = pattern.partition(".")
    while whole.endswith(","):
        whole, number = whole[:-1], number / 1000
    places, required = len(fraction), len(fraction.rstrip("#?"))
    text = f"{Decimal(repr(float(number))).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}"
    integer, _, decimals = text.partition(".")
    while len(decimals) > required and decimals.endswith("0"):
        decimals = decimals[:-1]
    least = len([c for c in whole if c == "0"])
    integer = integer.lstrip("0").rjust(least, "0")
    if "," in whole:
        integer = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", lambda _: locale.group, integer)
    return integer + (locale.decimal + decimals if decimals or (fraction == "" and "." in pattern) else "")


def _date(number: float, section: tuple[Token, ...], locale: Locale) -> str:
    when = moment(number)
    if not any(token.kind == "milliseconds" for token in section):
        when = EPOCH + timedelta(seconds=round(number * 86400))
    twelve = any(token.kind == "meridiem" for token in section)
    out, previous = "", ""
    for index, token in enumerate(section):
        text = token.text.lower()
        if token.kind == "date":
            minutes = (
                text[0] == "m" and len(text) < 3 and (previous == "h" or _next_is_seconds(section, index))
            )
            out += _field("n" * len(text) if minutes else text, when, locale, twelve=twelve)
            previous = text[0]
        elif token.kind == "elapsed":
            seconds = round(number * 86400)
            amount = seconds // {"h": 3600, "m": 60, "s": 1}[text[0]]
            out, previous = out + f"{amount:0{len(text)}d}", text[0]
        elif token.kind == "meridiem":
            out += ("AM" if when.hour < 12 else "PM")[: 1 if text == "a/p" else 2]
        elif token.kind == "milliseconds":
            out += locale.decimal + f"{when.microsecond // 1000:03d}".ljust(9, "0")[: len(text) - 1]
        else:
            out += token.text
    return out


def _next_is_seconds(section: tuple[Token, ...], index: int) -> bool:
    following = next((t for t in section[index + 1 :] if t.kind in ("date", "elapsed")), None)
    return following is not None and following.text[0].lower() == "s"


def _field(code: str, when: datetime, locale: Locale, *, twelve: bool) -> str:
    """One date field: yy yyyy m mm mmm mmmm mmmmm d dd ddd dddd h hh s ss, and n nn for minutes."""
    kind, width = code[0], len(code)
    if kind == "y":
        return f"{when.year % 100:02d}" if width <= 2 else f"{when.year:04d}"
    if kind == "m" and width >= 3:
        name = (locale.months if width >= 4 else locale.short_months)[when.month - 1]
        return name[0] if width == 5 else name
    if kind == "d" and width >= 3:
        return (locale.days if width >= 4 else locale.short_days)[when.weekday()]
    hour = (when.hour % 12 or 12) if twelve else when.hour
    number = {"m": when.month, "d": when.day, "h": hour, "n": when.minute, "s": when.second}[kind]
    return f"{number:0{min(width, 2)}d}"
