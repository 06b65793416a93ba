"""`ponts doctor`: green for an installation that works; red, with the remedy, for each thing that does not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from requests import Response
from requests.adapters import HTTPAdapter

from ponts_flows import local
from ponts_flows.cli import main
from ponts_flows.doctor import Doctor
from ponts_flows.google.transport import execute
from ponts_flows.settings import Settings
from tests.faults import faults, rule
from tests.journeys import spreadsheet
from tests.journeys.world import Snapshot, World, opened
from tests.sandbox.conftest import checked_sandbox

WRITING = ("*.create", "*.batchUpdate", "*.send", "*.setPublishSettings", "*.modify", "*.update", "*.insert")
NAMES = ["secret", "ledger", "key file", "files", "mail", "clock", "mailbox", "board", "forms"]
Examine = Callable[..., dict[str, tuple[bool | None, str]]]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Snapshot]]:
    place = tmp_path_factory.mktemp("doctor")
    with checked_sandbox(place) as running, opened(place, running.url) as world:
        yield world, world.snapshot()


@pytest.fixture
def world(installed: tuple[World, Snapshot]) -> World:
    world, snapshot = installed
    world.restore(snapshot)
    return world


@pytest.fixture
def examine(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Examine:
    """Run the command with some settings changed; what it found, by name. Its exit code is 1 when something is red."""
    monkeypatch.chdir(tmp_path)
    for name, value in local.environment(world.settings).items():
        monkeypatch.setenv(name, value)

    def run(**changes: str) -> dict[str, tuple[bool | None, str]]:
        for name, value in changes.items():
            monkeypatch.setenv(name, value)
        code = main(["doctor", "--json"])
        out, err = capsys.readouterr()
        found = {one["name"]: (one["well"], one["said"]) for one in json.loads(out)}
        assert err == ""
        assert code == (1 if any(well is False for well, _ in found.values()) else 0)
        return found

    return run


def red(found: dict[str, tuple[bool | None, str]]) -> dict[str, str]:
    return {name: said for name, (well, said) in found.items() if well is False}


def not_seen(found: dict[str, tuple[bool | None, str]]) -> list[str]:
    return [name for name, (well, _) in found.items() if well is None]


def test_an_installation_that_works_is_green_line_by_line(
    examine: Examine, capsys: pytest.CaptureFixture[str]
) -> None:
    found = examine()

    assert main(["doctor"]) == 0
    assert list(found) == NAMES
    assert {well for well, _ in found.values()} == {True}
    assert [line.split("  ")[0] for line in capsys.readouterr().out.splitlines()] == ["green"] * len(NAMES)


def test_it_changes_nothing(world: World, examine: Examine) -> None:
    with faults(
        world.pages.url, *(rule("slow", call, name=call, seconds=0.001) for call in WRITING)
    ) as changed:
        examine()

    assert changed() == {}


def test_wrong_settings_are_red_with_the_name_of_the_setting(examine: Examine) -> None:
    assert red(examine(PONTS_WORKERS="0")).keys() == {"settings"}


def test_a_missing_secret_is_red_and_the_rest_is_looked_at(world: World) -> None:
    settings = world.settings.model_copy(update={"secret": None})

    found = {check.name: (check.well, check.said) for check in Doctor(settings).examine()}

    assert list(red(found)) == ["secret"]
    assert "PONTS_SECRET" in found["secret"][1]


def test_a_ledger_that_is_not_there_is_red_and_none_is_made(examine: Examine, tmp_path: Path) -> None:
    found = examine(PONTS_DATABASE_URL=f"sqlite:///{tmp_path / 'none.db'}")

    assert "ponts setup" in red(found)["ledger"]
    assert not_seen(found) == ["board", "forms"]
    assert not (tmp_path / "none.db").exists()


def test_a_ledger_that_is_no_database_is_red(examine: Examine, tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_text("no database")

    found = examine(PONTS_DATABASE_URL=f"sqlite:///{tmp_path / 'ledger.db'}")

    assert "Check PONTS_DATABASE_URL" in red(found)["ledger"]


def test_a_ledger_of_another_version_is_red(world: World, examine: Examine) -> None:
    with world.ledger.transaction() as db:
        db.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")

    assert list(red(examine())) == ["ledger"]


def test_a_key_file_that_can_not_be_read_is_red_and_what_needs_it_is_not_seen(
    examine: Examine, tmp_path: Path
) -> None:
    found = examine(PONTS_GOOGLE_CREDENTIALS_FILE=str(tmp_path / "none.json"))

    assert "PONTS_GOOGLE_CREDENTIALS_FILE" in red(found)["key file"]
    assert not_seen(found) == ["files", "mail", "clock", "mailbox", "board", "forms"]


@pytest.mark.parametrize(
    ("cause", "word"), [("key_deleted", "invalid_grant"), ("delegation_withdrawn", "unauthorized_client")]
)
def test_credentials_that_google_refuses_are_red_with_its_word(
    world: World, examine: Examine, cause: str, word: str
) -> None:
    with faults(world.pages.url, rule("credentials_refused", cause=cause)):
        found = examine()

    assert list(red(found)) == ["files", "mail"]
    assert all(f"credentials ({word})" in said for said in red(found).values())
    assert not_seen(found) == ["mailbox", "board", "forms"]


def test_a_delegation_withdrawn_is_red_for_the_mailbox_alone(world: World, examine: Examine) -> None:
    with faults(world.pages.url, rule("credentials_refused", cause="delegation_withdrawn", nth=2)):
        found = examine()

    assert list(red(found)) == ["mail"]
    assert not_seen(found) == ["mailbox"]


def test_a_clock_that_is_far_from_googles_is_red(world: World, settings_of: Callable[[], Settings]) -> None:
    doctor = Doctor(settings_of())
    late: list[str] = []

    class Tomorrow(HTTPAdapter):
        def send(self, *arguments: object, **options: object) -> Response:
            answer = super().send(*arguments, **options)  # type: ignore[arg-type]
            answer.headers["Date"] = "Fri, 01 Jan 2100 00:00:00 GMT"
            late.append("asked")
            return answer

    doctor._key_file()
    assert doctor._google is not None
    doctor._google.files._auth_request.session.mount("http://", Tomorrow())
    doctor._token("files")

    with pytest.raises(Exception, match=r"clock is \d+ minutes away"):
        doctor._clock()
    assert late == ["asked"]
    assert doctor._google.skew is not None
    assert doctor._google.skew > timedelta(days=365)


@pytest.fixture
def settings_of(world: World) -> Callable[[], Settings]:
    return lambda: world.settings


def test_a_mailbox_at_another_address_than_the_setting_is_red(
    world: World, settings_of: Callable[[], Settings]
) -> None:
    doctor = Doctor(settings_of())
    doctor._key_file()
    doctor._token("mail")
    doctor._settings = world.settings.model_copy(update={"mailbox": "mentoring-alias@ponts.org"})

    with pytest.raises(Exception, match="Google opens another mailbox"):
        doctor._mailbox()


def test_a_board_that_lacks_a_tab_is_red_with_its_name(world: World, examine: Examine) -> None:
    spreadsheet.request(world, {"deleteSheet": {"sheetId": spreadsheet.at("proposals")}})

    assert red(examine()) == {
        "board": "The board has no tab « Propositions » any more. `ponts setup` puts it back."
    }


def test_a_form_that_is_closed_and_one_that_is_gone_are_red_with_their_names(
    world: World, examine: Examine
) -> None:
    closed, gone = world.installation.forms[:2]
    forms = world.google.service("forms", "v1").forms()
    state = {"isPublished": True, "isAcceptingResponses": False}
    body = {"publishSettings": {"publishState": state}}
    execute(forms.setPublishSettings(formId=closed.form_id, body=body))
    execute(world.google.service("drive", "v3").files().delete(fileId=gone.form_id))

    (said,) = red(examine()).values()

    assert f"The form {closed.name} ({closed.language}), {closed.form_id}, takes no responses." in said
    assert (
        f"The form {gone.name} ({gone.language}), {gone.form_id}, can't be read (Google answered 404" in said
    )


def test_a_google_that_does_not_answer_is_red(world: World, examine: Examine) -> None:
    with faults(world.pages.url, rule("server_error", "sheets.*"), rule("dropped", "gmail.users.getProfile")):
        found = examine()

    assert list(red(found)) == ["mailbox", "board"]
