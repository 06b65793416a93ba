"""Invitations in a mailbox: the card that shows one, and the answer that a calendar sends to who organises."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from email import policy
from email.message import EmailMessage, Message
from enum import StrEnum

import icalendar

from ponts_flows.sandbox.errors import GoogleError
from ponts_flows.sandbox.gmail import clients, compose, messages, mime, sending
from ponts_flows.sandbox.gmail.clients import Client
from ponts_flows.sandbox.gmail.mailboxes import Mailbox, canonical
from ponts_flows.sandbox.gmail.meetings import Meeting, Person, meeting_in
from ponts_flows.sandbox.store import Store
from ponts_flows.sandbox.web import PARIS, french_moment


class Answer(StrEnum):
    """What a person answers, in the words of RFC 5545."""

    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"


_STATES = {"ACCEPTED": "Accepté", "DECLINED": "Refusé", "TENTATIVE": "Peut-être"}


@dataclass(frozen=True, kw_only=True)
class Card:
    """What a mail program shows of a meeting. `state` is a word for it, `lines` are headings with their texts."""

    state: str
    off: bool
    summary: str
    lines: tuple[tuple[str, str], ...]
    may_answer: bool


def card(mailbox: Mailbox, message: Message) -> Card | None:
    """The card of a message with a calendar part; None for any other, and for a part that can't be read."""
    meeting = meeting_in(message)
    if meeting is None:
        return None
    lines = (
        ("Quand", when(meeting)),
        ("Où", meeting.location),
        ("Organisation", str(meeting.organizer or "")),
        ("Réponse de", _answered_by(meeting)),
    )
    return Card(
        state=_state(meeting),
        off=_is_off(meeting),
        summary=_title(meeting),
        lines=tuple((heading, text) for heading, text in lines if text),
        may_answer=_awaits_answer(mailbox, meeting) is not None,
    )


def _title(meeting: Meeting) -> str:
    return meeting.summary or "(sans titre)"


def _state(meeting: Meeting) -> str:
    if meeting.method == "REPLY":
        return next((_STATES.get(person.answer, "Réponse") for person in meeting.attendees), "Réponse")
    if _is_off(meeting):
        return "Annulé"
    return "Mise à jour" if meeting.sequence else "Invitation"


def _is_off(meeting: Meeting) -> bool:
    return meeting.method == "CANCEL" or meeting.cancelled


def _answered_by(meeting: Meeting) -> str:
    return ", ".join(map(str, meeting.attendees)) if meeting.method == "REPLY" else ""


def _awaits_answer(mailbox: Mailbox, meeting: Meeting) -> Person | None:
    """Who awaits an answer from this mailbox, if anybody does."""
    organizer = meeting.organizer
    if meeting.method != "REQUEST" or meeting.cancelled or organizer is None:
        return None
    return None if canonical(organizer.email) == mailbox.address else organizer


def when(meeting: Meeting) -> str:
    """From when to when, in Paris time: `lundi 29 mars 2027, 18 h 30 – 19 h 30`."""
    start, end = meeting.start, meeting.end
    if isinstance(start, datetime):
        first = french_moment(start)
        if not isinstance(end, datetime):
            return first
        day, _, hour = french_moment(end).partition(", ")
        return f"{first} – {hour}" if first.startswith(f"{day},") else f"{first} – {day}, {hour}"
    # The day on which it ends is the first that is free again.
    last = end - timedelta(days=1) if end else start
    return f"{_day(start)}, toute la journée" if last <= start else f"du {_day(start)} au {_day(last)}"


def _day(day: date) -> str:
    return french_moment(datetime.combine(day, time(12), PARIS)).partition(",")[0]


def answer(store: Store, mailbox: Mailbox, invitation: messages.Stored, said: Answer) -> messages.Stored:
    """Send what a calendar sends when a person accepts or refuses; 400 for a message that asks for no answer."""
    message = mime.parse(messages.raw_of(store, invitation.number))
    meeting = meeting_in(message)
    organizer = _awaits_answer(mailbox, meeting) if meeting else None
    if meeting is None or organizer is None:
        raise GoogleError(400, "Not an invitation to answer")
    person = replace(_invited(mailbox, meeting), answer=said.value)
    state = _STATES[said]
    heading = compose.Heading(
        to=(mime.Address(name=organizer.name, email=organizer.email),),
        subject=f"{state} : {_title(meeting)} - {when(meeting)}",
        answers=compose.references(message),
    )
    written = clients.new(Client.GMAIL, f"{person.name} a {state.lower()} cette invitation.")
    file = _reply_file(meeting, person, organizer=organizer, now=store.now())
    raw = compose.headed(mailbox, heading, _content(written, file), client=Client.GMAIL)
    with store.transaction():
        return sending.send_new(store, mailbox, raw, thread=None)


def _invited(mailbox: Mailbox, meeting: Meeting) -> Person:
    """The person of this mailbox as the invitation names them."""
    name = compose.display_name(mailbox.address)
    for person in meeting.attendees:
        if canonical(person.email) == mailbox.address:
            return person if person.name else replace(person, name=name)
    return Person(name=name, email=mailbox.address)


def _content(written: clients.Written, file: bytes) -> EmailMessage:
    content = EmailMessage(policy=policy.SMTP)
    content.set_content(written.text)
    content.add_alternative(written.html, subtype="html")
    part = EmailMessage(policy=policy.SMTP)
    part.set_content(
        file, maintype="text", subtype="calendar", params={"charset": "UTF-8", "method": "REPLY"}
    )
    content.attach(part)
    content.add_attachment(file, maintype="application", subtype="ics", filename="invite.ics")
    return content


def _reply_file(meeting: Meeting, person: Person, *, organizer: Person, now: datetime) -> bytes:
    """The answer of one person (RFC 5546, 3.2.3)."""
    event = icalendar.Event()
    for name, value in (("dtstart", meeting.start), ("dtend", meeting.end), ("dtstamp", now.astimezone(UTC))):
        if value is not None:
            event.add(name, value)
    event.add("organizer", organizer.as_property())
    event.add("uid", meeting.uid)
    event.add("attendee", person.as_property())
    event.add("sequence", meeting.sequence)
    event.add("summary", meeting.summary)
    event.add("status", "CONFIRMED")
    calendar = icalendar.Calendar()
    for name, text in (
        ("prodid", "-//Google Inc//Google Calendar 70.9054//EN"),
        ("version", "2.0"),
        ("calscale", "GREGORIAN"),
        ("method", "REPLY"),
    ):
        calendar.add(name, text)
    calendar.add_component(event)
    return bytes(calendar.to_ical())
