"""The lines of a received text: as they came, and bare of what clients add to them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

LONGEST_TEXT, MOST_LINES = 20_000, 3_000
# No paragraph of ours is longer; what is matched against a pattern never is.
_LONGEST_BARE, _LONGEST_PLAIN, _COMPOSED = 2_000, 2_200, 600
# Set above a quotation by who knows from its HTML that it is one; nobody can write it.
MARK = "\ue000"

_BLANKS = "\t\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_INVISIBLE = (
    "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_SIGNS = {
    **dict.fromkeys(map(ord, _BLANKS), " "),
    **dict.fromkeys(map(ord, _INVISIBLE)),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015"), "-"),
    **dict.fromkeys(map(ord, "\u2018\u2019\u02bc"), "'"),
    ord("\uff1a"): ":",
}


@dataclass(frozen=True, slots=True)
class Line:
    """`raw` as it came, `depth` the number of `>` before it, `bare` what is left to read."""

    raw: str
    depth: int
    bare: str

    @property
    def blank(self) -> bool:
        """Nothing is written on it; a lone `>` is blank."""
        return not self.bare


def lines_of(text: str) -> list[Line]:
    """The lines of the first 20,000 characters; at most 3,000."""
    text = text[:LONGEST_TEXT].replace("\r\n", "\n").replace("\r", "\n")
    return [_line(raw) for raw in text.split("\n")[:MOST_LINES]]


def stripped(text: str) -> str:
    """The text without what can't be seen around it."""
    return text.strip(f"{_BLANKS}{_INVISIBLE} \n\r\v\f")


def plain(text: str) -> str:
    """A line's beginning with one sort of blank, dash and apostrophe, and nothing that can't be seen."""
    text = text[:_LONGEST_PLAIN]
    if text.isascii():
        return text
    # Thousands of accents on one letter would keep it busy.
    return (unicodedata.normalize("NFC", text) if len(text) <= _COMPOSED else text).translate(_SIGNS)


def _line(raw: str) -> Line:
    if not raw:
        return Line("", 0, "")
    text = plain(raw)
    begins = len(text) - len(text.lstrip("> \t"))
    words = text[begins:]
    words = words.replace("***", "---").replace("*", "").strip() or words
    return Line(raw, text.count(">", 0, begins), " ".join(words.split())[:_LONGEST_BARE])
