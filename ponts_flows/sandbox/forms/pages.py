"""The forms as people see them.

`GET /forms` lists them. `GET /forms/d/e/{published id}/viewform` shows one, pre-filled by
`?usp=pp_url&entry.<n>=value` (repeat a name for several), or with an earlier answer by `?edit2=<its link>`.

`POST /forms/d/e/{published id}/formResponse` sends it, with the same `entry.<n>` names, `<n>` being
`int(questionId, 16)`. The body is urlencoded, or JSON for a programme that plays a person:

    {"entry.1024": "Oui", "entry.1025": ["Organisation", "Réseau"], "emailAddress": "alice@exemple.example"}

A JSON body gets a JSON answer: 200 `{"responseId": …, "editUrl": …}`, 422 `{"errors": {"entry.1024": …}}`,
403 when the form takes no answers, 404 when it does not exist. `emailAddress` is who is signed in (VERIFIED
forms) or the address typed (RESPONDER_INPUT). `fbzx`, a word that the page makes up, makes a response unique:
sent again, it is not kept twice. `edit2` replaces that earlier answer. In a form with branches only the
sections that the answers lead to are read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from ponts_flows.sandbox import web
from ponts_flows.sandbox.errors import GoogleError
from ponts_flows.sandbox.forms import data, entries, responses, sections, texts
from ponts_flows.sandbox.forms.form_page import blank_page, closed_page, done_page, form_page
from ponts_flows.sandbox.forms.items import all_questions
from ponts_flows.sandbox.forms.visit import EMAIL, Visit, from_json, grouped, visit_of
from ponts_flows.sandbox.store import Store


def pages(store: Store) -> APIRouter:
    """The list of forms, and each form to fill in."""
    router = APIRouter()

    @router.get("/forms")
    async def forms(request: Request) -> HTMLResponse:
        found = [(form, responses.count(store, form.id)) for form in data.every(store)]
        return web.page(request, store, "forms_list.html", title="Formulaires", forms=found)

    @router.get("/forms/d/{id}/edit")
    async def by_its_file(request: Request, id: str) -> Response:
        return _answered(lambda: RedirectResponse(_address(store, id), status_code=303), request, store)

    @router.get("/forms/d/e/{published_id}/viewform")
    async def viewform(request: Request, published_id: str) -> Response:
        return _answered(
            lambda: blank_page(visit_of(store, request, published_id, grouped(request.url.query))),
            request,
            store,
        )

    @router.get("/forms/d/e/{published_id}/formResponse")
    async def done(request: Request, published_id: str) -> Response:
        return _answered(
            lambda: done_page(visit_of(store, request, published_id, grouped(request.url.query))),
            request,
            store,
        )

    @router.post("/forms/d/e/{published_id}/formResponse")
    @router.post("/forms/d/e/{published_id}/viewform")
    async def send(request: Request, published_id: str) -> Response:
        is_json = request.headers.get("content-type", "").startswith("application/json")
        fields = (
            from_json(await request.body())
            if is_json
            else grouped((await request.body()).decode("utf-8", "replace"))
        )
        if fields is None:
            return JSONResponse(
                {"errors": {"": "Expected a JSON object of strings and lists of strings."}}, 400
            )
        return _answered(
            lambda: _sent(visit_of(store, request, published_id, fields), as_json=is_json),
            request,
            store,
            as_json=is_json,
        )

    return router


def _address(store: Store, id: str) -> str:
    """Where people see the form of a file; there is no page to edit a form."""
    return f"/forms/d/e/{data.load(store, id).published_id}/viewform"


def _answered(
    answer: Callable[[], Response], request: Request, store: Store, *, as_json: bool = False
) -> Response:
    """The answer, or what says which form or link does not exist."""
    try:
        return answer()
    except GoogleError as error:
        lang = "en" if request.query_params.get("hl") == "en" else "fr"
        text = texts.TEXTS[lang]["gone_link" if "edit2" in request.query_params else "missing"]
        if as_json:
            return JSONResponse({"errors": {"": text}}, status_code=error.code)
        values = {"title": text, "heading": text, "text": "", "lang": lang}
        return web.page(request, store, "form_notice.html", status=error.code, **values)


def _sent(visit: Visit, *, as_json: bool) -> Response:
    """Take what was sent: a step of the form, or the whole of it."""
    if not visit.is_open:
        message = texts.TEXTS[visit.lang]["closed"]
        return JSONResponse({"errors": {"": message}}, status_code=403) if as_json else closed_page(visit)
    all_sections = sections.split(visit.form.content["items"])
    action = entries.first(visit.fields, "action")
    if action in ("next", "back"):
        return _turned(visit, all_sections, action)
    read = sections.read(all_sections, visit.fields)
    email, problems = _problems(visit, read)
    if as_json:
        problems |= _unknown(visit)
    if not problems and not read.complete:
        problems[""] = texts.TEXTS[visit.lang]["loop"]
    if problems:
        return _refused(visit, all_sections, read, problems, as_json=as_json)
    kept = _keep(visit, read.answers, email)
    if as_json:
        base = str(visit.request.base_url).rstrip("/")
        link = f"{base}{visit.address}/viewform?" + urlencode({"edit2": kept.edit_token})
        return JSONResponse({"responseId": kept.id, "editUrl": link})
    query = urlencode({"edit2": kept.edit_token, "hl": visit.lang})
    return RedirectResponse(f"{visit.address}/formResponse?{query}", status_code=303)


def _keep(visit: Visit, answers: dict[str, list[str]], email: str | None) -> responses.Response:
    if visit.edited:
        return responses.edit(visit.store, visit.edited.edit_token, answers=answers, email=email)
    submission = entries.first(visit.fields, "fbzx")
    return responses.submit(visit.store, visit.form.id, answers=answers, email=email, submission=submission)


def _problems(visit: Visit, read: sections.Answered) -> tuple[str | None, dict[str, str]]:
    """The address collected, and the sentences about what is wrong, by question id or `emailAddress`."""
    problems = {id: texts.problem_text(problem, visit.lang) for id, problem in read.problems.items()}
    if visit.form.email_collection == "DO_NOT_COLLECT":
        return None, problems
    email = entries.first(visit.fields, EMAIL).strip()
    if not entries.EMAIL.fullmatch(email):
        problems[EMAIL] = texts.problem_text("email" if email else "required", visit.lang)
    return email, problems


def _unknown(visit: Visit) -> dict[str, str]:
    """A programme that names a question the form does not have is told so."""
    names = {entries.entry_name(question) for _, question in all_questions(visit.form.content["items"])}
    return {
        name: texts.problem_text("unknown", visit.lang)
        for name in visit.fields
        if name.startswith("entry.") and name.removeprefix("entry.").isdigit() and name not in names
    }


def _turned(visit: Visit, all_sections: tuple[sections.Section, ...], action: str) -> Response:
    """The next or the previous page of a form in steps; nothing is kept yet."""
    current = entries.first(visit.fields, "step")
    step = min(int(current), len(all_sections) - 1) if current.isdigit() else 0
    read = sections.read(all_sections, visit.fields, until=step)
    if action == "back":
        earlier = [number for number in read.visited if number != step]
        return form_page(visit, visit.fields, {}, step=earlier[-1] if earlier else 0)
    here = {question["questionId"] for question in all_sections[step].questions}
    _, problems = _problems(visit, read)
    problems = {id: text for id, text in problems.items() if id in here or (id == EMAIL and step == 0)}
    if problems:
        return form_page(visit, visit.fields, problems, step=step, status=422)
    following = sections.following_section(all_sections, step, read.answers)
    if following is None:
        whole = replace(visit, fields={**visit.fields, "action": ["submit"]})
        return _sent(whole, as_json=False)
    return form_page(visit, visit.fields, {}, step=following)


def _refused(
    visit: Visit,
    all_sections: tuple[sections.Section, ...],
    read: sections.Answered,
    problems: dict[str, str],
    *,
    as_json: bool,
) -> Response:
    if as_json:
        named = {f"entry.{int(id, 16)}" if id in read.problems else id: text for id, text in problems.items()}
        return JSONResponse({"errors": named}, status_code=422)
    for number in read.visited:
        ids = {question["questionId"] for question in all_sections[number].questions}
        if ids & problems.keys() or (number == 0 and EMAIL in problems):
            return form_page(visit, visit.fields, problems, step=number, status=422)
    return form_page(visit, visit.fields, problems, step=0, status=422)
