"""Google's lists, which come page by page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ponts_flows.google.transport import execute


def pages(collection: Any, **asked: Any) -> Iterator[dict[str, Any]]:
    """The pages of a collection's list, one call each."""
    token: str | None = None
    while True:
        page = execute(collection.list(**asked, pageToken=token))
        yield page
        token = page.get("nextPageToken")
        if not token:
            return
