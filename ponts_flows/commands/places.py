"""What several commands share: where things are, and the ledger that must be there."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from ponts_flows.errors import SettingsError

if TYPE_CHECKING:
    from ponts_flows.ledger import Ledger
    from ponts_flows.settings import Settings

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
NO_LEDGER = (
    "There is no ledger here yet. Run this where the programme runs, or give its place in PONTS_DIRECTORY."
)
DIRECTORY = Path(".ponts")


@contextmanager
def existing_ledger(settings: Settings) -> Iterator[Ledger]:
    """The ledger of this place, brought up to date; a wrong call where there is none."""
    from ponts_flows.ledger import Ledger

    ledger = Ledger(settings.ledger_url)
    if not ledger.exists:
        raise SettingsError(NO_LEDGER)
    ledger.migrate()
    try:
        yield ledger
    finally:
        ledger.close()
