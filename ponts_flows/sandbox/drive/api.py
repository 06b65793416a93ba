"""Drive v3: the methods on files."""

from __future__ import annotations

import base64
import json
from typing import Any

from ponts_flows.sandbox.drive import contents, files, search
from ponts_flows.sandbox.drive.files import File
from ponts_flows.sandbox.drive.resources import file_json, parents_of, root_of, user_json
from ponts_flows.sandbox.errors import GoogleError
from ponts_flows.sandbox.protocol import Call, Media, method
from ponts_flows.sandbox.store import new_id

Json = dict[str, Any]
API = "drive.v3"
EVERY_FILE = frozenset(
    f"https://www.googleapis.com/auth/drive{part}"
    for part in ("", ".readonly", ".metadata", ".metadata.readonly")
)
STORED = ("description", "starred", "properties", "appProperties", "folderColorRgb", "writersCanShare")


def not_found(id: str) -> GoogleError:
    """Drive's 404: the same for a file that does not exist and for one that the caller may not see."""
    return GoogleError(404, f"File not found: {id}.", reason="notFound", location="fileId")


def opened(call: Call, role: str = "reader") -> File:
    """The file of a call, once the caller's role is checked."""
    return _visible(call, call.path["fileId"], role)


def _reaches(call: Call, owner: str) -> bool:
    """Whether the caller's scopes reach a file: `drive.file` alone reaches only what the caller itself made."""
    return owner == call.caller.email or bool(call.caller.scopes & EVERY_FILE)


def _visible(call: Call, id: str, role: str) -> File:
    own = files.rank(files.role_of(call.store, id, call.caller.email))
    if own < 0 or not _reaches(call, files.get(call.store, id).owner):
        raise not_found(id)
    if own < files.rank(role):
        raise GoogleError(
            403,
            "The user does not have sufficient permissions for this file.",
            reason="insufficientFilePermissions",
        )
    return files.get(call.store, id)


def _answer(call: Call, file: File) -> Json:
    return file_json(call.store, file, call.caller.email, call.base_url, full=bool(call.query.get("fields")))


@method(API, "drive.files.list")
def list_files(call: Call) -> Json:
    """The files that the caller has a role in, those in the bin too unless the query leaves them out."""
    caller = call.caller.email
    query = call.query.get("q", "")
    test = search.parse(query.replace("'root' in", f"'{root_of(caller)}' in"))
    found = [candidate.file for candidate in _candidates(call) if test(candidate)]
    for key in reversed(_order(call.query.get("orderBy", "modifiedTime desc"))):
        found.sort(key=_KEYS[key[0]], reverse=key[1])
    start = _start(call.query.get("pageToken", ""), query)
    size = call.query.get("pageSize", 100)
    if not 1 <= size <= 1000:
        raise GoogleError(
            400,
            f"Invalid value '{size}'. Values must be within the range: [1, 1000]",
            reason="invalidParameter",
            location="pageSize",
        )
    page = found[start : start + size]
    full = bool(call.query.get("fields"))
    body: Json = {
        "kind": "drive#fileList",
        "incompleteSearch": False,
        "files": [file_json(call.store, file, caller, call.base_url, full=full) for file in page],
    }
    if start + size < len(found):
        body["nextPageToken"] = base64.urlsafe_b64encode(json.dumps([start + size, query]).encode()).decode()
    return body


def _candidates(call: Call) -> list[search.Candidate]:
    """The files that a person finds: those shared with them by name, not those that a link opens."""
    caller = call.caller.email
    db = call.store.db
    rows = db.execute(
        "SELECT * FROM file WHERE id IN (SELECT file_id FROM permission WHERE address = ?)"
        " ORDER BY rowid DESC",
        (caller,),
    ).fetchall()
    roles: dict[str, dict[str, str]] = {row["id"]: {} for row in rows}
    for row in db.execute(
        "SELECT file_id, address, role FROM permission"
        " WHERE file_id IN (SELECT file_id FROM permission WHERE address = ?)",
        (caller,),
    ):
        roles[row["file_id"]][row["address"]] = row["role"]
    found = [file for file in map(files.from_row, rows) if _reaches(call, file.owner)]
    return [
        search.Candidate(file=file, parents=parents_of(file, caller), roles=roles[file.id], caller=caller)
        for file in found
    ]


_KEYS = {
    "name": lambda file: file.name.casefold(),
    "name_natural": lambda file: file.name.casefold(),
    "modifiedTime": lambda file: file.modified_at,
    "modifiedByMeTime": lambda file: file.modified_at,
    "viewedByMeTime": lambda file: file.modified_at,
    "recency": lambda file: file.modified_at,
    "createdTime": lambda file: file.created_at,
    "sharedWithMeTime": lambda file: file.created_at,
    "folder": lambda file: file.mime_type != files.FOLDER,
    "starred": lambda file: not file.metadata.get("starred", False),
    "quotaBytesUsed": lambda file: 0,
}


def _order(text: str) -> list[tuple[str, bool]]:
    keys = []
    for part in text.split(","):
        name, _, direction = part.strip().partition(" ")
        if name not in _KEYS or direction not in ("", "desc"):
            raise GoogleError(400, f"Invalid Value: {text}", reason="invalid", location="orderBy")
        keys.append((name, direction == "desc"))
    return keys


def _start(token: str, query: str) -> int:
    if not token:
        return 0
    try:
        start, made_for = json.loads(base64.urlsafe_b64decode(token))
    except (ValueError, TypeError):
        raise GoogleError(400, "Invalid Value", reason="invalid", location="pageToken") from None
    if made_for != query:
        raise GoogleError(400, "Invalid Value", reason="invalid", location="pageToken")
    return int(start)


@method(API, "drive.files.get")
def get_file(call: Call) -> Json:
    """One file's metadata; the content of Google's own types can only be exported."""
    if call.path["fileId"] == "root":
        caller = call.caller.email
        return {"kind": "drive#file", "id": root_of(caller), "name": "My Drive", "mimeType": files.FOLDER}
    file = opened(call)
    if call.query.get("alt") == "media":
        raise GoogleError(
            403,
            "Only files with binary content can be downloaded. Use Export with Docs Editors files.",
            reason="fileNotDownloadable",
            location="alt",
        )
    return _answer(call, file)


def _metadata(call: Call, body: Json) -> Json:
    metadata = {name: body[name] for name in STORED if body.get(name) is not None}
    if body.get("parents"):
        metadata["parents"] = _folders(call, body["parents"])
    return metadata


def _folders(call: Call, ids: list[str]) -> list[str]:
    """The stored form of a file's parents: the caller's own root is not written down."""
    if len(ids) > 1:
        raise GoogleError(
            403, "A file cannot be placed in more than one folder.", reason="multipleParentsNotSupported"
        )
    wanted = [id for id in ids if id not in ("root", root_of(call.caller.email))]
    for id in wanted:
        _visible(call, id, "writer")
    return wanted


@method(API, "drive.files.create")
def create(call: Call) -> Json:
    """Make an empty spreadsheet, form, folder or other file without content."""
    body = call.body
    file = contents.create(
        call.store,
        name=body.get("name") or "Untitled",
        mime_type=body.get("mimeType") or "application/octet-stream",
        owner=call.caller.email,
        metadata=_metadata(call, body),
    )
    return _answer(call, file)


@method(API, "drive.files.copy")
def copy(call: Call) -> Json:
    """Copy a file and its content; rights are not copied."""
    source = opened(call)
    if source.mime_type == files.FOLDER:
        raise GoogleError(403, "This file cannot be copied by the user.", reason="cannotCopyFile")
    made = contents.copy(
        call.store,
        source,
        name=call.body.get("name") or f"Copy of {source.name}",
        owner=call.caller.email,
        metadata={**source.metadata, **_metadata(call, call.body)},
    )
    return _answer(call, made)


@method(API, "drive.files.update")
def update(call: Call) -> Json:
    """Rename, move, star, describe, put in the bin or take out of it."""
    body = call.body
    file = opened(call, "owner" if body.get("trashed") is not None else "writer")
    metadata = {**file.metadata, **_metadata(call, {**body, "parents": None})}
    removed = (call.query.get("removeParents") or "").split(",")
    parents = [id for id in metadata.get("parents", []) if id not in removed]
    if added := call.query.get("addParents"):
        parents = _folders(call, added.split(","))
    metadata["parents"] = parents
    call.store.db.execute(
        "UPDATE file SET name = ?, trashed = ?, metadata = ? WHERE id = ?",
        (
            body.get("name") or file.name,
            file.trashed if body.get("trashed") is None else body["trashed"],
            json.dumps({name: value for name, value in metadata.items() if value not in ([], None)}),
            file.id,
        ),
    )
    files.touch(call.store, file.id, call.caller.email)
    return _answer(call, files.get(call.store, file.id))


@method(API, "drive.files.delete")
def delete(call: Call) -> None:
    """Delete for good, with all that a folder holds; only the owner may."""
    contents.delete(call.store, opened(call, "owner"))


@method(API, "drive.files.export")
def export(call: Call) -> Media:
    """The content of a spreadsheet as CSV or TSV: the first tab, as displayed."""
    return contents.export(call.store, opened(call), call.query.get("mimeType", ""), call.caller.email)


@method(API, "drive.files.generateIds")
def generate_ids(call: Call) -> Json:
    """Identifiers that `create` and `copy` accept."""
    count = call.query.get("count", 10)
    return {"kind": "drive#generatedIds", "space": "drive", "ids": [new_id() for _ in range(count)]}


@method(API, "drive.about.get")
def about(call: Call) -> Json:
    """Who the caller is."""
    if not call.query.get("fields"):
        raise GoogleError(
            400, "The 'fields' parameter is required for this method.", reason="required", location="fields"
        )
    caller = call.caller.email
    return {
        "kind": "drive#about",
        "user": user_json(caller, caller),
        "storageQuota": {"limit": "16106127360", "usage": "0", "usageInDrive": "0", "usageInDriveTrash": "0"},
        "maxUploadSize": "5242880000000",
        "appInstalled": False,
        "canCreateDrives": False,
        "exportFormats": {files.SPREADSHEET: list(contents.EXPORTS)},
    }
