"""What somebody answered to an invitation, in the part that their calendar sends."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ponts_flows.mail.received.calendar_reply import Attendance, CalendarReply
from ponts_flows.mail.received.incoming import parse
from tests.mail.machines import BOB, a_calendar, a_multipart


def reply_in(
    calendar: str, *, part: str = "text/calendar; charset=utf-8; method=REPLY"
) -> CalendarReply | None:
    raw = a_multipart(
        ("text/plain; charset=utf-8", "Accepté"),
        (part, calendar),
        content_type="multipart/alternative",
        sender=f"From: Bob Durand <{BOB}>",
    )
    return parse(raw).calendar_reply


def test_an_answer_names_the_meeting_the_person_and_what_they_answered() -> None:
    assert reply_in(a_calendar()) == CalendarReply(
        uid="rdv-1@ponts.example", attendee=BOB, status=Attendance.ACCEPTED, sequence=2
    )


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("ACCEPTED", Attendance.ACCEPTED),
        ("declined", Attendance.DECLINED),
        ("TENTATIVE", Attendance.TENTATIVE),
    ],
)
def test_three_answers_are_known(status: str, expected: Attendance) -> None:
    reply = reply_in(a_calendar(attendees=[f"ATTENDEE;PARTSTAT={status}:MAILTO:Bob.Durand@Exemple.example"]))

    assert reply is not None
    assert (reply.attendee, reply.status) == (BOB, expected)


def test_among_several_people_it_is_the_sender_s_answer() -> None:
    attendees = [
        "ATTENDEE;PARTSTAT=DECLINED:mailto:ann@exemple.example",
        f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{BOB}",
    ]

    reply = reply_in(a_calendar(attendees=attendees))

    assert reply is not None
    assert (reply.attendee, reply.status) == (BOB, Attendance.ACCEPTED)


def test_the_answer_of_an_attached_file_is_read() -> None:
    reply = reply_in(a_calendar(), part="application/ics; name=invite.ics\nContent-Disposition: attachment")

    assert reply is not None
    assert reply.uid == "rdv-1@ponts.example"


@pytest.mark.parametrize(
    "attendees",
    [
        [],
        [f"ATTENDEE:mailto:{BOB}"],
        [f"ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:{BOB}"],
        [f"ATTENDEE;PARTSTAT=DELEGATED:mailto:{BOB}"],
        ["ATTENDEE;PARTSTAT=ACCEPTED:mailto:nobody"],
    ],
)
def test_what_answers_nothing_is_no_answer(attendees: Sequence[str]) -> None:
    assert reply_in(a_calendar(attendees=attendees)) is None


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL", "COUNTER", "PUBLISH"])
def test_what_is_no_reply_is_no_answer(method: str) -> None:
    assert reply_in(a_calendar(method), part=f"text/calendar; method={method}") is None


@pytest.mark.parametrize(
    "calendar",
    [
        "",
        "Oui",
        "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n",
        a_calendar(uid=""),
        a_calendar(uid="u" * 501),
        a_calendar() + " " * 100_000,
    ],
)
def test_a_calendar_that_cannot_be_read_is_no_answer_and_stops_nothing(calendar: str) -> None:
    assert reply_in(calendar) is None


def test_a_date_that_does_not_exist_does_not_hide_the_answer() -> None:
    reply = reply_in(a_calendar().replace("DTSTART:2026", "DTSTART:99999"))

    assert reply is not None
    assert reply.uid == "rdv-1@ponts.example"


@pytest.mark.parametrize("sequence", ["deux", "-4", ""])
def test_a_sequence_that_is_no_number_counts_as_the_first(sequence: str) -> None:
    assert reply_in(a_calendar(sequence=sequence)) == CalendarReply(
        uid="rdv-1@ponts.example", attendee=BOB, status=Attendance.ACCEPTED, sequence=0
    )
