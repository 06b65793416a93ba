"""From what a cell or a form says to the choices of a question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from ponts_flows.forms import folding
from ponts_flows.forms.folding import line, nearest
from ponts_flows.forms.spec import Picked, Question

_SEPARATORS = re.compile(r"[,;\n]")
_LONGEST_ANSWER = 2000
_REMEMBERED = 4096  # answers to a question: most people give the same few
_MOST_COMMAS = 3  # in the text of one choice

folded = lru_cache(maxsize=4096)(folding.folded)  # people tick the same few choices


def picked(question: Question, values: Iterable[str]) -> Picked:
    """The choices that answers name, by text in any language, id or alias; a slip of the keys is forgiven.

    A spreadsheet puts several ticks in one cell, with commas between, and a choice may hold a comma itself.
    """
    key = tuple(values)
    known = question.picked_before
    if key not in known:
        if len(known) >= _REMEMBERED:
            known.clear()
        known[key] = _picked(question, key)
    return known[key]


def _picked(question: Question, values: tuple[str, ...]) -> Picked:
    names = question.choice_names
    ids: list[str] = []
    unknown: list[str] = []
    for value in values:
        pieces = [piece for piece in _SEPARATORS.split(value[:_LONGEST_ANSWER]) if folded(piece)]
        while pieces:
            length, found = _longest(pieces, names)
            if found:
                ids += found
            else:
                unknown.append(line(pieces[0], 60))
            pieces = pieces[length:]
    return Picked(ids=tuple(dict.fromkeys(ids)), unknown=tuple(dict.fromkeys(unknown)))


def _longest(pieces: list[str], names: Mapping[str, tuple[str, ...]]) -> tuple[int, tuple[str, ...]]:
    """How many pieces the longest choice at the start takes, and its ids; one and nothing if none is."""
    for length in range(min(len(pieces), _MOST_COMMAS + 1), 0, -1):
        if found := names.get(folded(" ".join(pieces[:length]))):
            return length, found
    slip = nearest(folded(pieces[0]), names)
    return 1, names[slip] if slip else ()
