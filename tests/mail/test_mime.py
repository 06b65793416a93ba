"""The bytes that leave: read back by the standard library, and looked at as they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ponts_flows.mail.compose import Composed, compose
from ponts_flows.mail.mime import Address, Attachment, CalendarFile, Letter, MailError, message_bytes
from ponts_flows.model import Language

from .people import NOW, PROGRAMME, REFERENCE, SAMPLES

MAIL = compose(
    "introduction",
    (Language.FRENCH, Language.ENGLISH),
    SAMPLES["introduction"],
    programme=PROGRAMME,
    reference=REFERENCE,
)
BASTIEN = "Bastien Le Goff <bastien.legoff@exemple.example>"
HELENE = "=?utf-8?b?SMOpbMOobmUgRHVicmV1aWw=?= <helene.dubreuil@exemple.example>"
TOKEN_ADDRESS = "mentoring+m7k2q4fxd-0123456789abcdef@ponts.org"
LETTER = Letter(
    composed=MAIL,
    sender=Address(email="mentoring@ponts.org", name="Programme de mentoring Ponts Alumni"),
    to=(
        Address(email="bastien.legoff@exemple.example", name="Bastien Le Goff"),
        Address(email="helene.dubreuil@exemple.example", name="Hélène Dubreuil"),
    ),
    reply_to=(Address(email=TOKEN_ADDRESS),),
    now=NOW,
    unsubscribe=TOKEN_ADDRESS,
)
MEETING = CalendarFile(
    method="REQUEST",
    content="BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nX-É:en visio\r\nEND:VCALENDAR\r\n".encode(),
)
LONG_ID = "<" + "CAJ8q" * 50 + "@mail.gmail.com>"


def read(letter: Letter) -> Message:
    return message_from_bytes(message_bytes(letter))


def words(message: Message, name: str) -> str:
    return str(make_header(decode_header(message[name])))


def head(letter: Letter) -> bytes:
    return message_bytes(letter).partition(b"\r\n\r\n")[0]


def test_the_headers_say_who_to_whom_where_to_answer_and_that_a_machine_wrote() -> None:
    message = read(LETTER)

    assert message.items()[:-2] == [
        ("From", "Programme de mentoring Ponts Alumni <mentoring@ponts.org>"),
        (
            "To",
            f"{BASTIEN},\r\n {HELENE}",
        ),
        ("Reply-To", TOKEN_ADDRESS),
        ("Subject", message["Subject"]),
        ("Date", "Mon, 23 Nov 2026 09:00:00 +0000"),
        ("Message-ID", "<m-7k2q-4fxd@ponts.org>"),
        ("Content-Language", "fr, en"),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "DR, RN, NRN, AutoReply"),
        ("List-Unsubscribe", f"<mailto:{TOKEN_ADDRESS}?subject=STOP>"),
    ]
    assert words(message, "Subject") == MAIL.subject
    assert words(message, "To").endswith("Hélène Dubreuil <helene.dubreuil@exemple.example>")


def test_text_and_html_come_back_as_they_were_composed() -> None:
    message = message_from_bytes(message_bytes(LETTER), policy=policy.default)

    text, html = message.iter_parts()

    assert message.get_content_type() == "multipart/alternative"
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert text.get_content().replace("\r\n", "\n") == MAIL.text
    assert html.get_content().replace("\r\n", "\n").rstrip() == MAIL.html.rstrip()


def test_the_same_letter_gives_the_same_bytes_and_another_reference_other_boundaries() -> None:
    other = replace(LETTER, composed=replace(MAIL, reference="M-0000-0000"))

    assert message_bytes(LETTER) == message_bytes(LETTER)
    assert read(LETTER).get_boundary() != read(other).get_boundary()


def test_long_identifiers_are_never_encoded_words() -> None:
    letter = replace(
        LETTER, in_reply_to=LONG_ID, references=(LONG_ID,) * 30, unsubscribe="https://x.example/" + "a" * 300
    )
    message = read(letter)

    ids = ("Message-ID", "In-Reply-To", "References", "List-Unsubscribe", "Reply-To")
    assert [name for name in ids if "=?" in message[name]] == []
    assert message["In-Reply-To"] == LONG_ID
    assert message["References"].split() == [LONG_ID] * 20
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_mailed_unsubscription_claims_no_one_click() -> None:
    assert read(LETTER)["List-Unsubscribe-Post"] is None


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200))
def test_no_value_starts_a_header_of_its_own_and_no_line_is_too_long(name: str, subject: str) -> None:
    letter = replace(
        LETTER,
        composed=replace(MAIL, subject=subject),
        to=(Address(email="a@exemple.example", name=f"{name}\r\nBcc: b@exemple.example"),),
    )

    lines = message_bytes(letter).split(b"\r\n")
    message = read(letter)

    assert message.keys() == read(LETTER).keys()
    assert max(map(len, lines)) <= 998
    assert all(b"\n" not in line and b"\r" not in line for line in lines)
    assert getaddresses([message["To"]])[0][1] == "a@exemple.example"


@pytest.mark.parametrize(
    "name",
    [
        "Élodie Dupré",
        'Jean "Jo" Petit',
        "O'Neil, Marie",
        "=?utf-8?q?Faux?=",
        "王小明",
        "a\\b",
        "Zoé " * 30,
        "D. R",
    ],
)
def test_a_name_is_read_as_it_was_written(name: str) -> None:
    message = read(replace(LETTER, to=(Address(email="a@exemple.example", name=name),)))

    shown, email = getaddresses([message["To"].replace("\r\n", "")])[0]
    assert (str(make_header(decode_header(shown))), email) == (name.strip(), "a@exemple.example")


def test_encoded_words_keep_within_75_characters() -> None:
    letter = replace(LETTER, composed=replace(MAIL, subject="é" * 300))

    encoded = [word for word in head(letter).split() if word.startswith(b"=?")]

    assert max(map(len, encoded)) <= 75


@pytest.mark.parametrize(
    "email",
    [
        "",
        "a",
        "a@b\r\nBcc: c@d.example",
        "a b@c.example",
        "a@b@c",
        "<a@b.example>",
        "a,b@c.example",
        "x" * 255 + "@a.example",
    ],
)
def test_what_is_no_address_is_refused_without_repeating_it(email: str) -> None:
    with pytest.raises(MailError) as refused:
        message_bytes(replace(LETTER, to=(Address(email=email),)))

    assert str(refused.value) == "To holds something that is not an e-mail address."


@pytest.mark.parametrize(
    "identifier", ["no-brackets@x", "<a b@x>", "<a@x>\r\nBcc: b@x.example", "<é@x>", "<=?utf-8?q?a?=@x>"]
)
def test_what_is_no_identifier_is_refused(identifier: str) -> None:
    with pytest.raises(MailError):
        message_bytes(replace(LETTER, in_reply_to=identifier))


def test_a_letter_to_nobody_or_without_time_zone_is_refused() -> None:
    with pytest.raises(MailError, match="To needs an address"):
        message_bytes(replace(LETTER, to=()))
    with pytest.raises(MailError, match="time zone"):
        message_bytes(replace(LETTER, now=datetime(2026, 11, 23, 9, 0)))


def test_an_address_with_accents_leaves_as_utf_8() -> None:
    letter = replace(LETTER, to=(Address(email="zoé@exemple.example", name="Zoé"),))

    assert " <zoé@exemple.example>\r\n".encode() in head(letter)


def test_an_attachment_travels_beside_the_two_parts() -> None:
    charter = Attachment(
        filename="Charte\r\nX: y é.pdf", content_type="application/pdf", content=b"%PDF-1.7\x00"
    )

    message = message_from_bytes(
        message_bytes(replace(LETTER, attachments=(charter,))), policy=policy.default
    )

    (attached,) = message.iter_attachments()
    assert message.get_content_type() == "multipart/mixed"
    assert (attached.get_filename(), attached.get_content()) == ("Charte X: y é.pdf", b"%PDF-1.7\x00")


def test_a_very_long_word_of_the_text_stays_within_a_mail_s_lines() -> None:
    mail = Composed(
        subject="x", text="a" * 5000, html="<p>é</p>", languages=(Language.FRENCH,), reference=REFERENCE
    )

    assert max(map(len, message_bytes(replace(LETTER, composed=mail)).split(b"\r\n"))) <= 200


FIXED = replace(
    LETTER,
    composed=Composed(
        subject="Votre binôme",
        text="Bonjour Hélène,\n\nÀ bientôt.\n",
        html="<p>Bonjour Hélène,</p>\n",
        languages=(Language.FRENCH, Language.ENGLISH),
        reference=REFERENCE,
    ),
)
CHARTER = Attachment(filename="Charte é.pdf", content_type="application/pdf", content=b"%PDF-1.7\x00")


@pytest.mark.parametrize(
    ("letter", "digest"),
    [
        (FIXED, "2c766994777a33272e85f596eae210e2ea8fa5848af9841fd03447e87c3b7289"),
        (
            replace(FIXED, attachments=(CHARTER,)),
            "7d9a3a042b4f98c8c16c514fc1a302e8428a0218897ca2ef4da49fec35dd6021",
        ),
        (
            replace(FIXED, in_reply_to=LONG_ID, references=(LONG_ID,) * 3),
            "f6d0581d1c70121ad224c7764386964a649f89200557b1ba2aa59d165de72931",
        ),
    ],
)
def test_a_letter_without_a_calendar_keeps_the_bytes_it_always_had(letter: Letter, digest: str) -> None:
    assert sha256(message_bytes(letter)).hexdigest() == digest


def test_a_calendar_travels_as_a_part_that_calendars_act_on_and_as_a_file() -> None:
    letter = replace(FIXED, calendar=MEETING, attachments=(CHARTER,))

    message = message_from_bytes(message_bytes(letter), policy=policy.default)

    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
        "application/pdf",
    ]
    part, file, _ = list(message.walk())[4:]
    assert b"Content-Type: text/calendar; method=REQUEST; charset=UTF-8\r\n" in message_bytes(letter)
    assert (part.get_filename(), file.get_filename()) == (None, "invitation.ics")
    assert file.is_attachment()
    assert [each.get_payload(decode=True) for each in (part, file)] == [MEETING.content] * 2


def test_a_calendar_changes_neither_the_headers_nor_what_is_read() -> None:
    plain, letter = read(FIXED), replace(FIXED, calendar=MEETING)
    message = message_from_bytes(message_bytes(letter), policy=policy.default)

    assert head(letter).partition(b"MIME-Version")[0] == head(FIXED).partition(b"MIME-Version")[0]
    assert message.keys() == plain.keys()
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == FIXED.composed.text
    assert html.get_content().replace("\r\n", "\n") == FIXED.composed.html


def test_the_same_letter_with_a_calendar_gives_the_same_bytes_within_a_mail_s_lines() -> None:
    content = MEETING.content.replace(b"en visio", b"en visio" * 500)
    letter = replace(FIXED, calendar=replace(MEETING, method="CANCEL", content=content))

    assert message_bytes(letter) == message_bytes(replace(letter))
    assert max(map(len, message_bytes(letter).split(b"\r\n"))) <= 200
    assert all(b"\n" not in line and b"\r" not in line for line in message_bytes(letter).split(b"\r\n"))
    assert b"Content-Type: text/calendar; method=CANCEL; charset=UTF-8\r\n" in message_bytes(letter)
