"""Values to and from the ledger's JSON columns, by the types they are declared with."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

T = TypeVar("T")


@cache
def _adapter(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast(Any, kind))


def encode(kind: Any, value: Any) -> Any:
    """A value as plain JSON data."""
    return _adapter(kind).dump_python(value, mode="json")


def decode(kind: type[T], data: Any) -> T:
    """A value back from what `encode` gave; lists become tuples where the type says so."""
    decoded: T = _adapter(cast(Hashable, kind)).validate_python(data)
    return decoded
