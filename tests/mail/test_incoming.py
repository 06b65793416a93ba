"""Received mails: ordinary ones, machines' ones, and those that mean harm."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ponts_flows.mail.received.incoming import Incoming, parse

REPLY = """\
Delivered-To: mentoring+m7k2q4fxd-0123456789abcdef@ponts.org
Authentication-Results: mx.google.com; dmarc=pass header.from=exemple.example
From: =?utf-8?Q?H=C3=A9l=C3=A8ne?= Dubreuil <Helene.Dubreuil@Exemple.example>
To: "Programme de mentoring" <mentoring+m7k2q4fxd-0123456789abcdef@ponts.org>
Cc: bastien.legoff@exemple.example
Subject: =?utf-8?B?UmU6IEFjY2VwdGVyaWV6LXZvdXM=?= ?
Date: Mon, 23 Nov 2026 10:12:00 +0100
Message-ID: <reply@mail.exemple.example>
In-Reply-To: <m-7k2q-4fxd@ponts.org>
References: <first@ponts.org>
 <m-7k2q-4fxd@ponts.org>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="b"

--b
Content-Type: text/html; charset=utf-8

<p>html</p>
--b
Content-Type: text/plain; charset=iso-8859-15
Content-Transfer-Encoding: quoted-printable

Oui, avec plaisir =E0 tous=20
=A4
--b--
"""


def mail(headers: str = "", body: str = "Oui", content_type: str = "text/plain; charset=utf-8") -> bytes:
    head = f"From: a@exemple.example\n{headers}Content-Type: {content_type}\n\n"
    return (head + body).encode()


def test_a_reply_is_read_whole() -> None:
    assert parse(REPLY.encode()) == Incoming(
        message_id="<reply@mail.exemple.example>",
        in_reply_to="<m-7k2q-4fxd@ponts.org>",
        references=("<first@ponts.org>", "<m-7k2q-4fxd@ponts.org>"),
        from_address="helene.dubreuil@exemple.example",
        from_name="Hélène Dubreuil",
        to=("mentoring+m7k2q4fxd-0123456789abcdef@ponts.org",),
        cc=("bastien.legoff@exemple.example",),
        delivered_to=("mentoring+m7k2q4fxd-0123456789abcdef@ponts.org",),
        subject="Re: Accepteriez-vous ?",
        date=datetime(2026, 11, 23, 10, 12, tzinfo=timezone(timedelta(hours=1))),
        text="Oui, avec plaisir à tous \n€",
        judged=True,
        authenticated=True,
        authentication_reason="dmarc=pass",
    )


def test_recipients_are_each_named_once() -> None:
    assert parse(REPLY.encode()).recipients == (
        "mentoring+m7k2q4fxd-0123456789abcdef@ponts.org",
        "bastien.legoff@exemple.example",
    )


def test_html_is_read_where_there_is_no_text() -> None:
    head = "<!doctype html><head><title>t</title></head><style>p{}</style><!--[if mso]>x<![endif]-->"
    html = head + "<div>Oui&nbsp;!</div><p>À\nbientôt<br>Zo&eacute;</p>"

    assert (
        parse(mail(body=html, content_type="text/html; charset=utf-8")).text == "Oui\u00a0!\nÀ bientôt\nZoé"
    )


def test_the_text_of_an_attached_mail_or_file_is_not_the_answer() -> None:
    body = (
        "--b\nContent-Type: message/rfc822\n\nContent-Type: text/plain\n\nOui\n"
        '--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename="a.txt"\n\nOui\n'
        "--b\nContent-Type: text/plain\n\nNon\n--b--\n"
    )

    assert parse(mail(body=body, content_type='multipart/mixed; boundary="b"')).text == "Non"


@pytest.mark.parametrize(
    "headers", ["", "From: a@x.example, b@x.example\n", "From: a@x.example\nFrom: b@x.example\n"]
)
def test_a_mail_without_exactly_one_sender_is_from_nobody(headers: str) -> None:
    incoming = parse(f"{headers}Authentication-Results: mx.google.com; dmarc=pass\n\nOui".encode())

    assert (incoming.from_address, incoming.authenticated) == ("", False)
    assert incoming.problem.startswith("message qui nomme")


DEEP = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000))
HOSTILE = {
    "on on on": mail(body="On " * 20_000),
    "ten thousand headers": mail("X-A: b\n" * 10_000),
    "thousands of recipients": mail("To: " + ", ".join(f"p{n}@exemple.example" for n in range(5000)) + "\n"),
    "deeply nested": b"From: a@exemple.example\n" + DEEP + b"\nOui",
    "unknown charset": mail(content_type="text/plain; charset=klingon"),
    "charset that is no text": mail(content_type="text/plain; charset=zlib"),
    "two charsets": mail(content_type="text/plain; charset*0=a; charset*1*=%ff''b"),
    "nul bytes": mail(body="O\0ui\0"),
    "raw bytes in headers": b"From: \xe9\xff <a@exemple.example>\nSubject: \xe9\n\n\xff\xfe",
    "broken encoded words": mail("Subject: =?utf-8?b?====?= =?x?q?a?=\nTo: =?utf-8?q?=?= <\n"),
    "large attachment": mail(
        body="--b\nContent-Type: text/plain\n\nOui\n--b\nContent-Type: application/zip\n"
        "Content-Transfer-Encoding: base64\n\n" + ("A" * 76 + "\n") * 330_000,
        content_type='multipart/mixed; boundary="b"',
    ),
    "endless tags": mail(body="<" * 100_000, content_type="text/html"),
    "endless comments": mail(body="<!--" * 30_000, content_type="text/html"),
    "endless declarations": mail(body="<![" * 30_000, content_type="text/html"),
    "endless attributes": mail(body="<a " + "b='" * 30_000, content_type="text/html"),
    "endless styles": mail(body="<style>" * 15_000, content_type="text/html"),
    "endless scripts": mail(body="<script></script" * 7_000, content_type="text/html"),
    "endless closings": mail(body="</" * 50_000, content_type="text/html"),
    "endless instructions": mail(body="<?" * 50_000, content_type="text/html"),
    "endless entities": mail(body="&#" * 50_000, content_type="text/html"),
    "open parentheses": mail(
        "To: " + "(" * 50_000 + "\nAuthentication-Results: mx.google.com" + "(" * 50_000 + "\n"
    ),
    "open quotes": mail("To: " + '"\\' * 50_000 + "\nReferences: " + "<" * 100_000 + "\n"),
    "bad date": mail("Date: Mon, 99 Foo 99999999999999 99:99:99 +9999999999\n"),
    "nothing": b"",
    "no headers": b"\n\n\n",
    "long line": mail(body="a" * 3_000_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_mail_is_read_quickly_and_its_text_is_capped(name: str) -> None:
    before = time.process_time()

    incoming = parse(HOSTILE[name])

    assert time.process_time() - before < 1
    assert len(incoming.text) <= 20_000
    assert "\0" not in incoming.text + incoming.subject + incoming.from_name


def test_a_large_attachment_does_not_hide_the_answer() -> None:
    assert parse(HOSTILE["large attachment"]).text == "Oui"


def test_a_mail_that_the_library_cannot_read_says_so() -> None:
    assert parse(HOSTILE["nothing"]).problem == "message qui nomme 0 expéditeurs au lieu d'un"
    assert parse(mail(body="")).problem == "message sans texte"


HEADERS = st.sampled_from(
    [
        "From",
        "To",
        "Subject",
        "Date",
        "References",
        "Content-Type",
        "Content-Transfer-Encoding",
        "Authentication-Results",
    ]
)
PIECES = st.sampled_from(
    [
        b"\r\n ",
        b"\n",
        *b'=?utf-8?q? ?= multipart/mixed; boundary=b text/html a@b.example < " ( ;'.split(),
        *b"base64 quoted-printable".split(),
        *b"charset*0*= mx.google.com; dmarc=pass \xff --b".split(),
    ]
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(HEADERS, st.lists(PIECES | st.binary(max_size=10), max_size=6))),
    st.binary(max_size=200),
)
def test_no_mail_a_stranger_can_send_stops_the_reading(
    headers: list[tuple[str, list[bytes]]], body: bytes
) -> None:
    raw = b"".join(name.encode() + b": " + b"".join(pieces) + b"\r\n" for name, pieces in headers)

    incoming = parse(raw + b"\r\n--b\n\n" + body)

    assert "can't be read" not in incoming.problem
