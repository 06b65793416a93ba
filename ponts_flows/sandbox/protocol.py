"""The REST side: a handler for each method of Google's discovery documents, found by its id.

A handler is a plain function `handler(call) -> dict` registered with `@method("sheets.v4", "sheets.spreadsheets.get")`.
Its path, HTTP verb, query parameters, body schema and scopes come from the discovery document; what is
checked by them never reaches the handler.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from ponts_flows.sandbox import schema
from ponts_flows.sandbox.access import Caller
from ponts_flows.sandbox.errors import GoogleError
from ponts_flows.sandbox.store import Store

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Upload:
    """The media of an upload: its content type and bytes."""

    content_type: str
    data: bytes


@dataclass(frozen=True, kw_only=True)
class Media:
    """An answer that is a file and not JSON."""

    content_type: str
    data: bytes


@dataclass(frozen=True, kw_only=True)
class Call:
    """One authenticated, schema-checked call of an API method."""

    store: Store
    caller: Caller
    base_url: str
    path: dict[str, str]
    query: Json
    body: Json
    upload: Upload | None = None


Handler = Callable[[Call], "Json | Media | None"]


@dataclass(frozen=True, kw_only=True)
class Route:
    """A method of an API, the pattern of its path, and who answers it."""

    api: str
    id: str
    verb: str
    pattern: re.Pattern[str]
    spec: Json
    upload: bool
    handler: Handler | None


_HANDLERS: dict[str, Handler] = {}
APIS = ("forms.v1", "sheets.v4", "gmail.v1", "drive.v3")


def method(api: str, id: str) -> Callable[[Handler], Handler]:
    """Register the handler of one method; an id that the discovery document does not hold is a mistake."""
    if id not in schema.methods(api):
        raise KeyError(f"{api} has no method {id}")

    def register(handler: Handler) -> Handler:
        _HANDLERS[id] = handler
        return handler

    return register


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{\+?([a-zA-Z]+)\}", path)
    text = "".join(f"(?P<{part}>[^/]+?)" if i % 2 else re.escape(part) for i, part in enumerate(parts))
    return re.compile("/" + text + r"/?")


def routes() -> list[Route]:
    """Every method of every API, the most specific path first; a method without handler answers 501."""
    found: list[Route] = []
    for api in APIS:
        service_path = schema.discovery(api)["servicePath"]
        for id, spec in schema.methods(api).items():
            paths = [(service_path + spec.get("flatPath", spec["path"]), False)]
            media = spec.get("mediaUpload", {}).get("protocols", {}).get("simple")
            if media:
                paths.append((media["path"].lstrip("/"), True))
            found += [
                Route(
                    api=api,
                    id=id,
                    verb=spec["httpMethod"],
                    pattern=_pattern(path),
                    spec=spec,
                    upload=upload,
                    handler=_HANDLERS.get(id),
                )
                for path, upload in paths
            ]
    return sorted(
        found, key=lambda route: (-len(re.sub(r"\(\?P<.*?\)", "", route.pattern.pattern)), route.id)
    )


class Router:
    """Finds the route of a request, among those of its verb that begin alike."""

    def __init__(self) -> None:
        self._routes: dict[tuple[str, str], list[Route]] = {}
        for route in routes():
            first = route.pattern.pattern.replace("\\", "").split("/")[1]
            self._routes.setdefault((route.verb, first), []).append(route)

    def find(self, verb: str, raw_path: str) -> tuple[Route, dict[str, str]] | None:
        """The route of a still percent-encoded path, with its decoded parameters."""
        for route in self._routes.get((verb, raw_path.split("/")[1]), ()):
            if match := route.pattern.fullmatch(raw_path):
                return route, {name: unquote(value) for name, value in match.groupdict().items()}
        return None


def answer(route: Route, call: Call) -> Json | Media | None:
    """Run a handler inside one transaction, after the checks that the discovery document allows."""
    call.caller.require(route.spec.get("scopes", []))
    if "request" in route.spec and not (route.upload and call.upload):
        schema.check(route.api, route.spec["request"], call.body)
        call = replace(call, body=schema.normal(route.api, route.spec["request"], call.body))
    if route.handler is None:
        raise GoogleError(501, f"The sandbox does not play {route.id}.")
    with call.store.transaction():
        return route.handler(call)


def select(fields: str, value: Any) -> Any:
    """Keep what a `fields` mask names: `a,b/c,d(e,f),*`, as Google's partial responses do."""
    tree, rest = _mask(fields)
    if rest:
        raise GoogleError(
            400,
            f"Request contains an invalid argument. Invalid field selection {rest}",
            reason="invalidParameter",
        )
    return _keep(tree, value)


def _mask(text: str) -> tuple[Json, str]:
    tree: Json = {}
    while text and not text.startswith(")"):
        match = re.match(r"[\w*\-]+(?:[/.][\w*\-]+)*", text)
        if not match:
            return tree, text
        names = re.split(r"[/.]", match.group())
        text = text[match.end() :]
        node = tree
        for name in names:
            node = node.setdefault(name, {})
        if text.startswith("("):
            below, text = _mask(text[1:])
            if not text.startswith(")"):
                return tree, text or "("
            node.update(below)
            text = text[1:]
        if text.startswith(","):
            text = text[1:]
        elif text and not text.startswith(")"):
            return tree, text
    return tree, text


def _keep(tree: Json, value: Any) -> Any:
    if not tree or "*" in tree:
        below = tree.get("*", {}) if tree else {}
        return value if not below else _each(below, value)
    if isinstance(value, list):
        return [_keep(tree, item) for item in value]
    if isinstance(value, dict):
        return {name: _keep(tree[name], item) for name, item in value.items() if name in tree}
    return value


def _each(tree: Json, value: Any) -> Any:
    if isinstance(value, list):
        return [_each(tree, item) for item in value]
    if isinstance(value, dict):
        return {name: _keep(tree, item) for name, item in value.items()}
    return value
