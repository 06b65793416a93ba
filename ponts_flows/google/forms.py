"""The programme's web forms at Google: made and kept what their specifications say, and read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ponts_flows.errors import GivenUp, GoogleRefused, GoogleUnreachable
from ponts_flows.forms.links import FormIds
from ponts_flows.forms.spec import FormSpec
from ponts_flows.google.batch import read_together
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


@dataclass(frozen=True, kw_only=True)
class UnreadableResponse:
    """A response that is not as Google documents them; `why` is what went wrong in reading it."""

    response_id: str
    why: Exception


Responses = tuple[FormResponse | UnreadableResponse, ...]


class Forms:
    """The web forms. Not to be shared between threads."""

    def __init__(self, google: Google) -> None:
        self._google = google
        self._service: Any = google.collection("forms", "v1")
        self._forms: Any = google.collection("forms", "v1", "forms")
        self._responses: Any = google.collection("forms", "v1", "forms", "responses")

    def push(self, spec: FormSpec, language: Language, known: FormIds | None) -> FormIds:
        """Make the web form of a specification in a language, or bring the known one up to date; publish it.

        Nothing is written when nothing differs. Responses are never touched. A form that was published and
        then closed by hand stays closed. Raises GoogleRefused when the known form is gone, or when someone
        edits it at this moment (nothing is written then: run again).
        """
        form = self._get(known.form_id, spec, language) if known else self._create(spec, language)
        form_id = str(form["formId"])
        if requests := changes(form, spec, language):
            guard = {"requiredRevisionId": form["revisionId"]}
            body = {"requests": requests, "writeControl": guard}
            execute(self._forms.batchUpdate(formId=form_id, body=body))
        state = form.get("publishSettings", {}).get("publishState", {})
        if not state.get("isPublished") or (known is None and not state.get("isAcceptingResponses")):
            self._publish(form_id)
        return FormIds(
            name=spec.name, language=language, form_id=form_id, responder_uri=str(form["responderUri"])
        )

    def lacking(self, spec: FormSpec, language: Language, known: FormIds | None) -> str:
        """What `push` would do to a form, in French; "" for nothing. The form is left as it is."""
        if known is None:
            return "formulaire à créer"
        form = self._get(known.form_id, spec, language)
        count = len(changes(form, spec, language))
        unpublished = not form.get("publishSettings", {}).get("publishState", {}).get("isPublished")
        parts = [f"{count} modification(s)"] if count else []
        return ", ".join([*parts, *(["à publier"] if unpublished else [])])

    def responses(
        self, form_id: str, *, since: datetime | None
    ) -> Iterator[FormResponse | UnreadableResponse]:
        """The responses of a form sent or edited at `since` or later, all of them for None; in no order.

        The limit is included, so that two of one instant are not parted: `version` tells what is known.
        """
        yield from self._from_page(execute(self._listing(form_id, since)), form_id, since)

    def all_responses(
        self, asked: Sequence[tuple[str, datetime | None]]
    ) -> tuple[Responses | GoogleRefused | GoogleUnreachable, ...]:
        """The responses of many forms, each since its own moment as `responses` gives them, in one call.

        In the place of a form that Google refuses, or does not answer about, stands the error. What does not fit
        on a form's first page costs a call a page. Raises GoogleUnreachable when there is no answer at all.
        """
        listings = [self._listing(form_id, since) for form_id, since in asked]
        pages = read_together(self._google, self._service, listings)
        return tuple(
            page if isinstance(page, GoogleRefused | GoogleUnreachable) else self._whole(page, form_id, since)
            for page, (form_id, since) in zip(pages, asked, strict=True)
        )

    def _whole(
        self, page: Json, form_id: str, since: datetime | None
    ) -> Responses | GoogleRefused | GoogleUnreachable:
        try:
            return tuple(self._from_page(page, form_id, since))
        except GivenUp:
            raise
        except (GoogleRefused, GoogleUnreachable) as error:
            return error

    def _from_page(
        self, page: Json, form_id: str, since: datetime | None
    ) -> Iterator[FormResponse | UnreadableResponse]:
        """The responses of a page and of those that follow it."""
        while True:
            yield from map(_response, page.get("responses", []))
            token = page.get("nextPageToken")
            if not token:
                return
            page = execute(self._listing(form_id, since, pageToken=token))

    def _listing(self, form_id: str, since: datetime | None, **options: str) -> Any:
        """The request for a page of responses."""
        if since is not None:
            options["filter"] = f"timestamp >= {since.astimezone(UTC).strftime('%Y-%m-%dT%H:%M:%S.%fZ')}"
        return self._responses.list(formId=form_id, pageSize=PAGE, **options)

    def _create(self, spec: FormSpec, language: Language) -> Json:
        """Make a form with its titles, published at once; the form as it is then."""
        info = {"title": spec.title.of(language), "documentTitle": f"{spec.title.of(language)} ({language})"}
        form: Json = execute(self._forms.create(body={"info": info}, unpublished=False))
        return form

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


def _response(body: Json) -> FormResponse | UnreadableResponse:
    try:
        return FormResponse(
            response_id=str(body["responseId"]),
            created_at=datetime.fromisoformat(body["createTime"]),
            submitted_at=datetime.fromisoformat(body["lastSubmittedTime"]),
            body=body,
        )
    except (KeyError, ValueError, TypeError) as error:
        return UnreadableResponse(response_id=str(body.get("responseId", "")), why=error)
