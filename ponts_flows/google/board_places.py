"""What is there of a tab, and where its columns are or will be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ponts_flows.board.layout import FIRST_ROW, HEADING_ROW
from ponts_flows.board.tabs import Tab
from ponts_flows.google.board_reading import sheet_id
from ponts_flows.google.board_requests import Json

ROWS_AT_FIRST = 1000


@dataclass(frozen=True, kw_only=True)
class TabThere:
    """What is there of a tab: the `CellData` of its rows, where tagged columns are, and so on.

    Of most tabs the first three rows are known; of one with boxes in some rows only, all.
    """

    column_count: int
    frozen_rows: int
    tagged: bool
    columns: Mapping[str, int]
    rows: Sequence[Sequence[Json]]
    protected: frozenset[int]
    views: frozenset[str]
    conditions: tuple[tuple[str, str], ...] = field(default=())

    def cell(self, row: int, column: int) -> Json:
        """The data of a cell of a row that is known; row counted from 1, column from 0."""
        cells = self.rows[row - 1] if row <= len(self.rows) else ()
        return cells[column] if column < len(cells) else {}

    def text(self, row: int, column: int) -> str:
        """The text of such a cell."""
        return str(self.cell(row, column).get("userEnteredValue", {}).get("stringValue", "")).strip()

    @property
    def blank(self) -> bool:
        """Nothing is written where introduction, headings and first row would be, and nothing is tagged."""
        first = self.rows[:FIRST_ROW]
        return not self.columns and not any("userEnteredValue" in cell for row in first for cell in row)


def sheet_properties(tab: Tab) -> Json:
    """The properties a tab is created with."""
    grid = {"rowCount": ROWS_AT_FIRST, "columnCount": len(tab.columns), "frozenRowCount": HEADING_ROW}
    return {"sheetId": sheet_id(tab), "title": tab.title_fr, "gridProperties": grid}


def boxes_by_row(tab: Tab) -> bool:
    """Whether a tab has a column whose boxes are in some rows only: which, its identifiers tell."""
    return any(column.only for column in tab.columns)


def fresh(tab: Tab) -> TabThere:
    """A tab just created."""
    return TabThere(
        column_count=len(tab.columns),
        frozen_rows=HEADING_ROW,
        tagged=False,
        columns={},
        rows=(),
        protected=frozenset(),
        views=frozenset(),
    )


@dataclass(kw_only=True)
class Placing:
    """Where each column of a tab is or will be, and the requests that bring it there."""

    columns: dict[str, int]
    created: list[str] = field(default_factory=list)
    requests: list[Json] = field(default_factory=list)

    def before(self, key: str) -> int:
        """Where a column that was already there stood before others were inserted."""
        return self.columns[key] - sum(self.columns[new] < self.columns[key] for new in self.created)


def placing(tab: Tab, there: TabThere) -> Placing:
    """Place the columns of a tab: those there stay, the others go after their neighbour in the layout."""
    if there.blank:
        lacking = len(tab.columns) - there.column_count
        grown: Json = {"sheetId": sheet_id(tab), "dimension": "COLUMNS", "length": lacking}
        return Placing(
            columns={column.key: i for i, column in enumerate(tab.columns)},
            created=[column.key for column in tab.columns],
            requests=[{"appendDimension": grown}] if lacking > 0 else [],
        )
    order = _order(tab, there)
    placed = Placing(columns={})
    for i, column in enumerate(tab.columns):
        if column.key not in order:
            at = order.index(tab.columns[i - 1].key) + 1 if i else 0
            placed.requests.append(_inserted(tab, at, at_end=at == len(order)))
            placed.created.append(column.key)
            order.insert(at, column.key)
    placed.columns = {column.key: order.index(column.key) for column in tab.columns}
    return placed


def _order(tab: Tab, there: TabThere) -> list[str]:
    """A tab's column keys in their order there; a column whose tag was lost is known by its heading."""
    order = [""] * there.column_count
    for key, index in there.columns.items():
        order[index] = key
    for column in tab.columns:
        if column.key not in order:
            untagged = (i for i, key in enumerate(order) if not key)
            named = (i for i in untagged if there.text(HEADING_ROW, i) == column.heading_fr)
            if (found := next(named, None)) is not None:
                order[found] = column.key
    return order


def _inserted(tab: Tab, at: int, *, at_end: bool) -> Json:
    if at_end:
        return {"appendDimension": {"sheetId": sheet_id(tab), "dimension": "COLUMNS", "length": 1}}
    where = {"sheetId": sheet_id(tab), "dimension": "COLUMNS", "startIndex": at, "endIndex": at + 1}
    return {"insertDimension": {"range": where, "inheritFromBefore": at > 0}}
