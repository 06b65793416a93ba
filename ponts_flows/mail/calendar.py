"""The calendar file of a meeting: what puts it into a person's calendar, moves it there or takes it out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from urllib.parse import quote

import icalendar

from ponts_flows.mail.mime import Address, CalendarFile, MailError, checked_email

_MADE_BY = "-//ponts-flows//mentoring//FR"
_UID = re.compile(r"[\x21-\x7e]{1,255}")
_LINE_BREAKS = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_IN_A_NAME = str.maketrans({'"': "'", "\\": "/"})


class Method(StrEnum):
    """What a calendar file asks for."""

    # The meeting is new or, with a higher sequence, has changed.
    REQUEST = "REQUEST"
    # The meeting will not be.
    CANCEL = "CANCEL"


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """One version of one meeting, for one person.

    `uid` names the meeting for ever, such as `P-0042-meeting-3@exemple.example`; `sequence` counts its versions,
    the cancellation being one more. `starts` is an aware moment or, when no time is known, a day. `stamp` is
    when the letter was written.
    """

    uid: str
    sequence: int
    method: Method
    summary: str
    starts: datetime | date
    organizer: Address
    attendee: Address
    stamp: datetime
    description: str = ""
    location: str = ""
    minutes: int = 60


class _Text(icalendar.vText):
    r"""Text in which `\N` is a backslash and a letter; the library would write a line break."""

    def to_ical(self) -> bytes:
        text = str(self).replace("\\", r"\\").replace(";", r"\;").replace(",", r"\,")
        return text.replace("\n", r"\n").encode()


def calendar_file(invitation: Invitation) -> CalendarFile:
    """The file of an invitation (RFC 5545 and 5546), the same for the same invitation.

    Every text of it stays text, whatever it holds. MailError when an address, a date or the uid is none.
    """
    _check(invitation)
    event = icalendar.Event()
    event.update(_event(invitation))
    calendar = icalendar.Calendar()
    calendar.update(
        {"VERSION": "2.0", "PRODID": _MADE_BY, "CALSCALE": "GREGORIAN", "METHOD": invitation.method.value}
    )
    calendar.add_component(event)
    return CalendarFile(method=invitation.method.value, content=calendar.to_ical())


def _check(invitation: Invitation) -> None:
    if not _UID.fullmatch(invitation.uid):
        raise MailError("The identifier of a meeting must be ASCII, without blanks.")
    if invitation.sequence < 0 or invitation.minutes <= 0:
        raise MailError("A meeting must last, and the number of its version can't be negative.")
    for moment in (invitation.starts, invitation.stamp):
        if isinstance(moment, datetime) and moment.tzinfo is None:
            raise MailError("The moments of a meeting must say their time zone.")


def _event(invitation: Invitation) -> Mapping[str, object]:
    cancelled = invitation.method is Method.CANCEL
    start, end = _span(invitation)
    texts = {
        "SUMMARY": " ".join(_text(invitation.summary).split("\n")),
        "DESCRIPTION": _text(invitation.description),
        "LOCATION": " ".join(_text(invitation.location).split("\n")),
    }
    return {
        "UID": invitation.uid,
        "SEQUENCE": icalendar.vInt(invitation.sequence),
        "DTSTAMP": icalendar.vDDDTypes(invitation.stamp.astimezone(UTC)),
        "DTSTART": start,
        "DTEND": end,
        **{name: _Text(text) for name, text in texts.items() if text},
        "ORGANIZER": _person(invitation.organizer, "ORGANIZER"),
        "ATTENDEE": _person(
            invitation.attendee,
            "ATTENDEE",
            CUTYPE="INDIVIDUAL",
            ROLE="REQ-PARTICIPANT",
            PARTSTAT="NEEDS-ACTION",
            RSVP="FALSE" if cancelled else "TRUE",
        ),
        "STATUS": "CANCELLED" if cancelled else "CONFIRMED",
        "TRANSP": "OPAQUE" if isinstance(invitation.starts, datetime) else "TRANSPARENT",
    }


def _span(invitation: Invitation) -> tuple[icalendar.vDDDTypes, icalendar.vDDDTypes]:
    """From when to when, in UTC: no client then needs the rules of a time zone. A day ends where the next begins."""
    starts = invitation.starts
    if isinstance(starts, datetime):
        start = starts.astimezone(UTC)
        return icalendar.vDDDTypes(start), icalendar.vDDDTypes(start + timedelta(minutes=invitation.minutes))
    days = (icalendar.vDDDTypes(starts), icalendar.vDDDTypes(starts + timedelta(days=1)))
    for day in days:
        day.params["VALUE"] = "DATE"
    return days


def _person(address: Address, role: str, **parameters: str) -> icalendar.vCalAddress:
    email = quote(checked_email(address.email, role), safe="@!$&'*+/=^`{|}~")
    name = " ".join(_text(address.name).translate(_IN_A_NAME).split())
    return icalendar.vCalAddress(f"mailto:{email}", params=({"CN": name} if name else {}) | parameters)


def _text(text: str) -> str:
    """Whatever may break a line is one line break, and no other control is left: a text can't add a property."""
    return _CONTROLS.sub(" ", _LINE_BREAKS.sub("\n", text)).strip()
