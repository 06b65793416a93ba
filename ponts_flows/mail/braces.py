"""The mails' texts as coordinators read and write them: words in braces, where a template has code.

    {prénom}                            a value
    {si secteur}…{sinon}…{fin}          only if there is one
    {si rôle = mentor}…{fin}            only if it is that
    {pour chaque thèmes}…{fin}          once for each

What they write is never read as a template: each pair of braces is looked up in tables, and what is found there is
written anew; a brace that leads to nothing is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from difflib import get_close_matches

from ponts_flows.errors import PontsError
from ponts_flows.forms.folding import folded
from ponts_flows.mail.field_words import ITEMS, VALUES, WORDS

IF, ELSE_IF, ELSE, EACH, END = "si", "sinon si", "sinon", "pour chaque", "fin"
_COUNT = "nombre de"
_FIELDS = {folded(word): name for name, word in WORDS.items()}
_COMPARED = {folded(word): value for value, word in VALUES.items()}
_BRACES = re.compile(r"\{([^{}\n]*)\}")
_BLOCKS = re.compile(r"(?:\{\s*(?:si |sinon|pour chaque |fin)[^{}\n]*\}\s*)+", re.IGNORECASE)
_CODE = re.compile(r"\{\{ (.+?) \}\}|\{% (.+?) \+?%\}")
# What is no text, but for the end of a line: it might be taken for the place of a value.
_NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ue000-\uf8ff\ud800-\udfff\U000f0000-\U0010ffff]")


class TextFault(PontsError):
    """A text that a coordinator wrote can't be used; the message says why, in French."""


# From a template to words in braces.


def shown(source: str) -> str:
    """A template's text with words in braces instead of code."""
    return _CODE.sub(lambda found: "{" + _worded(found[1] or found[2]) + "}", source)


def _worded(code: str) -> str:
    first, _, rest = code.partition(" ")
    match first:
        case "if":
            return f"{IF} {_condition_worded(rest)}"
        case "elif":
            return f"{ELSE_IF} {_condition_worded(rest)}"
        case "else":
            return ELSE
        case "endif" | "endfor":
            return END
        case "for":
            return f"{EACH} {WORDS[rest.rpartition(' in ')[2]]}"
        case _:
            return WORDS[code.partition(" | join")[0]]


def _condition_worded(code: str) -> str:
    if (found := re.fullmatch(r'(\w+) == "(\w+)"', code)) is not None:
        return f"{WORDS[found[1]]} = {VALUES[found[2]]}"
    if (found := re.fullmatch(r"(\w+) \| length == (\d+)", code)) is not None:
        return f"{_COUNT} {WORDS[found[1]]} = {found[2]}"
    if (found := re.fullmatch(r"(\w+) > (\d+)", code)) is not None:
        return f"{WORDS[found[1]]} > {found[2]}"
    return WORDS[code]


# From words in braces to a template.


def template_of(text: str, fields: Collection[str]) -> str:
    """The template of a text in which these fields may stand; TextFault when it can't be understood."""
    reader = _Reader(fields)
    lines = _NOT_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    source = "\n".join(reader.line(number, line) for number, line in enumerate(lines, start=1))
    reader.close()
    return source


class _Reader:
    """One text, line by line: which blocks are open, and which values stand in them."""

    def __init__(self, fields: Collection[str]) -> None:
        self._fields = frozenset(fields)
        self._open: list[tuple[str, int]] = []  # a field for each block of a list, "" for a condition
        self._number = 0

    def line(self, number: int, line: str) -> str:
        self._number = number
        if re.search(r"\{\{|\{%|\{#|\}\}|%\}", line):
            raise TextFault(f"ligne {number} : une seule accolade de chaque côté, par exemple {{prénom}}")
        outside = _BRACES.sub("", line)
        if "{" in outside or "}" in outside:
            raise TextFault(f"ligne {number} : une accolade est ouverte ou fermée sans l'autre")
        # A line of blocks alone is no line of the mail; after other words, a block leaves the line's end in place.
        alone = bool(_BLOCKS.fullmatch(line.strip()))
        made = _BRACES.sub(lambda found: self._tag(found[1], found[0]), line)
        return made if alone or not made.endswith("%}") else made[:-2] + "+%}"

    def close(self) -> None:
        if self._open:
            raise TextFault(f"le bloc ouvert ligne {self._open[-1][1]} n'a pas de {{{END}}}")

    def _tag(self, inside: str, whole: str) -> str:
        inside = " ".join(inside.split())
        words = folded(inside)
        if words == END:
            return "{% endfor %}" if self._closed(whole) else "{% endif %}"
        if words == ELSE:
            self._within_a_condition(whole)
            return "{% else %}"
        for word, code in ((ELSE_IF, "elif"), (IF, "if")):
            if words.startswith(f"{word} "):
                condition = self._condition(inside[len(word) :], whole)
                if word == IF:
                    self._open.append(("", self._number))
                else:
                    self._within_a_condition(whole)
                return f"{{% {code} {condition} %}}"
        if words.startswith(f"{EACH} "):
            return self._each(words.removeprefix(f"{EACH} "), whole)
        return f"{{{{ {self._printed(self._known(words, whole), whole)} }}}}"

    def _closed(self, whole: str) -> bool:
        if not self._open:
            raise self._fault(f"{whole} ne ferme rien")
        return bool(self._open.pop()[0])

    def _within_a_condition(self, whole: str) -> None:
        if not self._open or self._open[-1][0]:
            raise self._fault(f"{whole} n'est pas dans un {{{IF} …}}")

    def _each(self, words: str, whole: str) -> str:
        name = self._known(words, whole)
        if name not in ITEMS:
            raise self._fault(f"« {WORDS[name]} » n'est pas une liste")
        if any(of for of, _ in self._open):
            raise self._fault(f"{whole} est déjà dans une liste")
        self._open.append((name, self._number))
        return f"{{% for {', '.join(ITEMS[name])} in {name} %}}"

    def _condition(self, said: str, whole: str) -> str:
        name, sign, value = [*re.split("([=>])", said, maxsplit=1), "", ""][:3]
        words = folded(name)
        counted = words.startswith(f"{_COUNT} ") and words not in _FIELDS
        words = words.removeprefix(f"{_COUNT} ") if counted else words
        field = self._known(words, whole)
        if counted and field not in ITEMS:
            raise self._fault(f"« {WORDS[field]} » n'est pas une liste")
        code = f"{field} | length" if counted else field
        return f"{code} {self._comparison(sign, value, whole)}" if sign else code

    def _comparison(self, sign: str, value: str, whole: str) -> str:
        """Only with a whole number, or with a word of the table."""
        value, known = value.strip(), _COMPARED.get(folded(value))
        if re.fullmatch("[0-9]{1,4}", value):
            return f"{'==' if sign == '=' else sign} {value}"
        if known is None or sign != "=":
            raise self._fault(f"« {value} » ne peut pas être comparé dans {whole}")
        return f'== "{known}"'

    def _known(self, words: str, whole: str) -> str:
        name = _FIELDS.get(words)
        if name is not None and name in self._names():
            return name
        known = {folded(WORDS[one]): WORDS[one] for one in self._names()}
        close = get_close_matches(words, known, n=1)
        meant = f" ; vouliez-vous écrire {{{known[close[0]]}}} ?" if close else ""
        raise self._fault(f"{whole} n'existe pas dans ce message{meant}")

    def _names(self) -> Iterator[str]:
        yield from self._fields
        for name, _ in self._open:
            yield from ITEMS.get(name, ())

    def _printed(self, name: str, whole: str) -> str:
        if name in ITEMS and "link" in ITEMS[name]:
            raise self._fault(f"{whole} est une liste : écrivez {{{EACH} {WORDS[name]}}}")
        return f'{name} | join(", ")' if name in ITEMS else name

    def _fault(self, what: str) -> TextFault:
        return TextFault(f"ligne {self._number} : {what}")
