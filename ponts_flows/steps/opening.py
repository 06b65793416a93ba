"""Opening what a pass needs, from the settings of the environment."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from ponts_flows import clock
from ponts_flows.google.transport import Google
from ponts_flows.ledger import Ledger
from ponts_flows.secrecy import read_by_others, remedy
from ponts_flows.settings import Settings, load
from ponts_flows.steps.context import Pass


@contextmanager
def opened(settings: Settings | None = None, *, not_before: datetime | None = None) -> Iterator[Pass]:
    """A pass that is ready to run. `not_before`: a scheduled run may start half a second early.

    The sandbox has a clock of its own, which schedules know nothing of: there, its time alone counts.
    """
    settings = settings or load()
    settings.keys  # noqa: B018 - a missing secret must stop the run before anything is read
    google = Google(
        credentials_file=settings.credentials, mailbox=settings.mailbox, root=settings.google_root
    )
    now = clock.now(settings)
    ledger = Ledger(settings.ledger_url)
    if ledger.is_sqlite and read_by_others(Path(ledger.url.database or "")):
        logging.getLogger(__name__).warning(remedy(Path(ledger.url.database or ""), "The ledger"))
    try:
        yield Pass(
            settings=settings,
            ledger=ledger,
            google=google,
            now=now if settings.google_root else max(now, not_before or now),
        )
    finally:
        ledger.close()
