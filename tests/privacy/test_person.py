"""What is known of someone, given to them: all of theirs, and nothing of anybody else's."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest

from ponts_flows.errors import InputError
from ponts_flows.person import export, show
from tests.journeys.world import LEA, PAUL, World
from tests.privacy.secrets import BY_A_COORDINATOR, EVERYTHING, IN_CONFIDENCE, say

OF_PAUL = "Un secret de turquoise"
OF_HUGO = "hugo.petit@exemple.example"


def test_all_that_someone_wrote_and_that_was_written_of_them_is_in_their_files(
    year: World, tmp_path: Path
) -> None:
    paths, missing = export(year.a_pass(), LEA, tmp_path / "dossier")

    page = (tmp_path / "dossier" / "tout.html").read_text("utf-8")
    data = (tmp_path / "dossier" / "tout.json").read_text("utf-8")
    page = page.replace("&#39;", "'")
    assert missing == ""
    assert [word for word in EVERYTHING if word not in page] == []
    assert [word for word in (*IN_CONFIDENCE, LEA) if word not in data and word != "cornaline"] == []
    assert BY_A_COORDINATOR in page
    assert set(paths) == set((tmp_path / "dossier").iterdir())


def test_what_others_wrote_in_confidence_and_who_they_are_is_not(year: World, tmp_path: Path) -> None:
    say(year, "participation", "mentor", wish="no_reminders", note=OF_PAUL, share_note=("consent",))
    year.reply(PAUL, year.letter(PAUL, "prepare-first").reference, f"{OF_PAUL} par message ?")
    year.tick()
    year.tick()

    export(year.a_pass(), LEA, tmp_path / "dossier")
    everything = "".join(path.read_text("utf-8") for path in (tmp_path / "dossier").iterdir())

    assert "turquoise" not in everything
    assert OF_HUGO not in everything


def test_the_page_speaks_french_and_shows_texts_as_texts(year: World, tmp_path: Path) -> None:
    year.sign_up("mentor", first_name="Ana", last_name="Bo", about="<script>alert(1)</script>")
    year.tick()

    export(year.a_pass(), "ana.bo@exemple.example", tmp_path / "dossier")

    page = (tmp_path / "dossier" / "tout.html").read_text("utf-8")
    assert "<script" not in page
    for words in ("Candidatures", "Réponses aux formulaires", "Messages envoyés ou prévus", "Adresse e-mail"):
        assert words in page
    assert "@@" not in page


def test_tables_are_for_a_spreadsheet_and_the_folder_for_its_owner(year: World, tmp_path: Path) -> None:
    export(year.a_pass(), LEA, tmp_path / "dossier")

    with (tmp_path / "dossier" / "message.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {"message", "statut", "envoyé le", "objet", "texte"} <= set(rows[0])
    assert os.stat(tmp_path / "dossier").st_mode & 0o077 == 0
    known = json.loads((tmp_path / "dossier" / "tout.json").read_text("utf-8"))
    assert [one["id"] for one in known["application"]] == ["A-0001"]


def test_the_terminal_shows_each_record_in_short_lines(year: World) -> None:
    shown = show(year.a_pass(), "A-0001")

    assert "Candidatures (1)" in shown
    assert "étape : " in shown
    assert max(map(len, shown.splitlines())) < 260
    assert show(year.a_pass(), LEA) == shown


def test_nobody_known_is_told_without_naming_them(year: World) -> None:
    with pytest.raises(InputError) as refused:
        show(year.a_pass(), "qui@nulle-part.example")

    assert "nulle-part" not in str(refused.value)
