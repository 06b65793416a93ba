"""Whoever waits for someone hears every month where things stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from ponts_flows.actions import Action, Cancel, Plan, Urgency, Wake
from ponts_flows.decide.applications import ApplicationCase, follow
from ponts_flows.decide.calendar import add_days
from ponts_flows.lifecycle import ApplicationStage as Stage
from ponts_flows.model import Role
from ponts_flows.programme import Programme
from tests.builders import MONDAY, an_application, sent

PROGRAMME = Programme()
RECEIVED = sent(("A-0001/received", MONDAY))


def a_candidate(**changes: Any) -> ApplicationCase:
    """Someone in the pool, whose application was acknowledged on a Monday."""
    return an_application(**({"stage": Stage.ELIGIBLE, "sent": RECEIVED} | changes))


def due(case: ApplicationCase, days: float) -> list[Action]:
    """What is due some days after that Monday."""
    return follow(case, programme=PROGRAMME, now=MONDAY + timedelta(days=days))


def mails(actions: list[Action]) -> list[str]:
    """The mails asked for."""
    return [one.key for one in actions if isinstance(one, Plan)]


def wake(actions: list[Action]) -> datetime | None:
    """When the application is looked at again."""
    return next(one.at for one in actions if isinstance(one, Wake))


@pytest.mark.parametrize("role", Role)
def test_whoever_waits_hears_a_month_after_the_last_mail(role: Role) -> None:
    case = a_candidate(role=role)

    assert (mails(due(case, 29)), wake(due(case, 29))) == ([], add_days(MONDAY, 30, PROGRAMME))
    (plan,) = (one for one in due(case, 30) if isinstance(one, Plan))
    assert (plan.key, plan.template, plan.to, plan.urgency) == (
        "A-0001/waiting/1",
        "waiting",
        ("A-0001",),
        Urgency.NEWS,
    )


def test_every_month_has_its_own_mail_counted_from_when_the_one_before_left() -> None:
    case = a_candidate(sent={**RECEIVED, **sent(("A-0001/waiting/1", MONDAY + timedelta(days=33)))})

    assert mails(due(case, 62)) == []
    assert mails(due(case, 63)) == ["A-0001/waiting/2"]


def test_nothing_more_is_planned_while_a_mail_is_on_its_way() -> None:
    case = a_candidate(sent={**RECEIVED, **sent(("A-0001/waiting/1", None))})

    assert mails(due(case, 90)) == []


def test_whoever_is_in_a_pair_hears_nothing_of_waiting_and_what_waited_to_leave_is_cancelled() -> None:
    case = a_candidate(paired=True, sent={**RECEIVED, **sent(("A-0001/waiting/1", None))})
    actions = due(case, 40)

    assert mails(actions) == []
    assert [one.key for one in actions if isinstance(one, Cancel)] == ["A-0001/waiting/1"]


def test_the_month_counts_from_the_end_of_the_last_pair() -> None:
    case = a_candidate(free_since=MONDAY + timedelta(days=100))

    assert mails(due(case, 129)) == []
    assert mails(due(case, 130)) == ["A-0001/waiting/1"]


def test_whoever_waits_for_a_membership_to_be_confirmed_hears_too() -> None:
    case = a_candidate(
        stage=Stage.REVIEW_MEMBERSHIP,
        verdict=Stage.REVIEW_MEMBERSHIP,
        sent=sent(("A-0001/review", MONDAY)),
    )

    assert mails(due(case, 30)) == ["A-0001/waiting/1"]


@pytest.mark.parametrize("stage", [Stage.ON_HOLD, Stage.FINISHED, Stage.WITHDRAWN])
def test_whoever_is_set_aside_or_done_or_gone_is_left_in_peace(stage: Stage) -> None:
    waits = {**RECEIVED, **sent(("A-0001/waiting/1", None))}
    actions = due(a_candidate(stage=stage, since=MONDAY, sent=waits), 200)

    assert mails(actions) == []
    assert [one.key for one in actions if isinstance(one, Cancel)] == ["A-0001/waiting/1"]


def test_looking_once_a_month_leaves_nobody_a_month_and_a_day_without_news() -> None:
    case, now, heard = a_candidate(), MONDAY, [MONDAY]
    for _ in range(12):
        actions = follow(case, programme=PROGRAMME, now=now)
        for key in mails(actions):
            case = replace(case, sent={**case.sent, **sent((key, now))})
            heard.append(now)
        now = wake(follow(case, programme=PROGRAMME, now=now)) or now + timedelta(days=1)

    assert len(heard) == 12
    assert max(later - before for before, later in pairwise(heard)) <= timedelta(days=30, hours=1)
