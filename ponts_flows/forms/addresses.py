"""E-mail addresses as people type them."""

from __future__ import annotations

import re

from ponts_flows.model import canonical_address

_BETWEEN = re.compile(r"[\s,;/|]+(?:(?:ou|or|et|and)[\s,;/|]+)?")
_NAMED = re.compile(r"[^<>@]*<([^<>]+)>")
_LOCAL = re.compile(r"[^\s@\"(),:;<>\[\]\\.]+(?:\.[^\s@\"(),:;<>\[\]\\.]+)*")
_DOMAIN = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}")


def addresses(text: str) -> tuple[str, ...]:
    """The addresses of a text, canonical, in order, once each; none when one word of it is no address.

    All or nothing: in `jean dupont@exemple.example`, the part that looks right is somebody else.
    """
    text = text.strip().removeprefix("mailto:")
    if named := _NAMED.fullmatch(text):
        text = named.group(1)
    words = [canonical_address(word).rstrip(".") for word in _BETWEEN.split(text) if word]
    return tuple(dict.fromkeys(words)) if all(map(_valid, words)) else ()


def _valid(address: str) -> bool:
    local, _, domain = address.rpartition("@")
    short = len(address) <= 254 and len(local) <= 64
    return short and _LOCAL.fullmatch(local) is not None and _DOMAIN.fullmatch(domain) is not None
