"""The matching on sign-ups as an association really has them, read from its files, against facts known by
construction and edges computed from those facts alone.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from ponts_flows.decide.matching import Candidate, Matching, Pool, propose
from ponts_flows.model import Profile, Role
from ponts_flows.programme import Programme
from tests.decide.test_signups import last_readings

TRUTH = Path(__file__).parents[3] / "shared" / "data" / "signups" / "truth.json"
TODAY = date(2026, 11, 16)


@dataclass(frozen=True, kw_only=True)
class Fact:
    """An eligible application, as the truth file states it."""

    email: str
    role: str
    start: str
    employer: int
    languages: tuple[str, ...]
    capacity: int | None

    @property
    def months(self) -> int:
        year, month = self.start.split("-")
        return 12 * int(year) + int(month)


def could_pair(mentee: Fact, mentor: Fact) -> bool:
    """Whether two people may be paired, from the facts alone."""
    return (
        mentee.months - mentor.months >= 120
        and mentee.employer != mentor.employer
        and not set(mentee.languages).isdisjoint(mentor.languages)
        and mentee.email != mentor.email
    )


@pytest.fixture(scope="module")
def facts() -> dict[str, Fact]:
    """The eligible applications by role and address."""
    if not TRUTH.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{TRUTH} is missing")
        pytest.skip(f"{TRUTH} is not on this machine")
    applications = json.loads(TRUTH.read_text(encoding="utf-8"))["applications"]
    kept = [application for application in applications if application["verdict"] == "eligible"]
    named = ({key: given[key] for key in Fact.__dataclass_fields__} for given in kept)
    return {f"{given['role']} {given['email']}": Fact(**given) for given in named}


@pytest.fixture(scope="module")
def matching(facts: dict[str, Fact]) -> Matching:
    read = {f"{one.respondent.role} {one.respondent.email}": one.profile for one in last_readings(TODAY)}
    mentees, mentors = (
        tuple(candidate(id, read[id]) for id, fact in facts.items() if fact.role == role)
        for role in (Role.MENTEE, Role.MENTOR)
    )
    return propose(Pool(mentees=mentees, mentors=mentors), Programme())


def candidate(id: str, profile: Profile | None) -> Candidate:
    assert profile is not None
    return Candidate(id=id, profile=profile, waiting_days=0, places=profile.capacity)


def test_each_proposed_pair_respects_the_facts(facts: dict[str, Fact], matching: Matching) -> None:
    assert matching.proposals
    for proposal in matching.proposals:
        assert could_pair(facts[proposal.mentee_id], facts[proposal.mentor_id])


def test_nobody_gets_more_pairs_than_places(facts: dict[str, Fact], matching: Matching) -> None:
    people = [
        person for proposal in matching.proposals for person in (proposal.mentee_id, proposal.mentor_id)
    ]

    assert all(people.count(person) <= (facts[person].capacity or 1) for person in people)


def test_as_many_mentees_are_proposed_as_any_matching_could(
    facts: dict[str, Fact], matching: Matching
) -> None:
    mentees = [fact for fact in facts.values() if fact.role == "mentee"]
    mentors = [fact for fact in facts.values() if fact.role == "mentor"]
    places = [mentor for mentor in mentors for _ in range(mentor.capacity or 1)]
    edges = csr_array(
        np.array([[could_pair(mentee, place) for place in places] for mentee in mentees], dtype=int)
    )

    most = np.count_nonzero(maximum_bipartite_matching(edges, perm_type="column") >= 0)

    assert len(matching.proposals) == matching.proof.pairs_bound == most
