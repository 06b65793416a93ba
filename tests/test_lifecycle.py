"""The table of stages is complete, and leads somewhere from everywhere."""

from __future__ import annotations

from ponts_flows.lifecycle import (
    APPLICATION_TRANSITIONS,
    APPLICATION_WAITING_ON,
    EVENT_TRANSITIONS,
    FROZEN,
    NEVER_AGAIN,
    OPEN,
    RUNNING,
    TRANSITIONS,
    UNDER_WAY,
    WAITING_ON,
    ApplicationStage,
    EventStage,
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


def test_a_stage_that_cannot_be_left_awaits_nobody() -> None:
    final = {stage for stage, following in TRANSITIONS.items() if not following}

    assert final == {stage for stage in P if WAITING_ON[stage] is WaitingOn.NOBODY}


def test_every_stage_of_an_application_leads_somewhere_and_can_be_reached_again_but_for_the_wish_to_leave() -> (
    None
):
    assert set(APPLICATION_TRANSITIONS) == set(ApplicationStage)
    for stage, following in APPLICATION_TRANSITIONS.items():
        assert following
        assert stage not in following
        assert ApplicationStage.ELIGIBLE in following | {stage}


def test_a_group_meeting_is_prepared_then_announced_then_over() -> None:
    assert set(EVENT_TRANSITIONS) == set(EventStage)
    assert [stage for stage, following in EVENT_TRANSITIONS.items() if not following] == [
        EventStage.CANCELLED,
        EventStage.OVER,
    ]


def test_a_pairing_takes_a_place_until_it_is_over_and_its_people_are_left_alone_once_written_to() -> None:
    over = {stage for stage in P if WAITING_ON[stage] is WaitingOn.NOBODY}

    assert set(P) - over == OPEN
    assert OPEN - {P.PROPOSED} == FROZEN
    assert over - {P.WITHDRAWN} == NEVER_AGAIN - OPEN
    assert RUNNING == NEVER_AGAIN & OPEN
    assert OPEN - {P.PROPOSED, P.POSTPONED} == UNDER_WAY


def test_no_stage_leads_to_itself() -> None:
    assert [stage for stage, following in TRANSITIONS.items() if stage in following] == []
