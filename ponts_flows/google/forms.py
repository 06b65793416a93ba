"""The programme's web forms at Google: made and kept what their specifications say, and read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ponts_flows.errors import GoogleRefused
from ponts_flows.forms.links import FormIds
from ponts_flows.forms.spec import FormSpec
from ponts_flows.google.form_requests import Json, changes
from ponts_flows.google.transport import Google, execute
from ponts_flows.model import Language

PAGE = 5000


@dataclass(frozen=True, kw_only=True)
class FormResponse:
    """A response as Google keeps it. People may edit theirs: then only `submitted_at` and `body` change."""

    response_id: str
    created_at: datetime
    submitted_at: datetime
    body: Json

    @property
    def version(self) -> str:
        """Unique for each sending: a response read twice has one version, an edited one another."""
        return f"{self.response_id}@{self.submitted_at.isoformat()}"


class Forms:
    """The web forms. Not to be shared between threads."""

    def __init__(self, google: Google) -> None:
        self._forms: Any = google.service("forms", "v1").forms()

    def push(self, spec: FormSpec, language: Language, known: FormIds | None) -> FormIds:
        """Make the web form of a specification in a language, or bring the known one up to date; publish it.

        Nothing is written when nothing differs. Responses are never touched. A form that was published and
        then closed by hand stays closed. Raises GoogleRefused when the known form is gone, or when someone
        edits it at this moment (nothing is written then: run again).
        """
        form_id = known.form_id if known else self._create(spec, language)
        form = self._get(form_id, spec, language)
        if requests := changes(form, spec, language):
            guard = {"requiredRevisionId": form["revisionId"]}
            body = {"requests": requests, "writeControl": guard}
            execute(self._forms.batchUpdate(formId=form_id, body=body))
        if not form.get("publishSettings", {}).get("publishState", {}).get("isPublished"):
            self._publish(form_id)
        return FormIds(
            name=spec.name, language=language, form_id=form_id, responder_uri=str(form["responderUri"])
        )

    def responses(self, form_id: str, *, since: datetime | None) -> Iterator[FormResponse]:
        """The responses of a form sent or edited at `since` or later, all of them for None; in no order.

        The limit is included, so that two of one instant are not parted: `version` tells what is known.
        """
        options: dict[str, Any] = {"formId": form_id, "pageSize": PAGE}
        if since is not None:
            options["filter"] = f"timestamp >= {since.astimezone(UTC).strftime('%Y-%m-%dT%H:%M:%S.%fZ')}"
        token: str | None = ""
        while token is not None:
            page = execute(self._forms.responses().list(**options, **({"pageToken": token} if token else {})))
            for body in page.get("responses", []):
                yield _response(body)
            token = page.get("nextPageToken")

    def _create(self, spec: FormSpec, language: Language) -> str:
        info = {"title": spec.title.of(language), "documentTitle": f"{spec.title.of(language)} ({language})"}
        return str(execute(self._forms.create(body={"info": info}))["formId"])

    def _get(self, form_id: str, spec: FormSpec, language: Language) -> Json:
        try:
            form: Json = execute(self._forms.get(formId=form_id))
        except GoogleRefused as error:
            if error.status != 404:
                raise
            raise GoogleRefused(
                f"The web form {spec.name} ({language}), {form_id}, is gone. Take it out of Drive's bin, or "
                "forget its identifier so that `ponts setup` makes a new one.",
                404,
            ) from error
        return form

    def _publish(self, form_id: str) -> None:
        state = {"isPublished": True, "isAcceptingResponses": True}
        body = {"publishSettings": {"publishState": state}}
        execute(self._forms.setPublishSettings(formId=form_id, body=body))


def _response(body: Json) -> FormResponse:
    return FormResponse(
        response_id=str(body["responseId"]),
        created_at=datetime.fromisoformat(body["createTime"]),
        submitted_at=datetime.fromisoformat(body["lastSubmittedTime"]),
        body=body,
    )
