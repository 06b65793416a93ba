"""Response sheets and registers: headings matched to fields, rows to answers, in any order of columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from ponts_flows.forms.dates import instant
from ponts_flows.forms.folding import folded, line
from ponts_flows.forms.reading import Answers
from ponts_flows.forms.spec import FormSpec
from ponts_flows.model import canonical_address

Cell = str | int | float | bool | None
"""A cell as a spreadsheet gives it (unformatted), or as text from a CSV file."""

SUBMITTED_AT = "submitted_at"
_STAMP_TITLE = "Horodateur"
_STAMP_ALIASES = ("Timestamp", "Horodatage", "Date de réponse", "Date de la réponse", "Heure de soumission")
_REMARK = re.compile(r"\([^)]*\)")


@dataclass(frozen=True, kw_only=True)
class HeadingMatch:
    """Which columns hold which field, the best first.

    `unknown`: headings that are no field; `missing`: French titles of the needed columns that are not there;
    `duplicate`: headings of fields that several columns claim (row by row, the first one filled in counts).
    """

    columns: Mapping[str, tuple[int, ...]]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    duplicate: tuple[str, ...]

    @property
    def usable(self) -> bool:
        """Whether nothing needed is missing."""
        return not self.missing


@dataclass(frozen=True, kw_only=True)
class RawResponse:
    """A row of a response sheet, before it is read. `submitted_at` is in UTC."""

    row_number: int
    submitted_at: datetime
    answers: Answers

    @property
    def identity(self) -> str:
        """The same for the same response wherever its row is moved to, and whatever else is edited in it."""
        given = {field: ", ".join(values) for field, values in self.answers.items()}
        who = canonical_address(given.get("email", "")) or folded(
            f"{given.get('last_name')} {given.get('first_name')}"
        )
        return sha256(f"{self.submitted_at.isoformat()} {who}".encode()).hexdigest()[:24]


@dataclass(frozen=True, kw_only=True)
class RowProblem:
    """A row that can't be used as it is, and what to do, in French; it holds nothing personal."""

    row_number: int
    text: str


def match_headings(spec: FormSpec, headings: Sequence[Cell]) -> HeadingMatch:
    """Match headings by titles in both languages, then by aliases; case, accents, bracketed remarks aside."""
    stamped = spec.role is not None
    titles, aliases = _named(spec, stamped)
    found: dict[str, list[tuple[bool, int]]] = {}
    unknown: list[str] = []
    for index, heading in enumerate(headings):
        name = _heading(text_of_cell(heading))
        field = titles.get(name) or aliases.get(name)
        if field:
            found.setdefault(field, []).append((name not in titles, index))
        elif name:
            unknown.append(line(text_of_cell(heading), 80))
    needed = {question.field: question.title.fr for question in spec.questions if question.needed}
    needed |= {SUBMITTED_AT: _STAMP_TITLE} if stamped else {}
    columns = {field: tuple(index for _, index in sorted(places)) for field, places in found.items()}
    twice = (index for places in columns.values() if len(places) > 1 for index in places)
    return HeadingMatch(
        columns=columns,
        unknown=tuple(unknown),
        missing=tuple(title for field, title in needed.items() if field not in found),
        duplicate=tuple(line(text_of_cell(headings[index]), 80) for index in sorted(twice)),
    )


def read_rows(
    match: HeadingMatch, rows: Iterable[Sequence[Cell]], *, zone: str, first_row: int = 2
) -> tuple[tuple[RawResponse, ...], tuple[RowProblem, ...]]:
    """The responses of the rows below the headings; a row without a readable time stamp is a problem.

    `zone` is the spreadsheet's time zone, `first_row` the number of the first one. Blank rows are skipped.
    """
    responses: list[RawResponse] = []
    problems: list[RowProblem] = []
    for number, row in enumerate(rows, start=first_row):
        answers = answers_of_row(match, row)
        stamp = _first_filled(match.columns.get(SUBMITTED_AT, ()), row)
        if not answers and stamp is None:
            continue
        moment = (
            None
            if stamp is None
            else instant(line(stamp, 40) if isinstance(stamp, str) else stamp, zone=zone)
        )
        if moment is None:
            problems.append(RowProblem(row_number=number, text=_no_stamp(number, stamp)))
        else:
            responses.append(RawResponse(row_number=number, submitted_at=moment, answers=answers))
    return tuple(responses), tuple(problems)


def answers_of_row(match: HeadingMatch, row: Sequence[Cell]) -> dict[str, tuple[str, ...]]:
    """The answers of a row by field; blank cells are left out."""
    found: dict[str, tuple[str, ...]] = {}
    for field, places in match.columns.items():
        if field != SUBMITTED_AT and (cell := _first_filled(places, row)) is not None:
            found[field] = (cell if isinstance(cell, str) else text_of_cell(cell),)
    return found


def text_of_cell(cell: Cell) -> str:
    """A cell as a person would have typed it: whole numbers without a point, ticks as `oui` and `non`."""
    match cell:
        case str():
            return cell
        case None:
            return ""
        case bool():
            return "oui" if cell else "non"
        case float() if cell.is_integer():
            return str(int(cell))
        case _:
            return str(cell)


def _named(spec: FormSpec, stamped: bool) -> tuple[dict[str, str], dict[str, str]]:
    titles: dict[str, str] = {_heading(_STAMP_TITLE): SUBMITTED_AT} if stamped else {}
    aliases: dict[str, str] = dict.fromkeys(map(_heading, _STAMP_ALIASES), SUBMITTED_AT) if stamped else {}
    for question in spec.questions:
        titles |= {_heading(title): question.field for title in (question.title.fr, question.title.en)}
        aliases |= {_heading(alias): question.field for alias in question.aliases}
    return titles, aliases


def _heading(text: str) -> str:
    text = line(text)
    return folded(_REMARK.sub(" ", text)) or folded(text)


def _first_filled(places: tuple[int, ...], row: Sequence[Cell]) -> str | int | float | None:
    for index in places:
        cell = row[index] if index < len(row) else None
        if cell.strip() if isinstance(cell, str) else cell is not None:
            return cell
    return None


def _no_stamp(number: int, stamp: object) -> str:
    why = "est vide" if stamp is None else "n'est pas une date"
    return (
        f"Ligne {number} : la colonne « {_STAMP_TITLE} » {why}. Écrivez-y le jour et l'heure de la réponse, "
        "par exemple 16/11/2026 09:30:00 ; la ligne sera lue au passage suivant."
    )
