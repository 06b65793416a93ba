"""Forms v1, driven by google-api-python-client."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from googleapiclient.errors import HttpError

from ponts_flows.sandbox.server import Running

Json = dict[str, Any]
Build = Callable[..., Any]


@pytest.fixture
def sandbox(without_files: Running) -> Running:
    return without_files


@pytest.fixture
def forms(service_for: Build) -> Any:
    return service_for("forms", "v1").forms()


def text_item(title: str = "Nom", **fields: Any) -> Json:
    return {"title": title, "questionItem": {"question": {"textQuestion": {}}}, **fields}


def choice_item(title: str, kind: str, options: list[Json], **fields: Any) -> Json:
    question = {"choiceQuestion": {"type": kind, "options": options}, **fields}
    return {"title": title, "questionItem": {"question": question}}


def create_item(item: Json, index: int = 0) -> Json:
    return {"createItem": {"item": item, "location": {"index": index}}}


def batch(forms: Any, form_id: str, *requests: Json, **body: Any) -> Json:
    return forms.batchUpdate(formId=form_id, body={"requests": list(requests), **body}).execute()


def refusal(call: Any) -> tuple[int, str]:
    with pytest.raises(HttpError) as caught:
        call.execute()
    return caught.value.status_code, caught.value.reason


def new_form(forms: Any, *items: Json, title: str = "Inscription") -> str:
    form_id = forms.create(body={"info": {"title": title}}).execute()["formId"]
    if items:
        batch(forms, form_id, *(create_item(item, i) for i, item in enumerate(items)))
    return form_id


def test_a_new_form_has_its_titles_a_revision_and_is_not_published(forms: Any) -> None:
    made = forms.create(body={"info": {"title": "Inscription", "documentTitle": "Mentees 2026"}}).execute()

    assert made == {
        "formId": made["formId"],
        "info": {"title": "Inscription", "documentTitle": "Mentees 2026"},
        "settings": {"emailCollectionType": "DO_NOT_COLLECT"},
        "revisionId": "00000001",
        "responderUri": made["responderUri"],
        "publishSettings": {"publishState": {}},
    }
    assert "/forms/d/e/1FAIpQLS" in made["responderUri"]
    assert made["responderUri"].endswith("/viewform")
    assert forms.get(formId=made["formId"]).execute() == made


def test_a_form_created_with_unpublished_false_is_published(forms: Any) -> None:
    made = forms.create(body={"info": {"title": "T"}}, unpublished=False).execute()

    assert made["publishSettings"] == {"publishState": {"isPublished": True, "isAcceptingResponses": True}}
    assert made["info"]["documentTitle"] == "Untitled form"


@pytest.mark.parametrize(
    "body",
    [
        {"info": {"title": "T", "description": "d"}},
        {"info": {"title": "T"}, "items": [text_item()]},
        {"info": {"title": "T"}, "settings": {"emailCollectionType": "VERIFIED"}},
    ],
)
def test_create_refuses_anything_but_titles(forms: Any, body: Json) -> None:
    assert refusal(forms.create(body=body)) == (
        400,
        "Only info.title can be set when creating a form. To add items and change settings, use batchUpdate.",
    )


def test_replies_give_the_ids_of_items_and_questions_in_the_order_of_the_requests(forms: Any) -> None:
    form_id = new_form(forms)
    grid = {
        "title": "Disponibilités",
        "questionGroupItem": {
            "questions": [
                {"questionId": "0000000a", "rowQuestion": {"title": "Matin"}},
                {"questionId": "0000000b", "rowQuestion": {"title": "Soir"}, "required": True},
            ],
            "grid": {"columns": {"type": "RADIO", "options": [{"value": "Oui"}, {"value": "Non"}]}},
        },
    }
    answer = batch(
        forms,
        form_id,
        {"updateFormInfo": {"info": {"description": "Bienvenue"}, "updateMask": "description"}},
        create_item({**text_item("Nom"), "itemId": "00000001"}),
        create_item({**grid, "itemId": "7fffffff"}, 1),
        create_item({"itemId": "00000002", "title": "Suite", "pageBreakItem": {}}, 1),
    )

    question = answer["replies"][1]["createItem"]["questionId"]
    assert answer == {
        "replies": [
            {},
            {"createItem": {"itemId": "00000001", "questionId": question}},
            {"createItem": {"itemId": "7fffffff", "questionId": ["0000000a", "0000000b"]}},
            {"createItem": {"itemId": "00000002"}},
        ],
        "writeControl": {"requiredRevisionId": "00000002"},
    }
    form = forms.get(formId=form_id).execute()
    assert form["info"]["description"] == "Bienvenue"
    assert [item["itemId"] for item in form["items"]] == ["00000001", "00000002", "7fffffff"]
    assert form["items"][1] == {"itemId": "00000002", "title": "Suite", "pageBreakItem": {}}
    assert form["items"][2] == {**grid, "itemId": "7fffffff"}


def test_values_that_protobuf_does_not_write_are_absent_from_answers(forms: Any) -> None:
    scale = {"scaleQuestion": {"low": 0, "high": 10, "lowLabel": ""}, "required": False}
    form_id = new_form(forms, {"title": "Note", "description": "", "questionItem": {"question": scale}})

    item = forms.get(formId=form_id).execute()["items"][0]

    assert item["questionItem"]["question"] == {
        "questionId": item["questionItem"]["question"]["questionId"],
        "scaleQuestion": {"high": 10},
    }
    assert "description" not in item


@pytest.mark.parametrize("wrong", ["80000000", "1", "0000000G", "000000001"])
def test_an_identifier_that_is_not_31_bits_in_hexadecimal_is_refused(forms: Any, wrong: str) -> None:
    form_id = new_form(forms)
    assert (
        refusal(
            forms.batchUpdate(
                formId=form_id, body={"requests": [create_item({**text_item(), "itemId": wrong})]}
            )
        )[0]
        == 400
    )


def test_an_identifier_already_used_is_refused_and_the_whole_batch_leaves_nothing(forms: Any) -> None:
    form_id = new_form(forms, {**text_item(), "itemId": "00000001"})
    before = forms.get(formId=form_id).execute()
    body = {"requests": [create_item(text_item("Autre")), create_item({**text_item(), "itemId": "00000001"})]}

    status, message = refusal(forms.batchUpdate(formId=form_id, body=body))

    assert (status, message) == (400, "Invalid requests[1].createItem.item.itemId: Duplicate ID: 00000001")
    assert forms.get(formId=form_id).execute() == before


@pytest.mark.parametrize(
    ("item", "message"),
    [
        (text_item("Deux\nlignes"), "Displayed text cannot contain newlines"),
        (choice_item("Q", "RADIO", []), "At least one option is required"),
        (choice_item("Q", "RADIO", [{"value": "a"}, {"value": "a"}]), "Duplicate option: a"),
        (
            choice_item("Q", "RADIO", [{"value": "x", "isOther": True}]),
            "Cannot set option.value when isOther is true",
        ),
        (
            choice_item("Q", "DROP_DOWN", [{"value": "a"}, {"isOther": True}]),
            "option.isOther is not allowed in a DROP_DOWN question",
        ),
        (
            choice_item("Q", "RADIO", [{"value": "a", "goToSectionId": "00000009"}]),
            "goToSectionId 00000009 is not the ID of a section of the form",
        ),
        (
            {"title": "CV", "questionItem": {"question": {"fileUploadQuestion": {"folderId": "f"}}}},
            "File upload questions cannot be created by the API",
        ),
        ({"title": "Rien"}, "Item must have exactly one kind"),
        ({"title": "Rien", "questionItem": {"question": {}}}, "Question must have exactly one kind"),
    ],
)
def test_an_item_that_the_service_would_refuse_is_a_400(forms: Any, item: Json, message: str) -> None:
    form_id = new_form(forms)
    call = forms.batchUpdate(formId=form_id, body={"requests": [create_item(item)]})
    assert refusal(call) == (400, f"Invalid requests[0].createItem: {message}")


def test_update_item_changes_only_what_its_mask_names(forms: Any) -> None:
    item = choice_item("Ville ?", "RADIO", [{"value": "Paris"}, {"value": "Lyon"}], required=True)
    form_id = new_form(forms, {**item, "description": "où", "itemId": "00000001"})
    old = forms.get(formId=form_id).execute()["items"][0]
    new = choice_item("Ignoré", "CHECKBOX", [{"value": "Nantes"}])
    mask = "questionItem.question.choiceQuestion.options,questionItem.question.required,description"

    batch(forms, form_id, {"updateItem": {"item": new, "location": {"index": 0}, "updateMask": mask}})

    question = {**old["questionItem"]["question"]}
    del question["required"]
    question["choiceQuestion"] = {"type": "RADIO", "options": [{"value": "Nantes"}]}
    assert forms.get(formId=form_id).execute()["items"] == [
        {"itemId": "00000001", "title": "Ville ?", "questionItem": {"question": question}}
    ]


def test_update_item_with_a_star_and_no_ids_gives_new_ones(forms: Any) -> None:
    form_id = new_form(forms, {**text_item("A"), "itemId": "00000001"})
    old = forms.get(formId=form_id).execute()["items"][0]
    change = {"updateItem": {"item": text_item("B"), "location": {"index": 0}, "updateMask": "*"}}

    batch(forms, form_id, change)

    item = forms.get(formId=form_id).execute()["items"][0]
    assert item["title"] == "B"
    assert item["itemId"] != "00000001"
    assert item["questionItem"]["question"]["questionId"] != old["questionItem"]["question"]["questionId"]


def test_update_item_turns_one_kind_of_question_into_another(forms: Any) -> None:
    form_id = new_form(forms, text_item("A"))
    question_id = forms.get(formId=form_id).execute()["items"][0]["questionItem"]["question"]["questionId"]
    item = {"questionItem": {"question": {"dateQuestion": {"includeYear": True}}}}
    mask = "questionItem.question.dateQuestion"

    batch(forms, form_id, {"updateItem": {"item": item, "location": {"index": 0}, "updateMask": mask}})

    question = forms.get(formId=form_id).execute()["items"][0]["questionItem"]["question"]
    assert question == {"questionId": question_id, "dateQuestion": {"includeYear": True}}


@pytest.mark.parametrize("mask", ["", "questionItem.nothing", "info"])
def test_a_mask_that_is_empty_or_unknown_is_refused(forms: Any, mask: str) -> None:
    form_id = new_form(forms, text_item("A"))
    change = {"updateItem": {"item": text_item("B"), "location": {"index": 0}, "updateMask": mask}}
    assert refusal(forms.batchUpdate(formId=form_id, body={"requests": [change]}))[0] == 400


def test_items_are_moved_and_deleted_by_position(forms: Any) -> None:
    form_id = new_form(forms, text_item("A"), text_item("B"), text_item("C"))

    batch(
        forms,
        form_id,
        {"moveItem": {"originalLocation": {"index": 0}, "newLocation": {"index": 2}}},
        {"deleteItem": {"location": {"index": 0}}},
    )

    assert [item["title"] for item in forms.get(formId=form_id).execute()["items"]] == ["C", "A"]
    call = forms.batchUpdate(formId=form_id, body={"requests": [{"deleteItem": {"location": {"index": 2}}}]})
    assert refusal(call)[0] == 400


def test_settings_follow_their_mask_and_a_quiz_that_ends_loses_its_answer_keys(forms: Any) -> None:
    form_id = new_form(forms)
    question = {
        "textQuestion": {},
        "grading": {"pointValue": 2, "correctAnswers": {"answers": [{"value": "42"}]}},
    }
    settings = {"quizSettings": {"isQuiz": True}, "emailCollectionType": "VERIFIED"}
    batch(
        forms,
        form_id,
        {"updateSettings": {"settings": settings, "updateMask": "quizSettings.isQuiz,emailCollectionType"}},
        create_item({"title": "Q", "questionItem": {"question": question}}),
    )
    assert forms.get(formId=form_id).execute()["settings"] == settings

    batch(forms, form_id, {"updateSettings": {"settings": {}, "updateMask": "quizSettings"}})

    form = forms.get(formId=form_id).execute()
    assert form["settings"] == {"emailCollectionType": "VERIFIED"}
    assert "grading" not in form["items"][0]["questionItem"]["question"]


def test_write_control_refuses_a_stale_revision_and_accepts_a_target(forms: Any) -> None:
    form_id = new_form(forms, text_item("A"))
    rename = {"updateFormInfo": {"info": {"title": "Autre"}, "updateMask": "title"}}
    stale = {"requests": [rename], "writeControl": {"requiredRevisionId": "00000001"}}

    assert refusal(forms.batchUpdate(formId=form_id, body=stale))[0] == 400

    target = batch(
        forms, form_id, rename, writeControl={"targetRevisionId": "00000001"}, includeFormInResponse=True
    )
    assert target["writeControl"] == {"requiredRevisionId": "00000003"}
    assert target["form"] == forms.get(formId=form_id).execute()
    assert target["form"]["info"]["title"] == "Autre"


def test_publish_settings_do_not_change_the_revision(forms: Any) -> None:
    form_id = new_form(forms)
    state = {"isPublished": True, "isAcceptingResponses": True}

    answer = forms.setPublishSettings(
        formId=form_id, body={"publishSettings": {"publishState": state}, "updateMask": "publishState"}
    ).execute()

    assert answer == {"formId": form_id, "publishSettings": {"publishState": state}}
    assert forms.get(formId=form_id).execute()["revisionId"] == "00000001"
    wrong = {"publishSettings": {"publishState": {"isAcceptingResponses": True}}}
    assert refusal(forms.setPublishSettings(formId=form_id, body=wrong))[0] == 400


def test_a_form_of_somebody_else_is_forbidden_and_an_unknown_one_not_found(
    forms: Any, service_for: Build
) -> None:
    form_id = new_form(forms)
    stranger = service_for("forms", "v1", subject="bruno.petit@exemple.example").forms()

    assert refusal(stranger.get(formId=form_id)) == (403, "The caller does not have permission")
    assert refusal(forms.get(formId="1unknown")) == (404, "Requested entity was not found.")


def test_watches_are_kept_renewed_and_deleted(forms: Any) -> None:
    form_id = new_form(forms)
    topic = {"topic": {"topicName": "projects/p/topics/t"}}
    body = {"watch": {"target": topic, "eventType": "RESPONSES"}, "watchId": "nouvelles"}

    made = forms.watches().create(formId=form_id, body=body).execute()

    assert made["id"] == "nouvelles"
    assert made["state"] == "ACTIVE"
    assert forms.watches().list(formId=form_id).execute() == {"watches": [made]}
    assert refusal(forms.watches().create(formId=form_id, body=body))[0] == 400
    assert forms.watches().renew(formId=form_id, watchId="nouvelles", body={}).execute()["target"] == topic
    assert forms.watches().delete(formId=form_id, watchId="nouvelles").execute() == {}
    assert forms.watches().list(formId=form_id).execute() == {}
