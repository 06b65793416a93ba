"""What one pass works with: the ledger, Google, the programme, and one moment taken as now."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, cached_property

from sqlalchemy import Connection

from ponts_flows.actions import Action, AskCoordinator
from ponts_flows.board.layout import TAB
from ponts_flows.board.options import tuned
from ponts_flows.board.reading import BoardReading, Row
from ponts_flows.board.tabs import BY
from ponts_flows.decide.calendar import local
from ponts_flows.errors import PontsError, SettingsError
from ponts_flows.forms import FormIds, FormSpec, Register
from ponts_flows.forms import load as load_form
from ponts_flows.forms.folding import line
from ponts_flows.google.board import Board
from ponts_flows.google.forms import Forms
from ponts_flows.google.mailbox import Mailbox
from ponts_flows.google.transport import Google
from ponts_flows.ledger import Ledger, acts, facts, texts
from ponts_flows.ledger.apply import carry_out
from ponts_flows.ledger.codec import decode, encode
from ponts_flows.mail import edited
from ponts_flows.mail.braces import TextFault
from ponts_flows.mail.templates import Texts
from ponts_flows.model import Language
from ponts_flows.programme import Programme
from ponts_flows.settings import Settings


@dataclass(frozen=True, kw_only=True)
class SheetSource:
    """A tab of a spreadsheet that we read: a response sheet of a form, or the membership register."""

    spreadsheet_id: str
    tab: str | None
    form: str
    language: Language = Language.FRENCH


@dataclass(frozen=True, kw_only=True)
class Installation:
    """What `ponts setup` created or adopted, by its identifiers. Without `register`, the board's own tab is it."""

    board: str
    board_url: str
    forms: tuple[FormIds, ...]
    sheets: tuple[SheetSource, ...] = ()
    register: SheetSource | None = None

    def form(self, name: str, language: Language) -> FormIds:
        """A form in a language, or in the one it exists in."""
        named = [ids for ids in self.forms if ids.name == name]
        return next((ids for ids in named if ids.language is language), named[0])


@dataclass(kw_only=True)
class Pass:
    """One pass over everything. `now` was taken once; `monotonic` only tells how long ago the board was read."""

    settings: Settings
    ledger: Ledger
    google: Google
    now: datetime
    monotonic: Callable[[], float] = time.monotonic
    board_reading: BoardReading | None = None
    board_read_at: float = 0.0
    outcomes: dict[str, PontsError | None] = field(default_factory=dict)
    """How each step that was run ended: by which error, or without."""
    _register: Register | None = None
    _texts: Texts | None = None

    @cached_property
    def programme(self) -> Programme:
        """The programme, with this installation's own values and what coordinators changed in the board."""
        with self.ledger.transaction() as db:
            return tuned(self.settings.programme, facts.recall(db, "options", {}))

    def tune(self, options: Mapping[str, int]) -> None:
        """Take up what coordinators changed in the tab Réglages."""
        self.programme = tuned(self.settings.programme, options)

    @cached_property
    def today(self) -> date:
        """The day it is for the programme."""
        return local(self.now, self.programme).date()

    @cached_property
    def installation(self) -> Installation:
        """What was set up; SettingsError when nothing was."""
        with self.ledger.transaction() as db:
            data = facts.recall(db, "installation")
        if data is None:
            raise SettingsError("Nothing is set up: `ponts setup`, or `ponts rebuild` if a ledger was lost.")
        return decode(Installation, data)

    @cached_property
    def board(self) -> Board:
        """The coordinators' spreadsheet."""
        return Board(self.google, self.installation.board)

    @cached_property
    def forms(self) -> Forms:
        """The web forms."""
        return Forms(self.google)

    @cached_property
    def mailbox(self) -> Mailbox:
        """The programme's mailbox."""
        return Mailbox(self.google)

    def spec(self, name: str) -> FormSpec:
        """The specification of a form."""
        return _spec(name, self.programme)

    def register(self, db: Connection) -> Register:
        """The membership register as last read."""
        if self._register is None:
            self._register = Register(members=facts.members(db), problems=())
        return self._register

    def register_changed(self) -> None:
        """Read the register afresh next time."""
        self._register = None

    def texts(self, db: Connection) -> Texts:
        """The texts of mails that coordinators wrote, to be used in place of the files'."""
        if self._texts is None:
            self._texts = _in_use(texts.kept(db))
        return self._texts

    def texts_changed(self) -> None:
        """Read the texts of mails afresh next time."""
        self._texts = None

    def row_link(self, tab: str, id: str) -> str:
        """Where a coordinator finds a row of the board: the row itself, if it was there when the board was read."""
        url, reading = self.installation.board_url, self.board_reading
        if reading is None or id not in reading.tabs[tab].rows:
            return url
        place = f"gid={reading.tabs[tab].sheet_id}&range=A{reading.tabs[tab].rows.numbers[id]}"
        return f"{url}?{place}#{place}"

    def mail_link(self, thread_id: str) -> str:
        """Where a coordinator reads a conversation of the mailbox."""
        if self.settings.google_root:
            return f"{self.settings.google_root}/mail/{self.settings.mailbox}/t/{thread_id}"
        return f"https://mail.google.com/mail/u/{self.settings.mailbox}/#all/{thread_id}"

    def tell(self, db: Connection, line: AskCoordinator) -> None:
        """Show coordinators a line that is true now; one that was closed when it was not opens again."""
        self.carry_out(db, [line])
        facts.reopen(db, line.key)

    def note_act(
        self, db: Connection, tab: str, about: str, what: str, *, by: str, outcome: str = ""
    ) -> None:
        """Keep in the journal what a coordinator did in a tab; `by` is the name they chose, if they did."""
        acts.record(db, at=self.now, by=by, place=TAB[tab].title_fr, about=about, what=what, outcome=outcome)

    def carry_out(self, db: Connection, actions: list[Action]) -> None:
        """Carry out decisions in the caller's transaction."""
        carry_out(db, actions, reference=self.settings.keys.reference, now=self.now)


def _in_use(kept: Mapping[str, texts.MailText]) -> Texts:
    found = {}
    for key, text in kept.items():
        with suppress(TextFault):  # written for an earlier version's file: the tab Modèles says so
            name, language = texts.name_of(key)
            found[name, language] = edited.written(name, language, subject=text.subject, body=text.body)
    return found


def said_by(row: Row) -> str:
    """The name that a coordinator chose in a row, on one line."""
    return line(row.text(BY.key), 60)


@cache
def _spec(name: str, programme: Programme) -> FormSpec:
    return load_form(name, programme)


def save_installation(db: Connection, installation: Installation) -> None:
    """Record what was set up."""
    facts.remember(db, "installation", encode(Installation, installation))
