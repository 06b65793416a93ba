"""Random lives of an engaged pair: people who meet, or don't, and say so early, late, twice, or never."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from hypothesis import strategies as st

from ponts_flows.answers import (
    Again,
    Held,
    MidpointAnswer,
    ParticipationAnswer,
    RenewalAnswer,
    ReviewAnswer,
    Said,
    Wish,
)
from ponts_flows.board.decisions import EngagementDecision as Choose
from ponts_flows.model import Answer, Role
from tests.decide.engagement_builders import both_wish, on, reported, saying
from tests.decide.engagement_play import Change, Choice, Happening, Play

LAST_DAY = 440


@dataclass(frozen=True, kw_only=True)
class Script:
    """What happens, each with the day on which it becomes known; when the machine sleeps; how slowly mail leaves."""

    happenings: tuple[tuple[float, Happening], ...] = ()
    asleep: frozenset[int] = frozenset()
    slow: tuple[int, ...] = (0,)

    def play(
        self, *, until: float = LAST_DAY, woken: bool = True, every: float = 1, twice: bool = False
    ) -> Play:
        """Play it."""
        play = Play(slow=self.slow, woken=woken, twice=twice)
        return play.live(until, *self.happenings, asleep=self.asleep, every=every)


Known = tuple[float, Happening]
roles = st.sampled_from(Role)
delays = st.sampled_from((None, 0, 0, 1, 2, 3, 8, 20, 45))
errors = st.sampled_from((0, 0, 0, 0, 1, -2, 3, 6))


@st.composite
def meetings(draw: st.DrawFn) -> list[Known]:
    """Meetings over a year, each reported by one, by both, late, twice, with dates that differ, then corrected."""
    known: list[Known] = []
    day = 0
    for number in range(draw(st.integers(0, 9))):
        day += draw(st.sampled_from((1, 2, 4, 12, 20, 28, 30, 35, 60)))
        following = day + draw(st.sampled_from((1, 2, 5, 28, 30, 40)))
        held = draw(st.sampled_from((Held.HELD, Held.HELD, Held.HELD, Held.MISSED)))
        for role in Role:
            known += draw(_reports(role, number, day, held, following))
    return known


@st.composite
def _reports(draw: st.DrawFn, role: Role, number: int, day: int, held: Held, following: int) -> list[Known]:
    delay = draw(delays)
    if delay is None:
        return []
    said_on = day + draw(errors)
    given = max(day, said_on) + delay + 0.4
    ahead = held is Held.MISSED and draw(st.booleans())
    if ahead:
        given = max(0.4, day - draw(st.sampled_from((1, 2, 6))) + 0.4)
    following_on = draw(st.sampled_from((None, following, following, following + 2)))
    if following_on is not None and following_on < given:
        following_on = None  # a form refuses a next date that is past
    source = f"{role}/{number}"
    first = reported(role, max(0, said_on), given=given, held=held, next=following_on, source=source)
    found: list[Known] = [(_arrives(draw, given), first)]
    if draw(st.integers(0, 5)) == 0:
        later = given + draw(st.sampled_from((1, 9, 33)))
        if following_on is not None and following_on < later:
            following_on = None
        twin = draw(st.sampled_from((source, f"{source}/again")))
        again = reported(role, day, given=later, held=held, next=following_on, source=twin)
        found.append((_arrives(draw, later), again))
    return found


def _arrives(draw: st.DrawFn, given: float) -> float:
    """When an answer is read: on the day, or days later, after others that were given after it."""
    return given + draw(st.sampled_from((0, 0, 0, 0, 1, 3, 15)))


def _answers(kind: Any, days: st.SearchStrategy[int]) -> st.SearchStrategy[list[Known]]:
    one = st.builds(lambda role, value, day: (day + 0.4, saying(role, value, day + 0.4)), roles, kind, days)
    return st.lists(one, max_size=3, unique_by=lambda known: known[1].source)


both = st.integers(120, 185).map(lambda day: [(day + 0.4, one) for one in both_wish(day + 0.4)])
yes_or_no = st.sampled_from((Answer.YES, Answer.YES, Answer.YES, Answer.NO))
renewals = both | _answers(st.builds(RenewalAnswer, answer=yes_or_no), st.integers(120, 225))
midpoints = _answers(st.builds(MidpointAnswer, call_me=st.booleans()), st.integers(60, 160))
again = st.sampled_from(((), (Again.MENTOR_AGAIN,), (Again.MENTEE_AGAIN,), (Again.NOT_NOW,)))
reviews = _answers(st.builds(ReviewAnswer, again=again), st.integers(170, 400))
wishes = st.builds(ParticipationAnswer, wish=st.sampled_from(Wish))


@st.composite
def _choice(draw: st.DrawFn) -> list[Known]:
    day = draw(st.integers(1, 380))
    until: date | None = draw(st.sampled_from((None, on(day + 5), on(day + 40), on(day + 150))))
    choice = draw(
        st.sampled_from((Choose.PAUSE, Choose.PAUSE, Choose.MENTOR_AWAY, Choose.MENTEE_AWAY, Choose.END))
    )
    after = {Choose.PAUSE: Choose.RESUME, Choose.MENTOR_AWAY: Choose.BACK, Choose.MENTEE_AWAY: Choose.BACK}
    known: list[Known] = [(day, Choice(choice=choice, until=until))]
    if choice in after and draw(st.booleans()):
        known.append((day + draw(st.integers(1, 90)), Choice(choice=after[choice])))
    return known


@st.composite
def _lapse(draw: st.DrawFn) -> list[Known]:
    """Dues that end, and are paid again, or not; someone set aside and taken up again, or gone for good."""
    role, day = draw(roles), draw(st.integers(1, 230))
    change, back = draw(
        st.sampled_from(
            (
                ({"paid": False}, {"paid": True}),
                ({"paid": False}, {"paid": True}),
                (
                    {"set_aside": True, "gone": True, "paid": False},
                    {"set_aside": False, "gone": False, "paid": True},
                ),
                ({"left": True, "gone": True, "paid": False}, None),
            )
        )
    )
    known: list[Known] = [(day, Change(role=role, to=change))]
    if back is not None and draw(st.booleans()):
        known.append((day + draw(st.integers(1, 60)), Change(role=role, to=back)))
    return known


wish = _answers(wishes, st.integers(1, 400))
rare = st.lists(st.one_of(_choice(), _lapse(), wish), max_size=2).map(
    lambda some: list(chain.from_iterable(some))
)
slowness = st.sampled_from(((0,), (0,), (1,), (0, 3), (2, 0, 4)))


@st.composite
def scripts(
    draw: st.DrawFn,
    *,
    eventful: bool = True,
    sleepy: bool = True,
) -> Script:
    """A life; `eventful`: with pauses, leaves, lapses, wishes; `sleepy`: with a machine that stops for weeks."""
    happenings = [*draw(meetings()), *draw(renewals), *draw(midpoints), *draw(reviews)]
    if eventful:
        happenings += draw(rare)
    asleep: frozenset[int] = frozenset()
    if sleepy and draw(st.integers(0, 2)) == 0:
        start = draw(st.integers(1, 370))
        asleep = frozenset(range(start, start + draw(st.sampled_from((3, 21, 45)))))
    return Script(happenings=tuple(happenings), asleep=asleep, slow=draw(slowness))


def answers_of(script: Script) -> tuple[Said, ...]:
    """All that the two say in a life, edits in place of what they correct."""
    latest: dict[str, Said] = {}
    for _, happening in script.happenings:
        if isinstance(happening, Said):
            there = latest.get(happening.source)
            if there is None or there.given_at < happening.given_at:
                latest[happening.source] = happening
    return tuple(latest.values())
