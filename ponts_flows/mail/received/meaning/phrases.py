"""A short text as clauses of phrases, each with its sense: greetings and signatures set apart, days read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from ponts_flows.mail.received.meaning.days import Around, Day, marked
from ponts_flows.mail.received.meaning.spelling import BREAKS, Token, tokens
from ponts_flows.mail.received.meaning.words import Sense, vocabulary

_LONGEST_NAME = 3
_SENTENCE_ENDS = frozenset(".!?…¶-:(")
_ENGLISH = frozenset("the we i yes met next with and you of will last yesterday".split())
# A day told as a limit, a span or thereabouts is no day.
_BOUND = re.compile(
    r"(?<!\S)(?:avant|apres|depuis|jusqu|jusque|des|vers|entre|d ici|partir d[eu]?|environ|courant|autour d[eu]|"
    r"semaine d[eu]|semaine|debut|fin|mi|before|after|since|until|till|by|around|about|from|between|week of|"
    r"week|within)(?: (?:a|au|le|la|du|the|en|of))? @(\d+)"
)
_SPAN = re.compile(r"@(\d+) (?:au|a|to|-|until|through|ou|or|/|jusqu au|jusqu a) @(\d+)")
_ROUGHLY = re.compile(r"@(\d+) (?:environ|ou|or|approximately|a peu pres)(?!\S)")
LIMIT = "une date approximative, une limite ou une période"


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A phrase with its sense; a day also has the day that was told."""

    sense: Sense
    words: str
    day: Day | None = None
    capital: bool = False
    """Written with a capital."""
    opens: bool = False
    """First of its sentence, where any word has a capital."""

    @property
    def small(self) -> bool:
        """Unknown, and not a name by its looks."""
        return self.sense is Sense.UNKNOWN and (self.opens or not self.capital)


@dataclass(frozen=True, kw_only=True)
class Clause:
    """The phrases between two breaks; `but` when it opens with one."""

    pieces: tuple[Piece, ...]
    but: bool = False
    senses: frozenset[Sense] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "senses", frozenset(piece.sense for piece in self.pieces))

    def count(self, sense: Sense) -> int:
        return sum(piece.sense is sense for piece in self.pieces)

    @property
    def days(self) -> list[Day]:
        return [piece.day for piece in self.pieces if piece.day]


def clauses(text: str, *, about: str, on: date) -> list[Clause]:
    """The clauses of an answer; `about` chooses the vocabulary (see `words.vocabulary`)."""
    return _parted(_unsigned(_ungreeted(_pieces(text, about=about, on=on))))


def _pieces(text: str, *, about: str, on: date) -> list[Piece]:
    known = vocabulary(about)
    written = [Token(known.corrected(token.word), token.capital) for token in tokens(text)]
    capitals = {token.word for token in written if token.capital} if any(c.islower() for c in text) else set()
    english = len(_ENGLISH & {token.word for token in written}) > 0
    line, days = marked(" ".join(token.word for token in written), Around(on=on, month_first=english))
    days = _bounded(line, days)
    words, at = line.split(), 0
    pieces: list[Piece] = []
    while at < len(words):
        used, piece = _piece(words, at, about=about, days=days, capitals=capitals)
        opens = not pieces or pieces[-1].words in _SENTENCE_ENDS
        pieces.append(replace(piece, opens=True) if opens else piece)
        at += used
    return pieces


def _piece(
    words: Sequence[str], at: int, *, about: str, days: Sequence[Day], capitals: set[str]
) -> tuple[int, Piece]:
    word = words[at]
    if found := vocabulary(about).at(words, at):
        used, sense = found
        return used, Piece(sense=sense, words=" ".join(words[at : at + used]))
    if word[0] == "@" and word[1:]:
        day = days[int(word[1:])]
        return 1, Piece(sense=Sense.DAY, words=day.words, day=day)
    if word in BREAKS or word == ":":
        return 1, Piece(sense=Sense.BREAK, words=word)
    sense = {"#": Sense.HOUR, "@": Sense.ADDRESS, "?": Sense.ASK}.get(word, Sense.UNKNOWN)
    if word[0].isdecimal():
        sense = Sense.NUMBER
    return 1, Piece(sense=sense, words=word, capital=word in capitals)


def _bounded(line: str, days: Sequence[Day]) -> list[Day]:
    """Days told as a limit, a span or thereabouts get that as their fault."""
    vague = {int(n) for pattern in (_BOUND, _ROUGHLY) for n in pattern.findall(line)}
    vague |= {int(n) for pair in _SPAN.findall(line) for n in pair}
    return [
        Day(words=day.words, fault=day.fault or LIMIT) if n in vague else day for n, day in enumerate(days)
    ]


def _ungreeted(pieces: list[Piece]) -> list[Piece]:
    """Name whoever is greeted: `Bonjour Marie Dupont`."""
    named = list(pieces)
    for at, piece in enumerate(pieces):
        if piece.sense is Sense.HELLO:
            for follower in range(at + 1, min(at + 1 + _LONGEST_NAME, len(pieces))):
                if not (pieces[follower].sense is Sense.UNKNOWN and pieces[follower].capital):
                    break
                named[follower] = Piece(sense=Sense.NAME, words=pieces[follower].words)
    return named


def _unsigned(pieces: list[Piece]) -> list[Piece]:
    """Name whoever signs: at the very end, after a closing word or alone on the last line."""
    end = len(pieces)
    while end and pieces[end - 1].sense is Sense.BREAK:
        end -= 1
    start = end
    while start and pieces[start - 1].sense is Sense.UNKNOWN and end - start < _LONGEST_NAME:
        start -= 1
    if start == end or start == 0:
        return pieces
    before = next((p for p in reversed(pieces[:start]) if p.sense is not Sense.BREAK), None)
    closed = before is not None and before.sense is Sense.BYE
    capitals = all(piece.capital for piece in pieces[start:end])
    thanked = before is not None and before.sense is Sense.THANKS and capitals
    alone = before is not None and pieces[start - 1].words == "¶" and capitals
    if not (closed or thanked or alone):
        return pieces
    return [
        *pieces[:start],
        *(Piece(sense=Sense.NAME, words=p.words) for p in pieces[start:end]),
        *pieces[end:],
    ]


def _parted(pieces: Sequence[Piece]) -> list[Clause]:
    """Pieces parted at every break, at `et` and before a `mais`; `plus` after a `ne` is a negation."""
    parted: list[Clause] = []
    held: list[Piece] = []
    but = False
    for piece in (*pieces, Piece(sense=Sense.BREAK, words=".")):
        if piece.words == ":":
            continue
        if piece.sense in {Sense.BREAK, Sense.BUT} or piece.words in {"et", "and"}:
            if held:
                parted.append(Clause(pieces=tuple(held), but=but))
                but = False
            held = []
            but = but or piece.sense is Sense.BUT
        elif piece.words == "plus" and any(other.sense is Sense.NE for other in held):
            held.append(Piece(sense=Sense.NOT, words="plus"))
        else:
            held.append(piece)
    if but:
        parted.append(Clause(pieces=(), but=True))
    return parted
