"""Field masks: `title,questionItem.question.required` applied to a JSON message."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

from ponts_flows.sandbox import schema
from ponts_flows.sandbox.errors import bad_request

Json = dict[str, Any]
API = "forms.v1"

# Fields of which a message holds at most one: setting one removes the others.
ONE_OF = (
    ("questionItem", "questionGroupItem", "pageBreakItem", "textItem", "imageItem", "videoItem"),
    (
        "choiceQuestion",
        "textQuestion",
        "scaleQuestion",
        "dateQuestion",
        "timeQuestion",
        "fileUploadQuestion",
        "rowQuestion",
        "ratingQuestion",
    ),
)


def paths(mask: str | None, kind: str, where: str) -> tuple[tuple[str, ...], ...]:
    """The field paths of a mask over a message type, `*` spelt out; a 400 names what is wrong."""
    names = [re.sub(r"_([a-z])", lambda m: m[1].upper(), name.strip()) for name in (mask or "").split(",")]
    names = [name for name in names if name]
    if not names:
        raise bad_request(f"Invalid {where}: update mask is required")
    if "*" in names:
        return tuple((name,) for name, spec in _properties(kind).items() if not spec.get("readOnly"))
    found = tuple(tuple(name.split(".")) for name in names)
    for path in found:
        _check(path, kind, where)
    return found


def _properties(kind: str) -> Json:
    properties: Json = schema.discovery(API)["schemas"][kind].get("properties", {})
    return properties


def _check(path: tuple[str, ...], kind: str | None, where: str) -> None:
    for name in path:
        spec = _properties(kind).get(name) if kind else None
        if spec is None:
            raise bad_request(f'Invalid {where}: Invalid field mask path "{".".join(path)}"')
        if spec.get("readOnly"):
            raise bad_request(f'Invalid {where}: Field "{".".join(path)}" cannot be updated')
        kind = spec.get("$ref")


def merged(old: Json, new: Json, chosen: tuple[tuple[str, ...], ...]) -> Json:
    """`old` with the fields named by the mask taken from `new`; a field absent from `new` is cleared."""
    result = deepcopy(old)
    for path in chosen:
        _set(result, new, path)
    return result


def _set(target: Json, source: Json, path: tuple[str, ...]) -> None:
    name, rest = path[0], path[1:]
    if name not in source:
        if rest and name in target:
            _set(target[name], {}, rest)
        elif not rest:
            target.pop(name, None)
        return
    for group in ONE_OF:
        if name in group:
            for other in group:
                if other != name:
                    target.pop(other, None)
    if rest:
        _set(target.setdefault(name, {}), source[name], rest)
    else:
        target[name] = deepcopy(source[name])
