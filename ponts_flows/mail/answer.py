"""The plainest of answers: a first line that is nothing but OUI, NON, YES or NO."""

from __future__ import annotations

import re
import unicodedata

from ponts_flows.model import Answer

_WORDS = {"oui": Answer.YES, "yes": Answer.YES, "non": Answer.NO, "no": Answer.NO}
_LONGEST_LINE = 40
# Accents, invisible characters, controls.
_SILENT = frozenset({"Mn", "Cf", "Cc"})


def first_answer(text: str) -> Answer | None:
    """Read the answer that the first line with something on it is; None when that line says anything else.

    Case, accents, blanks (invisible ones too) and a final `.` or `!` do not count.
    """
    for line in text[:20_000].splitlines():
        if words := _folded(line[:_LONGEST_LINE]):
            return _WORDS.get(re.sub(r"[\s.!]+$", "", words)) if len(line) <= _LONGEST_LINE else None
    return None


def _folded(line: str) -> str:
    letters = unicodedata.normalize("NFKD", line.casefold())
    return "".join(c for c in letters if unicodedata.category(c) not in _SILENT).strip()
