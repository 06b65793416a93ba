"""The command `ponts match`: what it prints, what it writes, what it says of what people get wrong."""

from __future__ import annotations

import csv
import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ponts_flows.cli import main
from ponts_flows.samples import SIGNUPS
from tests.what_if.builders import COMMON, PLACES, START, a_file, a_mentee, a_mentor

DONE, WRONG_CALL = 0, 2
SAMPLES = ("--mentees", SIGNUPS / "mentees.csv", "--mentors", SIGNUPS / "mentors.csv")
MEMBERS = ("--members", SIGNUPS / "cotisants.csv")
FILES = ["apercu.html", "binomes.csv", "presque.csv", "remarques.csv", "sans_binome.csv"]

Match = Callable[..., tuple[int, str, str]]


@pytest.fixture
def match(capsys: pytest.CaptureFixture[str]) -> Match:
    """Run the command; its exit code and what it printed."""

    def run(*arguments: object) -> tuple[int, str, str]:
        try:
            code = main(["match", *map(str, arguments)])
        except SystemExit as stop:
            code = int(str(stop.code))
        out, err = capsys.readouterr()
        return code, out, err

    return run


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_samples_are_summed_up_in_french(match: Match) -> None:
    code, out, err = match(*SAMPLES, *MEMBERS)

    assert code == DONE
    assert out.startswith("Essai d'appariement, au 16/11/2026. Rien n'est enregistré.\n")
    assert "Mentees        152     107" in out
    assert "Cotisations vérifiées d'après cotisants.csv." in out
    assert "C'est prouvé" in out
    assert "12  réponse à corriger" in out
    assert len(out.splitlines()) < 40
    assert "mentees.csv, ligne 21 : à corriger : charte (à accepter)." in err


def test_without_a_register_it_says_so(match: Match) -> None:
    _, out, _ = match(*SAMPLES)

    assert "Cotisations non vérifiées : tout le monde est compté comme à jour." in out


def test_json_holds_all_of_it(match: Match) -> None:
    code, out, _ = match(*SAMPLES, *MEMBERS, "--json")
    said = json.loads(out)

    assert code == DONE
    assert said["read"] == {"mentor": 97, "mentee": 152}
    assert said["proof"]["pairs"] == len(said["pairs"])
    assert len({pair["mentee"]["email"] for pair in said["pairs"]}) == len(said["pairs"])
    assert len(said["pairs"]) + sum(one["role"] == "mentee" for one in said["unpaired"]) == 107
    assert len(said["set_aside"]) == 65
    assert all(pair["gap_months"] >= 120 and pair["reasons"] for pair in said["pairs"])
    assert said["effects"] == []


def test_the_files_alone_decide_whatever_the_order_of_their_rows(match: Match, tmp_path: Path) -> None:
    shuffled = []
    for option, name in (("--mentees", "mentees"), ("--mentors", "mentors"), ("--members", "cotisants")):
        with (SIGNUPS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            headings, *body = list(csv.reader(file))
        random.Random(7).shuffle(body)
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([headings, *body])
        shuffled += [option, tmp_path / f"{name}.csv"]

    first, again, other = (
        json.loads(match(*arguments, "--json")[1])
        for arguments in ((*SAMPLES, *MEMBERS), (*SAMPLES, *MEMBERS), shuffled)
    )

    assert first == again
    assert other["pairs"] == first["pairs"]
    assert other["unpaired"] == first["unpaired"]
    assert other["near_misses"] == first["near_misses"]


def test_another_day_changes_the_wait_and_who_is_paid_up(match: Match) -> None:
    _, out, _ = match(*SAMPLES, *MEMBERS, "--on", "2028-01-01")

    assert out.startswith("Essai d'appariement, au 01/01/2028.")
    assert "cotisation échue" in out


def test_weights_change_the_result_and_are_told(match: Match, tmp_path: Path) -> None:
    weights = a_file(tmp_path / "poids.csv", "Réglage,Valeur\nPoids : secteur,0\nPoids : attente,dix\n")

    _, out, err = match(*SAMPLES, "--weights", weights)

    assert "Réglages changés : Poids : secteur 0 (au lieu de 5)." in out
    assert "poids.csv, ligne 3 : « Poids : attente » : non compris" in err


def test_the_folder_holds_tables_and_a_page_and_is_always_the_same(match: Match, tmp_path: Path) -> None:
    contents = []
    for name in ("one", "two"):
        code, _, _ = match(*SAMPLES, *MEMBERS, "--out", tmp_path / name)
        assert code == DONE
        contents.append({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()})

    assert sorted(contents[0]) == FILES
    assert contents[0] == contents[1]
    pairs, left = rows(tmp_path / "one" / "binomes.csv"), rows(tmp_path / "one" / "sans_binome.csv")
    assert len({pair["E-mail du mentee"] for pair in pairs}) == len(pairs)
    assert all(pair["Raisons"] and int(pair["Thèmes, points"]) <= 100 for pair in pairs)
    assert {one["Situation"] for one in left} == {"sans proposition", "pas admis"}
    assert all(one["Pourquoi"] for one in left)


def test_nothing_that_people_typed_is_a_formula_or_markup(match: Match, tmp_path: Path) -> None:
    evil = "=cmd|' /C calc'!A0 <script>alert(1)</script>"
    mentee = a_mentee(Nom=evil, Ville="<img src=x onerror=alert(1)>", Langues="Anglais, Français")
    mentors = [
        a_mentor(Prénom="@SUM(1)", Ville="<b>Lyon</b>"),
        a_mentor("Zoé", Prénom="-1+1", **{START: "2019-01"}),
    ]
    files = (
        "--mentees",
        a_file(tmp_path / "a.csv", [mentee]),
        "--mentors",
        a_file(tmp_path / "b.csv", mentors),
    )

    code, _, _ = match(*files, "--out", tmp_path / "out")

    assert code == DONE
    for name in FILES[1:]:
        for row in rows(tmp_path / "out" / name):
            assert [cell for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t"))] == []
    page = (tmp_path / "out" / "apercu.html").read_text(encoding="utf-8")
    assert "cmd|" in page
    for markup in ("<script>alert", "<img", "<b>Lyon"):
        assert markup not in page


def test_a_page_of_nobody_is_a_page(match: Match, tmp_path: Path) -> None:
    empty = a_file(tmp_path / "empty.csv", "")
    headings = a_file(tmp_path / "headings.csv", ",".join(COMMON) + "\n")

    code, out, err = match("--mentees", empty, "--mentors", headings, "--out", tmp_path / "out")

    assert code == DONE
    assert "Aucun binôme n'est possible." in out
    assert "empty.csv : le fichier est vide." in err
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == FILES


def test_what_was_typed_is_in_no_message(match: Match, tmp_path: Path) -> None:
    mentees = a_file(tmp_path / "a.csv", [a_mentee("Sidonie", Nom="Bernadotte", **{START: "secret"})])
    mentors = a_file(tmp_path / "b.csv", [a_mentor(**{PLACES: "confidence"})])

    _, _, err = match("--mentees", mentees, "--mentors", mentors)

    assert len(err.splitlines()) == 2
    for typed in ("Sidonie", "Bernadotte", "secret", "confidence", "@exemple"):
        assert typed not in err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--mentees", "nowhere.csv", *SAMPLES[2:]), "nowhere.csv: can't be read"),
        ((*SAMPLES, "--members", "nowhere.csv"), "nowhere.csv: can't be read"),
        ((*SAMPLES, "--weights", SIGNUPS), "can't be read"),
        (("--mentees", Path(sys.executable), *SAMPLES[2:]), "is no CSV file"),
        ((*SAMPLES, "--out", SIGNUPS / "mentees.csv"), "can't be made or written to"),
        (SAMPLES[:2], "--mentors"),
        ((*SAMPLES, "--on", "demain"), "not a day"),
        ((*SAMPLES, "--seconds", "-1"), "not a positive number"),
        ((*SAMPLES, "--gap", "nan"), "not a positive number"),
    ],
)
def test_a_wrong_call_is_told(match: Match, arguments: tuple[object, ...], told: str) -> None:
    code, out, err = match(*arguments)

    assert (code, out) == (WRONG_CALL, "")
    assert told in err


def test_the_command_needs_no_ledger_no_google_and_no_browser() -> None:
    script = (
        "import sys; from ponts_flows.cli import main; "
        f"main(['match', '--mentees', {str(SAMPLES[1])!r}, '--mentors', {str(SAMPLES[3])!r}]); "
        "print([name for name in ('sqlalchemy', 'googleapiclient', 'requests', 'jinja2') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"
