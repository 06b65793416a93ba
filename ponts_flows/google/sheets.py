"""A spreadsheet, call by call, through gspread's HTTP client; and the sheets that people own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from gspread.urls import SPREADSHEETS_API_V4_BASE_URL as SPREADSHEETS

from ponts_flows.board.reading import Cell, Table, table
from ponts_flows.google.transport import Google

Json = dict[str, Any]
# Wider than any sheet people fill in; the service stops at the sheet's own edge.
_WHOLE_FIRST_SHEET = "A:ZZ"
_RAW = {"valueRenderOption": "UNFORMATTED_VALUE", "dateTimeRenderOption": "SERIAL_NUMBER"}


class Spreadsheet:
    """One spreadsheet of the service; each method is one call.

    All raise GoogleRefused or GoogleUnreachable with the service's own sentence, a change OutcomeUnknown too.
    """

    def __init__(self, google: Google, id: str) -> None:
        self.id = id
        self._http = google.spreadsheets().http_client

    @classmethod
    def created(cls, google: Google, body: Json) -> Spreadsheet:
        """Create a spreadsheet from a `Spreadsheet` resource."""
        made = _call(google.spreadsheets().http_client, "post", SPREADSHEETS, body=body)
        return cls(google, str(made["spreadsheetId"]))

    def get(self, fields: str) -> Json:
        """The parts of the spreadsheet that a field mask names."""
        return self._call("get", "", params={"fields": fields})

    def get_by_filter(self, filters: Sequence[Json], fields: str) -> Json:
        """The parts that a field mask names, for the ranges that data filters choose."""
        body = {"dataFilters": list(filters)}
        return self._call("post", ":getByDataFilter", params={"fields": fields}, body=body)

    def metadata(self, key: str) -> list[Json]:
        """The developer metadata of a key, with the sheets and columns they are attached to."""
        body = {"dataFilters": [{"developerMetadataLookup": {"metadataKey": key}}]}
        answer = self._call("post", "/developerMetadata:search", body=body)
        return [found["developerMetadata"] for found in answer.get("matchedDeveloperMetadata", [])]

    def values(self, ranges: Sequence[str]) -> tuple[list[list[Cell]], ...]:
        """Unformatted values of A1 ranges, as rows; dates are serial numbers."""
        answer = self._call("get", "/values:batchGet", params={"ranges": list(ranges), **_RAW})
        return tuple(found.get("values", []) for found in answer.get("valueRanges", []))

    def columns_by_filter(self, filters: Sequence[Json]) -> list[Json]:
        """Matched ranges of data filters, each with its unformatted values as columns."""
        body = {"dataFilters": list(filters), "majorDimension": "COLUMNS", **_RAW}
        matched: list[Json] = self._call("post", "/values:batchGetByDataFilter", body=body).get(
            "valueRanges", []
        )
        return matched

    def update(self, requests: Sequence[Json], *, seen: Sequence[str] = (), fields: str = "") -> Json:
        """Apply requests, all or none; answer with the ranges `seen`, as they are afterwards."""
        body: Json = {"requests": list(requests)}
        if seen:
            body |= {"includeSpreadsheetInResponse": True, "responseIncludeGridData": True}
            body["responseRanges"] = list(seen)
        return self._call("post", ":batchUpdate", params={"fields": fields} if fields else None, body=body)

    def _call(self, verb: str, path: str, params: Json | None = None, body: Json | None = None) -> Json:
        return _call(self._http, verb, f"{SPREADSHEETS}/{self.id}{path}", params=params, body=body)


def _call(http: Any, verb: str, url: str, params: Json | None = None, body: Json | None = None) -> Json:
    answer: Json = http.request(verb, url, params=params, json=body).json()
    return answer


def read_sheet(google: Google, spreadsheet_id: str, tab: str | None = None) -> Table:
    """Read a sheet that people own, in one call; the first one when no tab is named."""
    return read_sheets(google, spreadsheet_id, (tab,))[0]


def read_sheets(google: Google, spreadsheet_id: str, tabs: Iterable[str | None]) -> tuple[Table, ...]:
    """Read several sheets of a spreadsheet in one call."""
    ranges = [quoted(tab) if tab else _WHOLE_FIRST_SHEET for tab in tabs]
    return tuple(table(values) for values in Spreadsheet(google, spreadsheet_id).values(ranges))


def quoted(title: str) -> str:
    """A tab's title as A1 notation wants it."""
    return "'" + title.replace("'", "''") + "'"


def letters(column: int) -> str:
    """The letters of a column counted from 0: `A`, `Z`, `AA`."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def parsed(a1: str) -> tuple[str, int, int]:
    """The title, the first column (from 0) and the last row (0 when open) of a range in A1 notation."""
    title, _, cells = a1.rpartition("!")
    if title.startswith("'"):
        title = title[1:-1].replace("''", "'")
    first, _, last = cells.partition(":")
    column = 0
    for letter in re.sub(r"[^A-Z]", "", first):
        column = column * 26 + ord(letter) - ord("A") + 1
    return title, max(column - 1, 0), int(re.sub(r"\D", "", last or first) or 0)
