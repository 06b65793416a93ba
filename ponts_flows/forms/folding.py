"""Text as people type it: tidied before it is kept, folded before it is compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# Letters that NFKD leaves whole, and the sorts of apostrophe and dash that keyboards put in.
_WHOLE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "þ": "th", "æ": "ae", "œ": "oe"})
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_BLANKS = re.compile(r"[^\S\n]+")
_NOT_WORD = re.compile(r"[\W_]+")
_ACCENTS = re.compile("[\u0300-\u036f]+")

# A one-edit-in-eight slip is a typing error; short words differ by one letter and mean something else.
_LETTERS_A_SLIP = 8


def line(text: str, longest: int = 200) -> str:
    """One line of text: composed (NFC), nothing invisible, single blanks, cut at `longest` characters."""
    if text.isprintable():  # nothing invisible, no line break: the same, three times as fast
        return " ".join(unicodedata.normalize("NFC", text).split())[:longest].strip()
    return " ".join(paragraph(text, longest * 2).split())[:longest].strip()


def paragraph(text: str, longest: int = 2000) -> str:
    """Text on several lines: composed (NFC), no invisible characters, cut at `longest` characters."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = (_BLANKS.sub(" ", part).strip() for part in _INVISIBLE.sub("", text).split("\n"))
    return "\n".join(lines).strip()[:longest].strip()


def folded(text: str) -> str:
    """Words in small letters, without accents or punctuation, one blank between: for comparisons."""
    letters = text.casefold()
    if not letters.isascii():
        letters = _ACCENTS.sub("", unicodedata.normalize("NFKD", letters.translate(_WHOLE)))
    if not letters.isascii() or letters != letters.lower():  # other alphabets, and letters of mathematics
        letters = unicodedata.normalize("NFKD", letters.casefold().translate(_WHOLE))
        letters = "".join(char for char in letters if not unicodedata.combining(char))
    return _NOT_WORD.sub(" ", letters).strip()


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The one known folded text that a folded text is a slip away from; None if there are none or several."""
    close = [
        other for other in known if 0 < _edits(word, other) <= min(len(word), len(other)) // _LETTERS_A_SLIP
    ]
    return close[0] if len(close) == 1 else None


def _edits(a: str, b: str) -> int:
    """Letters to add, drop or change to turn one text into the other; very unlike ones are not measured."""
    if abs(len(a) - len(b)) > min(len(a), len(b)):
        return max(len(a), len(b))
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, start=1):
        above, row[0] = row[0], i
        for j, right in enumerate(b, start=1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (left != right))
    return row[-1]
