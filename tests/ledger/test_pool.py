"""Who can be paired: the places left, what is pending, who never is again, which mentors had a mentee."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, update

from ponts_flows.actions import Forbid, Keep, MovePairing
from ponts_flows.decide.matching import Pool
from ponts_flows.ledger import tables
from ponts_flows.ledger.pool import busy, open_together, pending, pool
from ponts_flows.lifecycle import RUNNING, PairingStage
from ponts_flows.model import Role
from ponts_flows.programme import Programme
from tests.builders import MONDAY, a_party, a_profile
from tests.ledger.conftest import a_pair, a_reading, admitted, carried_out

S = PairingStage
PAIR = ("A-0001", "A-0002")
LEA = a_party(Role.MENTEE)


def read(db: Connection) -> Pool:
    """The pool once everyone is admitted."""
    db.execute(update(tables.application).values(stage="eligible"))
    return pool(db, today=MONDAY.date(), programme=Programme())


def places(found: Pool) -> dict[str, int]:
    return {one.id: one.places for one in (*found.mentees, *found.mentors)}


def test_a_proposal_of_the_matching_takes_no_place_and_is_pending(db: Connection) -> None:
    a_pair(db)

    found = read(db)

    assert (places(found), found.pending) == ({"A-0001": 1, "A-0002": 1}, {PAIR})
    assert pending(db) == {PAIR: "P-0001"}


@pytest.mark.parametrize("stage", [S.PROPOSED, S.POSTPONED])
def test_a_proposal_that_is_kept_holds_the_places_of_both_and_is_not_pending(
    db: Connection, stage: PairingStage
) -> None:
    a_pair(db, stage)
    carried_out(db, Keep(pairing="P-0001", kept=True))

    found = read(db)

    assert (places(found), found.pending) == ({"A-0001": 0, "A-0002": 0}, set())


def test_a_proposal_that_is_given_back_frees_the_places_again(db: Connection) -> None:
    a_pair(db)
    carried_out(db, Keep(pairing="P-0001", kept=True), Keep(pairing="P-0001", kept=False))

    found = read(db)

    assert (places(found), found.pending) == ({"A-0001": 1, "A-0002": 1}, {PAIR})


def test_a_kept_proposal_that_no_longer_holds_frees_the_places(db: Connection) -> None:
    a_pair(db)
    withdrawn = MovePairing(pairing="P-0001", to=S.WITHDRAWN, reason="candidature retirée")
    carried_out(db, Keep(pairing="P-0001", kept=True), withdrawn)

    assert places(read(db)) == {"A-0001": 1, "A-0002": 1}


def test_two_people_kept_apart_are_never_again_and_keep_their_places(db: Connection) -> None:
    admitted(db, a_reading(Role.MENTEE))
    admitted(db, a_reading(Role.MENTOR))
    carried_out(db, Forbid(mentee="A-0001", mentor="A-0002", reason="écartée"))

    found = read(db)

    assert (found.never, places(found)) == ({PAIR}, {"A-0001": 1, "A-0002": 1})


@pytest.mark.parametrize("stage", [*sorted(RUNNING), S.COMPLETED, S.STOPPED])
def test_a_mentor_who_was_introduced_to_a_mentee_is_served_for_ever(
    db: Connection, stage: PairingStage
) -> None:
    a_pair(db, stage)
    db.execute(update(tables.pairing).values(engaged_at=MONDAY))

    assert [mentor.served for mentor in read(db).mentors] == [True]


@pytest.mark.parametrize(
    "stage", [S.PROPOSED, S.ASKING_MENTEE, S.ACCEPTED, S.DECLINED, S.RELEASED, S.REFUSED]
)
def test_a_mentor_whose_pairs_never_began_is_not_served(db: Connection, stage: PairingStage) -> None:
    a_pair(db, stage)

    found = read(db)

    assert [one.served for one in (*found.mentors, *found.mentees)] == [False, False]


def test_a_kept_proposal_leaves_the_mentor_no_place_for_a_pair_of_ones_own(db: Connection) -> None:
    a_pair(db)
    carried_out(db, Keep(pairing="P-0001", kept=True))
    paul = a_party(Role.MENTOR)
    zoe = a_party(Role.MENTEE, id="A-0003", profile=a_profile(email="zoe@exemple.example"))

    assert open_together(db, LEA, paul) == "P-0001"
    assert (open_together(db, zoe, paul), busy(db, zoe, paul)) == ("", "A-0002 n'a plus de place (1 au plus)")
