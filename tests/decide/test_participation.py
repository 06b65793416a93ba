"""What someone who is in no pair asks for their own part in the programme."""

from __future__ import annotations

import pytest

from ponts_flows.actions import Action, AskCoordinator, MoveApplication, NoReminders, Plan, Skipped
from ponts_flows.answers import ParticipationAnswer, Wish
from ponts_flows.decide.participation import wished
from ponts_flows.lifecycle import APPLICATION_TRANSITIONS
from ponts_flows.lifecycle import ApplicationStage as Stage
from tests.builders import MONDAY, an_application


def heard(
    wish: Wish, stage: Stage = Stage.ELIGIBLE, *, verdict: Stage = Stage.ELIGIBLE, **said: object
) -> list[Action]:
    """What a wish does to an application."""
    value = ParticipationAnswer(wish=wish, **said)  # type: ignore[arg-type]
    return wished(an_application(stage=stage, verdict=verdict), value, source="form/9", at=MONDAY)


def mails(actions: list[Action]) -> list[tuple[str, str, bool]]:
    """The mails asked for."""
    return [(one.key, one.template, one.at_once) for one in actions if isinstance(one, Plan)]


def moves(actions: list[Action]) -> list[tuple[Stage, str | None]]:
    """Where the application goes, and the member of the register it rests on."""
    return [(one.to, one.member_key) for one in actions if isinstance(one, MoveApplication)]


@pytest.mark.parametrize("wish", [Wish.STOP, Wish.LEAVE])
@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.WITHDRAWN])
def test_whoever_leaves_is_withdrawn_from_any_stage_and_told(wish: Wish, stage: Stage) -> None:
    actions = heard(wish, stage)

    assert moves(actions) == [(Stage.WITHDRAWN, "A1")]
    assert mails(actions) == [("A-0001/leave-noted/20261116090000", "leave-noted", True)]
    assert Stage.WITHDRAWN in APPLICATION_TRANSITIONS[stage]


def test_leaving_twice_is_leaving_once() -> None:
    assert [type(one) for one in heard(Wish.LEAVE, Stage.WITHDRAWN)] == [Skipped]


@pytest.mark.parametrize("stage", [Stage.FINISHED, Stage.WITHDRAWN])
@pytest.mark.parametrize("verdict", [Stage.ELIGIBLE, Stage.MEMBERSHIP_MISSING, Stage.INCOMPLETE])
def test_whoever_comes_back_is_judged_on_todays_facts(stage: Stage, verdict: Stage) -> None:
    actions = heard(Wish.BACK, stage, verdict=verdict)

    assert moves(actions) == [(verdict, "A1")]
    assert mails(actions) == [("A-0001/back-noted/20261116090000", "back-noted", True)]
    assert verdict in APPLICATION_TRANSITIONS[stage]


@pytest.mark.parametrize("stage", [Stage.ELIGIBLE, Stage.ON_HOLD, Stage.MEMBERSHIP_MISSING])
def test_whoever_wishes_back_without_having_left_is_seen_by_a_coordinator(stage: Stage) -> None:
    actions = heard(Wish.BACK, stage)

    assert [type(one) for one in actions] == [AskCoordinator]


def test_no_reminders_is_kept_and_told() -> None:
    actions = heard(Wish.NO_REMINDERS)

    assert actions[0] == NoReminders(application="A-0001")
    assert mails(actions) == [("A-0001/no-reminders-noted/20261116090000", "no-reminders-noted", True)]


@pytest.mark.parametrize("wish", Wish)
def test_a_note_reaches_the_coordinators_only_if_its_author_ticked_so(wish: Wish) -> None:
    secret = "Cela ne regarde personne."

    assert secret not in repr(heard(wish, note=secret))
    shared = heard(wish, note=secret, share_note=True)
    assert [
        one.subject for one in shared if isinstance(one, AskCoordinator) and one.key == "A-0001/note/form/9"
    ] == [f"Écrit à la coordination : {secret}"]
    assert secret not in repr([one for one in shared if not isinstance(one, AskCoordinator)])


def test_a_tick_without_a_note_opens_no_line() -> None:
    assert not any(isinstance(one, AskCoordinator) for one in heard(Wish.LEAVE, share_note=True))
