"""The settings, the ledger and all that is at Google."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import cached_property
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from ponts_flows.doctor.checks import Check, Ill, NotSeen, looked_at
from ponts_flows.doctor.files import Files
from ponts_flows.errors import GoogleRefused
from ponts_flows.google.session import Session
from ponts_flows.google.transport import FILE_SCOPES, MAIL_SCOPES, Google, execute
from ponts_flows.ledger import Ledger, facts
from ponts_flows.ledger.codec import decode
from ponts_flows.secrecy import read_by_others, remedy
from ponts_flows.settings import Settings
from ponts_flows.steps.context import Installation
from ponts_flows.steps.opening import google_for

MOST_SKEW = timedelta(minutes=5)
"""Google takes what a machine dates so far from its own time, and no further."""


class Doctor:
    """Looks at an installation, one thing after the other. Changes nothing."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._google: Google | None = None
        self._installation: Installation | None = None
        self._up_to_date: bool | None = None

    def examine(self) -> tuple[Check, ...]:
        """Every check, in an order in which the first that is ill explains those that follow."""
        looks = {
            "secret": self._secret,
            "coordinators": self._coordinators,
            "recipients": self._recipients,
            "ledger": self._ledger,
            "migration": self._migration,
            "key file": self._key_file,
            "files": lambda: self._token("files", FILE_SCOPES, "forms and spreadsheets"),
            "mail": lambda: self._token("mail", MAIL_SCOPES, "the programme's mailbox"),
            "clock": self._clock,
            "mailbox": self._mailbox,
            "alias": self._alias,
            "board": lambda: self._of_files.board(),
            "columns": lambda: self._of_files.columns(),
            "sharing": lambda: self._of_files.sharing(),
            "forms": lambda: self._of_files.forms(),
            "questions": lambda: self._of_files.questions(),
            "sheets": lambda: self._of_files.sheets(),
            "register": lambda: self._of_files.register(),
        }
        return looked_at(looks)

    def _secret(self) -> str:
        return f"references and links are signed with the secret {self._settings.keys.current!r}"

    def _coordinators(self) -> str:
        people = self._settings.coordinators
        if not people or not all("@" in address for address in people):
            raise Ill(
                "Nobody is told of what needs a person. Give the coordinators' addresses in PONTS_COORDINATORS."
            )
        return f"{len(people)} are written to"

    def _recipients(self) -> str:
        settings = self._settings
        if not settings.trial:
            return "mail goes to anyone" + (", in the sandbox" if settings.google_root else ": in production")
        if not (settings.allow_list or settings.trial_to):
            raise Ill(
                "Mail goes to nobody: all of it is held. Give addresses in PONTS_ALLOW_LIST and one in PONTS_TRIAL_TO "
                "for a trial, or PONTS_PRODUCTION=true."
            )
        others = "goes to PONTS_TRIAL_TO" if settings.trial_to else "is held"
        return f"a trial: {len(settings.allow_list)} on the allow-list, all other mail {others}"

    def _ledger(self) -> str:
        ledger = Ledger(self._settings.ledger_url)
        try:
            if not ledger.exists:
                raise Ill("There is no ledger yet. Run `ponts setup`, or give its place in PONTS_DIRECTORY.")
            self._up_to_date = ledger.up_to_date
            data = None
            if self._up_to_date:
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
        return f"{ledger.url.get_backend_name()}, it opens"

    def _migration(self) -> str:
        if self._up_to_date is None:
            raise NotSeen("needs the ledger")
        if not self._up_to_date:
            raise Ill(
                "The ledger's tables are of another version. The next `ponts run` brings them up to date."
            )
        return "the ledger's tables are those of this version"

    def _key_file(self) -> str:
        self._google = google_for(self._settings)
        return f"of {self._google.files.credentials.service_account_email}"

    def _token(self, account: str, scopes: tuple[str, ...], what: str) -> str:
        try:
            self._session(account).renew()
        except GoogleRefused as error:
            client = json.loads(self._settings.credentials.read_text("utf-8")).get(
                "client_id", "of the key file"
            )
            raise Ill(
                f"{error} In Google's admin console, Security, API controls, Domain-wide delegation: the client "
                f"{client} must be there with {', '.join(scopes)}; and the mailbox must exist."
            ) from error
        return f"Google gives a token, for {what}"

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

    def _alias(self) -> str:
        google = self._access("mail")
        listed = execute(google.collection("gmail", "v1", "users", "settings", "sendAs").list(userId="me"))
        for one in listed.get("sendAs", []):
            if str(one.get("sendAsEmail", "")).casefold() == self._settings.mailbox.casefold():
                if one.get("isPrimary") or one.get("verificationStatus") == "accepted":
                    return "mail may leave from the address of PONTS_MAILBOX"
                raise Ill(
                    "The address of PONTS_MAILBOX awaits confirmation in Gmail: Settings, Accounts, Send mail as."
                )
        raise Ill(
            "Gmail would put another sender in place of PONTS_MAILBOX. Give the mailbox's main address there, or add "
            "this one in Gmail: Settings, Accounts, Send mail as."
        )

    @cached_property
    def _of_files(self) -> Files:
        installation = self._installed
        return Files(self._access("files"), installation, self._settings)

    @property
    def _installed(self) -> Installation:
        if self._installation is None:
            raise NotSeen(
                "nothing is known to be set up: `ponts setup`, or `ponts rebuild` if a ledger was lost"
            )
        return self._installation
