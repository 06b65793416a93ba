"""The membership register, read from a tab, a spreadsheet or a CSV file of the association."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from ponts_flows.forms.addresses import addresses
from ponts_flows.forms.dates import DateFault, last_day
from ponts_flows.forms.folding import folded, line
from ponts_flows.forms.headings import Cell, HeadingMatch, RowProblem, answers_of_row
from ponts_flows.forms.names import shown_name
from ponts_flows.forms.numbers import graduation_year
from ponts_flows.model import Member

PAID = frozenset(
    (
        "oui, yes, o, y, x, 1, true, vrai, ok, a jour, up to date, paid, payee, paye, reglee, regle, "
        "acquittee, acquitte, valide, validee, a vie, active, actif, exoneree, exonere"
    ).split(", ")
)
UNPAID = frozenset(
    (
        ", non, no, n, 0, false, faux, en attente, pending, impayee, impaye, unpaid, expiree, expire, "
        "expired, a renouveler, a relancer, non payee, non paye, non a jour, pas a jour, retard"
    ).split(", ")
)


@dataclass(frozen=True)
class Register:
    """The members, and the rows that a coordinator should mend."""

    members: tuple[Member, ...]
    problems: tuple[RowProblem, ...] = ()

    @cached_property
    def by_address(self) -> Mapping[str, tuple[Member, ...]]:
        """Members by each of their addresses; an address shared by several is theirs all."""
        found: dict[str, list[Member]] = {}
        for member in self.members:
            for address in member.emails:
                found.setdefault(address, []).append(member)
        return {address: tuple(members) for address, members in found.items()}

    @cached_property
    def by_year(self) -> Mapping[int, tuple[Member, ...]]:
        """Members by graduation year."""
        found: dict[int, list[Member]] = {}
        for member in self.members:
            if member.graduation_year is not None:
                found.setdefault(member.graduation_year, []).append(member)
        return {year: tuple(members) for year, members in found.items()}


def read_register(
    match: HeadingMatch, rows: Iterable[Sequence[Cell]], *, today: date, first_row: int = 2
) -> Register:
    """Read the rows below the headings of a register (`match`: its headings, by the spec `register`).

    A row that says neither who nor where is passed over with a problem; one whose date is unreadable is kept,
    marked so. Without a column "Cotisation", a date of validity says by itself that it is paid.
    """
    members: dict[str, Member] = {}
    problems: list[RowProblem] = []
    for number, row in enumerate(rows, start=first_row):
        given = {field: line(values[0]) for field, values in answers_of_row(match, row).items()}
        if given:
            member, wrong = _member(given, paid_column="paid" in match.columns, today=today)
            problems += [
                RowProblem(row_number=number, text=f"Cotisants, ligne {number} : {text}") for text in wrong
            ]
            if member and member.key in members:
                other, member = members[member.key], _with_its_own_key(member, number, members)
                if member.key not in members and _name(member) != _name(other):
                    text = f"Cotisants, ligne {number} : numéro d'une autre personne. Vérifiez ; les deux comptent."
                    problems.append(RowProblem(row_number=number, text=text))
            if member:
                members[member.key] = member
    return Register(tuple(members.values()), tuple(problems))


def _name(member: Member) -> str:
    return folded(f"{member.last_name} {member.first_name}")


def _with_its_own_key(member: Member, number: int, taken: Mapping[str, Member]) -> Member:
    """A member whose number or address another row has: that very member, if it is a copy, or one beside it."""
    more = ("", f" / {_name(member)}", f" / {member.valid_until}", f" / ligne {number}")
    named = (replace(member, key=member.key + text) for text in more)
    return next(one for one in named if one.key not in taken or one == taken[one.key])


def _member(given: Mapping[str, str], *, paid_column: bool, today: date) -> tuple[Member | None, list[str]]:
    problems: list[str] = []
    last, first = (shown_name(given.get(field, "")) for field in ("last_name", "first_name"))
    emails = tuple(
        dict.fromkeys((*addresses(given.get("email", "")), *addresses(given.get("other_emails", ""))))
    )
    year = graduation_year(given.get("graduation_year", ""), today=today)
    if not emails and not folded(last):
        return None, ["ni nom ni adresse lisible. Complétez la ligne ou supprimez-la ; elle est ignorée."]
    if unread := [
        field for field in ("email", "other_emails") if given.get(field) and not addresses(given[field])
    ]:
        columns = " et ".join(
            "e-mail principal" if field == "email" else "e-mail secondaire" for field in unread
        )
        problems.append(f"adresse illisible ({columns}). Corrigez-la ; en attendant elle ne sert pas.")
    until = last_day(given["valid_until"]) if given.get("valid_until") else None
    if isinstance(until, DateFault):
        problems.append("date de validité illisible. Écrivez-la ainsi : 31/12/2026.")
    status = folded(given.get("paid", ""))
    if status not in PAID and status not in UNPAID:
        problems.append("cotisation incompréhensible. Écrivez « oui » ou « non » ; en attendant, c'est non.")
    member = Member(
        key=given.get("key") or (emails[0] if emails else folded(f"{last} {first} {year or ''}")),
        last_name=last,
        first_name=first,
        graduation_year=year,
        emails=emails,
        says_paid=status in PAID or (not paid_column and until is not None),
        valid_until=None if isinstance(until, DateFault) else until,
        unreadable=isinstance(until, DateFault),
    )
    return member, problems
