"""What an application is asked, when, and what a coordinator's choice does to it."""

from datetime import timedelta

import pytest

from ponts_flows.actions import AskCoordinator, Confirm, MoveApplication, Plan, Skipped, Wake
from ponts_flows.board.decisions import ApplicationDecision
from ponts_flows.decide.applications import decided, follow
from ponts_flows.decide.calendar import add_days
from ponts_flows.lifecycle import ApplicationStage as Stage
from ponts_flows.programme import Programme
from tests.builders import MONDAY, an_application, keys, sent

PROGRAMME = Programme()


def test_an_eligible_application_is_admitted_and_acknowledged_at_once() -> None:
    actions = follow(an_application(), programme=PROGRAMME, now=MONDAY)

    assert keys(actions) == ["eligible", "A-0001/received", "Wake"]
    assert [action.at_once for action in actions if isinstance(action, Plan)] == [True]


def test_deciding_twice_adds_nothing() -> None:
    settled = an_application(stage=Stage.ELIGIBLE, sent=sent(("A-0001/received", MONDAY)))

    in_a_month = add_days(MONDAY, PROGRAMME.waiting_days, PROGRAMME)
    assert follow(settled, programme=PROGRAMME, now=MONDAY) == [Wake(about="A-0001", at=in_a_month)]


def test_an_incomplete_answer_is_asked_again_with_a_key_of_its_own_moment() -> None:
    case = an_application(verdict=Stage.INCOMPLETE)

    assert keys(follow(case, programme=PROGRAMME, now=MONDAY)) == [
        "incomplete",
        "A-0001/correction/20261116090000",
        "Wake",
    ]


def test_missing_dues_are_asked_for_then_reminded_twice_then_shown_to_a_coordinator() -> None:
    seen = []
    messages: dict[str, object] = {}
    for day in range(60):
        now = MONDAY + timedelta(days=day)
        case = an_application(stage=Stage.MEMBERSHIP_MISSING, verdict=Stage.MEMBERSHIP_MISSING, sent=messages)
        for action in follow(case, programme=PROGRAMME, now=now):
            if isinstance(action, Plan):
                messages = {**messages, **sent((action.key, now))}
                seen.append((day, action.key))
            elif isinstance(action, AskCoordinator) and (action.key,) not in [entry[1:] for entry in seen]:
                seen.append((day, action.key))

    assert seen == [
        (0, "A-0001/dues/1"),
        (7, "A-0001/dues/1/reminder-1"),
        (21, "A-0001/dues/1/reminder-2"),
        (35, "A-0001/dues"),
    ]


def test_a_machine_asleep_for_weeks_sends_one_reminder_and_not_all_of_them() -> None:
    case = an_application(
        stage=Stage.MEMBERSHIP_MISSING, verdict=Stage.MEMBERSHIP_MISSING, sent=sent(("A-0001/dues/1", MONDAY))
    )

    actions = follow(case, programme=PROGRAMME, now=MONDAY + timedelta(days=90))

    assert keys(actions) == ["A-0001/dues/1/reminder-1", "Wake"]


def test_nothing_more_is_due_until_the_first_message_has_left() -> None:
    case = an_application(
        stage=Stage.MEMBERSHIP_MISSING, verdict=Stage.MEMBERSHIP_MISSING, sent=sent(("A-0001/dues/1", None))
    )

    assert follow(case, programme=PROGRAMME, now=MONDAY + timedelta(days=90)) == [
        Wake(about="A-0001", at=None)
    ]


def test_a_membership_that_ends_is_looked_at_on_the_day_it_ends() -> None:
    end = MONDAY + timedelta(days=16)
    case = an_application(stage=Stage.ELIGIBLE, sent=sent(("A-0001/received", MONDAY)), changes_on=end)

    assert follow(case, programme=PROGRAMME, now=MONDAY) == [Wake(about="A-0001", at=end)]


def test_dues_that_lapse_are_asked_for_under_a_new_key() -> None:
    case = an_application(
        stage=Stage.ELIGIBLE,
        verdict=Stage.MEMBERSHIP_MISSING,
        episode=1,
        sent=sent(("A-0001/dues/1", MONDAY)),
    )

    assert "A-0001/dues/2" in keys(follow(case, programme=PROGRAMME, now=MONDAY))


def test_someone_without_a_readable_address_is_shown_to_a_coordinator_and_never_written_to() -> None:
    actions = follow(
        an_application(reachable=False, verdict=Stage.INCOMPLETE), programme=PROGRAMME, now=MONDAY
    )

    assert keys(actions) == ["incomplete", "A-0001/address", "Wake"]


@pytest.mark.parametrize("stage", [Stage.ON_HOLD, Stage.WITHDRAWN])
def test_what_a_coordinator_set_aside_stays_aside(stage: Stage) -> None:
    assert follow(an_application(stage=stage), programme=PROGRAMME, now=MONDAY) == [
        Wake(about="A-0001", at=None)
    ]


@pytest.mark.parametrize(
    ("stage", "choice", "expected"),
    [
        (
            Stage.REVIEW_MEMBERSHIP,
            ApplicationDecision.CONFIRM,
            Confirm(application="A-0001", same_person=True),
        ),
        (
            Stage.REVIEW_MEMBERSHIP,
            ApplicationDecision.NOT_SAME,
            Confirm(application="A-0001", same_person=False),
        ),
        (
            Stage.ELIGIBLE,
            ApplicationDecision.HOLD,
            MoveApplication(
                application="A-0001", to=Stage.ON_HOLD, reason="mise en attente par la coordination"
            ),
        ),
        (
            Stage.ELIGIBLE,
            ApplicationDecision.WITHDRAW,
            MoveApplication(application="A-0001", to=Stage.WITHDRAWN, reason="retirée par la coordination"),
        ),
        (
            Stage.ON_HOLD,
            ApplicationDecision.RESUME,
            MoveApplication(application="A-0001", to=Stage.ELIGIBLE, reason="adhésion à jour"),
        ),
    ],
)
def test_a_coordinators_choice_does_what_it_says(stage: Stage, choice: str, expected: object) -> None:
    assert decided(an_application(stage=stage), choice)[0] == [expected]


@pytest.mark.parametrize(
    "choice", [ApplicationDecision.CONFIRM, ApplicationDecision.RESUME, "n'importe quoi"]
)
def test_a_choice_that_makes_no_sense_there_changes_nothing_and_says_so(choice: str) -> None:
    actions, note = decided(an_application(stage=Stage.ELIGIBLE), choice)

    assert actions == [Skipped(about="A-0001", reason=note)]
    assert note
