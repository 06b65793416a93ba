"""Invitations in the mailbox pages: shown as a calendar would, answered as a calendar does."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import icalendar
import pytest
import requests
from playwright.sync_api import Page, expect

from ponts_flows.sandbox.server import Running
from tests.sandbox.gmail_builders import (
    ALICE,
    BRUNO,
    PROGRAMME,
    a_message,
    deliver,
    emptied,
    listed,
    mail_service,
    newest,
    set_clock,
)

JSON = {"Accept": "application/json"}
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def sandbox(shared_sandbox: Running) -> Iterator[Running]:
    with emptied(shared_sandbox) as empty:
        set_clock(empty, "2027-03-01T09:00:00+01:00")
        yield empty


def an_invitation(method: str = "REQUEST", **changes: str) -> bytes:
    """A calendar file from the programme to Alice; a property by its name, empty: without it."""
    properties = {
        "UID": ":r-3@asso.example",
        "SEQUENCE": ":0",
        "DTSTAMP": ":20270301T080000Z",
        "DTSTART": ":20270329T163000Z",
        "DTEND": ":20270329T173000Z",
        "SUMMARY": ":Café\\, puis visite",
        "LOCATION": ":6 rue des Ponts",
        "ORGANIZER": f";CN=Mentorat:mailto:{PROGRAMME}",
        "ATTENDEE": f';CN="Alice M.";PARTSTAT=NEEDS-ACTION:mailto:{ALICE}',
        "STATUS": ":CONFIRMED",
    } | changes
    lines = "".join(f"{name}{value}\r\n" for name, value in properties.items() if value)
    head = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//FR\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\n"
    return f"{head}{lines}END:VEVENT\r\nEND:VCALENDAR\r\n".encode()


def a_mail(content: bytes, *, method: str = "REQUEST", **headers: str) -> EmailMessage:
    """A mail that carries a calendar file as a part and as an attachment."""
    message = a_message(
        sender=f"Mentorat <{PROGRAMME}>", subject="Rendez-vous", html="<p>À bientôt</p>", **headers
    )
    part = EmailMessage()
    part.set_content(
        content, maintype="text", subtype="calendar", params={"method": method, "charset": "UTF-8"}
    )
    message.attach(part)
    message.add_attachment(content, maintype="application", subtype="ics", filename="invitation.ics")
    return message


def received(
    sandbox: Running, content: bytes, *, method: str = "REQUEST", by: str = ALICE, **headers: str
) -> dict[str, Any]:
    """A mail with a calendar file, delivered; its ids."""
    return deliver(sandbox, a_mail(content, method=method, **headers), by, mail_from=PROGRAMME)


def page(sandbox: Running, found: dict[str, Any], *, by: str = ALICE) -> str:
    answer = requests.get(
        f"{sandbox.url}/mail/{by}/t/{found['thread_id']}", headers={"Accept": "text/html"}, timeout=10
    )
    assert answer.status_code == 200
    return answer.text


def card(sandbox: Running, found: dict[str, Any], *, by: str = ALICE) -> str:
    """The words of the card, its tags as blanks; empty when there is none."""
    shown = re.search(
        r'(?s)<section class="mail-card.*?>(.*?)(?:<form|</section>)', page(sandbox, found, by=by)
    )
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", shown[1])).split()) if shown else ""


def answer(sandbox: Running, found: dict[str, Any], said: str, *, by: str = ALICE) -> requests.Response:
    return requests.post(
        f"{sandbox.url}/mail/{by}/m/{found['id']}/answer", data={"answer": said}, headers=JSON, timeout=10
    )


def message_of(sandbox: Running, address: str, id: str) -> EmailMessage:
    users = mail_service(sandbox, address).users()
    raw = users.messages().get(userId="me", id=id, format="raw").execute()["raw"]
    parsed = message_from_bytes(base64.urlsafe_b64decode(raw), policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def calendar_of(message: EmailMessage) -> icalendar.Component:
    (part,) = (part for part in message.walk() if part.get_content_type() == "text/calendar")
    return icalendar.Calendar.from_ical(part.get_payload(decode=True))


def test_an_invitation_is_shown_with_what_when_where_and_who(sandbox: Running) -> None:
    found = received(sandbox, an_invitation())

    assert card(sandbox, found) == (
        "Café, puis visite Invitation Quand lundi 29 mars 2027, 18 h 30 – 19 h 30 "
        f"Où 6 rue des Ponts Organisation Mentorat <{PROGRAMME}>"
    )
    assert 'value="ACCEPTED">Accepter' in page(sandbox, found)
    assert 'value="DECLINED">Refuser' in page(sandbox, found)


@pytest.mark.parametrize(
    ("dates", "when"),
    [
        (("20270112T173000Z", "20270112T183000Z"), "mardi 12 janvier 2027, 18 h 30 – 19 h 30"),
        (("20270112T220000Z", "20270113T000000Z"), "mardi 12 janvier 2027, 23 h 00 – mercredi 13 janvier"),
        (("20270112T173000", ""), "mardi 12 janvier 2027, 17 h 30 Où"),
        (("20270112T173000Z", "20270112T163000Z"), "mardi 12 janvier 2027, 18 h 30 Où"),
    ],
)
def test_moments_are_those_of_paris(sandbox: Running, dates: tuple[str, str], when: str) -> None:
    start, end = dates
    found = received(sandbox, an_invitation(DTSTART=f":{start}", DTEND=end and f":{end}"))

    assert f"Quand {when}" in card(sandbox, found)


@pytest.mark.parametrize(
    ("properties", "when"),
    [
        ({"DTSTART": ";VALUE=DATE:20270329", "DTEND": ";VALUE=DATE:20270330"}, "lundi 29 mars 2027, toute"),
        ({"DTSTART": ";VALUE=DATE:20270329", "DTEND": ""}, "lundi 29 mars 2027, toute la journée"),
        (
            {"DTSTART": ";VALUE=DATE:20270329", "DTEND": ";VALUE=DATE:20270401"},
            "du lundi 29 mars 2027 au mercredi 31 mars 2027",
        ),
        (
            {"DTSTART": ";TZID=America/New_York:20270329T123000", "DTEND": "", "DURATION": ":PT45M"},
            "lundi 29 mars 2027, 18 h 30 – 19 h 15",
        ),
    ],
)
def test_days_durations_and_other_time_zones_are_understood(
    sandbox: Running, properties: dict[str, str], when: str
) -> None:
    assert f"Quand {when}" in card(sandbox, received(sandbox, an_invitation(**properties)))


def test_a_change_and_a_cancellation_say_so_and_only_the_change_can_be_answered(sandbox: Running) -> None:
    changed = received(sandbox, an_invitation(SEQUENCE=":1"))
    off = received(sandbox, an_invitation("CANCEL", SEQUENCE=":2", STATUS=":CANCELLED"), method="CANCEL")

    assert card(sandbox, changed).startswith("Café, puis visite Mise à jour ")
    assert card(sandbox, off).startswith("Café, puis visite Annulé ")
    assert "Accepter" in page(sandbox, changed)
    assert "Accepter" not in page(sandbox, off)
    assert answer(sandbox, off, "ACCEPTED").status_code == 400


def test_an_acceptance_is_the_mail_that_a_calendar_sends_to_who_organises(sandbox: Running) -> None:
    found = received(
        sandbox, an_invitation(), Message_ID="<m-1@asso.example>", Reply_To="mentorat+x@asso.example"
    )

    sent = answer(sandbox, found, "ACCEPTED").json()

    message = message_of(sandbox, PROGRAMME, newest(mail_service(sandbox, PROGRAMME)))
    assert message["From"] == f"Alice Martin <{ALICE}>"
    assert message["To"] == f"Mentorat <{PROGRAMME}>"
    assert message["Subject"] == "Accepté : Café, puis visite - lundi 29 mars 2027, 18 h 30 – 19 h 30"
    assert (message["In-Reply-To"], message["References"]) == ("<m-1@asso.example>", "<m-1@asso.example>")
    assert message["Auto-Submitted"] is None
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content().strip() == "Alice M. a accepté cette invitation."
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    assert listed(mail_service(sandbox, ALICE), labelIds="SENT") == [sent["id"]]


def test_the_calendar_part_of_an_answer_names_the_meeting_its_version_and_the_person(
    sandbox: Running,
) -> None:
    found = received(sandbox, an_invitation(SEQUENCE=":3"))

    answer(sandbox, found, "DECLINED")

    message = message_of(sandbox, PROGRAMME, newest(mail_service(sandbox, PROGRAMME)))
    (part,) = (part for part in message.walk() if part.get_content_type() == "text/calendar")
    assert part.get_param("method") == "REPLY"
    calendar = calendar_of(message)
    (event,) = calendar.walk("VEVENT")
    assert message["Subject"].startswith("Refusé : Café, puis visite")
    assert calendar["METHOD"] == "REPLY"
    assert (event["UID"], event["SEQUENCE"]) == ("r-3@asso.example", 3)
    assert event["ATTENDEE"] == f"mailto:{ALICE}"
    assert dict(event["ATTENDEE"].params) == {"CN": "Alice M.", "PARTSTAT": "DECLINED"}
    assert event["ORGANIZER"] == f"mailto:{PROGRAMME}"
    assert event["DTSTAMP"].to_ical() == b"20270301T080000Z"
    assert event["DTSTART"].to_ical() == b"20270329T163000Z"


def test_who_organises_sees_who_answered_and_has_nothing_to_answer(sandbox: Running) -> None:
    answer(sandbox, received(sandbox, an_invitation()), "DECLINED")
    own = received(sandbox, an_invitation(), by=PROGRAMME)

    users = mail_service(sandbox, PROGRAMME).users()
    reply = users.messages().list(userId="me", q="subject:Refusé").execute()["messages"][0]
    shown = {"id": reply["id"], "thread_id": reply["threadId"]}

    assert card(sandbox, shown, by=PROGRAMME).startswith("Café, puis visite Refusé Quand")
    assert f"Réponse de Alice M. <{ALICE}>" in card(sandbox, shown, by=PROGRAMME)
    assert "Accepter" not in page(sandbox, shown, by=PROGRAMME)
    assert "Accepter" not in page(sandbox, own, by=PROGRAMME)


def test_whoever_got_the_mail_answers_in_their_own_name(sandbox: Running) -> None:
    answer(sandbox, received(sandbox, an_invitation(), by=BRUNO), "ACCEPTED", by=BRUNO)

    message = message_of(sandbox, PROGRAMME, newest(mail_service(sandbox, PROGRAMME)))
    (event,) = calendar_of(message).walk("VEVENT")
    assert message["From"] == f"Bruno Petit <{BRUNO}>"
    assert (event["ATTENDEE"], event["ATTENDEE"].params["CN"]) == (f"mailto:{BRUNO}", "Bruno Petit")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"BEGIN:VCALENDAR",
        b"\xff\x00\x01",
        an_invitation(DTSTART=":tomorrow"),
        an_invitation(DTSTART=":99991231T235959Z"),
        an_invitation(DTSTART=f";TZID={'x' * 300}:20270329T183000"),
        an_invitation(UID=""),
        an_invitation().replace(b"VEVENT", b"VTODO"),
        an_invitation(DESCRIPTION=":" + "x" * 500_000),
    ],
)
def test_a_calendar_that_can_not_be_read_leaves_a_mail_with_an_attachment(
    sandbox: Running, content: bytes
) -> None:
    found = received(sandbox, content)

    assert card(sandbox, found) == ""
    assert "invitation.ics" in page(sandbox, found)
    assert answer(sandbox, found, "ACCEPTED").status_code == 400
    assert listed(mail_service(sandbox, PROGRAMME)) == []


@pytest.mark.parametrize(
    "organizer", ["", ":mailto:personne", ":https://asso.example", ":mailto:a@b.example%0D%0ABcc:c@d.example"]
)
def test_an_invitation_from_nobody_can_be_read_and_not_answered(sandbox: Running, organizer: str) -> None:
    found = received(sandbox, an_invitation(ORGANIZER=organizer))

    assert card(sandbox, found).startswith("Café, puis visite Invitation")
    assert "Accepter" not in page(sandbox, found)


def test_a_message_without_invitation_has_no_card_and_nothing_to_answer(sandbox: Running) -> None:
    found = deliver(sandbox, a_message(), ALICE)

    assert card(sandbox, found) == ""
    assert answer(sandbox, found, "ACCEPTED").status_code == 400
    assert answer(sandbox, received(sandbox, an_invitation()), "PERHAPS").status_code == 422


def test_what_an_invitation_says_is_text_in_the_page_and_in_the_answer(sandbox: Running) -> None:
    found = received(
        sandbox,
        an_invitation(
            SUMMARY=f":{HOSTILE}\\nBcc: mallory@ailleurs.example",
            LOCATION=f":{HOSTILE}",
            ORGANIZER=f';CN="{HOSTILE}":mailto:{PROGRAMME}',
            ATTENDEE=f';CN="{HOSTILE}":mailto:{ALICE}',
        ),
    )

    answer(sandbox, found, "ACCEPTED")

    (reply,) = listed(mail_service(sandbox, PROGRAMME))
    message = message_of(sandbox, PROGRAMME, reply)
    (part,) = (part for part in message.walk() if part.get_content_type() == "text/html")
    assert HOSTILE not in page(sandbox, found)
    assert HOSTILE in card(sandbox, found)
    assert HOSTILE not in part.get_content()
    assert message["Bcc"] is None
    assert str(calendar_of(message).walk("VEVENT")[0]["SUMMARY"]).startswith(HOSTILE)


def test_attachments_are_listed_with_name_kind_and_size_and_can_be_saved(sandbox: Running) -> None:
    content = an_invitation()
    found = received(sandbox, content)

    shown = page(sandbox, found)

    (link, name, about) = re.findall(
        r'<li><a href="(/mail/[^"]+/files/[^"]+)" download>([^<]+)</a> <span>([^<]+)', shown
    )[0]
    assert (name, about) == ("invitation.ics", f"application/ics, {len(content)} octets")
    assert requests.get(f"{sandbox.url}{link}", timeout=10).content == content


@pytest.mark.browser
def test_a_person_accepts_an_invitation_in_the_browser(sandbox: Running, browser_page: Page) -> None:
    received(sandbox, an_invitation())
    tab = browser_page

    tab.goto(f"{sandbox.url}/mail/{ALICE}/")
    tab.get_by_role("link", name="Rendez-vous").click()
    meeting = tab.get_by_role("region", name="Rendez-vous")
    expect(meeting).to_contain_text("lundi 29 mars 2027, 18 h 30 – 19 h 30")
    meeting.get_by_role("button", name="Accepter").click()

    expect(tab.get_by_role("region", name="Rendez-vous")).to_contain_text("Accepté")
    assert len(listed(mail_service(sandbox, PROGRAMME))) == 1
