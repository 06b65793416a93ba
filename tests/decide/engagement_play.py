"""A life of an engaged pair, played pass after pass as the ledger carries decisions out; nothing but values."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from ponts_flows.actions import (
    Action,
    AskCoordinator,
    Away,
    Cancel,
    CancelUnsent,
    CloseReview,
    MoveApplication,
    MovePairing,
    NoReminders,
    Pause,
    Plan,
    Skipped,
    Summarise,
    Wake,
)
from ponts_flows.answers import Said
from ponts_flows.board.decisions import EngagementDecision
from ponts_flows.decide.engagement import follow, said
from ponts_flows.decide.engagement.decided import decided
from ponts_flows.decide.pairing_case import PairingCase
from ponts_flows.lifecycle import RUNNING, TRANSITIONS, ApplicationStage
from ponts_flows.model import Role, Sent
from tests.builders import MONDAY
from tests.decide.engagement_builders import MENTEE, MENTOR, PROGRAMME, Stage, asked, engaged, moment


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What a coordinator chooses in the tab Binômes."""

    choice: EngagementDecision
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Change:
    """What else becomes known of one of the two: dues, a withdrawal, a leave."""

    role: Role
    to: Mapping[str, Any]


Happening = Said | Choice | Change


@dataclass(frozen=True, kw_only=True)
class Mailed:
    """A message that left, and where the pair stood then."""

    at: datetime
    plan: Plan
    case: PairingCase

    @property
    def step(self) -> str:
        """The step of the timetable, or what else it is."""
        return self.plan.key.split("/")[1]


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A change of stage, and the case as it was."""

    at: datetime
    move: MovePairing
    case: PairingCase


class Play:
    """A life played pass after pass, as the ledger carries decisions out.

    `slow`: how many passes each message waits to leave, over and over. `woken`: looked at only when it asked to be.
    `twice`: once at rest, looked at again; `repeated` is what that still asks for, with messages asked for twice.
    """

    def __init__(
        self,
        case: PairingCase | None = None,
        *,
        slow: tuple[int, ...] = (0,),
        woken: bool = True,
        twice: bool = False,
    ) -> None:
        self.case, self.now = case or engaged(), moment(0)
        self.wake: datetime | None = self.now
        self.slow, self.woken, self.twice = slow, woken, twice
        self.mailed: list[Mailed] = []
        self.history: list[tuple[datetime, Action]] = []
        self.moves: list[Moved] = []
        self.repeated: list[Action] = []
        self._plans: dict[str, Plan] = {}
        self._leaves: dict[str, int] = {}
        self._planned = 0

    def take(self, happening: Happening) -> None:
        """Something happens."""
        match happening:
            case Said():
                self._hear(happening)
            case Choice(choice=choice, until=until):
                self.carry_out(decided(self.case, choice, until, programme=PROGRAMME, now=self.now)[0])
            case Change(role=role, to=changes):
                self._become(role, **changes)

    def _hear(self, one: Said) -> None:
        """An answer; a later one of the same source takes its place."""
        others = tuple(other for other in self.case.said if other.source != one.source)
        if len(others) < len(self.case.said):
            there = next(other for other in self.case.said if other.source == one.source)
            if there.given_at >= one.given_at:
                return
        self.case = replace(self.case, said=(*others, one))
        self.carry_out(said(self.case, one, programme=PROGRAMME, now=self.now))

    def _become(self, role: Role, **changes: Any) -> None:
        party = replace(self.case.party(role), **changes)
        self.case = replace(self.case, mentor=party) if role is MENTOR else replace(self.case, mentee=party)
        self.wake = self.now

    def look(self) -> list[Action]:
        """Follow until nothing is left to do now; returns all that was done."""
        done: list[Action] = []
        if self.woken and (self.wake is None or self.wake > self.now):
            return done
        for _ in range(6):
            found = self._follow()
            self.carry_out(found)
            done += found
            if self.wake is None or self.wake > self.now:
                if self.twice:
                    again = self._follow()
                    self.repeated += [one for one in again if not isinstance(one, Summarise | Wake)]
                return done
        raise AssertionError(f"no rest: {asked(done)}")

    def _follow(self) -> list[Action]:
        if self.case.stage in RUNNING or self.case.stage is Stage.COMPLETED:
            return follow(self.case, programme=PROGRAMME, now=self.now)
        return [Wake(about=self.case.id, at=None)]

    def send(self) -> None:
        """Messages whose turn has come leave; the pair is looked at again at the next pass."""
        for key, message in list(self.case.sent.items()):
            if not message.waits:
                continue
            plan = self._plans[key]
            if self._leaves[key] and not plan.at_once:
                self._leaves[key] -= 1
                continue
            self._put(replace(message, status="sent", sent_at=self.now))
            self.mailed.append(Mailed(at=self.now, plan=plan, case=self.case))
            self.wake = self.now

    def live(
        self,
        until: float,
        *happenings: tuple[float, Happening],
        every: float = 1,
        asleep: Container[int] = (),
    ) -> Play:
        """Pass after pass, up to a day: what has happened is heard, then looked at, then mail leaves."""
        to_come = sorted(happenings, key=lambda one: one[0])
        while self.now <= moment(until):
            if (self.now - MONDAY).days not in asleep:
                while to_come and moment(to_come[0][0]) <= self.now:
                    self.take(to_come.pop(0)[1])
                self.look()
                self.send()
            self.now += timedelta(days=every)
        return self

    def carry_out(self, actions: list[Action]) -> None:
        """Do what was decided, as the ledger does."""
        for action in actions:
            if not isinstance(action, Summarise | Wake):
                self.history.append((self.now, action))
            self._carry_out(action)

    def _put(self, message: Sent) -> None:
        self.case = replace(self.case, sent={**self.case.sent, message.key: message})

    def _carry_out(self, action: Action) -> None:
        case = self.case
        match action:
            case Plan():
                self._plan(action)
            case Cancel() | CancelUnsent():
                for key, message in case.sent.items():
                    named = key == action.key if isinstance(action, Cancel) else True
                    if named and message.waits and not self._plans[key].at_once:
                        self._put(replace(message, status="cancelled"))
            case Skipped() if action.key:
                self.case = replace(case, noted={action.key: self.now, **case.noted})
            case AskCoordinator():
                self.case = replace(case, rows={action.key: True, **case.rows})
            case CloseReview():
                self.case = replace(case, rows={**case.rows, action.key: False})
            case MovePairing():
                self._move(action)
            case MoveApplication() | Away() | NoReminders():
                self._change(action)
            case Pause():
                self.case, self.wake = replace(case, until=action.until), self.now
            case Wake():
                self.wake = action.at
            case _:
                pass

    def _plan(self, plan: Plan) -> None:
        there = self.case.sent.get(plan.key)
        if there is not None and there.status != "cancelled":
            self.repeated.append(plan)
            return
        self._plans[plan.key] = plan
        self._leaves[plan.key] = self.slow[self._planned % len(self.slow)]
        self._planned += 1
        self._put(
            Sent(
                key=plan.key,
                status="planned",
                planned_at=self.now,
                sent_at=None,
                to=plan.to,
                values=plan.values,
            )
        )

    def _move(self, move: MovePairing) -> None:
        self.moves.append(Moved(at=self.now, move=move, case=self.case))
        assert move.to in TRANSITIONS[self.case.stage], f"{self.case.stage} to {move.to}"
        self.case = replace(
            self.case,
            stage=move.to,
            since=self.now,
            renewed_at=self.case.renewed_at or (self.now if move.to is Stage.RENEWED else None),
        )
        self.wake = self.now

    def _change(self, action: MoveApplication | Away | NoReminders) -> None:
        role = MENTOR if action.application == self.case.mentor.id else MENTEE
        match action:
            case Away():
                self._become(role, away_until=action.until)
            case NoReminders():
                self._become(role, no_reminders=True)
            case MoveApplication():
                left = action.to is ApplicationStage.WITHDRAWN
                done = action.to is ApplicationStage.FINISHED
                self._become(role, left=left, gone=left, finished=done)
