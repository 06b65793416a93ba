"""One trial of the matching on files: who they hold, the weights tried, and the pairs that come of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from ponts_flows.decide.matching import CRITERIA, Candidate, Matching, propose
from ponts_flows.programme import Programme
from ponts_flows.what_if.files import read_sheet
from ponts_flows.what_if.patience import Patience
from ponts_flows.what_if.people import People, read_people
from ponts_flows.what_if.remarks import Remark
from ponts_flows.what_if.sign_ups import Sheets
from ponts_flows.what_if.weights import read_weights


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is tried. `members` None: everybody counts as paid up. `on` None: the day of the last response.

    `seconds` and `gap`, in percent, are how much effort a matching is worth; None: all that it takes.
    """

    mentees: Path
    mentors: Path
    members: Path | None = None
    weights: Path | None = None
    on: date | None = None
    seconds: float | None = None
    gap: float | None = None
    programme: Programme = field(default_factory=Programme)


@dataclass(frozen=True)
class Trial:
    """What came of a request."""

    request: Request
    programme: Programme
    people: People
    matching: Matching
    remarks: tuple[Remark, ...]

    @cached_property
    def person(self) -> Mapping[str, Candidate]:
        """Everyone who could be paired, by id."""
        return {one.id: one for one in (*self.people.mentees, *self.people.mentors)}

    def name(self, id: str) -> str:
        """The name of someone who could be paired."""
        return self.person[id].profile.full_name

    def points(self, mentee_id: str, mentor_id: str) -> Mapping[str, int]:
        """What each criterion, even one without weight, gives a pair: 0 to 100, by its name."""
        mentee, mentor = self.person[mentee_id], self.person[mentor_id]
        return {one.name: one.judge(mentee, mentor, self.programme).points for one in CRITERIA}


def try_out(request: Request) -> Trial:
    """Read the files and match those who can be. Raises InputError where a file can't be read at all."""
    base = request.programme
    weights = read_sheet(request.weights) if request.weights else None
    sheets = Sheets(
        mentees=read_sheet(request.mentees),
        mentors=read_sheet(request.mentors),
        members=read_sheet(request.members) if request.members else None,
    )
    programme, said = read_weights(weights, base) if weights else (base, ())
    people = read_people(sheets, programme, request.on)
    of_files = (sheet.remarks for sheet in (weights, sheets.mentees, sheets.mentors, sheets.members) if sheet)
    remarks = (*said, *people.remarks, *(remark for remarks in of_files for remark in remarks))
    matching = propose(people.pool, programme, watch=patience(request))
    return Trial(request, programme, people, matching, tuple(sorted(set(remarks))))


def patience(request: Request) -> Patience:
    """How long a matching may take, from now."""
    return Patience(seconds=request.seconds, percent=request.gap)
