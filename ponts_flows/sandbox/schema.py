"""Google's published schemas: what a request or an answer may hold, and the 400 a service sends otherwise.

The discovery documents are those shipped in google-api-python-client, read without any network.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from functools import cache
from importlib import resources
from typing import Any

from ponts_flows.sandbox.errors import GoogleError

Json = dict[str, Any]
# Drive passes over the fields and query parameters that it does not know.
FORGIVING = ("drive.v3",)


@cache
def discovery(api: str) -> Json:
    """The discovery document of an API named as in its file: `forms.v1`, `sheets.v4`, `gmail.v1`, `drive.v3`."""
    documents = resources.files("googleapiclient") / "discovery_cache" / "documents"
    document: Json = json.loads((documents / f"{api}.json").read_text("utf-8"))
    return document


@cache
def methods(api: str) -> dict[str, Json]:
    """Every method of an API, by its id (`sheets.spreadsheets.values.get`)."""
    found: dict[str, Json] = {}

    def walk(node: Json) -> None:
        for method in node.get("methods", {}).values():
            found[method["id"]] = method
        for child in node.get("resources", {}).values():
            walk(child)

    walk(discovery(api))
    return found


def violations(api: str, schema: Json, value: Any, path: str = "") -> list[tuple[str, str]]:
    """Where a JSON value departs from a schema: (field path, Google's sentence) pairs, empty when it fits.

    Google accepts a number written as a string and, in JSON, null for an absent field; so does this.
    """
    if value is None:
        return []
    if "$ref" in schema:
        schema = discovery(api)["schemas"][schema["$ref"]]
    kind = schema.get("type")
    if kind == "object":
        return _object_violations(api, schema, value, path)
    if kind == "array":
        if not isinstance(value, list):
            return _bad(path, _invalid(schema, value))
        if schema["items"].get("type") == "any":
            return []
        return [
            v for i, item in enumerate(value) for v in violations(api, schema["items"], item, f"{path}[{i}]")
        ]
    return _scalar_violations(schema, value, path)


def _object_violations(api: str, schema: Json, value: Any, path: str) -> list[tuple[str, str]]:
    if not isinstance(value, dict):
        return _bad(path, _invalid(schema, value))
    known, extra = schema.get("properties", {}), schema.get("additionalProperties")
    found: list[tuple[str, str]] = []
    for name, item in value.items():
        below = f"{path}.{name}" if path else name
        if name in known:
            found += violations(api, known[name], item, below)
        elif extra is not None:
            found += violations(api, extra, item, below)
        else:
            where = f" at '{path}'" if path else ""
            found.append(
                (path, f'Invalid JSON payload received. Unknown name "{name}"{where}: Cannot find field.')
            )
    return found


def _scalar_violations(schema: Json, value: Any, path: str) -> list[tuple[str, str]]:
    kind, form = schema.get("type"), schema.get("format")
    if kind == "any" or kind is None:
        return []
    if kind == "boolean":
        fits = isinstance(value, bool)
    elif kind in ("integer", "number") or form in ("int64", "uint64"):
        fits = not isinstance(value, bool) and _is_number(
            value, whole=kind == "integer" or form in ("int64", "uint64")
        )
    elif "enum" in schema:
        fits = value in schema["enum"] or (isinstance(value, int) and 0 <= value < len(schema["enum"]))
    elif form == "byte":
        fits = isinstance(value, str) and _is_base64(value)
    else:
        fits = isinstance(value, str)
    return [] if fits else _bad(path, _invalid(schema, value))


def _is_number(value: Any, *, whole: bool) -> bool:
    if isinstance(value, str):
        if not whole and value in ("NaN", "Infinity", "-Infinity"):
            return True
        try:
            value = float(value)
        except ValueError:
            return False
    return isinstance(value, int | float) and (not whole or float(value).is_integer())


def _is_base64(value: str) -> bool:
    try:
        decode_base64(value)
    except GoogleError:
        return False
    return True


def decode_base64(value: str) -> bytes:
    """Decode base64 in either alphabet, padded or not, as Google's JSON parser does."""
    text = value.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise GoogleError(400, "Invalid value for ByteString", reason="invalidArgument") from None


def _bad(path: str, message: str) -> list[tuple[str, str]]:
    return [(path, f"Invalid value at '{path}' {message}" if path else message)]


def _invalid(schema: Json, value: Any) -> str:
    if "enum" in schema:
        name = "TYPE_ENUM"
    else:
        name = {
            "boolean": "TYPE_BOOL",
            "integer": "TYPE_INT32",
            "number": "TYPE_DOUBLE",
            "string": "TYPE_BYTES" if schema.get("format") == "byte" else "TYPE_STRING",
            "object": "TYPE_MESSAGE",
        }.get(schema.get("type", ""), "TYPE_MESSAGE")
        if schema.get("format") == "int64":
            name = "TYPE_INT64"
    return f"({name}), {json.dumps(value, ensure_ascii=False)}"


def check(api: str, schema: Json, value: Any) -> None:
    """Raise the 400 that Google sends for a body that does not fit its schema."""
    found = violations(api, schema, value)
    if api in FORGIVING:
        found = [(path, message) for path, message in found if "Unknown name" not in message]
    if found:
        raise GoogleError(
            400,
            "\n".join(message for _, message in found),
            reason="badRequest",
            details=[
                {
                    "@type": "type.googleapis.com/google.rpc.BadRequest",
                    "fieldViolations": [
                        {"field": path, "description": message} if path else {"description": message}
                        for path, message in found
                    ],
                }
            ],
        )


def normal(api: str, schema: Json, value: Any) -> Any:
    """A value that fits its schema in one form: numbers written as strings become numbers, null fields are absent."""
    if "$ref" in schema:
        schema = discovery(api)["schemas"][schema["$ref"]]
    kind = schema.get("type")
    if value is None:
        return None
    if kind == "object":
        known = schema.get("properties", {})
        fields = {n: normal(api, known[n], v) if n in known else v for n, v in value.items()}
        return {n: v for n, v in fields.items() if v is not None or n not in known}
    if kind == "array":
        if schema["items"].get("type") == "any":
            return value
        return [normal(api, schema["items"], item) for item in value]
    if kind == "integer":
        return int(float(value))
    if kind == "number" and isinstance(value, str):
        return float(value)
    return schema["enum"][value] if "enum" in schema and isinstance(value, int) else value


def query_values(api: str, method: Json, raw: list[tuple[str, str]]) -> Json:
    """The query parameters of a call, typed as its method declares them; unknown or unreadable ones are a 400."""
    declared = {**discovery(api)["parameters"], **method.get("parameters", {})}
    values: Json = {}
    found: list[tuple[str, str]] = []
    for name, text in raw:
        spec = declared.get(name)
        if spec is None or spec.get("location") != "query":
            if name.startswith("$") or name in ("access_token",) or api in FORGIVING:
                continue
            message = f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter. '
            found.append(("", message + f"Field '{name}' could not be found in request message."))
            continue
        value = _query_value(spec, text)
        bad = violations(api, {k: v for k, v in spec.items() if k != "location"}, value, _snake(name))
        found += bad
        if spec.get("repeated"):
            values.setdefault(name, []).append(value)
        else:
            values[name] = value
    if found:
        raise GoogleError(400, "\n".join(message for _, message in found), reason="badRequest")
    for name, spec in method.get("parameters", {}).items():
        if spec.get("location") == "query" and name not in values:
            if spec.get("repeated"):
                values[name] = []
            elif spec.get("required"):
                raise GoogleError(400, f"Required parameter: {name}", reason="required")
    return values


def _query_value(spec: Json, text: str) -> Any:
    if spec["type"] == "boolean":
        return {"true": True, "1": True, "": True, "false": False, "0": False}.get(text.lower(), text)
    if spec["type"] == "integer":
        return int(text) if re.fullmatch(r"-?\d+", text) else text
    return text


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
