"""The pages of a form: to fill in, sent, closed."""

from __future__ import annotations

import re
import secrets
from typing import Any
from urllib.parse import urlencode

from fastapi.responses import HTMLResponse, RedirectResponse, Response

from ponts_flows.sandbox import web
from ponts_flows.sandbox.forms import entries, sections, texts, view
from ponts_flows.sandbox.forms.items import all_questions
from ponts_flows.sandbox.forms.visit import EMAIL, Fields, Visit

Json = dict[str, Any]
ENTRY = re.compile(r"entry\.\d+")


def blank_page(visit: Visit) -> Response:
    """The form pre-filled by its link, or with the answer to edit."""
    if not visit.is_open:
        return closed_page(visit)
    fields = _earlier(visit) if visit.edited else visit.fields
    return form_page(visit, fields, {}, step=0)


def _earlier(visit: Visit) -> Fields:
    """The fields that hold the answer being edited."""
    assert visit.edited is not None
    fields: Fields = {EMAIL: [visit.edited.email or ""]}
    for item, question in all_questions(visit.form.content["items"]):
        values = visit.edited.answers.get(question["questionId"])
        if values:
            fields |= entries.written(question, sections.columns_of(item), values)
    return fields


def form_page(
    visit: Visit, fields: Fields, problems: dict[str, str], *, step: int, status: int = 200
) -> HTMLResponse:
    """The form with what was typed; step by step when it has branches, else on one page.

    `problems` are sentences by question id, `emailAddress`, or nothing for the form as a whole.
    """
    form, words = visit.form, texts.TEXTS[visit.lang]
    everything = sections.split(form.content["items"])
    by_steps = sections.branches(form.content["items"])
    shown = everything[step : step + 1] if by_steps else everything
    here = [question for section in shown for question in section.questions]
    ids = {question["questionId"] for question in here} | {EMAIL, ""}
    return web.page(
        visit.request,
        visit.store,
        "form.html",
        status=status,
        title=form.title,
        lang=visit.lang,
        words=words,
        months=texts.MONTHS[visit.lang],
        form=form,
        description=form.content["info"].get("description", ""),
        sections=[(section.heading, view.show(section, fields, problems)) for section in shown],
        problems={id: text for id, text in problems.items() if id in ids},
        problem_count=len(problems),
        kept=_kept(fields, here) if by_steps else [],
        email=entries.first(fields, EMAIL),
        asks_email=step == 0 or not by_steps,
        fbzx=entries.first(fields, "fbzx") or secrets.token_urlsafe(16),
        editing=visit.editing,
        step=step,
        by_steps=by_steps,
        last=not by_steps or _is_last(everything, fields, step),
        total=len(everything),
        action=f"{visit.address}/formResponse",
        switch=f"{visit.address}/viewform?" + urlencode({"hl": words["switch_to"]} | _edit_query(visit)),
        has_required=any(question.get("required") for _, question in all_questions(form.content["items"])),
    )


def _kept(fields: Fields, here: list[Json]) -> list[tuple[str, str]]:
    """The answers of the other steps, carried along in hidden fields."""
    names = {entries.entry_name(question) for question in here}
    return [
        (name, value)
        for name, values in fields.items()
        for value in values
        if (entry := ENTRY.match(name)) and entry.group() not in names
    ]


def _is_last(everything: tuple[sections.Section, ...], fields: Fields, step: int) -> bool:
    """Whether the form ends after this step whatever is answered in it."""
    if sections.branches(everything[step].items):
        return False
    answers = sections.read(everything, fields, until=step).answers
    return sections.following_section(everything, step, answers) is None


def _edit_query(visit: Visit) -> dict[str, str]:
    return {"edit2": visit.editing} if visit.edited else {}


def closed_page(visit: Visit) -> Response:
    """The form takes no answers."""
    words = texts.TEXTS[visit.lang]
    return web.page(
        visit.request,
        visit.store,
        "form_notice.html",
        status=200 if visit.request.method == "GET" else 403,
        title=visit.form.title,
        heading=visit.form.title,
        text=words["closed"] + " " + words["closed_help"],
        lang=visit.lang,
    )


def done_page(visit: Visit) -> Response:
    """The answer is kept; the page has the link to edit it."""
    if visit.edited is None:
        return RedirectResponse(f"{visit.address}/viewform", status_code=303)
    return web.page(
        visit.request,
        visit.store,
        "form_done.html",
        title=visit.form.title,
        lang=visit.lang,
        words=texts.TEXTS[visit.lang],
        edit=f"{visit.address}/viewform?" + urlencode({"edit2": visit.editing}),
        again=f"{visit.address}/viewform",
        accepts=visit.is_open,
    )
