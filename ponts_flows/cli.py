"""The command `ponts`. Exit codes: 0 done, 1 a run that failed, 2 a wrong call."""

from __future__ import annotations

import argparse
import logging
import sys
from typing import TYPE_CHECKING

from ponts_flows import commands
from ponts_flows.errors import InputError, PontsError, SettingsError

if TYPE_CHECKING:
    from sqlalchemy.exc import SQLAlchemyError


def main(arguments: list[str] | None = None) -> int:
    """Run one command; never a traceback for what a person can cause."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level="INFO", format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        return int(options.command(options))
    except (InputError, SettingsError) as error:
        print(f"ponts: {error}", file=sys.stderr)
        return 2
    except PontsError as error:
        print(f"ponts: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except _of_the_ledger() as error:
        print(f"ponts: {_ledger_failed(error)}", file=sys.stderr)
        return 1


def _of_the_ledger() -> type[SQLAlchemyError]:
    """What a database raises; asked for once something was raised, as SQLAlchemy takes a while to import."""
    from sqlalchemy.exc import SQLAlchemyError

    return SQLAlchemyError


def _ledger_failed(error: SQLAlchemyError) -> str:
    """What to tell of a database that can't be used; only its own complaint about itself, never what it holds."""
    from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError

    of_itself = isinstance(error, OperationalError) or type(error) is DatabaseError
    why = str(error.orig).strip().splitlines()[0] if of_itself and isinstance(error, DBAPIError) else ""
    return (
        f"The ledger can't be used ({why or type(error).__name__}). "
        "Check PONTS_DATABASE_URL and PONTS_DIRECTORY, and that the database is there and may be written to."
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ponts", description="Runs a mentoring programme.")
    places = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for module in commands.ALL:
        module.add(places)
    return parser


if __name__ == "__main__":
    sys.exit(main())
