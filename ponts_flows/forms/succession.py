"""Which response counts when a person answers again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ponts_flows.forms.reading import Reading
from ponts_flows.model import Role


@dataclass(frozen=True, kw_only=True)
class Received:
    """A response with the moment its author sent it, by the form's own time stamp. `id` is unique."""

    id: str
    submitted_at: datetime
    reading: Reading


@dataclass(frozen=True, kw_only=True)
class Succession:
    """The responses of one person for one role: the one that counts, and those it replaced, oldest first."""

    current: Received
    replaced: tuple[Received, ...]


def latest(received: Iterable[Received]) -> tuple[Succession, ...]:
    """The last response of each person for each role, oldest first; the order of arrival changes nothing.

    Two responses are by the same person when they share an address, or a chain of responses links their
    addresses. At the same instant, the greater id counts.
    """
    in_order = sorted(received, key=lambda one: (one.submitted_at, one.id))
    leader = list(range(len(in_order)))
    first_with: dict[tuple[Role, str], int] = {}
    for number, one in enumerate(in_order):
        person = one.reading.respondent
        for address in person.emails:
            _join(leader, number, first_with.setdefault((person.role, address), number))
    people: dict[int, list[Received]] = {}
    for number, one in enumerate(in_order):
        people.setdefault(_leader(leader, number), []).append(one)
    return tuple(Succession(current=person[-1], replaced=tuple(person[:-1])) for person in people.values())


def _leader(leader: list[int], number: int) -> int:
    """The oldest response of a group, remembered on the way so that the next look is short."""
    while leader[number] != number:
        leader[number] = leader[leader[number]]
        number = leader[number]
    return number


def _join(leader: list[int], one: int, other: int) -> None:
    older, newer = sorted((_leader(leader, one), _leader(leader, other)))
    leader[newer] = older
