"""A process that can be killed: at any call to Google, at any commit, before it or after it took effect.

The seams are those that the libraries offer: an adapter mounted on the sessions, a ledger whose transactions end
a little later. Nothing is replaced: what was sent was sent, what was committed is on disk.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from sqlalchemy import Connection, event

from ponts_flows.google.transport import Google
from ponts_flows.ledger import Ledger


class Killed(BaseException):
    """The process ends here; nobody may catch it."""


@dataclass(frozen=True, kw_only=True)
class Point:
    """A moment at which a process may die. `leaves_more`: the world differs from what it was at the point before."""

    name: str
    leaves_more: bool


@dataclass(kw_only=True)
class Fate:
    """Counts the points that a process passes, and kills it at one of them; None: it lives."""

    dies_at: int | None = None
    points: list[Point] = field(default_factory=list)

    def passes(self, name: str, *, leaves_more: bool = False) -> None:
        """Note a point; die here when it was to be."""
        self.points.append(Point(name=name, leaves_more=leaves_more))
        if len(self.points) - 1 == self.dies_at:
            raise Killed(name)


class MortalLedger(Ledger):
    """A ledger whose every commit that writes something is two points, before and after it."""

    def __init__(self, url: str, fate: Fate) -> None:
        super().__init__(url, durable=False)
        self.fate, self._wrote = fate, False
        event.listen(self.engine, "after_cursor_execute", self._note)

    def _note(self, _: Any, cursor: Any, statement: str, *__: Any) -> None:
        changes = statement.startswith(("INSERT", "UPDATE", "DELETE"))
        self._wrote |= changes and cursor.rowcount != 0

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction, as the ledger's own."""
        with super().transaction() as connection:
            self._wrote = False
            yield connection
            writes = self._wrote
            if writes:
                self.fate.passes("before a commit")
        if writes:
            self.fate.passes("after a commit", leaves_more=True)


@cache
def _kept(url: str) -> MortalLedger:
    return MortalLedger(url, Fate())


def mortal_ledger(url: str, fate: Fate) -> MortalLedger:
    """A ledger under a fate; one object for each database, as what it has made of its statements is worth keeping."""
    ledger = _kept(url)
    ledger.fate = fate
    return ledger


class _Line(HTTPAdapter):
    """The line to Google: before a request is sent, and after it took effect with its answer not yet seen."""

    def __init__(self, fate: Fate) -> None:
        super().__init__()
        self._fate = fate

    def send(self, request: requests.PreparedRequest, *arguments: Any, **options: Any) -> requests.Response:
        what = f"{request.method} {urlsplit(request.url or '').path}"
        self._fate.passes(f"before {what}")
        answer = super().send(request, *arguments, **options)
        self._fate.passes(f"after {what}", leaves_more=not _only_reads(request))
        return answer


def _only_reads(request: requests.PreparedRequest) -> bool:
    return request.method == "GET" or (request.url or "").endswith("values:batchGetByDataFilter")


def on_a_mortal_line(google: Google, fate: Fate) -> Google:
    """The same access to Google, whose every call is two points; buying a token is none, it changes nothing."""
    for session in (google.files, google.mail):
        session.mount("http://", _Line(fate))
    return google
