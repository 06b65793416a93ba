"""Calendar files: one for each meeting announced, updated when it changes, cancelled when it is called off.

Which meeting a file is about is read off the files sent before: their names are `<meeting>/<sequence>`. A date said
while the last file's is still to come moves that meeting; once it has come, the next date is another meeting.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ponts_flows.decide.engagement.life import Life
from ponts_flows.decide.engagement.meetings import near
from ponts_flows.decide.engagement.occasion import Occasion
from ponts_flows.decide.engagement.planned import Planned
from ponts_flows.model import Role

STEP = "meeting"
REQUEST, CANCEL = "REQUEST", "CANCEL"


@dataclass(frozen=True, kw_only=True)
class Filed:
    """A calendar file sent, or on its way."""

    meeting: int
    sequence: int
    to: Role | None
    left: bool
    values: dict[str, str]

    @property
    def on(self) -> date:
        """The day it says."""
        return date.fromisoformat(self.values["meeting_on"])

    @property
    def is_cancelled(self) -> bool:
        """Whether it takes the meeting out of the calendar."""
        return self.values["method"] == CANCEL


def invitations(life: Life, role: Role | None) -> Iterator[Occasion]:
    """The calendar files that one of the two should have now."""
    announced = None
    if life.next is not None:
        announced = _announced(life.next, life, role)
        yield announced
    for off in cancelling(life, role):
        if announced is None or off.values["meeting"] != announced.values["meeting"]:
            yield off


def cancelling(life: Life, role: Role | None) -> Iterator[Occasion]:
    """The cancellation of each meeting to come that is in the calendar of one of the two."""
    at = max((report.given_at for report in life.reports), default=life.now)
    for theirs in _by_meeting(_told(life, role)).values():
        held = any(near(meeting.on, theirs.on, life.programme) for meeting in life.held)
        if theirs.is_cancelled or theirs.on < life.today or held:
            continue
        last = _by_meeting(_filed(life))[theirs.meeting]
        sequence = last.sequence if last.is_cancelled else last.sequence + 1
        yield Occasion(
            name=f"{last.meeting}/{sequence}",
            at=at,
            until=life.start(theirs.on + timedelta(days=1)),
            mail="meeting-cancelled",
            values={**theirs.values, "method": CANCEL, "sequence": str(sequence)},
        )


def _announced(plan: Planned, life: Life, role: Role | None) -> Occasion:
    wanted = {
        "meeting_on": plan.on.isoformat(),
        "meeting_time": plan.at.isoformat("minutes") if plan.at else "",
        "way": plan.way or "",
    }
    meeting, sequence = _placed(wanted, life)
    again = any(one.meeting == meeting and one.sequence < sequence for one in _told(life, role))
    return Occasion(
        name=f"{meeting}/{sequence}",
        at=plan.said_at,
        until=life.start(plan.on + timedelta(days=1)),
        mail="meeting-update" if again else "meeting-invitation",
        at_once=role is plan.said_by,
        values={
            **wanted,
            "theme": plan.theme,
            "method": REQUEST,
            "meeting": str(meeting),
            "sequence": str(sequence),
        },
    )


def _placed(wanted: dict[str, str], life: Life) -> tuple[int, int]:
    """Which meeting the file that says this is about, and its sequence."""
    last = max(_filed(life), key=lambda one: (one.meeting, one.sequence), default=None)
    if last is None:
        return 1, 0
    if not last.is_cancelled and wanted == {name: last.values[name] for name in wanted}:
        return last.meeting, last.sequence
    over = last.on < life.today or any(near(one.on, last.on, life.programme) for one in life.held)
    if last.is_cancelled or over:
        return last.meeting + 1, 0
    return last.meeting, last.sequence + 1


def _filed(life: Life) -> Iterator[Filed]:
    """The calendar files of the pair, whichever of the two they go to, and whether they left or not."""
    for name, to, message in life.messages(STEP):
        meeting, sequence = map(int, name.split("/"))
        yield Filed(
            meeting=meeting,
            sequence=sequence,
            to=to,
            left=message.status not in ("planned", "cancelled"),
            values=dict(message.values),
        )


def _told(life: Life, role: Role | None) -> Iterator[Filed]:
    """Those that went to one of the two."""
    return (one for one in _filed(life) if one.left and one.to is role)


def _by_meeting(files: Iterable[Filed]) -> dict[int, Filed]:
    """The last file of each meeting."""
    return {one.meeting: one for one in sorted(files, key=lambda one: one.sequence)}
