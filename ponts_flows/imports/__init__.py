"""Pairs that ran before the programme looked after them, and who is in them: they join, and no mail tells the past.

Each row stands alone: one that can't be used is told by its file and number, and the others are taken in. What is
there already is left as it is, so that a file may be given again once its rows are mended.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from sqlalchemy import Connection

from ponts_flows.errors import InputError
from ponts_flows.forms import RawResponse
from ponts_flows.imports import pairs, people
from ponts_flows.imports.rows import PairRow, RowFault, Rows, pair_rows, read
from ponts_flows.ledger import cases, facts
from ponts_flows.model import Role
from ponts_flows.steps.context import Pass
from ponts_flows.steps.sheets import REGISTER_READ

__all__ = ["Given", "Report", "take_in"]
_ROLES = (Role.MENTEE, Role.MENTOR)


@dataclass(frozen=True, kw_only=True)
class Given:
    """The files, or `sheet:ID[:TAB]`: the pairs, and the sign-ups of those who are not known yet."""

    pairs: str
    mentees: str | None = None
    mentors: str | None = None


@dataclass(kw_only=True)
class Report:
    """What came of the rows: those taken in, those known already, and why others could not be, by file and row."""

    taken_in: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """All of it, in French."""
        counts = (len(self.taken_in), len(self.known), len(self.refused))
        said = "{} binôme(s) pris en charge, {} déjà connu(s), {} ligne(s) refusée(s).".format(*counts)
        return [*self.taken_in, *self.known, *self.ignored, *self.refused, said]


class _Undone(Exception):
    """All was tried, and is to be as before."""


SignUps = Mapping[tuple[Role, str], RawResponse]


def take_in(run: Pass, given: Given, *, dry: bool = False) -> Report:
    """Take in the pairs of a file; `dry`: say what would come of it, and change nothing. Raises InputError."""
    report = Report()
    _ = run.programme, run.today  # read off the ledger: not while it is written
    rows = read(given.pairs, lambda: run.google)
    found = list(pair_rows(rows))
    signed = _sign_ups(run, given, report)
    wanted = {
        (role, address)
        for _, row in found
        if isinstance(row, PairRow)
        for role, address in zip(_ROLES, (row.mentee, row.mentor), strict=True)
    }
    report.ignored += [
        f"{role}, ligne {said.row_number} : dans aucun binôme du fichier, laissé de côté"
        for (role, address), said in signed.items()
        if (role, address) not in wanted
    ]
    run.ledger.migrate()
    with suppress(_Undone), run.ledger.lock(), run.ledger.transaction() as db:
        if not facts.recall(db, REGISTER_READ, False):
            raise InputError(
                "Nothing is known yet of who paid their dues: run `ponts run` once, then import."
            )
        for number, row in found:
            _row(run, db, rows, number, row, signed, report)
        if dry:
            raise _Undone
    return report


def _sign_ups(run: Pass, given: Given, report: Report) -> SignUps:
    signed: dict[tuple[Role, str], RawResponse] = {}
    for role, place in zip(_ROLES, (given.mentees, given.mentors), strict=True):
        rows = read(place, lambda: run.google) if place else Rows(name="", headings=(), rows=())
        for number, address, said in people.sign_ups(run, role, rows) if place else ():
            if isinstance(said, RowFault):
                report.refused.append(f"{rows.name}, ligne {number} : {said}")
            else:
                signed[role, address] = said
    return signed


def _row(
    run: Pass,
    db: Connection,
    rows: Rows,
    number: int,
    row: PairRow | RowFault,
    signed: SignUps,
    report: Report,
) -> None:
    place = f"{rows.name}, ligne {number}"
    try:
        if isinstance(row, RowFault):
            raise row
        with db.begin_nested():
            id, is_new = _pair(run, db, row, signed)
        (report.taken_in if is_new else report.known).append(
            f"{place} : {id}{'' if is_new else ', déjà connu'}"
        )
    except RowFault as fault:
        report.refused.append(f"{place} : {fault}")


def _pair(run: Pass, db: Connection, row: PairRow, signed: SignUps) -> tuple[str, bool]:
    _take_in_the_new(run, db, row, signed)
    mentee, mentor = (
        people.known(db, role, address)
        for role, address in zip(_ROLES, (row.mentee, row.mentor), strict=True)
    )
    assert mentee is not None
    assert mentor is not None
    if id := pairs.known_as(db, row, mentee.id, mentor.id, run):
        return id, False
    for person in (mentee, mentor):
        if person.profile is None:
            raise RowFault(f"la candidature {person.id} est incomplète : la faire compléter d'abord")
    pairs.check(run, db, row, cases.party(mentee), cases.party(mentor))
    return pairs.record(run, db, row, mentee.id, mentor.id), True


def _take_in_the_new(run: Pass, db: Connection, row: PairRow, signed: SignUps) -> None:
    """Make the applications of the two that are not known yet; RowFault when nothing is known of one of them."""
    for role, address in zip(_ROLES, (row.mentee, row.mentor), strict=True):
        if people.known(db, role, address) is None:
            said = signed.get((role, address))
            if said is None:
                raise RowFault(f"le {role} n'est connu ni du programme ni des fichiers d'inscription donnés")
            people.take_in(run, db, role, said)
