"""What depends on a spreadsheet's locale: separators, order of dates, names of days, true and false."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import available_timezones

from babel import Locale as Babel
from babel import UnknownLocaleError

_DAY_FIRST_DATE, _DAY_FIRST_TIME = "dd/mm/yyyy", "hh:mm:ss"
_BOOLEANS = {
    "fr": ("VRAI", "FAUX"),
    "de": ("WAHR", "FALSCH"),
    "es": ("VERDADERO", "FALSO"),
    "it": ("VERO", "FALSO"),
    "pt": ("VERDADEIRO", "FALSO"),
    "nl": ("WAAR", "ONWAAR"),
}
_DATES = {
    "en_US": "M/d/yyyy",
    "fr": _DAY_FIRST_DATE,
    "en_GB": _DAY_FIRST_DATE,
    "es": "d/m/yyyy",
    "it": _DAY_FIRST_DATE,
    "pt": _DAY_FIRST_DATE,
    "nl": "d-m-yyyy",
    "de": "dd.mm.yyyy",
    "ja": "yyyy/mm/dd",
    "sv": "yyyy-mm-dd",
}
_CURRENCIES = {
    "en_US": "$",
    "en_GB": "£",
    "ja": "¥",
    "fr_CH": "CHF",
    "de_CH": "CHF",
    "en_CA": "$",
    "fr_CA": "$",
}
_FIRST_SHEET = {
    "fr": "Feuille 1", "de": "Tabellenblatt1", "es": "Hoja 1", "it": "Foglio1",
    "pt": "Página1", "ja": "シート1", "nl": "Blad1",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Locale:
    """The habits of one locale; date patterns in the notation of number formats."""

    decimal: str
    group: str
    true: str
    false: str
    date: str
    time: str
    currency: str
    currency_first: bool
    months: tuple[str, ...]
    short_months: tuple[str, ...]
    days: tuple[str, ...]
    short_days: tuple[str, ...]
    first_sheet: str

    @property
    def argument(self) -> str:
        """What separates the arguments of a function."""
        return ";" if self.decimal == "," else ","

    @property
    def day_first(self) -> bool:
        """Whether 1/2/2026 is the first of February."""
        return self.date.lower().startswith("d")

    def pattern(self, kind: str) -> str:
        """The default pattern of a NumberFormat type; empty for those shown as they are."""
        money = f'"{self.currency}"#,##0.00' if self.currency_first else f'#,##0.00\\ "{self.currency}"'
        return {
            "DATE": self.date,
            "TIME": self.time,
            "DATE_TIME": f"{self.date} {'h:mm:ss' if self.time.endswith('pm') else self.time}",
            "PERCENT": "0.00%",
            "CURRENCY": money,
            "NUMBER": "#,##0.00",
            "SCIENTIFIC": "0.00E+00",
            "TEXT": "@",
        }.get(kind, "")


@lru_cache(maxsize=64)
def locale(name: str) -> Locale:
    """The habits of a locale such as `fr_FR` or `en`; those of `en_US` for one that is unknown."""
    try:
        babel = Babel.parse(name)
    except (UnknownLocaleError, ValueError):
        return locale("en_US")
    language = babel.language
    key = "en_US" if name == "en" else name
    symbols = babel.number_symbols
    symbols = symbols.get("latn", symbols)
    true, false = _BOOLEANS.get(language, ("TRUE", "FALSE"))
    months, days = babel.months["format"], babel.days["format"]
    return Locale(
        decimal=symbols.get("decimal", "."),
        group=symbols.get("group", ","),
        true=true,
        false=false,
        date=_DATES.get(key)
        or _DATES.get(language)
        or (_DATES["en_US"] if language == "en" else "yyyy-mm-dd"),
        time="h:mm:ss am/pm" if key == "en_US" else _DAY_FIRST_TIME,
        currency=_CURRENCIES.get(key) or _CURRENCIES.get(language) or ("$" if language == "en" else "€"),
        currency_first=language in ("en", "ja", "nl"),
        months=tuple(months["wide"][i] for i in range(1, 13)),
        short_months=tuple(months["abbreviated"][i] for i in range(1, 13)),
        days=tuple(days["wide"][i] for i in range(7)),
        short_days=tuple(days["abbreviated"][i] for i in range(7)),
        first_sheet=_FIRST_SHEET.get(language, "Sheet1"),
    )


def known_zone(name: str) -> bool:
    """Whether a time zone name means something: `Europe/Paris`, `Etc/GMT`."""
    return name in available_timezones()


def known(name: str) -> bool:
    """Whether a locale name means something: `fr_FR`, `fr`, `pt_BR`."""
    try:
        return bool(name) and Babel.parse(name) is not None
    except (UnknownLocaleError, ValueError):
        return False
