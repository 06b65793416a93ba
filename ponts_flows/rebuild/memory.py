"""What the board remembers of every record, as read from its hidden column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from ponts_flows.board.layout import TAB
from ponts_flows.errors import GoogleRefused, InputError
from ponts_flows.google.board_memory import boards, remembered
from ponts_flows.ledger.codec import decode
from ponts_flows.ledger.remembered import Data
from ponts_flows.mail.tokens import TokenError
from ponts_flows.rebuild.report import Report
from ponts_flows.steps.context import Installation, Pass
from ponts_flows.steps.rows.memory import PROGRAMME, RECORDS, unsealed

NUMBERED = {"application": ("applications", "A"), "pairing": ("proposals", "P")}
"""Whose rows may not be missing: their tab, and how their identifiers begin."""


@dataclass(frozen=True, kw_only=True)
class Memory:
    """What is remembered of the programme, and of the record of each row, by tab and identifier."""

    board: str
    programme: Data
    rows: dict[str, dict[str, Data]] = field(default_factory=dict)

    @property
    def notes(self) -> Data:
        """Values kept under a name: where reading goes on, what coordinators tuned."""
        notes: Data = self.programme["notes"]
        return notes

    @cached_property
    def installation(self) -> Installation:
        """What was set up; the board is the one that was read, should it be a copy put in place of another."""
        before = decode(Installation, self.notes["installation"])
        url = before.board_url.replace(before.board, self.board)
        return replace(before, board=self.board, board_url=url)

    def until(self, name: str) -> datetime | None:
        """Until when a source was read; None: never."""
        text = self.notes.get(name)
        return datetime.fromisoformat(text) if text else None


def recall(run: Pass, board: str | None, report: Report) -> Memory:
    """Read the memory of the board given, or of the only one that is found. InputError when it can't be used."""
    if board is not None:
        memory = _programme(run, board)
    else:
        found = [one for id in boards(run.google) if (one := _looked_at(run, id)) is not None]
        own = [one for one in found if one.notes["installation"]["board"] == one.board]
        if len(own) != 1:
            raise InputError(
                f"{len(own)} boards were found among the mailbox's files. Give the identifier of yours, "
                "which stands in its address between /d/ and /edit: ponts rebuild --board ID."
            )
        (memory,) = own
    rows = dict(_rows(run, memory.board, report))
    missing = list(_missing(memory, rows))
    if missing:
        raise InputError(
            f"Rows of the board are missing, or their hidden column « Mémoire » was altered: {', '.join(missing)}. "
            "Put them back (File, Version history in the spreadsheet), then run this again."
        )
    return replace(memory, rows=rows)


def _looked_at(run: Pass, board: str) -> Memory | None:
    """The memory of a spreadsheet that may be the board; None when it is another programme's."""
    try:
        return _programme(run, board)
    except InputError:
        return None


def _programme(run: Pass, board: str) -> Memory:
    tab, id = PROGRAMME
    try:
        found = dict(reversed(remembered(run.google, board, (tab,))[tab]))
    except GoogleRefused as error:
        raise InputError(
            f"The board {board} can't be read ({error}). Check its identifier, take it out of Drive's bin, or share "
            "it with the programme's mailbox."
        ) from error
    if not found.get(id):
        raise InputError(
            f"The board {board} remembers nothing of the programme: the row « {id} » of its tab "
            f"« {TAB[tab].title_fr} » is missing or blank. Put it back from the spreadsheet's version history."
        )
    try:
        return Memory(board=board, programme=unsealed(run.settings.keys, tab, id, found[id]))
    except TokenError as error:
        raise InputError(
            f"What the board {board} remembers can't be read with this secret. Give the programme's own in "
            "PONTS_SECRET (and PONTS_SECRET_ID, PONTS_OLD_SECRETS): without it nothing can be rebuilt."
        ) from error


def _rows(run: Pass, board: str, report: Report) -> Iterator[tuple[str, dict[str, Data]]]:
    for tab, rows in remembered(run.google, board, RECORDS).items():
        found: dict[str, Data] = {}
        title = TAB[tab].title_fr
        for id, cell in rows:
            try:
                data = unsealed(run.settings.keys, tab, id, cell)
            except TokenError:
                # Row by row: one that a person copied over or typed in is not worth the others.
                report.lost.append(f"onglet {title}, {id} : la mémoire de la ligne est vide ou altérée")
                continue
            if found.setdefault(id, data) != data:
                report.lost.append(f"onglet {title}, {id} : deux lignes différentes, la première compte")
        yield tab, found


def _missing(memory: Memory, rows: dict[str, dict[str, Data]]) -> Iterator[str]:
    for table, (tab, letter) in NUMBERED.items():
        for number in range(1, memory.programme["last"][table] + 1):
            if (id := f"{letter}-{number:04d}") not in rows[tab]:
                yield f"{TAB[tab].title_fr} {id}"
