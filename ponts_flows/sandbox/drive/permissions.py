"""Drive v3: the methods on permissions."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from ponts_flows.sandbox.drive import files
from ponts_flows.sandbox.drive.api import API, opened
from ponts_flows.sandbox.drive.files import File
from ponts_flows.sandbox.drive.resources import PERMISSION_DEFAULTS, permission_json, permission_rows
from ponts_flows.sandbox.errors import GoogleError
from ponts_flows.sandbox.protocol import Call, method

Json = dict[str, Any]
TYPES = ("user", "group", "domain", "anyone")


def _answer(call: Call, row: sqlite3.Row) -> Json:
    body = permission_json(row)
    return body if call.query.get("fields") else {name: body[name] for name in PERMISSION_DEFAULTS}


def _row(call: Call, file: File, id: str) -> sqlite3.Row:
    for row in permission_rows(call.store, file.id):
        if row["id"] == id:
            return row
    raise GoogleError(404, f"Permission not found: {id}.", reason="notFound", location="permissionId")


@method(API, "drive.permissions.list")
def list_permissions(call: Call) -> Json:
    """Who may do what with a file; only those who may edit it see that."""
    file = opened(call, "writer")
    rows = permission_rows(call.store, file.id)
    size = call.query.get("pageSize", 100)
    token = call.query.get("pageToken", "0")
    if not token.isdigit():
        raise GoogleError(400, "Invalid Value", reason="invalid", location="pageToken")
    start = int(token)
    body: Json = {
        "kind": "drive#permissionList",
        "permissions": [_answer(call, row) for row in rows[start : start + size]],
    }
    if start + size < len(rows):
        body["nextPageToken"] = str(start + size)
    return body


@method(API, "drive.permissions.get")
def get_permission(call: Call) -> Json:
    """One permission."""
    return _answer(call, _row(call, opened(call), call.path["permissionId"]))


@method(API, "drive.permissions.create")
def create_permission(call: Call) -> Json:
    """Give a role to a person, a group, a domain or anyone with the link."""
    file = opened(call, "writer")
    type, role = call.body.get("type"), call.body.get("role")
    if not type or not role:
        name = "role" if type else "type"
        raise GoogleError(
            400, f"The permission {name} field is required.", reason="required", location=f"permission.{name}"
        )
    address = _address(call.body, type, role)
    if role == "owner":
        _check_transfer(call, file)
    metadata = {}
    if type in ("domain", "anyone") and call.body.get("allowFileDiscovery"):
        metadata["allowFileDiscovery"] = True
    files.grant(call.store, file.id, type=type, role=role, address=address, metadata=metadata)
    if role == "owner":
        _transfer(call, file, address)
    return _answer(call, _row(call, file, files.permission_id(type, address)))


def _address(body: Json, type: str, role: str) -> str:
    if type not in TYPES:
        raise GoogleError(
            400, f"The specified type is invalid: {type}.", reason="invalid", location="permission.type"
        )
    if role not in files.ROLES:
        raise GoogleError(
            400, f"The specified role is invalid: {role}.", reason="invalid", location="permission.role"
        )
    if type == "anyone":
        return ""
    field = "domain" if type == "domain" else "emailAddress"
    address = str(body.get(field) or "").strip()
    if not address or (field == "emailAddress") != ("@" in address):
        raise GoogleError(
            400,
            f"The specified {field} is invalid or not applicable for the given permission type.",
            reason="invalid",
            location=f"permission.{field}",
        )
    return address


def _check_transfer(call: Call, file: File) -> None:
    if not call.query.get("transferOwnership"):
        raise GoogleError(
            403,
            "The transferOwnership parameter must be enabled when the permission role is 'owner'.",
            reason="forbidden",
            location="transferOwnership",
        )
    if file.owner != call.caller.email and not _is_pending(call, file):
        raise GoogleError(
            403,
            "The user does not have sufficient permissions for this file.",
            reason="insufficientFilePermissions",
        )


def _is_pending(call: Call, file: File) -> bool:
    """Whether the caller was offered the file and may now take it."""
    mine = files.permission_id("user", call.caller.email)
    return any(
        row["id"] == mine and json.loads(row["metadata"]).get("pendingOwner")
        for row in permission_rows(call.store, file.id)
    )


def _transfer(call: Call, file: File, address: str) -> None:
    """Make an address the owner; the earlier one keeps writing."""
    db = call.store.db
    if address.lower() == file.owner.lower():
        return
    db.execute(
        "UPDATE permission SET role = 'writer' WHERE file_id = ? AND role = 'owner' AND address <> ?",
        (file.id, address.lower()),
    )
    db.execute("UPDATE file SET owner = ? WHERE id = ?", (address.lower(), file.id))


@method(API, "drive.permissions.update")
def update_permission(call: Call) -> Json:
    """Change a role, or offer the file to its next owner (`pendingOwner`)."""
    file = opened(call, "writer")
    row = _row(call, file, call.path["permissionId"])
    role = call.body.get("role") or row["role"]
    if role not in files.ROLES:
        raise GoogleError(
            400, f"The specified role is invalid: {role}.", reason="invalid", location="permission.role"
        )
    if role == "owner" and row["role"] != "owner":
        _check_transfer(call, file)
    elif row["role"] == "owner" and role != "owner":
        raise GoogleError(403, "The owner of a file cannot be removed.", reason="cannotRemoveOwner")
    metadata = json.loads(row["metadata"])
    if call.body.get("pendingOwner") is not None:
        metadata["pendingOwner"] = call.body["pendingOwner"]
    if role == "owner":
        metadata.pop("pendingOwner", None)
    call.store.db.execute(
        "UPDATE permission SET role = ?, metadata = ? WHERE file_id = ? AND id = ?",
        (role, json.dumps(metadata), file.id, row["id"]),
    )
    if role == "owner":
        _transfer(call, file, row["address"])
    return _answer(call, _row(call, file, row["id"]))


@method(API, "drive.permissions.delete")
def delete_permission(call: Call) -> None:
    """Take a role away; anyone may give up their own."""
    mine = files.permission_id("user", call.caller.email)
    file = opened(call, "reader" if call.path["permissionId"] == mine else "writer")
    row = _row(call, file, call.path["permissionId"])
    if row["role"] == "owner":
        raise GoogleError(403, "The owner of a file cannot be removed.", reason="cannotRemoveOwner")
    call.store.db.execute("DELETE FROM permission WHERE file_id = ? AND id = ?", (file.id, row["id"]))
