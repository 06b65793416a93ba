"""Files, permissions and people as Drive writes them: unlike newer services, it writes false too."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime
from typing import Any

from ponts_flows.sandbox.drive import files
from ponts_flows.sandbox.drive.files import File
from ponts_flows.sandbox.store import Store

Json = dict[str, Any]
FILE_DEFAULTS = ("kind", "id", "name", "mimeType")
PERMISSION_DEFAULTS = ("id", "type", "kind", "role")
_ADDRESS = {
    files.SPREADSHEET: "/spreadsheets/d/{id}/edit?usp=drivesdk",
    files.FORM: "/forms/d/{id}/edit?usp=drivesdk",
    files.FOLDER: "/drive/folders/{id}",
}


def timestamp(moment: str) -> str:
    """A kept time as Drive writes it, always with milliseconds."""
    return datetime.fromisoformat(moment).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def root_of(email: str) -> str:
    """The identifier of somebody's own root folder."""
    return f"0A{files.permission_id('user', email)[:14]}Uk9PVA"


def parents_of(file: File, email: str) -> tuple[str, ...]:
    """The folders in which a person sees a file: none when it is somebody else's and in no shared folder."""
    stored = tuple(file.metadata.get("parents", ()))
    return stored or ((root_of(email),) if file.owner == email else ())


def user_json(email: str, caller: str) -> Json:
    """A `User`."""
    return {
        "kind": "drive#user",
        "displayName": email.partition("@")[0],
        "me": email == caller,
        "permissionId": files.permission_id("user", email),
        "emailAddress": email,
    }


def permission_json(row: sqlite3.Row) -> Json:
    """A `Permission`, all of it."""
    body: Json = {"kind": "drive#permission", "id": row["id"], "type": row["type"], "role": row["role"]}
    if row["type"] in ("user", "group"):
        body |= {
            "displayName": row["address"].partition("@")[0],
            "emailAddress": row["address"],
            "deleted": False,
        }
        if row["type"] == "user":
            body["pendingOwner"] = False
    elif row["type"] == "domain":
        body |= {"displayName": row["address"], "domain": row["address"], "allowFileDiscovery": False}
    else:
        body["allowFileDiscovery"] = False
    body |= json.loads(row["metadata"])
    return body


def permission_rows(store: Store, file_id: str) -> list[sqlite3.Row]:
    """The permissions of a file, its owner's first."""
    return store.db.execute(
        "SELECT * FROM permission WHERE file_id = ? ORDER BY role <> 'owner', rowid", (file_id,)
    ).fetchall()


def file_json(store: Store, file: File, caller: str, base_url: str, *, full: bool) -> Json:
    """A `File`: the four default fields, or all that the sandbox knows."""
    body: Json = {"kind": "drive#file", "id": file.id, "name": file.name, "mimeType": file.mime_type}
    if not full:
        return body
    granted = permission_rows(store, file.id)
    own = files.rank(files.role_of(store, file.id, caller))
    may_edit, is_owner = own >= files.rank("writer"), own >= files.rank("owner")
    body |= {
        "starred": False,
        "trashed": file.trashed,
        "explicitlyTrashed": file.trashed,
        "spaces": ["drive"],
        "version": str(file.version),
        "webViewLink": base_url + _ADDRESS.get(file.mime_type, "/file/d/{id}/view").format(id=file.id),
        "createdTime": timestamp(file.created_at),
        "modifiedTime": timestamp(file.modified_at),
        "modifiedByMe": file.modified_by == caller,
        "lastModifyingUser": user_json(file.modified_by, caller),
        "owners": [user_json(file.owner, caller)],
        "ownedByMe": file.owner == caller,
        "shared": len(granted) > 1,
        "writersCanShare": True,
        "viewersCanCopyContent": True,
        "copyRequiresWriterPermission": False,
        "isAppAuthorized": True,
        "hasThumbnail": False,
        "quotaBytesUsed": "0",
        "capabilities": {
            "canEdit": may_edit,
            "canRename": may_edit,
            "canShare": may_edit,
            "canCopy": True,
            "canDownload": True,
            "canComment": own >= files.rank("commenter"),
            "canTrash": is_owner,
            "canUntrash": is_owner,
            "canDelete": is_owner,
        },
    }
    body |= {name: value for name, value in file.metadata.items() if name != "parents"}
    if parents := parents_of(file, caller):
        body["parents"] = list(parents)
    if may_edit:
        body["permissions"] = [permission_json(row) for row in granted]
        body["permissionIds"] = [row["id"] for row in granted]
    return body
