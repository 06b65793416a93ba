"""The words of an HTML mail, for the replies that hold no plain text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_UNSEEN = frozenset({"head", "style", "script", "title", "template"})
_BLOCK = re.compile(
    r"address|article|blockquote|br|center|dd|div|dl|dt|footer|form|h[1-6]|header|hr|li|ol|p|pre"
    r"|section|table|tr|ul"
)
_MARK = re.compile(r"<!--|<[!?]")
# Enough for any answer, and small enough that no input can keep the parser busy.
_READ, _LONGEST = 200_000, 40_000


class _Words(HTMLParser):
    """Collect what is read, with a line break around each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif _BLOCK.fullmatch(tag):
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif _BLOCK.fullmatch(tag):
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        # The source's own line breaks are blanks; only blocks start a line.
        if not self._unseen:
            self.pieces.append(data.replace("\r", " ").replace("\n", " "))


def html_to_text(html: str) -> str:
    """The text a reader would see, one line a block, of a page's first 40,000 characters."""
    words = _Words()
    words.feed(_without_comments(html[:_READ])[:_LONGEST])
    words.close()
    lines = (" ".join(line.split(" ")).strip(" \t") for line in "".join(words.pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def _without_comments(html: str) -> str:
    """The page without `<!…>` and `<?…>`, which can keep the parser busy for seconds when they never end."""
    kept, start = [], 0
    while (found := _MARK.search(html, start)) is not None:
        kept.append(html[start : found.start()])
        close = "-->" if found[0] == "<!--" else ">"
        end = html.find(close, found.end())
        if end < 0:
            return "".join(kept)
        start = end + len(close)
    return "".join((*kept, html[start:]))
