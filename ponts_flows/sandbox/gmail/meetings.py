"""The meeting in the calendar part of a message, read leniently: it may come from anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, timedelta
from email.message import Message
from typing import Any
from urllib.parse import quote, unquote

import icalendar

from ponts_flows.sandbox.gmail import mime
from ponts_flows.sandbox.gmail.mailboxes import is_address
from ponts_flows.sandbox.web import PARIS

_LARGEST = 500_000
_LONGEST = 300


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who organises or is invited. `answer` is what a file says they answered (PARTSTAT)."""

    name: str
    email: str
    answer: str = ""

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>" if self.name else self.email

    def as_property(self) -> icalendar.vCalAddress:
        """The person as a file names them."""
        return icalendar.vCalAddress.new(
            quote(self.email, safe="@!$&'*+/=^`{|}~"), cn=self.name or None, partstat=self.answer or None
        )


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """A meeting. `method` is what the file asks for; `start` and `end` are aware moments, or days."""

    method: str
    uid: str
    sequence: int
    cancelled: bool
    summary: str
    location: str
    start: datetime | date
    end: datetime | date | None
    organizer: Person | None
    attendees: tuple[Person, ...]


def meeting_in(message: Message) -> Meeting | None:
    """The first meeting of the message's calendar part; None when there is none that can be read."""
    for part in mime.leaves(message):
        if part.get_content_type() == "text/calendar":
            return _meeting(mime.content(part), str(part.get_param("method") or ""))
    return None


def _meeting(content: bytes, method: str) -> Meeting | None:
    if len(content) > _LARGEST:
        return None
    try:
        calendar = icalendar.Calendar.from_ical(content.decode("utf-8", "replace"))
        events = calendar.walk("VEVENT")
        return _read(events[0], _text(calendar, "METHOD") or method) if events else None
    except (ValueError, OverflowError, OSError):
        # OSError: a time zone is looked up by its name as a file.
        return None


def _read(event: icalendar.Component, method: str) -> Meeting | None:
    start, uid = _moment(getattr(event.get("DTSTART"), "dt", None)), _text(event, "UID")
    if start is None or not uid:
        return None
    sequence = event.get("SEQUENCE")
    people = event.get("ATTENDEE", [])
    attendees = [_person(each) for each in (people if isinstance(people, list) else [people])]
    return Meeting(
        method=method.upper(),
        uid=uid,
        sequence=int(sequence) if isinstance(sequence, int) and sequence > 0 else 0,
        cancelled=_text(event, "STATUS").upper() == "CANCELLED",
        summary=_text(event, "SUMMARY"),
        location=_text(event, "LOCATION"),
        start=start,
        end=_end(event, start),
        organizer=_person(event.get("ORGANIZER")),
        attendees=tuple(person for person in attendees if person),
    )


def _end(event: icalendar.Component, start: datetime | date) -> datetime | date | None:
    """When it ends; None when that is not said, or can't be."""
    length = getattr(event.get("DURATION"), "dt", None)
    told = start + length if isinstance(length, timedelta) else getattr(event.get("DTEND"), "dt", None)
    end = _moment(told)
    return end if type(end) is type(start) and end > start else None


def _text(component: icalendar.Component, name: str) -> str:
    value = component.get(name, "")
    value = value[0] if isinstance(value, list) and value else value
    return " ".join(str(value).split())[:_LONGEST] if isinstance(value, str) else ""


def _moment(value: object) -> datetime | date | None:
    """A day, or a moment in UTC; an hour without a time zone is taken for one of Paris."""
    if isinstance(value, datetime):
        value = (value if value.tzinfo else value.replace(tzinfo=PARIS)).astimezone(UTC)
    # The first and the last year hold moments that can't be told in every time zone.
    return value if isinstance(value, date) and MINYEAR < value.year < MAXYEAR else None


def _person(value: Any) -> Person | None:
    if not isinstance(value, icalendar.vCalAddress) or not value.lower().startswith("mailto:"):
        return None
    email = unquote(value[len("mailto:") :])
    names, answers = value.params.get("CN", ""), value.params.get("PARTSTAT", "")
    if not is_address(email):
        return None
    return Person(name=" ".join(str(names).split())[:_LONGEST], email=email, answer=str(answers).upper())
