"""What the README says is so: its diagram, the files it names, the commands it gives."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from ponts_flows.cli import main
from ponts_flows.diagram import BEGIN, drawn_in
from ponts_flows.errors import InputError
from ponts_flows.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def test_the_diagram_is_drawn_from_the_table_of_today() -> None:
    assert drawn_in(README) == README


def test_a_file_without_both_marks_gets_no_diagram() -> None:
    with pytest.raises(InputError) as refused:
        drawn_in(f"# Title\n{BEGIN}\n")

    assert "end of stages" in str(refused.value)


def test_every_file_that_the_readme_names_exists() -> None:
    quoted = re.findall(r"`([\w.]+/[\w./]*|[\w]+\.(?:yaml|py|md))`", README)
    linked = re.findall(r"\]\(([^)]+)\)", README)

    assert len(quoted) > 25
    assert [name for name in [*quoted, *linked] if not (ROOT / name).exists()] == []


def test_every_make_command_of_the_readme_exists_and_is_listed() -> None:
    (targets,) = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, flags=re.M)
    listing = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert re.findall(r"^  make ([a-z-]+) +\S", listing, flags=re.M) == re.findall(
        r"^([a-z-]+):.*## ", MAKEFILE, flags=re.M
    )
    assert sorted(re.findall(r"^  make ([a-z-]+)", listing, flags=re.M)) == sorted(targets.split())
    assert set(re.findall(r"(?:`|^    )make ([a-z-]+)", README, flags=re.M)) <= set(targets.split())


def test_the_readme_gives_every_command_of_ponts_and_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    offered = re.findall(r"^    ([a-z][a-z-]*)(?: |$)", capsys.readouterr().out, flags=re.M)

    assert sorted(re.findall(r"^\| `ponts ([a-z-]+)", README, flags=re.M)) == sorted(offered)


def test_every_setting_of_the_readme_exists() -> None:
    named = {name.lower() for name in re.findall(r"`PONTS_([A-Z_]+)`", README)}

    assert len(named) == 11
    assert named - set(Settings.model_fields) == set()


def test_the_picture_is_light() -> None:
    assert (ROOT / "docs" / "images" / "board.png").stat().st_size < 200_000
