"""The table of stages is complete, and leads somewhere from everywhere."""

from __future__ import annotations

from ponts_flows.lifecycle import (
    APPLICATION_WAITING_ON,
    FROZEN,
    NEVER_AGAIN,
    OPEN,
    TRANSITIONS,
    WAITING_ON,
    ApplicationStage,
    PairingStage,
    WaitingOn,
)

P = PairingStage


def test_every_stage_says_where_it_may_go_and_who_is_awaited() -> None:
    assert set(TRANSITIONS) == set(WAITING_ON) == set(PairingStage)
    assert set(APPLICATION_WAITING_ON) == set(ApplicationStage)


def test_every_stage_can_be_reached_from_a_proposal() -> None:
    reached = {P.PROPOSED}
    while more := {following for stage in reached for following in TRANSITIONS[stage]} - reached:
        reached |= more

    assert reached == set(PairingStage)


def test_a_stage_that_cannot_be_left_awaits_nobody_but_for_the_pair_at_work() -> None:
    final = {stage for stage, following in TRANSITIONS.items() if not following}

    assert final == {P.ENGAGED, *(stage for stage in P if WAITING_ON[stage] is WaitingOn.NOBODY)}


def test_a_pairing_takes_a_place_until_it_is_over_and_its_people_are_left_alone_once_written_to() -> None:
    over = {stage for stage in P if WAITING_ON[stage] is WaitingOn.NOBODY}

    assert set(P) - over == OPEN
    assert OPEN - {P.PROPOSED} == FROZEN
    assert over - {P.WITHDRAWN} == NEVER_AGAIN - OPEN


def test_no_stage_leads_to_itself() -> None:
    assert [stage for stage, following in TRANSITIONS.items() if stage in following] == []
