"""Texts as the matching compares them: what people type in different ways is the same."""

from __future__ import annotations

import re
from functools import lru_cache

import snowballstemmer

from ponts_flows.forms.folding import folded as folded_text

SILENT = frozenset(
    """
    a ai afin ainsi alors apres as au aucun aussi autre autres aux avant avec avez avoir avons beaucoup besoin
    besoins bien bonjour
    car ce cela certains ces cet cette ceux chez comme comment d dans de depuis des donc du e elle elles en encore
    entre est et etaient etait etant ete etes etre eu eux faire fait fois font ici il ils j jamais je juste l la le
    les leur leurs lors lui m ma mais me meme mes mieux moi moins mon n ne ni nos notre nous on ont ou par parce
    parfois pas pendant peu peut peux plus plusieurs plutot pour pourquoi pouvoir pres puis qu quand que quel quelle
    quelques qui quoi s sa sans se ses si sien soi soit son sont sous souvent suis sur t ta te tes toi ton toujours
    tous tout toute toutes tres trop tu un une vers voir vos votre voudrais vous vraiment y
    about after all also am an and any are at be because been being both but by can could did do does during each
    few for from had has have having he her here him his how i if in into is it its just like many me more most much
    my no nor not of off once only or other our out over own same she should so some such than that the their them
    then there these they this those through to too under until up very was we were what when where which while who
    why will with would you your
    """.split()
)
"""Words that say nothing by themselves, in French and English, folded."""

ENDINGS = (("trice", "teur"), ("euse", "eur"), ("eure", "eur"), ("iere", "ier"), ("ienne", "ien"))
"""Feminine endings and the masculine that they are compared as."""

FRENCH, ENGLISH = (snowballstemmer.stemmer(language) for language in ("french", "english"))

_WORD = re.compile(r"[^\W_]+")

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
    """The words of a text that say something, each as the stem of all its forms."""
    return frozenset(stem for _, stem in words_typed(text))


def words_typed(text: str) -> list[tuple[str, str]]:
    """The words of a text that say something, in small letters, and their stems."""
    typed = [(word.lower(), folded(word)) for word in _WORD.findall(text)]
    return [(word, _stem(key)) for word, key in typed if key and key not in SILENT]


@lru_cache(maxsize=1 << 18)
def _stem(word: str) -> str:
    """What the forms of a word have in common: `ingénieures` and `ingénieur`, `manager` and `managing`.

    Both languages are tried on every word, as people mix them; that folds a few different words too.
    """
    if not word.isalpha():
        return word
    for feminine, masculine in ENDINGS:
        if word.removesuffix("s").endswith(feminine):
            word = word.removesuffix("s").removesuffix(feminine) + masculine
    return str(ENGLISH.stemWord(FRENCH.stemWord(word)))
