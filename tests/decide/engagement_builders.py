"""An engagement in a few words: facts by the day since the introduction, what is due in short.

Days are counted from a Monday at nine; day 0 is the introduction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from ponts_flows.actions import (
    Action,
    AskCoordinator,
    Cancel,
    CloseReview,
    MoveApplication,
    MovePairing,
    Plan,
    Skipped,
    Summarise,
    Wake,
)
from ponts_flows.answers import Held, RenewalAnswer, ReviewAnswer, Said, SessionReport, Value
from ponts_flows.decide.engagement import follow
from ponts_flows.decide.pairing_case import PairingCase
from ponts_flows.lifecycle import PairingStage
from ponts_flows.model import Answer, Role, Sent
from ponts_flows.programme import Programme
from tests.builders import MONDAY, a_pairing

PROGRAMME = Programme()
MENTOR, MENTEE = Role.MENTOR, Role.MENTEE
Stage = PairingStage


def moment(day: float) -> datetime:
    """So many days after the introduction, at nine."""
    return MONDAY + timedelta(days=day)


def on(day: int) -> date:
    """The date of a day."""
    return moment(day).date()


def saying(role: Role, value: Value, day: float, source: str = "") -> Said:
    """An answer of one of the two, given on a day."""
    name = source or f"{type(value).__name__}/{role}/{day}"
    return Said(source=name, role=role, given_at=moment(day), value=value)


def reported(
    role: Role,
    day: int | None,
    *,
    given: float | None = None,
    held: Held = Held.HELD,
    next: int | None = None,
    source: str = "",
    **details: Any,
) -> Said:
    """A report of the meeting of a day, given in its evening unless said otherwise."""
    value = SessionReport(
        held=held,
        on=None if day is None else on(day),
        next_on=None if next is None else on(next),
        **details,
    )
    given_on = given if given is not None else (day or 0) + 0.4
    return saying(role, value, given_on, source or f"report/{role}/{day}/{given_on}")


def both_reported(*days: int) -> tuple[Said, ...]:
    """Sessions that each of the two reported."""
    return tuple(reported(role, day) for day in days for role in Role)


def wishing(role: Role, answer: Answer, day: float = 152) -> Said:
    """A yes or a no to the second term."""
    return saying(role, RenewalAnswer(answer=answer), day)


def both_wish(day: float = 152) -> tuple[Said, ...]:
    """Two yeses."""
    return tuple(wishing(role, Answer.YES, day) for role in Role)


def reviewed(role: Role, day: float, **details: Any) -> Said:
    """A review."""
    return saying(role, ReviewAnswer(**details), day)


def engaged(stage: PairingStage = Stage.ENGAGED, **changes: Any) -> PairingCase:
    """A pair introduced on day 0."""
    return a_pairing(stage, **({"engaged_at": MONDAY, "since": MONDAY} | changes))


def gone(*messages: tuple[str, float], values: Mapping[str, str] | None = None) -> dict[str, Sent]:
    """Messages of the pair that left, each with its day; the key without the pair."""
    return {
        f"P-0001/{key}": Sent(
            key=f"P-0001/{key}",
            status="sent",
            planned_at=moment(day),
            sent_at=moment(day),
            to=("A-0002" if key.endswith("mentor") else "A-0001",),
            values=values or {},
        )
        for key, day in messages
    }


def waiting(*messages: tuple[str, float], values: Mapping[str, str] | None = None) -> dict[str, Sent]:
    """Messages of the pair that are planned and have not left."""
    return {
        key: replace(message, status="planned", sent_at=None)
        for key, message in gone(*messages, values=values).items()
    }


def cancelled(*messages: tuple[str, float]) -> dict[str, Sent]:
    """Messages of the pair that were planned and called off before they left."""
    return {key: replace(message, status="cancelled") for key, message in waiting(*messages).items()}


def due_on(day: float, case: PairingCase, programme: Programme = PROGRAMME) -> list[Action]:
    """All that is due on a day, but for the summary and the date to look again."""
    found = follow(case, programme=programme, now=moment(day))
    return [action for action in found if not isinstance(action, Summarise | Wake)]


def of(step: str, day: float, case: PairingCase, programme: Programme = PROGRAMME) -> list[str]:
    """What a step asks for on a day, in short and without its name."""
    short = asked(due_on(day, case, programme))
    return [one.replace(f"{step}/", "", 1) for one in short if one.lstrip("+-x~").split("/")[0] == step]


def asked(actions: list[Action]) -> list[str]:
    """In short what actions ask for: messages, lines opened (+) and closed (-), cancelled (x), left out (~), moves."""
    short: list[str] = []
    for action in actions:
        match action:
            case Plan() | AskCoordinator() | CloseReview() | Cancel():
                sign = {Plan: "", AskCoordinator: "+", CloseReview: "-", Cancel: "x"}[type(action)]
                short.append(sign + action.key.removeprefix("P-0001/"))
            case Skipped():
                short.append("~" + action.key.removeprefix("P-0001/"))
            case MovePairing() | MoveApplication():
                short.append(f">{action.to}")
            case _:
                pass
    return short
