"""The command `ponts`: what it does, and what it says of what people get wrong."""

from __future__ import annotations

import csv
import json
import logging
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ponts_flows import local
from ponts_flows.cli import main
from ponts_flows.samples import SIGNUPS
from tests.journeys import spreadsheet
from tests.journeys.world import World, a_member, opened
from tests.sandbox.conftest import checked_sandbox

ROOT = Path(__file__).parents[1]
DONE, FAILED, WRONG_CALL = 0, 1, 2

Ponts = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ponts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Iterator[Ponts]:
    """Run a command in an empty folder; its exit code and what it printed, which is never a traceback."""
    for name in [name for name in os.environ if name.startswith("PONTS_")]:
        monkeypatch.delenv(name)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    level = logging.getLogger().level

    def run(*arguments: object) -> tuple[int, str, str]:
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as stop:  # how argparse ends
            code = int(str(stop.code))
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return code, out, err

    yield run
    logging.getLogger().setLevel(level)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world set up, for commands to work on."""
    place = tmp_path_factory.mktemp("cli")
    with checked_sandbox(place) as running, opened(place, running.url) as world:
        yield world


@pytest.fixture
def at_work(installed: World, monkeypatch: pytest.MonkeyPatch, ponts: Ponts) -> World:
    """The environment of the world that is set up."""
    for name, value in local.environment(installed.settings).items():
        monkeypatch.setenv(name, value)
    return installed


def a_folder(path: Path, **files: str | bytes) -> Path:
    """A folder of sign-up files, by name without its ending."""
    path.mkdir()
    for name, content in files.items():
        (path / f"{name}.csv").write_bytes(content.encode() if isinstance(content, str) else content)
    return path


# Wrong calls of `ponts rehearse`.


def test_rehearsing_a_folder_that_is_not_there_is_a_wrong_call(ponts: Ponts) -> None:
    code, _, err = ponts("rehearse", "nowhere")

    assert (code, err) == (
        WRONG_CALL,
        "ponts: nowhere: there is no such folder. Give the one that holds mentees.csv, mentors.csv, cotisants.csv.\n",
    )


def test_rehearsing_a_folder_without_sign_ups_is_a_wrong_call(ponts: Ponts, tmp_path: Path) -> None:
    code, _, err = ponts("rehearse", a_folder(tmp_path / "empty", cotisants="NOM\n"))

    assert code == WRONG_CALL
    assert err == f"ponts: {tmp_path}/empty: neither mentees.csv nor mentors.csv is there.\n"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\xff\xfe", "it is not a CSV file in UTF-8"),
        ("Prénom".encode("latin-1"), "it is not a CSV file in UTF-8"),
        (b"", "is empty"),
    ],
)
def test_a_file_that_is_no_csv_is_a_wrong_call_that_names_it(
    ponts: Ponts, tmp_path: Path, content: bytes, why: str
) -> None:
    code, _, err = ponts("rehearse", a_folder(tmp_path / "signups", mentees=content))

    assert code == WRONG_CALL
    assert err.startswith(f"ponts: {tmp_path}/signups/mentees.csv: ")
    assert why in err
    assert "Export it again" in err


def test_a_file_with_other_headings_is_a_wrong_call_that_names_those_missing(
    ponts: Ponts, tmp_path: Path
) -> None:
    code, _, err = ponts(
        "rehearse", a_folder(tmp_path / "signups", mentees="Nom;Prénom;Adresse e-mail\na;b;c\n")
    )

    assert code == WRONG_CALL
    assert "mentees.csv has no column" in err
    assert "Horodateur" in err
    assert "separated by commas" in err


@pytest.mark.parametrize("day", ["16/11/2026", "2026-02-30", "demain", ""])
def test_a_day_that_is_none_is_a_wrong_call(ponts: Ponts, day: str) -> None:
    code, _, err = ponts("rehearse", SIGNUPS, "--from", day)

    assert code == WRONG_CALL
    assert f"argument --from: {day!r} is not a day such as 2026-11-16" in err


def test_a_rehearsal_that_ends_before_it_begins_is_a_wrong_call(ponts: Ponts) -> None:
    code, _, err = ponts("rehearse", SIGNUPS, "--from", "2026-11-16", "--until", "2026-11-15")

    assert code == WRONG_CALL
    assert err.startswith("ponts: The rehearsal would end on 2026-11-15, before it begins on 2026-11-16")


def test_exports_that_can_be_put_nowhere_are_told_before_the_rehearsal(ponts: Ponts, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")

    code, out, err = ponts("rehearse", SIGNUPS, "--out", tmp_path / "taken")

    assert (code, out) == (WRONG_CALL, "")
    assert err.startswith(f"ponts: {tmp_path}/taken: can't be made or written to")


@pytest.mark.parametrize(
    "arguments", [(), ("mystery",), ("rehearse",), ("rehearse", ".", "--approve", "some")]
)
def test_what_is_no_command_is_a_wrong_call(ponts: Ponts, arguments: tuple[str, ...]) -> None:
    code, out, err = ponts(*arguments)

    assert (code, out) == (WRONG_CALL, "")
    assert err.startswith("usage: ponts")


# Settings.


def test_without_a_secret_nothing_runs_and_the_remedy_is_told(ponts: Ponts) -> None:
    code, _, err = ponts("run")

    assert code == WRONG_CALL
    assert err.startswith("ponts: No secret. Put a long random text in PONTS_SECRET")


def test_without_credentials_nothing_runs_and_the_remedy_is_told(
    ponts: Ponts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PONTS_SECRET", "0123456789abcdef0123456789abcdef")

    code, _, err = ponts("setup")

    assert code == WRONG_CALL
    assert "PONTS_GOOGLE_CREDENTIALS_FILE" in err
    assert "0123456789abcdef" not in err


@pytest.mark.parametrize("content", [None, "not JSON", '{"type": "authorized_user"}'])
def test_a_key_file_that_is_none_is_a_wrong_call_that_names_it(
    ponts: Ponts, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str | None
) -> None:
    if content is not None:
        (tmp_path / "key.json").write_text(content)
    monkeypatch.setenv("PONTS_SECRET", "0123456789abcdef0123456789abcdef")
    monkeypatch.setenv("PONTS_GOOGLE_CREDENTIALS_FILE", str(tmp_path / "key.json"))

    code, _, err = ponts("run")

    assert code == WRONG_CALL
    assert f"{tmp_path}/key.json. Give its path in PONTS_GOOGLE_CREDENTIALS_FILE." in err


def test_a_wrong_setting_is_named_and_its_value_is_not_shown(
    at_work: World, ponts: Ponts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PONTS_PRODUCTION", "s3cr3t-typed-in-the-wrong-place")

    code, _, err = ponts("run")

    assert code == WRONG_CALL
    assert "PONTS_PRODUCTION" in err
    assert "s3cr3t" not in err


@pytest.mark.parametrize(
    "url", ["nonsense", "mysql://ann:s3cr3t@db.exemple.example/x", "sqlite://", "oracle+none://x"]
)
def test_a_database_that_is_none_is_a_wrong_call_that_does_not_show_its_password(
    at_work: World, ponts: Ponts, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("PONTS_DATABASE_URL", url)

    code, _, err = ponts("run")

    assert code == WRONG_CALL
    assert "PONTS_DATABASE_URL" in err
    assert "s3cr3t" not in err


def test_a_ledger_that_is_no_database_is_a_failed_run_that_says_where_to_look(
    at_work: World, ponts: Ponts, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "ledger.db").write_text("This is a letter, not a database. " * 50)
    monkeypatch.setenv("PONTS_DATABASE_URL", f"sqlite:///{tmp_path}/ledger.db")

    code, _, err = ponts("run")

    assert code == FAILED
    assert err.startswith(
        "ponts: The ledger can't be used (file is not a database). Check PONTS_DATABASE_URL"
    )


# Runs.


def test_running_before_anything_is_set_up_says_to_set_up(
    at_work: World, ponts: Ponts, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PONTS_DIRECTORY", str(tmp_path / "new"))
    monkeypatch.delenv("PONTS_DATABASE_URL")

    code, _, err = ponts("run")

    assert (code, err) == (
        WRONG_CALL,
        "ponts: Nothing is set up: `ponts setup`, or `ponts rebuild` if a ledger was lost.\n",
    )


def test_a_run_that_reaches_no_sandbox_fails_and_says_so(
    at_work: World, ponts: Ponts, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(socket.socket()) as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
    monkeypatch.setenv("PONTS_GOOGLE_ROOT", url)

    code, _, err = ponts("run")

    assert (code, err) == (FAILED, f"ponts: The sandbox does not answer at {url}: is it running?\n")


def test_a_second_run_at_the_same_time_fails_and_says_why(at_work: World, ponts: Ponts) -> None:
    with at_work.ledger.lock():
        code, _, err = ponts("run")

    assert (code, err) == (FAILED, "ponts: Another run is at work on this ledger; it will do what is due.\n")


def test_a_run_does_what_is_due_and_a_second_one_nothing(at_work: World, ponts: Ponts) -> None:
    at_work.register(a_member("Ève", "Lenoir"))
    at_work.sign_up("mentee", first_name="Ève", last_name="Lenoir")

    first, out, _ = ponts("run")
    ponts("run")  # the mailbox hears of what was sent
    second, nothing, _ = ponts("run")

    assert (first, second) == (DONE, DONE)
    assert "collect-forms: 1 new form responses" in out
    assert "send-due: 1 messages sent" in out
    assert nothing == "Nothing was due.\n"
    assert len(at_work.inbox("eve.lenoir@exemple.example")) == 1


def test_a_run_in_which_a_step_failed_fails_names_it_and_does_the_rest(at_work: World, ponts: Ponts) -> None:
    before = at_work.snapshot()
    spreadsheet.request(at_work, {"deleteSheet": {"sheetId": spreadsheet.at("proposals")}})
    at_work.sign_up("mentor", first_name="Noé", last_name="Servi")

    code, out, _ = ponts("run")

    served = len(at_work.inbox("noe.servi@exemple.example"))
    at_work.restore(before)
    assert code == FAILED
    assert (
        "collect-board: FAILED: The board has no tab « Propositions » any more. `ponts setup` puts it back."
        in out
    )
    assert served == 1


def test_exports_are_six_files_named_as_promised(at_work: World, ponts: Ponts, tmp_path: Path) -> None:
    ponts("run")

    code, out, _ = ponts("export", tmp_path / "out")

    headings = {}
    for path in (tmp_path / "out").iterdir():
        with path.open(encoding="utf-8", newline="") as file:
            headings[path.name] = next(csv.reader(file))
    assert code == DONE
    assert out.splitlines() == [f"{tmp_path}/out/{name}" for name in headings_of(headings)]
    assert headings["applications.csv"] == ["id", "role", "email", "verdict", "reason"]
    assert headings["pairings.csv"][:5] == ["id", "stage", "mentor_email", "mentee_email", "score"]
    assert headings["messages.csv"] == [
        "key",
        "reference",
        "to",
        "template",
        "status",
        "planned_at",
        "sent_at",
    ]
    assert headings["matching_runs.csv"][:5] == ["id", "at", "input_hash", "settings", "pairs"]
    assert headings["journal.csv"] == ["id", "at", "by", "place", "about", "what", "outcome"]
    assert set(headings) == set(EXPORTED)


EXPORTED = (
    "applications.csv",
    "pairings.csv",
    "messages.csv",
    "to_review.csv",
    "matching_runs.csv",
    "journal.csv",
)


def headings_of(headings: dict[str, list[str]]) -> list[str]:
    return [name for name in EXPORTED if name in headings]


def test_exporting_to_where_a_file_is_is_a_wrong_call(at_work: World, ponts: Ponts, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")

    code, _, err = ponts("export", tmp_path / "taken")

    assert code == WRONG_CALL
    assert err.startswith(f"ponts: {tmp_path}/taken: can't be made or written to (File exists).")


def test_exporting_where_there_is_no_ledger_makes_none(ponts: Ponts, tmp_path: Path) -> None:
    code, _, err = ponts("export", tmp_path / "out")

    assert code == WRONG_CALL
    assert err.startswith("ponts: There is no ledger here yet.")
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "here" / ".ponts" / "ledger.db").exists()


# Setting up.


def files_of(world: World) -> dict[str, tuple[str, str]]:
    """Every file of the service account: its title, and when it was last changed."""
    found = world.google.service("drive", "v3").files().list(fields="files(id,name,modifiedTime)").execute()
    return {file["id"]: (file["name"], file["modifiedTime"]) for file in found["files"]}


def test_setting_up_twice_changes_nothing(at_work: World, ponts: Ponts) -> None:
    before = files_of(at_work)
    at_work.advance(minutes=5)

    code, out, _ = ponts("setup")

    assert code == DONE
    assert files_of(at_work) == before
    assert out.splitlines()[0] == f"Board: {at_work.installation.board_url}"
    assert len(re.findall(r"^Form (mentee|mentor|pairing) \((fr|en)\): http://127.0.0.1", out, re.M)) == 6


@pytest.mark.parametrize("sheet", ["mentee", "mystery=abc", "mentee="])
def test_a_sheet_given_in_another_way_is_a_wrong_call(at_work: World, ponts: Ponts, sheet: str) -> None:
    code, _, err = ponts("setup", "--sheet", sheet)

    assert code == WRONG_CALL
    assert "expected mentee=ID[:tab], mentor=ID[:tab] or register=ID[:tab]" in err


def test_a_sheet_that_can_not_be_read_is_told_at_once_and_not_kept(at_work: World, ponts: Ponts) -> None:
    code, _, err = ponts("setup", "--sheet", "mentee=NoSuchSpreadsheet:Réponses")

    assert code == WRONG_CALL
    assert "mentee=NoSuchSpreadsheet:Réponses" in err
    assert "share the spreadsheet with the programme's mailbox" in err
    assert at_work.a_pass().installation.sheets == ()


def test_after_an_edit_of_a_form_setting_up_changes_that_question_and_keeps_every_response(
    at_work: World, tmp_path: Path
) -> None:
    at_work.sign_up("mentee", first_name="Zoé", last_name="Avant")
    copy = tmp_path / "checkout"
    for name in ("ponts_flows", "forms", "templates"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    before = {ids: form_of(at_work, ids.form_id) for ids in at_work.installation.forms}
    spec = copy / "forms" / "mentee.yaml"
    text = spec.read_text("utf-8")
    assert text.count("fr: Ville") == 1
    spec.write_text(text.replace("fr: Ville", "fr: Ville où vous habitez"), "utf-8")

    setup = subprocess.run(
        [sys.executable, "-m", "ponts_flows.cli", "setup"],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy)},
    )

    changed = []
    for ids, form in before.items():
        items = {item["itemId"]: item for item in form_of(at_work, ids.form_id)["items"]}
        assert list(items) == [item["itemId"] for item in form["items"]]
        changed += [
            (ids.name, str(ids.language), items[item["itemId"]]["title"])
            for item in form["items"]
            if items[item["itemId"]] != item
        ]
    assert setup.returncode == DONE
    assert changed == [("mentee", "fr", "Ville où vous habitez")]
    kept = list(at_work.a_pass().forms.responses(at_work.installation.forms[0].form_id, since=None))
    assert "Zoé" in str([response.body for response in kept])


def form_of(world: World, form_id: str) -> dict[str, list[dict[str, str]]]:
    return dict(world.google.service("forms", "v1").forms().get(formId=form_id).execute())


# A whole rehearsal.


@pytest.fixture
def signups(tmp_path: Path) -> Path:
    """A folder of three sign-ups of each side."""
    folder = tmp_path / "signups"
    folder.mkdir()
    for name in local.FILES:
        lines = (SIGNUPS / name).read_text("utf-8").splitlines(keepends=True)
        (folder / name).write_text("".join(lines if name == "cotisants.csv" else lines[:4]), "utf-8")
    return folder


def test_a_rehearsal_prints_its_figures_and_leaves_its_exports(
    ponts: Ponts, signups: Path, tmp_path: Path
) -> None:
    code, out, _ = ponts("rehearse", signups, "--until", "2026-11-18", "--json", "--out", tmp_path / "out")

    assert code == DONE
    assert '"passes":' in out
    assert '"megabytes":' in out
    assert '"gmail":' in out
    assert (tmp_path / "out" / "applications.csv").is_file()
    assert list((tmp_path / "here").iterdir()) == []  # nothing is left beside the exports


def test_the_same_seed_plays_the_same_people(ponts: Ponts, signups: Path) -> None:
    def played() -> dict[str, object]:
        code, out, _ = ponts("rehearse", signups, "--until", "2026-12-04", "--seed", 1, "--json")
        assert code == DONE
        return {
            name: value for name, value in json.loads(out).items() if name not in ("seconds", "megabytes")
        }

    assert played() == played()


def test_a_sandbox_on_a_port_in_use_is_a_wrong_call_that_names_it(tmp_path: Path) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "ponts_flows.cli",
                "sandbox",
                "--directory",
                tmp_path,
                "--port",
                str(port),
            ],
            capture_output=True,
            text=True,
            timeout=60,
        )

    assert done.returncode == WRONG_CALL
    assert f"on port {port}" in done.stderr
    assert "Traceback" not in done.stderr


A_MAIL = """From: lea.durand@exemple.example
To: mentoring@ponts.org
Subject: Re: Votre première rencontre
Authentication-Results: mx.google.com; dmarc={dmarc} header.from=exemple.example
Date: Fri, 27 Nov 2026 10:00:00 +0100
Content-Type: text/plain; charset=utf-8

Oui, mardi. Prochaine rencontre le 15 décembre.

Le ven. 27 nov. 2026 à 09:00, Programme de mentoring <mentoring@ponts.org> a écrit :

> Vous êtes-vous rencontrés ?
"""


def test_a_mail_is_explained_as_the_programme_reads_it(ponts: Ponts, tmp_path: Path) -> None:
    mail = tmp_path / "mail.eml"
    mail.write_text(A_MAIL.format(dmarc="pass"), encoding="utf-8")

    code, out, _ = ponts("explain-mail", mail, "--question", "met", "--json")

    found = json.loads(out)
    assert code == 0
    assert (found["kind"], found["failed"], found["trust"], found["handover"]) == (
        "human",
        [],
        "authenticated",
        None,
    )
    assert found["text"] == "Oui, mardi. Prochaine rencontre le 15 décembre."
    answer = {name: found["answer"][name] for name in ("intent", "held_on", "next_on")}
    assert answer == {"intent": "met", "held_on": "2026-11-24", "next_on": "2026-12-15"}


def test_dates_in_a_mail_count_from_the_day_given_and_a_forged_sender_is_told(
    ponts: Ponts, tmp_path: Path
) -> None:
    mail = tmp_path / "mail.eml"
    mail.write_text(A_MAIL.format(dmarc="fail"), encoding="utf-8")

    _, out, _ = ponts("explain-mail", mail, "--question", "met", "--on", "2026-12-03")

    assert "answer:   met held on 2026-12-01 next on 2026-12-15" in out
    assert "trust:    refused (dmarc=fail)" in out
    assert "handover: l'expéditeur n'est pas authentifié" in out


def test_a_clear_answer_under_a_subject_that_sounds_like_an_absence_is_handed_over(
    ponts: Ponts, tmp_path: Path
) -> None:
    mail = tmp_path / "mail.eml"
    absence = A_MAIL.format(dmarc="pass").replace("Re: Votre première rencontre", "Absence du bureau")
    mail.write_text(absence, encoding="utf-8")

    _, out, _ = ponts("explain-mail", mail, "--question", "met", "--json")

    found = json.loads(out)
    assert (found["kind"], found["handover"]) == ("human", "peut-être une réponse automatique")
    assert found["answer"]["why"] == "Absence"


def test_a_mail_that_is_not_there_is_told(ponts: Ponts) -> None:
    code, _, err = ponts("explain-mail", "nowhere.eml")

    assert (code, err) == (2, "ponts: nowhere.eml can't be read: No such file or directory.\n")
