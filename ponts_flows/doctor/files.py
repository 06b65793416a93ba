"""The board, the forms and the sheets of the association, as they stand at Google."""

from __future__ import annotations

from typing import Any

from ponts_flows.board.layout import TAB
from ponts_flows.board.reading import BoardReading, Table
from ponts_flows.doctor.checks import Ill, NotSeen
from ponts_flows.errors import GoogleRefused
from ponts_flows.forms import FormIds, match_headings
from ponts_flows.forms import load as load_form
from ponts_flows.google.board import Board
from ponts_flows.google.board_setup import lacking, shut_out
from ponts_flows.google.form_requests import changes
from ponts_flows.google.sheets import read_sheet
from ponts_flows.google.transport import Google, execute
from ponts_flows.settings import Settings
from ponts_flows.steps.context import Installation, SheetSource

_SHARED = "Take it out of Drive's bin, or share it with the programme's mailbox."


class Files:
    """Looks at what was set up. Each look says what there is, or raises Ill with the remedy."""

    def __init__(self, google: Google, installation: Installation, settings: Settings) -> None:
        self._google, self._installation, self._settings = google, installation, settings
        self._read: dict[str, dict[str, Any]] = {}
        self._board: BoardReading | None = None

    def board(self) -> str:
        """Whether the board can be read, and has its tabs."""
        try:
            reading = Board(self._google, self._installation.board).read()
        except GoogleRefused as error:
            raise Ill(f"The board can't be read ({error}). {_SHARED}") from error
        self._board = reading
        return f"readable, its {len(reading.tabs) + 1} tabs and their columns are there"

    def columns(self) -> str:
        """Whether its headings, protections and lists are as they were set up."""
        self._needs_the_board()
        if wrong := lacking(self._google, self._installation.board):
            raise Ill(f"The board is not as it was set up ({'; '.join(wrong)}). `ponts setup` puts it right.")
        return "headings, protections and lists of choices are as they were set up"

    def sharing(self) -> str:
        """Whether coordinators can edit it."""
        self._needs_the_board()
        try:
            without = shut_out(self._google, self._installation.board, self._settings.coordinators)
        except GoogleRefused as error:
            raise NotSeen(
                "of a board that the programme did not make: see in Sheets who may edit it"
            ) from error
        if without:
            raise Ill(
                f"{len(without)} of the coordinators can't edit the board. `ponts setup` shares it with them."
            )
        return "coordinators can edit the board"

    def _needs_the_board(self) -> BoardReading:
        if self._board is None:
            raise NotSeen("needs the board")
        return self._board

    def forms(self) -> str:
        """Whether the forms can be answered."""
        if wrong := [what for ids in self._installation.forms for what in self._wrong_with(ids)]:
            raise Ill(" ".join(wrong))
        return f"{len(self._installation.forms)} readable, published and open"

    def _wrong_with(self, ids: FormIds) -> list[str]:
        name = f"The form {ids.name} ({ids.language}), {ids.form_id},"
        try:
            form = execute(self._google.collection("forms", "v1", "forms").get(formId=ids.form_id))
        except GoogleRefused as error:
            return [f"{name} can't be read ({error}). {_SHARED}"]
        self._read[ids.form_id] = form
        state = form.get("publishSettings", {}).get("publishState", {})
        if not state.get("isPublished"):
            return [f"{name} is not published. Run `ponts setup`."]
        if not state.get("isAcceptingResponses"):
            return [f"{name} takes no responses. Open it again by hand, as it was closed."]
        return []

    def questions(self) -> str:
        """Whether the forms ask what their files say."""
        programme = self._settings.programme
        if not self._read:
            raise NotSeen("needs the forms")
        wrong = [
            f"{ids.name} ({ids.language})"
            for ids in self._installation.forms
            if ids.form_id in self._read
            and changes(self._read[ids.form_id], load_form(ids.name, programme), ids.language)
        ]
        if wrong:
            raise Ill(f"These forms do not ask what their files say: {', '.join(wrong)}. Run `ponts setup`.")
        return "the forms ask what their files say"

    def sheets(self) -> str:
        """Whether the sheets of the association can be read."""
        sources = (
            *self._installation.sheets,
            *([self._installation.register] if self._installation.register else []),
        )
        if wrong := [what for source in sources for what in self._wrong_in(source)]:
            raise Ill(" ".join(wrong))
        return f"{len(sources)} sheets of the association readable, with their headings"

    def register(self) -> str:
        """Whether anybody is in the register of members: without one nobody is admitted."""
        source = self._installation.register
        if source is None:
            table, place = self._needs_the_board().members, f"the board's tab {TAB['members'].title_fr}"
        else:
            table = self._sheet(source)
            place = f"the spreadsheet {source.spreadsheet_id}"
        count = sum(any(cell != "" for cell in row) for row in table.rows)
        if not count:
            raise Ill(f"The register of members is empty: nobody is admitted. Write the members in {place}.")
        return f"{count} members in {place}"

    def _sheet(self, source: SheetSource) -> Table:
        try:
            return read_sheet(self._google, source.spreadsheet_id, source.tab)
        except GoogleRefused as error:
            raise NotSeen("needs the sheet of the register") from error

    def _wrong_in(self, source: SheetSource) -> list[str]:
        name = f"The sheet {source.form}, {source.spreadsheet_id},"
        try:
            table = read_sheet(self._google, source.spreadsheet_id, source.tab)
        except GoogleRefused as error:
            return [f"{name} can't be read ({error}). Give the tab its title back, or share it again."]
        match = match_headings(load_form(source.form, self._settings.programme), table.headings)
        if match.missing:
            return [f"{name} has no column {', '.join(match.missing)}. Give it that heading back."]
        return []
