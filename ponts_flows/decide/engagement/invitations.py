"""Calendar files: one for each meeting announced, updated when its date changes, cancelled when it is called off.

Which meeting a file is about is read off the files sent before: their names are `<meeting>/<sequence>`. A date said
while the last file's is still to come moves that meeting; once it has come, the next date is another meeting.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ponts_flows.decide.engagement.life import Life
from ponts_flows.decide.engagement.meetings import near
from ponts_flows.decide.engagement.occasion import Occasion
from ponts_flows.model import Role

STEP = "meeting"
REQUEST, CANCEL = "REQUEST", "CANCEL"


@dataclass(frozen=True, kw_only=True)
class Filed:
    """A calendar file sent, or on its way."""

    meeting: int
    sequence: int
    values: dict[str, str]

    @property
    def on(self) -> date:
        """The day it says."""
        return date.fromisoformat(self.values["meeting_on"])

    @property
    def name(self) -> str:
        """The occasion it was sent on."""
        return f"{self.meeting}/{self.sequence}"


def invitations(life: Life, role: Role | None) -> Iterator[Occasion]:
    """The calendar file that the two should have now."""
    last = last_filed(life)
    if life.next is None:
        if last is not None and (called_off := _called_off(last, life)):
            yield called_off
        return
    plan = life.next
    wanted = {
        "meeting_on": plan.on.isoformat(),
        "meeting_time": plan.at.isoformat("minutes") if plan.at else "",
        "way": plan.way or "",
    }
    name, mail = _placed(last, wanted, life)
    sequence = name.partition("/")[2]
    yield Occasion(
        name=name,
        at=plan.said_at,
        until=_end(plan.on, plan.said_at),
        mail=mail,
        at_once=role is plan.said_by,
        values={
            **wanted,
            "theme": plan.theme,
            "method": REQUEST,
            "meeting": name.partition("/")[0],
            "sequence": sequence,
        },
    )


def cancelling(life: Life) -> Occasion | None:
    """The cancellation of a meeting still announced, when there is one: the engagement has ended."""
    last = last_filed(life)
    if last is None or last.values["method"] == CANCEL or last.on < life.today:
        return None
    return _cancelled(last, life.now)


def last_filed(life: Life) -> Filed | None:
    """The last calendar file of the pair, whichever of the two it went to."""
    filed = []
    for name, _, message in life.messages(STEP):
        meeting, sequence = map(int, name.split("/"))
        filed.append(Filed(meeting=meeting, sequence=sequence, values=dict(message.values)))
    return max(filed, key=lambda one: (one.meeting, one.sequence), default=None)


def _placed(last: Filed | None, wanted: dict[str, str], life: Life) -> tuple[str, str]:
    """The name of the file that says this, and its mail."""
    if last is None:
        return "1/0", "meeting-invitation"
    says = {name: last.values[name] for name in wanted}
    if last.values["method"] == REQUEST and says == wanted:
        return last.name, "meeting-update" if last.sequence else "meeting-invitation"
    if last.values["method"] == REQUEST and last.on >= life.today:
        return f"{last.meeting}/{last.sequence + 1}", "meeting-update"
    return f"{last.meeting + 1}/0", "meeting-invitation"


def _called_off(last: Filed, life: Life) -> Occasion | None:
    """A meeting that one of the two said will not take place; kept as it is once cancelled."""
    told = [
        meeting for meeting in life.meetings if not meeting.held and near(meeting.on, last.on, life.programme)
    ]
    if last.on < life.today or not told:
        return None
    if last.values["method"] == CANCEL:
        return Occasion(
            name=last.name, at=told[0].known_at, mail="meeting-cancelled", values=dict(last.values)
        )
    return _cancelled(last, told[0].known_at)


def _cancelled(last: Filed, at: datetime) -> Occasion:
    sequence = last.sequence + 1
    return Occasion(
        name=f"{last.meeting}/{sequence}",
        at=at,
        until=_end(last.on, at),
        mail="meeting-cancelled",
        values={**last.values, "method": CANCEL, "sequence": str(sequence)},
    )


def _end(on: date, like: datetime) -> datetime:
    """The end of a day, in the zone of a moment."""
    return datetime.combine(on + timedelta(days=1), datetime.min.time(), like.tzinfo)
