"""Group meetings: who is invited, told of a change or a cancellation, reminded, and when nothing is sent at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from ponts_flows.actions import Action, Cancel, MoveEvent, Plan, Urgency, Wake
from ponts_flows.decide.calendar import local
from ponts_flows.decide.events import Audience, EventCase, Invitee, follow, noted
from ponts_flows.lifecycle import EventStage as Stage
from ponts_flows.model import Answer, Language, Sent
from ponts_flows.programme import Programme
from tests.builders import MONDAY

PROGRAMME = Programme()
LEA = Invitee(id="A-0001", language=Language.FRENCH)
PAUL = Invitee(id="A-0002", language=Language.ENGLISH)
ANNE = Invitee(id="A-0003", language=Language.FRENCH)
DAY = date(2026, 12, 10)
SAID = {
    "event_title": "Dîner",
    "event_on": "2026-12-10",
    "event_time": "19:30",
    "event_place": "Café des Arts",
}


def an_event(**changes: Any) -> EventCase:
    """A dinner in three weeks, ready to be announced to two people."""
    plain: dict[str, Any] = {
        "id": "E-0001",
        "title": "Dîner",
        "day": DAY,
        "at": time(19, 30),
        "place": "Café des Arts",
        "audience": Audience.ALL,
        "stage": Stage.PREPARED,
        "sequence": 0,
        "wanted": True,
        "called_off": False,
        "invitees": (LEA, PAUL),
        "answers": {},
        "sent": {},
    }
    return EventCase(**(plain | changes))


def sent(*keys: str, at: datetime | None = MONDAY, **values: str) -> dict[str, Sent]:
    """Messages of the dinner, each with its key without the event; None: planned, not yet gone."""
    return {
        f"E-0001/{key}": Sent(
            key=f"E-0001/{key}",
            status="sent" if at else "planned",
            planned_at=MONDAY,
            sent_at=at,
            to=(key.rpartition("/")[2],),
            values={**SAID, "sequence": "0", **values},
        )
        for key in keys
    }


INVITED = sent("invite/A-0001", "invite/A-0002")


def announced(**changes: Any) -> EventCase:
    """The dinner, once both were invited."""
    return an_event(**({"stage": Stage.ANNOUNCED, "sent": INVITED} | changes))


def due(case: EventCase, now: datetime = MONDAY) -> list[Action]:
    """What is due for a group meeting at a moment."""
    return follow(case, programme=PROGRAMME, now=now)


def mails(actions: list[Action]) -> list[tuple[str, str]]:
    """The mails asked for: the key without the event, the template."""
    return [(one.key.removeprefix("E-0001/"), one.template) for one in actions if isinstance(one, Plan)]


def stage(actions: list[Action]) -> tuple[Stage, int, str] | None:
    """Where it stands, its sequence, what the board says."""
    return next(((one.to, one.sequence, one.remark) for one in actions if isinstance(one, MoveEvent)), None)


def wake(actions: list[Action]) -> datetime | None:
    """When it is looked at again."""
    return next(one.at for one in actions if isinstance(one, Wake))


def on(month: int, day: int, hour: int = 9) -> datetime:
    """A day of the year of the dinner."""
    return MONDAY.replace(month=month, day=day, hour=hour)


def test_a_ticked_event_is_announced_to_each_in_their_language() -> None:
    actions = due(an_event())

    assert stage(actions) == (Stage.ANNOUNCED, 0, "")
    assert mails(actions) == [("invite/A-0001", "event-invitation"), ("invite/A-0002", "event-invitation")]
    plans = [one for one in actions if isinstance(one, Plan)]
    assert [plan.languages for plan in plans] == [(Language.FRENCH,), (Language.ENGLISH,)]
    assert all(plan.values == {**SAID, "sequence": "0"} and plan.urgency is Urgency.NEWS for plan in plans)


def test_an_event_not_ticked_waits_for_its_box() -> None:
    actions = due(an_event(wanted=False))

    assert stage(actions) == (Stage.PREPARED, 0, "Cochez Inviter quand tout est prêt.")
    assert (mails(actions), wake(actions)) == ([], None)


@pytest.mark.parametrize(
    ("changes", "remark"),
    [
        ({"title": ""}, "Il manque le titre : rien n'est envoyé."),
        ({"day": None}, "La date manque ou n'est pas lisible (exemple : 12/03/2027) : rien n'est envoyé."),
        ({"audience": None}, "Choisissez qui est invité dans la colonne Public : rien n'est envoyé."),
        ({"day": date(2026, 11, 15)}, "La date est passée : rien n'est envoyé."),
    ],
)
def test_an_event_that_lacks_something_says_so_and_sends_nothing(
    changes: Mapping[str, Any], remark: str
) -> None:
    actions = due(an_event(**changes))

    assert stage(actions) == (Stage.PREPARED, 0, remark)
    assert (mails(actions), wake(actions)) == ([], None)


def test_an_event_may_be_without_a_time_or_a_place_and_on_the_very_day() -> None:
    actions = due(an_event(at=None, place="", day=date(2026, 11, 16)))

    plan = next(one for one in actions if isinstance(one, Plan))
    assert (plan.values["event_time"], plan.values["event_place"]) == ("", "")


def test_an_announced_event_that_loses_its_date_sends_nothing_until_it_has_one() -> None:
    waits = sent("reminder/A-0001", at=None)
    actions = due(announced(day=None, sent={**INVITED, **waits}))

    assert mails(actions) == []
    assert [one.key for one in actions if isinstance(one, Cancel)] == ["E-0001/reminder/A-0001"]
    assert stage(actions) == (
        Stage.ANNOUNCED,
        0,
        "La date manque ou n'est pas lisible (exemple : 12/03/2027) : rien n'est envoyé.",
    )


def test_once_invited_nobody_is_invited_again_and_the_next_look_is_the_reminders() -> None:
    actions = due(announced())

    assert mails(actions) == []
    assert local(wake(actions) or MONDAY, PROGRAMME) == datetime(
        2026, 12, 7, tzinfo=local(MONDAY, PROGRAMME).tzinfo
    )


def test_whoever_joins_later_is_invited_too() -> None:
    assert mails(due(announced(invitees=(LEA, PAUL, ANNE)))) == [("invite/A-0003", "event-invitation")]


def test_whoever_is_no_longer_among_those_invited_is_told_nothing_more() -> None:
    assert mails(due(announced(invitees=(LEA,), place="Ailleurs", sequence=1))) == [
        ("update-1/A-0001", "event-update")
    ]


@pytest.mark.parametrize(
    "change",
    [{"day": date(2026, 12, 12)}, {"at": time(20)}, {"place": "Ailleurs"}, {"title": "Souper"}],
)
def test_a_change_is_told_to_all_who_were_invited_under_the_next_sequence(change: Mapping[str, Any]) -> None:
    case = announced(**change, answers={"A-0002": Answer.NO})
    first = due(case)

    assert stage(first) == (Stage.ANNOUNCED, 1, "")
    assert (mails(first), wake(first)) == ([], MONDAY)
    second = due(replace(case, sequence=1))
    assert mails(second) == [("update-1/A-0001", "event-update"), ("update-1/A-0002", "event-update")]
    assert all(one.values["sequence"] == "1" for one in second if isinstance(one, Plan))


def test_a_change_told_is_not_told_again_and_back_again_is_another_change() -> None:
    told = sent("update-1/A-0001", "update-1/A-0002", sequence="1", event_place="Ailleurs")
    case = announced(place="Ailleurs", sequence=1, sent={**INVITED, **told})

    assert mails(due(case)) == []
    assert stage(due(replace(case, place="Café des Arts"))) == (Stage.ANNOUNCED, 2, "")


def test_an_invitation_that_has_not_left_says_what_is_true_and_needs_no_change_told() -> None:
    waits = {**sent("invite/A-0001", at=None), **sent("invite/A-0002")}
    actions = due(announced(place="Ailleurs", sequence=1, sent=waits))

    assert [one.key for one in actions if isinstance(one, Cancel)] == ["E-0001/invite/A-0001"]
    assert mails(actions) == [("invite/A-0001", "event-invitation"), ("update-1/A-0002", "event-update")]
    assert wake(actions) != MONDAY


def test_a_newcomer_after_a_change_learns_it_by_the_invitation_alone() -> None:
    there = {**INVITED, **sent("update-1/A-0001", "update-1/A-0002", sequence="1", event_place="Ailleurs")}
    joined = announced(place="Ailleurs", sequence=1, invitees=(LEA, PAUL, ANNE), sent=there)
    later = replace(joined, sent={**there, **sent("invite/A-0003", sequence="1", event_place="Ailleurs")})

    assert mails(due(joined)) == [("invite/A-0003", "event-invitation")]
    assert mails(due(later)) == []


def test_three_days_before_who_comes_or_did_not_say_is_reminded_once() -> None:
    case = announced(answers={"A-0001": Answer.YES, "A-0002": Answer.NO}, invitees=(LEA, PAUL, ANNE))
    case = replace(case, sent={**INVITED, **sent("invite/A-0003")})

    assert mails(due(case, on(12, 6))) == []
    assert mails(due(case, on(12, 7))) == [
        ("reminder/A-0001", "event-reminder"),
        ("reminder/A-0003", "event-reminder"),
    ]
    reminded = replace(case, sent={**case.sent, **sent("reminder/A-0001", "reminder/A-0003", at=on(12, 7))})
    assert mails(due(reminded, on(12, 8))) == []


def test_whoever_declines_while_the_reminder_waits_is_not_reminded() -> None:
    case = announced(answers={"A-0001": Answer.NO}, sent={**INVITED, **sent("reminder/A-0001", at=None)})
    actions = due(case, on(12, 7))

    assert [one.key for one in actions if isinstance(one, Cancel)] == ["E-0001/reminder/A-0001"]
    assert mails(actions) == [("reminder/A-0002", "event-reminder")]


def test_whoever_is_invited_or_told_of_a_change_in_the_last_days_needs_no_reminder() -> None:
    late = announced(sent={**sent("invite/A-0001"), **sent("invite/A-0002", at=on(12, 8))})
    changed = announced(place="Ailleurs", sequence=1)
    told = sent("update-1/A-0001", "update-1/A-0002", at=on(12, 8), sequence="1", event_place="Ailleurs")

    assert mails(due(late, on(12, 9))) == [("reminder/A-0001", "event-reminder")]
    assert [template for _, template in mails(due(changed, on(12, 8)))] == ["event-update"] * 2
    assert mails(due(replace(changed, sent={**INVITED, **told}), on(12, 9))) == []


def test_an_event_put_off_after_its_reminder_is_reminded_of_again() -> None:
    later = {"event_on": "2026-12-17", "sequence": "1"}
    there = {
        **INVITED,
        **sent("reminder/A-0001", "reminder/A-0002", at=on(12, 7)),
        **sent("update-1/A-0001", "update-1/A-0002", at=on(12, 8), **later),
    }
    case = announced(day=date(2026, 12, 17), sequence=1, sent=there)

    assert mails(due(case, on(12, 13))) == []
    assert mails(due(case, on(12, 14))) == [
        ("reminder-2026-12-17/A-0001", "event-reminder"),
        ("reminder-2026-12-17/A-0002", "event-reminder"),
    ]


def test_a_cancellation_is_told_to_those_who_might_come_and_recalls_what_waits() -> None:
    waits = sent("reminder/A-0001", at=None)
    case = announced(called_off=True, answers={"A-0002": Answer.NO}, sent={**INVITED, **waits})
    actions = due(case)

    assert mails(actions) == [("cancelled/A-0001", "event-cancelled")]
    assert [one.key for one in actions if isinstance(one, Cancel)] == ["E-0001/reminder/A-0001"]
    assert stage(actions) == (Stage.CANCELLED, 0, "Annulé : les invités sont prévenus.")


def test_an_event_cancelled_before_anybody_was_invited_tells_nobody() -> None:
    waits = sent("invite/A-0001", "invite/A-0002", at=None)

    assert stage(due(an_event(called_off=True))) == (Stage.CANCELLED, 0, "Annulé.")
    actions = due(announced(called_off=True, sent=waits))
    assert mails(actions) == []
    assert [one.key for one in actions if isinstance(one, Cancel)] == list(waits)


def test_an_event_is_over_the_day_after_and_asks_for_nothing_more() -> None:
    assert wake(due(announced(), on(12, 8))) == on(12, 10, 23)
    actions = due(announced(), on(12, 11))

    assert stage(actions) == (Stage.OVER, 0, "Passé.")
    assert (mails(actions), wake(actions)) == ([], None)


def test_an_event_called_off_once_it_is_over_tells_nobody() -> None:
    assert (mails(due(announced(called_off=True), on(12, 11)))) == []


@pytest.mark.parametrize("over", [Stage.CANCELLED, Stage.OVER])
def test_an_event_that_is_over_or_cancelled_is_left_alone(over: Stage) -> None:
    assert due(announced(stage=over, place="Ailleurs", invitees=(LEA, PAUL, ANNE))) == [
        Wake(about="E-0001", at=None)
    ]


def test_an_answer_is_acknowledged_at_once_under_a_key_of_its_own() -> None:
    plan = noted(announced(), LEA, Answer.YES, MONDAY)

    assert (plan.key, plan.template, plan.to, plan.at_once) == (
        "E-0001/noted-20261116090000/A-0001",
        "event-noted",
        ("A-0001",),
        True,
    )
    assert plan.values == {**SAID, "answer": "yes"}


def test_an_acknowledgement_that_waits_is_never_recalled() -> None:
    waits = {
        "E-0001/noted-1/A-0001": Sent(
            key="E-0001/noted-1/A-0001",
            status="planned",
            planned_at=MONDAY,
            sent_at=None,
            values={**SAID, "answer": "yes"},
        )
    }

    assert not any(isinstance(one, Cancel) for one in due(announced(sent={**INVITED, **waits})))


def test_deciding_twice_adds_nothing() -> None:
    for now in (MONDAY, on(12, 7)):
        first = due(an_event(), now)
        planned = {
            one.key: Sent(
                key=one.key, status="planned", planned_at=now, sent_at=None, to=one.to, values=one.values
            )
            for one in first
            if isinstance(one, Plan)
        }
        again = due(an_event(stage=Stage.ANNOUNCED, sent=planned), now)

        assert [one for one in again if isinstance(one, Plan | Cancel)] == []
        assert (wake(again) or now) > now


def test_a_message_past_recall_does_not_keep_the_event_from_coming_to_rest() -> None:
    """Its draft is being made: it can't be cancelled; the change is told once it has left."""
    waits = {**sent("invite/A-0001", at=None), **sent("invite/A-0002")}
    actions = due(announced(place="Ailleurs", sequence=1, sent=waits))

    assert (wake(actions) or MONDAY) - MONDAY > timedelta(days=1)
    left = announced(place="Ailleurs", sequence=1, sent=INVITED)
    assert ("update-1/A-0001", "event-update") in mails(due(left))
