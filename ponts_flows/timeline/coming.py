"""What comes, as the rules say today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from zoneinfo import ZoneInfo

from ponts_flows.actions import MovePairing
from ponts_flows.board import words
from ponts_flows.decide.engagement import Life
from ponts_flows.decide.engagement.due import due
from ponts_flows.decide.engagement.moves import move
from ponts_flows.ledger.tables import Row
from ponts_flows.lifecycle import OPEN, RUNNING, WAITING_ON, PairingStage
from ponts_flows.timeline.told import Kind, Line
from ponts_flows.timeline.veil import arranged


def coming(row: Row, life: Life) -> Iterator[Line]:
    """The next steps of a pair; before the introduction, when it is looked at again if nobody answers."""
    stage = life.case.stage
    if stage in OPEN - RUNNING and row.wake_at is not None:
        yield _next(
            row.wake_at, f"suite, faute de réponse ; attendu : {words.AWAITED[WAITING_ON[stage]].lower()}"
        )
    if stage not in RUNNING | {PairingStage.COMPLETED}:
        return
    moved = move(life)
    for action in moved.actions:
        if isinstance(action, MovePairing):
            yield _next(life.now, f"étape « {words.PAIRING_STAGES[action.to]} » : {action.reason}")
    if moved.actions:
        return  # what the new stage asks for is read off when it is there
    for at, what in (*moved.coming, *due(life).coming):
        yield _next(max(at, life.now), what)
    if life.next is not None:
        plan = life.next
        at = datetime.combine(plan.on, plan.at or time(), ZoneInfo(life.programme.time_zone))
        text = f"rencontre prévue{arranged(plan.at, plan.way, plan.theme, life.programme)}"
        yield Line(at=at, kind=Kind.NEXT, text=text, whole_day=plan.at is None)


def _next(at: datetime, text: str) -> Line:
    return Line(at=at, kind=Kind.NEXT, text=text)
