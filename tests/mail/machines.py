"""Builders of the mails that machines write, which name only what matters."""

from __future__ import annotations

from collections.abc import Sequence

MAILBOX = "mentoring@ponts.example"
DAEMON = "Return-Path: <>\nFrom: Mail Delivery System <MAILER-DAEMON@mx.exemple.example>"
BOB = "bob.durand@exemple.example"
RETURNED = """\
Return-Path: <mentoring@ponts.example>
Message-ID: <m-7k2q-4fxd@ponts.example>
From: Programme de mentoring <mentoring@ponts.example>
Reply-To: mentoring+m7k2q4fxd-0123456789abcdef@ponts.example
To: Bob Durand <bob.durand@exemple.example>
Subject: Accepteriez-vous ?
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: base64

UsOpZi4gTS03SzJRLTRGWEQK
"""


def a_mail(
    *,
    sender: str = "From: Alice Martin <alice.martin@exemple.example>",
    subject: str = "Re: Accepteriez-vous ?",
    headers: str = "",
    body: str = "Oui",
) -> bytes:
    more = f"{headers}\n" if headers else ""
    return f"{sender}\nTo: {MAILBOX}\nSubject: {subject}\n{more}\n{body}".encode()


def a_multipart(
    *parts: tuple[str, str],
    content_type: str = "multipart/report; report-type=delivery-status",
    sender: str = DAEMON,
    subject: str = "Undelivered Mail Returned to Sender",
    headers: str = "",
) -> bytes:
    """A mail of several parts, each a pair (content type, content)."""
    body = "".join(f"--b\nContent-Type: {type}\n\n{content}\n" for type, content in parts)
    more = f"{headers}\n" if headers else ""
    return a_mail(
        sender=sender,
        subject=subject,
        headers=f'{more}MIME-Version: 1.0\nContent-Type: {content_type}; boundary="b"',
        body=f"{body}--b--\n",
    )


def a_report(
    *recipients: str, notice: str = "Your message could not be delivered.", **settings: str
) -> bytes:
    """A delivery report whose recipients are given as fields: `Final-Recipient: …\\nAction: …`."""
    return a_multipart(
        ("text/plain; charset=utf-8", notice),
        ("message/delivery-status", "\n\n".join(("Reporting-MTA: dns; mx.exemple.example", *recipients))),
        ("message/rfc822", RETURNED),
        **settings,
    )


def a_recipient(address: str = BOB, *, action: str = "failed", status: str = "5.1.1", said: str = "") -> str:
    fields = [f"Final-Recipient: rfc822; {address}", f"Action: {action}", f"Status: {status}"]
    return "\n".join((*fields, *([f"Diagnostic-Code: smtp; {said}"] if said else ())))


def a_notice(
    *lines: str, sender: str = DAEMON, subject: str = "Undelivered mail", headers: str = ""
) -> bytes:
    """A delivery notice in free text."""
    return a_mail(sender=sender, subject=subject, headers=headers, body="\n".join(lines))


def a_calendar(
    method: str = "REPLY",
    *,
    attendees: Sequence[str] = (f"ATTENDEE;PARTSTAT=ACCEPTED;CN=Bob:mailto:{BOB}",),
    uid: str = "rdv-1@ponts.example",
    sequence: str = "2",
) -> str:
    return "\r\n".join(
        (
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Exemple//Agenda//FR",
            f"METHOD:{method}",
            "BEGIN:VEVENT",
            f"UID:{uid}",
            f"SEQUENCE:{sequence}",
            "DTSTAMP:20261123T091200Z",
            "DTSTART:20261201T170000Z",
            "ORGANIZER:mailto:mentoring@ponts.example",
            *attendees,
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        )
    )
