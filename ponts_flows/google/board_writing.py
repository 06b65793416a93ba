"""From changes to requests, and from the answer to what became of them. No call is made here.

The service has no "write if it still says so": rows are written where they were read, the answer says which
identifiers stand there afterwards, and what was written over a row that had moved is mended from the reading.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import assert_never

from ponts_flows.board.changes import (
    AdoptRow,
    AppendRow,
    Change,
    ClearCell,
    MarkCell,
    Place,
    SetCells,
    UnmarkCell,
    Value,
    WriteOutcome,
)
from ponts_flows.board.layout import HEADING_ROW, SETTINGS, TAB
from ponts_flows.board.reading import BoardReading, Cell, Row, TabReading, as_text
from ponts_flows.board.tabs import NAMES
from ponts_flows.google.board_requests import (
    Json,
    Position,
    append_requests,
    cells_requests,
    clear_request,
    mark_request,
    names_range,
    restore_request,
)
from ponts_flows.google.board_seen import FORMULA_ERROR, Seen, spans
from ponts_flows.google.sheets import letters, quoted


class Writing:
    """The changes of one writing, placed where a reading found their rows."""

    def __init__(self, reading: BoardReading, changes: Iterable[Change]) -> None:
        kept = reading.tabs[SETTINGS.key]
        names = names_range(kept.title, kept.columns[NAMES])
        self._tabs = {key: TabWriting(tab, names) for key, tab in reading.tabs.items()}
        for change in changes:
            self._tabs[change.tab].place(change)

    def requests(self) -> list[Json]:
        """All requests, in an order in which no one moves what a later one addresses."""
        return [request for tab in self._tabs.values() for request in tab.requests()]

    def seen_ranges(self) -> list[str]:
        """What must be seen after the writing to know that rows and columns were where they were read."""
        return [a1 for tab in self._tabs.values() for a1 in tab.seen_ranges()]

    def columns_moved(self, seen: Seen) -> bool:
        """Whether a tab was written in whose columns are no longer where they were read."""
        return any(tab.columns_moved(seen) for tab in self._tabs.values())

    def mending(self, seen: Seen, there: BoardReading | None) -> list[Json]:
        """The requests that put back what was written over what had moved; `there`: read since, if columns had."""
        return [
            request
            for key, tab in self._tabs.items()
            for request in tab.mending(seen, there.tabs[key] if there else None)
        ]

    def outcome(self, *, calls: int, left: int = 0) -> WriteOutcome:
        """What became of the changes; misplaced rows are known once `mending` was asked."""
        tabs = self._tabs.values()
        return WriteOutcome(
            rows=sum(len(tab.rows) + len(tab.appended) for tab in tabs),
            calls=calls,
            missing=tuple(place for tab in tabs for place in tab.missing),
            kept=tuple(place for tab in tabs for place in tab.kept),
            misplaced=tuple(place for tab in tabs for place in tab.misplaced),
            left=left,
        )


class TabWriting:
    """The changes of one tab: what is written where, and which row each place is believed to be."""

    def __init__(self, reading: TabReading, names: str) -> None:
        self.reading, self.names = reading, names
        self.tab = TAB[reading.key]
        self.id_column = reading.columns[self.tab.id_column or ""]
        self.writable = {column.key for column in self.tab.machine} - {self.tab.id_column}
        self.values: dict[Position, Value] = {}
        self.cleared: dict[Position, ClearCell] = {}
        self.marks: dict[Position, str | None] = {}
        self.appended: list[AppendRow] = []
        self.adopted: dict[int, AdoptRow] = {}
        self.rows: dict[int, Row] = {}
        self.missing: list[Place] = []
        self.kept: list[Place] = []
        self.misplaced: dict[Place, None] = {}

    def place(self, change: Change) -> None:
        """Take one change in."""
        match change:
            case AppendRow() if change.id not in self.reading.rows:
                self._check(change.cells)
                self.appended.append(change)
            case AppendRow():
                self.place(SetCells(tab=change.tab, row=change.id, cells=change.cells))
            case AdoptRow():
                self._adopt(change)
            case SetCells() | ClearCell() | MarkCell() | UnmarkCell():
                row = self._row(change.row)
                if row is None:
                    self.missing.append(self._place(change.row))
                else:
                    self._change(row, change)
            case _:
                assert_never(change)

    def _change(self, row: Row, change: SetCells | ClearCell | MarkCell | UnmarkCell) -> None:
        match change:
            case SetCells():
                self._set(row, change.cells)
            case ClearCell():
                if row.cells.get(change.column, "") != change.was:
                    self.kept.append(self._place(change.row))
                    return
                self.cleared[self._at(row, change.column)] = change
            case MarkCell():
                self.marks[self._at(row, change.column)] = change.note
            case UnmarkCell():
                self.marks[self._at(row, change.column)] = None
            case _:
                assert_never(change)
        self.rows[row.number] = row

    def _adopt(self, change: AdoptRow) -> None:
        same = (row for row in self.reading.added if dict(row.cells) == dict(change.typed))
        row = min(same, key=lambda row: abs(row.number - change.row), default=None)
        if row is None or row.number in self.adopted:
            self.missing.append(self._place(change.row))
            return
        self._set(row, change.cells)
        self.values[(row.number - 1, self.id_column)] = change.id
        self.adopted[row.number] = change
        self.rows[row.number] = row

    def _set(self, row: Row, cells: Mapping[str, Value]) -> None:
        self._check(cells)
        for key, value in cells.items():
            self.values[self._at(row, key)] = value

    def _check(self, cells: Mapping[str, Value]) -> None:
        for key in cells:
            if key not in self.writable:
                raise ValueError(f"The column {self.tab.key}/{key} is not written this way.")

    def _row(self, row: str | int) -> Row | None:
        if isinstance(row, str):
            return self.reading.rows.get(row)
        return next((added for added in self.reading.added if added.number == row), None)

    def _at(self, row: Row, column: str) -> Position:
        return row.number - 1, self.reading.columns[column]

    def _place(self, row: str | int) -> Place:
        return self.tab.key, row if isinstance(row, str) else f"n° {row}"

    def requests(self) -> Iterator[Json]:
        """The requests of this tab."""
        sheet = self.reading.sheet_id
        yield from cells_requests(sheet, self.values)
        for at, change in self.cleared.items():
            yield clear_request(sheet, at, change.note)
        for at, note in self.marks.items():
            yield mark_request(sheet, at, note)
        if self.appended:
            yield from append_requests(self.tab, self.reading, self.appended, self.names)

    def seen_ranges(self) -> Iterator[str]:
        """The headings, the identifiers of the rows written, and all of the rows that had none."""
        if not self.rows and not self.appended:
            return
        title, column = quoted(self.reading.title), letters(self.id_column)
        yield f"{title}!{HEADING_ROW}:{HEADING_ROW}"
        if self.adopted:
            yield f"{title}!{column}:{column}"
        for number, row in self.rows.items():
            if not row.id:
                yield f"{title}!{number}:{number}"
        for first, last in spans(sorted(number for number, row in self.rows.items() if row.id)):
            yield f"{title}!{column}{first}:{column}{last}"

    def mending(self, seen: Seen, there: TabReading | None) -> Iterator[Json]:
        """Note what is misplaced; the requests that mend it. `there` is the tab as read since, if columns moved."""
        now = seen.get(self.reading.sheet_id, {})
        if there and self.columns_moved(seen):
            yield from self._mend_columns(there)
            return
        for number, row in self.rows.items():
            found = as_text(now.get((number - 1, self.id_column), ""))
            if number in self.adopted:
                if self._typed_differs(row, now):
                    yield from self._give_back(number, now)
            elif found != row.id or (not row.id and self._typed_differs(row, now)):
                yield from self._mend(row, found)

    def _mend_columns(self, there: TabReading) -> Iterator[Json]:
        """Put back what people had typed in each row that was written over, wherever its columns came to stand."""
        written = dict.fromkeys([*self.values, *self.cleared, *self.marks])
        known = ((number, id) for id, number in there.rows.numbers.items() if id in self.reading.rows)
        standing = {number: id for number, id in known if number in self.rows}
        lost = self._identified_again(there, {column for _, column in written})
        standing |= lost
        own = [row.id or row.number for row in self.rows.values()]
        appended = (row.id for row in self.appended)
        self.misplaced |= dict.fromkeys(map(self._place, (*own, *standing.values(), *appended)))
        theirs = {there.columns[column.key]: column.key for column in self.tab.human}
        for at in written:
            row = self.rows[at[0] + 1]
            if row.number in standing:
                row = self.reading.rows[standing[row.number]]
            if at[1] in theirs:
                yield restore_request(self.reading.sheet_id, at, row.cells.get(theirs[at[1]]))
        column = there.columns[self.tab.id_column or ""]
        yield from cells_requests(
            self.reading.sheet_id, {(number - 1, column): id for number, id in lost.items()}
        )

    def _identified_again(self, there: TabReading, written: Collection[int]) -> dict[int, str]:
        """The identifiers of rows in which they were written over, by number: told by what people typed there.

        Rows in which the same is typed may be taken for one another: all else in them is written anew.
        """
        if there.columns[self.tab.id_column or ""] not in written:
            return {}
        untouched = [c.key for c in self.tab.human if there.columns[c.key] not in written]
        typed = {row.number: row.cells for row in (*there.duplicated, *there.added)} | dict(there.rows.typed)
        named = {number for id, number in there.rows.numbers.items() if id in self.reading.rows}
        gone = [id for id in self.reading.rows if id not in there.rows]
        found = {}
        for number in sorted(self.rows.keys() - named):
            now = [typed.get(number, {}).get(key, "") for key in untouched]
            own = self.rows[number].id
            for id in sorted(gone, key=lambda id: id != own):
                if now == [self.reading.rows[id].cells.get(key, "") for key in untouched]:
                    found[number] = id
                    gone.remove(id)
                    break
        return found

    def columns_moved(self, seen: Seen) -> bool:
        """Whether a column that counted for what was written stands elsewhere."""
        if not self.rows and not self.appended:
            return False
        columns = {self.id_column, *(column for _, column in (*self.values, *self.cleared, *self.marks))}
        if self.appended:
            columns |= set(self.reading.columns.values())
        now, headings = seen.get(self.reading.sheet_id, {}), dict(enumerate(self.reading.headings))
        return any(as_text(now.get((HEADING_ROW - 1, c), "")) != headings.get(c, "") for c in columns)

    def _typed_differs(self, row: Row, now: Mapping[Position, Cell]) -> bool:
        places = {
            at: cell for key, cell in row.cells.items() if (at := self._at(row, key)) not in self.cleared
        }
        return any(now.get(at) not in (cell, FORMULA_ERROR) for at, cell in places.items())

    def _mend(self, row: Row, found: str) -> Iterator[Json]:
        """Another row, or none, stands where this one was: put back what is known of it."""
        self.misplaced |= dict.fromkeys([self._place(row.id or row.number)])
        other = self.reading.rows.get(found)
        if other:
            self.misplaced |= dict.fromkeys([self._place(found)])
        for at, change in self.cleared.items():
            if other and at[0] == row.number - 1 and self._at(other, change.column) not in self.cleared:
                yield restore_request(self.reading.sheet_id, at, other.cells.get(change.column))
        if not found:
            written = {at: None for at in self.values if at[0] == row.number - 1}
            yield from cells_requests(self.reading.sheet_id, written)

    def _give_back(self, number: int, now: Mapping[Position, Cell]) -> Iterator[Json]:
        """Another row stands where one was adopted: give it back the identifier that is gone from the tab."""
        self.misplaced |= dict.fromkeys([self._place(number)])
        there = {as_text(cell) for (_, column), cell in now.items() if column == self.id_column}
        gone = [id for id in self.reading.rows if id not in there]
        self.misplaced |= dict.fromkeys(map(self._place, gone))
        written: dict[Position, Value] = {at: None for at in self.values if at[0] == number - 1}
        if len(gone) == 1:
            written[(number - 1, self.id_column)] = gone[0]
        yield from cells_requests(self.reading.sheet_id, written)
