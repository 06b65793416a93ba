"""A Prefect server with a worker, and a small programme for its flows to run; started once, for whoever asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from flows import prefect_services
from flows.watching import Ended, Prefect
from ponts_flows import local
from ponts_flows.sandbox.server import free_port
from tests.journeys.world import World, a_member, opened
from tests.sandbox.conftest import checked_sandbox

PEOPLE = (("Léa", "Durand", "mentee"), ("Paul", "Martin", "mentor"))
CONFIDENCE = "Je traverse un moment difficile au bureau"


@dataclass(frozen=True, kw_only=True)
class Services:
    """Prefect at work on a world."""

    world: World
    url: str

    def run(self, flow: str) -> Ended:
        """Run a flow now, through the worker."""
        return Prefect(self.url).run(flow)

    def asked(self, path: str, body: dict[str, Any]) -> list[dict[str, Any]]:
        """What Prefect's API finds."""
        found: list[dict[str, Any]] = Prefect(self.url).call("POST", path, json=body)
        return found

    @property
    def kept(self) -> bytes:
        """Everything that Prefect wrote in files, byte by byte: its database, its results, its log."""
        home = self.world.directory / "prefect"
        files = [self.world.directory / "prefect.log", *(path for path in home.rglob("*") if path.is_file())]
        return b"".join(path.read_bytes() for path in files)


@pytest.fixture(scope="session")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Server, worker and deployments, on a world in which two people have signed up."""
    directory: Path = tmp_path_factory.mktemp("flows")
    with checked_sandbox(directory) as sandbox, opened(directory, sandbox.url) as world:
        world.register(*(a_member(first, last) for first, last, _ in PEOPLE))
        for first, last, role in PEOPLE:
            world.sign_up(role, first_name=first, last_name=last, about=CONFIDENCE)
        extra = local.environment(world.settings)
        with prefect_services.running(directory, port=free_port(), extra=extra) as url:
            yield Services(world=world, url=url)
