"""What holds in any life of an engaged pair, however people and the machine behave."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ponts_flows.answers import MidpointAnswer, RenewalAnswer, Said
from ponts_flows.decide.calendar import local
from ponts_flows.decide.engagement import Life, follow
from ponts_flows.lifecycle import RUNNING
from ponts_flows.model import Answer, Role
from ponts_flows.timetable import MEETING, STEP, Kind
from tests.decide.engagement_builders import PROGRAMME, Stage, engaged, moment
from tests.decide.engagement_lives import Script, answers_of, scripts
from tests.decide.engagement_play import Mailed, Play

lives = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
GOING_ON = frozenset({Stage.ENGAGED, Stage.RENEWED, Stage.PAUSED})


@lives
@given(scripts())
def test_deciding_again_at_the_same_moment_adds_nothing(script: Script) -> None:
    assert script.play(twice=True).repeated == []


@lives
@given(scripts())
def test_looking_only_when_asked_to_does_what_looking_every_day_does(script: Script) -> None:
    woken, daily = script.play(), script.play(woken=False)

    assert woken.history == daily.history
    assert [(one.at, one.plan.key) for one in woken.mailed] == [
        (one.at, one.plan.key) for one in daily.mailed
    ]


@lives
@given(scripts())
def test_no_message_leaves_twice(script: Script) -> None:
    keys = [one.plan.key for one in script.play().mailed]

    assert sorted(keys) == sorted(set(keys))


@lives
@given(scripts())
def test_no_mail_leaves_after_its_moment_or_when_it_may_not(script: Script) -> None:
    for one in script.play().mailed:
        if one.step in STEP and one.plan.template != "meeting-cancelled":
            assert wrong_with(one) == ""
        elif "leave-noted" not in one.plan.key:
            assert not to_one(one).left


def to_one(mailed: Mailed):  # type: ignore[no-untyped-def]
    return next(party for party in (mailed.case.mentor, mailed.case.mentee) if party.id in mailed.plan.to)


def wrong_with(mailed: Mailed) -> str:
    """Why a mail of the timetable should not have left; "" when it should."""
    step, case, party = STEP[mailed.step], mailed.case, to_one(mailed)
    today = local(mailed.at, PROGRAMME).date()
    on = date.fromisoformat(mailed.plan.values.get("meeting_on", "9999-12-31"))
    if case.stage not in step.stages:
        return f"the pair is {case.stage}"
    if mailed.at - case.sent[mailed.plan.key].planned_at >= timedelta(days=step.kept_days):
        return "it waited too long"
    if today > on or (step.name == "meeting-soon" and today == on):
        return "the meeting is over"
    if party.left or (party.set_aside and not mailed.plan.at_once):
        return "its reader is not there"
    if party.away_until is not None and mailed.at < party.away_until and not mailed.plan.at_once:
        return "its reader is on leave"
    if step.kind is Kind.REMINDER and party.no_reminders:
        return "its reader wants no reminders"
    return ""


@lives
@given(scripts())
def test_an_engagement_never_lasts_beyond_twelve_months(script: Script) -> None:
    play = script.play()

    awake = next(day for day in range(365, 500) if day not in script.asleep)
    begun = [(moment(0), Stage.ENGAGED), *((one.at, one.move.to) for one in play.moves)]
    ends = [*(one.at for one in play.moves), play.now]
    assert all(end <= moment(awake) for (_, stage), end in zip(begun, ends, strict=True) if stage in GOING_ON)


@lives
@given(scripts())
def test_a_second_term_needs_two_yeses_and_paid_dues(script: Script) -> None:
    for one in script.play().moves:
        if one.move.to is Stage.RENEWED and one.case.renewed_at is None:
            assert one.case.mentor.paid
            assert one.case.mentee.paid
            assert [last_wish(one.case.said, role) for role in Role] == [Answer.YES, Answer.YES]
            assert one.at >= moment(179.9)


def last_wish(said: tuple[Said, ...], role: Role) -> Answer | None:
    given_ = [
        (one.given_at, one.value.answer)
        for one in said
        if one.role is role and isinstance(one.value, RenewalAnswer)
    ]
    return max(given_, default=(None, None))[1]


@lives
@given(scripts(eventful=False))
def test_over_a_first_term_the_midpoint_is_asked_of_each_exactly_once_or_its_reason_is_kept(
    script: Script,
) -> None:
    play = script.play(until=181)

    for role in Role:
        key = f"P-0001/midpoint/{role}"
        mailed = sum(one.plan.key == key for one in play.mailed)
        answered = any(isinstance(one.value, MidpointAnswer) and one.role is role for one in play.case.said)
        assert mailed == 1 or (mailed == 0 and (key in play.case.noted or answered))


@lives
@given(scripts(sleepy=False))
def test_nobody_is_left_thirty_five_days_without_a_mail_or_a_reason_on_record(script: Script) -> None:
    play = script.play()

    ended = next((one.at for one in play.moves if one.move.to not in RUNNING), play.now)
    for role in Role:
        id = play.case.party(role).id
        heard = [one.at for one in play.mailed if id in one.plan.to]
        kept = [at for key, at in play.case.noted.items() if key.endswith(f"/{role}")]
        known = sorted(at for at in (moment(0), *heard, *kept, ended) if at <= ended)
        assert max(b - a for a, b in pairwise(known)) <= timedelta(days=35)


@lives
@given(scripts(eventful=False), st.randoms(use_true_random=False), st.integers(0, 400))
def test_answers_in_any_order_make_the_same_life(script: Script, random, day: int) -> None:  # type: ignore[no-untyped-def]
    said = answers_of(script)
    shuffled = tuple(random.sample(said, len(said)))
    stage = Stage.ENGAGED if day < 180 else Stage.CLOSING

    one, other = (
        follow(engaged(stage, said=order), programme=PROGRAMME, now=moment(day)) for order in (said, shuffled)
    )

    assert one == other


@lives
@given(scripts(eventful=False, sleepy=False), st.randoms(use_true_random=False))
def test_answers_that_arrive_in_another_order_lead_to_the_same_stages_and_sessions(
    script: Script, random
) -> None:  # type: ignore[no-untyped-def]
    said = [one for one in answers_of(script) if one.given_at < moment(165)]
    as_given = Play().live(440, *(((one.given_at - moment(0)) / timedelta(days=1), one) for one in said))
    late = Play().live(440, *((166, one) for one in random.sample(said, len(said))))

    assert [(one.at, one.move) for one in as_given.moves] == [(one.at, one.move) for one in late.moves]
    for day in (166, 440):
        lives = [Life(case=play.case, programme=PROGRAMME, now=moment(day)) for play in (as_given, late)]
        assert lives[0].meetings == lives[1].meetings
        assert lives[0].planned == lives[1].planned
        assert lives[0].next == lives[1].next


@lives
@given(scripts(), st.integers(0, 440))
def test_calendars_hold_the_next_meeting_and_nothing_else(script: Script, day: int) -> None:
    play = script.play(until=day)
    play.look()

    life = Life(case=play.case, programme=PROGRAMME, now=play.now)
    for role in Role:
        files = [one.plan for one in play.mailed if one.step == "meeting" and one.plan.key.endswith(role)]
        numbers = [(int(one.values["meeting"]), int(one.values["sequence"])) for one in files]
        assert numbers == sorted(set(numbers))
        for one in files:
            asked_before = [
                other
                for other in files[: files.index(one)]
                if other.values["meeting"] == one.values["meeting"]
            ]
            assert one.values["method"] == "REQUEST" or any(
                other.values["method"] == "REQUEST" for other in asked_before
            )
        held_up = any(one.waits for one in play.case.sent.values()) or any(
            "/meeting/" in key for key in play.case.noted
        )
        party = play.case.party(role)
        if held_up or party.away_until or party.set_aside or play.case.stage not in MEETING:
            continue
        in_calendar = {
            one.values["meeting"]: one.values["meeting_on"]
            for one in files
            if one.values["method"] == "REQUEST"
        }
        for one in files:
            if one.values["method"] == "CANCEL":
                in_calendar.pop(one.values["meeting"], None)
        to_come = [on for on in in_calendar.values() if on > life.today.isoformat()]
        wanted = [life.next.on.isoformat()] if life.next and life.next.on > life.today else []
        assert to_come == wanted
