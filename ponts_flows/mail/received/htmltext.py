"""The words of an HTML mail, for the replies that hold no plain text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from itertools import islice
from typing import NamedTuple

from ponts_flows.mail.received.answer.lines import LONGEST_TEXT, MARK, MOST_LINES

_READ, _MOST_PIECES = 200_000, 20_000
_RAW = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("style", "script", "title", "template")}
_BLOCKS = frozenset(
    "address article blockquote body center dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 header hr html li"
    " main nav ol p pre section table tbody tfoot thead tr ul".split()
)
_SPACED = frozenset("p h1 h2 h3 h4 h5 h6 ul ol".split())
_CELLS = frozenset("td th".split())
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:_-]{0,40})")
_ATTRIBUTE = re.compile(
    r"""(?<![\w-])(id|class|type|name|style|data-marker|fairemail)\s{0,5}=\s{0,5}"""
    r"""(?:"([^"]{0,500})"|'([^']{0,500})'|([^\s>"']{1,200}))""",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"<!--|<[!?]")
_LONGEST_TAG, _MOST_QUOTES, _DEEPEST = 2_000, 8, 5

# What clients set around what they quote …
_HOLDS = re.compile(
    r"yahoo_quoted|protonmail_quote|tutanota_quote|ik_mail_quote|data-marker=__quoted_text__|moz-cite-prefix"
    r"|name=quote\b|name=messagereplysection|id=reply-intro|fairemail=reference"
)
# … or above it.
_STANDS_ABOVE = re.compile(
    r"gmail_quote|gmail_attr|id=(?:x_)*(?:divrplyfwdmsg|appendonsend|zwchr|mail-editor-reference-message-container)"
    r"|data-marker=__divider__|ms-outlook-mobile-reference-message|outlookmessageheader|moz-forward-container"
    r"|border-top: ?solid #(?:e1e1e1|b5c4df)|type=cite"
)
_TIGHT = re.compile(r"class=msonormal|margin(?:-top|-bottom)?: ?0")


class _Tag(NamedTuple):
    """A tag; `marks` are the attributes that say what it is for, in small letters."""

    name: str
    closes: bool
    marks: str


def html_to_text(html: str) -> str:
    """The text a reader would see, one line a block, of a page's first 200,000 characters; at most some 20,000."""
    return "\n".join(text for _, text in _lines(html) if text and text != MARK)


def html_to_quoted_text(html: str) -> str:
    """The same with its blank lines, `> ` before what is quoted, and a line that is `MARK` above it."""
    return "\n".join(f"{'> ' * depth}{text}" for depth, text in _lines(html))


def _lines(html: str) -> list[tuple[int, str]]:
    page = _Page()
    pieces = _pieces(_without_comments(html[:_READ].replace(MARK, "")))
    for piece in islice(pieces, _MOST_PIECES):
        if page.full:
            break
        if not isinstance(piece, _Tag):
            page.write(piece)
        elif piece.closes:
            page.close(piece)
        else:
            page.open(piece)
    page.end_line()
    return page.lines


class _Page:
    """The lines written so far, and inside what the next ones stand."""

    def __init__(self) -> None:
        self.lines: list[tuple[int, str]] = []
        self._line: list[str] = []
        self._characters = 0
        self._spaced = False
        self._open: Counter[str] = Counter()
        self._quotations: list[tuple[str, int]] = []

    def write(self, text: str) -> None:
        if self._open["head"]:
            return
        text = text[:LONGEST_TEXT]
        first, *others = text.split("\n") if self._open["pre"] > 0 else (text.replace("\n", " "),)
        self._line.append(first)
        self._characters += len(text)
        for other in others:
            self.break_line()
            self._line.append(other)

    @property
    def full(self) -> bool:
        """Whether more is written than is ever read."""
        return len(self.lines) > MOST_LINES or self._characters > LONGEST_TEXT

    def open(self, tag: _Tag) -> None:
        self._open[tag.name] += 1
        if tag.name == "br":
            self.break_line()
        elif tag.name == "body":
            self._open["head"] = 0
        elif tag.name in _BLOCKS:
            self.end_line()
            self._spaced = self._spaced or (tag.name in _SPACED and not _TIGHT.search(tag.marks))
        elif tag.name in _CELLS:
            self._line.append(" ")
        self._quote(tag)

    def close(self, tag: _Tag) -> None:
        if tag.name in _BLOCKS:
            self.end_line()
        self._open[tag.name] = max(0, self._open[tag.name] - 1)
        while self._quotations and self._quotations[-1][0] == tag.name:
            if self._open[tag.name] >= self._quotations[-1][1]:
                break
            self._quotations.pop()

    def _quote(self, tag: _Tag) -> None:
        holds = tag.marks and _HOLDS.search(tag.marks)
        if holds or (tag.marks and _STANDS_ABOVE.search(tag.marks)):
            self.end_line()
            self._add(MARK)
        if holds or tag.name == "blockquote":
            self._quotations.append((tag.name, self._open[tag.name]))

    def end_line(self) -> None:
        """End the line that is begun, if one is."""
        if self._line and "".join(self._line).strip(" \t\r"):
            self.break_line()
        self._line.clear()

    def break_line(self) -> None:
        """End the line, even if nothing is on it."""
        text = "".join(self._line).replace("\r", " ").replace("\t", " ")
        self._line.clear()
        self._add(" ".join(word for word in text.split(" ") if word))

    def _add(self, text: str) -> None:
        if self._spaced and self.lines and self.lines[-1][1] and text:
            self.lines.append((min(len(self._quotations), _DEEPEST), ""))
        self._spaced = False
        # Nothing but unbreakable blanks is how editors write an empty line.
        self.lines.append((min(len(self._quotations), _DEEPEST), text if text.strip() else ""))


def _pieces(html: str) -> Iterator[str | _Tag]:
    """Words and tags in turn, in one pass whatever the page."""
    start = at = 0
    while (at := html.find("<", at)) >= 0:
        found = _TAG.match(html, at)
        end = _end_of_tag(html, at) if found else -1
        if found is None or end < 0:
            at += 1
            if end < 0 and found:
                break
            continue
        if at > start:
            yield unescape(html[start:at])
        name = found[2].lower()
        tag = _Tag(name, bool(found[1]), _marks(html[found.end() : end]) if name in _BLOCKS else "")
        start = at = end + 1
        if not tag.closes and tag.name in _RAW:
            close = _RAW[tag.name].search(html, at)
            if close is None:
                return
            start = at = close.start()
        yield tag
    yield unescape(html[start:])


def _end_of_tag(html: str, at: int) -> int:
    """The place of the `>` that ends a tag, not one within quotation marks; -1 when there is none."""
    first = end = html.find(">", at)
    for _ in range(_MOST_QUOTES):
        tag = html[at : min(end, at + _LONGEST_TAG)] if end >= 0 else ""
        if end < 0 or not (tag.count('"') % 2 and tag.count('="')):
            return first if end < 0 else end
        end = html.find(">", end + 1)
    return first


def _marks(attributes: str) -> str:
    if "=" not in attributes:
        return ""
    found = _ATTRIBUTE.findall(attributes[:_LONGEST_TAG])
    return " ".join(f"{name}={a or b or c}" for name, a, b, c in found).lower()


def _without_comments(html: str) -> str:
    """The page without `<!…>` and `<?…>`."""
    kept, start = [], 0
    while (found := _MARKUP.search(html, start)) is not None:
        kept.append(html[start : found.start()])
        close = "-->" if found[0] == "<!--" else ">"
        end = html.find(close, found.end())
        if end < 0:
            return "".join(kept)
        start = end + len(close)
    return "".join((*kept, html[start:]))
