"""Drive v3: comments on files, kept and listed, so that copies take them along."""

from __future__ import annotations

import sqlite3
from typing import Any

from ponts_flows.sandbox.drive.api import API, opened
from ponts_flows.sandbox.drive.resources import timestamp, user_json
from ponts_flows.sandbox.errors import GoogleError
from ponts_flows.sandbox.protocol import Call, method
from ponts_flows.sandbox.store import new_id

Json = dict[str, Any]


def _require_fields(call: Call) -> None:
    if not call.query.get("fields"):
        raise GoogleError(
            400, "The 'fields' parameter is required for this method.", reason="required", location="fields"
        )


def _comment_json(row: sqlite3.Row, caller: str) -> Json:
    author = {
        name: value for name, value in user_json(row["author"], caller).items() if name != "permissionId"
    }
    body: Json = {
        "kind": "drive#comment",
        "id": row["id"],
        "author": author,
        "content": row["content"],
        "htmlContent": row["content"],
        "createdTime": timestamp(row["created_at"]),
        "modifiedTime": timestamp(row["created_at"]),
        "deleted": False,
        "resolved": False,
        "replies": [],
    }
    return body | ({"anchor": row["anchor"]} if row["anchor"] else {})


def _row(call: Call) -> sqlite3.Row:
    row: sqlite3.Row | None = call.store.db.execute(
        "SELECT * FROM file_comment WHERE file_id = ? AND id = ?",
        (call.path["fileId"], call.path["commentId"]),
    ).fetchone()
    if row is None:
        raise GoogleError(
            404, f"Comment not found: {call.path['commentId']}.", reason="notFound", location="commentId"
        )
    return row


@method(API, "drive.comments.list")
def list_comments(call: Call) -> Json:
    """All comments of a file, the newest first."""
    _require_fields(call)
    file = opened(call)
    rows = call.store.db.execute(
        "SELECT * FROM file_comment WHERE file_id = ? ORDER BY created_at DESC, rowid DESC", (file.id,)
    ).fetchall()
    return {"kind": "drive#commentList", "comments": [_comment_json(row, call.caller.email) for row in rows]}


@method(API, "drive.comments.get")
def get_comment(call: Call) -> Json:
    """One comment."""
    _require_fields(call)
    opened(call)
    return _comment_json(_row(call), call.caller.email)


@method(API, "drive.comments.create")
def create_comment(call: Call) -> Json:
    """Comment on a file."""
    _require_fields(call)
    file = opened(call, "commenter")
    id = new_id(12)
    call.store.db.execute(
        "INSERT INTO file_comment VALUES (?, ?, ?, ?, ?, ?)",
        (
            file.id,
            id,
            call.caller.email,
            call.body.get("content") or "",
            call.body.get("anchor") or "",
            call.store.now().isoformat(),
        ),
    )
    row = call.store.db.execute("SELECT * FROM file_comment WHERE id = ?", (id,)).fetchone()
    return _comment_json(row, call.caller.email)


@method(API, "drive.comments.delete")
def delete_comment(call: Call) -> None:
    """Take a comment back."""
    opened(call)
    row = _row(call)
    if row["author"] != call.caller.email:
        raise GoogleError(
            403,
            "The user does not have sufficient permissions for this file.",
            reason="insufficientFilePermissions",
        )
    call.store.db.execute("DELETE FROM file_comment WHERE id = ?", (row["id"],))
