"""Names as they are shown: as typed, unless typed in capitals or in small letters only."""

from __future__ import annotations

import re

from ponts_flows.forms.folding import line

# French usage: "de" and its like stay small in a last name, "La" and "Le" do not.
_SMALL = frozenset({"de", "du", "des", "d", "von", "van", "der", "den", "da", "dos", "di"})
_WORD = re.compile(r"[^\W\d_]+")


def shown_name(text: str) -> str:
    """A name as it is shown: `DUPONT-AIGNAN` and `dupont-aignan` become `Dupont-Aignan`, `McKay` stays."""
    name = line(text, 100)
    if not (name.isupper() or name.islower()):
        return name
    lowered = name.lower()
    return _WORD.sub(lambda word: _cased(word, lowered), lowered)


def _cased(word: re.Match[str], name: str) -> str:
    small = word.group() in _SMALL and word.end() < len(name)
    return word.group() if small else word.group()[0].upper() + word.group()[1:]
