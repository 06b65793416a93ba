"""Collect from the programme's own web forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from ponts_flows.actions import AskCoordinator
from ponts_flows.errors import GoogleRefused, GoogleUnreachable
from ponts_flows.forms import FormIds, FormSpec, answers_by_field, strange_questions
from ponts_flows.google.forms import FormResponse, Responses, UnreadableResponse
from ponts_flows.ledger import facts
from ponts_flows.steps.aside import Aside
from ponts_flows.steps.context import Pass
from ponts_flows.steps.erasure_key import store_responses


def collect_forms(run: Pass) -> int:
    """Store the new responses of every form; returns how many. One call for all when there is nothing new."""
    forms = run.installation.forms
    with run.ledger.transaction() as db:
        cursors = [facts.recall(db, f"form/{ids.form_id}") for ids in forms]
    since = [datetime.fromisoformat(cursor) if cursor else None for cursor in cursors]
    asked = [(ids.form_id, moment) for ids, moment in zip(forms, since, strict=True)]
    new = 0
    late: GoogleUnreachable | None = None
    refused: list[GoogleRefused] = []
    for ids, moment, received in zip(forms, since, run.forms.all_responses(asked), strict=True):
        match received:  # the other forms are read all the same
            case GoogleRefused():
                said = f"The web form {ids.name} ({ids.language}), {ids.form_id}, can't be read ({received})."
                refused.append(GoogleRefused(said, received.status))
            case GoogleUnreachable():
                late = received
            case [_, *_]:
                new += _collect_form(run, ids, moment, received)
    if refused:
        raise GoogleRefused(
            f"{' '.join(map(str, refused))} Take it out of Drive's bin, or share it with the programme's mailbox.",
            refused[0].status,
        )
    if late is not None:
        raise late
    return new


def _collect_form(run: Pass, ids: FormIds, since: datetime | None, received: Responses) -> int:
    """Store what came of a form that was read from `since` on, and from when to read it next time."""
    spec = run.spec(ids.name)
    responses: list[facts.Response] = []
    bodies: list[Mapping[str, Any]] = []
    with run.ledger.transaction() as db:
        aside = Aside(run, db, "answer")
        for response in received:
            with aside.within(db, f"{ids.form_id}/{response.response_id}", writes=False):
                responses.append(form_response(spec, ids, response))
                bodies += [response.body] if isinstance(response, FormResponse) else []
        if responses and not aside.put:  # from the same moment on, as long as one of them could not be read
            following = max(response.submitted_at for response in responses)
            facts.remember(db, f"form/{ids.form_id}", following.isoformat())
        new = [
            body
            for body, response in zip(bodies, responses, strict=True)
            if since is None or response.submitted_at > since
        ]
        _report_form(run, db, ids, edited_by_hand(spec, new))
        return store_responses(run, db, responses)


def form_response(
    spec: FormSpec, ids: FormIds, response: FormResponse | UnreadableResponse
) -> facts.Response:
    """A response of a form as a fact; raises why it can't be read."""
    if isinstance(response, UnreadableResponse):
        raise response.why
    return facts.Response(
        source=f"form:{ids.form_id}",
        source_key=response.response_id,
        revision=response.submitted_at.isoformat(),
        form=ids.name,
        language=ids.language,
        submitted_at=response.submitted_at,
        answers=answers_by_field(spec, response.body),
        place=f"réponse {response.response_id}",
    )


def edited_by_hand(spec: FormSpec, bodies: Sequence[Mapping[str, Any]]) -> str:
    """What responses tell of a form that someone edited by hand, in French; "" when it is as it was made."""
    if any(strange_questions(spec, body) for body in bodies):
        return "une question ajoutée ou refaite à la main a reçu des réponses, qui ne sont pas lues"
    asked = [question for question in spec.questions if question.required]
    missing = {
        q.title.fr: None for body in bodies for q in asked if q.field not in answers_by_field(spec, body)
    }
    return f"question obligatoire absente d'une réponse : {', '.join(missing)}" if missing else ""


def _report_form(run: Pass, db: Connection, ids: FormIds, why: str) -> None:
    if not why:
        return
    key = f"form-edited/{ids.name}/{ids.language}"
    row = AskCoordinator(
        key=key,
        about=f"formulaire {ids.name} ({ids.language})",
        subject=f"Le formulaire « {ids.name} » ({ids.language}) n'est plus comme il a été créé : {why}.",
        todo="Lancer « ponts setup », qui le remet en état sans perdre de réponse, puis cocher « fait ».",
    )
    run.tell(db, row)
