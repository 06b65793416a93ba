"""Gmail's search language, read into a tree: words, fields, negation, alternatives, groups."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """Words that follow each other in a field; in any field when it is empty."""

    field: str
    text: str


@dataclass(frozen=True)
class Not:
    """What must not hold."""

    node: Node


@dataclass(frozen=True)
class And:
    """What must all hold."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True)
class Or:
    """What must hold at least once."""

    nodes: tuple[Node, ...]


Node = Words | Not | And | Or

FIELDS = frozenset(
    [
        "from",
        "to",
        "cc",
        "bcc",
        "subject",
        "label",
        "in",
        "is",
        "has",
        "filename",
        "after",
        "before",
        "newer",
        "older",
        "newer_than",
        "older_than",
        "rfc822msgid",
        "deliveredto",
        "list",
        "size",
        "larger",
        "smaller",
        "category",
    ]
)
_TOKEN = re.compile(
    r"""\s*(?:
        (?P<quoted>"[^"]*"?)
      | (?P<bracket>[(){}])
      | (?P<minus>-(?=[^\s-]))
      | (?P<field>[A-Za-z][A-Za-z0-9_]*:)(?=\S)
      | (?P<word>[^\s(){}"]+)
    )""",
    re.VERBOSE,
)


def parse(text: str) -> And:
    """The tree of a query; an empty one holds for every message."""
    return And(tuple(_Parser(_tokens(text)).sequence(closing="", field="")))


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    position = 0
    text = text.replace("\0", " ")
    while match := _TOKEN.match(text, position):
        kind, value = str(match.lastgroup), match.group(str(match.lastgroup))
        if kind == "field" and value[:-1].lower() not in FIELDS:
            word = re.compile(r"[^\s(){}\"]+").match(text, match.start("field"))
            assert word is not None
            found.append(("word", word.group()))
            position = word.end()
            continue
        found.append((kind, value))
        position = match.end()
    return found


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._position = 0

    def sequence(self, *, closing: str, field: str) -> list[Node]:
        """The terms up to a closing bracket; OR binds the two terms beside it before the rest is joined."""
        found: list[Node] = []
        joining = False
        while self._position < len(self._tokens):
            kind, value = self._tokens[self._position]
            if kind == "bracket" and value in ")}":
                self._position += 1
                if value == closing:
                    break
                continue
            if kind == "word" and value in ("OR", "|", "AND", "AROUND"):
                self._position += 1
                joining = value in ("OR", "|") and bool(found)
                continue
            node = self._term(field)
            if node is None:
                continue
            if joining:
                last = found.pop()
                node = Or((*(last.nodes if isinstance(last, Or) else (last,)), node))
                joining = False
            found.append(node)
        return found

    def _term(self, field: str) -> Node | None:
        kind, value = self._tokens[self._position]
        self._position += 1
        if kind == "minus":
            node = self._term(field) if self._position < len(self._tokens) else None
            return None if node is None else Not(node)
        if kind == "bracket":
            nodes = tuple(self.sequence(closing=")" if value == "(" else "}", field=field))
            return None if not nodes else (And(nodes) if value == "(" else Or(nodes))
        if kind == "field":
            return self._term(value[:-1].lower()) if self._position < len(self._tokens) else None
        text = value.strip('"') if kind == "quoted" else value.lstrip("+")
        if not any(character.isalnum() for character in text):
            return None
        return Words(field, text)
