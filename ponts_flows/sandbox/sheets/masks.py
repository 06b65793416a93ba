"""Field masks of update requests: which fields of a message are replaced."""

from __future__ import annotations

import re

from ponts_flows.sandbox import schema
from ponts_flows.sandbox.errors import bad_request
from ponts_flows.sandbox.sheets.a1 import Json


def mask(fields: str | None, message: str) -> Json:
    """The fields named by a mask, as a tree; `*` names every field of the message (a schema's name).

    400 when it names none, or one that the message does not have.
    """
    if not fields:
        raise bad_request("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    known = schema.discovery("sheets.v4")["schemas"][message]["properties"]
    tree: Json = {}
    rest = _read(fields.replace(" ", ""), tree)
    if rest:
        raise bad_request(f"Invalid field: {fields}")
    if "*" in tree:
        return {name: {} for name in known}
    for name in list(tree):
        plain = re.sub(r"_([a-z])", lambda match: match[1].upper(), name)
        if plain not in known:
            raise bad_request(f"Invalid field: {name}")
        if plain != name:
            tree[plain] = tree.pop(name)
    return tree


def _read(text: str, tree: Json) -> str:
    """Read `a,b.c,d(e,f)` into a tree; return what could not be read."""
    while text and not text.startswith(")"):
        match = re.match(r"[\w*]+(?:[./][\w*]+)*", text)
        if match is None:
            return text
        node = tree
        for name in re.split(r"[./]", match.group()):
            node = node.setdefault(name, {})
        text = text[match.end() :]
        if text.startswith("("):
            text = _read(text[1:], node)
            if not text.startswith(")"):
                return text or "("
            text = text[1:]
        if text.startswith(","):
            text = text[1:]
        elif text and not text.startswith(")"):
            return text
    return text


def replaced(old: Json, new: Json, tree: Json) -> Json:
    """A message with the named fields taken from another; a named field that the other lacks is cleared."""
    result = dict(old)
    for name, below in tree.items():
        part = new.get(name)
        if below and "*" not in below:
            part = replaced(old.get(name) or {}, part or {}, below)
        if part is None or (part == {} and name not in new):
            result.pop(name, None)
        else:
            result[name] = part
    return result


def read_mask(fields: str) -> Json:
    """A `fields` parameter as a tree; what can't be read of it is left to whoever applies it."""
    tree: Json = {}
    _read(fields.replace(" ", ""), tree)
    return tree
