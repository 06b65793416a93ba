"""Everything on one machine, without a Google account: the sandbox, and settings that lead to it."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import requests

from ponts_flows import loopback
from ponts_flows.errors import GoogleUnreachable, InputError
from ponts_flows.google.transport import Google
from ponts_flows.ledger import Ledger
from ponts_flows.programme import Programme
from ponts_flows.secrecy import must_be_private
from ponts_flows.settings import Settings, load
from ponts_flows.steps.context import Pass, SheetSource
from ponts_flows.steps.opening import google_for


def coordinator_of(programme: Programme) -> str:
    """The address of the one coordinator that a sandbox knows."""
    return f"coordination@{programme.mailbox.rpartition('@')[2]}"


COORDINATOR = coordinator_of(Programme())
FILES = {"mentees.csv": "mentee", "mentors.csv": "mentor", "cotisants.csv": "register"}
SIGNUP_FILES = tuple(name for name, form in FILES.items() if form != "register")


@dataclass(frozen=True, kw_only=True)
class Sandbox:
    """A sandbox that runs in a process of its own."""

    url: str
    directory: Path
    process: subprocess.Popen[bytes]

    def set_clock(self, moment: datetime, *, standing: bool) -> None:
        """Set its time; standing: it stays there until it is set again."""
        body = {"now": moment.isoformat(), "standing": standing}
        loopback.asked("PUT", f"{self.url}/sandbox/clock", json=body, timeout=10).raise_for_status()


@contextmanager
def sandbox(directory: Path, *, port: int) -> Iterator[Sandbox]:
    """Run the sandbox kept in a directory until the block ends."""
    command = [
        sys.executable,
        "-m",
        "ponts_flows.cli",
        "sandbox",
        "--directory",
        str(directory),
        "--port",
        str(port),
    ]
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (directory / "sandbox.log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)  # noqa: S603 - our own command
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url, process, directory)
        yield Sandbox(url=url, directory=directory, process=process)
    finally:
        process.terminate()
        process.wait(timeout=15)


def _wait_for(url: str, process: subprocess.Popen[bytes], directory: Path) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise GoogleUnreachable(f"The sandbox did not start; its log is {directory / 'sandbox.log'}.")
        try:
            loopback.asked("GET", f"{url}/sandbox/clock", timeout=1).raise_for_status()
            return
        except requests.RequestException:
            time.sleep(0.05)
    raise GoogleUnreachable(f"The sandbox does not answer at {url} after 30 seconds.")


def keep_secret(directory: Path, secret: str) -> None:
    """Keep the secret of a sandbox, for its owner's eyes only."""
    path = _secret_of(directory)
    path.touch(mode=0o600)
    path.write_text(secret)


def _secret_of(directory: Path) -> Path:
    return directory / "secret"


def settings_for(directory: Path, url: str, *, database_url: str = "", **given: Any) -> Settings:
    """Settings for the sandbox kept in a directory. The secret is of no value outside it, and stays with it.

    The ledger is a file beside it unless another one is given here: never the one that the environment names.
    `given` are other settings, by name.
    """
    secret = _secret_of(directory)
    if not secret.exists():
        keep_secret(directory, os.urandom(24).hex())
    must_be_private(secret, "The secret of this sandbox")
    return load(
        **{"coordinators": (coordinator_of(load(**given).programme),), **given},
        directory=directory,
        database_url=database_url or f"sqlite:///{directory.resolve() / 'ledger.db'}",
        google_root=url,
        google_credentials_file=directory / "service-account.json",
        secret=secret.read_text(),
    )


def environment(settings: Settings) -> dict[str, str]:
    """The environment variables that give other processes the same settings."""
    secret = settings.secret.get_secret_value() if settings.secret else ""
    return {
        "PONTS_DIRECTORY": str(settings.directory),
        "PONTS_DATABASE_URL": settings.ledger_url,
        "PONTS_GOOGLE_ROOT": settings.google_root or "",
        "PONTS_GOOGLE_CREDENTIALS_FILE": str(settings.credentials),
        "PONTS_COORDINATORS": ",".join(settings.coordinators),
        "PONTS_SECRET": secret,
        "PONTS_PROGRAMME_FILE": str(settings.programme_file.resolve()),
        "PONTS_MAILBOX": settings.mailbox,
    }


def a_pass(settings: Settings, ledger: Ledger, now: datetime, google: Google | None = None) -> Pass:
    """A pass at a moment, with clients of its own unless some are given."""
    return Pass(settings=settings, ledger=ledger, google=google or google_for(settings), now=now)


def read_csv(path: Path) -> list[list[str]]:
    """The rows of a CSV file (UTF-8), headings first; InputError when it can't be read."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.reader(file) if any(row)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not a CSV file in UTF-8"
        raise InputError(
            f"{path}: can't be read ({reason}). Export it again as CSV, commas, UTF-8."
        ) from error
    if not rows:
        raise InputError(f"{path}: is empty. Export it again, headings first.")
    return rows


def check_signups(directory: Path) -> None:
    """Raise InputError unless a directory holds at least one file of sign-ups."""
    if not directory.is_dir():
        raise InputError(f"{directory}: there is no such folder. Give the one that holds {', '.join(FILES)}.")
    if not any((directory / name).is_file() for name in SIGNUP_FILES):
        raise InputError(f"{directory}: neither {' nor '.join(SIGNUP_FILES)} is there.")


def load_sheets(run: Pass, directory: Path) -> tuple[tuple[SheetSource, ...], SheetSource | None]:
    """Put the response sheets and the register of a directory in a spreadsheet, as an association owns one."""
    check_signups(directory)
    found = {name: read_csv(directory / name) for name in FILES if (directory / name).exists()}
    spreadsheet = run.google.spreadsheets().create("Inscriptions au mentoring")
    for name, rows in found.items():
        title = name.removesuffix(".csv")
        width = max(len(row) for row in rows)
        sheet = spreadsheet.add_worksheet(title, rows=len(rows) + 20, cols=width)
        sheet.update(rows, value_input_option="RAW")
    spreadsheet.del_worksheet(spreadsheet.sheet1)
    for person in run.settings.coordinators:
        spreadsheet.share(person, perm_type="user", role="writer", notify=False)
    sources = [
        SheetSource(spreadsheet_id=spreadsheet.id, tab=name.removesuffix(".csv"), form=FILES[name])
        for name in found
    ]
    sheets = tuple(source for source in sources if source.form != "register")
    return sheets, next((source for source in sources if source.form == "register"), None)
