"""A sandbox that answers, the real credentials for it, and a check of all that goes through it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import gspread
import pytest
import requests
from google.auth.transport.requests import AuthorizedSession
from google.oauth2 import service_account
from googleapiclient.discovery import build_from_document

from ponts_flows.google.transport import TokenRequest
from ponts_flows.sandbox import protocol, schema
from ponts_flows.sandbox.server import Running, serving
from tests.sandbox.sheets_builders import Rest, answered, gspread_client

SCOPES = [
    "https://www.googleapis.com/auth/spreadsheets",
    "https://www.googleapis.com/auth/drive",
    "https://www.googleapis.com/auth/forms.body",
    "https://www.googleapis.com/auth/forms.responses.readonly",
]
GMAIL_SCOPES = ["https://www.googleapis.com/auth/gmail.modify"]


class LocalCredentials(service_account.Credentials):
    """The real credentials, but for a look-up that google-auth sends to Google itself from a thread."""

    def _build_regional_access_boundary_lookup_url(self, request: object = None) -> None:
        return None


@contextmanager
def checked_sandbox(directory: Path) -> Iterator[Running]:
    """A sandbox whose every successful answer is held against its discovery schema."""
    departures: list[str] = []
    real_answer = protocol.answer

    def checked_answer(route: protocol.Route, call: protocol.Call) -> protocol.Json | protocol.Media | None:
        result = real_answer(route, call)
        if isinstance(result, dict) and "response" in route.spec:
            found = schema.violations(route.api, route.spec["response"], result)
            departures.extend(f"{route.id}: {violation}" for violation in found)
        return result

    with pytest.MonkeyPatch.context() as patched, serving(directory) as running:
        patched.setattr(protocol, "answer", checked_answer)
        yield running
    assert departures == []


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Running]:
    """A fresh sandbox, checked."""
    with checked_sandbox(tmp_path / "sandbox") as running:
        yield running


@pytest.fixture
def session_for(sandbox: Running) -> Callable[..., AuthorizedSession]:
    """An HTTP session with a real token: the service account's or, given an address, that mailbox's."""

    def build(subject: str | None = None, scopes: list[str] | None = None) -> AuthorizedSession:
        credentials = LocalCredentials.from_service_account_file(
            str(sandbox.credentials), scopes=scopes or (GMAIL_SCOPES if subject else SCOPES)
        )
        return AuthorizedSession(
            credentials.with_subject(subject) if subject else credentials, auth_request=TokenRequest()
        )

    return build


@pytest.fixture
def service_for(sandbox: Running) -> Callable[..., Any]:
    """A google-api-python-client service: `service_for("forms", "v1")`, for an address with `subject=`."""

    def build(name: str, version: str, *, subject: str | None = None, scopes: list[str] | None = None) -> Any:
        document = {**schema.discovery(f"{name}.{version}"), "rootUrl": f"{sandbox.url}/"}
        document.pop("mtlsRootUrl", None)
        wanted = scopes or (GMAIL_SCOPES if name == "gmail" else SCOPES)
        credentials = LocalCredentials.from_service_account_file(
            str(sandbox.credentials), scopes=wanted, subject=subject
        )
        return build_from_document(document, credentials=credentials)

    return build


@pytest.fixture(scope="session")
def shared_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One sandbox, checked, for tests that each make a spreadsheet of their own and leave the clock alone."""
    with checked_sandbox(tmp_path_factory.mktemp("shared")) as running:
        yield running


@pytest.fixture
def without_files(shared_sandbox: Running) -> Iterator[Running]:
    """The shared sandbox without any file; its clock runs again afterwards. A new one takes far longer."""
    path = shared_sandbox.credentials.parent / "sandbox.db"
    with closing(sqlite3.connect(path, timeout=10)) as db, db:
        db.execute("PRAGMA foreign_keys=ON")
        db.execute("DELETE FROM file")
    yield shared_sandbox
    clock = {"now": datetime.now(UTC).isoformat(), "standing": False}
    requests.put(f"{shared_sandbox.url}/sandbox/clock", json=clock, timeout=10)


@pytest.fixture(scope="session")
def shared_session(shared_sandbox: Running) -> Callable[..., AuthorizedSession]:
    """A session in the shared sandbox: the service account's or, given an address, that person's."""

    def build(subject: str | None = None) -> AuthorizedSession:
        credentials = LocalCredentials.from_service_account_file(
            str(shared_sandbox.credentials), scopes=SCOPES, subject=subject
        )
        return AuthorizedSession(credentials, auth_request=TokenRequest())

    return build


@pytest.fixture(scope="session")
def owner_session(shared_session: Callable[..., AuthorizedSession]) -> AuthorizedSession:
    """The session of the service account in the shared sandbox; its token is bought once."""
    return shared_session()


@pytest.fixture
def spreadsheet(shared_sandbox: Running, owner_session: AuthorizedSession) -> Rest:
    """An empty spreadsheet of the service account, by raw REST, in the shared sandbox."""
    url = shared_sandbox.url
    id = answered(owner_session.post(f"{url}/v4/spreadsheets", json={}, timeout=30))["spreadsheetId"]
    return Rest(session=owner_session, base=url, id=id)


@pytest.fixture(scope="session")
def client(shared_sandbox: Running, owner_session: AuthorizedSession) -> gspread.Client:
    """The real gspread, signed in as the service account, in the shared sandbox."""
    return gspread_client(shared_sandbox.url, owner_session.credentials)
