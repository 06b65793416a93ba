"""What the programme needs, looked at thing by thing: each is well, or ill with its remedy, or can't be looked at."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from ponts_flows.errors import GoogleRefused, PontsError, SettingsError
from ponts_flows.forms import FormIds
from ponts_flows.google.board import Board
from ponts_flows.google.session import Session
from ponts_flows.google.transport import Google, execute
from ponts_flows.ledger import Ledger, facts
from ponts_flows.ledger.codec import decode
from ponts_flows.secrecy import read_by_others, remedy
from ponts_flows.settings import Settings, load
from ponts_flows.steps.context import Installation
from ponts_flows.steps.opening import google_for

MOST_SKEW = timedelta(minutes=5)
"""Google takes what a machine dates so far from its own time, and no further."""
_SHARED = "Take it out of Drive's bin, or share it with the service account."


@dataclass(frozen=True, kw_only=True)
class Check:
    """What was found. `well` None: it could not be looked at. `said`: what there is, or what to do."""

    name: str
    well: bool | None
    said: str


class Ill(PontsError):
    """Something is not as it should be; the message is the remedy."""


class NotSeen(Exception):
    """Something can't be looked at, because of what is ill already."""


class Doctor:
    """Looks at an installation, one thing after the other. Changes nothing."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._google: Google | None = None
        self._installation: Installation | None = None

    def examine(self) -> tuple[Check, ...]:
        """Every check, in an order in which the first that is ill explains those that follow."""
        looks: tuple[tuple[str, Callable[[], str]], ...] = (
            ("secret", self._secret),
            ("ledger", self._ledger),
            ("key file", self._key_file),
            ("files", lambda: f"{self._token('files')}, for forms and spreadsheets"),
            ("mail", lambda: f"{self._token('mail')}, for {self._settings.mailbox}"),
            ("clock", self._clock),
            ("mailbox", self._mailbox),
            ("board", self._board),
            ("forms", self._forms),
        )
        return tuple(_check(name, look) for name, look in looks)

    def _secret(self) -> str:
        return f"references and links are signed with the secret {self._settings.keys.current!r}"

    def _ledger(self) -> str:
        ledger = Ledger(self._settings.ledger_url)
        try:
            if not ledger.exists:
                raise Ill("There is no ledger yet. Run `ponts setup`, or give its place in PONTS_DIRECTORY.")
            if not ledger.up_to_date:
                raise Ill(
                    "The ledger's tables are of another version. The next `ponts run` brings them up to date."
                )
            with ledger.transaction() as db:
                data = facts.recall(db, "installation")
        except SQLAlchemyError as error:
            raise Ill(
                f"The ledger can't be used ({type(error).__name__}). Check PONTS_DATABASE_URL and PONTS_DIRECTORY, "
                "and that the database is there and may be written to."
            ) from error
        finally:
            ledger.close()
        self._installation = decode(Installation, data) if data else None
        if ledger.is_sqlite and read_by_others(path := Path(ledger.url.database or "")):
            raise Ill(remedy(path, "The ledger"))
        return f"{ledger.url.get_backend_name()}, its tables are up to date"

    def _key_file(self) -> str:
        self._google = google_for(self._settings)
        return f"of {self._google.files.credentials.service_account_email}"

    def _token(self, account: str) -> str:
        self._session(account).renew()
        return "Google gives a token"

    def _session(self, account: str) -> Session:
        if self._google is None:
            raise NotSeen("needs the key file")
        session: Session = getattr(self._google, account)
        return session

    def _access(self, account: str) -> Google:
        """Access, once there is a token for it."""
        if not self._session(account).credentials.valid or self._google is None:
            raise NotSeen(f"needs a token for {account}")
        return self._google

    def _clock(self) -> str:
        if self._google is None or self._google.skew is None:
            raise NotSeen("needs an answer from Google, whose clock it is held against")
        if abs(self._google.skew) > MOST_SKEW:
            minutes = abs(self._google.skew) // timedelta(minutes=1)
            raise Ill(
                f"This machine's clock is {minutes} minutes away from Google's, which refuses it. "
                "Set it, and have it kept (NTP)."
            )
        return "within five minutes of Google's"

    def _mailbox(self) -> str:
        google = self._access("mail")
        profile = execute(google.collection("gmail", "v1", "users").getProfile(userId="me"))
        if str(profile.get("emailAddress", "")).casefold() != self._settings.mailbox.casefold():
            raise Ill("Google opens another mailbox. Give the mailbox's main address in PONTS_MAILBOX.")
        return "opens, at the address of PONTS_MAILBOX"

    def _board(self) -> str:
        installation, google = self._installed, self._access("files")
        reading = Board(google, installation.board).read()
        return f"readable, its {len(reading.tabs) + 1} tabs and their columns are there"

    def _forms(self) -> str:
        installation, google = self._installed, self._access("files")
        if wrong := [what for ids in installation.forms for what in _wrong_with(google, ids)]:
            raise Ill(" ".join(wrong))
        return f"{len(installation.forms)} readable, published and open"

    @property
    def _installed(self) -> Installation:
        if self._installation is None:
            raise NotSeen("nothing is known to be set up: see the ledger, or run `ponts setup`")
        return self._installation


def _check(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name=name, well=True, said=look())
    except NotSeen as why:
        return Check(name=name, well=None, said=str(why))
    except PontsError as ill:
        return Check(name=name, well=False, said=str(ill))


def _wrong_with(google: Google, ids: FormIds) -> list[str]:
    name = f"The form {ids.name} ({ids.language}), {ids.form_id},"
    try:
        form = execute(google.collection("forms", "v1", "forms").get(formId=ids.form_id))
    except GoogleRefused as error:
        return [f"{name} can't be read ({error}). {_SHARED}"]
    state = form.get("publishSettings", {}).get("publishState", {})
    if not state.get("isPublished"):
        return [f"{name} is not published. Run `ponts setup`."]
    if not state.get("isAcceptingResponses"):
        return [f"{name} takes no responses. Open it again by hand, as it was closed."]
    return []


def examined() -> tuple[Check, ...]:
    """Every check of the installation that the environment's settings lead to."""
    try:
        return Doctor(load()).examine()
    except SettingsError as ill:
        return (Check(name="settings", well=False, said=str(ill)),)


_COLOURS = {True: "green", False: "RED", None: "?"}


def as_text(checks: Iterable[Check]) -> str:
    """One line a check."""
    return "\n".join(f"{_COLOURS[check.well]:<6} {check.name:<9} {check.said}" for check in checks)


def as_json(checks: Iterable[Check]) -> str:
    """The checks, for a program."""
    return json.dumps([asdict(check) for check in checks], ensure_ascii=False, indent=2)
