"""What short answers mean: a table that coordinators can read and extend, and what holds for any answer."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ponts_flows.mail.received.meaning import LONGEST, Intent, Meaning, Question, meaning
from ponts_flows.mail.received.meaning.words import Sense, phrases_of, vocabulary

TABLE = Path(__file__).with_name("short_answers.csv")
QUESTIONS = {
    "binôme": Question.PAIRING,
    "rencontre": Question.MET,
    "renouvellement": Question.RENEWAL,
    "événement": Question.EVENT,
    "": None,
}
INTENTS = {
    "oui": Intent.YES,
    "non": Intent.NO,
    "vus": Intent.MET,
    "pas encore": Intent.NOT_YET,
    "stop": Intent.STOP,
    "appel": Intent.CALL_ME,
    "": Intent.NONE,
}
WEDNESDAY = date(2026, 5, 13)


class Row(NamedTuple):
    question: Question | None
    on: date
    text: str
    intent: Intent
    held_on: date | None
    next_on: date | None
    for_a_person: bool


def day(cell: str) -> date | None:
    return date(*(int(part) for part in reversed(cell.split("/")))) if cell else None


def rows() -> list[Row]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [
            Row(
                question=QUESTIONS[row["question"]],
                on=day(row["reçu le"]) or date.min,
                text=row["réponse"],
                intent=INTENTS[row["sens"]],
                held_on=day(row["rencontre le"]),
                next_on=day(row["prochaine le"]),
                for_a_person=row["à une personne"] == "oui",
            )
            for row in csv.DictReader(file, delimiter=";")
        ]


ROWS = rows()
ORDINARY = [row for row in ROWS if not row.for_a_person]
FOR_A_PERSON = [row for row in ROWS if row.for_a_person]


def read(row: Row) -> Meaning:
    return meaning(row.text, question=row.question, on=row.on)


def told(text: str, question: Question = Question.MET, on: date = WEDNESDAY) -> tuple[object, ...]:
    """Intent, date held, next date; `(None,)` when a person is to read it."""
    found = meaning(text, question=question, on=on)
    return (None,) if found.handover else (found.intent, found.held_on, found.next_on)


def test_the_table_is_large_enough_to_be_worth_something() -> None:
    assert len(ROWS) >= 160
    assert len({(row.question, row.on, row.text) for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ORDINARY, ids=lambda row: row.text[:40])
def test_what_is_done_without_a_person_is_exactly_right(row: Row) -> None:
    found = read(row)
    assert found.handover or (found.intent, found.held_on, found.next_on) == (
        row.intent,
        row.held_on,
        row.next_on,
    )


@pytest.mark.parametrize("row", FOR_A_PERSON, ids=lambda row: row.text[:40])
def test_what_is_for_a_person_is_handed_over_with_a_reason(row: Row) -> None:
    found = read(row)
    assert found.handover
    assert found.intent is row.intent or row.intent is Intent.NONE


def test_at_least_four_ordinary_answers_in_five_need_no_person() -> None:
    automatic = [row for row in ORDINARY if not read(row).handover]
    assert len(automatic) / len(ORDINARY) >= 0.8


def test_an_answer_says_the_words_that_led_to_its_meaning() -> None:
    assert meaning("Oui le 6 mai, merci", question=Question.MET, on=WEDNESDAY) == Meaning(
        intent=Intent.MET, held_on=date(2026, 5, 6), why="« oui » : oui ; « le 6 mai » : date"
    )


@pytest.mark.parametrize(
    ("text", "question", "reason"),
    [
        ("", Question.PAIRING, "rien d’écrit que l’on puisse lire"),
        ("Oui", None, "on ne sait pas à quelle question il répond"),
        ("Oui ?", Question.PAIRING, "une question"),
        ("Oui, si elle veut", Question.PAIRING, "une réponse hésitante ou sous condition"),
        ("Oui et non", Question.EVENT, "une réponse hésitante ou sous condition"),
        ("Oui. Non.", Question.EVENT, "un oui et un non à la fois"),
        ("Oui mais pas seul", Question.EVENT, "une précision à lire"),
        ("ok", Question.RENEWAL, "un accusé de réception, qui n’est pas une réponse"),
        ("Ma nouvelle adresse est a@b.example", Question.PAIRING, "changement d’adresse, ou coordonnées"),
        ("Il y a un problème", Question.MET, "une difficulté"),
        ("Absent jusqu'au 12 juin", Question.MET, "une absence"),
        ("Annulé", Question.MET, "une rencontre annulée, reportée ou manquée"),
        ("J'attends sa réponse", Question.MET, "une attente, ou un contact sans rencontre"),
        ("Oui, le 20 mai", Question.MET, "une date de rencontre qui n’est pas encore venue"),
        ("Prévu le 6 mai", Question.MET, "une prochaine date qui est déjà passée"),
        ("Oui, le 31 avril", Question.MET, "une date qui n’existe pas"),
        ("Oui, le mardi 6 mai", Question.MET, "un jour de la semaine et une date qui ne vont pas ensemble"),
        ("Prévu le 14 décembre", Question.MET, "une date trop lointaine"),
        ("La semaine dernière", Question.MET, "une date vague"),
        ("Avec plaisir", Question.MET, "cela ne répond pas à la question posée"),
        ("Oui...", Question.PAIRING, "des points de suspension"),
        ("Pas encore mais", Question.MET, "un « mais »"),
        ("D'accord, c'est noté", Question.EVENT, "un accusé de réception, qui n’est pas une réponse"),
        ("C'est non négociable", Question.PAIRING, "un mot inconnu à côté de la réponse"),
        ("Elle accepte", Question.PAIRING, "ce que quelqu’un d’autre veut"),
        ("Oui, tralala pompom hop zou", Question.PAIRING, "trop de mots inconnus"),
        ("Je souhaite arrêter", Question.PAIRING, "un souhait d’arrêter, dit dans une phrase"),
        ("Oui, appelez-moi", Question.PAIRING, "une demande d’appel, et autre chose"),
        ("oui " * 600, Question.PAIRING, "un message long"),
    ],
)
def test_whoever_takes_over_is_told_why(text: str, question: Question | None, reason: str) -> None:
    assert meaning(text, question=question, on=WEDNESDAY).handover == reason


def test_a_weekday_is_the_last_one_for_what_was_and_the_next_one_for_what_will_be() -> None:
    assert told("Vus lundi") == (Intent.MET, date(2026, 5, 11), None)
    assert told("On se voit lundi") == (Intent.NOT_YET, None, date(2026, 5, 18))
    assert told("lundi") == (None,)


def test_after_a_bare_yes_a_day_counts_only_when_the_one_that_has_come_is_much_the_nearer() -> None:
    assert told("Oui, mardi") == (Intent.MET, date(2026, 5, 12), None)
    assert told("Oui, jeudi") == (None,)


def test_next_friday_said_on_a_wednesday_may_be_this_week_s_or_the_one_after() -> None:
    assert told("We'll meet next Friday") == (None,)
    assert told("We'll meet next Tuesday") == (Intent.NOT_YET, None, date(2026, 5, 19))


def test_a_date_in_figures_is_day_first_unless_an_english_writer_may_have_meant_the_month() -> None:
    assert told("Oui, le 4/5") == (Intent.MET, date(2026, 5, 4), None)
    assert told("We met on 4/5") == (None,)
    assert told("We met on 12/5") == (Intent.MET, date(2026, 5, 12), None)


def test_a_window_of_120_days_either_way_bounds_what_is_believed() -> None:
    for days, far in ((120, False), (121, True)):
        past, future = WEDNESDAY - timedelta(days=days), WEDNESDAY + timedelta(days=days)
        assert (told(f"Oui le {past:%d/%m/%Y}") == (None,)) is far
        assert (told(f"Prévu le {future:%d/%m/%Y}") == (None,)) is far


def test_a_name_after_a_closing_word_or_alone_on_the_last_line_changes_nothing() -> None:
    for text in ("Oui\nJean Dupont", "Oui. Cordialement Jean Dupont", "Bonjour Marie, oui. Merci, Jean"):
        assert told(text, Question.PAIRING) == (Intent.YES, None, None)


def test_a_slip_in_a_long_word_is_corrected_and_in_a_short_one_is_not() -> None:
    assert told("Je serai présente, voloniters", Question.EVENT) == (Intent.YES, None, None)
    assert told("ouf", Question.EVENT) == (None,)


texts_for_a_person = st.sampled_from(FOR_A_PERSON)


@given(
    texts_for_a_person,
    st.sampled_from([" ?", "\n?", " si", ", si", "\nzorg blub trax pling", " zut crac boum paf"]),
)
def test_what_is_for_a_person_stays_so_whatever_doubt_is_added(row: Row, more: str) -> None:
    assert meaning(row.text + more, question=row.question, on=row.on).handover


@given(st.sampled_from(ORDINARY), st.sampled_from([" si", "\nzorg blub trax pling"]))
def test_a_doubt_or_a_sentence_that_is_not_understood_calls_for_a_person(row: Row, more: str) -> None:
    assert meaning(row.text + more, question=row.question, on=row.on).handover


words = st.sampled_from(
    sorted(
        {word for row in ROWS for word in row.text.split()}
        | {"\n", "(", "@", "#", "…", "12/", "👍", "’", "@0", "$"}
    )
)
questions = st.sampled_from([*Question, None])


@given(st.lists(words, max_size=40).map(" ".join), questions)
def test_any_words_in_any_order_are_read_or_handed_over_never_an_error(
    text: str, question: Question | None
) -> None:
    found = meaning(text, question=question, on=WEDNESDAY)
    held, coming = found.held_on or WEDNESDAY, found.next_on or WEDNESDAY
    assert WEDNESDAY - timedelta(days=120) <= held <= WEDNESDAY <= coming <= WEDNESDAY + timedelta(days=120)


@given(st.text(max_size=300), questions)
def test_any_text_is_read_or_handed_over_never_an_error(text: str, question: Question | None) -> None:
    assert isinstance(meaning(text, question=question, on=WEDNESDAY), Meaning)


@given(st.lists(st.sampled_from(["oui", "non"]), min_size=2, max_size=6), st.sampled_from([*Question]))
def test_a_yes_and_a_no_together_are_for_a_person(said: list[str], question: Question) -> None:
    assert bool(meaning(", ".join(said), question=question, on=WEDNESDAY).handover) is (len(set(said)) > 1)


@pytest.mark.parametrize(
    "piece", ["le 12 ", "12/", "1 ", "a ", "lundi ", "de 10 h a ", "abcdefghi ", "(", "il y a ", "'"]
)
def test_the_longest_text_that_is_read_at_all_is_handed_over_or_understood(piece: str) -> None:
    text = (piece * LONGEST)[:LONGEST]
    assert isinstance(meaning(text, question=Question.MET, on=WEDNESDAY), Meaning)
    assert meaning(text + piece, question=Question.MET, on=WEDNESDAY).handover == "un message long"


def test_each_phrase_of_a_word_list_has_one_sense() -> None:
    for name in ("around", "answers", "meetings"):
        senses: dict[tuple[str, ...], set[Sense]] = {}
        for phrase, sense in phrases_of(name):
            senses.setdefault(phrase, set()).add(sense)
        assert {phrase: found for phrase, found in senses.items() if len(found) > 1} == {}


def test_a_phrase_of_the_vocabulary_is_found_by_its_longest_form() -> None:
    known = vocabulary("answers")
    assert known.at(["bien", "sur", "oui"], 0) == (2, Sense.YES)
    assert known.at("non sans plaisir".split(), 0) == (2, Sense.DOUBT)
