"""The real clients on a fresh sandbox, on a clock that keeps nobody waiting."""

from __future__ import annotations

import pytest

from ponts_flows.google.patience import Patience
from ponts_flows.google.transport import Google
from ponts_flows.sandbox.server import Running
from tests.fast_clock import FastClock
from tests.sandbox.conftest import sandbox

__all__ = ["clock", "google", "sandbox"]


@pytest.fixture
def clock() -> FastClock:
    """The clock by which calls are tried again."""
    return FastClock()


@pytest.fixture
def google(sandbox: Running, clock: FastClock) -> Google:
    """Access to the sandbox's services."""
    return Google(
        credentials_file=sandbox.credentials,
        mailbox="mentoring@ponts.org",
        root=sandbox.url,
        patience=Patience(monotonic=clock.monotonic, sleep=clock.sleep),
    )
