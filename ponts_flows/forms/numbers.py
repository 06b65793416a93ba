"""Numbers as people write them in a form: a year, a number of mentees, a mark on a scale."""

from __future__ import annotations

import re
from datetime import date

from ponts_flows.forms.folding import folded
from ponts_flows.forms.spec import Scale


def graduation_year(said: str, *, today: date) -> int | None:
    """The one year of a text such as `2015` or `Promo 2015`, 1940 to seven years ahead; None when unsure."""
    years = {int(year) for year in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", said)}
    likely = [year for year in years if 1940 <= year <= today.year + 7]
    return likely[0] if len(years) == len(likely) == 1 else None


_NUMBERS = {"un": 1, "une": 1, "one": 1, "deux": 2, "two": 2, "trois": 3, "three": 3, "quatre": 4, "four": 4}
_NUMBERS |= {"cinq": 5, "five": 5, "aucun": 0, "zero": 0, "none": 0}


def capacity(said: str) -> int | None:
    """How many mentees a text says, the least of several (`1 ou 2` promises one); None when it says none."""
    if re.search(r"\d[.,]\d*[1-9]", said):
        return None
    words = re.findall(r"-?\d+|[^\W\d]+", re.sub(r"(\d)[.,]0+\b", r"\1", said))
    # A dash between two numbers is a range, before the first it is a sign.
    signed = [word if i == 0 else word.lstrip("-") for i, word in enumerate(words)]
    numbers = [
        _NUMBERS.get(folded(word), int(word) if word.lstrip("-").isdecimal() else None) for word in signed
    ]
    known = [number for number in numbers if number is not None]
    return min(known) if known else None


def mark(said: str, scale: Scale) -> int | None:
    """The whole number on a scale that a text says, `8` or `8/10`; None when it says none."""
    written = re.fullmatch(r"(\d{1,3})(?:[.,]0+)?(?: ?/ ?(\d{1,3}))?", said.strip())
    if written is None or (written[2] and int(written[2]) != scale.high):
        return None
    number = int(written[1])
    return number if scale.holds(number) else None
