"""Secrets: who may read the files that hold them, how they are renewed, and where they are never seen."""

from __future__ import annotations

import logging
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from ponts_flows import local
from ponts_flows.errors import SettingsError
from ponts_flows.ledger import Ledger
from ponts_flows.sandbox.server import free_port
from ponts_flows.secrecy import read_by_others
from ponts_flows.settings import load
from ponts_flows.steps.opening import opened
from tests.journeys.world import World
from tests.processes import commands_seen
from tests.test_cli import WRONG_CALL, Ponts, at_work, installed, ponts

__all__ = ["at_work", "installed", "ponts"]

SECRET = "correct horse battery staple"


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that every account of the machine may enter; pytest's own are closed."""
    folder = Path(mkdtemp(dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def a_file(path: Path, mode: int, text: str = "{}") -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


@pytest.mark.parametrize(("mode", "seen"), [(0o600, False), (0o640, False), (0o604, True), (0o644, True)])
def test_a_file_is_read_by_others_when_its_rights_say_so(public: Path, mode: int, seen: bool) -> None:
    assert read_by_others(a_file(public / "key.json", mode)) == seen


def test_a_folder_that_others_may_not_enter_keeps_what_is_below(public: Path) -> None:
    (public / "closed" / "below").mkdir(parents=True)
    path = a_file(public / "closed" / "below" / "key.json", 0o644)
    (public / "closed").chmod(0o700)

    assert not read_by_others(path)


def test_a_key_file_that_others_may_read_is_refused_with_the_remedy(public: Path) -> None:
    path = a_file(public / "the key.json", 0o644)

    with pytest.raises(SettingsError, match="key file") as refused:
        _ = load(google_credentials_file=path).credentials

    assert f"chmod 600 '{path}'" in str(refused.value)
    path.chmod(0o600)
    assert load(google_credentials_file=path).credentials == path


@pytest.mark.parametrize("line", [f"PONTS_SECRET={SECRET}", f"  ponts_old_secrets = a:{SECRET}"])
def test_a_file_of_settings_that_holds_a_secret_and_that_others_may_read_is_a_wrong_call(
    ponts: Ponts, public: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.chdir(public)
    a_file(public / ".env", 0o644, f"# ours\n{line}\n")

    code, out, err = ponts("export", "out")

    assert (code, "chmod 600 .env" in err, SECRET in out + err) == (WRONG_CALL, True, False)


def test_a_file_of_settings_without_any_secret_may_be_read(
    public: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(public)
    a_file(public / ".env", 0o644, "PONTS_MAILBOX=mentorat@exemple.example\n")

    assert load().mailbox == "mentorat@exemple.example"


def test_the_secret_of_a_sandbox_is_made_for_its_owner_and_refused_once_others_may_read_it(
    public: Path,
) -> None:
    settings = local.settings_for(public, "http://127.0.0.1:1")
    assert settings.secret is not None
    assert (public / "secret").stat().st_mode & 0o777 == 0o600
    (public / "secret").chmod(0o644)

    with pytest.raises(SettingsError, match="chmod 600") as refused:
        local.settings_for(public, "http://127.0.0.1:1")

    assert settings.secret.get_secret_value() not in str(refused.value)


def test_a_ledger_is_made_for_its_owner_with_all_that_lies_beside_it(
    public: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = os.umask(0o022)
    try:
        ledger = Ledger(f"sqlite:///{public / 'kept' / 'ledger.db'}")
        ledger.migrate()
        with ledger.transaction():
            modes = {path.name: path.stat().st_mode & 0o777 for path in (public / "kept").iterdir()}
    finally:
        os.umask(before)
    ledger.close()

    assert modes == {"ledger.db": 0o600, "ledger.db-wal": 0o600, "ledger.db-shm": 0o600}
    assert (public / "kept").stat().st_mode & 0o777 == 0o700


def test_a_ledger_that_others_may_read_is_worked_with_and_told(
    at_work: World, public: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    a_file(public / "ledger.db", 0o644, "")
    monkeypatch.setenv("PONTS_DATABASE_URL", f"sqlite:///{public / 'ledger.db'}")

    with caplog.at_level(logging.WARNING), opened():
        pass

    assert [record.getMessage() for record in caplog.records] == [
        f"The ledger can be read by everyone on this machine. Run: chmod 600 {public / 'ledger.db'}"
    ]


def test_two_secrets_under_one_name_stop_at_the_start_and_none_is_shown() -> None:
    settings = load(secret="a new secret, long enough", secret_id="a", old_secrets=f"a:{SECRET}")

    with pytest.raises(SettingsError, match="PONTS_SECRET_ID") as refused:
        _ = settings.keys

    assert SECRET not in str(refused.value)
    assert load(secret=SECRET, secret_id="a", old_secrets=f"a:{SECRET}").keys.current == "a"


def test_neither_the_sandbox_nor_a_rehearsal_shows_a_secret_in_its_command(tmp_path: Path) -> None:
    with commands_seen() as seen, local.sandbox(tmp_path, port=free_port()) as sandbox:
        settings = local.settings_for(tmp_path, sandbox.url)
        assert settings.secret is not None
        hidden = (settings.secret.get_secret_value(), settings.credentials.read_text()[40:80])

    assert any("ponts_flows.cli sandbox" in command for command in seen)
    assert [command for command in seen if any(word in command for word in hidden)] == []


def test_the_repository_holds_no_key_and_no_token() -> None:
    root = Path(__file__).parents[1]
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True).stdout
    paths = [root / os.fsdecode(name) for name in listed.split(b"\0") if name]
    keys = re.compile(
        rb"-----BEGIN [A-Z ]*PRIVATE KEY-----\s*[A-Za-z0-9+/]{20}|AIza[0-9A-Za-z_-]{35}|ya29\.[0-9A-Za-z_-]{20}"
        rb"|GOCSPX-[0-9A-Za-z_-]{20}|gh[pousr]_[0-9A-Za-z]{30}|PONTS_SECRET=[0-9A-Za-z_-]{16}"
    )

    assert len(paths) > 500
    assert [path.name for path in paths if path.is_file() and keys.search(path.read_bytes())] == []
