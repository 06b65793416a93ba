"""Several calls in one request, as Google's services answer them."""

from __future__ import annotations

import re
from collections.abc import Callable
from email import message_from_bytes
from email.message import Message
from typing import Any

import pytest
import requests
from google.auth.transport.requests import AuthorizedSession
from googleapiclient.errors import HttpError

from ponts_flows.sandbox.server import Running


@pytest.fixture
def sandbox(without_files: Running) -> Running:
    return without_files


@pytest.fixture
def forms(service_for: Callable[..., Any]) -> Any:
    return service_for("forms", "v1")


def a_form(forms: Any, title: str) -> str:
    return str(forms.forms().create(body={"info": {"title": title}}).execute()["formId"])


def part(request: str, *, id: str | None = None) -> str:
    named = f"Content-ID: {id}\r\n" if id else ""
    return f"--b\r\nContent-Type: application/http\r\n{named}\r\n{request}\r\n"


def sent(session: requests.Session, url: str, *parts: str) -> requests.Response:
    return session.post(
        f"{url}/batch",
        data=("".join(parts) + "--b--\r\n").encode(),
        headers={"Content-Type": "multipart/mixed; boundary=b"},
        timeout=10,
    )


def answers(response: requests.Response) -> list[Message]:
    whole = message_from_bytes(
        b"Content-Type: " + response.headers["Content-Type"].encode() + b"\r\n\r\n" + response.content
    )
    return [piece for piece in whole.get_payload() if isinstance(piece, Message)]


def test_calls_of_one_service_are_answered_one_by_one_errors_too(forms: Any) -> None:
    ids = [a_form(forms, "Été"), "nowhere", a_form(forms, "Hiver")]
    found: dict[str, Any] = {}
    batch = forms.new_batch_http_request(
        callback=lambda id, answer, error: found.update({id: error or answer})
    )
    for number, form_id in enumerate(ids):
        batch.add(forms.forms().get(formId=form_id), request_id=f"n°{number}")

    batch.execute()

    assert [found["n°0"]["info"]["title"], found["n°2"]["info"]["title"]] == ["Été", "Hiver"]
    assert isinstance(found["n°1"], HttpError)
    assert (found["n°1"].status_code, found["n°1"].reason) == (404, "Requested entity was not found.")


def test_each_answer_is_a_whole_one_under_the_name_of_its_call(
    sandbox: Running, session_for: Callable[..., AuthorizedSession]
) -> None:
    get = "GET /v1/forms/nowhere HTTP/1.1\r\nAccept: application/json\r\n\r\n"

    response = sent(session_for(), sandbox.url, part(get, id="<a + 1>"), part("GET /v1/forms/nowhere"))

    assert re.fullmatch(r"multipart/mixed; boundary=batch_[\w-]+", response.headers["Content-Type"])
    first, second = answers(response)
    assert (first["Content-Type"], first["Content-ID"]) == ("application/http", "<response-a + 1>")
    assert second["Content-ID"] is None
    lines = str(first.get_payload()).replace("\r\n", "\n").split("\n")
    assert lines[0] == "HTTP/1.1 404 Not Found"
    assert "content-type: application/json" in lines


def test_a_call_without_a_token_is_refused_inside_the_batch(sandbox: Running) -> None:
    response = sent(requests.Session(), sandbox.url, part("GET /v1/forms/x HTTP/1.1\r\n\r\n", id="<1>"))

    assert response.status_code == 200
    assert str(answers(response)[0].get_payload()).startswith("HTTP/1.1 403 Forbidden")


@pytest.mark.parametrize(
    "parts",
    [(), (part(""),), (part("what?"),), (part("GET v1/forms/x HTTP/1.1"),), (part("GET /v1/a b c"),)],
    ids=["none", "empty", "no request", "no path", "a word too many"],
)
def test_a_batch_that_is_none_is_refused_whole(
    sandbox: Running, session_for: Callable[..., AuthorizedSession], parts: tuple[str, ...]
) -> None:
    response = sent(session_for(), sandbox.url, *parts)

    assert response.status_code == 400
    assert response.json()["error"]["message"].startswith("Failed to parse batch request, error: ")


def test_a_batch_inside_a_batch_is_no_method(
    sandbox: Running, session_for: Callable[..., AuthorizedSession]
) -> None:
    response = sent(session_for(), sandbox.url, part("POST /batch HTTP/1.1\r\n\r\n", id="<1>"))

    assert str(answers(response)[0].get_payload()).startswith("HTTP/1.1 404 Not Found")
