"""The responses of many forms in one call: the real client's batches, answered by a sandbox."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter

from ponts_flows.errors import GoogleRefused, GoogleUnreachable, OutcomeUnknown
from ponts_flows.forms import FormIds, load
from ponts_flows.google.forms import FormResponse, Forms
from ponts_flows.google.transport import Google
from ponts_flows.model import Language
from ponts_flows.programme import Programme
from ponts_flows.sandbox.server import Running, serving
from tests.google.test_forms import answer

EVENT = load("event", Programme())
YES = {"answer": ("Oui, je viens",), "token": ("t",)}
LATER = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    directory: Path = tmp_path_factory.mktemp("sandbox")
    with serving(directory) as running:
        yield running


@pytest.fixture
def forms(google: Google) -> Forms:
    return Forms(google)


@pytest.fixture
def pushed(forms: Forms) -> list[FormIds]:
    """Three forms: with two responses, with none, with one."""
    made = [forms.push(EVENT, Language.FRENCH, None) for _ in range(3)]
    for ids in (made[0], made[0], made[2]):
        answer(ids, EVENT, YES)
    return made


def asked(pushed: list[FormIds], since: datetime | None = None) -> list[tuple[str, datetime | None]]:
    return [(ids.form_id, since) for ids in pushed]


def calls(google: Google, act: Callable[[], object]) -> Counter[str]:
    """What `act` sends, by service."""
    before = google.calls.copy()
    act()
    return google.calls - before


def tokens_forgotten(sandbox: Running) -> None:
    """Let every token have run out, whatever its holder believes."""
    with closing(sqlite3.connect(sandbox.credentials.parent / "sandbox.db", timeout=10)) as db, db:
        db.execute("DELETE FROM access_token")


class Altered(HTTPAdapter):
    """A way to the sandbox on which the answers to batches are changed, or lost."""

    def __init__(self, change: Callable[[bytes], bytes] | None) -> None:
        super().__init__()
        self._change = change

    def send(self, request: requests.PreparedRequest, *arguments: Any, **options: Any) -> requests.Response:
        response = super().send(request, *arguments, **options)
        if str(request.path_url).startswith("/batch"):
            if self._change is None:
                raise requests.ConnectionError("connection reset")
            response._content = self._change(response.content)
        return response


def altered(google: Google, change: Callable[[bytes], bytes] | None) -> None:
    google.files.mount(str(google.root), Altered(change))


def with_status(status: bytes, *, times: int = 1) -> Callable[[bytes], bytes]:
    return lambda content: content.replace(b"HTTP/1.1 200 OK", b"HTTP/1.1 " + status, times)


def test_the_responses_of_all_forms_come_in_one_call_each_in_its_place(
    google: Google, forms: Forms, pushed: list[FormIds]
) -> None:
    found: list[tuple[FormResponse, ...] | GoogleRefused] = []

    sent = calls(google, lambda: found.extend(forms.all_responses(asked(pushed))))

    assert sent == Counter({"batch": 1})
    one_by_one = [tuple(forms.responses(ids.form_id, since=None)) for ids in pushed]
    assert found == one_by_one
    assert [len(responses) for responses in one_by_one] == [2, 0, 1]


def test_nothing_asked_costs_no_call(google: Google, forms: Forms) -> None:
    assert calls(google, lambda: forms.all_responses([])) == Counter()
    assert forms.all_responses([]) == ()


def test_each_form_is_read_from_its_own_moment_on(forms: Forms, pushed: list[FormIds]) -> None:
    first, empty, last = pushed

    found = forms.all_responses([(first.form_id, LATER), (empty.form_id, None), (last.form_id, None)])

    assert [len(responses) for responses in found if isinstance(responses, tuple)] == [0, 0, 1]


def test_a_response_edited_since_is_read_again_under_another_version(
    forms: Forms, pushed: list[FormIds]
) -> None:
    [[kept]] = [list(forms.responses(pushed[2].form_id, since=None))]

    [again] = forms.all_responses([(pushed[2].form_id, kept.submitted_at)])

    assert again == (kept,)
    assert forms.all_responses([(pushed[2].form_id, kept.submitted_at + timedelta(seconds=1))]) == ((),)


def test_what_does_not_fit_on_a_page_follows_in_plain_calls(
    google: Google, forms: Forms, pushed: list[FormIds], monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        answer(pushed[0], EVENT, YES)
    monkeypatch.setattr("ponts_flows.google.forms.PAGE", 2)
    found: list[Any] = []

    sent = calls(google, lambda: found.extend(forms.all_responses(asked(pushed))))

    assert sent == Counter({"batch": 1, "forms": 2})
    assert [len({response.response_id for response in responses}) for responses in found] == [5, 0, 1]


def test_more_than_a_hundred_forms_take_a_call_more(
    google: Google, forms: Forms, pushed: list[FormIds]
) -> None:
    found: list[Any] = []

    sent = calls(google, lambda: found.extend(forms.all_responses(asked([pushed[0]] * 100 + [pushed[2]]))))

    assert sent == Counter({"batch": 2})
    assert [len(responses) for responses in found] == [2] * 100 + [1]


def test_a_form_that_is_gone_is_refused_in_its_place_and_the_others_are_read(
    forms: Forms, pushed: list[FormIds]
) -> None:
    first, gone, last = forms.all_responses(
        [(pushed[0].form_id, None), ("nowhere", None), (pushed[2].form_id, None)]
    )

    assert isinstance(gone, GoogleRefused)
    assert (gone.status, str(gone)) == (404, "Google answered 404: Requested entity was not found.")
    assert isinstance(first, tuple)
    assert isinstance(last, tuple)
    assert (len(first), len(last)) == (2, 1)


def test_a_form_refused_on_its_second_page_is_refused_in_its_place(
    google: Google, forms: Forms, pushed: list[FormIds], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ponts_flows.google.forms.PAGE", 1)
    altered(google, lambda content: content.replace(b'"nextPageToken": "', b'"nextPageToken": "x'))

    first, _, last = forms.all_responses(asked(pushed))

    assert isinstance(first, GoogleRefused)
    assert first.status == 400
    assert isinstance(last, tuple)


def test_a_token_that_has_run_out_is_renewed_once_for_the_whole_batch(
    sandbox: Running, google: Google, forms: Forms, pushed: list[FormIds]
) -> None:
    tokens_forgotten(sandbox)
    found: list[Any] = []

    sent = calls(google, lambda: found.extend(forms.all_responses(asked(pushed))))

    assert sent == Counter({"batch": 2, "token": 1})
    assert [len(responses) for responses in found] == [2, 0, 1]


def test_an_account_that_no_longer_exists_is_named_as_such(
    sandbox: Running, google: Google, forms: Forms, pushed: list[FormIds]
) -> None:
    tokens_forgotten(sandbox)
    with closing(sqlite3.connect(sandbox.credentials.parent / "sandbox.db", timeout=10)) as db, db:
        (account,) = db.execute("SELECT * FROM service_account").fetchall()
        db.execute("DELETE FROM service_account")

    with pytest.raises(GoogleRefused, match="Google refused the service account's credentials"):
        forms.all_responses(asked(pushed))

    with closing(sqlite3.connect(sandbox.credentials.parent / "sandbox.db", timeout=10)) as db, db:
        db.execute("INSERT INTO service_account VALUES (?, ?)", account)


@pytest.mark.parametrize("status", [b"429 Too Many Requests", b"500 Internal", b"503 Unavailable"])
def test_one_form_that_is_not_given_is_asked_for_again_alone_and_the_others_are_read(
    google: Google, forms: Forms, pushed: list[FormIds], status: bytes
) -> None:
    altered(google, with_status(status))
    found: list[Any] = []

    sent = calls(google, lambda: found.extend(forms.all_responses(asked(pushed))))

    assert sent == Counter({"batch": 4})
    late, *others = found
    assert isinstance(late, GoogleUnreachable)
    assert str(late).startswith(f"Google answered {status[:3].decode()}")
    assert [len(responses) for responses in others] == [0, 1]


def test_forms_of_which_none_is_given_are_no_answer(
    google: Google, forms: Forms, pushed: list[FormIds]
) -> None:
    altered(google, with_status(b"503 Unavailable", times=9))

    with pytest.raises(GoogleUnreachable, match="Google answered 503"):
        forms.all_responses(asked(pushed))


@pytest.mark.parametrize(
    "change",
    [
        lambda content: b"",
        lambda content: b"<html>a page of a proxy</html>",
        lambda content: b"\xff" + content,
        lambda content: content[: len(content) // 2],
        lambda content: content.replace(b"Content-ID: ", b"X: "),
        lambda content: content.replace(b" + 1>", b" + 0>"),
        lambda content: content.replace(b"{", b"(", 1),
        lambda content: content.replace(b"{}", b"[]"),
        lambda content: content.replace(b"HTTP/1.1 200 OK", b"?"),
    ],
    ids=[
        "empty",
        "html",
        "bytes",
        "cut",
        "unnamed",
        "one twice",
        "no JSON",
        "list",
        "no status",
    ],
)
def test_an_answer_that_can_not_be_read_is_an_error(
    google: Google, forms: Forms, pushed: list[FormIds], change: Callable[[bytes], bytes]
) -> None:
    altered(google, change)

    with pytest.raises(GoogleUnreachable, match=r"Google's answer to .* (can't be read|is no object)"):
        forms.all_responses(asked(pushed))


def test_no_answer_to_a_reading_is_none_and_nothing_can_have_happened(
    google: Google, forms: Forms, pushed: list[FormIds]
) -> None:
    altered(google, None)

    with pytest.raises(GoogleUnreachable, match="No answer from Google to POST batch") as raised:
        forms.all_responses(asked(pushed))
    assert not isinstance(raised.value, OutcomeUnknown)


def test_a_whole_batch_refused_says_why(google: Google, forms: Forms, pushed: list[FormIds]) -> None:
    class Unboundaried(HTTPAdapter):
        def send(self, request: requests.PreparedRequest, *arguments: Any, **options: Any) -> Any:
            if str(request.path_url).startswith("/batch"):
                request.headers["Content-Type"] = "text/plain"
            return super().send(request, *arguments, **options)

    google.files.mount(str(google.root), Unboundaried())

    with pytest.raises(GoogleRefused, match="Google answered 400: Failed to parse batch request"):
        forms.all_responses(asked(pushed))
