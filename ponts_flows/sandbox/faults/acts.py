"""What people do meanwhile, and the clock: the second half of the closed table of kinds."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from pydantic import AwareDatetime, PositiveInt, model_validator

from ponts_flows.sandbox.faults.kinds import Entry


class Act(Entry):
    """Something that is done beside the call, right before or right after it."""

    moment: Literal["before", "after"] = "after"


class ClockMoved(Act):
    """The sandbox's clock jumps to a moment, or by a time (ISO 8601: `P21D`); it stands or runs as it did."""

    kind: Literal["clock_moved"]
    to: AwareDatetime | None = None
    by: timedelta | None = None

    @model_validator(mode="after")
    def _one(self) -> ClockMoved:
        if (self.to is None) == (self.by is None):
            raise ValueError("either to or by")
        return self


class OnDrafts(Act):
    """An act on drafts of a mailbox: the caller's, unless another is named. `called` is the one the call names."""

    mailbox: str = ""
    which: Literal["newest", "oldest", "all", "called"] = "newest"


class DraftDeleted(OnDrafts):
    """Somebody deletes a draft."""

    kind: Literal["draft_deleted"]


class DraftSent(OnDrafts):
    """Somebody sends a draft by hand."""

    kind: Literal["draft_sent"]


class OnForm(Act):
    """An act on a form: the one the call is about, unless one is named; else the newest."""

    form: str = ""


class FormUnpublished(OnForm):
    """Somebody takes a form off the web."""

    kind: Literal["form_unpublished"]


class FormClosed(OnForm):
    """Somebody stops a form from accepting responses; it stays published."""

    kind: Literal["form_closed"]


class OnTab(Act):
    """An act on a tab (by its title; left out: the first) of a spreadsheet: the one the call is about, else the newest.

    `who` does it; left out: the first person who may write there; `owner`: whom no protection stops.
    """

    spreadsheet: str = ""
    who: str = ""
    tab: str = ""


class TabRenamed(OnTab):
    """A tab gets another title."""

    kind: Literal["tab_renamed"]
    to: str


class TabDeleted(OnTab):
    """A tab is deleted."""

    kind: Literal["tab_deleted"]


class OnColumn(OnTab):
    """An act on a column, by its heading or its letter."""

    column: str


class ColumnRenamed(OnColumn):
    """Another heading is typed over that of a column."""

    kind: Literal["column_renamed"]
    to: str


class ColumnDeleted(OnColumn):
    """A column is deleted."""

    kind: Literal["column_deleted"]


class ColumnMoved(OnColumn):
    """A column is dragged to where another one is."""

    kind: Literal["column_moved"]
    to: str


class CellTyped(OnColumn):
    """A text is typed into a cell. `row`: its number on the page, or the text of one of its cells."""

    kind: Literal["cell_typed"]
    row: PositiveInt | str
    text: str


class RowsSorted(OnColumn):
    """The rows below the headings are sorted by a column."""

    kind: Literal["rows_sorted"]
    descending: bool = False


class RowMoved(OnTab):
    """A row is dragged to where another one is."""

    kind: Literal["row_moved"]
    row: PositiveInt | str
    to: PositiveInt | str


class RowInserted(OnTab):
    """An empty row is inserted before another one."""

    kind: Literal["row_inserted"]
    row: PositiveInt | str


class RowDeleted(OnTab):
    """A row is deleted."""

    kind: Literal["row_deleted"]
    row: PositiveInt | str


SheetAct = (
    TabRenamed
    | TabDeleted
    | ColumnRenamed
    | ColumnDeleted
    | ColumnMoved
    | CellTyped
    | RowsSorted
    | RowMoved
    | RowInserted
    | RowDeleted
)
PersonAct = DraftDeleted | DraftSent | FormUnpublished | FormClosed | SheetAct
