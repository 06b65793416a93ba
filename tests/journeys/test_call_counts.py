"""How often a pass calls Google: not more for many people than for few."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ponts_flows import local
from ponts_flows.samples import SIGNUPS
from ponts_flows.steps import PROPOSALS
from ponts_flows.steps.setup import set_up
from tests.journeys.world import World, opened
from tests.sandbox.conftest import checked_sandbox

MOST = 12


def shortened(directory: Path, people: int) -> Path:
    """The sample sign-ups of the first people of each role, with the whole register."""
    directory.mkdir()
    for name in local.FILES:
        with (SIGNUPS / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        kept = rows if name == "cotisants.csv" else rows[: people // 2 + 1]
        with (directory / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(kept)
    return directory


def a_world_with(directory: Path, signups: Path) -> Iterator[World]:
    """A world whose response sheets were read, proposals made and first mails sent."""
    with checked_sandbox(directory) as running, opened(directory, running.url) as world:
        sheets, register = local.load_sheets(world.a_pass(), signups)
        world.installation = set_up(world.a_pass(), sheets=sheets, register=register)
        world.tick(PROPOSALS)
        yield world


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    place = tmp_path_factory.mktemp("few")
    yield from a_world_with(place / "sandbox", shortened(place / "signups", 4))


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    yield from a_world_with(tmp_path_factory.mktemp("many"), SIGNUPS)


def calls_of_a_tick(world: World) -> tuple[list[str], int]:
    """The calls, `METHOD path`, of a tick of a process just started, and their number, tokens included."""
    world.restarted()
    asked: list[str] = []

    def note(response: Any, **_: Any) -> None:
        asked.append(f"{response.request.method} {response.request.path_url.partition('?')[0]}")

    for session in (world.google.files, world.google.mail):
        session.hooks["response"].append(note)
    world.tick()
    return asked, sum(world.google.calls.values())


def writes(asked: list[str]) -> list[str]:
    """The calls that change a spreadsheet."""
    return [
        call for call in asked if "/v4/" in call and not call.startswith("GET") and "batchGet" not in call
    ]


def test_a_tick_in_which_nothing_changed_costs_the_same_for_240_people_as_for_4(
    few: World, many: World
) -> None:
    assert len(few.board("applications")) == 4
    assert len(many.board("applications")) == 240

    asked_of_few, total_of_few = calls_of_a_tick(few)
    asked_of_many, total_of_many = calls_of_a_tick(many)

    assert total_of_many == total_of_few <= MOST
    assert len(asked_of_many) == len(asked_of_few)


def test_a_tick_in_which_nothing_changed_writes_nothing_to_the_board(few: World, many: World) -> None:
    for world in (few, many):
        asked, _ = calls_of_a_tick(world)

        assert writes(asked) == []


def test_a_tick_in_which_something_changed_writes_to_the_board_once(many: World) -> None:
    for row in many.board("proposals")[:5]:
        many.decide(row["id"], "Valider")

    asked, _ = calls_of_a_tick(many)

    assert [call.rpartition(":")[2] for call in writes(asked)] == ["batchUpdate"]
    assert [row["decision"] for row in many.board("proposals")[:5]] == [""] * 5
    assert len([row for row in many.board("outbox") if row["message"] == "Proposition au mentor"]) == 5
