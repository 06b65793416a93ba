"""One sandbox for all journeys, set up once; each test finds it as it was then."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.databases import Databases
from tests.journeys.world import Snapshot, World, opened
from tests.sandbox.conftest import checked_sandbox


@pytest.fixture(scope="session")
def first_day(
    tmp_path_factory: pytest.TempPathFactory, databases: Databases
) -> Iterator[tuple[World, Snapshot]]:
    """The world just set up, and what it was like."""
    directory = tmp_path_factory.mktemp("journeys")
    with checked_sandbox(directory) as running, opened(directory, running.url, databases=databases) as world:
        yield world, world.snapshot()


@pytest.fixture
def world(first_day: tuple[World, Snapshot]) -> World:
    """A world set up, on a working Monday at nine, with nobody in it."""
    world, snapshot = first_day
    world.restore(snapshot)
    return world
