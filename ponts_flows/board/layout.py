"""The tabs of the board and their columns: what `ponts setup` builds, all that reading and writing know.

Row 1 of a tab is its introduction, row 2 its headings; both are frozen, rows start at 3. The introduction is
a visible row because a note is found by nobody who opens a spreadsheet for the first time. It stands in the
first column alone and flows over the empty cells beside it: merged cells would keep people from moving
columns. Filter views begin at the headings. Who reads a tab with gspread writes `get_all_records(head=2)`.

A tab or a column added here is added to the board by the next `ponts setup`. Keys are stored in the
spreadsheet's developer metadata: never rename one.
"""

from __future__ import annotations

from ponts_flows.board.howto import HOWTO
from ponts_flows.board.layout_engagements import EVENTS, PAIRINGS, TESTIMONIES
from ponts_flows.board.layout_figures import DASHBOARD, FIGURES, YEARS
from ponts_flows.board.layout_journal import JOURNAL
from ponts_flows.board.layout_people import APPLICATIONS, PROPOSALS
from ponts_flows.board.layout_programme import MEMBERS, OUTBOX, SETTINGS, TO_REVIEW
from ponts_flows.board.layout_texts import TEXTS

__all__ = [
    "APPLICATIONS",
    "DASHBOARD",
    "EVENTS",
    "FIGURES",
    "FIRST_ROW",
    "HEADING_ROW",
    "HOWTO",
    "INTRODUCTION_ROW",
    "JOURNAL",
    "MEMBERS",
    "OUTBOX",
    "PAIRINGS",
    "PROPOSALS",
    "SETTINGS",
    "TAB",
    "TABS",
    "TESTIMONIES",
    "TEXTS",
    "TO_REVIEW",
    "YEARS",
]

INTRODUCTION_ROW, HEADING_ROW, FIRST_ROW = 1, 2, 3

TABS = (
    HOWTO,
    APPLICATIONS,
    PROPOSALS,
    PAIRINGS,
    EVENTS,
    TO_REVIEW,
    OUTBOX,
    TEXTS,
    TESTIMONIES,
    MEMBERS,
    SETTINGS,
    JOURNAL,
    YEARS,
    FIGURES,
    DASHBOARD,  # last, as tabs are written in this order: it remembers until when all was read
)
TAB = {tab.key: tab for tab in TABS}
