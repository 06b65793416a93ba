"""The guide says what is so: its commands, settings, files and services exist; the units are sound."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from ponts_flows import cli
from ponts_flows.google.transport import FILE_SCOPES, MAIL_SCOPES
from ponts_flows.settings import Settings

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs" / "going-live.md").read_text("utf-8")
UNITS = sorted((ROOT / "systemd").iterdir())
BLOCKS = re.findall(r"(?:^|\n\n)((?:(?:    | {7,})\S[^\n]*\n?)+)", GUIDE)


def test_every_block_is_a_shell_script_that_can_be_pasted() -> None:
    wrong = []
    for block in BLOCKS:
        text = "\n".join(line[4:] for line in block.splitlines())
        checked = subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True, check=False)
        wrong += [text] if checked.returncode else []

    assert len(BLOCKS) > 25
    assert wrong == []


def test_every_command_of_ponts_and_its_options_exist(capsys: pytest.CaptureFixture[str]) -> None:
    said = re.findall(r"(?:^    |`|bin/|^ {7})ponts ([a-z]+)((?: +--[a-z-]+)*)", GUIDE, flags=re.M)

    assert len({command for command, _ in said}) > 7
    for command, options in set(said):
        with pytest.raises(SystemExit) as ended:
            cli.main([command, "--help"])
        text = capsys.readouterr().out
        assert ended.value.code == 0, command
        assert [option for option in options.split() if option not in text] == []


def test_every_setting_exists() -> None:
    named = {name.lower() for name in re.findall(r"PONTS_([A-Z_]+)", GUIDE)}

    assert len(named) > 10
    assert named - set(Settings.model_fields) == set()


def test_every_file_and_unit_that_it_names_exists() -> None:
    linked = set(re.findall(r"\]\(([a-z-]+\.md)\)", GUIDE))
    units = set(re.findall(r"ponts-[a-z]+\.(?:service|timer)", GUIDE))
    anchors = re.findall(r"\]\(#([^)]+)\)", GUIDE)
    headings = [
        re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-")
        for heading in re.findall(r"^## (.+)$", GUIDE, flags=re.M)
    ]

    assert [name for name in sorted(linked) if not (ROOT / "docs" / name).exists()] == []
    assert units <= {unit.name for unit in UNITS}
    assert [anchor for anchor in anchors if anchor not in headings] == []


def test_it_asks_for_the_scopes_that_are_used_and_no_others_each_with_its_reason() -> None:
    asked = re.findall(r"https://www\.googleapis\.com/auth/[a-z.]+", GUIDE)
    explained = re.findall(r"^\| `([a-z.]+)` \|", GUIDE, flags=re.M)

    assert sorted(asked) == sorted({*FILE_SCOPES, *MAIL_SCOPES})
    assert sorted(explained) == sorted(scope.rpartition("/")[2] for scope in asked)


def test_the_units_are_sound(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        if os.environ.get("CI"):
            pytest.fail("needs systemd-analyze")
        pytest.skip("needs systemd-analyze")
    for unit in UNITS:
        # The programs stand where the guide puts them, and not on this machine.
        text = re.sub(r"/srv/ponts/\.venv/bin/\w+", "/bin/true", unit.read_text("utf-8"))
        (tmp_path / unit.name).write_text(text.replace("WorkingDirectory=/srv/ponts", "WorkingDirectory=/"))
    verified = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / unit.name) for unit in UNITS)],
        capture_output=True,
        text=True,
        check=False,
    )

    said = [line for line in verified.stderr.splitlines() if "ponts-" in line]
    assert (verified.returncode, said) == (0, [])


def test_the_units_start_what_the_package_installs_and_keep_to_loopback() -> None:
    text = "\n".join(unit.read_text("utf-8") for unit in UNITS)
    programs = set(re.findall(r"/srv/ponts/\.venv/bin/(\w+)", text))

    assert programs == {"prefect", "ponts"}
    assert set(re.findall(r"--host (\S+)", text)) == {"127.0.0.1"}
    assert [
        unit.name for unit in UNITS if unit.suffix == ".timer" and not unit.with_suffix(".service").exists()
    ] == []
