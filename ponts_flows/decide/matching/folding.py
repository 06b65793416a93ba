"""Texts as the matching compares them: what people type in different ways is the same."""

from __future__ import annotations

from functools import lru_cache

from ponts_flows.forms.folding import folded as folded_text

SILENT = frozenset(
    {"a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "pour", "sur"}
    | {"and", "for", "in", "of", "the"}
)
"""Words that say nothing of a function."""

ENDINGS = (("trice", "teur"), ("euse", "eur"), ("eure", "eur"), ("iere", "ier"), ("ienne", "ien"))
"""Feminine endings and the masculine that they are compared as."""

folded = lru_cache(maxsize=1 << 16)(folded_text)


@lru_cache(maxsize=1 << 16)
def folded_city(text: str) -> str:
    """A city without its district or its postal code: `PARIS 15e` is `paris`, `69003 Lyon` is `lyon`."""
    words = folded(text).split()
    return " ".join(word for word in words if not word[0].isdigit() and word not in {"cedex", "er"})


def folded_sector(text: str) -> str:
    """A sector; none for `Autre secteur`, which two people have in common by name only."""
    name = folded(text)
    return "" if name.startswith(("autre", "other", "another")) else name


@lru_cache(maxsize=1 << 16)
def key_words(text: str) -> frozenset[str]:
    """The words of a text that say something, in the singular and the masculine."""
    return frozenset(_stem(word) for word in folded(text).split() if word not in SILENT)


def _stem(word: str) -> str:
    if len(word) < 5:
        return word
    word = word.removesuffix("s").removesuffix("x")
    for feminine, masculine in ENDINGS:
        if word.endswith(feminine):
            return word.removesuffix(feminine) + masculine
    return word
