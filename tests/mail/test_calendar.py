"""Calendar files: read back by the library that calendars use, and looked at as they are."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ponts_flows.mail.calendar import Invitation, Method, calendar_file
from ponts_flows.mail.mime import Address, MailError

from .people import NOW

PARIS = ZoneInfo("Europe/Paris")
INVITATION = Invitation(
    uid="P-0042-meeting-3@ponts.org",
    sequence=0,
    method=Method.REQUEST,
    summary="Mentoring : Hélène et Bastien",
    description="Thème : développer son réseau",
    location="en visio",
    starts=datetime(2027, 1, 12, 18, 30, tzinfo=PARIS),
    organizer=Address(email="mentoring@ponts.org", name="Programme de mentoring Ponts Alumni"),
    attendee=Address(email="bastien.legoff@exemple.example", name="Bastien Le Goff"),
    stamp=NOW,
)
EVERYTHING = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//ponts-flows//mentoring//FR
CALSCALE:GREGORIAN
METHOD:REQUEST
BEGIN:VEVENT
SUMMARY:Mentoring : Hélène et Bastien
DTSTART:20270112T173000Z
DTEND:20270112T183000Z
DTSTAMP:20261123T090000Z
UID:P-0042-meeting-3@ponts.org
SEQUENCE:0
ATTENDEE;CN="Bastien Le Goff";CUTYPE=INDIVIDUAL;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;RSVP=TRUE\
:mailto:bastien.legoff@exemple.example
DESCRIPTION:Thème : développer son réseau
LOCATION:en visio
ORGANIZER;CN="Programme de mentoring Ponts Alumni":mailto:mentoring@ponts.org
STATUS:CONFIRMED
TRANSP:OPAQUE
END:VEVENT
END:VCALENDAR
"""
HOSTILE = (
    "Café, thé ; ou l'un ou l'autre",
    "un\nautre\r\nencore\rfin",
    "x\r\nATTENDEE:mailto:mallory@ailleurs.example\r\nEND:VEVENT",
    "x\u2028METHOD:CANCEL\x85STATUS:CANCELLED\x0bUID:autre",
    '=HYPERLINK("https://ailleurs.example";"Ici")',
    "👩🏽‍🔧🎉" * 40,
    r"C:\New\new\, \; \\n",
    'dit "Le Pont": a;b,c^n',
    "nul\x00 cloche\x07 seul \ud800",
    "a\u0301" * 60,
    "\\",
)


def unfolded(invitation: Invitation) -> str:
    """The lines of a file as a calendar sees them."""
    return calendar_file(invitation).content.decode().replace("\r\n ", "").replace("\r\n", "\n")


def event_of(invitation: Invitation) -> icalendar.Component:
    """The event of a file, read back."""
    (event,) = icalendar.Calendar.from_ical(calendar_file(invitation).content).walk("VEVENT")
    return event


def value_of(invitation: Invitation, name: str) -> str:
    """A text as RFC 5545, 3.3.11 says to read it; the library takes `\\\\n` for a line break."""
    (line,) = (line for line in unfolded(invitation).split("\n") if line.startswith(f"{name}:"))
    escapes = {"n": "\n", "N": "\n"}
    return re.sub(r"\\(.)", lambda found: escapes.get(found[1], found[1]), line.partition(":")[2])


def kept(text: str) -> str:
    """A text with each break of a line as one, and a blank for each other control."""
    broken = "\n".join(re.split("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", text))
    return "".join(" " if re.match("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]", c) else c for c in broken)


def test_a_file_says_what_when_where_and_who() -> None:
    assert unfolded(INVITATION) == EVERYTHING
    assert calendar_file(INVITATION).method == "REQUEST"


def test_lines_end_as_the_standard_says_and_are_folded_at_75_bytes_between_characters() -> None:
    content = calendar_file(replace(INVITATION, description="Élève 👩🏽‍🔧, à bientôt ; " * 30)).content

    lines = content.split(b"\r\n")
    assert lines.pop() == b""
    assert all(b"\n" not in line and b"\r" not in line for line in lines)
    assert max(map(len, lines)) <= 75
    assert all(line.decode() for line in lines)


@pytest.mark.parametrize(
    ("day", "hour_utc"), [(date(2027, 1, 12), 17), (date(2027, 3, 27), 17), (date(2027, 3, 29), 16)]
)
def test_half_past_six_in_paris_stays_half_past_six_in_summer(day: date, hour_utc: int) -> None:
    starts = datetime(day.year, day.month, day.day, 18, 30, tzinfo=PARIS)

    event = event_of(replace(INVITATION, starts=starts, minutes=45))

    assert event.decoded("DTSTART") == datetime(day.year, day.month, day.day, hour_utc, 30, tzinfo=UTC)
    assert event.decoded("DTSTART").astimezone(PARIS).hour == 18
    assert event.decoded("DTEND") - event.decoded("DTSTART") == timedelta(minutes=45)


def test_an_hour_that_ends_after_the_change_of_the_clock_lasts_an_hour() -> None:
    event = event_of(replace(INVITATION, starts=datetime(2027, 3, 28, 1, 30, tzinfo=PARIS)))

    assert event.decoded("DTEND") - event.decoded("DTSTART") == timedelta(hours=1)


def test_a_meeting_without_a_time_takes_the_whole_day_and_blocks_nothing() -> None:
    lines = unfolded(replace(INVITATION, starts=date(2027, 12, 31))).split("\n")

    assert "DTSTART;VALUE=DATE:20271231" in lines
    assert "DTEND;VALUE=DATE:20280101" in lines
    assert "TRANSP:TRANSPARENT" in lines


def test_a_change_keeps_the_identifier_and_counts_one_more() -> None:
    event = event_of(replace(INVITATION, sequence=4))

    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (INVITATION.uid, 4, "CONFIRMED")


def test_a_cancellation_has_the_same_identifier_and_asks_for_no_answer() -> None:
    cancelled = replace(INVITATION, method=Method.CANCEL, sequence=2)

    file, event = calendar_file(cancelled), event_of(cancelled)
    assert file.method == "CANCEL"
    assert icalendar.Calendar.from_ical(file.content)["METHOD"] == "CANCEL"
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (INVITATION.uid, 2, "CANCELLED")
    assert event["ATTENDEE"].params["RSVP"] == "FALSE"


def test_what_is_not_said_has_no_line() -> None:
    event = event_of(
        replace(INVITATION, description="", location=" ", attendee=Address(email="a@exemple.example"))
    )

    assert {"DESCRIPTION", "LOCATION"}.isdisjoint(event)
    assert "CN" not in event["ATTENDEE"].params


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_a_text_holds_stays_text(text: str) -> None:
    hostile = replace(
        INVITATION,
        summary=text,
        description=text,
        location=text,
        attendee=Address(email="a@exemple.example", name=text),
    )

    event = event_of(hostile)

    assert set(event) == set(event_of(INVITATION))
    assert value_of(hostile, "DESCRIPTION") == kept(text).strip()
    assert value_of(hostile, "SUMMARY") == kept(text).replace("\n", " ").strip()
    assert value_of(hostile, "LOCATION") == kept(text).replace("\n", " ").strip()
    assert event["ATTENDEE"] == "mailto:a@exemple.example"


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=120), st.text(max_size=120), st.sampled_from(Method))
def test_no_text_adds_a_line_or_changes_another(text: str, name: str, method: Method) -> None:
    plain = replace(INVITATION, method=method, attendee=Address(email="a@exemple.example", name="a"))
    hostile = replace(
        plain,
        description=f"x{text}x",
        location=f"x{text}x",
        attendee=Address(email="a@exemple.example", name=f"a{name}"),
    )

    def others(invitation: Invitation) -> list[str]:
        names = ("DESCRIPTION:", "LOCATION:", "ATTENDEE;")
        return [line for line in unfolded(invitation).split("\n") if not line.startswith(names)]

    event = event_of(hostile)
    assert others(hostile) == others(plain)
    assert len(unfolded(hostile).split("\n")) == len(unfolded(plain).split("\n"))
    assert value_of(hostile, "DESCRIPTION") == kept(f"x{text}x")
    assert event["ATTENDEE"] == "mailto:a@exemple.example"
    assert event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"


def test_a_name_keeps_its_commas_and_loses_only_what_no_parameter_can_hold() -> None:
    name = 'Le Goff, Bastien : "Bob" \\ 王小明'

    event = event_of(replace(INVITATION, attendee=Address(email="a@exemple.example", name=name)))

    assert event["ATTENDEE"].params["CN"] == "Le Goff, Bastien : 'Bob' / 王小明"


def test_an_address_of_any_letters_is_a_plain_link() -> None:
    event = event_of(replace(INVITATION, attendee=Address(email="zoé+a%b?c@exemple.example")))

    assert event["ATTENDEE"] == "mailto:zo%C3%A9+a%25b%3Fc@exemple.example"


def test_the_same_invitation_gives_the_same_bytes() -> None:
    assert calendar_file(INVITATION) == calendar_file(replace(INVITATION))
    assert calendar_file(INVITATION) == calendar_file(
        replace(INVITATION, starts=datetime(2027, 1, 12, 17, 30, tzinfo=UTC))
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"uid": ""},
        {"uid": "P-0042 3"},
        {"uid": "P-0042\r\nMETHOD:CANCEL"},
        {"sequence": -1},
        {"minutes": 0},
        {"starts": datetime(2027, 1, 12, 18, 30)},
        {"stamp": datetime(2027, 1, 12, 18, 30)},
        {"attendee": Address(email="a@b\r\nX:y@c.example")},
        {"organizer": Address(email="")},
    ],
)
def test_what_no_calendar_could_read_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(MailError):
        calendar_file(replace(INVITATION, **wrong))
