"""Messages and calls that the Gmail tests share."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any

import requests
from googleapiclient.discovery import build_from_document
from googleapiclient.errors import HttpError

from ponts_flows.sandbox import gmail, schema
from ponts_flows.sandbox.server import Running
from ponts_flows.sandbox.store import Store
from tests.sandbox.conftest import LocalCredentials

PROGRAMME = "mentorat@asso.example"
ALICE = "alice.martin@exemple.example"
BRUNO = "bruno.petit@exemple.example"
FULL = ["https://mail.google.com/", "https://www.googleapis.com/auth/gmail.settings.sharing"]


_TABLES = (
    "mailbox",
    "send_as",
    "label",
    "message",
    "raw",
    "labelled",
    "address",
    "draft",
    "history",
    "text",
    "text_waiting",
)


def database(sandbox: Running) -> sqlite3.Connection:
    """The sandbox's file."""
    return sqlite3.connect(sandbox.credentials.parent / "sandbox.db", timeout=10)


@contextmanager
def emptied(sandbox: Running) -> Iterator[Running]:
    """A shared sandbox without any mailbox; its clock runs again afterwards. A new one takes far longer."""
    with closing(database(sandbox)) as db, db:
        for table in _TABLES:
            db.execute(f"DELETE FROM gmail_{table}")
        db.execute("DELETE FROM setting WHERE name LIKE 'counter/gmail/label/%'")
    yield sandbox
    set_clock(sandbox, datetime.now(UTC).isoformat(), standing=False)


def set_clock(sandbox: Running, moment: str, *, standing: bool = True) -> None:
    """Set the sandbox's time."""
    body = {"now": moment, "standing": standing}
    requests.put(f"{sandbox.url}/sandbox/clock", json=body, timeout=10).raise_for_status()


@cache
def mail_service(sandbox: Running, subject: str | None, *scopes: str) -> Any:
    """The real client for a person's mailbox; kept, since a token costs more than a test."""
    document = {**schema.discovery("gmail.v1"), "rootUrl": f"{sandbox.url}/"}
    document.pop("mtlsRootUrl", None)
    credentials = LocalCredentials.from_service_account_file(
        str(sandbox.credentials), scopes=scopes or FULL, subject=subject
    )
    return build_from_document(document, credentials=credentials)


def a_message(
    *,
    to: str = ALICE,
    sender: str = f"Mentorat <{PROGRAMME}>",
    subject: str = "Bonjour",
    text: str = "Un mot.\n",
    html: str | None = None,
    **headers: str,
) -> EmailMessage:
    """A message; further headers by name, `_` for `-`."""
    message = EmailMessage()
    message["From"], message["Subject"] = sender, subject
    if to:
        message["To"] = to
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    if html is not None:
        message.add_alternative(html, subtype="html")
    return message


def encoded(message: EmailMessage | bytes) -> str:
    """The `raw` field of a message."""
    raw = message if isinstance(message, bytes) else message.as_bytes()
    return base64.urlsafe_b64encode(raw).decode()


def send(service: Any, message: EmailMessage | bytes, *, thread: str | None = None) -> dict[str, Any]:
    """Send through the API; its answer."""
    body = {"raw": encoded(message)} | ({"threadId": thread} if thread else {})
    sent: dict[str, Any] = service.users().messages().send(userId="me", body=body).execute()
    return sent


def headers_of(service: Any, id: str) -> dict[str, str]:
    """The headers of a message, the topmost of each name."""
    found = (
        service.users().messages().get(userId="me", id=id, format="metadata").execute()["payload"]["headers"]
    )
    return {header["name"]: header["value"] for header in reversed(found)}


def listed(service: Any, **query: Any) -> list[str]:
    """The ids that a list call answers, newest first."""
    answer = service.users().messages().list(userId="me", **query).execute()
    return [item["id"] for item in answer.get("messages", [])]


def newest(service: Any, **query: Any) -> str:
    """The id of the newest message of a mailbox."""
    return listed(service, **query)[0]


def deliver(sandbox: Running, message: EmailMessage, recipient: str, **options: Any) -> dict[str, Any]:
    """Deliver a message as from outside; what the sandbox answers."""
    body = {
        "raw": message.as_string(),
        "mail_from": "quelqu.un@ailleurs.example",
        "rcpt_to": recipient,
        **options,
    }
    answer = requests.post(f"{sandbox.url}/sandbox/mail/deliver", json=body, timeout=10)
    assert answer.status_code == 200, answer.text
    delivered: dict[str, Any] = answer.json()
    return delivered


def refusal(error: HttpError) -> tuple[int, str]:
    """The status and the message of an error."""
    return error.resp.status, error.reason


def a_store(directory: Path) -> Store:
    """A store with Gmail's tables only."""
    store = Store(directory / "mail.db")
    store.create(gmail.SCHEMA)
    return store
