"""Forms v1: the methods of the service."""

from __future__ import annotations

from typing import Any

from ponts_flows.sandbox.drive import files
from ponts_flows.sandbox.errors import bad_request
from ponts_flows.sandbox.forms import data, edit, grades, responses
from ponts_flows.sandbox.forms.data import Form
from ponts_flows.sandbox.forms.items import all_questions
from ponts_flows.sandbox.forms.masks import paths
from ponts_flows.sandbox.protocol import Call, method

Json = dict[str, Any]
API = "forms.v1"


def form_json(form: Form, base_url: str) -> Json:
    """A `Form` as the service writes it."""
    content = form.content
    body: Json = {
        "formId": form.id,
        "info": {**content["info"], "documentTitle": form.document_title},
        "settings": content["settings"],
        "revisionId": revision(form),
        "responderUri": responder_uri(form, base_url),
    }
    if content["items"]:
        body["items"] = content["items"]
    if form.linked_sheet_id:
        body["linkedSheetId"] = form.linked_sheet_id
    body["publishSettings"] = publish_settings(form)
    return body


def responder_uri(form: Form, base_url: str) -> str:
    """Where people fill the form in."""
    return f"{base_url}/forms/d/e/{form.published_id}/viewform"


def revision(form: Form) -> str:
    """The revision id of a form's content."""
    return f"{form.revision:08x}"


def publish_settings(form: Form) -> Json:
    """A `PublishSettings`: false is not written."""
    state = {"isPublished": form.published, "isAcceptingResponses": form.accepting}
    return {"publishState": {name: True for name, value in state.items() if value}}


def opened(call: Call) -> Form:
    """The form of a call, once the caller's role in its file is checked."""
    id = call.path["formId"]
    files.require(call.store, id, call.caller.email, "writer", mime_type=files.FORM)
    return data.load(call.store, id)


@method(API, "forms.forms.create")
def create(call: Call) -> Json:
    """Make a form from its titles; since July 2026 it is unpublished unless `unpublished=false` is given."""
    info = call.body.get("info") or {}
    given = {name for name, value in call.body.items() if value is not None} - {"info"}
    given |= {name for name, value in info.items() if value is not None} - {"title", "documentTitle"}
    if given:
        raise bad_request(
            "Only info.title can be set when creating a form."
            " To add items and change settings, use batchUpdate."
        )
    title = info.get("title") or ""
    if "\n" in title:
        raise bad_request("Displayed text cannot contain newlines")
    form = data.create(
        call.store,
        title=title,
        document_title=info.get("documentTitle") or "",
        owner=call.caller.email,
        published=call.query.get("unpublished") is False,
    )
    return form_json(form, call.base_url)


@method(API, "forms.forms.get")
def get(call: Call) -> Json:
    """The whole form."""
    return form_json(opened(call), call.base_url)


@method(API, "forms.forms.batchUpdate")
def batch_update(call: Call) -> Json:
    """Change the form, all requests or none."""
    form = opened(call)
    _check_revision(form, call.body.get("writeControl") or {})
    content, replies = edit.apply(form.content, call.body.get("requests") or [])
    form = data.save(call.store, form, content, by=call.caller.email)
    answer: Json = {"replies": replies, "writeControl": {"requiredRevisionId": revision(form)}}
    if call.body.get("includeFormInResponse"):
        answer["form"] = form_json(form, call.base_url)
    return answer


def _check_revision(form: Form, control: Json) -> None:
    required, target = control.get("requiredRevisionId"), control.get("targetRevisionId")
    if required and target:
        raise bad_request("Only one of requiredRevisionId and targetRevisionId can be set.")
    if required and required != revision(form):
        raise bad_request(
            f"The required revision ID '{required}' does not match the latest revision '{revision(form)}'."
        )
    known = {f"{number:08x}" for number in range(max(1, form.revision - 1000), form.revision + 1)}
    if target and target not in known:
        raise bad_request(f"The target revision ID '{target}' is not a recent revision of the form.")


@method(API, "forms.forms.setPublishSettings")
def set_publish_settings(call: Call) -> Json:
    """Publish or unpublish; both fields of the state are taken together."""
    form = opened(call)
    settings = call.body.get("publishSettings")
    if settings is None:
        raise bad_request("publishSettings is required.")
    if call.body.get("updateMask"):
        paths(call.body["updateMask"], "PublishSettings", "setPublishSettings")
    state = settings.get("publishState")
    if state is None:
        raise bad_request("publishSettings.publishState is required.")
    form = data.publish(
        call.store,
        form,
        published=bool(state.get("isPublished")),
        accepting=bool(state.get("isAcceptingResponses")),
    )
    return {"formId": form.id, "publishSettings": publish_settings(form)}


def _response_json(form: Form, response: responses.Response, *, in_list: bool) -> Json:
    body: Json = {} if in_list else {"formId": form.id}
    body |= {
        "responseId": response.id,
        "createTime": responses.rfc3339(response.created_ns),
        "lastSubmittedTime": responses.rfc3339(response.submitted_ns),
    }
    if response.email:
        body["respondentEmail"] = response.email
    answers: Json = {
        id: {"questionId": id, "textAnswers": {"answers": [{"value": value} for value in values]}}
        for id, values in response.answers.items()
    }
    if answers:
        body["answers"] = answers
    if edit.is_quiz(form.content):
        total = 0.0
        for _, question in all_questions(form.content["items"]):
            grade = grades.grade(question, response.answers.get(question["questionId"], []))
            if grade is not None and question["questionId"] in answers:
                answers[question["questionId"]]["grade"] = grade
                total += grade.get("score", 0.0)
        if total:
            body["totalScore"] = total
    return body


@method(API, "forms.forms.responses.list")
def list_responses(call: Call) -> Json:
    """Responses by the time of their last submission, at most 5,000 at once."""
    form = opened(call)
    found, token = responses.page(
        call.store,
        form.id,
        filter=call.query.get("filter", ""),
        page_size=call.query.get("pageSize", 0),
        page_token=call.query.get("pageToken", ""),
    )
    body: Json = {}
    if found:
        body["responses"] = [_response_json(form, response, in_list=True) for response in found]
    if token:
        body["nextPageToken"] = token
    return body


@method(API, "forms.forms.responses.get")
def get_response(call: Call) -> Json:
    """One response."""
    form = opened(call)
    return _response_json(form, responses.get(call.store, form.id, call.path["responseId"]), in_list=False)
