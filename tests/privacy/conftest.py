"""The world of the journeys, in which people write secrets."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import first_day, world
from tests.journeys.world import Snapshot, World
from tests.privacy.secrets import a_life

__all__ = ["first_day", "world"]


@pytest.fixture(scope="module")
def lived(first_day: tuple[World, Snapshot]) -> Snapshot:
    """Léa and Paul from sign-up to review, Léa's every text a secret; Hugo waits for somebody."""
    world, snapshot = first_day
    world.restore(snapshot)
    a_life(world)
    return world.snapshot()


@pytest.fixture
def year(first_day: tuple[World, Snapshot], lived: Snapshot) -> World:
    world, _ = first_day
    world.restore(lived)
    return world
