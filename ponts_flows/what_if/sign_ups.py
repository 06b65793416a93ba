"""From the rows of the files to dated responses and a register, with remarks on what can't be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from ponts_flows.forms import (
    FormSpec,
    HeadingMatch,
    RawResponse,
    Register,
    load,
    match_headings,
    read_register,
    read_rows,
)
from ponts_flows.model import Role
from ponts_flows.programme import Programme
from ponts_flows.what_if.files import Sheet
from ponts_flows.what_if.remarks import Remark

LONG_AFTER = timedelta(days=366)


@dataclass(frozen=True, kw_only=True)
class Sheets:
    """The files of sign-ups and the register; without one, everybody counts as paid up."""

    mentees: Sheet
    mentors: Sheet
    members: Sheet | None

    def of(self, role: Role) -> Sheet:
        """The file of one role."""
        return self.mentors if role is Role.MENTOR else self.mentees


def read_responses(
    spec: FormSpec, sheet: Sheet, programme: Programme
) -> tuple[tuple[RawResponse, ...], list[Remark]]:
    """The responses of a file; none where a column that is needed can't be found."""
    match, remarks = _matched(spec, sheet)
    if not match.usable:
        return (), remarks
    first = sheet.heading_row + 1
    responses, problems = read_rows(match, sheet.body, zone=programme.time_zone, first_row=first)
    text = (
        "la colonne « Horodateur » est vide ou ne se lit pas (le jour et l'heure de la réponse, par exemple "
        "16/11/2026 09:30:00). La ligne ne compte pas."
    )
    remarks += [sheet.remark(text, problem.row_number) for problem in problems]
    if not responses and not problems:
        remarks.append(sheet.remark("aucune réponse sous les titres."))
    return responses, remarks


def read_members(sheet: Sheet, programme: Programme, day: date) -> tuple[Register | None, list[Remark]]:
    """The register of a file; None where no member can be read, so that nobody is left out because of it."""
    match, remarks = _matched(load("register", programme), sheet)
    register = read_register(match, sheet.body, today=day, first_row=sheet.heading_row + 1)
    if not match.usable or not register.members:
        text = "aucun cotisant n'est lu ; tout le monde est compté comme à jour de cotisation."
        return None, [*remarks, sheet.remark(text)]
    for problem in register.problems:
        text = problem.text.removeprefix(f"Cotisants, ligne {problem.row_number} : ")
        remarks.append(sheet.remark(text, problem.row_number))
    return register, remarks


def last_day(
    responses: Mapping[Role, tuple[RawResponse, ...]], sheets: Sheets, programme: Programme
) -> tuple[date | None, list[Remark]]:
    """The day of the last response, None without any; a date long after all others is a slip to look at."""
    stamped = sorted((one.submitted_at, role, one.row_number) for role in Role for one in responses[role])
    if not stamped:
        return None, []
    moment, role, row = stamped[-1]
    day = moment.astimezone(ZoneInfo(programme.time_zone)).date()
    if len(stamped) > 1 and moment - stamped[-2][0] > LONG_AFTER:
        text = f"réponse du {day:%d/%m/%Y}, plus d'un an après toutes les autres. Vérifiez, ou précisez --on."
        return day, [sheets.of(role).remark(text, row)]
    return day, []


def _matched(spec: FormSpec, sheet: Sheet) -> tuple[HeadingMatch, list[Remark]]:
    match = match_headings(spec, sheet.headings)
    if not any(cell.strip() for row in sheet.rows for cell in row):
        return match, [sheet.remark("le fichier est vide.")]
    said = (
        (match.missing, "colonnes introuvables, aucune ligne n'est lue sans elles"),
        (match.duplicate, "colonnes en double, la première remplie compte"),
        (match.unknown, "colonnes ignorées"),
    )
    row = sheet.heading_row
    return match, [sheet.remark(f"{what} : {', '.join(named)}.", row) for named, what in said if named]
