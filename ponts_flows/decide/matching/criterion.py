"""What a criterion is: what it reads of each of two people, and its judgement of them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from ponts_flows.decide.matching.pool import Candidate
from ponts_flows.programme import Programme


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What one criterion says of a pair: 0 to 100 points, and why, in French, worded when it is asked for."""

    points: int
    word: Callable[[], str]

    @property
    def words_fr(self) -> str:
        """Why, in French."""
        return self.word()


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that a criterion reads of each person; people with the same facts are judged once.

    Facts take few different values over a pool: a month, a way to meet. With keys, a criterion also reads
    whether the two have the same one, such as a city; None is the same as nothing.
    """

    of_mentee: Callable[[Candidate], Hashable]
    of_mentor: Callable[[Candidate], Hashable]
    key_of_mentee: Callable[[Candidate], str | None] = lambda person: None
    key_of_mentor: Callable[[Candidate], str | None] = lambda person: None


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A number of each person, where only by how much the mentee's exceeds the mentor's counts."""

    of_mentee: Callable[[Candidate], int]
    of_mentor: Callable[[Candidate], int]


@dataclass(frozen=True, kw_only=True)
class Shares:
    """Things that the mentee wants, worth 100 points together: the points are those of what the mentor has.

    `silent`: the points where one of the two said nothing.
    """

    of_mentee: Callable[[Candidate], Mapping[Hashable, int]]
    of_mentor: Callable[[Candidate], AbstractSet[Hashable]]
    silent: int

    def points(self, mentee: Candidate, mentor: Candidate) -> int:
        """The points of a pair."""
        wanted, offered = self.of_mentee(mentee), self.of_mentor(mentor)
        if not wanted or not offered:
            return self.silent
        return sum(points for thing, points in wanted.items() if thing in offered)


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """A criterion, named as its weight: what it reads of each person, and its judgement of two people."""

    name: str
    label_fr: str
    reads: Facts | Difference | Shares
    judge: Callable[[Candidate, Candidate, Programme], Judgement]


def weight_of(criterion: Criterion, programme: Programme) -> int:
    """How much a criterion counts, 0 to 10."""
    weight: int = getattr(programme.weights, criterion.name)
    return weight


def share(part: int, whole: int) -> int:
    """Part of a whole in points, the half rounded up, in integers."""
    return (200 * part + whole) // (2 * whole)


@lru_cache(maxsize=1 << 16)
def shared_out(things: tuple[Hashable, ...], *, first: int = 1) -> Mapping[Hashable, int]:
    """Divide 100 points among things in equal parts, `first` parts for the first of them."""
    found: dict[Hashable, int] = {}
    whole = len(distinct := tuple(dict.fromkeys(things))) + first - 1
    given = 0
    for place, thing in enumerate(distinct):
        points = share(place + first, whole)
        found[thing] = points - given
        given = points
    return MappingProxyType(found)
