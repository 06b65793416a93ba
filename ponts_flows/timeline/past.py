"""What happened to a pair, read off the ledger: moves, messages, answers, meetings, decisions, what was left out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from functools import cached_property
from itertools import chain
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from ponts_flows.answers import (
    MidpointAnswer,
    ParticipationAnswer,
    RenewalAnswer,
    ReviewAnswer,
    Said,
    SessionReport,
)
from ponts_flows.board import words
from ponts_flows.decide.calendar import local
from ponts_flows.decide.engagement import Life
from ponts_flows.decide.engagement.meetings import Meeting
from ponts_flows.ledger import cases, tables
from ponts_flows.ledger.tables import Row
from ponts_flows.lifecycle import OPEN, ApplicationStage, PairingStage
from ponts_flows.model import Answer, Role
from ponts_flows.timeline.told import Kind, Line
from ponts_flows.timeline.veil import CHOICES, HELD, ROWS, WISHES, Veil, arranged
from ponts_flows.timetable import STEP

SKIPPED = "skipped"  # how the journal marks a reason kept for what was not done
TO = {"mentor": "au mentor", "mentee": "au mentee"}


class Past:
    """The lines of one pair, in no order."""

    def __init__(self, db: Connection, row: Row, life: Life) -> None:
        self.db, self.row, self.life = db, row, life
        self.roles = {row.mentor_id: Role.MENTOR, row.mentee_id: Role.MENTEE}

    def lines(self) -> Iterator[Line]:
        """All that happened."""
        return chain(
            self._journal(),
            self._applications(),
            self._decisions(),
            self._messages(),
            map(self._said, self.life.case.said),
            self._meetings(),
            self._rows(),
        )

    @cached_property
    def _veil(self) -> Veil:
        """What the two are called, and where they work, is left out of every reason."""
        a = tables.application
        hidden: list[str] = []
        for row in self.db.execute(select(a).where(a.c.id.in_(self.roles))):
            reading = cases.reading_of(row)
            person, profile = reading.respondent, reading.profile
            hidden += [f"{person.first_name} {person.last_name}", person.first_name, person.last_name]
            hidden += [profile.employer] if profile else []
        return Veil(hidden)

    def _because(self, reason: str) -> str:
        plain = self._veil(reason)
        return f" ({plain})" if plain else ""

    def _journal(self) -> Iterator[Line]:
        j = tables.journal
        cancelled = {key for key, message in self.life.case.sent.items() if message.status == "cancelled"}
        for row in self.db.execute(select(j).where(j.c.about == self.row.id).order_by(j.c.id)):
            if row.event == SKIPPED and row.key not in cancelled and not self._told(row.reason):
                yield Line(at=row.at, kind=Kind.SKIPPED, text=self._veil(row.reason))
            elif row.event in list(PairingStage):
                stage = words.PAIRING_STAGES[PairingStage(row.event)]
                yield Line(at=row.at, kind=Kind.MOVE, text=f"{stage}{self._because(row.reason)}")

    def _told(self, reason: str) -> bool:
        """Whether the line of a decision says it already."""
        return any(row.outcome == reason for row in self._decided)

    def _applications(self) -> Iterator[Line]:
        """What became of the two as participants while they were a pair; why is theirs, and is left out."""
        j, row = tables.journal, self.row
        end = row.ended_at or (self.life.now if PairingStage(row.stage) in OPEN else row.since)
        theirs = (j.c.about.in_(self.roles), j.c.at >= row.proposed_at, j.c.at <= end)
        for one in self.db.execute(select(j).where(*theirs).order_by(j.c.id)):
            if one.event in list(ApplicationStage):
                stage = words.APPLICATION_STAGES[ApplicationStage(one.event)]
                yield Line(at=one.at, kind=Kind.APPLICATION, text=f"{self.roles[one.about]} : {stage}")

    @cached_property
    def _decided(self) -> list[Row]:
        d = tables.decision
        here = (d.c.row_id == self.row.id, d.c.handled_at.is_not(None))
        return list(self.db.execute(select(d).where(*here).order_by(d.c.id)))

    def _decisions(self) -> Iterator[Line]:
        """What coordinators chose, and what was answered in the cell's note."""
        for row in self._decided:
            values = row._mapping["values"]
            choice = values.get("decision", "")
            what = f"« {choice} »" if choice in CHOICES else "choix qui n'est pas de la liste"
            reason = ", avec une dérogation écrite" if values.get("exemption") else ""
            text = f"{what}{reason}{self._because(row.outcome or '')}"
            yield Line(at=row.handled_at, kind=Kind.DECISION, text=text)

    def _messages(self) -> Iterator[Line]:
        m = tables.message
        kept = self.life.case.noted
        for row in self.db.execute(select(m).where(m.c.about == self.row.id).order_by(m.c.key)):
            to = " et ".join(TO.get(self.roles.get(id, ""), "à la coordination") for id in row.recipients)
            text = f"{words.MESSAGES.get(row.template, row.template)}, {to} : {_status(row.status)}"
            at = row.sent_at or kept.get(row.key, row.planned_at)
            yield Line(at=at, kind=Kind.MESSAGE, text=f"{text}{self._because(row.reason)}")

    def _said(self, one: Said) -> Line:
        return Line(at=one.given_at, kind=Kind.ANSWER, text=f"{one.role} : {self._fact(one)}")

    def _fact(self, one: Said) -> str:
        match one.value:
            case SessionReport() as report:
                return self._report(one, report)
            case MidpointAnswer():
                return "point intermédiaire reçu"
            case RenewalAnswer(answer=answer):
                return f"{'oui' if answer is Answer.YES else 'non'} à la prolongation"
            case ReviewAnswer():
                return "bilan reçu"
            case ParticipationAnswer(wish=wish):
                return WISHES[wish]
            case _:
                return "réponse reçue"

    def _report(self, one: Said, report: SessionReport) -> str:
        text = HELD[report.held] + (f" le {report.on:%d/%m/%Y}" if report.on else "")
        text += arranged(None, report.way, "", self.life.programme)
        text += f", {report.minutes} min" if report.minutes else ""
        if report.next_on is not None:
            said = arranged(report.next_at, report.next_way, report.next_theme, self.life.programme)
            text += f" ; prochaine le {report.next_on:%d/%m/%Y}{said}"
        counts = any(one.source == known.source for known in self.life.reports)
        return text if counts else f"{text} ; date impossible, écartée"

    def _meetings(self) -> Iterator[Line]:
        """Each meeting that was to be, whoever reported it."""
        zone = ZoneInfo(self.life.programme.time_zone)
        for meeting in self.life.meetings:
            if meeting.on <= self.life.today:
                at = datetime.combine(meeting.on, time(), zone)
                yield Line(at=at, kind=Kind.MEETING, text=_met(meeting), whole_day=True)

    def _rows(self) -> Iterator[Line]:
        """Lines opened in À traiter, by what they are about: their own words may repeat what somebody wrote."""
        t = tables.to_review
        for row in self.db.execute(select(t).where(t.c.about == self.row.id).order_by(t.c.key)):
            text = _row(row.key)
            if row.closed_at is not None:
                text += f", réglé le {local(row.closed_at, self.life.programme):%d/%m/%Y}"
            yield Line(at=row.opened_at, kind=Kind.ROW, text=text)


def _status(status: str) -> str:
    text = words.MESSAGE_STATUSES[status]
    return text[0].lower() + text[1:]


def _met(meeting: Meeting) -> str:
    if meeting.disputed:
        return "tenue selon l'un, manquée selon l'autre"
    who = " et ".join(f"le {role}" for role in Role if role in meeting.roles)
    return f"{'tenue' if meeting.held else 'manquée ou annulée'}, selon {who}"


def _row(key: str) -> str:
    first, _, rest = key.partition("/")
    if not first.startswith("P-"):
        return {"held": "message retenu", "mail": "message reçu"}.get(first, "ligne à lire")
    name = rest.split("/")[0]
    return STEP[name].row_fr if name in STEP else ROWS.get(name, "ligne à lire")
