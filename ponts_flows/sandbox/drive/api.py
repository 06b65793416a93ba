"""Drive v3: the methods on files."""

from __future__ import annotations

import json
from typing import Any

from ponts_flows.sandbox.drive import contents, files
from ponts_flows.sandbox.drive.files import File
from ponts_flows.sandbox.drive.resources import file_json, root_of, user_json
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


def reaches(call: Call, owner: str) -> bool:
    """Whether the caller's scopes reach a file: `drive.file` alone reaches what the caller itself made."""
    return owner == call.caller.email or bool(call.caller.scopes & EVERY_FILE)


def _visible(call: Call, id: str, role: str) -> File:
    own = files.rank(files.role_of(call.store, id, call.caller.email))
    if own < 0 or not reaches(call, files.get(call.store, id).owner):
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
