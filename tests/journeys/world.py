"""A small world for tests: a sandbox, a ledger, a clock that stands still, people who act on the pages.

    world.register(A_MEMBER)
    world.sign_up("mentee", first_name="Léa")
    world.tick()
    assert [mail.subject for mail in world.inbox("lea.durand@exemple.example")] == […]

Everything a person does goes through the sandbox's own pages; everything the programme does, through `tick`.
"""

from __future__ import annotations

import re
import unicodedata
from base64 import b64encode, urlsafe_b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import icalendar
import requests
from sqlalchemy import select

from ponts_flows import local
from ponts_flows.board.layout import TAB
from ponts_flows.forms import Question, load, question_id
from ponts_flows.google.transport import Google, execute
from ponts_flows.ledger import Ledger, tables
from ponts_flows.mail.tokens import reply_address
from ponts_flows.model import Language
from ponts_flows.players import Pages
from ponts_flows.settings import Settings
from ponts_flows.steps import PROGRAMME, PROPOSALS, Pass, Report, Step, run_pass
from ponts_flows.steps.context import Installation
from ponts_flows.steps.opening import google_for
from ponts_flows.steps.setup import set_up
from tests.databases import Databases, Files, Restore
from tests.fast_clock import FastClock

PARIS = ZoneInfo("Europe/Paris")
MONDAY = datetime(2026, 11, 16, 9, tzinfo=PARIS)
COORDINATOR = local.COORDINATOR
LEA, PAUL = "lea.durand@exemple.example", "paul.martin@exemple.example"


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail as its reader sees it."""

    id: str
    thread_id: str
    subject: str
    sender: str
    to: str
    text: str
    labels: tuple[str, ...]

    @property
    def reference(self) -> str:
        """The visible reference of the first message it holds, "" when there is none."""
        found = re.search(r"M-[0-9A-Z]{4}-[0-9A-Z]{4}", self.text)
        return found[0] if found else ""


@dataclass(frozen=True, kw_only=True)
class CalendarEntry:
    """A calendar file as its reader's calendar takes it; `start` is on Paris clocks, or a day."""

    method: str
    uid: str
    sequence: int
    start: str
    location: str


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A tab of the board as a coordinator sees it: the letter of each column key, the texts of each row by number."""

    gid: int
    columns: dict[str, str]
    headings: int
    rows: dict[int, list[str]]


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """Everything there is at a moment: what makes the sandbox and the ledger so again."""

    sandbox: Restore
    ledger: Restore
    now: datetime


@dataclass(kw_only=True)
class World:
    """A world set up and empty of people. `now` is the time everywhere; it moves by `advance` alone.

    What is waited for before a call is tried again is waited for on `clock`.
    """

    directory: Path
    databases: Databases
    settings: Settings
    installation: Installation
    now: datetime
    ledger: Ledger
    google: Google
    pages: Pages
    clock: FastClock = field(default_factory=FastClock)
    _own_ledger: Ledger = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._own_ledger = self.ledger

    @property
    def coordinator(self) -> str:
        """The address of the coordinator who acts on the board."""
        return self.settings.coordinators[0]

    # What participants do.

    def sign_up(self, role: str, *, language: Language = Language.FRENCH, **answers: Any) -> str:
        """Fill in a sign-up form; what is not given is plain and complete. Returns the address used."""
        given = {**_a_person(role, answers), **answers}
        self._fill_in(role, language, given)
        return str(given["email"])

    def answer_form(self, link: str, **answers: Any) -> None:
        """Follow a link to a form and send it, these answers added to what the link filled in."""
        address = urlsplit(link)
        (ids,) = [ids for ids in self.installation.forms if urlsplit(ids.responder_uri).path == address.path]
        filled = {
            name: values for name, values in parse_qs(address.query).items() if name.startswith("entry.")
        }
        self.advance(seconds=1)
        self._send_form(ids.responder_uri, filled | self._entries(ids.name, ids.language, answers))

    def _fill_in(self, form: str, language: Language, answers: dict[str, Any]) -> None:
        # A second later than the one before: the order of responses is the order of these lines.
        self.advance(seconds=1)
        self._send_form(
            self.installation.form(form, language).responder_uri, self._entries(form, language, answers)
        )

    def _entries(self, form: str, language: Language, answers: dict[str, Any]) -> dict[str, Any]:
        spec = load(form, self.settings.programme)
        return {
            f"entry.{int(question_id(form, name), 16)}": _typed(spec.question(name), language, value)
            for name, value in answers.items()
            if spec.asks(name)
        }

    def _send_form(self, uri: str, entries: dict[str, Any]) -> None:
        self.pages.post_json(urlsplit(uri).path.replace("viewform", "formResponse"), entries)

    def inbox(self, address: str, query: str = "in:inbox") -> list[Mail]:
        """The mails of an address, oldest first."""
        found = self.pages.get(f"/mail/{address}/messages.json", q=query)["messages"]
        return [
            Mail(
                id=mail["id"],
                thread_id=mail["thread_id"],
                subject=mail["subject"],
                sender=mail["from"],
                to=mail["to"],
                text=mail["text"],
                labels=tuple(mail["labels"]),
            )
            for mail in reversed(found)
        ]

    def received(self, address: str, query: str = "in:inbox") -> list[str]:
        """The keys of the messages in an inbox, oldest first, told by their visible references."""
        return [key for key, _ in self._letters(address, query)]

    def letter(self, address: str, about: str) -> Mail:
        """The newest mail of an inbox whose key holds `about`."""
        (*_, mail) = [mail for key, mail in self._letters(address) if about in key]
        return mail

    def _letters(self, address: str, query: str = "in:inbox") -> list[tuple[str, Mail]]:
        t = tables.message
        with self.ledger.transaction() as db:
            keys = dict(db.execute(select(t.c.reference, t.c.key)).tuples().all())
        return [(keys[mail.reference], mail) for mail in self.inbox(address, query) if mail.reference in keys]

    def link(self, address: str, about: str, form: str) -> str:
        """The link to a form in the newest mail of an inbox whose key holds `about`."""
        paths = {urlsplit(ids.responder_uri).path for ids in self.installation.forms if ids.name == form}
        found = re.findall(r"https?://[^\s>)\]]+", self.letter(address, about).text)
        return next(link for link in found if urlsplit(link).path in paths)

    def follow_link(self, address: str, about: str, form: str = "session", **answers: Any) -> None:
        """Answer a form by the link to it in the newest mail whose key holds `about`."""
        self.answer_form(self.link(address, about, form), **answers)

    def form_link(self, form: str, token: str) -> str:
        """A link to a form in French that holds a code."""
        uri = self.installation.form(form, Language.FRENCH).responder_uri
        return f"{uri}?usp=pp_url&entry.{int(question_id(form, 'token'), 16)}={token}"

    def calendar(self, address: str) -> list[CalendarEntry]:
        """The calendar files in an inbox, oldest first."""
        mailbox = Google(
            credentials_file=self.settings.credentials, mailbox=address, root=self.settings.google_root
        )
        messages = mailbox.service("gmail", "v1").users().messages()
        parts = [
            part
            for mail in self.inbox(address, "in:inbox has:attachment")
            for part in message_from_bytes(
                urlsafe_b64decode(execute(messages.get(userId="me", id=mail.id, format="raw"))["raw"] + "==")
            ).walk()
            if part.get_content_type() == "text/calendar"
        ]
        mailbox.mail.close()
        return [_entry(part.get_payload(decode=True)) for part in parts]

    def reply(self, address: str, about: str, text: str, *, client: str = "Gmail") -> None:
        """Answer the newest mail whose text or subject holds `about` (a reference, words of the subject)."""
        (*_, mail) = [mail for mail in self.inbox(address) if about in mail.text or about in mail.subject]
        self.pages.post(f"/mail/{address}/reply", message_id=mail.id, body=text, client=client)

    def deliver(self, raw: bytes, *, sender: str, to: str, **verdicts: str | bool) -> None:
        """Have a mail arrive as it is, with what Gmail finds out about its sender."""
        body = {"raw_base64": b64encode(raw).decode(), "mail_from": sender, "rcpt_to": to, **verdicts}
        self.pages.post_json("/sandbox/mail/deliver", body)

    def replies_to(self, key: str) -> str:
        """The address that answers to a message go to."""
        t = tables.message
        with self.ledger.transaction() as db:
            message = db.execute(select(t).where(t.c.key == key)).one()
        (recipient,) = message.addresses
        token = self.settings.keys.reply_token(
            message_key=key, reference=message.reference, recipient=recipient
        )
        return reply_address(self.settings.mailbox, token)

    # What coordinators do.

    def register(self, *members: dict[str, Any]) -> None:
        """Write members in the tab Cotisants: `last_name`, `first_name`, `email`, `dues`… of its columns."""
        for member in members:
            self.add_row("members", **member)

    def decide(self, row_id: str, choice: str, *, exemption: str = "") -> None:
        """Choose in the column Décision of the row of an application or a proposal."""
        tab = "proposals" if row_id.startswith("P-") else "applications"
        self.type_in(tab, row_id, **({"exemption": exemption} if exemption else {}), decision=choice)

    def type_in(self, tab: str, row_id: str, **cells: Any) -> None:
        """Type into cells of the row that has an identifier."""
        sheet = self._sheet(tab)
        place = list(sheet.columns).index("id")
        (number,) = [number for number, values in sheet.rows.items() if values[place] == row_id]
        self._type(sheet, number, cells)

    def add_row(self, tab: str, **cells: Any) -> int:
        """Type into the first row below the others; returns its number."""
        sheet = self._sheet(tab)
        number = (
            max((number for number, values in sheet.rows.items() if _filled(values)), default=sheet.headings)
            + 1
        )
        self._type(sheet, number, cells)
        return number

    def board(self, tab: str) -> list[dict[str, str]]:
        """The rows of a tab as a person sees them, by column key; blank rows are left out."""
        sheet = self._sheet(tab)
        return [
            dict(zip(sheet.columns, values, strict=True)) for values in sheet.rows.values() if _filled(values)
        ]

    def row(self, tab: str, row_id: str) -> dict[str, str]:
        """The one row of a tab that has an identifier."""
        (found,) = [row for row in self.board(tab) if row["id"] == row_id]
        return found

    def _sheet(self, tab: str) -> Sheet:
        layout, path = TAB[tab], f"/spreadsheets/d/{self.installation.board}/values"
        tabs = self.pages.get(path, who=self.coordinator)["tabs"]
        (gid,) = [one["gid"] for one in tabs if one["title"] == layout.title_fr]
        shown = self.pages.get(path, who=self.coordinator, gid=gid)
        keys = {column.heading_fr: column.key for column in layout.columns}
        (headings,) = [row for row in shown["rows"] if len(keys.keys() & set(row["values"])) > 1]
        return Sheet(
            gid=gid,
            columns={
                keys[text]: letter for text, letter in zip(headings["values"], shown["columns"], strict=True)
            },
            headings=headings["row"],
            rows={row["row"]: row["values"] for row in shown["rows"] if row["row"] > headings["row"]},
        )

    def _type(self, sheet: Sheet, row: int, cells: dict[str, Any]) -> None:
        typed = [{"row": row, "column": sheet.columns[name], "value": value} for name, value in cells.items()]
        edit = {"who": self.coordinator, "gid": sheet.gid, "cells": typed}
        self.pages.post_json(f"/spreadsheets/d/{self.installation.board}/edit", edit)

    # What the programme does.

    def tick(self, steps: tuple[Step, ...] = PROGRAMME) -> Report:
        """One pass that must go through without an error."""
        report = self.attempt(steps)
        assert report.errors == {}, report.lines()
        return report

    def attempt(self, steps: tuple[Step, ...] = PROGRAMME) -> Report:
        """One pass, whatever comes of it."""
        return run_pass(self.a_pass(), steps)

    def a_pass(self) -> Pass:
        """A pass at this moment."""
        return local.a_pass(self.settings, self.ledger, self.now, self.google)

    def google_for(self, settings: Settings) -> Google:
        """Access to Google as the settings say, on the clock that keeps nobody waiting."""
        return google_for(settings, monotonic=self.clock.monotonic, sleep=self.clock.sleep)

    def restarted(self, google: Google | None = None, ledger: Ledger | None = None) -> None:
        """Throw away what is in memory, as when the process died and another one starts.

        But for the ledger's statements, whose making would take a fifth of the time: its connections are new.
        """
        self.ledger.close()
        self.google.files.close()
        self.google.mail.close()
        self.google = google or self.google_for(self.settings)
        self.ledger = ledger or self._own_ledger

    # Time, and going back in it.

    def advance(self, **by: float) -> None:
        """Let time pass: `hours=2`, `days=7`…"""
        self.at(self.now + timedelta(**by))

    def at(self, moment: datetime) -> None:
        """Go to a moment."""
        self.now = moment
        body = {"now": moment.isoformat(), "standing": True}
        self.pages.http.put(f"{self.pages.url}/sandbox/clock", json=body, timeout=10).raise_for_status()

    def snapshot(self) -> Snapshot:
        """Everything as it is now."""
        self.ledger.close()
        return Snapshot(
            sandbox=Files().keep(f"sqlite:///{self.directory / 'sandbox.db'}"),
            ledger=self.databases.keep(self.settings.ledger_url),
            now=self.now,
        )

    def restore(self, snapshot: Snapshot, google: Google | None = None, ledger: Ledger | None = None) -> None:
        """Make everything as it was, and start anew."""
        self.ledger.close()
        snapshot.sandbox()
        snapshot.ledger()
        self.now = snapshot.now
        self.clock = FastClock()
        self.restarted(google, ledger)


def _filled(values: list[str]) -> bool:
    return any(value not in ("", "FAUX", "FALSE") for value in values)


def _typed(question: Question, language: Language, value: Any) -> Any:
    """What a person types or ticks: texts as they are, choices by their words in the form's language."""
    if not question.kind.has_choices:
        return str(value)
    words = {choice.id: choice.wording.of(language) for choice in question.choices}
    if isinstance(value, tuple | list):
        return [words.get(str(one), str(one)) for one in value]
    return words.get(str(value), str(value))


def address_of(first_name: str, last_name: str) -> str:
    """The address of an invented person: lea.durand@exemple.example."""
    plain = unicodedata.normalize("NFKD", f"{first_name}.{last_name}").encode("ascii", "ignore").decode()
    return f"{plain.lower().replace(' ', '-')}@exemple.example"


def _a_person(role: str, changes: dict[str, Any]) -> dict[str, Any]:
    mentor = role == "mentor"
    first, last = ("Paul", "Martin") if mentor else ("Léa", "Durand")
    first, last = changes.get("first_name", first), changes.get("last_name", last)
    plain = {
        "email": address_of(first, last),
        "last_name": last,
        "first_name": first,
        "graduation_year": "2000" if mentor else "2018",
        "career_start": "09/2000" if mentor else "09/2018",
        "employer": f"Cabinet {last}",
        "sector": "transport",
        "function": "Ingénierie",
        "city": "Paris",
        "languages": ("fr",),
        "mode": "either",
        "charter": ("accepted",),
    }
    if mentor:
        return plain | {"themes": ("networking", "confidence"), "capacity": "1"}
    return plain | {"main_theme": "networking", "themes": ("confidence",)}


def a_member(first_name: str, last_name: str, **changes: Any) -> dict[str, Any]:
    """A paid-up member of the register, found by the address that `sign_up` gives to that name."""
    plain = {
        "number": f"N-{last_name.upper()}",
        "last_name": last_name.upper(),
        "first_name": first_name,
        "email": address_of(first_name, last_name),
        "dues": "oui",
        "valid_until": "31/12/2027",
    }
    return plain | changes


def _entry(content: Any) -> CalendarEntry:
    calendar = icalendar.Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    start = event["DTSTART"].dt
    return CalendarEntry(
        method=str(calendar["METHOD"]),
        uid=str(event["UID"]),
        sequence=int(event["SEQUENCE"]),
        start=f"{start.astimezone(PARIS):%Y-%m-%d %H:%M}" if isinstance(start, datetime) else str(start),
        location=str(event.get("LOCATION", "")),
    )


def introduced(world: World, *, language: Language = Language.FRENCH) -> World:
    """Léa (mentee, A-0001) and Paul (mentor, A-0002) introduced to each other today (P-0001), and prepared.

    `language` is Léa's; both meet in French.
    """
    world.register(a_member("Léa", "Durand"), a_member("Paul", "Martin"))
    world.sign_up("mentee", language=language)
    world.sign_up("mentor")
    world.tick(PROPOSALS)
    world.decide("P-0001", "Valider sans demander")
    world.tick()
    world.tick()
    return world


@contextmanager
def opened(
    directory: Path, url: str, *, day: datetime = MONDAY, databases: Databases | None = None, **given: Any
) -> Iterator[World]:
    """A world set up in a sandbox that answers at an address and is kept in a directory; `given` are settings."""
    databases = databases or Files()
    settings = local.settings_for(directory, url, database_url=databases.new(directory), **given)
    pages = Pages(url=url, http=requests.Session())
    ledger, google = Ledger(settings.ledger_url, durable=False), google_for(settings)
    ledger.migrate()
    run = local.a_pass(settings, ledger, day, google)
    world = World(
        directory=directory,
        databases=databases,
        settings=settings,
        installation=Installation(board="", board_url="", forms=()),
        now=day,
        ledger=ledger,
        google=google,
        pages=pages,
    )
    world.at(day)
    world.installation = set_up(run)
    yield world
    world.ledger.close()


def paris(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """A moment on Paris clocks."""
    return datetime.combine(date(year, month, day), datetime.min.time(), PARIS) + timedelta(
        hours=hour, minutes=minute
    )
