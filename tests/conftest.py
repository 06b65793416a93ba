"""A real browser for the tests of pages."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, Page, sync_playwright

from tests import loopback
from tests import postgresql as postgresql_server
from tests.databases import Databases, Files, Servers

# A busy machine is slow at times: that is no failure of a property.
settings.register_profile("ponts-flows", deadline=None)
settings.load_profile("ponts-flows")

loopback.install()


@pytest.fixture(autouse=True)
def loopback_only() -> Iterator[None]:
    """Fail the test during which anything tried to reach another machine, even in a thread that hid it."""
    yield
    attempts = sorted(set(loopback.ATTEMPTS))
    loopback.ATTEMPTS.clear()
    assert attempts == []


# A file is run by one worker: the longest first, so that no worker is left alone with one of them at the end.
LONGEST = (
    "test_killed_anywhere.py",
    "test_deployments.py",
    "test_signups_truth.py",
    "test_malformed.py",
    "test_engagement_lives.py",
    "test_gallery.py",
    "test_failures.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest."""
    rank = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path.name, len(LONGEST)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI nothing is skipped: what can't run there is a failure, with the reason."""
    report = yield
    if report.skipped and os.environ.get("CI"):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {report.longrepr}"
    return report


def pytest_addoption(parser: pytest.Parser) -> None:
    """Which database the ledgers of the tests are on."""
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[postgresql_server.Server]:
    """Debian's PostgreSQL, started once; without it the test is skipped on a laptop and fails in CI."""
    if postgresql_server.programs() is None:
        pytest.skip(postgresql_server.NEEDED)
    with postgresql_server.serving() as server:
        yield server


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest) -> Databases:
    """Where the ledgers of the tests are."""
    if request.config.getoption("--database") == "sqlite":
        return Files()
    return Servers(server=request.getfixturevalue("postgresql"))


CHROMIUM = Path("/usr/bin/chromium")
_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, started once; without it the test is skipped on a laptop and fails in CI."""
    if not CHROMIUM.exists():
        reason = f"needs Chromium at {CHROMIUM} (apt install chromium)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(_QUIET))
        yield started
        started.close()


@pytest.fixture
def browser_page(browser: Browser) -> Iterator[Page]:
    """A fresh page with no cookies of another test."""
    context = browser.new_context(viewport={"width": 1200, "height": 900}, locale="fr-FR")
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()
