"""One Markdown source, two renderings: HTML, and plain text that reads well in a terminal."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from urllib.parse import quote

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from ponts_flows.errors import PontsError
from ponts_flows.mail.rendering import Shelter
from ponts_flows.model import Language

_WIDTH = 72
_LINK = re.compile(r"(https?://|mailto:)", re.IGNORECASE)
_URL_SAFE = "%/:?#[]@!$&'()*+,;=-._~"
_BLANKS_TO_MEND = re.compile(r"[\t\x0b\x0c\r]")
_INLINE_TAGS = {"strong": "strong", "em": "em"}
_BLOCK_TAGS = {
    "paragraph": "p",
    "heading": "h2",
    "bullet_list": "ul",
    "ordered_list": "ol",
    "list_item": "li",
    "blockquote": "blockquote",
}


class LinkRefused(PontsError):
    """An address that a mail may not link to: only http, https and mailto are."""


class _AuthorMarkdown(MarkdownIt):
    """CommonMark as templates use it; link targets hold tokens: they are checked once the values are back."""

    def validateLink(self, url: str) -> bool:  # noqa: N802
        return True

    def normalizeLink(self, url: str) -> str:  # noqa: N802
        return url


_MARKDOWN = _AuthorMarkdown("commonmark", {"html": False, "breaks": True}).disable(
    [
        "code",
        "fence",
        "backticks",
        "html_block",
        "html_inline",
        "image",
        "autolink",
        "reference",
        "lheading",
        "hr",
    ]
)


@dataclass(frozen=True, kw_only=True)
class Block:
    """A text in one language, parsed, with the values that its tokens stand for."""

    language: Language
    tree: SyntaxTreeNode
    shelter: Shelter

    def html(self) -> str:
        """HTML fragments, every value escaped."""
        return "".join(self._html(node) for node in self.tree.children)

    def text(self) -> str:
        """Plain text, wrapped at 72 columns; links are never cut."""
        return "\n\n".join(self._text(node, "") for node in self.tree.children)

    def _html(self, node: SyntaxTreeNode) -> str:
        if node.type == "text":
            return self.shelter.fill(escape(node.content), escape)
        if node.type in ("softbreak", "hardbreak"):
            return "<br>\n"
        inner = "".join(self._html(child) for child in node.children)
        if node.type == "link":
            return f'<a href="{escape(self._target(node))}">{inner}</a>'
        if node.level == 0 and (link := _only_link(node)) is not None:
            return self._button(link)
        if node.type in _BLOCK_TAGS:
            return f"<{_BLOCK_TAGS[node.type]}>{inner}</{_BLOCK_TAGS[node.type]}>\n"
        if node.type in _INLINE_TAGS:
            return f"<{_INLINE_TAGS[node.type]}>{inner}</{_INLINE_TAGS[node.type]}>"
        return inner

    def _button(self, link: SyntaxTreeNode) -> str:
        label = "".join(self._html(child) for child in link.children)
        return (
            '<table role="presentation" class="action" cellpadding="0" cellspacing="0" border="0"><tr><td>'
            f'<a class="button" href="{escape(self._target(link))}">{label}</a></td></tr></table>\n'
        )

    def _text(self, node: SyntaxTreeNode, indent: str) -> str:
        if node.type in ("paragraph", "heading"):
            return _wrapped(self._words(node), indent)
        if node.type == "blockquote":
            return "\n\n".join(self._text(child, indent + "    ") for child in node.children)
        marks = (
            f"{number}. " if node.type == "ordered_list" else "- "
            for number in range(1, len(node.children) + 1)
        )
        return "\n".join(
            self._item(item, indent, mark) for item, mark in zip(node.children, marks, strict=True)
        )

    def _item(self, item: SyntaxTreeNode, indent: str, mark: str) -> str:
        hanging = indent + " " * len(mark)
        text = "\n".join(self._text(child, hanging) for child in item.children)
        return indent + mark + text[len(hanging) :]

    def _words(self, node: SyntaxTreeNode) -> str:
        if node.type == "text":
            return self.shelter.fill(node.content)
        if node.type in ("softbreak", "hardbreak"):
            return "\n"
        if (link := _only_link(node)) is not None:
            colon = "\u00a0: " if self.language is Language.FRENCH else ": "
            return "".join(self._words(child) for child in link.children) + colon + self._target(link)
        inner = "".join(self._words(child) for child in node.children)
        if node.type != "link" or self._target(node) in (inner, f"mailto:{inner}"):
            return inner
        return f"{inner} ({self._target(node)})"

    def _target(self, link: SyntaxTreeNode) -> str:
        target = self.shelter.fill(str(link.attrs["href"])).strip()
        if not _LINK.match(target):
            raise LinkRefused("A link of a mail must start with http://, https:// or mailto:.")
        return quote(target, safe=_URL_SAFE)


def parse(source: str, language: Language, shelter: Shelter) -> Block:
    """Read Markdown whose values are tokens. In French, the blank before `:;!?»` never breaks a line."""
    return Block(language=language, tree=_tree(source, language), shelter=shelter)


@lru_cache(maxsize=512)
def _tree(source: str, language: Language) -> SyntaxTreeNode:
    """The same for all mails of a template that take the same turns: values are not in it."""
    if language is Language.FRENCH:
        source = re.sub(r" (?=[:;!?»])|(?<=«) ", "\u00a0", source)
    return SyntaxTreeNode(_MARKDOWN.parse(source))


def _only_link(node: SyntaxTreeNode) -> SyntaxTreeNode | None:
    """The link that is all a paragraph holds, if so: it becomes a button."""
    if node.type != "paragraph":
        return None
    (inline,) = node.children
    return inline.children[0] if [child.type for child in inline.children] == ["link"] else None


def _wrapped(text: str, indent: str) -> str:
    return "\n".join(_wrapped_line(line, indent) for line in text.split("\n"))


def _wrapped_line(line: str, indent: str) -> str:
    if line and len(indent + line) <= _WIDTH and line == line.strip() and not _BLANKS_TO_MEND.search(line):
        return indent + line  # as it would come back
    wrapped = textwrap.wrap(
        line,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(wrapped)
