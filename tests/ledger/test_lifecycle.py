"""The table of transitions says everything about every stage, and no stage is out of reach."""

from __future__ import annotations

import pytest

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


def test_every_stage_of_a_pairing_has_its_moves_and_someone_who_is_awaited() -> None:
    assert set(TRANSITIONS) == set(PairingStage)
    assert set(WAITING_ON) == set(PairingStage)


def test_every_stage_of_an_application_has_someone_who_is_awaited() -> None:
    assert set(APPLICATION_WAITING_ON) == set(ApplicationStage)


def test_every_stage_of_a_pairing_is_reached_from_a_proposal() -> None:
    reached, to_follow = {PairingStage.PROPOSED}, [PairingStage.PROPOSED]
    while to_follow:
        following = TRANSITIONS[to_follow.pop()] - reached
        reached |= following
        to_follow += following

    assert reached == set(PairingStage)


@pytest.mark.parametrize("stage", PairingStage)
def test_a_stage_that_leads_nowhere_awaits_nobody_but_the_pair(stage: PairingStage) -> None:
    assert (TRANSITIONS[stage] == frozenset()) == (WAITING_ON[stage] in {WaitingOn.NOBODY, WaitingOn.PAIR})


@pytest.mark.parametrize("stage", PairingStage)
def test_a_pairing_that_takes_places_awaits_somebody_and_only_such_a_one(stage: PairingStage) -> None:
    assert (stage in OPEN) == (WAITING_ON[stage] is not WaitingOn.NOBODY)


def test_no_move_leads_to_the_stage_it_starts_from() -> None:
    assert [stage for stage, following in TRANSITIONS.items() if stage in following] == []


def test_what_was_frozen_is_open_and_what_was_said_no_to_is_not() -> None:
    assert frozenset({PairingStage.PROPOSED}) == OPEN - FROZEN
    assert frozenset({PairingStage.ENGAGED}) == OPEN & NEVER_AGAIN
