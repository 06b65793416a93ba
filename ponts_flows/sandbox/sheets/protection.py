"""Protected ranges: who may edit which cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ponts_flows.sandbox.drive import files
from ponts_flows.sandbox.errors import bad_request
from ponts_flows.sandbox.sheets.a1 import Area, Json
from ponts_flows.sandbox.sheets.book import Book
from ponts_flows.sandbox.sheets.grid import Sheet
from ponts_flows.sandbox.store import Store

REFUSAL = (
    "You are trying to edit a protected cell or object. "
    "Please contact the spreadsheet owner to remove protection if you need to edit."
)


def may_edit(book: Book, area: Area, email: str) -> bool:
    """Whether no protected range keeps a person from any cell of an area; their role is not looked at."""
    return email.casefold() == book.owner.casefold() or not any(closed_areas(book, area, email))


def closed_areas(book: Book, area: Area, email: str) -> Iterator[Area]:
    """The protected areas that meet `area` and that this person may not edit."""
    for entry in book.sheet(area.sheet).attached["protectedRanges"]:
        protected = Area.of(entry["range"])
        if not protected.meets(area) or entry.get("warningOnly") or is_editor(book, entry, email):
            continue
        if not any(Area.of(free).covers(area) for free in entry.get("unprotectedRanges", ())):
            yield protected


def is_editor(book: Book, protected: Json, email: str) -> bool:
    """Whether a protected range lets a person edit: its owner always, else those it names."""
    editors = protected.get("editors", {})
    folded = email.casefold()
    if folded == book.owner.casefold() or folded in (user.casefold() for user in editors.get("users", ())):
        return True
    same_domain = folded.rpartition("@")[2] == book.owner.casefold().rpartition("@")[2]
    return bool(editors.get("domainUsersCanEdit")) and same_domain


def check(book: Book, areas: Iterable[Area]) -> None:
    """400 in Google's words when the caller may not edit all of these areas."""
    for area in areas:
        if not may_edit(book, area, book.caller):
            raise bad_request(REFUSAL)


def check_sheet(book: Book, sheet: Sheet) -> None:
    """400 when something on the sheet is protected from the caller: such a sheet can't be deleted."""
    check(book, [Area(sheet=sheet.id)])


def default_editors(store: Store, book: Book, given: Json | None) -> Json:
    """The editors of a new protected range: those given, the owner and the caller; else all of the file's."""
    if given is None:
        return {"users": list(files.people(store, book.id, "writer"))}
    users = list(dict.fromkeys([*given.get("users", ()), book.owner, book.caller]))
    return {**given, "users": users}


def visible(book: Book, protected: Json) -> Json:
    """A protected range as the caller sees it: the editors only if they may edit it themselves."""
    if protected.get("warningOnly"):
        return {**{k: v for k, v in protected.items() if k != "editors"}, "requestingUserCanEdit": True}
    if is_editor(book, protected, book.caller):
        return {**protected, "requestingUserCanEdit": True}
    return {k: v for k, v in protected.items() if k != "editors"}
