"""What holds in any life of an engaged pair, however people and the machine behave."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ponts_flows.actions import Cancel, MovePairing
from ponts_flows.answers import MidpointAnswer, RenewalAnswer, ReviewAnswer, SessionReport
from ponts_flows.decide.calendar import local
from ponts_flows.decide.engagement import Life, follow
from ponts_flows.lifecycle import RUNNING
from ponts_flows.model import Answer, Role
from ponts_flows.timetable import MEETING, STEP, Kind
from tests.decide.engagement_builders import MENTOR, PROGRAMME, Stage, engaged, moment
from tests.decide.engagement_lives import LAST_DAY, Script, answers_of, scripts
from tests.decide.engagement_play import Mailed, Play

lives = settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
orders = st.randoms(use_true_random=False)
DAY = timedelta(days=1)


@lives
@given(scripts())
def test_deciding_again_at_the_same_moment_adds_nothing(script: Script) -> None:
    assert script.play(twice=True).repeated == []


@lives
@given(scripts())
def test_looking_only_when_asked_to_does_what_looking_every_day_does(script: Script) -> None:
    woken, daily = script.play(), script.play(woken=False)

    assert woken.history == daily.history
    assert [(one.at, one.plan) for one in woken.mailed] == [(one.at, one.plan) for one in daily.mailed]


@lives
@given(scripts())
def test_no_mail_leaves_twice_nor_after_its_moment_nor_to_whom_it_should_not(script: Script) -> None:
    play = script.play()

    keys = [one.plan.key for one in play.mailed]
    assert sorted(keys) == sorted(set(keys))
    assert [(one.plan.key, why) for one in play.mailed if (why := wrong_with(one))] == []


def wrong_with(mailed: Mailed) -> str:
    """Why a mail should not have left; "" when it should."""
    case, plan = mailed.case, mailed.plan
    party = next(party for party in (case.mentor, case.mentee) if party.id in plan.to)
    if party.left and not plan.at_once:
        return "its reader has left"
    if mailed.step not in STEP or plan.template == "meeting-cancelled":
        return ""
    step, today = STEP[mailed.step], local(mailed.at, PROGRAMME).date()
    meeting_on = date.fromisoformat(plan.values.get("meeting_on", "9999-12-31"))
    if case.stage not in step.stages:
        return f"the pair is {case.stage}"
    if mailed.at - case.sent[plan.key].planned_at >= timedelta(days=step.kept_days):
        return "it waited too long"
    if today > meeting_on or (step.name == "meeting-soon" and today == meeting_on):
        return "the meeting is over"
    away = party.set_aside or (party.away_until is not None and mailed.at < party.away_until)
    if away and not plan.at_once:
        return "its reader is on leave"
    return "its reader wants no reminders" if step.kind is Kind.REMINDER and party.no_reminders else ""


@lives
@given(scripts(eventful=False))
def test_no_moment_passes_without_a_mail_or_an_answer_or_a_reason_kept(script: Script) -> None:
    play = script.play()

    mailed = {one.plan.key for one in play.mailed}
    cancelled = {action.key for _, action in play.history if isinstance(action, Cancel)}
    told = mailed | cancelled | set(play.case.noted)
    assert [key for key in expected(play) if key not in told] == []


def expected(play: Play) -> Iterator[str]:
    """The messages of moments that came in a life without pauses, leaves or stops, and that no answer forestalled."""
    entered = {one.move.to: one.at for one in play.moves}
    met = any(isinstance(one.value, SessionReport) for one in play.case.said)
    for role in Role:
        kinds = {type(one.value) for one in play.case.said if one.role is role}
        steps = {
            "prepare-first": not met,
            "midpoint": MidpointAnswer not in kinds,
            "renewal": RenewalAnswer not in kinds,
            "renewed": Stage.RENEWED in entered,
            "last-meeting": ReviewAnswer not in kinds,
            "review": ReviewAnswer not in kinds,
            "thanks": True,
        }
        yield from (f"P-0001/{step}/{role}" for step, wanted in steps.items() if wanted)
        if not met and role is MENTOR:
            yield "P-0001/start-mentor/mentor"


@lives
@given(scripts())
def test_whoever_did_not_report_a_meeting_is_asked_about_it_or_a_reason_is_kept(script: Script) -> None:
    play = script.play(until=170)

    life = Life(case=play.case, programme=PROGRAMME, now=play.now)
    held_back = any(party.away_until or party.set_aside for party in (play.case.mentor, play.case.mentee))
    if play.moves or held_back:
        return
    told = {*play.case.noted, *play.case.sent}
    for meeting in life.meetings:
        if meeting.called_off(PROGRAMME) or meeting.known_at > moment(120):
            continue
        days = [meeting.on + timedelta(days=day) for day in range(-3, 4)]
        reported = {report.role for report in life.reports if report.value.on in days}
        for role in set(Role) - reported:
            assert told & {f"P-0001/session-report/{day}/{role}" for day in days}


@lives
@given(scripts())
def test_an_engagement_never_lasts_beyond_twelve_months(script: Script) -> None:
    play = script.play()

    awake = next(day for day in range(336, 500) if day not in script.asleep)
    running = (Stage.ENGAGED, Stage.RENEWED, Stage.PAUSED)
    assert play.case.stage not in running
    assert all(one.at <= moment(awake) for one in play.moves if one.case.stage in running)


@lives
@given(scripts())
def test_a_second_term_needs_two_yeses_and_paid_dues(script: Script) -> None:
    for one in script.play().moves:
        if one.move.to is Stage.RENEWED and one.case.renewed_at is None:
            said = sorted(one.case.said, key=lambda said: said.given_at)
            last = {said.role: said.value.answer for said in said if isinstance(said.value, RenewalAnswer)}
            assert last == dict.fromkeys(Role, Answer.YES)
            assert one.case.mentor.paid
            assert one.case.mentee.paid
            assert moment(179.9) <= one.at <= moment(211)


@lives
@given(scripts(eventful=False))
def test_over_a_first_term_the_midpoint_is_asked_of_each_once_or_its_reason_is_kept(script: Script) -> None:
    play = script.play(until=181)

    for role in Role:
        key = f"P-0001/midpoint/{role}"
        asked = sum(one.plan.key == key for one in play.mailed)
        answered = any(isinstance(one.value, MidpointAnswer) and one.role is role for one in play.case.said)
        assert asked == 1 or (asked == 0 and (answered or key in play.case.noted))


@lives
@given(scripts(sleepy=False))
def test_nobody_is_left_thirty_five_days_without_a_mail_or_a_reason_on_record(script: Script) -> None:
    play = script.play()

    ended = next((one.at for one in play.moves if one.move.to not in RUNNING), play.now)
    for role in Role:
        heard = [one.at for one in play.mailed if play.case.party(role).id in one.plan.to]
        kept = [at for key, at in play.case.noted.items() if key.endswith(f"/{role}")]
        kept += [at for at, one in play.history if isinstance(one, Cancel) and one.key.endswith(f"/{role}")]
        known = sorted(at for at in (moment(0), *heard, *kept, ended) if at <= ended)
        assert max(later - before for before, later in pairwise(known)) <= timedelta(days=35)


@lives
@given(scripts(eventful=False), orders, st.integers(0, 400))
def test_what_is_due_does_not_depend_on_the_order_of_the_answers(
    script: Script, order: Random, day: int
) -> None:
    said = answers_of(script)
    stage = Stage.ENGAGED if day < 180 else Stage.CLOSING

    one, other = (
        follow(engaged(stage, said=tuple(answers)), programme=PROGRAMME, now=moment(day))
        for answers in (said, order.sample(said, len(said)))
    )

    assert one == other


@lives
@given(scripts(eventful=False, sleepy=False), orders)
def test_answers_that_arrive_in_another_order_lead_to_the_same_sessions_and_stages(
    script: Script, order: Random
) -> None:
    said = [one for one in answers_of(script) if one.given_at < moment(165)]
    as_given = Play().live(LAST_DAY, *(((one.given_at - moment(0)) / DAY, one) for one in said))
    all_late = Play().live(LAST_DAY, *((166, one) for one in order.sample(said, len(said))))

    assert stages(as_given) == stages(all_late)
    one, other = (Life(case=play.case, programme=PROGRAMME, now=play.now) for play in (as_given, all_late))
    assert (one.meetings, one.planned, one.next) == (other.meetings, other.planned, other.next)


def stages(play: Play) -> list[MovePairing]:
    """The changes of stage of a life."""
    return [one.move for one in play.moves]


@lives
@given(scripts(), st.integers(10, 340))
def test_calendars_hold_the_next_meeting_and_nothing_else(script: Script, day: int) -> None:
    play = script.play(until=day)
    play.look()

    life = Life(case=play.case, programme=PROGRAMME, now=play.now)
    waits = any(message.waits for message in play.case.sent.values())
    for role in Role:
        files = [one.plan for one in play.mailed if one.step == "meeting" and one.plan.key.endswith(role)]
        numbers = [(int(file.values["meeting"]), int(file.values["sequence"])) for file in files]
        assert len(numbers) == len(set(numbers))
        calendar: dict[str, str] = {}
        for file in sorted(files, key=lambda file: int(file.values["sequence"])):
            if file.values["method"] == "REQUEST":
                calendar[file.values["meeting"]] = file.values["meeting_on"]
            else:
                del calendar[file.values["meeting"]]
        party = play.case.party(role)
        if waits or party.away_until or party.set_aside or play.case.stage not in MEETING:
            continue
        to_come = [on for on in calendar.values() if on > life.today.isoformat()]
        to_come = [on for on in to_come if not held_about(date.fromisoformat(on), life)]
        assert to_come == ([life.next.on.isoformat()] if life.next and life.next.on > life.today else [])


def held_about(on: date, life: Life) -> bool:
    """Whether the two met just before a date: their meeting was early, and its date is left as it is."""
    return any(abs(meeting.on - on) <= timedelta(days=3) for meeting in life.held)
