"""Developer metadata: labels that a program puts on a spreadsheet, a sheet, a row or a column."""

from __future__ import annotations

from ponts_flows.sandbox.errors import bad_request
from ponts_flows.sandbox.sheets.a1 import Area, Json
from ponts_flows.sandbox.sheets.book import Book


def add(book: Book, given: Json) -> Json:
    """Attach metadata where `location` says; return it as the API does."""
    if not given.get("metadataKey"):
        raise bad_request("DeveloperMetadata must have a key specified.")
    if given.get("visibility") in (None, "DEVELOPER_METADATA_VISIBILITY_UNSPECIFIED"):
        raise bad_request("DeveloperMetadata must have a visibility specified.")
    id = given.get("metadataId") or book.free_id()
    if id in book.metadata:
        raise bad_request(f"DeveloperMetadata with ID {id} already exists.")
    entry = {name: given[name] for name in ("metadataKey", "metadataValue", "visibility") if given.get(name)}
    book.metadata[id] = {"metadataId": id, **entry, **place(book, given.get("location"))}
    book.touched_metadata.add(id)
    return shown(book, book.metadata[id])


def place(book: Book, location: Json | None) -> Json:
    """A location as it is kept: under the keys of sheets, rows and columns, not their positions."""
    location = location or {}
    if "dimensionRange" in location:
        found = location["dimensionRange"]
        sheet = book.sheet(found.get("sheetId", 0))
        if found.get("dimension") not in ("ROWS", "COLUMNS"):
            raise bad_request("No dimension specified.")
        axis = sheet.rows if found["dimension"] == "ROWS" else sheet.columns
        start, end = found.get("startIndex"), found.get("endIndex")
        if start is None or end is None or end - start != 1:
            raise bad_request(
                "DeveloperMetadata location's dimension range must cover exactly one row or column."
            )
        if end > len(axis):
            raise bad_request("DeveloperMetadata location is outside the grid.")
        return {"sheet": sheet.id, "axis": found["dimension"], "key": axis.keys[start]}
    if "sheetId" in location:
        return {"sheet": book.sheet(location["sheetId"]).id}
    if location.get("spreadsheet"):
        return {}
    raise bad_request("DeveloperMetadata must have a location specified.")


def shown(book: Book, entry: Json) -> Json:
    """Metadata as the API answers it, at its present location."""
    plain = {name: part for name, part in entry.items() if name not in ("sheet", "axis", "key")}
    return {**plain, "location": location(book, entry)}


def location(book: Book, entry: Json) -> Json:
    """Where metadata is now, as a DeveloperMetadataLocation."""
    if "sheet" not in entry:
        return {"locationType": "SPREADSHEET", "spreadsheet": True}
    if "axis" not in entry:
        return {"locationType": "SHEET", "sheetId": entry["sheet"]}
    at = position(book, entry)
    dimension = {
        **({"sheetId": entry["sheet"]} if entry["sheet"] else {}),
        "dimension": entry["axis"],
        "startIndex": at,
        "endIndex": at + 1,
    }
    return {"locationType": "ROW" if entry["axis"] == "ROWS" else "COLUMN", "dimensionRange": dimension}


def position(book: Book, entry: Json) -> int:
    """The present position of the row or column that metadata is on."""
    sheet = book.sheet(entry["sheet"])
    axis = sheet.rows if entry["axis"] == "ROWS" else sheet.columns
    at = axis.position(entry["key"])
    assert at is not None, "the metadata of a deleted row or column is deleted with it"
    return at


def area(book: Book, entry: Json) -> Area | None:
    """The cells that metadata is about; None for the whole spreadsheet."""
    if "sheet" not in entry:
        return None
    if "axis" not in entry:
        return Area(sheet=entry["sheet"])
    at = position(book, entry)
    if entry["axis"] == "ROWS":
        return Area(sheet=entry["sheet"], top=at, bottom=at + 1)
    return Area(sheet=entry["sheet"], left=at, right=at + 1)


def matching(book: Book, lookup: Json) -> list[Json]:
    """The metadata that fits every field of a DeveloperMetadataLookup, as kept."""
    names = ("metadataId", "metadataKey", "metadataValue")
    wanted = {name: lookup[name] for name in names if lookup.get(name) not in (None, "", 0)}
    if lookup.get("visibility") not in (None, "DEVELOPER_METADATA_VISIBILITY_UNSPECIFIED"):
        wanted["visibility"] = lookup["visibility"]
    if "metadataId" in wanted:
        entries = [book.metadata[wanted["metadataId"]]] if wanted["metadataId"] in book.metadata else []
    else:
        entries = sorted(book.metadata.values(), key=lambda entry: int(entry["metadataId"]))
    found = [e for e in entries if all(e.get(name) == value for name, value in wanted.items())]
    kind = lookup.get("locationType")
    if kind not in (None, "DEVELOPER_METADATA_LOCATION_TYPE_UNSPECIFIED"):
        found = [e for e in found if location(book, e)["locationType"] == kind]
    if lookup.get("metadataLocation"):
        exact = lookup.get("locationMatchingStrategy") == "EXACT_LOCATION"
        found = [e for e in found if _located(book, e, lookup["metadataLocation"], exact=exact)]
    return found


def _located(book: Book, entry: Json, wanted: Json, *, exact: bool) -> bool:
    place = location(book, entry)
    if wanted.get("spreadsheet"):
        return bool(place["locationType"] == "SPREADSHEET")
    here = area(book, entry)
    if here is None:
        return False
    if "dimensionRange" in wanted:
        found = wanted["dimensionRange"]
        sheet, start, end = found.get("sheetId", 0), found.get("startIndex"), found.get("endIndex")
        rows = found.get("dimension") == "ROWS"
        there = Area(sheet=sheet, top=start, bottom=end) if rows else Area(sheet=sheet, left=start, right=end)
    else:
        there = Area(sheet=wanted.get("sheetId", 0))
    return here == there if exact else here.meets(there)


def on(book: Book, *, sheet: int | None = None, axis: str | None = None) -> dict[int | None, list[Json]]:
    """The metadata of the spreadsheet, of a sheet, or (given an axis) of its rows or columns, by position."""
    found: dict[int | None, list[Json]] = {}
    for entry in book.metadata.values():
        if entry.get("sheet") == sheet and entry.get("axis") == axis:
            at = position(book, entry) if axis else None
            found.setdefault(at, []).append(shown(book, entry))
    return found
