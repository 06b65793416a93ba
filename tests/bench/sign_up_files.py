"""Sign-ups of an invented pool as CSV files, and what `ponts match` does with them, timed part by part.

    python -m tests.bench.sign_up_files write MENTEES DIR
    python -m tests.bench.sign_up_files parts DIR

`parts` prints seconds as JSON, and fails where the pairs are not those that `ponts match` left in DIR.
"""

from __future__ import annotations

import csv
import json
import sys
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from datetime import time as clock
from itertools import pairwise
from pathlib import Path

from ponts_flows.decide.matching import Candidate, Pool, Reached, propose
from ponts_flows.forms import load
from ponts_flows.forms.spec import Question
from ponts_flows.model import Role
from ponts_flows.programme import Programme
from ponts_flows.what_if import Request, Trial, as_json
from ponts_flows.what_if.files import read_sheet
from ponts_flows.what_if.people import People, read_people
from ponts_flows.what_if.sign_ups import Sheets
from tests.bench.pools import a_pool

PROGRAMME = Programme()
SECTORS = load(Role.MENTEE.value, PROGRAMME).question("sector").choices
ON = date(2027, 1, 18)
"""The day of which the pools tell how long people have waited."""

FOUND = "found.json"
"""Where the output of `ponts match` is left."""


def as_signed_up(mentees: int) -> Pool:
    """An invented pool whose sectors are those of the forms, as people pick them there."""
    pool = a_pool(mentees)
    return Pool(mentees=tuple(map(_picking, pool.mentees)), mentors=tuple(map(_picking, pool.mentors)))


def write(pool: Pool, folder: Path) -> None:
    """Write a pool as the response sheets of the two forms."""
    for role, people in ((Role.MENTEE, pool.mentees), (Role.MENTOR, pool.mentors)):
        questions = load(role.value, PROGRAMME).questions
        with _file(folder, role).open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["Horodateur", *(question.title.fr for question in questions)])
            writer.writerows(_row(person, questions) for person in people)


def read(folder: Path, on: date | None = None) -> People:
    """Read these files as `ponts match` does, as of the last response unless a day is given."""
    mentees, mentors = (read_sheet(_file(folder, role)) for role in (Role.MENTEE, Role.MENTOR))
    return read_people(Sheets(mentees=mentees, mentors=mentors, members=None), PROGRAMME, on)


def parts(folder: Path) -> dict[str, float]:
    """Seconds of each part."""
    at = [time.perf_counter()]
    people = read(folder)
    at.append(time.perf_counter())
    rounds: list[float] = []

    def watch(reached: Reached) -> bool:
        rounds.append(time.perf_counter())
        return False

    matching = propose(Pool(mentees=people.mentees, mentors=people.mentors), PROGRAMME, watch=watch)
    at += [rounds[-1], time.perf_counter()]
    request = Request(mentees=_file(folder, Role.MENTEE), mentors=_file(folder, Role.MENTOR))
    written = as_json(Trial(request, PROGRAMME, people, matching, people.remarks))
    at.append(time.perf_counter())
    assert json.loads(written)["pairs"] == json.loads((folder / FOUND).read_text())["pairs"]
    names = ("reading", "pairs", "explanations", "writing")
    took = (end - start for start, end in pairwise(at))
    return {"found": len(matching.proposals), **dict(zip(names, took, strict=True))}


def _picking(person: Candidate) -> Candidate:
    profile = person.profile
    named = {field: _sector(getattr(profile, field)) for field in ("sector", "wanted_sector")}
    return replace(person, profile=replace(profile, **named, capacity=person.places))


def _sector(invented: str) -> str:
    """The sector of the forms that stands for `Secteur 5`; none for none."""
    if not invented:
        return ""
    return SECTORS[int(invented.removeprefix("Secteur "))].wording.fr


def _file(folder: Path, role: Role) -> Path:
    return folder / f"{role}s.csv"


def _row(person: Candidate, questions: Iterable[Question]) -> list[str]:
    profile = person.profile
    start, (main, *others) = profile.career_start, profile.themes
    said: dict[str, object] = {
        "career_start": f"{start.month:02}/{start.year}",
        "graduation_year": "",
        "main_theme": main,
        "charter": "accepted",
    }
    if profile.role is Role.MENTEE:
        said["themes"] = others
    stamp = datetime.combine(ON - timedelta(days=person.waiting_days), clock(12))
    cells = (_cell(one, said.get(one.field, getattr(profile, one.field, ""))) for one in questions)
    return [f"{stamp:%d/%m/%Y %H:%M:%S}", *cells]


def _cell(question: Question, value: object) -> str:
    """A value as the form's response sheet shows it: choices by their French names."""
    names = {choice.id: choice.wording.fr for choice in question.choices}
    values = value if isinstance(value, list | tuple) else [value]
    return ", ".join(names.get(str(one), str(one)) for one in values)


def main(what: str, *arguments: str) -> None:
    """Write the files, or print the seconds of the parts."""
    if what == "write":
        mentees, folder = arguments
        write(as_signed_up(int(mentees)), Path(folder))
    else:
        print(json.dumps(parts(Path(*arguments))))


if __name__ == "__main__":
    main(*sys.argv[1:])
