"""Opening what a pass needs, from the settings of the environment."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from ponts_flows import clock
from ponts_flows.google.limits import Limits, google_limits
from ponts_flows.google.patience import Patience
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
    google = google_for(settings)
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


def google_for(
    settings: Settings,
    *,
    monotonic: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Google:
    """Access to Google's services within their limits, or to the sandbox's, which has none, as the settings say."""
    limits = Limits()
    if settings.google_root is None:
        limits = google_limits(
            messages=settings.programme.per_minute,
            workers=settings.workers,
            monotonic=monotonic,
            sleep=sleep,
        )
    return Google(
        credentials_file=settings.credentials,
        mailbox=settings.mailbox,
        root=settings.google_root,
        patience=Patience(monotonic=monotonic, sleep=sleep),
        limits=limits,
    )
