"""Keeping the ledger safe: a copy while it is in use, and putting one back."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ponts_flows.commands.places import NO_LEDGER, Commands
from ponts_flows.errors import InputError, SettingsError

if TYPE_CHECKING:
    from sqlalchemy import URL

    from ponts_flows.ledger import Ledger

FOLLOWS = "The next pass looks in the mailbox for what left since, before anything leaves."


def add(commands: Commands) -> None:
    """Add these commands."""
    backup = commands.add_parser("backup", help="a checked copy of the ledger, also while it is in use")
    backup.add_argument("file", type=Path, metavar="FILE")
    backup.set_defaults(command=_backup)

    restore = commands.add_parser("restore", help="put a backup in the ledger's place")
    which = restore.add_mutually_exclusive_group(required=True)
    which.add_argument("file", type=Path, nargs="?", metavar="FILE")
    which.add_argument(
        "--by-hand", action="store_true", help="it was put back by other means, such as pg_restore"
    )
    restore.set_defaults(command=_restore)


@contextmanager
def _ledger() -> Iterator[Ledger]:
    """The ledger as it is: a copy is made before it is changed in any way."""
    from ponts_flows.ledger import Ledger
    from ponts_flows.settings import load

    ledger = Ledger(load().ledger_url)
    try:
        yield ledger
    finally:
        ledger.close()


def _backup(options: argparse.Namespace) -> int:
    from ponts_flows.ledger import backup

    with _ledger() as ledger:
        if not ledger.is_sqlite:
            raise InputError(_on_a_server("pg_dump --format=custom", f"--file={options.file}", ledger.url))
        if not ledger.exists:
            raise SettingsError(NO_LEDGER)
        backup.back_up(ledger, options.file)
    print(f"{options.file}: {options.file.stat().st_size:,} bytes, checked.")
    return 0


def _restore(options: argparse.Namespace) -> int:
    from ponts_flows.ledger import backup

    with _ledger() as ledger:
        if options.by_hand:
            backup.put_back_by_hand(ledger)
            print(FOLLOWS)
            return 0
        if not ledger.is_sqlite:
            program = "pg_restore --clean --if-exists --single-transaction"
            raise InputError(
                f"{_on_a_server(program, str(options.file), ledger.url)} "
                "Stop Prefect's worker before, and run `ponts restore --by-hand` after it."
            )
        there = backup.file_of(ledger)
        beside = there.with_name(f"{there.name}.before-restore-{datetime.now(UTC):%Y%m%d-%H%M%S}")
        backup.restore(ledger, options.file, beside=beside)
    print(f"{options.file} is the ledger now. {FOLLOWS}")
    if beside.exists():
        print(f"What was there before: {beside}")
    return 0


def _on_a_server(program: str, file: str, url: URL) -> str:
    """The command for a ledger on a server; its password stays out of it, as everyone sees what is run."""
    from sqlalchemy import URL

    asked = URL.create(
        "postgresql", username=url.username, host=url.host, port=url.port, database=url.database
    )
    place = asked.render_as_string()
    command = f"{program} --dbname={shlex.quote(place)} {shlex.quote(file)}"
    return f"This ledger is on a server. Run: {command} (the password is read from ~/.pgpass)."
