"""A short text as words to compare: folded, elisions and contractions opened, numbers in figures.

`J'y serai jeudi à 18h30 !` is `j y serai jeudi a 18 h 30 !`, and `I can't` is `i can not`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from ponts_flows.forms.folding import folded

BREAKS = frozenset(".,;!…()-¶")
"""What ends a clause. `¶` is the end of a line."""

_SMILES = re.compile(r"[:;]-?[)DP]|<3|\^\^|\bxo+\b")
_FROWNS = re.compile(r"(?<!\w)[:;=]-?[(/|\\]")
_HYPHEN = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])")
_SAD = "☹🙁😕😢😭😞😟😠😡🤔🙄😬🤷👎😐😑"
_TOKEN = re.compile(rf"\d+(?:[/.:-]\d+)*|[^\W\d_]+|\.\.\.|[.,;:!?…()/&+@\n–—-]|[👍{_SAD}]")
_SAME = {"&": "and", "–": "-", "—": "-", "\n": "¶", "...": "…", "…": "…"}

_UNITS = (
    "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize|"
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_NUMBERS = {name: n for names in _UNITS.split("|") for n, name in enumerate(names.split()) if n > 1}
_TENS = {"vingt": 20, "trente": 30, "twenty": 20, "thirty": 30, "dix": 10}
_ALSO_WORDS = {"un": 1, "one": 1, "first": 1}

_SUBJECTS = frozenset({"i", "you", "he", "she", "it", "we", "they", "that", "there", "who", "what", "let"})
_SHORT = {"m": "am", "d": "would", "ll": "will", "ve": "have", "re": "are", "s": "is"}
_NEGATED = {
    **{
        f"{verb}n": verb
        for verb in "do did does have has had is was are were would could should need must".split()
    },
    "can": "can",
    "won": "will",
    "ain": "is",
}
_RUN_TOGETHER = {
    "cannot": "can not",
    "cant": "can not",
    "wont": "will not",
    "didnt": "did not",
    "havent": "have not",
    "couldnt": "could not",
    "im": "i am",
    "ive": "i have",
    "jy": "j y",
    "jai": "j ai",
    "cest": "c est",
    "dacc": "d accord",
    "daccord": "d accord",
    "rdvs": "rdv",
    "rendezvous": "rendez vous",
    "rendes": "rendez",
    "pb": "probleme",
    "bcp": "beaucoup",
    "ns": "nous",
    "pr": "pour",
}
# Said long, or held down: oui, yes, non, no. Nothing else that short is corrected.
_LONG = {
    re.compile(form): word
    for form, word in {"o+u+i+": "oui", "y+e+s+": "yes", "no+n+": "non", "no+": "no"}.items()
}


@dataclass(frozen=True, slots=True)
class Token:
    """A folded word or sign, and whether it was written with a capital."""

    word: str
    capital: bool = False


def tokens(text: str) -> list[Token]:
    """The words and signs of a text; what is neither (pictures, quotation marks, stars) is left out."""
    text = _HYPHEN.sub(" ", unicodedata.normalize("NFC", text))
    text = _FROWNS.sub(" ☹ ", _SMILES.sub(" ", text))
    found: list[Token] = []
    for written in _TOKEN.findall(text):
        if written[0].isalpha():
            word = folded(written)
            for part in _RUN_TOGETHER.get(word, word).split():
                found.append(Token(part, written[0].isupper()))
        else:
            found.append(Token(_SAME.get(written, written)))
    return _counted(_opened(found))


def spelled(phrase: str) -> str:
    """A phrase of the vocabulary in the same words as a text."""
    return " ".join(token.word for token in tokens(phrase))


def _opened(words: list[Token]) -> list[Token]:
    """English contractions opened (`haven t`, `we ll`), and answers said long made short."""
    opened: list[Token] = []
    for token in words:
        before = opened[-1].word if opened else ""
        if token.word == "t" and before in _NEGATED:
            opened[-1] = Token(_NEGATED[before], opened[-1].capital)
            opened.append(Token("not"))
        elif before in _SUBJECTS and token.word in _SHORT:
            opened.append(Token("us" if before == "let" else _SHORT[token.word]))
        else:
            opened.append(Token(_shortened(token.word), token.capital))
    return opened


def _shortened(word: str) -> str:
    if word == "noon" or len(word) > 20 or word[0] not in "oyn":
        return word
    return next((short for pattern, short in _LONG.items() if pattern.fullmatch(word)), word)


def _counted(words: list[Token]) -> list[Token]:
    """Numbers in letters put in figures, `vingt et un` too; `sept` after a number is a month."""
    counted: list[Token] = []
    at = 0
    while at < len(words):
        number, used = _number_at(words, at, after_number=bool(counted) and counted[-1].word.isdecimal())
        counted.append(Token(str(number)) if used else words[at])
        at += used or 1
    return counted


def _number_at(words: list[Token], at: int, *, after_number: bool) -> tuple[int, int]:
    """The number in letters that starts at a word, and how many words it takes: 0 when there is none."""
    word = words[at].word
    before_number = at + 1 < len(words) and words[at + 1].word.isdecimal()
    if word == "sept" and (after_number or before_number):
        return 0, 0
    if word in _TENS:
        skip = 2 if at + 2 < len(words) and words[at + 1].word == "et" else 1
        unit = words[at + skip].word if at + skip < len(words) else ""
        units = {**_NUMBERS, **(_ALSO_WORDS if word != "dix" else {})}
        if unit in units and units[unit] < 10 and (skip == 1 or units[unit] == 1):
            return _TENS[word] + units[unit], skip + 1
        return _TENS[word], 1
    return (_NUMBERS[word], 1) if word in _NUMBERS else (0, 0)
