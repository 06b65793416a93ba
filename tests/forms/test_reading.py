"""A response becomes a profile, or sentences that say what to correct."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ponts_flows.forms import read
from ponts_flows.forms.names import shown_name
from ponts_flows.model import Language, Mode, Problem, Profile, Role, YearMonth
from tests.forms.builders import MENTEE, MENTOR, TODAY, a_reading

EXAMPLE = "Indiquez le mois et l'année, par exemple 09/2015 ou septembre 2015."
THEMES = (
    "Orientation professionnelle, Relations interpersonnelles, Équilibre vie professionnelle / vie privée, "
    "Networking, Travail en équipe, Évolution professionnelle, Confiance en soi, Organisation, "
    "Évolution de carrière"
)


def profile(**said: Any) -> Profile:
    """The profile of a reading that must be complete."""
    found = a_reading(**said)
    assert found.problems == ()
    assert found.profile is not None
    return found.profile


def only_problem(**said: Any) -> Problem:
    """The problem of a reading that must have just one, and no profile."""
    found = a_reading(**said)
    assert found.profile is None
    [problem] = found.problems
    return problem


def test_a_complete_sign_up_of_a_mentor_is_read_field_by_field() -> None:
    found = profile(
        spec=MENTOR,
        email=" Alice.MARTIN@exemple.example ",
        other_emails="a.martin@pro.example; alice@perso.example",
        last_name="DUPONT-MARTIN",
        first_name=" alice ",
        graduation_year="Promo 2001",
        career_start="sept. 2001",
        employer=" Exemple  SA ",
        sector="energie",
        function="Directrice",
        city="Lyon",
        languages="Français, Anglais",
        mode="Visio",
        themes="Organisation, Networking",
        capacity="2",
        about='Ligne 1\r\n=HYPERLINK("http://evil.example")',
        mail_language="Anglais",
    )

    assert found == Profile(
        role=Role.MENTOR,
        email="alice.martin@exemple.example",
        other_emails=("a.martin@pro.example", "alice@perso.example"),
        first_name="Alice",
        last_name="Dupont-Martin",
        graduation_year=2001,
        career_start=YearMonth(year=2001, month=9),
        employer="Exemple SA",
        sector="Énergie",
        function="Directrice",
        city="Lyon",
        languages=(Language.FRENCH, Language.ENGLISH),
        mode=Mode.VIDEO,
        themes=("organisation", "networking"),
        wanted_sector="",
        wanted_function="",
        capacity=2,
        about='Ligne 1\n=HYPERLINK("http://evil.example")',
        mail_language=Language.ENGLISH,
    )


def test_what_an_older_form_did_not_ask_takes_its_widest_meaning() -> None:
    found = profile(spec=MENTOR)

    assert (found.mode, found.capacity, found.languages, found.mail_language) == (
        Mode.EITHER,
        1,
        (Language.FRENCH,),
        Language.FRENCH,
    )


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("", f"Début de votre premier emploi : la date manque. {EXAMPLE}"),
        (
            "il y a longtemps",
            f"Début de votre premier emploi : nous n'avons pas su lire « il y a longtemps ». {EXAMPLE}",
        ),
        ("2015", f"Début de votre premier emploi : il manque le mois dans « 2015 ». {EXAMPLE}"),
        ("13/2015", f"Début de votre premier emploi : « 13/2015 » n'existe pas au calendrier. {EXAMPLE}"),
        ("09/2062", f"Début de votre premier emploi : « 09/2062 » n'est pas encore passé. {EXAMPLE}"),
        (
            "05/1916",
            f"Début de votre premier emploi : « 05/1916 » est trop ancien pour être juste. {EXAMPLE}",
        ),
    ],
)
def test_a_start_of_career_to_correct_is_said_with_an_example(said: str, sentence: str) -> None:
    assert only_problem(career_start=said) == Problem(field="career_start", text=sentence)


def test_a_problem_is_said_in_the_language_its_author_asked_for() -> None:
    assert only_problem(career_start="13/2015", mail_language="Anglais").text == (
        'Start of your first job: "13/2015" is not in the calendar. '
        "Give the month and the year, for instance 09/2015 or September 2015."
    )
    assert only_problem(charter="", language=Language.ENGLISH).text == (
        "Charter: your agreement is missing. "
        'Read it (https://ponts.org/mentoring/charte), then tick "Yes, I commit".'
    )


@pytest.mark.parametrize("said", ["", "Non", "non merci", "Je ne m'engage pas"])
def test_a_charter_that_is_not_accepted_is_a_problem(said: str) -> None:
    assert only_problem(charter=said).field == "charter"


@pytest.mark.parametrize(
    "said", ["Oui, je m'engage", "oui", "Yes, I commit", "J'accepte la charte 2025", "x", "VRAI"]
)
def test_a_charter_accepted_in_other_words_is_accepted(said: str) -> None:
    assert a_reading(charter=said).problems == ()


@pytest.mark.parametrize(
    ("said", "ids"),
    [
        ("Networking, Organisation", ("networking", "organisation")),
        ("organisation ; NETWORKING", ("organisation", "networking")),
        ("Equilibre vie professionnelle/vie privee, Confiance en soi", ("balance", "confidence")),
        ("Évolution profesionnelle, Netwrking", ("development", "networking")),
        ("Work-life balance, Teamwork", ("balance", "teamwork")),
        ("Networking, Networking, Organisation", ("networking", "organisation")),
    ],
)
def test_themes_are_recognised_in_both_languages_and_with_a_slip(said: str, ids: tuple[str, ...]) -> None:
    assert profile(themes=said).themes == ids


def test_the_main_theme_of_a_mentee_comes_first() -> None:
    assert profile(main_theme="Confiance en soi", themes="Networking, Confiance en soi").themes == (
        "confidence",
        "networking",
    )


@pytest.mark.parametrize(
    ("said", "count"),
    [("", 0), ("Networking", 1), ("Networking, Organisation, Confiance en soi, Travail en équipe", 4)],
)
def test_a_mentee_chooses_two_or_three_themes(said: str, count: int) -> None:
    assert only_problem(themes=said).text == (
        f"Thèmes : choisissez-en de 2 à 3 ; nous en avons reçu {count}. La liste : {THEMES}."
    )


def test_a_mentor_may_offer_any_number_of_themes_but_none() -> None:
    assert len(profile(spec=MENTOR, themes=THEMES).themes) == 9
    assert (
        only_problem(spec=MENTOR, themes="").text
        == f"Thèmes : choisissez au moins un thème. La liste : {THEMES}."
    )


def test_an_unknown_theme_is_named() -> None:
    assert only_problem(themes="Networking, Astrologie, Organisation").text == (
        f"Thèmes : « Astrologie » n'est pas dans la liste de la charte. Choisissez parmi : {THEMES}."
    )


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("1", 1),
        ("5", 5),
        ("2.0", 2),
        ("deux", 2),
        ("1 ou 2", 1),
        ("1-2", 1),
        ("2 max", 2),
        ("un ou deux", 1),
        ("", 1),
    ],
)
def test_a_capacity_in_words_is_read_and_of_several_the_least(said: str, number: int) -> None:
    assert profile(spec=MENTOR, capacity=said).capacity == number


@pytest.mark.parametrize("said", ["-3", "0", "6", "250", "2,5", "beaucoup"])
def test_a_capacity_that_makes_no_sense_is_a_problem(said: str) -> None:
    assert only_problem(spec=MENTOR, capacity=said) == Problem(
        field="capacity",
        text=f"Nombre de mentees : « {said} » ne convient pas. Indiquez un nombre de 1 à 5, par exemple 2.",
    )


@pytest.mark.parametrize(
    "said",
    [
        "",
        "alice",
        "alice@exemple",
        "alice martin@exemple.example",
        "alice..m@exemple.example",
        "a@exemple.example\nBcc: b",
    ],
)
def test_somebody_whose_address_is_none_is_known_to_be_unreachable(said: str) -> None:
    found = a_reading(email=said)

    assert (found.respondent.reachable, found.respondent.emails, found.profile) == (False, (), None)
    assert [problem.field for problem in found.problems] == ["email"]
    assert (found.respondent.full_name, found.respondent.typed_email) == (
        "Alice Martin",
        " ".join(said.split()),
    )


@pytest.mark.parametrize(
    ("said", "emails"),
    [
        ("Søren.G@exemple.example", ("søren.g@exemple.example",)),
        ("Alice Martin <alice@exemple.example>", ("alice@exemple.example",)),
        ("alice@exemple.example ou al@pro.example", ("alice@exemple.example", "al@pro.example")),
    ],
)
def test_addresses_are_read_as_people_type_them(said: str, emails: tuple[str, ...]) -> None:
    assert a_reading(email=said).respondent.emails == emails


@pytest.mark.parametrize(
    ("said", "languages"),
    [
        ("Français", (Language.FRENCH,)),
        ("Anglais, Français", (Language.ENGLISH, Language.FRENCH)),
        ("Les deux", (Language.FRENCH, Language.ENGLISH)),
        ("Français, Espagnol", (Language.FRENCH,)),
        ("", (Language.FRENCH,)),
    ],
)
def test_languages_are_those_the_programme_knows(said: str, languages: tuple[Language, ...]) -> None:
    assert profile(languages=said).languages == languages


def test_a_language_the_programme_does_not_offer_is_a_problem() -> None:
    assert only_problem(languages="Espagnol").text == (
        "Langues : « Espagnol » n'est pas proposé. Choisissez le français, l'anglais ou les deux."
    )


def test_every_problem_is_told_at_once() -> None:
    found = a_reading(
        MENTOR, email="", last_name="", first_name=" . ", career_start="", capacity="250", charter=""
    )

    assert [p.field for p in found.problems] == [
        "email",
        "last_name",
        "first_name",
        "career_start",
        "capacity",
        "charter",
    ]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("DUPONT-AIGNAN", "Dupont-Aignan"),
        ("jean-baptiste", "Jean-Baptiste"),
        ("de la tour", "de La Tour"),
        ("d'estaing", "d'Estaing"),
        ("O'CONNOR", "O'Connor"),
        ("LE GALL", "Le Gall"),
        ("ÉTIENNE", "Étienne"),
        ("McKay", "McKay"),
        ("de La Tour", "de La Tour"),
        ("DE", "De"),
        (" Ben \u00a0 Youssef ", "Ben Youssef"),
        ("e\u0301lodie", "Élodie"),
    ],
)
def test_a_name_keeps_its_case_unless_all_of_it_is_one(typed: str, shown: str) -> None:
    assert shown_name(typed) == shown


def test_long_texts_are_cut_and_invisible_characters_dropped() -> None:
    found = profile(about="a\u0000\u202e" + "b" * 5000, employer="E" * 500)

    assert found.about == "a" + "b" * 1999
    assert found.employer == "E" * 200


@given(
    said=st.dictionaries(
        st.sampled_from([question.field for question in MENTEE.questions]), st.text(max_size=60)
    )
)
def test_whatever_is_typed_gives_a_profile_or_problems_and_never_both(said: dict[str, str]) -> None:
    found = read(
        MENTEE, {field: (text,) for field, text in said.items()}, today=TODAY, language=Language.FRENCH
    )

    assert (found.profile is None) is bool(found.problems)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("unit", ["x", " ", ",", "a,", "(", "1/", "a@", "20", "1.", "e\u0301"])
def test_a_hundred_thousand_characters_in_every_field_are_read_without_delay(unit: str) -> None:
    huge = {question.field: (unit * 100_000,) for question in MENTOR.questions}

    found = read(MENTOR, huge, today=TODAY, language=Language.FRENCH)

    assert found.profile is None
    assert max(len(problem.text) for problem in found.problems) < 1000
