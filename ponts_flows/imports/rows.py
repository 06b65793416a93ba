"""The rows of a file, or of a sheet, of pairs that ran before: read, or problems told by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from ponts_flows.errors import InputError
from ponts_flows.forms import Cell
from ponts_flows.forms.dates import DateFault, full_date, last_day
from ponts_flows.forms.folding import folded
from ponts_flows.forms.headings import text_of_cell
from ponts_flows.google.sheets import read_sheet
from ponts_flows.google.transport import Google
from ponts_flows.model import canonical_address
from ponts_flows.what_if.files import read_sheet as read_file

SHEET = "sheet:"
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Rows:
    """A file or a sheet: its name for people, its headings, its rows with their numbers."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]


@dataclass(frozen=True, kw_only=True)
class PairRow:
    """A pair as a row tells it. `renewed_on` None: in its first term; `ended_on` None: it runs."""

    number: int
    mentee: str
    mentor: str
    start: date
    sessions: int
    last_on: date | None
    renewed: bool
    renewed_on: date | None
    ended_on: date | None
    reason: str


class RowFault(Exception):
    """A row can't be used; the message says why and what to do, in French, and holds nothing personal."""


_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "mentee": ("mentee", "adresse du mentee", "e-mail du mentee", "mentee's e-mail"),
    "mentor": ("mentor", "adresse du mentor", "e-mail du mentor", "mentor's e-mail"),
    "start": ("debut", "date de debut", "mise en relation", "start"),
    "sessions": ("seances", "nombre de seances", "entretiens", "sessions"),
    "last_on": ("derniere seance", "dernier entretien", "last session"),
    "renewed": ("renouvele", "prolonge", "renewed"),
    "renewed_on": ("renouvele le", "prolonge le", "renewed on"),
    "ended_on": ("termine le", "fin", "ended on"),
    "reason": ("derogation", "motif", "exemption"),
}
_NEEDED = ("mentee", "mentor", "start", "sessions")
_YES, _NO = (
    frozenset({"oui", "yes", "x", "vrai", "true", "1"}),
    frozenset({"", "non", "no", "faux", "false", "0"}),
)


def read(place: str, google: Callable[[], Google]) -> Rows:
    """The rows of a CSV file, or of `sheet:ID[:TAB]`; InputError when it can't be read."""
    if place.startswith(SHEET):
        id, _, tab = place.removeprefix(SHEET).partition(":")
        table = read_sheet(google(), id, tab or None)
        return Rows(
            name=tab or id,
            headings=table.headings,
            rows=tuple(zip(table.row_numbers, table.rows, strict=True)),
        )
    sheet = read_file(Path(place))
    rows = ((number, row) for number, row in enumerate(sheet.body, start=sheet.heading_row + 1))
    return Rows(name=sheet.name, headings=sheet.headings, rows=tuple((n, row) for n, row in rows if any(row)))


def pair_rows(rows: Rows) -> Iterator[tuple[int, PairRow | RowFault]]:
    """Each row of a file of pairs, by its number, or why it can't be used. InputError without the headings it needs."""
    names = {alias: field for field, aliases in _HEADINGS.items() for alias in aliases}
    places = {
        names[name]: at for at, heading in enumerate(rows.headings) if (name := folded(heading)) in names
    }
    if lacking := [_HEADINGS[field][0] for field in _NEEDED if field not in places]:
        raise InputError(
            f"{rows.name}: has no column {', '.join(lacking)}. The headings stand in the first row."
        )
    for number, cells in rows.rows:
        try:
            yield number, _pair(number, cells, places)
        except RowFault as fault:
            yield number, fault


def _pair(number: int, cells: Sequence[Cell], places: Mapping[str, int]) -> PairRow:
    def cell(field: str) -> Cell:
        at = places.get(field, len(cells))
        return cells[at] if at < len(cells) else ""

    start = _day(cell("start"), "Début")
    if start is None:
        raise RowFault("« Début » manque : donner le jour de la mise en relation (12/03/2024)")
    return PairRow(
        number=number,
        mentee=_address(cell("mentee"), "Mentee"),
        mentor=_address(cell("mentor"), "Mentor"),
        start=start,
        sessions=_count(cell("sessions")),
        last_on=_day(cell("last_on"), "Dernière séance"),
        renewed=_is_yes(cell("renewed")) or not _blank(cell("renewed_on")),
        renewed_on=_day(cell("renewed_on"), "Renouvelé le"),
        ended_on=_day(cell("ended_on"), "Terminé le"),
        reason=text_of_cell(cell("reason")).strip(),
    )


def _blank(cell: Cell) -> bool:
    return cell is None or text_of_cell(cell).strip() == ""


def _address(cell: Cell, name: str) -> str:
    address = canonical_address(text_of_cell(cell))
    if "@" not in address:
        raise RowFault(f"« {name} » n'est pas une adresse e-mail")
    return address


def _day(cell: Cell, name: str) -> date | None:
    if _blank(cell):
        return None
    found = last_day(float(cell)) if isinstance(cell, int | float) else full_date(text_of_cell(cell).strip())
    if isinstance(found, DateFault):
        raise RowFault(f"« {name} » ne se lit pas comme un jour (12/03/2024)")
    return found


def _count(cell: Cell) -> int:
    text = text_of_cell(cell).strip()
    if not (text.isascii() and text.isdecimal() and int(text) <= 60):
        raise RowFault("« Séances » doit être un nombre entier, 0 compris")
    return int(text)


def _is_yes(cell: Cell) -> bool:
    text = folded(text_of_cell(cell)) if cell is not None else ""
    if text not in _YES | _NO:
        raise RowFault("« Renouvelé » doit être oui ou non")
    return text in _YES
