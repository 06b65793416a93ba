"""The forms kept: content, revision, publication. A document's title is the name of its file in Drive."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from ponts_flows.sandbox.drive import files
from ponts_flows.sandbox.errors import bad_request, not_found
from ponts_flows.sandbox.store import Store, new_id

Json = dict[str, Any]

SCHEMA = """
CREATE TABLE IF NOT EXISTS form (
    id TEXT PRIMARY KEY REFERENCES file (id) ON DELETE CASCADE, published_id TEXT NOT NULL UNIQUE,
    revision INTEGER NOT NULL, content TEXT NOT NULL, published INTEGER NOT NULL, accepting INTEGER NOT NULL,
    linked_sheet_id TEXT
);
CREATE TABLE IF NOT EXISTS form_response (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    form_id TEXT NOT NULL REFERENCES form (id) ON DELETE CASCADE, edit_token TEXT NOT NULL UNIQUE,
    submission TEXT, created_ns INTEGER NOT NULL, submitted_ns INTEGER NOT NULL,
    email TEXT, answers TEXT NOT NULL, UNIQUE (form_id, submission)
);
CREATE INDEX IF NOT EXISTS form_response_submitted ON form_response (form_id, submitted_ns, number);
CREATE TABLE IF NOT EXISTS form_watch (
    form_id TEXT NOT NULL REFERENCES form (id) ON DELETE CASCADE, id TEXT NOT NULL, project TEXT NOT NULL,
    event_type TEXT NOT NULL, topic TEXT NOT NULL, created_at TEXT NOT NULL, expires_at TEXT NOT NULL,
    PRIMARY KEY (form_id, id)
);
"""


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form as it is kept: `content` holds `info`, `items` and `settings` in the service's own JSON."""

    id: str
    published_id: str
    revision: int
    content: Json
    document_title: str
    published: bool
    accepting: bool
    linked_sheet_id: str | None

    @property
    def title(self) -> str:
        """What people read at the top of the form."""
        return str(self.content["info"].get("title") or self.document_title)

    @property
    def email_collection(self) -> str:
        """`DO_NOT_COLLECT`, `VERIFIED` or `RESPONDER_INPUT`."""
        return str(self.content["settings"]["emailCollectionType"])


def create(store: Store, *, title: str, document_title: str, owner: str, published: bool) -> Form:
    """Make an empty form with a title."""
    with store.transaction() as db:
        id = files.create(store, name=document_title or "Untitled form", mime_type=files.FORM, owner=owner).id
        content = {
            "info": {"title": title} if title else {},
            "items": [],
            "settings": {"emailCollectionType": "DO_NOT_COLLECT"},
        }
        db.execute(
            "INSERT INTO form VALUES (?, ?, 1, ?, ?, ?, NULL)",
            (id, "1FAIpQLS" + new_id(49)[1:], json.dumps(content), published, published),
        )
    return load(store, id)


def load(store: Store, id: str) -> Form:
    """The form with this id; 404 when there is none."""
    return _one(store, "form.id = ?", id)


def load_published(store: Store, published_id: str) -> Form:
    """The form that people reach under this id; 404 when there is none or it is in the bin."""
    return _one(store, "form.published_id = ? AND NOT file.trashed", published_id)


def every(store: Store) -> list[Form]:
    """All forms not in the bin, the newest first."""
    rows = store.db.execute(
        "SELECT form.id FROM form JOIN file USING (id) WHERE NOT trashed"
        " ORDER BY created_at DESC, form.rowid DESC"
    )
    return [load(store, row["id"]) for row in rows.fetchall()]


def _one(store: Store, condition: str, value: str) -> Form:
    row = store.db.execute(
        f"SELECT form.*, file.name FROM form JOIN file USING (id) WHERE {condition}",  # noqa: S608 - our own text
        (value,),
    ).fetchone()
    if row is None:
        raise not_found()
    return Form(
        id=row["id"],
        published_id=row["published_id"],
        revision=row["revision"],
        content=json.loads(row["content"]),
        document_title=row["name"],
        published=bool(row["published"]),
        accepting=bool(row["accepting"]),
        linked_sheet_id=row["linked_sheet_id"],
    )


def save(store: Store, form: Form, content: Json, *, by: str) -> Form:
    """Keep new content under a new revision."""
    with store.transaction() as db:
        revision = form.revision + 1
        db.execute(
            "UPDATE form SET content = ?, revision = ? WHERE id = ?",
            (json.dumps(content, ensure_ascii=False), revision, form.id),
        )
        files.touch(store, form.id, by)
    return replace(form, content=content, revision=revision)


def publish(store: Store, form: Form, *, published: bool, accepting: bool) -> Form:
    """Open or close a form to people."""
    if accepting and not published:
        raise bad_request("isAcceptingResponses cannot be true when isPublished is false.")
    with store.transaction() as db:
        db.execute(
            "UPDATE form SET published = ?, accepting = ? WHERE id = ?", (published, accepting, form.id)
        )
    return replace(form, published=published, accepting=accepting)


def copy(store: Store, source_id: str, *, name: str, owner: str) -> str:
    """Make another form with the same questions and no answers, unpublished; its id."""
    source = load(store, source_id)
    with store.transaction() as db:
        made = create(store, title="", document_title=name, owner=owner, published=False)
        db.execute("UPDATE form SET content = ? WHERE id = ?", (json.dumps(source.content), made.id))
    return made.id
