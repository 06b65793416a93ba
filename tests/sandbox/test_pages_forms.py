"""Forms filled in with a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ponts_flows.sandbox.server import Running

Json = dict[str, Any]
MENTOR = "000000f1"


def question(title: str, question_id: str, **body: Any) -> Json:
    return {"title": title, "questionItem": {"question": {"questionId": question_id, **body}}}


def published(forms: Any, items: list[Json], **settings: Any) -> tuple[str, str]:
    form = forms.create(body={"info": {"title": "Votre inscription"}}, unpublished=False).execute()
    changes = [{"createItem": {"item": item, "location": {"index": i}}} for i, item in enumerate(items)]
    if settings:
        changes.append({"updateSettings": {"settings": settings, "updateMask": ",".join(settings)}})
    forms.batchUpdate(formId=form["formId"], body={"requests": changes}).execute()
    return form["formId"], form["responderUri"]


def answers(forms: Any, form_id: str) -> list[dict[str, list[str]]]:
    found = forms.responses().list(formId=form_id).execute().get("responses", [])
    return [
        {
            id: [text["value"] for text in answer["textAnswers"]["answers"]]
            for id, answer in r["answers"].items()
        }
        for r in found
    ]


@pytest.fixture
def sandbox(without_files: Running) -> Running:
    return without_files


@pytest.mark.browser
def test_a_person_fills_in_corrects_sends_and_edits_a_form(
    service_for: Callable[..., Any], browser_page: Page
) -> None:
    forms = service_for("forms", "v1").forms()
    themes = {"type": "CHECKBOX", "options": [{"value": "Réseau"}, {"value": "Confiance"}, {"isOther": True}]}
    rows = [{"questionId": "0000000d", "rowQuestion": {"title": "Matin"}}]
    columns = {"type": "RADIO", "options": [{"value": "Lundi"}, {"value": "Mardi"}]}
    form_id, uri = published(
        forms,
        [
            question("Nom", "0000000a", required=True, textQuestion={}),
            question("Thèmes", "0000000b", required=True, choiceQuestion=themes),
            question("Début de carrière", "0000000c", dateQuestion={"includeYear": True}),
            {"title": "Jours", "questionGroupItem": {"questions": rows, "grid": {"columns": columns}}},
        ],
        emailCollectionType="VERIFIED",
    )
    page = browser_page
    page.goto(uri)
    page.get_by_label("Vous êtes connecté comme").fill("alice.martin@exemple.example")
    page.get_by_label("Nom").fill("Alice Martin")
    page.get_by_label("Début de carrière").fill("2015-09-01")
    page.get_by_label("Matin : Mardi").check()
    page.get_by_role("button", name="Envoyer").click()

    expect(page.get_by_role("alert")).to_contain_text("un point est à corriger")
    expect(page.get_by_role("group", name="Thèmes")).to_contain_text("Cette question est obligatoire.")
    expect(page.get_by_label("Nom")).to_have_value("Alice Martin")
    page.get_by_label("Réseau").check()
    page.get_by_label("Autre", exact=True).check()
    page.get_by_label("Autre : précisez").fill("Prise de parole")
    page.get_by_role("button", name="Envoyer").click()

    expect(page.get_by_text("Votre réponse a bien été enregistrée.")).to_be_visible()
    page.reload()
    sent = {
        "0000000a": ["Alice Martin"],
        "0000000b": ["Réseau", "Prise de parole"],
        "0000000c": ["2015-09-01"],
        "0000000d": ["Mardi"],
    }
    assert answers(forms, form_id) == [sent]

    page.get_by_role("link", name="Modifier votre réponse").click()
    page.get_by_label("Nom").fill("Alice Martin-Petit")
    page.get_by_role("button", name="Enregistrer les modifications").click()
    expect(page.get_by_text("Votre réponse a bien été enregistrée.")).to_be_visible()
    assert answers(forms, form_id) == [{**sent, "0000000a": ["Alice Martin-Petit"]}]


@pytest.mark.browser
def test_a_form_with_branches_leads_through_its_pages_and_back(
    service_for: Callable[..., Any], browser_page: Page
) -> None:
    forms = service_for("forms", "v1").forms()
    form_id, uri = published(
        forms,
        [
            {"title": "Mentor", "itemId": MENTOR, "pageBreakItem": {}},
            question("Places", "0000000b", required=True, scaleQuestion={"low": 1, "high": 3}),
        ],
    )
    role = {"type": "RADIO", "options": [{"value": "Non merci", "goToAction": "SUBMIT_FORM"}]}
    role["options"].append({"value": "Mentor", "goToSectionId": MENTOR})
    first = question("Rôle", "0000000a", required=True, choiceQuestion=role)
    create = {"createItem": {"item": first, "location": {"index": 0}}}
    forms.batchUpdate(formId=form_id, body={"requests": [create]}).execute()
    page = browser_page
    page.goto(uri)

    page.get_by_label("Mentor").check()
    page.get_by_role("button", name="Suivant").click()
    page.get_by_label("2").check()
    page.get_by_role("button", name="Retour").click()
    expect(page.get_by_label("Mentor")).to_be_checked()
    page.get_by_role("button", name="Suivant").click()
    expect(page.get_by_label("2")).to_be_checked()
    page.get_by_role("button", name="Envoyer").click()

    expect(page.get_by_text("Votre réponse a bien été enregistrée.")).to_be_visible()
    assert answers(forms, form_id) == [{"0000000a": ["Mentor"], "0000000b": ["2"]}]
