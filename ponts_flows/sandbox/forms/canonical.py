"""JSON as protobuf writes it: defaults left out, enums by name, numbers as numbers."""

from __future__ import annotations

from typing import Any

from ponts_flows.sandbox import schema

Json = dict[str, Any]


def canonical(api: str, kind: str, value: Json) -> Json:
    """A schema-checked message as a service answers it: without 0, false, "" and empty lists."""
    properties = schema.discovery(api)["schemas"][kind].get("properties", {})
    found: Json = {}
    for name, spec in properties.items():
        if value.get(name) is None:
            continue
        written = _written(api, spec, value[name])
        if _is_message(spec) or written not in (0, "", [], False):
            found[name] = written
    return found


def _is_message(spec: Json) -> bool:
    return "$ref" in spec or spec.get("type") == "object"


def _written(api: str, spec: Json, value: Any) -> Any:
    if "$ref" in spec:
        return canonical(api, spec["$ref"], value)
    if spec.get("type") == "array":
        return [_written(api, spec["items"], item) for item in value]
    if "enum" in spec:
        name = spec["enum"][value] if isinstance(value, int) else value
        return "" if name == spec["enum"][0] else name
    if spec.get("type") == "integer":
        return int(float(value))
    return value
