"""The files of Drive and who may do what with them; every spreadsheet, form and folder of the sandbox is one.

A role may come from the person's own permission, from their domain's, or from "anyone".
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from ponts_flows.sandbox.errors import forbidden, not_found
from ponts_flows.sandbox.store import Store, new_id

Json = dict[str, Any]
SPREADSHEET = "application/vnd.google-apps.spreadsheet"
FORM = "application/vnd.google-apps.form"
FOLDER = "application/vnd.google-apps.folder"

SCHEMA = """
CREATE TABLE IF NOT EXISTS file (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, mime_type TEXT NOT NULL, owner TEXT NOT NULL,
    created_at TEXT NOT NULL, modified_at TEXT NOT NULL, modified_by TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    trashed INTEGER NOT NULL DEFAULT 0, metadata TEXT NOT NULL DEFAULT '{}'
);
CREATE TABLE IF NOT EXISTS permission (
    file_id TEXT NOT NULL REFERENCES file (id) ON DELETE CASCADE, id TEXT NOT NULL, type TEXT NOT NULL,
    role TEXT NOT NULL, address TEXT NOT NULL, metadata TEXT NOT NULL DEFAULT '{}', PRIMARY KEY (file_id, id)
);
CREATE TABLE IF NOT EXISTS file_comment (
    file_id TEXT NOT NULL REFERENCES file (id) ON DELETE CASCADE, id TEXT PRIMARY KEY, author TEXT NOT NULL,
    content TEXT NOT NULL, anchor TEXT NOT NULL, created_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS permission_address ON permission (address, file_id);
"""
ROLES = ("reader", "commenter", "writer", "fileOrganizer", "organizer", "owner")


@dataclass(frozen=True, kw_only=True)
class File:
    """A file without its content. `metadata` holds the optional fields of Drive's `File` (description…)."""

    id: str
    name: str
    mime_type: str
    owner: str
    created_at: str
    modified_at: str
    modified_by: str
    version: int
    trashed: bool
    metadata: Json


def create(
    store: Store,
    *,
    name: str,
    mime_type: str,
    owner: str,
    id: str | None = None,
    metadata: Json | None = None,
) -> File:
    """Add a file owned by an address."""
    id, owner = id or new_id(), owner.lower()
    now = store.now().isoformat()
    with store.transaction() as db:
        db.execute(
            "INSERT INTO file VALUES (?, ?, ?, ?, ?, ?, ?, 1, 0, ?)",
            (id, name, mime_type, owner, now, now, owner, json.dumps(metadata or {}, ensure_ascii=False)),
        )
        grant(store, id, type="user", role="owner", address=owner)
    return get(store, id)


def get(store: Store, id: str) -> File:
    """The file with this id; 404 when there is none."""
    row = store.db.execute("SELECT * FROM file WHERE id = ?", (id,)).fetchone()
    if row is None:
        raise not_found()
    return from_row(row)


def from_row(row: sqlite3.Row) -> File:
    """The file of a row of the table `file`."""
    return File(**{**dict(row), "trashed": bool(row["trashed"]), "metadata": json.loads(row["metadata"])})


def spreadsheets(store: Store) -> list[File]:
    """All spreadsheets not in the bin, the newest first."""
    rows = store.db.execute(
        "SELECT * FROM file WHERE mime_type = ? AND NOT trashed ORDER BY created_at DESC, rowid DESC",
        (SPREADSHEET,),
    )
    return [from_row(row) for row in rows.fetchall()]


def rank(role: str | None) -> int:
    """How much a role allows: -1 for none, growing from reader to owner."""
    return ROLES.index(role) if role in ROLES else -1


def role_of(store: Store, id: str, email: str) -> str | None:
    """The strongest role an address has in a file."""
    rows = store.db.execute(
        "SELECT role FROM permission WHERE file_id = ? AND (type = 'anyone' OR address IN (?, ?))",
        (id, email.lower(), email.rpartition("@")[2].lower()),
    )
    return max((row["role"] for row in rows), key=rank, default=None)


def require(store: Store, id: str, email: str, role: str = "reader", *, mime_type: str | None = None) -> File:
    """The file; 404 when there is none (of that type), 403 when the address has a lesser role."""
    file = get(store, id)
    if mime_type is not None and file.mime_type != mime_type:
        raise not_found()
    if rank(role_of(store, id, email)) < rank(role):
        raise forbidden()
    return file


def people(store: Store, id: str, role: str = "reader") -> tuple[str, ...]:
    """The addresses that have at least this role in a file, in the order in which they got it."""
    rows = store.db.execute(
        "SELECT address, role FROM permission WHERE file_id = ? AND type IN ('user', 'group') ORDER BY rowid",
        (id,),
    )
    return tuple(row["address"] for row in rows if rank(row["role"]) >= rank(role))


def permission_id(type: str, address: str) -> str:
    """The identifier of a permission: the same for one address in every file, as in Drive."""
    if type == "anyone":
        return "anyoneWithLink"
    digest = hashlib.sha256(f"{type}:{address.lower()}".encode()).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 10**20:020d}"


def grant(
    store: Store, id: str, *, type: str, role: str, address: str = "", metadata: Json | None = None
) -> str:
    """Give a role in a file, in the place of the one that the address had; the permission's id."""
    permission = permission_id(type, address)
    with store.transaction() as db:
        db.execute(
            "INSERT INTO permission VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET role = excluded.role",
            (id, permission, type, role, address.lower(), json.dumps(metadata or {}, ensure_ascii=False)),
        )
    return permission


def touch(store: Store, id: str, email: str | None = None) -> None:
    """Record that a file was written now: `modifiedTime` and `version` move."""
    store.db.execute(
        "UPDATE file SET modified_at = ?, version = version + 1, modified_by = coalesce(?, modified_by)"
        " WHERE id = ?",
        (store.now().isoformat(), email, id),
    )


def rename(store: Store, id: str, name: str) -> None:
    """Change a file's name, which is also the title of a spreadsheet and the document's title of a form."""
    store.db.execute("UPDATE file SET name = ? WHERE id = ?", (name, id))
