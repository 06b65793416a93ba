"""The sandbox's pages, as a browser reaches them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import requests

from ponts_flows import loopback
from ponts_flows.errors import GoogleUnreachable


@dataclass(frozen=True, kw_only=True)
class Pages:
    """The sandbox's pages, as a browser reaches them."""

    url: str
    http: requests.Session = field(default_factory=loopback.session)

    def get(self, path: str, **query: str | int) -> Any:
        """Read a page's data."""
        answer = self.http.get(self.url + path, params=query, timeout=60)
        return self._checked(answer, path).json()

    def post(self, path: str, **form: str | int) -> None:
        """Send a page's form."""
        answer = self.http.post(
            self.url + path,
            data=form,
            headers={"Accept": "application/json"},
            allow_redirects=False,
            timeout=60,
        )
        self._checked(answer, path)

    def post_json(self, path: str, body: object) -> None:
        """Send what a page's script sends."""
        self._checked(self.http.post(self.url + path, json=body, timeout=60), path)

    def _checked(self, answer: requests.Response, path: str) -> requests.Response:
        if answer.status_code >= 400:
            raise GoogleUnreachable(f"The sandbox's page {path} answered {answer.status_code}.")
        return answer
