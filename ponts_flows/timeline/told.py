"""The lines of a timeline, and how they are printed: for a person, or for a program."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from ponts_flows.board import words
from ponts_flows.lifecycle import WAITING_ON, PairingStage


class Kind(StrEnum):
    """What a line is about; of what happened at the same moment, the first of these comes first."""

    MEETING = "meeting"
    DECISION = "decision"
    ANSWER = "answer"
    APPLICATION = "application"
    MOVE = "move"
    SKIPPED = "skipped"
    MESSAGE = "message"
    ROW = "row"
    NEXT = "next"


KINDS_FR: dict[Kind, str] = {
    Kind.MEETING: "rencontre",
    Kind.DECISION: "décision",
    Kind.ANSWER: "réponse",
    Kind.APPLICATION: "candidature",
    Kind.MOVE: "étape",
    Kind.SKIPPED: "non fait",
    Kind.MESSAGE: "message",
    Kind.ROW: "à traiter",
    Kind.NEXT: "à venir",
}
WIDTH = max(map(len, KINDS_FR.values()))


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing that happened, or that comes; `whole_day`: at no known hour."""

    at: datetime
    kind: Kind
    text: str
    whole_day: bool = False

    @property
    def order(self) -> tuple[datetime, int]:
        """By date, then by kind."""
        return self.at, list(Kind).index(self.kind)

    def dated(self, zone: ZoneInfo) -> str:
        """When, on the programme's clock."""
        return f"{self.at.astimezone(zone):{'%d/%m/%Y      ' if self.whole_day else '%d/%m/%Y %H:%M'}}"


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """The life of one pair, by date."""

    pairing: str
    stage: PairingStage
    now: datetime
    zone: str
    past: tuple[Line, ...]
    coming: tuple[Line, ...]

    @property
    def awaited(self) -> str:
        """Who is awaited, in French."""
        return words.AWAITED[WAITING_ON[self.stage]]

    def as_text(self) -> str:
        """The whole, for a person, in French."""
        zone = ZoneInfo(self.zone)
        head = f"{self.pairing} : {words.PAIRING_STAGES[self.stage]}. Attendu : {self.awaited.lower()}."
        past = [f"{line.dated(zone)}  {KINDS_FR[line.kind]:<{WIDTH}}  {line.text}" for line in self.past]
        coming = [
            f"{line.dated(zone) if line.at > self.now else 'dès maintenant  '}  {line.text}"
            for line in self.coming
        ]
        return "\n".join([head, "", *past, "", "À venir", *(coming or ["rien"])])

    def as_json(self) -> str:
        """The whole, for a program."""
        data = {
            "pairing": self.pairing,
            "stage": self.stage.value,
            "awaited": WAITING_ON[self.stage].value,
            "now": self._moment(self.now),
            "past": [self._plain(line) for line in self.past],
            "coming": [self._plain(line) for line in self.coming],
        }
        return json.dumps(data, ensure_ascii=False, indent=2)

    def _plain(self, line: Line) -> dict[str, object]:
        at = self._moment(line.at)
        return {"at": at[:10] if line.whole_day else at, "kind": line.kind.value, "text": line.text}

    def _moment(self, at: datetime) -> str:
        return at.astimezone(ZoneInfo(self.zone)).isoformat(timespec="minutes")
