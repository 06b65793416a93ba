"""Answers to forms: sent through the page's address, read through the API."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import requests
from googleapiclient.errors import HttpError

from ponts_flows.sandbox.server import Running

Json = dict[str, Any]
NAME, THEMES, BIRTH, SCORE, STARS, MORNING, EVENING, AT, LENGTH, WHERE = (f"{n:08x}" for n in range(1, 11))


def question(title: str, question_id: str, **body: Any) -> Json:
    return {"title": title, "questionItem": {"question": {"questionId": question_id, **body}}}


def options(*values: str, other: bool = False) -> list[Json]:
    return [{"value": value} for value in values] + [{"isOther": True}] * other


ITEMS = [
    question("Nom", NAME, required=True, textQuestion={}),
    question(
        "Thèmes", THEMES, choiceQuestion={"type": "CHECKBOX", "options": options("A", "B", "C", other=True)}
    ),
    question("Naissance", BIRTH, dateQuestion={"includeYear": True}),
    question("Note", SCORE, scaleQuestion={"low": 0, "high": 10}),
    question("Étoiles", STARS, ratingQuestion={"ratingScaleLevel": 5, "iconType": "STAR"}),
    {
        "title": "Disponibilités",
        "questionGroupItem": {
            "questions": [
                {"questionId": MORNING, "rowQuestion": {"title": "Matin"}},
                {"questionId": EVENING, "rowQuestion": {"title": "Soir"}},
            ],
            "grid": {"columns": {"type": "CHECKBOX", "options": options("Lundi", "Mardi")}},
        },
    },
    question("Heure", AT, timeQuestion={}),
    question("Durée", LENGTH, timeQuestion={"duration": True}),
    question("Ville", WHERE, choiceQuestion={"type": "DROP_DOWN", "options": options("Paris", "Lyon")}),
]


@pytest.fixture
def sandbox(without_files: Running) -> Running:
    return without_files


@pytest.fixture
def forms(service_for: Callable[..., Any]) -> Any:
    return service_for("forms", "v1").forms()


def entry(question_id: str) -> str:
    return f"entry.{int(question_id, 16)}"


def open_form(forms: Any, items: list[Json], **settings: Any) -> tuple[str, str]:
    """A form that accepts answers: its id and the address to post to."""
    form = forms.create(body={"info": {"title": "Votre inscription"}}, unpublished=False).execute()
    changes = [{"createItem": {"item": item, "location": {"index": i}}} for i, item in enumerate(items)]
    if settings:
        changes.append({"updateSettings": {"settings": settings, "updateMask": ",".join(settings)}})
    forms.batchUpdate(formId=form["formId"], body={"requests": changes}).execute()
    return form["formId"], form["responderUri"].replace("viewform", "formResponse")


def send(uri: str, fields: Json) -> requests.Response:
    return requests.post(uri, json=fields, timeout=10)


def listed(forms: Any, form_id: str, **query: Any) -> Json:
    return forms.responses().list(formId=form_id, **query).execute()


def stand(sandbox: Running, moment: str) -> None:
    requests.put(f"{sandbox.url}/sandbox/clock", json={"now": moment, "standing": True}, timeout=10)


def test_a_response_holds_each_answer_as_text_and_no_key_for_what_was_left_out(
    forms: Any, sandbox: Running
) -> None:
    form_id, uri = open_form(forms, ITEMS)
    stand(sandbox, "2026-11-23T08:05:00.123+00:00")
    fields = {
        entry(NAME): "Alice Martin",
        entry(THEMES): ["C", "A", "__other_option__"],
        f"{entry(THEMES)}.other_option_response": "Prise de parole",
        f"{entry(BIRTH)}_year": "1990",
        f"{entry(BIRTH)}_month": "2",
        f"{entry(BIRTH)}_day": "28",
        entry(SCORE): "0",
        entry(STARS): "4",
        entry(MORNING): ["Lundi", "Mardi"],
        entry(AT): "9:05",
        f"{entry(LENGTH)}_hour": "1",
        f"{entry(LENGTH)}_minute": "30",
    }

    kept = send(uri, fields).json()

    values = {
        NAME: ["Alice Martin"],
        THEMES: ["A", "C", "Prise de parole"],
        BIRTH: ["1990-02-28"],
        SCORE: ["0"],
        STARS: ["4"],
        MORNING: ["Lundi", "Mardi"],
        AT: ["09:05"],
        LENGTH: ["01:30"],
    }
    response = {
        "responseId": kept["responseId"],
        "createTime": "2026-11-23T08:05:00.123Z",
        "lastSubmittedTime": "2026-11-23T08:05:00.123Z",
        "answers": {
            id: {"questionId": id, "textAnswers": {"answers": [{"value": value} for value in found]}}
            for id, found in values.items()
        },
    }
    assert listed(forms, form_id) == {"responses": [response]}
    one = forms.responses().get(formId=form_id, responseId=kept["responseId"]).execute()
    assert one == {"formId": form_id, **response}


def test_a_form_without_answers_lists_none(forms: Any) -> None:
    form_id, _ = open_form(forms, ITEMS)
    assert listed(forms, form_id) == {}


@pytest.mark.parametrize(
    ("fields", "named", "sentence"),
    [
        ({}, entry(NAME), "Cette question est obligatoire."),
        ({entry(NAME): "  "}, entry(NAME), "Cette question est obligatoire."),
        ({entry(THEMES): ["Z"]}, entry(THEMES), "Choisissez une des réponses proposées."),
        ({entry(THEMES): ["__other_option__"]}, entry(THEMES), "Précisez votre réponse « Autre »."),
        ({entry(BIRTH): "2023-02-29"}, entry(BIRTH), "Indiquez une date valide."),
        ({entry(SCORE): "11"}, entry(SCORE), "Choisissez une des réponses proposées."),
        ({entry(AT): "25:00"}, entry(AT), "Indiquez une heure valide."),
        ({entry(WHERE): ["Paris", "Lyon"]}, entry(WHERE), "Choisissez une seule réponse."),
        ({"entry.999": "x"}, "entry.999", "Cette question n'existe pas dans le formulaire."),
    ],
)
def test_a_wrong_answer_is_named_and_nothing_is_kept(
    forms: Any, fields: Json, named: str, sentence: str
) -> None:
    form_id, uri = open_form(forms, ITEMS)
    complete = fields if named == entry(NAME) else {entry(NAME): "Alice", **fields}

    answer = send(uri, complete)

    assert (answer.status_code, answer.json()) == (422, {"errors": {named: sentence}})
    assert listed(forms, form_id) == {}


def test_an_edited_response_keeps_its_id_and_moves_its_last_submitted_time(
    forms: Any, sandbox: Running
) -> None:
    form_id, uri = open_form(forms, ITEMS)
    stand(sandbox, "2026-11-23T08:00:00+00:00")
    kept = send(uri, {entry(NAME): "Alice", entry(SCORE): "3"}).json()
    token = kept["editUrl"].partition("edit2=")[2]
    stand(sandbox, "2026-11-24T08:00:00+00:00")

    page = requests.get(kept["editUrl"], timeout=10).text
    again = send(uri, {entry(NAME): "Alice Martin", "edit2": token}).json()

    assert 'value="Alice"' in page
    assert again["responseId"] == kept["responseId"]
    (response,) = listed(forms, form_id)["responses"]
    assert response["createTime"] == "2026-11-23T08:00:00Z"
    assert response["lastSubmittedTime"] == "2026-11-24T08:00:00Z"
    assert list(response["answers"]) == [NAME]


def test_a_made_up_edit_link_opens_nothing(forms: Any) -> None:
    form_id, uri = open_form(forms, ITEMS)
    send(uri, {entry(NAME): "Alice"})

    assert send(uri, {entry(NAME): "Mallory", "edit2": "2_ABaOnu"}).status_code == 404
    assert requests.get(uri.replace("formResponse", "viewform?edit2=x"), timeout=10).status_code == 404
    assert len(listed(forms, form_id)["responses"]) == 1


def test_the_filter_is_on_the_last_submission_and_pages_follow_each_other(
    forms: Any, sandbox: Running
) -> None:
    form_id, uri = open_form(forms, ITEMS)
    ids = []
    for day in range(1, 6):
        stand(sandbox, f"2026-11-0{day}T08:00:00.500+00:00")
        ids.append(send(uri, {entry(NAME): f"Personne {day}"}).json()["responseId"])

    def found(**query: Any) -> list[str]:
        return [response["responseId"] for response in listed(forms, form_id, **query).get("responses", [])]

    assert found() == ids
    assert found(filter="timestamp >= 2026-11-03T08:00:00.5Z") == ids[2:]
    assert found(filter="timestamp > 2026-11-03T08:00:00.500000000Z") == ids[3:]
    assert found(filter="timestamp > 2026-11-03T08:00:00.499999999Z") == ids[2:]
    assert found(filter="timestamp > 2026-12-01T00:00:00Z") == []
    first = listed(forms, form_id, pageSize=3)
    second = listed(forms, form_id, pageSize=3, pageToken=first["nextPageToken"])
    assert [r["responseId"] for r in first["responses"] + second["responses"]] == ids
    assert "nextPageToken" not in second


@pytest.mark.parametrize(
    "query", [{"filter": "timestamp < 2026-01-01T00:00:00Z"}, {"filter": "x"}, {"pageToken": "?"}]
)
def test_a_filter_or_page_token_that_the_service_does_not_know_is_a_400(forms: Any, query: Json) -> None:
    form_id, _ = open_form(forms, ITEMS)
    with pytest.raises(HttpError) as caught:
        listed(forms, form_id, **query)
    assert caught.value.status_code == 400


@pytest.mark.parametrize(
    ("collection", "sent", "kept"),
    [
        ("DO_NOT_COLLECT", "alice.martin@exemple.example", None),
        ("VERIFIED", "alice.martin@exemple.example", "alice.martin@exemple.example"),
        ("RESPONDER_INPUT", "alice.martin@exemple.example", "alice.martin@exemple.example"),
    ],
)
def test_an_address_is_kept_only_when_the_form_collects_it(
    forms: Any, collection: str, sent: str, kept: str | None
) -> None:
    form_id, uri = open_form(forms, ITEMS, emailCollectionType=collection)

    send(uri, {entry(NAME): "Alice", "emailAddress": sent})

    assert listed(forms, form_id)["responses"][0].get("respondentEmail") == kept


def test_a_form_that_collects_addresses_refuses_an_answer_without_one(forms: Any) -> None:
    _, uri = open_form(forms, ITEMS, emailCollectionType="VERIFIED")
    assert send(uri, {entry(NAME): "Alice"}).json() == {
        "errors": {"emailAddress": "Cette question est obligatoire."}
    }


def test_an_unpublished_form_refuses_answers_and_says_so(forms: Any) -> None:
    form_id, uri = open_form(forms, ITEMS)
    closed = {"publishSettings": {"publishState": {"isPublished": True}}}
    forms.setPublishSettings(formId=form_id, body=closed).execute()

    answer = send(uri, {entry(NAME): "Alice"})

    assert (answer.status_code, answer.json()["errors"]) == (
        403,
        {"": "Ce formulaire n'accepte plus de réponses."},
    )
    assert (
        "accepte plus de réponses" in requests.get(uri.replace("formResponse", "viewform"), timeout=10).text
    )
    assert listed(forms, form_id) == {}


def test_a_page_sent_twice_gives_one_response_and_ends_on_a_page_with_the_link_to_edit(forms: Any) -> None:
    form_id, uri = open_form(forms, ITEMS)
    page = requests.get(uri.replace("formResponse", "viewform"), timeout=10).text
    word = re.search(r'name="fbzx" value="([^"]+)"', page)
    assert word is not None
    fields = {"fbzx": word[1], entry(NAME): "Alice", "action": "submit"}

    answers = [requests.post(uri, data=fields, timeout=10) for _ in range(2)]

    assert [answer.history[0].status_code for answer in answers] == [303, 303]
    assert answers[0].url == answers[1].url
    assert "Votre réponse a bien été enregistrée." in answers[0].text
    assert "viewform?edit2=" in answers[0].text
    assert len(listed(forms, form_id)["responses"]) == 1


def test_a_refused_page_keeps_what_was_typed_beside_the_problem(forms: Any) -> None:
    _, uri = open_form(forms, ITEMS)
    fields = {entry(THEMES): ["B"], entry(BIRTH): "1990-02-28", entry(WHERE): "Lyon"}

    answer = requests.post(uri, data=fields, timeout=10)

    assert answer.status_code == 422
    assert f'id="{entry(NAME)}-problem">Cette question est obligatoire.' in answer.text
    assert 'value="B" checked' in answer.text
    assert 'value="1990-02-28"' in answer.text
    assert '<option value="Lyon" selected>' in answer.text


def test_a_pre_filled_link_fills_the_page(forms: Any) -> None:
    _, uri = open_form(forms, ITEMS)
    query = {
        "usp": "pp_url",
        entry(NAME): '<b>"Zoé"</b>',
        entry(THEMES): ["A", "__other_option__"],
        f"{entry(THEMES)}.other_option_response": "Voix",
        f"{entry(BIRTH)}_year": "1990",
        f"{entry(BIRTH)}_month": "2",
        f"{entry(BIRTH)}_day": "3",
        entry(SCORE): "7",
        entry(MORNING): "Mardi",
    }

    page = requests.get(uri.replace("formResponse", "viewform"), params=query, timeout=10).text

    assert 'value="&lt;b&gt;&#34;Zoé&#34;&lt;/b&gt;"' in page
    assert 'value="A" checked' in page
    assert 'value="__other_option__" checked' in page
    assert 'value="Voix"' in page
    assert 'value="1990-02-03"' in page
    assert 'value="7" checked' in page
    assert 'aria-label="Matin : Mardi" checked' in page


def test_english_is_spoken_around_an_english_form_or_when_asked(forms: Any) -> None:
    _, uri = open_form(forms, ITEMS)
    fields = {entry(BIRTH): "1990-02-28"}

    answer = requests.post(uri, params={"hl": "en"}, data=fields, timeout=10)

    assert "This is a required question." in answer.text
    assert '<html lang="en">' in answer.text


ROLE, TOPIC, PLACES = "000000a1", "000000a2", "000000a3"
MENTEE, MENTOR = "000000b1", "000000b2"


def branching_form(forms: Any) -> tuple[str, str]:
    role = {"type": "RADIO", "options": [{"value": "Je passe", "goToAction": "SUBMIT_FORM"}]}
    role["options"] += [
        {"value": "Mentee", "goToSectionId": MENTEE},
        {"value": "Mentor", "goToSectionId": MENTOR},
    ]
    form_id, uri = open_form(
        forms,
        [
            {"title": "Mentee", "itemId": MENTEE, "pageBreakItem": {}},
            question("Thème", TOPIC, required=True, textQuestion={}),
            {"title": "Mentor", "itemId": MENTOR, "pageBreakItem": {}},
            question("Places", PLACES, required=True, scaleQuestion={"low": 1, "high": 5}),
        ],
    )
    first = question("Rôle", ROLE, required=True, choiceQuestion=role)
    body = {"requests": [{"createItem": {"item": first, "location": {"index": 0}}}]}
    forms.batchUpdate(formId=form_id, body=body).execute()
    return form_id, uri


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({entry(ROLE): "Je passe", entry(TOPIC): "ignoré"}, [ROLE]),
        ({entry(ROLE): "Mentor", entry(PLACES): "2", entry(TOPIC): "ignoré"}, [ROLE, PLACES]),
        ({entry(ROLE): "Mentee", entry(TOPIC): "Réseau", entry(PLACES): "1"}, [ROLE, TOPIC, PLACES]),
    ],
)
def test_only_the_sections_that_the_answers_lead_to_are_read(
    forms: Any, fields: Json, kept: list[str]
) -> None:
    form_id, uri = branching_form(forms)

    assert send(uri, fields).status_code == 200
    assert list(listed(forms, form_id)["responses"][0]["answers"]) == kept


def test_a_form_with_branches_is_shown_step_by_step_and_nothing_is_kept_before_its_end(forms: Any) -> None:
    form_id, uri = branching_form(forms)
    first = requests.get(uri.replace("formResponse", "viewform"), timeout=10).text
    assert "Rôle" in first
    assert "Places" not in first

    wrong = requests.post(uri, data={"step": "0", "action": "next"}, timeout=10)
    assert wrong.status_code == 422
    second = requests.post(uri, data={"step": "0", "action": "next", entry(ROLE): "Mentor"}, timeout=10).text
    assert "Places" in second
    assert "Thème" not in second
    assert f'type="hidden" name="{entry(ROLE)}" value="Mentor"' in second
    assert listed(forms, form_id) == {}

    fields = {"step": "2", "action": "submit", entry(ROLE): "Mentor", entry(PLACES): "2"}
    assert "bien été enregistrée" in requests.post(uri, data=fields, timeout=10).text
    assert len(listed(forms, form_id)["responses"]) == 1


def test_a_quiz_is_graded_from_its_answer_key(forms: Any) -> None:
    grading = {"pointValue": 2, "correctAnswers": {"answers": [{"value": "Paris"}]}}
    form_id, uri = open_form(forms, [question("Ville", WHERE, textQuestion={})])
    item = question("Ville", WHERE, textQuestion={}, grading=grading)
    changes = [
        {
            "updateSettings": {
                "settings": {"quizSettings": {"isQuiz": True}},
                "updateMask": "quizSettings.isQuiz",
            }
        },
        {
            "updateItem": {
                "item": item,
                "location": {"index": 0},
                "updateMask": "questionItem.question.grading",
            }
        },
    ]
    forms.batchUpdate(formId=form_id, body={"requests": changes}).execute()

    send(uri, {entry(WHERE): "Paris"})

    (response,) = listed(forms, form_id)["responses"]
    assert response["totalScore"] == 2.0
    assert response["answers"][WHERE]["grade"] == {"score": 2.0, "correct": True}


def test_forms_and_answers_survive_a_restart(tmp_path: Any) -> None:
    from ponts_flows.sandbox import drive
    from ponts_flows.sandbox import forms as area
    from ponts_flows.sandbox.forms import data, responses
    from ponts_flows.sandbox.store import Store

    def opened() -> Store:
        store = Store(tmp_path / "sandbox.db")
        store.create(drive.SCHEMA)
        store.create(area.SCHEMA)
        return store

    store = opened()
    made = data.create(store, title="T", document_title="D", owner="a@exemple.example", published=True)
    kept = responses.submit(store, made.id, answers={NAME: ["Alice"]}, email=None)
    store.close()
    again = opened()

    assert data.load(again, made.id) == made
    assert responses.get(again, made.id, kept.id) == kept
    again.close()
