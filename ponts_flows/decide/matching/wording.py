"""French turns of phrase that the explanations share."""

from __future__ import annotations

from collections.abc import Sequence


def counted(number: int, singular: str, plural: str = "") -> str:
    """A number and its noun: `1 mentor`, `3 mentors`; `plural` where an s at the end does not do."""
    return f"{number} {singular if abs(number) < 2 else plural or singular + 's'}"


def listed(items: Sequence[str]) -> str:
    """An enumeration: `a`, `a et b`, `a, b et c`."""
    *first, last = items
    return f"{', '.join(first)} et {last}" if first else last


def years_and_months(months: int) -> str:
    """A length of time: `15 ans`, `9 ans et 11 mois`, `8 mois`; never negative."""
    years, rest = divmod(max(months, 0), 12)
    if years and rest:
        return f"{counted(years, 'an')} et {rest} mois"
    return counted(years, "an") if years else f"{rest} mois"
