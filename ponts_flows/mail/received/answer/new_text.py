"""What the author of a reply wrote: neither the quotation nor what their client added around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum, auto

from ponts_flows.mail.received.answer.footers import is_cut_footer, is_footer
from ponts_flows.mail.received.answer.frames import Frame, Page
from ponts_flows.mail.received.answer.lines import MARK, Line, lines_of, stripped
from ponts_flows.mail.received.answer.ours import ours
from ponts_flows.mail.received.answer.quotation import is_rule
from ponts_flows.mail.received.answer.signature import unsigned
from ponts_flows.mail.received.htmltext import html_to_quoted_text

__all__ = ["new_text", "new_text_of_html", "unsigned"]

# Fewer quoted lines than this, with nothing to introduce them, are an author's.
_LEAST_QUOTATION = 3
_DELIMITER = "--"
_HEADING = 12
# An answer is a line of ours, or two.
_FEW = 2


class _Where(Enum):
    """What surrounds a line."""

    AUTHOR = auto()  # nothing is quoted yet
    SIGNED = auto()  # a quotation whose lines are known by their sign or as ours: the others answer it
    BARE = auto()  # a quotation whose lines are not: all that follows is quoted


def new_text(text: str, *, sent: str = "") -> str:
    """The part of a reply that its author wrote, in order, with their signature; empty when there is none.

    `sent` is what we wrote to them, one text or several: what is quoted of it goes first. Reads 20,000
    characters.
    """
    return _new_text(text.replace(MARK, ""), sent)


def new_text_of_html(html: str, *, sent: str = "") -> str:
    """The same of an HTML reply, where the clients' own marks tell what is quoted. Reads 200,000 characters."""
    return _new_text(html_to_quoted_text(html), sent)


def _new_text(text: str, sent: str) -> str:
    lines = lines_of(text)
    page = Page(lines, ours(lines, sent))
    frames = tuple(page.frames())
    if frames or page.ours:
        kept = _outside(page, frames)
    else:
        kept = _above_the_last_signs(page)
    written = stripped("\n".join(_spaced(_without_footers(kept))))
    if not written and not frames and 0 < len(page.ours) <= _FEW:
        # The whole answer is a line that is ours too, such as "OUI": it is theirs.
        return stripped("\n".join(line.raw for line in lines))
    return written


def _outside(page: Page, frames: Sequence[Frame]) -> list[Line | None]:
    """The author's lines; None where something was taken out."""
    begun = {frame.start: frame for frame in frames}
    kept: list[Line | None] = []
    where, i = _Where.AUTHOR, 0
    while i < len(page.lines) and where is not _Where.BARE:
        line, frame = page.lines[i], begun.get(i)
        if frame is not None and not (where is _Where.SIGNED and line.depth):
            _drop_signs_above(kept, line)
            kept += [Line(frame.before, 0, frame.before), None] if frame.before else [None]
            where, i = _below(page, frame, frames)
            continue
        if i in page.ours or (where is _Where.SIGNED and (line.depth or is_rule(line.bare))):
            where = _Where.SIGNED
            kept.append(None)
        else:
            kept.append(line)
        i += 1
    return kept


def _drop_signs_above(kept: list[Line | None], line: Line) -> None:
    """Quoted lines that touch a quoted frame belong to it."""
    while line.depth and kept and (last := kept[-1]) is not None and last.depth:
        kept.pop()


def _below(page: Page, frame: Frame, frames: Sequence[Frame]) -> tuple[_Where, int]:
    """How a quotation shows what it holds, and where it begins."""
    first = page.next(frame.end)
    if first == len(page.lines) or page.lines[first].depth:
        return _Where.SIGNED, frame.end
    following = next((each.start for each in frames if each.start >= frame.end), len(page.lines))
    begins = next((i for i in range(frame.end, following) if i in page.places), None)
    return (_Where.BARE, first) if begins is None else (_Where.SIGNED, _first_line(page, begins))


def _first_line(page: Page, begins: int) -> int:
    """Below the line that inboxes show first, which repeats our beginning, and below our heading."""
    near = range(begins + 1, min(begins + _HEADING, len(page.lines)))
    return next((i for i in near if 0 <= page.places.get(i, -1) <= page.places[begins]), begins)


def _above_the_last_signs(page: Page) -> list[Line | None]:
    """Without the quoted lines at the end, which nothing introduces; a few of them are an author's."""
    end = len(page.lines)
    while end:
        below = end
        while below and page.lines[below - 1].blank:
            below -= 1
        begun = below
        while begun and page.lines[begun - 1].depth:
            begun -= 1
        signs = sum(not line.blank for line in page.lines[begun:below])
        if signs < _LEAST_QUOTATION:
            break
        end = begun
    return list(page.lines) if end == len(page.lines) else [*page.lines[:end], None]


def _without_footers(kept: Sequence[Line | None]) -> Iterator[Line | None]:
    gone: set[int] = set()
    for i, line in enumerate(kept):
        below = kept[i + 1] if i + 1 < len(kept) else None
        if line is None or line.blank or i in gone:
            continue
        if below is not None and is_cut_footer(line.bare) and is_footer(f"{line.bare} {below.bare}"):
            gone.update((i, i + 1))
        elif is_footer(line.bare):
            gone.add(i)
    return (None if i in gone else line for i, line in enumerate(kept))


def _spaced(kept: Iterator[Line | None]) -> list[str]:
    """The lines, with at most one blank line where something was taken out."""
    out: list[str] = []
    blanks: list[str] = []
    gap = False
    for line in kept:
        if line is None:
            gap = True
            while out and (is_rule(out[-1].strip()) or not out[-1].strip()):
                out.pop()
        elif line.blank:
            blanks.append(line.raw)
        else:
            out += (blanks[:1] if gap else blanks) if out else []
            out.append(line.raw)
            blanks, gap = [], False
    while out and (out[-1].strip() == _DELIMITER or not out[-1].strip()):
        out.pop()
    return out
