"""Where quotations begin in a received text: the lines that a client wrote above each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from ponts_flows.mail.received.answer import quotation
from ponts_flows.mail.received.answer.headers import block, is_block_in_a_line, may_be_header
from ponts_flows.mail.received.answer.lines import MARK, Line
from ponts_flows.mail.received.answer.quotation import Strength

# An attribution is folded over so many lines.
_FOLDS = 4
_LONGEST_BLOCK = 30
# How far below its mark a quotation begins.
_MARK_REACH = 4
# So many rules and titles stand above a frame, and so near.
_MOST_ABOVE, _NEAR = 3, 3


@dataclass(frozen=True, kw_only=True)
class Frame:
    """Lines `start` to `end`, the last excluded; `before` is what an author wrote on the first of them."""

    start: int
    end: int
    before: str = ""


class Page:
    """A received text; `ours` are the lines in it that are ours, `places` where those known by themselves begin."""

    def __init__(self, lines: Sequence[Line], ours: Mapping[int, int]) -> None:
        self.lines = lines
        self._attributions: dict[int, tuple[int | None, int | None]] = {}
        self.places = ours
        self.ours = frozenset(_whole_blocks(lines, ours.keys())) if ours else frozenset()
        self._first_of_ours = min(self.ours, default=-1)

    def next(self, i: int) -> int:
        """The first line from `i` on that is not blank; the number of lines when there is none."""
        while i < len(self.lines) and self.lines[i].blank:
            i += 1
        return i

    def quoted(self, i: int) -> bool:
        """Whether line `i` is seen to be quoted: it is ours, or bears a sign when we know of none of ours."""
        if i >= len(self.lines):
            return False
        if self.lines[i].bare == MARK:
            return True
        if self.ours:
            return i in self.places or (i in self.ours and self._sure(i) is None)
        return self.lines[i].depth > 0

    def _is_bare(self, i: int) -> bool:
        """Whether line `i` is ours and no sign shows it."""
        return i in self.places and not self.lines[i].depth

    def frames(self) -> Iterator[Frame]:
        """The frames from the top down."""
        i = 0
        while (i := self.next(i)) < len(self.lines):
            frame = self._frame(i)
            if frame is None:
                i += 1
            else:
                yield frame
                i = frame.end

    def _frame(self, i: int) -> Frame | None:
        end = self._begun(i)
        if end is None:
            return None
        before = quotation.before_title(self.lines[i].bare) or ""
        while (more := self._continued(self.next(end))) is not None:
            end = more
        if all(line.bare in ("", MARK) for line in self.lines[i:end]):
            end = self._to_the_first_sign(end)
        return Frame(start=i, end=end, before=before)

    def _begun(self, i: int) -> int | None:
        """The end of what begins at line `i`, when it introduces a quotation."""
        if i in self.ours:
            return None
        for _ in range(_MOST_ABOVE):
            if (end := self._sure(i) or self._likely(i)) is not None:
                return end
            below = self.next(i + 1)
            if below > i + _NEAR or below >= len(self.lines):
                return None
            if not self._is_drawn(i):
                return i + 1 if below == i + 1 and self._is_titled(i) else None
            if below == self._first_of_ours and self.quoted(below):
                return i + 1
            i = below
        return None

    def _is_drawn(self, i: int) -> bool:
        return quotation.is_rule(self.lines[i].bare) or quotation.is_drawn_title(self.lines[i].bare)

    def _is_titled(self, i: int) -> bool:
        """`Message d'origine`, drawn by nothing, right above headers or above what is ours."""
        if not quotation.is_title(self.lines[i].bare):
            return False
        headers = block(self.lines, i + 1)
        return self.quoted(i + 1) or (len(headers.fields) > 1 and headers.is_addressed)

    def _continued(self, i: int) -> int | None:
        """The end of what goes on at line `i`, below the beginning of a frame."""
        if i >= len(self.lines) or i in self.ours:
            return None
        if (end := self._sure(i)) is not None:
            return end
        headers = block(self.lines, i)
        if len(headers.fields) > 1:
            return headers.end
        return i + 1 if quotation.is_rule(self.lines[i].bare) and self._sure(self.next(i + 1)) else None

    def _sure(self, i: int) -> int | None:
        """The end of what introduces a quotation by itself."""
        if i >= len(self.lines):
            return None
        bare = self.lines[i].bare
        if bare == MARK or quotation.before_title(bare) is not None:
            return i + 1
        if quotation.is_dated_title(bare) and i + 1 < len(self.lines):
            return block(self.lines, i + 1).end or None
        if is_block_in_a_line(bare):
            return i + 1
        headers = block(self.lines, i)
        return headers.end if headers.is_sure else self._attribution(i)[0]

    def _likely(self, i: int) -> int | None:
        """The end of what introduces the quotation that is seen to follow."""
        end = self._attribution(i)[1]
        if end is not None and self.quoted(self.next(end)) and not self._superseded(end):
            return end
        if not self.ours:
            return None
        headers = block(self.lines, i)
        if len(headers.fields) > 1 and self.quoted(below := self.next(headers.end)):
            # Between colleagues no address is written, and nobody writes a sign.
            return headers.end if headers.is_addressed or self._is_bare(below) else None
        return None if len(headers.fields) > 1 else self._foreign_block(i)

    def _attribution(self, i: int) -> tuple[int | None, int | None]:
        """Where an attribution that begins at line `i` ends: a sure one, and one that needs a quotation below."""
        if i not in self._attributions:
            ends: dict[Strength, int] = {}
            for end, strength in self._strengths(i):
                ends.setdefault(strength, end)
            sure = ends.get(Strength.SURE)
            self._attributions[i] = (sure, ends.get(Strength.LIKELY))
        return self._attributions[i]

    def _strengths(self, i: int) -> Iterator[tuple[int, Strength]]:
        for end in range(i + 1, min(i + _FOLDS, len(self.lines)) + 1):
            last = self.lines[end - 1].bare
            if not last or end - 1 in self.ours:
                return
            if not quotation.may_end_attribution(last):
                continue
            if not self._may_be_folded(i, end):
                return
            strength = quotation.attribution(_joined(self.lines[i:end]))
            if strength and any(self._is_whole(i, start, end) for start in range(i + 1, end)):
                return  # The first lines are an author's.
            yield end, strength
            if strength is Strength.SURE:
                return

    def _may_be_folded(self, i: int, end: int) -> bool:
        return all(
            quotation.may_be_folded(self.lines[j].bare, self.lines[j + 1].bare) for j in range(i, end - 1)
        )

    def _is_whole(self, i: int, start: int, end: int) -> bool:
        """Whether an attribution needs no line above `start`."""
        text = _joined(self.lines[start:end])
        if quotation.attribution(text) is not Strength.SURE:
            return False
        folded = text.startswith(("<", "(")) or quotation.begins_with_moment(_joined(self.lines[i:start]))
        return quotation.has_date(text) or not folded

    def _superseded(self, end: int) -> bool:
        """Whether a surer frame stands below the quoted lines that follow: then their author quoted them."""
        if self.ours:
            return False
        below = self.next(end)
        while below < len(self.lines) and (self.lines[below].depth or self.lines[below].bare == MARK):
            below += 1
        return self._lowest_sure >= below

    @cached_property
    def _lowest_sure(self) -> int:
        """The last line where a frame surely begins, but for those within what is quoted in a quotation."""
        lines = range(len(self.lines) - 1, -1, -1)
        return next((i for i in lines if self.lines[i].depth < 2 and self._sure(i) is not None), -1)

    def _foreign_block(self, i: int) -> int | None:
        """The end of a block of headers of which we know no name, right above a line of ours."""
        end = i
        while end < len(self.lines) and end - i < _LONGEST_BLOCK and may_be_header(self.lines[end].bare):
            end += 1
        text = _joined(self.lines[i:end])
        if end - i < 3 or not self._is_bare(self.next(end)):
            return None
        return end if quotation.has_address(text) or quotation.has_full_date(text) else None

    def _to_the_first_sign(self, end: int) -> int:
        """Below a mark, what comes before the first quoted line is an attribution, in whatever language."""
        i = end
        for _ in range(_MARK_REACH):
            i = self.next(i)
            if i >= len(self.lines) or i in self.ours:
                return end
            if self.lines[i].depth:
                return i
            i += 1
        return end


def _joined(lines: Sequence[Line]) -> str:
    return " ".join(line.bare for line in lines)


def _whole_blocks(lines: Sequence[Line], ours: Set[int]) -> Iterator[int]:
    """Our lines, and those quoted in one block with them."""
    begun = 0
    for i in range(len(lines) + 1):
        if i == len(lines) or not lines[i].depth:
            block = range(begun, i)
            if not ours.isdisjoint(block):
                yield from block
            if i in ours:
                yield i
            begun = i + 1
