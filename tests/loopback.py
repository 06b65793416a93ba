"""Nothing connects anywhere but to this machine: an attempt is stopped, and fails the session even if it was hidden."""

from __future__ import annotations

import sys
from typing import Any

ATTEMPTS: list[str] = []
_HERE = ("127.0.0.1", "::1", "localhost", "0.0.0.0", "::", "", None)


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    host = host.decode() if isinstance(host, bytes) else host
    if host not in _HERE and not str(host).startswith("127."):
        ATTEMPTS.append(f"{event} {host}")
        raise ConnectionRefusedError(f"a test tried to reach {host}")


def install() -> None:
    """Watch every connection of this process from now on."""
    sys.addaudithook(_watch)
