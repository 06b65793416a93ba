"""The real clients on a fresh sandbox."""

from __future__ import annotations

import pytest

from ponts_flows.google.transport import Google
from ponts_flows.sandbox.server import Running
from tests.sandbox.conftest import sandbox

__all__ = ["google", "sandbox"]


@pytest.fixture
def google(sandbox: Running) -> Google:
    """Access to the sandbox's services."""
    return Google(credentials_file=sandbox.credentials, mailbox="mentoring@ponts.org", root=sandbox.url)
