"""More to show than one call holds: it is shown over several passes, one call each, nothing lost on the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from ponts_flows.google.board import Board
from ponts_flows.ledger import tables
from ponts_flows.steps import run_pass
from ponts_flows.steps.rows.memory import PROGRAMME
from tests.journeys.world import World, a_member, opened
from tests.sandbox.conftest import checked_sandbox

NAMES = ("Arnaud", "Blanc", "Colin", "Duval", "Ernoult", "Favre")
A_CALL = 5_000


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with checked_sandbox(tmp_path) as running, opened(tmp_path, running.url) as world:
        world.tick()
        for name in NAMES:
            world.register(a_member("Léa", name))
            world.sign_up("mentee", last_name=name)
        yield world


def a_pass_of_small_calls(world: World) -> tuple[int, list[int]]:
    """The rows that a pass wrote, and the bytes of each request that changed the board."""
    sizes: list[int] = []

    def note(response: Any, **_: Any) -> None:
        if ":batchUpdate" in response.request.path_url:
            sizes.append(len(response.request.body))

    world.google.files.hooks["response"] = [note]
    run = world.a_pass()
    run.board = Board(world.google, world.installation.board, most_bytes=A_CALL)
    report = run_pass(run)
    assert report.errors == {}, report.lines()
    return report.counts["refresh-board"], sizes


def memory(world: World) -> object:
    b = tables.board_row
    tab, id = PROGRAMME
    with world.ledger.transaction() as db:
        return db.execute(select(b.c.cells).where(b.c.tab == tab, b.c.row_id == id)).scalar()


def test_what_does_not_fit_in_a_call_is_shown_by_the_next_passes(world: World) -> None:
    shown: list[int] = []
    for _ in range(30):
        rows, sizes = a_pass_of_small_calls(world)
        assert len(sizes) <= 1
        assert all(size <= A_CALL + 500 for size in sizes)
        shown.append(rows)
        if not rows:
            break

    assert len(shown) > 3
    assert shown[-1] == 0
    assert len(world.board("applications")) == len(world.board("outbox")) == len(NAMES)
    assert {row["status"] for row in world.board("outbox")} == {"Envoyé"}


def test_until_when_all_was_read_is_said_once_all_of_it_is_shown(world: World) -> None:
    before = memory(world)

    a_pass_of_small_calls(world)

    assert len(world.board("applications")) < len(NAMES)
    assert memory(world) in (before, "")

    world.tick()

    assert len(world.board("applications")) == len(NAMES)
    assert memory(world) not in (before, "")
