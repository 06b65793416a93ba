"""Who can be paired, of those who signed up; what is wrong with a row is told, and the rest goes on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ponts_flows.decide.eligibility import Reason
from tests.what_if.builders import (
    COMMON,
    PLACES,
    START,
    THEMES,
    a_mentee,
    a_mentor,
    pairs,
    said,
    text_of,
    tried,
)

REGISTER = "N° adhérent,NOM,Prénom,Promo,E-mail principal,Cotisation,Valable jusqu'au\n"
NOT_PROPOSED = "Cette personne n'est pas proposée."


def member(name: str, paid: str = "oui", until: str = "31/12/2026") -> str:
    return f"A-{name},MARTIN,{name},2018,{name.lower()}@exemple.example,{paid},{until}\n"


def test_two_people_are_paired(tmp_path: Path) -> None:
    trial = tried(tmp_path)

    assert pairs(trial) == {("Alice", "Bruno")}
    assert said(trial) == []
    assert trial.people.day == date(2026, 11, 16)


def test_english_headings_and_answers_are_read(tmp_path: Path) -> None:
    mentee = {
        "Timestamp": "16/11/2026 09:30:00",
        "E-mail address": "alice@exemple.example",
        "Last name": "Martin",
        "First name": "Alice",
        "Start of your first job": "September 2018",
        "Themes": "Networking, Organisation",
        "Charter": "Yes, I commit",
    }

    assert pairs(tried(tmp_path, mentees=[mentee])) == {("Alice", "Bruno")}


def test_the_last_response_of_a_person_counts_and_the_wait_is_from_the_first(tmp_path: Path) -> None:
    rows = [
        a_mentee(Horodateur="16/11/2026 09:30:00", Ville="Paris"),
        a_mentee("Chloé"),
        a_mentee(Horodateur="01/11/2026 09:30:00", Ville="Lyon"),
    ]

    trial = tried(tmp_path, mentees=rows)

    alice = trial.person["mentee alice@exemple.example"]
    assert (alice.profile.city, alice.waiting_days) == ("Paris", 15)
    assert said(trial) == [
        "mentees.csv, ligne 4 : même personne que la ligne 2, dont la réponse, plus récente, compte seule."
    ]


def test_a_last_response_that_is_incomplete_counts_too_as_in_the_programme(tmp_path: Path) -> None:
    rows = [a_mentee(Horodateur="01/11/2026 09:30:00"), a_mentee(**{START: "bientôt"})]

    trial = tried(tmp_path, mentees=rows)

    assert pairs(trial) == set()
    assert [(one.row, one.reason) for one in trial.people.set_aside] == [(3, Reason.TO_CORRECT)]


def test_a_row_that_is_there_twice_counts_once(tmp_path: Path) -> None:
    trial = tried(tmp_path, mentees=[a_mentee(), a_mentee()])

    assert len(trial.people.mentees) == 1
    assert said(trial) == ["mentees.csv, ligne 3 : copie de la ligne 2 ; elle ne compte qu'une fois."]


@pytest.mark.parametrize("places", ["0", "-2", "99", "beaucoup", "²", "1000000000000"])
def test_a_capacity_that_makes_no_sense_sets_one_mentor_aside(tmp_path: Path, places: str) -> None:
    trial = tried(tmp_path, mentors=[a_mentor("Zoé", **{PLACES: places}), a_mentor()])

    assert pairs(trial) == {("Alice", "Bruno")}
    expected = "à corriger : nombre de mentees (un nombre entier de 1 à 5)."
    assert said(trial) == [f"mentors.csv, ligne 2 : {expected} {NOT_PROPOSED}"]


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        (THEMES, "Astrologie, Networking", "thèmes (de 2 à 3, tous de la liste de la charte)"),
        (
            START,
            "il y a longtemps",
            "début de carrière (un mois et une année déjà passés, par exemple 09/2015)",
        ),
        (START, "31/02/2010", "début de carrière (un mois et une année déjà passés, par exemple 09/2015)"),
        (
            "Adresse",
            "alice",
            "adresse e-mail (une adresse complète, par exemple alice.martin@exemple.example)",
        ),
        ("Nom", " ", "nom (il manque)"),
        ("Je m'engage", "", "charte (à accepter)"),
    ],
)
def test_what_is_to_correct_is_told_without_repeating_what_was_typed(
    tmp_path: Path, column: str, value: str, expected: str
) -> None:
    trial = tried(tmp_path, mentees=[a_mentee("Zoé", **{column: value}), a_mentee()])

    assert pairs(trial) == {("Alice", "Bruno")}
    assert said(trial) == [f"mentees.csv, ligne 2 : à corriger : {expected}. {NOT_PROPOSED}"]


@pytest.mark.parametrize("stamp", ["", "hier", "32/13/2026 09:30"])
def test_a_row_without_a_readable_time_stamp_does_not_count(tmp_path: Path, stamp: str) -> None:
    trial = tried(tmp_path, mentees=[a_mentee("Zoé", Horodateur=stamp), a_mentee()])

    assert pairs(trial) == {("Alice", "Bruno")}
    (remark,) = said(trial)
    assert remark.startswith("mentees.csv, ligne 2 : la colonne « Horodateur » est vide ou ne se lit pas")


def test_a_column_that_is_missing_is_named_and_the_other_file_is_read(tmp_path: Path) -> None:
    rows = [{key: value for key, value in a_mentee().items() if key != START}]

    trial = tried(tmp_path, mentees=rows)

    assert (len(trial.people.mentees), len(trial.people.mentors)) == (0, 1)
    lacking = "Début de votre premier emploi (mois et année, hors stages)"
    assert said(trial) == [
        f"mentees.csv, ligne 1 : colonnes introuvables, aucune ligne n'est lue sans elles : {lacking}."
    ]


@pytest.mark.parametrize(
    ("content", "remark"),
    [("", "le fichier est vide."), (",".join(COMMON) + "\n", "aucune réponse sous les titres.")],
)
def test_a_file_of_nobody_is_told(tmp_path: Path, content: str, remark: str) -> None:
    trial = tried(tmp_path, mentees=content)

    assert said(trial) == [f"mentees.csv : {remark}"]
    assert [one.words_fr for one in trial.matching.unpaired] == ["aucun mentee en attente"]


def test_a_date_long_after_all_others_is_told(tmp_path: Path) -> None:
    trial = tried(tmp_path, mentees=[a_mentee(), a_mentee("Zoé", Horodateur="16/11/3026 09:30:00")])

    (remark,) = said(trial)
    assert remark.startswith(
        "mentees.csv, ligne 3 : réponse du 16/11/3026, plus d'un an après toutes les autres."
    )


def test_without_a_register_everybody_counts_as_paid_up(tmp_path: Path) -> None:
    assert tried(tmp_path).people.checked is False


def test_with_a_register_only_those_paid_up_are_paired(tmp_path: Path) -> None:
    register = REGISTER + member("Alice") + member("Bruno") + member("Chloé", until="31/12/2025")
    mentees = [a_mentee(), a_mentee("Chloé"), a_mentee("Zoé", Nom="Durand")]

    trial = tried(tmp_path, mentees=mentees, members=register)

    assert pairs(trial) == {("Alice", "Bruno")}
    assert {one.name: one.words_fr for one in trial.people.set_aside} == {
        "Chloé Martin": "Cotisation échue : réglée jusqu'au 31/12/2025 (adhérent A-Chloé).",
        "Zoé Durand": "Absent du registre des cotisants, par l'adresse comme par le nom et la promotion.",
    }
    helps = {one.name: one.help_fr for one in trial.people.set_aside}
    assert helps["Chloé Martin"] == "Régler la cotisation."
    assert helps["Zoé Durand"] == "Adhérer, ou ajouter cette adresse au registre."


@pytest.mark.parametrize("register", ["", REGISTER, "Une,Autre\nfeuille,là\n"])
def test_a_register_without_a_member_leaves_nobody_out(tmp_path: Path, register: str) -> None:
    trial = tried(tmp_path, members=register)

    assert pairs(trial) == {("Alice", "Bruno")}
    assert not trial.people.checked
    assert (
        "cotisants.csv : aucun cotisant n'est lu ; tout le monde est compté comme à jour de cotisation."
        in said(trial)
    )


def test_two_sign_ups_that_rest_on_one_member_are_told(tmp_path: Path) -> None:
    register = (
        REGISTER + "A-1,MARTIN,Alice,2018,alice@exemple.example zoé@exemple.example,oui,\n" + member("Bruno")
    )

    later = a_mentee("Zoé", Horodateur="17/11/2026 09:30:00")

    trial = tried(tmp_path, mentees=[a_mentee(), later], members=register)

    assert said(trial) == [
        "mentees.csv, ligne 3 : même adhérent que la ligne 2, sous une autre adresse ; les deux comptent. Vérifiez."
    ]


def test_semicolons_and_an_old_encoding_do_not_stop_anything(tmp_path: Path) -> None:
    content = text_of([a_mentee()], separator=";").encode("cp1252")

    trial = tried(tmp_path, mentees=content)

    assert pairs(trial) == {("Alice", "Bruno")}
    assert [remark.split(" : ")[0] for remark in said(trial)] == ["mentees.csv", "mentees.csv, ligne 1"]
