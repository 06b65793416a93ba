"""What somebody answered to an invitation, read from the part that their calendar sent back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message
from enum import StrEnum

import icalendar

from ponts_flows.mail.received.addresses import first_address

CALENDARS = ("text/calendar", "application/ics")
_LARGEST, _MOST_PARTS = 100_000, 5
_LONGEST_UID = 500
_METHOD = re.compile(r"method\s*=\s*\"?\s*(\w+)")
_METHOD_LINE = re.compile(rb"^METHOD\s*:\s*(\w+)", re.IGNORECASE | re.MULTILINE)


class Attendance(StrEnum):
    """What a calendar can answer."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"


@dataclass(frozen=True, kw_only=True)
class CalendarReply:
    """An answer to an invitation. It is as forged as any mail can be: `trust` weighs who sent it.

    `attendee` is canonical and may be another address than the mail's sender.
    """

    uid: str
    attendee: str
    status: Attendance
    sequence: int = 0


def calendar_reply(parts: tuple[Message, ...], *, sender: str) -> CalendarReply | None:
    """The first answer among these parts; None when there is none, or none that can be read."""
    calendars = [part for part in parts if part.get_content_type() in CALENDARS][:_MOST_PARTS]
    replies = (_read(part.get_payload(decode=True), sender) for part in calendars)
    return next((reply for reply in replies if reply is not None), None)


def _read(content: object, sender: str) -> CalendarReply | None:
    if not isinstance(content, bytes) or not 0 < len(content) <= _LARGEST:
        return None
    try:
        calendar = icalendar.Calendar.from_ical(content.decode("utf-8", "replace"))
        if str(calendar.get("METHOD", "")).strip().upper() != "REPLY":
            return None
        events = calendar.walk("VEVENT")
        return _answer(events[0], sender) if events else None
    except Exception:
        # A calendar that breaks the format stops the library in many ways: a person then reads the mail.
        return None


def _answer(event: icalendar.Component, sender: str) -> CalendarReply | None:
    people = event.get("ATTENDEE", [])
    people = people if isinstance(people, list) else [people]
    answers = {first_address(str(each)): _status(each) for each in people[:200]}
    attendee = sender if sender in answers else next(iter(answers), "")
    uid, status = str(event.get("UID", "")).strip(), answers.get(attendee)
    if not attendee or not uid or len(uid) > _LONGEST_UID or status is None:
        return None
    sequence = event.get("SEQUENCE", 0)
    told = int(sequence) if isinstance(sequence, int) and 0 <= sequence < 1_000_000 else 0
    return CalendarReply(uid=uid, attendee=attendee, status=status, sequence=told)


def _status(attendee: object) -> Attendance | None:
    told = str(getattr(attendee, "params", {}).get("PARTSTAT", "")).strip().casefold()
    return Attendance(told) if told in list(Attendance) else None


def method_of(part: Message) -> str:
    """What a calendar part is for, in lower case: `reply`, `request`; empty when it does not say."""
    header = next((str(value) for name, value in part.raw_items() if name.casefold() == "content-type"), "")
    found = _METHOD.search(header.casefold())
    if found is not None:
        return found[1]
    content = part.get_payload(decode=True)
    line = _METHOD_LINE.search(content[:4000]) if isinstance(content, bytes) else None
    return line[1].decode("ascii", "replace").casefold() if line else ""
