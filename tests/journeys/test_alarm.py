"""Flows that fail or are silent reach the coordinators: a line, and a mail at once, then daily, until they run."""

from __future__ import annotations

from pathlib import Path

import pytest

from ponts_flows import local
from ponts_flows.cli import main
from ponts_flows.doctor.prefect import Prefect
from ponts_flows.doctor.watch import TROUBLES_FR, WATCH
from tests.journeys.world import COORDINATOR, World

SUBJECT = "Mentoring : le programme ne tourne plus comme il faut"
NOBODY = "http://127.0.0.1:9/api"


def alerts(world: World) -> list[str]:
    return [" ".join(mail.text.split()) for mail in world.inbox(COORDINATOR) if mail.subject == SUBJECT]


def line(world: World) -> str:
    found = [row for row in world.board("to_review") if row["id"] == "flows/prefect"]
    return f"{found[0]['subject']} | {found[0]['todo']}" if found else ""


def prefect_at(world: World, address: str) -> None:
    world.settings = world.settings.model_copy(update={"prefect_api_url": address})


def test_a_prefect_that_is_silent_is_told_at_once_then_daily_and_no_more_once_it_runs(world: World) -> None:
    before = world.settings
    prefect_at(world, NOBODY)
    counted = []
    for hours in (0, 1, 1, 24, 1):
        world.advance(hours=hours)
        world.tick(WATCH)
        counted.append(len(alerts(world)))
    told = line(world)
    prefect_at(world, "")
    for _ in range(2):
        world.advance(days=1)
        world.tick(WATCH)
    world.settings = before

    assert counted == [1, 1, 1, 2, 2]
    assert len(alerts(world)) == 2
    assert "son horloge (Prefect) est arrêtée." in alerts(world)[0]
    assert "« ponts doctor » lui dit quoi faire" in alerts(world)[0]
    assert told.startswith("Le programme ne tourne plus : son horloge (Prefect) est arrêtée. | Prévenir")
    assert line(world).endswith("| Réglé.")


def test_at_night_too(world: World) -> None:
    before = world.settings
    prefect_at(world, NOBODY)
    world.advance(hours=14)
    world.tick(WATCH)
    world.settings = before

    assert len(alerts(world)) == 1


def test_every_thing_that_is_looked_at_has_words_for_coordinators(world: World) -> None:
    assert set(TROUBLES_FR) == set(Prefect(world.settings).looks)


def test_the_command_tells_and_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in {**local.environment(world.settings), "PREFECT_API_URL": NOBODY}.items():
        monkeypatch.setenv(name, value)

    assert main(["watch"]) == 0
    told = capsys.readouterr().out
    with world.ledger.lock():  # a pass that hangs keeps nobody from being told
        assert main(["watch"]) == 0

    assert "watch: 1 things that fail or are silent" in told
    assert "watch: 1 things that fail or are silent" in capsys.readouterr().out
    assert len(alerts(world)) == 1
