"""Derived identifiers, answers of the Forms API, pre-filled links, answers to a pairing."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest

from ponts_flows.forms import FormIds, answers_by_field, item_id, prefilled, question_id, read_answer
from ponts_flows.forms.links import is_ours
from ponts_flows.model import Answer, Language
from tests.forms.builders import MENTEE, PAIRING, REVIEW, SESSION

URI = "https://docs.example/forms/d/e/x/viewform"


def entries(link: str, *fields: str, form: str = "mentee") -> list[list[str]]:
    """The values that a link gives to each field."""
    given = parse_qsl(urlsplit(link).query, keep_blank_values=True)
    return [[v for n, v in given if n == f"entry.{int(question_id(form, field), 16)}"] for field in fields]


def mentee_link(language: Language = Language.FRENCH, **answers: tuple[str, ...]) -> str:
    ids = FormIds(name="mentee", language=language, form_id="f", responder_uri=URI)
    return prefilled(MENTEE, ids, answers)


def body(**values: tuple[str, ...]) -> dict[str, object]:
    """A response as the Forms API gives it."""
    return {
        "answers": {
            question_id("mentee", field): {
                "questionId": question_id("mentee", field),
                "textAnswers": {"answers": [{"value": value} for value in said]},
            }
            for field, said in values.items()
        }
    }


def test_identifiers_never_change() -> None:
    assert (question_id("mentee", "email"), item_id("mentee", "email")) == ("7a625b09", "77deeaf1")


def test_identifiers_made_here_are_told_from_others() -> None:
    made = [
        make(form, f"field {n}") for n in range(200) for form in ("a", "b") for make in (question_id, item_id)
    ]
    foreign = [f"{number * 7919 % 0x7FFFFFFF:08x}" for number in range(1, 2000)]

    assert all(map(is_ours, made))
    assert sum(map(is_ours, foreign)) < 5
    assert not is_ours("not-hexa")


def test_answers_come_back_by_field_and_those_to_forgotten_questions_are_left_out() -> None:
    response = body(city=("Lyon",), themes=("Networking", "Organisation"), forgotten=("x",))

    assert answers_by_field(MENTEE, response) == {"city": ("Lyon",), "themes": ("Networking", "Organisation")}


def test_an_address_collected_by_the_form_itself_counts_when_the_question_was_left_blank() -> None:
    collected = {"respondentEmail": "b@exemple.example"}

    assert answers_by_field(MENTEE, collected) == {"email": ("b@exemple.example",)}
    assert answers_by_field(MENTEE, {**body(email=("a@exemple.example",)), **collected}) == {
        "email": ("a@exemple.example",)
    }


def test_a_link_carries_texts_as_typed_and_choices_in_the_words_of_its_form() -> None:
    link = mentee_link(
        Language.ENGLISH, first_name=("Alice & Co",), mode=("Visio",), languages=("Français, Anglais",)
    )

    assert link.startswith(f"{URI}?usp=pp_url&entry.")
    assert entries(link, "first_name", "mode", "languages") == [
        ["Alice & Co"],
        ["By video"],
        ["French", "English"],
    ]


def test_a_link_leaves_out_what_the_form_would_refuse_or_a_mail_would_break() -> None:
    link = mentee_link(main_theme=("Astrologie",), about=("a" * 301,), city=("",))

    assert urlsplit(link).query == "usp=pp_url"


def test_a_short_text_is_in_the_link_whole() -> None:
    assert entries(mentee_link(about=("a" * 300,)), "about") == [["a" * 300]]


def session_link(**answers: str) -> str:
    ids = FormIds(name="session", language=Language.FRENCH, form_id="f", responder_uri=URI)
    return prefilled(SESSION, ids, {field: (said,) for field, said in answers.items()})


def test_a_link_carries_dates_and_times_as_google_writes_them() -> None:
    for on, at in (("2027-03-12", "18:30"), ("12 mars 2027", "18h30"), ("12/03/2027", "6:30 pm")):
        link = session_link(on=on, next_at=at, held="held", minutes="60", token="tok.en")

        assert entries(link, "on", "next_at", "held", "minutes", "token", form="session") == [
            ["2027-03-12"],
            ["18:30"],
            ["Oui, elle a eu lieu"],
            ["1 h"],
            ["tok.en"],
        ]


def test_a_link_leaves_out_a_date_a_time_or_a_mark_that_is_none() -> None:
    ids = FormIds(name="review", language=Language.ENGLISH, form_id="f", responder_uri=URI)

    assert urlsplit(session_link(on="bientôt", next_on="mars 2027", next_at="le soir")).query == "usp=pp_url"
    assert urlsplit(prefilled(REVIEW, ids, {"score": ("11",)})).query == "usp=pp_url"
    assert entries(prefilled(REVIEW, ids, {"score": ("7",)}), "score", form="review") == [["7"]]


def test_themes_of_an_older_sheet_are_shared_out_between_main_and_others() -> None:
    link = mentee_link(themes=("Organisation, Networking, Confiance en soi",))

    assert entries(link, "main_theme", "themes") == [["Organisation"], ["Networking", "Confiance en soi"]]


@pytest.mark.parametrize(
    ("said", "answer"),
    [("Oui, j'accepte", Answer.YES), ("No, I would rather decline", Answer.NO), ("oui", Answer.YES)],
)
def test_an_answer_to_a_pairing_is_read_with_its_token(said: str, answer: Answer) -> None:
    found = read_answer(PAIRING, {"answer": (said,), "token": (" tok.en ",)}, language=Language.FRENCH)

    assert (found.answer, found.token, found.note, found.share_note, found.problems) == (
        answer,
        "tok.en",
        "",
        False,
        (),
    )


def test_a_note_is_shared_only_when_its_author_ticked_so() -> None:
    said = {"answer": ("Oui, j'accepte",), "token": ("t",), "note": ("Je suis inquiète.",)}
    tick = {"share_note": ("J'accepte que la coordination lise ce message",)}

    assert read_answer(PAIRING, said, language=Language.FRENCH).share_note is False
    assert read_answer(PAIRING, {**said, **tick}, language=Language.FRENCH).share_note is True


def test_an_answer_without_a_choice_or_a_code_says_what_is_missing() -> None:
    found = read_answer(PAIRING, {}, language=Language.FRENCH)

    assert found.answer is None
    assert [problem.text for problem in found.problems] == [
        "Réponse : dites oui ou non à ce binôme.",
        "Code de votre invitation : il manque. Rouvrez le lien du message sans modifier cette ligne.",
    ]
