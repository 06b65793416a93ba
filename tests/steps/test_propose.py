"""What a matching changes of the pending proposals, and what is kept beside them."""

from __future__ import annotations

from dataclasses import replace

from ponts_flows.actions import MovePairing, Propose, Refresh
from ponts_flows.decide.matching import Candidate
from ponts_flows.decide.matching.outcome import Matching, NearMiss, Proposal, Unpaired
from ponts_flows.lifecycle import PairingStage
from ponts_flows.model import Role
from ponts_flows.steps.propose import changes, left_over
from tests.builders import a_profile
from tests.ledger.test_runs import MATCHING


def a_proposal(mentee: str, mentor: str) -> Proposal:
    return Proposal(
        mentee_id=mentee, mentor_id=mentor, score=80, total=800, kept=False, rank=1, parts=(), alternatives=()
    )


def a_matching(
    *proposals: Proposal, unpaired: tuple[Unpaired, ...] = (), near: tuple[NearMiss, ...] = ()
) -> Matching:
    return replace(MATCHING, proposals=proposals, unpaired=unpaired, near_misses=near)


def a_mentor(id: str, places: int) -> Candidate:
    return Candidate(id=id, profile=a_profile(Role.MENTOR), waiting_days=0, places=places)


def a_near_miss(mentee: str, mentor: str) -> NearMiss:
    return NearMiss(mentee_id=mentee, mentor_id=mentor, gap_months=110, score=70, words_fr="")


def test_a_pending_proposal_is_refreshed_replaced_or_joined_by_a_new_one() -> None:
    matching = a_matching(a_proposal("A-0001", "A-0002"), a_proposal("A-0003", "A-0004"))

    found = changes(matching, {("A-0001", "A-0002"): "P-0001", ("A-0003", "A-0006"): "P-0002"})

    reason = "une autre répartition convient mieux à l'ensemble"
    assert found == [
        MovePairing(pairing="P-0002", to=PairingStage.WITHDRAWN, reason=reason),
        Refresh(pairing="P-0001", score=80, parts=(), alternatives=()),
        Propose(mentee="A-0003", mentor="A-0004", score=80, parts=(), alternatives=()),
    ]


def test_why_someone_has_none_and_what_would_help_are_kept() -> None:
    alone = Unpaired(application_id="A-0001", role=Role.MENTEE, words_fr="aucun mentor", help_fr="un mentor")
    hopeless = replace(alone, application_id="A-0003", help_fr="")

    assert left_over(a_matching(unpaired=(alone, hopeless)), ()) == {
        "unpaired": {"A-0001": "aucun mentor", "A-0003": "aucun mentor"},
        "help": {"A-0001": "un mentor"},
        "near_misses": [],
    }


def test_a_near_miss_is_kept_where_it_helps_someone_without_a_proposal_to_a_free_place() -> None:
    near = (
        a_near_miss("A-0001", "A-0002"),
        a_near_miss("A-0001", "A-0004"),
        a_near_miss("A-0001", "A-0006"),
    )
    mentors = (a_mentor("A-0002", places=1), a_mentor("A-0004", places=0), a_mentor("A-0006", places=2))
    matching = a_matching(a_proposal("A-0003", "A-0002"), a_proposal("A-0005", "A-0006"), near=near)

    assert left_over(matching, mentors)["near_misses"] == [
        {"mentee": "A-0001", "mentor": "A-0006", "gap": 110, "score": 70}
    ]
