"""Fill in a template without its values ever being read as a template, as Markdown or as HTML.

Each value that a template prints becomes a token of private-use characters; Markdown sees the tokens
only, and the values take their places at the very end, escaped for where they stand.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache

from jinja2 import StrictUndefined, Template, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

_OPEN, _CLOSE = "\ue000", "\ue001"
_TOKEN = re.compile(f"{_OPEN}([0-9]+){_CLOSE}")
_SHELTER = "_shelter"
_LONGEST = 1000
# Controls, lone surrogates, private use; and what reverses the order of the letters around it.
_NOT_TEXT = frozenset({"Cc", "Cs", "Co"})
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Shelter:
    """The values of one mail, kept aside while its text is worked on."""

    def __init__(self) -> None:
        self._values: list[str] = []

    def keep(self, value: str) -> str:
        """Put a value aside; its token stands for it."""
        self._values.append(value)
        return f"{_OPEN}{len(self._values) - 1}{_CLOSE}"

    def fill(self, text: str, change: Callable[[str], str] = str) -> str:
        """Put the values back, each through `change`; what a value holds is never looked at again."""
        return _TOKEN.sub(lambda found: change(self._values[int(found[1])]), text)

    def split(self, text: str) -> Iterator[tuple[bool, str]]:
        """The text in pieces: (False, the author's words), (True, a value), …"""
        end = 0
        for found in _TOKEN.finditer(text):
            yield False, text[end : found.start()]
            yield True, self._values[int(found[1])]
            end = found.end()
        yield False, text[end:]


@cache
def environment() -> SandboxedEnvironment:
    """Jinja as the mails use it: sandboxed, an unknown name is an error, every printed value is sheltered."""
    # Not autoescaped on purpose: values leave as tokens and are escaped where they are put back.
    return SandboxedEnvironment(
        undefined=StrictUndefined, finalize=_finalize, trim_blocks=True, lstrip_blocks=True, autoescape=False
    )


def render(source: str, values: Mapping[str, object], shelter: Shelter) -> str:
    """The text of a template with tokens instead of values; `jinja2.TemplateError` when it can't be."""
    return _compiled(source).render({**values, _SHELTER: shelter})


@lru_cache(maxsize=512)
def _compiled(source: str) -> Template:
    return environment().from_string(source)


def one_line(text: str) -> str:
    """A value as it may appear in a mail: its characters, on one line, at most 1,000 of them."""
    kept = "".join(
        c for c in " ".join(text.split()) if unicodedata.category(c) not in _NOT_TEXT and c not in _REORDERING
    )
    return kept if len(kept) <= _LONGEST else kept[:_LONGEST] + "…"


@pass_context
def _finalize(context: Context, value: object) -> str:
    # With the context asked for, Jinja can't fold constants at compile time, when there is no shelter yet.
    shelter = context.resolve(_SHELTER)
    if not isinstance(shelter, Shelter):
        raise TypeError("a mail's template is rendered by `render` only")
    return shelter.keep(str(value))
