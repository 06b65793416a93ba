"""The responses kept: submitted once, editable by whoever holds their link, listed by submission time."""

from __future__ import annotations

import base64
import json
import re
import secrets
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from ponts_flows.sandbox.errors import bad_request, not_found
from ponts_flows.sandbox.store import Store

Json = dict[str, Any]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LARGEST_PAGE = 5000
_FILTER = re.compile(r"\s*timestamp\s*(>=|>)\s*(\S+)\s*")
_TIMESTAMP = re.compile(r"(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)")


@dataclass(frozen=True, kw_only=True)
class Response:
    """What a person answered; `answers` maps question ids to the texts given."""

    id: str
    edit_token: str
    created_ns: int
    submitted_ns: int
    email: str | None
    answers: dict[str, list[str]]


def nanoseconds(moment: datetime) -> int:
    """Nanoseconds since 1970."""
    return (moment - EPOCH) // timedelta(microseconds=1) * 1000


def rfc3339(ns: int) -> str:
    """A time as Google writes it: `2026-11-23T08:05:00.123Z`, with no fraction when it is zero."""
    moment = EPOCH + timedelta(microseconds=ns // 1000)
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    millis = moment.microsecond // 1000
    return f"{text}.{millis:03d}Z" if millis else f"{text}Z"


def submit(
    store: Store,
    form_id: str,
    *,
    answers: dict[str, list[str]],
    email: str | None,
    submission: str | None = None,
) -> Response:
    """Keep a response; the same `submission` word again (a page reloaded) gives the response already kept."""
    with store.transaction() as db:
        if submission:
            row = db.execute(
                "SELECT * FROM form_response WHERE form_id = ? AND submission = ?", (form_id, submission)
            ).fetchone()
            if row:
                return _response(row)
        now = nanoseconds(store.instant())
        cursor = db.execute(
            "INSERT INTO form_response"
            " (id, form_id, edit_token, submission, created_ns, submitted_ns, email, answers)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                "ACYDBN" + secrets.token_urlsafe(60),
                form_id,
                "2_ABaOnu" + secrets.token_urlsafe(60),
                submission or None,
                now,
                now,
                email,
                json.dumps(answers, ensure_ascii=False),
            ),
        )
        row = db.execute("SELECT * FROM form_response WHERE number = ?", (cursor.lastrowid,)).fetchone()
    return _response(row)


def edit(store: Store, edit_token: str, *, answers: dict[str, list[str]], email: str | None) -> Response:
    """Replace the answers of a response: same id, `lastSubmittedTime` moves."""
    with store.transaction() as db:
        db.execute(
            "UPDATE form_response SET answers = ?, email = coalesce(?, email), submitted_ns = ?"
            " WHERE edit_token = ?",
            (json.dumps(answers, ensure_ascii=False), email, nanoseconds(store.instant()), edit_token),
        )
    return by_edit_token(store, edit_token)


def by_edit_token(store: Store, edit_token: str, form_id: str | None = None) -> Response:
    """The response that a link to edit stands for; 404 when the link is not one."""
    row = store.db.execute(
        "SELECT * FROM form_response WHERE edit_token = ? AND form_id = coalesce(?, form_id)",
        (edit_token, form_id),
    ).fetchone()
    if row is None:
        raise not_found()
    return _response(row)


def get(store: Store, form_id: str, id: str) -> Response:
    """One response of a form; 404 when it has none with this id."""
    row = store.db.execute(
        "SELECT * FROM form_response WHERE form_id = ? AND id = ?", (form_id, id)
    ).fetchone()
    if row is None:
        raise not_found()
    return _response(row)


def count(store: Store, form_id: str) -> int:
    """How many responses a form has."""
    return int(
        store.db.execute("SELECT count(*) FROM form_response WHERE form_id = ?", (form_id,)).fetchone()[0]
    )


def page(
    store: Store, form_id: str, *, filter: str, page_size: int, page_token: str
) -> tuple[list[Response], str | None]:
    """Responses in the order of their last submission, and the token of the next page when there is one."""
    if page_size < 0:
        raise bad_request("Invalid page_size: must not be negative.")
    size = min(page_size or LARGEST_PAGE, LARGEST_PAGE)
    since = _since(filter)
    after = _after(page_token, filter)
    rows = store.db.execute(
        "SELECT * FROM form_response"
        " WHERE form_id = ? AND submitted_ns >= ? AND (submitted_ns, number) > (?, ?)"
        " ORDER BY submitted_ns, number LIMIT ?",
        (form_id, since, *after, size + 1),
    ).fetchall()
    token = None
    if len(rows) > size:
        rows = rows[:size]
        token = base64.urlsafe_b64encode(
            json.dumps([rows[-1]["submitted_ns"], rows[-1]["number"], filter]).encode()
        ).decode()
    return [_response(row) for row in rows], token


def _since(filter: str) -> int:
    """The first nanosecond that a filter lets through."""
    if not filter:
        return 0
    match = _FILTER.fullmatch(filter)
    time = _TIMESTAMP.fullmatch(match[2].strip("\"'")) if match else None
    if match is None or time is None:
        raise bad_request(f"Invalid filter: {filter}")
    try:
        moment = datetime.fromisoformat(time[1].upper() + (time[3].upper().replace("Z", "+00:00")))
    except ValueError:
        raise bad_request(f"Invalid filter: {filter}") from None
    ns = nanoseconds(moment) + int((time[2] or "").ljust(9, "0"))
    return ns if match[1] == ">=" else ns + 1


def _after(token: str, filter: str) -> tuple[int, int]:
    if not token:
        return (-1, -1)
    try:
        submitted, number, made_for = json.loads(base64.urlsafe_b64decode(token))
    except (ValueError, TypeError):
        raise bad_request("Invalid page_token.") from None
    if made_for != filter:
        raise bad_request("Invalid page_token: the filter must be the same as for the first page.")
    return int(submitted), int(number)


def _response(row: sqlite3.Row) -> Response:
    return Response(
        id=row["id"],
        edit_token=row["edit_token"],
        created_ns=row["created_ns"],
        submitted_ns=row["submitted_ns"],
        email=row["email"],
        answers=json.loads(row["answers"]),
    )
