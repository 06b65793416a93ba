"""The board: all that people typed read in one call, all changes written in one call."""

from __future__ import annotations

from collections.abc import Iterable

from ponts_flows.board.changes import Change, WriteOutcome
from ponts_flows.board.layout import TABS
from ponts_flows.board.reading import BoardReading
from ponts_flows.errors import BoardChanged, GoogleRefused
from ponts_flows.google.board_reading import board_reading, filters, sheet_id
from ponts_flows.google.board_seen import AFTERWARDS, seen_cells
from ponts_flows.google.board_share import first_that_fit
from ponts_flows.google.sheets import Spreadsheet
from ponts_flows.google.transport import Google

MOST_BYTES = 1_990_000
"""What a call may hold: Google advises 2 MB at most."""


class Board:
    """The coordinators' spreadsheet."""

    def __init__(self, google: Google, spreadsheet_id: str, *, most_bytes: int = MOST_BYTES) -> None:
        self._sheet = Spreadsheet(google, spreadsheet_id)
        self._most_bytes = most_bytes

    def read(self) -> BoardReading:
        """Read every row's identifier and all that people typed, in one call.

        Raises BoardChanged, naming it, when a tab or a column was deleted or a machine heading rewritten.
        """
        try:
            matched = self._sheet.columns_by_filter(filters())
        except GoogleRefused as error:
            if error.status == 400:
                self._raise_what_is_missing(error)
            if error.status in (403, 404):
                raise GoogleRefused(
                    f"The board, spreadsheet {self._sheet.id}, can't be read ({error}). "
                    "Take it out of Drive's bin, or share it with the programme's mailbox.",
                    error.status,
                ) from error
            raise
        return board_reading(matched)

    def write(self, reading: BoardReading, changes: Iterable[Change]) -> WriteOutcome:
        """Write changes in one call, the first ones that fit in it; the outcome tells how many were left.

        Rows are where the reading found them. Rows moved since are found out in the answer: what was written
        over is mended as far as it was read, in a second call, and the outcome tells what to write again. When
        columns moved, it is read once more, to know which rows were written over.
        Read the board again before writing when more than a moment has passed.
        """
        writing, left = first_that_fit(reading, tuple(changes), most=self._most_bytes)
        requests = writing.requests()
        if not requests:
            return writing.outcome(calls=0, left=left)
        answer = self._sheet.update(requests, seen=writing.seen_ranges(), fields=AFTERWARDS)
        seen = seen_cells(answer)
        there = self.read() if writing.columns_moved(seen) else None
        mending = writing.mending(seen, there)
        if mending:
            self._sheet.update(mending)
        return writing.outcome(calls=1 + bool(there) + bool(mending), left=left)

    def _raise_what_is_missing(self, error: GoogleRefused) -> None:
        there = self._sheet.get("sheets.properties.sheetId").get("sheets", [])
        ids = {sheet.get("properties", {}).get("sheetId", 0) for sheet in there}
        missing = [f"« {tab.title_fr} »" for tab in TABS if sheet_id(tab) not in ids]
        if missing:
            raise BoardChanged(
                f"The board has no tab {', '.join(missing)} any more. `ponts setup` puts it back."
            ) from error
