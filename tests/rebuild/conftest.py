"""The world of the journeys, to lose the ledger of."""

from tests.journeys.conftest import first_day, world

__all__ = ["first_day", "world"]
