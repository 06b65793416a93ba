"""The one place where the time is read: the machine's clock, or the sandbox's when one is used."""

from __future__ import annotations

from datetime import UTC, datetime

import requests

from ponts_flows import loopback
from ponts_flows.errors import GoogleUnreachable
from ponts_flows.settings import Settings


def now(settings: Settings) -> datetime:
    """The present moment, aware, in UTC."""
    if settings.google_root is None:
        return datetime.now(UTC)
    try:
        answer = loopback.asked("GET", f"{settings.google_root}/sandbox/clock", timeout=10)
        answer.raise_for_status()
    except requests.RequestException as error:
        raise GoogleUnreachable(
            f"The sandbox does not answer at {settings.google_root}: is it running?"
        ) from error
    return datetime.fromisoformat(answer.json()["now"])
