"""Set-up: what it would do is said before; what is there already is adopted by its identifier."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ponts_flows import local
from ponts_flows.board.layout import TABS
from ponts_flows.cli import main
from ponts_flows.google.transport import Google, execute
from ponts_flows.ledger import Ledger, facts
from tests.faults import faults, rule
from tests.journeys import spreadsheet
from tests.journeys.world import World
from tests.test_doctor import WRITING

FORMS = 18
Command = Callable[..., list[str]]


@pytest.fixture
def ponts(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Command:
    """Run a command on an empty ledger, beside what the world has at Google; its lines."""
    monkeypatch.chdir(tmp_path)
    for name, value in local.environment(world.settings).items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str, ledger: str = f"sqlite:///{tmp_path / 'new.db'}") -> list[str]:
        monkeypatch.setenv("PONTS_DATABASE_URL", ledger)
        assert main(list(arguments)) == 0
        return capsys.readouterr().out.splitlines()

    return run


def test_before_anything_is_there_a_dry_run_says_what_would_be_made_and_makes_nothing(
    world: World,
    ponts: Command,
    tmp_path: Path,
) -> None:
    counted = (rule("slow", call, name=call, seconds=0.001) for call in WRITING)
    with faults(world.pages.url, *counted) as changed:
        lines = ponts("setup", "--dry-run")

    assert len([line for line in lines if line.endswith(": formulaire à créer")]) == FORMS
    assert lines[-1] == (
        f"Tableau de bord : « Programme de mentoring Ponts Alumni : tableau de bord » à créer, {len(TABS)} onglets, "
        "à partager avec la coordination (1)"
    )
    assert changed() == {}
    assert not (tmp_path / "new.db").exists()


def test_once_all_is_there_a_dry_run_has_nothing_to_say_but_of_what_differs(
    world: World,
    ponts: Command,
) -> None:
    nothing = ponts("setup", "--dry-run", ledger=world.settings.ledger_url)
    spreadsheet.request(world, {"deleteSheet": {"sheetId": spreadsheet.at("proposals")}})
    form = world.installation.forms[0].form_id
    forms = world.google.service("forms", "v1").forms()
    execute(forms.batchUpdate(formId=form, body={"requests": [{"deleteItem": {"location": {"index": 1}}}]}))

    lines = ponts("setup", "--dry-run", ledger=world.settings.ledger_url)

    assert nothing == ["Rien à faire."]
    assert lines[0].startswith("Formulaire mentee (fr) : ")
    assert lines[0].endswith(" modification(s)")
    assert lines[1:] == [
        "Tableau de bord : Propositions : onglet créé",
        "Tableau de bord : Propositions : onglet mis en place",
    ]


def test_forms_and_a_board_that_are_there_are_adopted_by_their_identifiers(
    world: World,
    ponts: Command,
    tmp_path: Path,
) -> None:
    made = world.google.spreadsheets().create("Mon tableau")
    form = execute(
        world.google.service("forms", "v1").forms().create(body={"info": {"title": "Devenir mentee"}})
    )["formId"]
    sheet = world.google.spreadsheets().create("Inscriptions").id
    asked = ("setup", "--form", f"mentee={form}", "--board", made.id, "--sheet", f"mentee={sheet}")

    said = ponts(*asked, "--dry-run")
    done = ponts(*asked)

    assert len([line for line in said if line.endswith(": formulaire à créer")]) == FORMS - 1
    assert f"Feuille mentee : {sheet}, à lire" in said
    assert done[0].endswith(f"/spreadsheets/d/{made.id}/edit")
    assert {one.title for one in made.worksheets()} >= {"Candidatures", "Propositions"}
    ledger = Ledger(f"sqlite:///{tmp_path / 'new.db'}")
    with ledger.transaction() as db:
        kept = facts.recall(db, "installation")
    ledger.close()
    assert form in [one["form_id"] for one in kept["forms"]]
    assert kept["board"] == made.id
    assert [one["spreadsheet_id"] for one in kept["sheets"]] == [sheet]


@pytest.mark.parametrize("wrong", ["mentee", "nothing=ID", "mentee/de=ID", "mentee="])
def test_an_adopted_form_that_is_none_is_a_wrong_call(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    wrong: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in local.environment(world.settings).items():
        monkeypatch.setenv(name, value)

    assert main(["setup", "--form", wrong]) == 2
    assert "expected FORM=ID or FORM/en=ID" in capsys.readouterr().err


def test_a_board_that_somebody_else_made_is_adopted_and_shared_by_hand(
    world: World, ponts: Command, caplog: pytest.LogCaptureFixture
) -> None:
    other = Google(
        credentials_file=world.settings.credentials,
        mailbox="autre@ponts.org",
        root=world.settings.google_root,
    )
    board = other.spreadsheets().create("Le tableau d'une autre").id
    body = {"type": "user", "role": "writer", "emailAddress": world.settings.mailbox}
    execute(other.service("drive", "v3").permissions().create(fileId=board, body=body))

    said = ponts("setup", "--board", board, "--dry-run")
    ponts("setup", "--board", board)
    again = ponts("setup", "--dry-run")

    assert said[-1] == again[-1] == "Tableau de bord : à partager à la main avec la coordination"
    assert len(again) == 1
    assert "Share it with the coordinators by hand." in caplog.text
    other.files.close()
    other.mail.close()
