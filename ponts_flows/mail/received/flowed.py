"""Text that its client cut into lines as `format=flowed` (RFC 3676): put back as it was written."""

from __future__ import annotations

_SIGNATURE = "-- "
# A blank may end a line that somebody ended themselves: only a line too full for the next word goes on.
_FULL = 60


def unflowed(text: str, *, delsp: bool = False) -> str:
    """The text with its cut lines joined, and without the blanks that shelter the beginnings of lines.

    `delsp` says that the blank before a cut is the client's.
    """
    paragraphs: list[tuple[int, list[str]]] = []
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        words = line[depth:].removeprefix(" ")
        if paragraphs and paragraphs[-1][0] == depth and _goes_on(paragraphs[-1][1][-1], words):
            paragraphs[-1][1].append(words)
        else:
            paragraphs.append((depth, [words]))
    return "\n".join(_joined(depth, lines, delsp=delsp) for depth, lines in paragraphs)


def _goes_on(above: str, below: str) -> bool:
    full = len(above) + len(below.partition(" ")[0]) >= _FULL
    return full and above.endswith(" ") and above != _SIGNATURE and below != "" and below != _SIGNATURE


def _joined(depth: int, lines: list[str], *, delsp: bool) -> str:
    cut = [line[:-1] for line in lines[:-1]] if delsp else lines[:-1]
    signs = ">" * depth + " " if depth else ""
    return signs + "".join((*cut, lines[-1]))
