"""batchUpdate: named ranges and protected ranges."""

from __future__ import annotations

import re
import secrets

from ponts_flows.sandbox.errors import bad_request
from ponts_flows.sandbox.sheets import a1, protection
from ponts_flows.sandbox.sheets.a1 import Json
from ponts_flows.sandbox.sheets.grid import Sheet
from ponts_flows.sandbox.sheets.masks import mask, replaced
from ponts_flows.sandbox.sheets.work import Work

# Named ranges


def add_named_range(work: Work, request: Json) -> Json:
    given = request.get("namedRange", {})
    _check_name(work, given.get("name", ""))
    _, area = work.area(given.get("range"))
    id = given.get("namedRangeId") or str(secrets.randbelow(2**31))
    if any(entry["namedRangeId"] == id for entry in work.book.named_ranges):
        raise bad_request(f"A named range with the ID {id} already exists.")
    entry = {"namedRangeId": id, "name": given["name"], "range": area.json()}
    work.book.named_ranges.append(entry)
    return {"namedRange": entry}


def _check_name(work: Work, name: str, *, but: str | None = None) -> None:
    if (
        not re.fullmatch(r"[^\W\d][\w]{0,249}", name)
        or a1.cells(name, 0)
        or name.upper() in ("TRUE", "FALSE")
    ):
        raise bad_request(f"Invalid name: {name}")
    for entry in work.book.named_ranges:
        if entry["name"].casefold() == name.casefold() and entry["namedRangeId"] != but:
            raise bad_request(f"A named range with the name {name} already exists.")


def _named_range(work: Work, id: str) -> Json:
    for entry in work.book.named_ranges:
        if entry["namedRangeId"] == id:
            return entry
    raise bad_request(f"No named range with id: {id}")


def update_named_range(work: Work, request: Json) -> None:
    given = request.get("namedRange", {})
    tree = mask(request.get("fields"), "NamedRange")
    entry = _named_range(work, given.get("namedRangeId", ""))
    if "name" in tree:
        _check_name(work, given.get("name", ""), but=entry["namedRangeId"])
        entry["name"] = given["name"]
    if "range" in tree:
        entry["range"] = work.area(
            replaced(entry["range"], given.get("range", {}), tree["range"])
            if tree["range"]
            else given.get("range")
        )[1].json()


def delete_named_range(work: Work, request: Json) -> None:
    work.book.named_ranges.remove(_named_range(work, request.get("namedRangeId", "")))


# Protected ranges


def range_of(work: Work, given: Json) -> tuple[Sheet, Json]:
    """The range of an object that is backed by a range or a named range."""
    if given.get("namedRangeId"):
        named = _named_range(work, given["namedRangeId"])["range"]
        return work.book.sheet(named.get("sheetId", 0)), dict(named)
    sheet, area = work.area(given.get("range"))
    return sheet, area.json()


def add_protected_range(work: Work, request: Json) -> Json:
    given = request.get("protectedRange", {})
    sheet, area = range_of(work, given)
    id = given.get("protectedRangeId") or work.book.free_id()
    if any(
        entry["protectedRangeId"] == id for s in work.book.sheets for entry in s.attached["protectedRanges"]
    ):
        raise bad_request(f"Protected range with id: {id} already exists.")
    entry: Json = {"protectedRangeId": id, "range": area}
    entry |= {name: given[name] for name in ("namedRangeId", "description", "warningOnly") if given.get(name)}
    free = [work.area(item)[1].json() for item in given.get("unprotectedRanges", ())]
    if free:
        entry["unprotectedRanges"] = free
    if not given.get("warningOnly"):
        entry["editors"] = protection.default_editors(work.store, work.book, given.get("editors"))
    sheet.attached["protectedRanges"].append(entry)
    return {"protectedRange": protection.visible(work.book, entry)}


def attached(work: Work, name: str, key: str, id: int, words: str) -> tuple[Sheet, Json]:
    for sheet in work.book.sheets:
        for entry in sheet.attached[name]:
            if entry[key] == id:
                return sheet, entry
    raise bad_request(f"No {words} with id: {id}")


def _own_protection(work: Work, id: int) -> tuple[Sheet, Json]:
    sheet, entry = attached(work, "protectedRanges", "protectedRangeId", id, "protected range")
    if not entry.get("warningOnly") and not protection.is_editor(work.book, entry, work.book.caller):
        raise bad_request(protection.REFUSAL)
    return sheet, entry


def update_protected_range(work: Work, request: Json) -> None:
    given = request.get("protectedRange", {})
    tree = mask(request.get("fields"), "ProtectedRange")
    sheet, entry = _own_protection(work, given.get("protectedRangeId", 0))
    new = replaced(
        entry,
        given,
        {n: b for n, b in tree.items() if n not in ("protectedRangeId", "requestingUserCanEdit")},
    )
    if "range" in tree or "namedRangeId" in tree:
        target, new["range"] = range_of(work, new)
    else:
        target = sheet
    if new.get("warningOnly"):
        new.pop("editors", None)
    elif "editors" in tree or "editors" not in new:
        new["editors"] = protection.default_editors(work.store, work.book, new.get("editors"))
    sheet.attached["protectedRanges"].remove(entry)
    target.attached["protectedRanges"].append({name: part for name, part in new.items() if part is not False})


def delete_protected_range(work: Work, request: Json) -> None:
    sheet, entry = _own_protection(work, request.get("protectedRangeId", 0))
    sheet.attached["protectedRanges"].remove(entry)
