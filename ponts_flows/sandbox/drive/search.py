"""The search language of `files.list`: `name contains 'x' and (mimeType = '…' or 'id' in parents)`.

`and` and `or` have the same strength and are read from left to right, as Drive does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from ponts_flows.sandbox.drive.files import File, rank
from ponts_flows.sandbox.errors import GoogleError

_TOKEN = re.compile(
    r"""\s*(?: (?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
        | (?P<sign><=|>=|!=|=|<|>|\(|\)) | (?P<word>[A-Za-z]+) )""",
    re.VERBOSE,
)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A file as a search looks at it: its parents for the caller, and who has which role in it."""

    file: File
    parents: tuple[str, ...]
    roles: dict[str, str]
    caller: str


Test = Callable[[Candidate], bool]


def parse(query: str) -> Test:
    """The test that a query stands for; a 400 for what Drive would not understand."""
    if not query.strip():
        return lambda candidate: True
    reader = _Reader(query)
    test = reader.expression()
    if reader.ahead() is not None:
        raise _invalid(query)
    return test


def _invalid(query: str) -> GoogleError:
    return GoogleError(400, f"Invalid Value: {query}", reason="invalid", location="q")


class _Reader:
    """Reads a query token by token."""

    def __init__(self, query: str) -> None:
        self.query = query
        self.tokens: list[str] = []
        end = 0
        while query[end:].strip():
            match = _TOKEN.match(query, end)
            if match is None:
                raise _invalid(query)
            self.tokens.append(match.group().strip())
            end = match.end()

    def ahead(self) -> str | None:
        """The next token, not taken."""
        return self.tokens[0] if self.tokens else None

    def take(self) -> str:
        """The next token."""
        if not self.tokens:
            raise _invalid(self.query)
        return self.tokens.pop(0)

    def expression(self) -> Test:
        """Terms joined by `and` and `or`."""
        left = self.term()
        while (self.ahead() or "").lower() in ("and", "or"):
            word, before, after = self.take().lower(), left, self.term()
            left = _both(before, after) if word == "and" else _either(before, after)
        return left

    def term(self) -> Test:
        """`not` a term, a parenthesis, or one comparison."""
        token = self.take()
        if token.lower() == "not":
            negated = self.term()
            return lambda candidate: not negated(candidate)
        if token == "(":  # noqa: S105 - a token of the query
            test = self.expression()
            if self.take() != ")":
                raise _invalid(self.query)
            return test
        if token[0] in "'\"":
            return self.membership(_unquoted(token))
        return self.comparison(token)

    def membership(self, value: str) -> Test:
        """`'id' in parents`, `'address' in owners`."""
        word, collection = self.take().lower(), self.take()
        needed = {"owners": "owner", "writers": "writer", "readers": "reader"}.get(collection)
        if word != "in" or (needed is None and collection != "parents"):
            raise _invalid(self.query)
        if needed is None:
            return lambda candidate: value in candidate.parents
        person = value.lower()
        return lambda candidate: (
            rank(candidate.roles.get(candidate.caller if person == "me" else person)) >= rank(needed)
        )

    def comparison(self, field: str) -> Test:
        """`field operator value`."""
        if field == "sharedWithMe" and self.ahead() != "=":
            return lambda candidate: candidate.file.owner != candidate.caller
        operator, value = self.take(), self.take()
        text = _unquoted(value) if value[0] in "'\"" else value
        if field in ("trashed", "starred", "sharedWithMe") and operator in ("=", "!="):
            return self.flag(field, (text == "true") == (operator == "="))
        if field in ("name", "fullText", "mimeType"):
            return self.text(field, operator, text)
        if field in ("modifiedTime", "createdTime"):
            return self.moment(field, operator, text)
        raise _invalid(self.query)

    def flag(self, field: str, wanted: bool) -> Test:
        """A comparison with true or false."""
        if field == "trashed":
            return lambda candidate: candidate.file.trashed == wanted
        if field == "starred":
            return lambda candidate: bool(candidate.file.metadata.get("starred")) == wanted
        return lambda candidate: (candidate.file.owner != candidate.caller) == wanted

    def text(self, field: str, operator: str, value: str) -> Test:
        """A comparison of the name (whatever its case) or type; `contains` finds beginnings of words."""

        def own(candidate: Candidate) -> str:
            return candidate.file.mime_type if field == "mimeType" else candidate.file.name.casefold()

        wanted = value if field == "mimeType" else value.casefold()
        if operator == "=":
            return lambda candidate: own(candidate) == wanted
        if operator == "!=":
            return lambda candidate: own(candidate) != wanted
        if operator == "contains":
            start = re.compile(("^" if field == "mimeType" else r"(?<!\w)") + re.escape(wanted))
            return lambda candidate: bool(start.search(own(candidate)))
        raise _invalid(self.query)

    def moment(self, field: str, operator: str, value: str) -> Test:
        """A comparison of times; without a zone they are UTC."""
        try:
            wanted = datetime.fromisoformat(value.replace("Z", "+00:00"))
        except ValueError:
            raise _invalid(self.query) from None
        if wanted.tzinfo is None:
            wanted = wanted.replace(tzinfo=UTC)
        if operator not in _ORDER:
            raise _invalid(self.query)
        order = _ORDER[operator]

        def test(candidate: Candidate) -> bool:
            own = candidate.file.modified_at if field == "modifiedTime" else candidate.file.created_at
            return order(datetime.fromisoformat(own), wanted)

        return test


_ORDER: dict[str, Callable[[datetime, datetime], bool]] = {
    "=": lambda own, wanted: own == wanted,
    "!=": lambda own, wanted: own != wanted,
    "<": lambda own, wanted: own < wanted,
    "<=": lambda own, wanted: own <= wanted,
    ">": lambda own, wanted: own > wanted,
    ">=": lambda own, wanted: own >= wanted,
}


def _unquoted(token: str) -> str:
    return re.sub(r"\\(.)", r"\1", token[1:-1])


def _both(left: Test, right: Test) -> Test:
    return lambda candidate: left(candidate) and right(candidate)


def _either(left: Test, right: Test) -> Test:
    return lambda candidate: left(candidate) or right(candidate)
