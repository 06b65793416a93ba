"""The sample sign-ups, whose right verdicts are known: read, judged and compared one by one."""

from __future__ import annotations

import csv
import json
import os
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from ponts_flows.decide.eligibility import Verdict, verdict
from ponts_flows.decide.employers import employer_key, same_employer
from ponts_flows.forms import (
    Reading,
    Received,
    Register,
    latest,
    match_headings,
    read,
    read_register,
    read_rows,
)
from ponts_flows.model import Language, Profile
from tests.forms.builders import MENTEE, MENTOR, REGISTER

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "ponts_flows" / "samples" / "signups"
TRUTH = ROOT.parent / "shared" / "data" / "signups"
LANGUAGES = {"Français": Language.FRENCH, "Anglais": Language.ENGLISH}


@dataclass(frozen=True, kw_only=True)
class Judged:
    """An application of the sample, as read and judged, beside what is true of it."""

    truth: dict[str, Any]
    reading: Reading
    verdict: Verdict

    @property
    def profile(self) -> Profile:
        assert self.reading.profile is not None
        return self.reading.profile


def rows(name: str, folder: Path = SAMPLES) -> list[list[str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    if not (TRUTH / "truth.json").exists():
        if os.environ.get("CI"):
            pytest.fail(f"{TRUTH}/truth.json is missing")
        pytest.skip(f"{TRUTH}/truth.json is not on this machine")
    return dict(json.loads((TRUTH / "truth.json").read_text("utf-8")))


@pytest.fixture(scope="module")
def judged(truth: dict[str, Any]) -> list[Judged]:
    today = date.fromisoformat(truth["today"])
    headings, *body = rows("cotisants")
    register = read_register(match_headings(REGISTER, headings), body, today=today)
    readings = {(r.respondent.role, r.respondent.email): r for r in last_readings(today)}
    assert len(readings) == len(truth["applications"])
    return [judge(one, readings[one["role"], one["email"]], register, today) for one in truth["applications"]]


def last_readings(today: date) -> list[Reading]:
    """What counts of each person's responses, for each role."""
    received: list[Received] = []
    for spec, name in ((MENTEE, "mentees"), (MENTOR, "mentors")):
        headings, *body = rows(name)
        responses, problems = read_rows(match_headings(spec, headings), body, zone="Europe/Paris")
        assert problems == ()
        for response in responses:
            reading = read(spec, response.answers, today=today, language=Language.FRENCH)
            received.append(
                Received(id=response.identity, submitted_at=response.submitted_at, reading=reading)
            )
    return [person.current.reading for person in latest(received)]


def judge(truth: dict[str, Any], reading: Reading, register: Register, today: date) -> Judged:
    return Judged(truth=truth, reading=reading, verdict=verdict(reading, register, today=today))


def test_every_verdict_is_the_true_one(judged: list[Judged]) -> None:
    found = {(one.truth["role"], one.truth["email"]): one.verdict.stage.value for one in judged}

    assert len(found) == 240
    assert found == {(one.truth["role"], one.truth["email"]): one.truth["verdict"] for one in judged}


def test_every_complete_profile_is_as_its_author_meant_it(judged: list[Judged]) -> None:
    complete = [one for one in judged if one.truth["verdict"] != "incomplete"]
    themes = {choice.wording.fr: choice.id for choice in MENTEE.question("themes").choices}

    assert len(complete) == 228
    for one in complete:
        assert str(one.profile.career_start) == one.truth["start"]
        assert one.profile.languages == tuple(LANGUAGES[name] for name in one.truth["languages"])
        assert one.profile.themes == tuple(themes[name] for name in one.truth["themes"])
        assert one.profile.capacity == (one.truth["capacity"] or 1)


def test_two_people_have_the_same_employer_when_they_truly_do(judged: list[Judged]) -> None:
    profiles = [(one.truth["employer"], one.profile.employer) for one in judged if one.reading.profile]
    names = {(group, name) for group, name in profiles}

    for (here, one), (there, other) in combinations(sorted(names), 2):
        assert same_employer(one, other) is same_employer(other, one) is (here == there), (one, other)
    keys = defaultdict(set)
    for group, name in names:
        keys[employer_key(name)].add(group)
    assert len(keys) == len({group for group, _ in names})


@pytest.mark.parametrize("name", ["mentees", "mentors"])
def test_the_copy_that_users_get_is_the_sample_itself(truth: dict[str, Any], name: str) -> None:
    assert rows(name) == rows(name, TRUTH)


def test_the_copy_of_the_register_holds_one_more_member_for_a_newcomer_to_sign_up_as(
    truth: dict[str, Any],
) -> None:
    newcomer = ["A10999", "DUPRÉ", "Alix", "2016", "alix.dupre@exemple.example", "", "Oui", "31/12/2027"]

    assert rows("cotisants") == [*rows("cotisants", TRUTH), newcomer]


def test_everything_in_the_samples_is_recognised() -> None:
    matches = [
        match_headings(spec, rows(name)[0])
        for spec, name in ((MENTEE, "mentees"), (MENTOR, "mentors"), (REGISTER, "cotisants"))
    ]

    assert [(match.unknown, match.missing, match.duplicate) for match in matches] == [((), (), ())] * 3
