"""A spreadsheet of the sandbox by raw REST, and gspread pointed at the sandbox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import gspread
import requests
from google.auth.transport.requests import AuthorizedSession

Json = dict[str, Any]


@dataclass(frozen=True)
class Rest:
    """One spreadsheet, by raw REST; a call that fails raises AssertionError with the service's message."""

    session: AuthorizedSession
    base: str
    id: str

    @property
    def url(self) -> str:
        return f"{self.base}/v4/spreadsheets/{self.id}"

    def send(self, verb: str, path: str, body: Json | None = None, **query: Any) -> Json:
        return answered(self.session.request(verb, self.url + path, json=body, params=query, timeout=30))

    def refused(self, verb: str, path: str, body: Json | None = None, **query: Any) -> tuple[int, str]:
        answer = self.session.request(verb, self.url + path, json=body, params=query, timeout=30)
        error = answer.json()["error"]
        assert error["code"] == answer.status_code
        return answer.status_code, error["message"]

    def batch(self, *requested: Json) -> list[Json]:
        replies: list[Json] = self.send("POST", ":batchUpdate", {"requests": list(requested)})["replies"]
        return replies

    def batch_refused(self, *requested: Json) -> str:
        code, message = self.refused("POST", ":batchUpdate", {"requests": list(requested)})
        assert code == 400
        return message

    def put(self, range: str, values: list[list[Any]], option: str = "RAW", **query: Any) -> Json:
        body = {"values": values}
        return self.send("PUT", f"/values/{quote(range, safe='')}", body, valueInputOption=option, **query)

    def get(self, range: str, **query: Any) -> list[list[Any]]:
        values: list[list[Any]] = self.read(range, **query).get("values", [])
        return values

    def read(self, range: str, **query: Any) -> Json:
        return self.send("GET", f"/values/{quote(range, safe='')}", **query)

    def append(self, range: str, values: list[list[Any]], **query: Any) -> Json:
        path = f"/values/{quote(range, safe='')}:append"
        return self.send("POST", path, {"values": values}, **{"valueInputOption": "RAW", **query})

    def sheet(self, number: int = 0, **query: Any) -> Json:
        found: Json = self.send("GET", "", **query)["sheets"][number]
        return found

    def cell(self, name: str) -> Json:
        """One cell as CellData."""
        data = self.sheet(ranges=name, includeGridData=True)["data"][0]
        rows = data.get("rowData", [{}])
        cells = rows[0].get("values", [{}])
        found: Json = cells[0]
        return found


def answered(answer: requests.Response) -> Json:
    assert answer.status_code == 200, answer.text
    body: Json = answer.json()
    return body


def gspread_client(base: str, credentials: Any) -> gspread.Client:
    """The real gspread, each of its requests sent to the sandbox."""

    class LocalClient(gspread.HTTPClient):
        def request(self, method: str, endpoint: str, **options: Any) -> requests.Response:
            parts = urlsplit(endpoint)
            local = base + parts.path + (f"?{parts.query}" if parts.query else "")
            return super().request(method, local, **options)

    client = gspread.Client(auth=credentials, http_client=LocalClient)
    client.set_timeout(30)
    return client


def area(top: int, bottom: int, left: int, right: int, sheet: int = 0) -> Json:
    """A GridRange."""
    return {
        "sheetId": sheet,
        "startRowIndex": top,
        "endRowIndex": bottom,
        "startColumnIndex": left,
        "endColumnIndex": right,
    }


def span(dimension: str, start: int, end: int, sheet: int = 0) -> Json:
    """A DimensionRange."""
    return {"sheetId": sheet, "dimension": dimension, "startIndex": start, "endIndex": end}
