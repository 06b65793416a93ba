"""Drive v3: `files.list`, the search among the files that a person may see."""

from __future__ import annotations

import base64
import json
from typing import Any

from ponts_flows.sandbox.drive import files, search
from ponts_flows.sandbox.drive.api import API, reaches
from ponts_flows.sandbox.drive.resources import file_json, parents_of, root_of
from ponts_flows.sandbox.errors import GoogleError
from ponts_flows.sandbox.protocol import Call, method

Json = dict[str, Any]


@method(API, "drive.files.list")
def list_files(call: Call) -> Json:
    """The files that the caller has a role in, those in the bin too unless the query leaves them out."""
    caller = call.caller.email
    query = call.query.get("q", "")
    test = search.parse(query.replace("'root' in", f"'{root_of(caller)}' in"))
    found = [candidate.file for candidate in _candidates(call) if test(candidate)]
    for key in reversed(_order(call.query.get("orderBy", "modifiedTime desc"))):
        found.sort(key=_KEYS[key[0]], reverse=key[1])
    start, size = _start(call.query.get("pageToken", ""), query), _size(call.query.get("pageSize", 100))
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
    mine = "(SELECT file_id FROM permission WHERE address = ?)"
    roles: dict[str, dict[str, str]] = {}
    for row in call.store.db.execute(f"SELECT * FROM permission WHERE file_id IN {mine}", (caller,)):  # noqa: S608
        roles.setdefault(row["file_id"], {})[row["address"]] = row["role"]
    rows = call.store.db.execute(f"SELECT * FROM file WHERE id IN {mine} ORDER BY rowid DESC", (caller,))  # noqa: S608
    found = [file for file in map(files.from_row, rows) if reaches(call, file.owner)]
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


def _size(size: int) -> int:
    if 1 <= size <= 1000:
        return size
    message = f"Invalid value '{size}'. Values must be within the range: [1, 1000]"
    raise GoogleError(400, message, reason="invalidParameter", location="pageSize")


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
