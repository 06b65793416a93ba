"""`ponts person`: asked before it erases, said what is left, told what can't be done."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ponts_flows import local
from ponts_flows.cli import main
from tests.journeys.world import LEA, World


@pytest.fixture
def here(year: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """The world, as the environment of a command names it."""
    for name, value in local.environment(year.settings).items():
        monkeypatch.setenv(name, value)
    return year


def test_it_asks_first_and_does_nothing_for_another_address(
    here: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda question: "lea@autre.example")

    assert main(["person", "erase", LEA]) == 2

    assert "nothing was erased" in capsys.readouterr().err
    assert main(["person", "show", LEA]) == 0
    assert "Candidatures (1)" in capsys.readouterr().out


def test_without_a_terminal_it_wants_to_be_told(here: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["person", "erase", LEA]) == 2

    assert "--yes" in capsys.readouterr().err


def test_it_says_what_was_erased_and_what_people_must_do(
    here: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["person", "export", LEA, str(tmp_path / "dossier")]) == 0
    assert "tout.html" in capsys.readouterr().out

    assert main(["person", "erase", LEA, "--yes"]) == 0

    said = capsys.readouterr().out
    assert "Preuve n° 1" in said
    assert "A-0001" in said
    assert "30 jours" in said
    assert "/edit#response=" in said
    assert LEA not in said
    assert main(["person", "show", LEA]) == 2
