"""Asking servers of this very machine: no proxy of the environment stands between, or the request would leave it."""

from __future__ import annotations

from typing import Any

import requests


def session() -> requests.Session:
    """A session that asks a server of this machine itself."""
    http = requests.Session()
    http.trust_env = False
    return http


def asked(method: str, url: str, **options: Any) -> requests.Response:
    """The answer to one request, whatever its status."""
    with session() as http:
        return http.request(method, url, **options)
