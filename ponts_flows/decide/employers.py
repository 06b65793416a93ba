"""Whether two people have the same employer, whatever each of them calls it.

It is a hard exclusion (the charter wants no hierarchical link), so a group under one name that moves its
people between its companies is one employer: Vinci and Vinci Construction, SNCF and SNCF Réseau. A group of
separate trades is several: Bouygues Construction and Bouygues Telecom differ (Bouygues alone is read as its
largest branch for engineers, Bouygues Construction), and so do Crédit Agricole's banks. The names known are
in `employer_names`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ponts_flows.decide.employer_names import FAMILIES, NOBODY, SAME
from ponts_flows.forms.folding import folded

_DOTTED = re.compile(r"\b(?:[^\W\d_]\.\s?){2,}(?:[^\W\d_]\b)?")
_REMARK = re.compile(r"\(([^)]*)\)")
_LEGAL = frozenset(
    {"sa", "sas", "sasu", "sarl", "eurl", "snc", "sca", "scop", "sci", "gie", "epic", "epa", "se"}
    | {"spa", "srl", "gmbh", "ag", "kg", "nv", "bv", "ab", "as", "oy", "plc", "ltd", "limited"}
    | {"llc", "llp", "lp", "inc", "pte", "corp", "corporation", "co", "company", "cie", "group"}
    | {"groupe", "holding", "holdings"}
)
# "Retraitée de la SNCF", "indépendant (conseil)": what follows is no employer.
_ALONE = frozenset({"independant", "independante", "freelance", "retraite", "retraitee"})
_OPENING = frozenset({"le", "la", "les", "l", "the", "groupe", "group"})
# "AXA France" is AXA; "Air France" is not Air.
_NEEDS_FRANCE = frozenset(
    {"air", "radio", "business", "campus", "expertise", "meteo", "atout", "bpi", "la", "de", "of"}
)


def same_employer(one: str, other: str) -> bool:
    """Whether two names are one employer; none at all (blank, independent, retired) is never the same."""
    key = employer_key(one)
    return bool(key) and key == employer_key(other)


@lru_cache(maxsize=65_536)
def employer_key(name: str) -> str:
    """What all names of one employer have in common: people with one key are colleagues; empty for none."""
    remark = " ".join(_REMARK.findall(name))
    words = _words(_REMARK.sub(" ", name)) or _words(remark)
    plain = " ".join(words)
    if not plain or plain in NOBODY or words[0] in _ALONE:
        return ""
    if plain in SAME:
        return SAME[plain]
    if _stands_for(_words(remark), words):
        return SAME.get(" ".join(_words(remark)), " ".join(_words(remark)))
    for family in FAMILIES:
        if f"{plain} ".startswith(f"{family} "):
            return SAME.get(family, family)
    return plain


def _words(name: str) -> list[str]:
    """The telling words: dotted letters joined, articles and legal forms dropped, unless nothing is left."""
    joined = _DOTTED.sub(lambda letters: f"{re.sub('[^A-Za-z]', '', folded(letters.group()))} ", name)
    words = folded(joined.replace("&", " ")).split()
    while len(words) > 1 and words[0] in _OPENING:
        words = words[1:]
    while len(words) > 1 and _says_nothing(words[-1], after=words[-2]):
        words = words[:-1]
    return words


def _says_nothing(word: str, *, after: str) -> bool:
    return word in _LEGAL or (word == "france" and after not in _NEEDS_FRANCE)


def _stands_for(acronym: list[str], words: list[str]) -> bool:
    """Whether a remark in brackets is the initials of the name before it: `Agence française de … (AFD)`."""
    if len(acronym) != 1 or len(words) < 2:
        return False
    initials = {"".join(word[0] for word in words), "".join(word[0] for word in words if word not in _SMALL)}
    return acronym[0] in initials


_SMALL = frozenset(
    {"de", "du", "des", "d", "la", "le", "les", "l", "et", "en", "of", "and", "the", "pour", "a"}
)
