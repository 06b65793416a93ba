"""Pairs that ran before join at the moment they have reached; nothing of their past is sent, or kept silent about."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from ponts_flows import local
from ponts_flows.cli import main
from ponts_flows.errors import InputError
from ponts_flows.forms import load
from ponts_flows.imports import Given, Report, take_in
from ponts_flows.ledger import tables
from ponts_flows.programme import Programme
from tests.journeys.world import LEA, PAUL, World, a_member, address_of
from tests.rebuild.loss import lost_and_rebuilt

HEADINGS = (
    "Mentee",
    "Mentor",
    "Début",
    "Séances",
    "Dernière séance",
    "Renouvelé",
    "Terminé le",
    "Dérogation",
)
# The world's day is Monday 16 November 2026.
TODAY = date(2026, 11, 16)


def csv_file(path: Path, rows: Sequence[Sequence[Any]]) -> str:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return str(path)


def ago(days: int) -> str:
    return f"{TODAY - timedelta(days=days):%d/%m/%Y}"


def a_pair(mentee: str = LEA, mentor: str = PAUL, **cells: Any) -> tuple[Any, ...]:
    plain = {"start": ago(100), "sessions": 3, "last": ago(10), "renewed": "non", "ended": "", "reason": ""}
    values = plain | cells
    return (mentee, mentor, *(values[name] for name in plain))


def people_file(path: Path, role: str, *names: tuple[str, str], career: str = "") -> str:
    """Sign-ups as an association exports them, without the charter, which was signed on paper."""
    spec = load(role, Programme())
    fields = ["email", "last_name", "first_name", "career_start", "employer", "languages", "themes"]
    fields += ["main_theme"] if role == "mentee" else ["capacity"]
    start = career or ("09/2018" if role == "mentee" else "09/2000")
    rows = [["Horodateur", *(spec.question(field).title.fr for field in fields)]]
    for first, last in names:
        said = [
            address_of(first, last),
            last,
            first,
            start,
            f"Cabinet {last}",
            "Français",
            "Confiance en soi",
        ]
        rows.append(["03/02/2021 10:00:00", *said, "Networking" if role == "mentee" else "1"])
    return csv_file(path, rows)


@pytest.fixture
def files(tmp_path: Path) -> Given:
    return Given(
        pairs=csv_file(tmp_path / "binomes.csv", [HEADINGS, a_pair()]),
        mentees=people_file(tmp_path / "mentees.csv", "mentee", ("Léa", "Durand")),
        mentors=people_file(tmp_path / "mentors.csv", "mentor", ("Paul", "Martin")),
    )


@pytest.fixture
def paid(world: World) -> World:
    """The register knows Léa and Paul; a pass has read it."""
    world.register(a_member("Léa", "Durand"), a_member("Paul", "Martin"))
    world.tick()
    return world


def imported(world: World, given: Given, *, dry: bool = False) -> Report:
    return take_in(world.a_pass(), given, dry=dry)


def with_pairs(given: Given, path: Path, *rows: tuple[Any, ...]) -> Given:
    return Given(pairs=csv_file(path, [HEADINGS, *rows]), mentees=given.mentees, mentors=given.mentors)


def reasons(world: World) -> list[str]:
    j = tables.journal
    with world.ledger.transaction() as db:
        return list(db.execute(select(j.c.reason).where(j.c.about == "P-0001").order_by(j.c.id)).scalars())


def test_a_pair_joins_at_the_stage_it_has_reached_and_nothing_of_its_past_is_sent(
    paid: World, files: Given
) -> None:
    report = imported(paid, files)
    for _ in range(3):
        paid.tick()

    assert report.lines()[-1] == "1 binôme(s) pris en charge, 0 déjà connu(s), 0 ligne(s) refusée(s)."
    assert paid.row("pairings", "P-0001")["stage"] == "En cours"
    assert paid.row("pairings", "P-0001")["sessions"] == "3"
    assert (paid.inbox(LEA), paid.inbox(PAUL)) == ([], [])
    assert {row["status"] for row in paid.board("outbox")} == {"Annulé"}
    assert {row["reason"].split(" :")[0] for row in paid.board("outbox")} == {"importé"}


def test_what_was_due_by_now_is_left_out_with_a_reason_for_each(
    paid: World, files: Given, tmp_path: Path
) -> None:
    silent = a_pair(start=ago(12), sessions=0, last="")
    imported(paid, with_pairs(files, tmp_path / "p.csv", silent))
    for _ in range(3):
        paid.tick()

    before = "était dû avant que le programme suive ce binôme"
    assert reasons(paid) == [
        "importé : datait d'avant que le programme s'en occupe",
        f"préparation de la première rencontre : {before}",
        f"préparation de la première rencontre : {before}",
        f"première rencontre à organiser : {before}",
    ]
    assert (paid.inbox(LEA), paid.inbox(PAUL)) == ([], [])


def test_what_is_to_come_comes_at_its_moment(paid: World, files: Given) -> None:
    imported(paid, files)
    mails: dict[str, list[str]] = {}
    for day in range(100, 185, 5):
        mails[str(day)] = [key.partition("/")[2] for key in paid.received(LEA)]
        paid.advance(days=5)
        paid.tick()

    first = {key: int(day) for day, keys in reversed(mails.items()) for key in keys}
    asked = {key: day for key, day in first.items() if key.startswith(("midpoint/", "renewal/"))}
    assert asked["midpoint/mentee"] in range(120, 131)
    assert asked["renewal/mentee"] in range(150, 161)
    assert paid.row("pairings", "P-0001")["stage"] == "Au terme, bilan en cours"


def test_the_renewal_is_asked_though_its_day_has_passed_as_long_as_it_counts(
    paid: World, files: Given, tmp_path: Path
) -> None:
    imported(paid, with_pairs(files, tmp_path / "p.csv", a_pair(start=ago(160), sessions=5)))
    paid.tick()

    assert [key for key in paid.received(LEA) if "P-0001" in key] == ["P-0001/renewal/mentee"]
    assert [key for key in paid.received(PAUL) if "P-0001" in key] == ["P-0001/renewal/mentor"]


def test_a_pair_in_its_second_term_and_one_that_has_ended(paid: World, files: Given, tmp_path: Path) -> None:
    renewed = a_pair(start=ago(250), sessions=7, renewed="oui")
    imported(paid, with_pairs(files, tmp_path / "p.csv", renewed))
    paid.tick()
    paid.tick()
    assert paid.row("pairings", "P-0001")["stage"] == "En cours, prolongé"
    assert (paid.inbox(LEA), paid.inbox(PAUL)) == ([], [])


def test_one_that_has_ended_is_remembered_and_never_proposed_again(
    paid: World, files: Given, tmp_path: Path
) -> None:
    ended = a_pair(start=ago(900), sessions=6, last="", ended=ago(700))
    imported(paid, with_pairs(files, tmp_path / "p.csv", ended))
    for _ in range(2):
        paid.tick()

    assert paid.row("pairings", "P-0001")["stage"] == "Terminé"
    assert (paid.inbox(LEA), paid.inbox(PAUL)) == ([], [])


def test_given_again_it_adds_nothing_and_mended_rows_join(paid: World, files: Given, tmp_path: Path) -> None:
    paid.register(a_member("Marc", "Blanc"))
    paid.tick()
    marc = address_of("Marc", "Blanc")
    good, bad = a_pair(), a_pair(marc, PAUL, start="un jour")
    first = imported(paid, with_pairs(files, tmp_path / "p.csv", good, bad))
    again = imported(paid, with_pairs(files, tmp_path / "p.csv", good, bad))

    assert [one.partition(" : ")[0] for one in first.taken_in] == ["p.csv, ligne 2"]
    assert first.refused == ["p.csv, ligne 3 : « Début » ne se lit pas comme un jour (12/03/2024)"]
    assert (again.taken_in, again.known) == ([], ["p.csv, ligne 2 : P-0001, déjà connu"])
    with paid.ledger.transaction() as db:
        counted = [len(db.execute(select(t)).all()) for t in (tables.application, tables.pairing)]
    assert counted == [2, 1]


def test_a_dry_run_says_the_same_and_changes_nothing(paid: World, files: Given) -> None:
    dry = imported(paid, files, dry=True)
    with paid.ledger.transaction() as db:
        counted = [
            len(db.execute(select(t)).all()) for t in (tables.application, tables.pairing, tables.response)
        ]
    real = imported(paid, files)

    assert counted == [0, 0, 0]
    assert dry.lines() == real.lines()


REFUSED = {
    "le mentor n'est connu ni du programme": {"mentor": "inconnu@exemple.example"},
    "« Mentee » n'est pas une adresse": {"mentee": "Léa"},
    "« Séances » doit être un nombre": {"sessions": "beaucoup"},
    "« Renouvelé » doit être oui ou non": {"renewed": "peut-être"},
    "« Début » manque": {"start": ""},
    "ni après aujourd'hui": {"start": "01/01/2030"},
    "les six mois sont passés": {"start": ago(200)},
    "les douze mois sont passés": {"start": ago(400), "renewed": "oui"},
    "plus de séances que de jours": {"start": ago(12), "sessions": 9},
}


@pytest.mark.parametrize("said", REFUSED)
def test_a_row_that_can_not_be_used_is_told_by_file_and_row(
    paid: World, files: Given, tmp_path: Path, said: str
) -> None:
    cells = dict(REFUSED[said])
    row = a_pair(cells.pop("mentee", LEA), cells.pop("mentor", PAUL), **cells)
    report = imported(paid, with_pairs(files, tmp_path / "p.csv", row))

    assert [one for one in report.refused if one.startswith("p.csv, ligne 2 : ") and said in one] != []
    assert report.taken_in == []


def test_what_the_charter_forbids_needs_a_written_reason_which_is_kept(
    paid: World, files: Given, tmp_path: Path
) -> None:
    close = people_file(tmp_path / "proches.csv", "mentor", ("Paul", "Martin"), career="09/2015")
    given = Given(pairs=files.pairs, mentees=files.mentees, mentors=close)
    refused = imported(paid, given)
    reason = a_pair(reason="se connaissent depuis l'école")
    written = Given(
        pairs=csv_file(tmp_path / "p.csv", [HEADINGS, reason]), mentees=files.mentees, mentors=close
    )
    taken = imported(paid, written)

    assert "la charte s'y oppose" in refused.refused[0]
    assert "« Dérogation »" in refused.refused[0]
    assert len(taken.taken_in) == 1
    with paid.ledger.transaction() as db:
        assert db.execute(select(tables.pairing.c.override)).scalars().all() == [
            "se connaissent depuis l'école"
        ]


def test_before_a_register_was_read_nothing_is_taken_in(world: World, files: Given) -> None:
    with pytest.raises(InputError, match="run `ponts run` once, then import"):
        imported(world, files)


def test_people_who_signed_up_already_need_no_file(paid: World, tmp_path: Path) -> None:
    paid.sign_up("mentee")
    paid.sign_up("mentor")
    paid.tick()
    before = len(paid.inbox(LEA))

    report = imported(paid, Given(pairs=csv_file(tmp_path / "p.csv", [HEADINGS, a_pair()])))
    paid.tick()

    assert len(report.taken_in) == 1
    assert len(paid.inbox(LEA)) == before


def test_a_sheet_is_read_as_a_file_is(paid: World, files: Given) -> None:
    made = paid.google.spreadsheets().create("Binômes depuis 2021")
    serial = (TODAY - timedelta(days=100) - date(1899, 12, 30)).days
    made.sheet1.update([list(HEADINGS), list(a_pair(start=serial))], value_input_option="RAW")

    report = imported(paid, Given(pairs=f"sheet:{made.id}", mentees=files.mentees, mentors=files.mentors))

    assert (len(report.taken_in), report.refused) == (1, [])


def test_a_ledger_lost_after_the_import_is_made_again_with_its_pairs(paid: World, files: Given) -> None:
    imported(paid, files)
    paid.tick()
    paid.tick()

    _, differences = lost_and_rebuilt(paid.a_pass())
    paid.tick()

    assert [one for one in differences if "response" not in one] == []
    assert paid.row("pairings", "P-0001")["sessions"] == "3"
    assert (paid.inbox(LEA), paid.inbox(PAUL)) == ([], [])


def test_the_command_prints_no_name_and_no_address(
    paid: World,
    files: Given,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in local.environment(paid.settings).items():
        monkeypatch.setenv(name, value)
    assert files.mentees
    assert files.mentors
    arguments = ["import", files.pairs, "--mentees", files.mentees, "--mentors", files.mentors]

    assert main([*arguments, "--dry-run"]) == 0
    assert main(arguments) == 0
    out = capsys.readouterr().out

    assert out.count("1 binôme(s) pris en charge") == 2
    assert [word for word in ("@", "Durand", "Martin") if word in out] == []
