"""Which lines of a reply are those that we sent, however the client rewrote them.

Only words are compared, in their order: blanks, quotation marks, stars, links and line ends are what clients
change. A line is ours when it stands where ours would: whole, and long enough or next to another of ours.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field

from ponts_flows.mail.received.answer.headers import field_of
from ponts_flows.mail.received.answer.lines import Line, plain
from ponts_flows.mail.received.answer.quotation import attribution

_LONGEST_SENT = 100_000
_LONGEST_LINE = 2_000
_URL = re.compile(r"<?(?:https?://|mailto:|tel:)[^\s<>]*>?")
_WORD = re.compile(r"\w+")
# How many words begin a search, and at how many places it looks.
_SEED, _MOST_PLACES = 3, 8
# Alone, a line needs this much to be known as ours; several in a row need less.
_WORDS_ALONE, _CHARACTERS_ALONE = 5, 25
_WORDS_IN_A_ROW = 6
# A line this long may have been folded by the client anywhere.
_FOLDED = 40
# As many words of ours may be missing between two lines of ours; as many lines may be written between them.
_NEAR_WORDS, _NEAR_LINES = 60, 30

Words = tuple[str, ...]


def ours(lines: Sequence[Line], sent: str) -> dict[int, int]:
    """The indexes of the lines that are ours, and which word of what we sent each begins with; -1 without words."""
    known = _Sent(sent)
    if not known.words:
        return {}
    received = _Received(lines)
    runs = list(_runs(received, known))
    known_well = [run for run in runs if len(run.ranks) > 1 or received.line(run.ranks[0]).depth][:50]
    found: dict[int, int] = {}
    for run in runs:
        if not _taken_up(received, run, known_well):
            found.update(_places(received, run))
    for run in runs:
        found.update(_above(received, known, run, found))
        found.update(_below(received, known, run, found))
    indexes = {received.order[rank]: place for rank, place in found.items()}
    return indexes | dict.fromkeys(_wordless(lines, indexes, known), -1)


def _places(received: _Received, run: _Run) -> Iterator[tuple[int, int]]:
    place = run.start
    for rank in run.ranks:
        yield rank, place
        place += len(received.words[rank])


class _Sent:
    """Our words in order, and where our lines begin and end among them."""

    def __init__(self, sent: str) -> None:
        self.text = sent[:_LONGEST_SENT]
        self.words: list[str] = []
        self.starts: set[int] = set()
        self.ends: set[int] = set()
        self.wordless: set[str] = set()
        for line in self.text.split("\n"):
            if words := _words(plain(line)):
                self.starts.add(len(self.words))
                self.words.extend(words)
                self.ends.add(len(self.words))
            else:
                self.wordless.add("".join(plain(line).split()))
        self.places: dict[Words, list[int]] = defaultdict(list)
        for place in range(len(self.words)):
            self.places[tuple(self.words[place : place + _SEED])].append(place)

    def has(self, words: Words, place: int) -> bool:
        """Whether these words stand at this place."""
        return place >= 0 and tuple(self.words[place : place + len(words)]) == words


class _Received:
    """The lines that hold words, by rank."""

    def __init__(self, lines: Sequence[Line]) -> None:
        said = {i: words for i, line in enumerate(lines) if (words := _words(line.bare))}
        self.lines = lines
        self.order = list(said)
        self.words = list(said.values())

    def __len__(self) -> int:
        return len(self.order)

    def line(self, rank: int) -> Line:
        """The line at this rank."""
        return self.lines[self.order[rank]]


@dataclass(frozen=True, kw_only=True)
class _Run:
    """Lines in a row that are in a row in what we sent: their ranks, from which word to which."""

    ranks: range = field(default=range(0))
    start: int = 0
    end: int = 0

    @property
    def length(self) -> int:
        return self.end - self.start


def _words(text: str) -> Words:
    text = text[:_LONGEST_LINE]
    return tuple(_WORD.findall(_URL.sub(" ", text) if ":" in text else text))


def _runs(received: _Received, known: _Sent) -> Iterator[_Run]:
    """The rows that are long enough to be nobody else's."""
    rank, before = 0, _Run(end=len(known.words))
    while rank < len(received):
        places = known.places.get(received.words[rank][:_SEED], ())[:_MOST_PLACES]
        best = max((_run(received, known, rank, place) for place in places), key=_length, default=_Run())
        if best.ranks and _is_ours(received, known, best, before):
            yield best
            before = best
        rank += max(len(best.ranks), 1) if before is best else 1


def _run(received: _Received, known: _Sent, rank: int, place: int) -> _Run:
    end, last = place, rank
    while last < len(received) and known.has(received.words[last], end):
        lost_its_sign = last > rank and received.line(last - 1).depth > 0 == received.line(last).depth
        if lost_its_sign and end in known.starts:
            break  # An answer between quoted lines; only the rest of a line loses its `>`.
        end += len(received.words[last])
        last += 1
    return _Run(ranks=range(rank, last), start=place, end=end)


def _length(run: _Run) -> int:
    return run.length


def _is_ours(received: _Received, known: _Sent, run: _Run, before: _Run) -> bool:
    lines = [received.line(rank) for rank in run.ranks]
    if all(line.depth for line in lines):
        return True
    characters = sum(len(line.bare) for line in lines)
    if run.start not in known.starts or not (run.end in known.ends or len(lines[-1].bare) >= _FOLDED):
        return len(lines) >= 3 and characters >= 100
    if run.length >= _SEED and run.end in known.ends and 0 <= run.start - before.end <= _NEAR_WORDS:
        return True
    if len(lines) > 1:
        return run.length >= _WORDS_IN_A_ROW
    return run.length >= _WORDS_ALONE and characters >= _CHARACTERS_ALONE


def _taken_up(received: _Received, run: _Run, known_well: Sequence[_Run]) -> bool:
    """Whether an author wrote this line, such as an example of ours, above the quotation that holds it too."""
    line = received.line(run.ranks[0])
    if len(run.ranks) > 1 or run.length >= 2 * _WORDS_ALONE or line.depth or line.bare.endswith("?"):
        return False
    return any(
        each.ranks[0] > run.ranks[0] and each.start <= run.start and run.end <= each.end
        for each in known_well
    )


def _above(received: _Received, known: _Sent, run: _Run, found: Container[int]) -> dict[int, int]:
    """The short lines above that are those that we wrote above, even with an answer between."""
    more: dict[int, int] = {}
    start, quoted = run.start, received.line(run.ranks[0]).depth > 0
    for rank in range(run.ranks[0] - 1, max(run.ranks[0] - _NEAR_LINES, 0) - 1, -1):
        words, line = received.words[rank], received.line(rank)
        if rank in found or (line.depth > 0) != quoted:
            break
        before = start - len(words)
        if before in known.starts and known.has(words, before):
            more[rank] = start = before
        elif start == 0 or _may_be_frame(line.bare):
            break
    return more


def _may_be_frame(bare: str) -> bool:
    """Whether a client may have written this above a quotation: beyond, nothing is ours."""
    return "@" in bare or "--" in bare or field_of(bare) is not None or bool(attribution(bare))


def _below(received: _Received, known: _Sent, run: _Run, found: Container[int]) -> dict[int, int]:
    """Our next line or the rest of a line, short as it is, below what was written between."""
    depth = received.line(run.ranks[-1]).depth
    for rank in range(run.ranks[-1] + 1, min(run.ranks[-1] + _NEAR_LINES, len(received))):
        words = received.words[rank]
        if rank in found:
            break
        whole = run.end + len(words) in known.ends and (len(words) > 1 or run.end not in known.starts)
        if whole and received.line(rank).depth == depth and known.has(words, run.end):
            return {rank: run.end}
    return {}


def _wordless(lines: Sequence[Line], found: Container[int], known: _Sent) -> Iterator[int]:
    """Our lines without a word: links, and next to a line of ours also rewritten ones, and rules."""
    candidates: list[int] = []
    above = False
    for i, line in enumerate(lines):
        if line.blank:
            continue
        mark = "".join(line.bare.split())
        if i in found or _words(line.bare):
            yield from candidates if above or i in found else ()
            candidates, above = [], i in found
        elif "://" in mark and mark.strip("<>()") in known.text:
            yield i
        elif mark in known.wordless or (above and i - 1 in found and mark.startswith("<http")):
            candidates.append(i)
    yield from candidates if above else ()
