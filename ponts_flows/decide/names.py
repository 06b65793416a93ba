"""Whether two names may be the same person's: accents, case, hyphens, apostrophes and particles aside.

It only ever leads to a question to a coordinator, so it forgives a lot.
"""

from __future__ import annotations

from ponts_flows.forms.folding import folded

# Words of a last name that one list writes and another drops: "de La Tour", "Latour"; "Ben Youssef".
_PARTICLES = frozenset(
    {"de", "du", "des", "d", "la", "le", "les", "l"}
    | {"von", "van", "der", "den", "da", "das", "do", "dos", "di", "del", "y", "e"}
    | {"el", "al", "ben", "bin", "bint", "ibn", "abou", "abu", "ould", "ait"}
)


def name_keys(first: str, last: str) -> frozenset[str]:
    """What two writings of one person's name have in common: they share a key. Empty without a last name.

    First and last name may be in each other's column.
    """
    straight = {f"{one}|{other}" for one in _joined(first) for other in _bare(last)}
    swapped = {f"{other}|{one}" for one in _bare(first) for other in _joined(last)}
    return frozenset(straight | swapped) if folded(last) and folded(first) else frozenset()


def same_name(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether two (first name, last name) may be the same person's."""
    return not name_keys(*one).isdisjoint(name_keys(*other))


def _joined(name: str) -> set[str]:
    """A name in one word: `Jean-Baptiste` is `Jean Baptiste`."""
    return {folded(name).replace(" ", "")}


def _bare(name: str) -> set[str]:
    """A last name in one word, with its particles, without them, and without those of nobility alone."""
    words = folded(name).split()
    without = [word for word in words if word not in _PARTICLES]
    nobility = [word for word in words if word not in {"de", "du", "des", "d"}]
    return {"".join(kept) for kept in (words, without, nobility) if kept}
