"""What wrote a mail: the surest sign decides, and no person's mail is taken for a machine's."""

from __future__ import annotations

import pytest

from ponts_flows.mail.received.incoming import Incoming, parse
from ponts_flows.mail.received.kinds import Kind
from tests.mail.machines import (
    BOB,
    MAILBOX,
    RETURNED,
    a_calendar,
    a_mail,
    a_multipart,
    a_notice,
    a_recipient,
    a_report,
)

POSTMASTER = "From: Le service informatique <postmaster@exemple.example>"
PLAIN = "text/plain; charset=utf-8"


def kind(raw: bytes) -> tuple[Kind, str]:
    incoming = parse(raw, mailbox=MAILBOX)
    return incoming.kind, incoming.kind_reason


@pytest.mark.parametrize(
    "raw",
    [
        a_mail(),
        a_mail(headers="Auto-Submitted: no"),
        a_mail(headers="Auto-Submitted: no (a person wrote this)"),
        a_mail(headers="X-Auto-Response-Suppress: All"),
        a_mail(headers="X-Autoreply: no"),
        a_mail(headers="Return-Path: <alice.martin@exemple.example>"),
        a_mail(headers="List-Unsubscribe: <mailto:leave@exemple.example>"),
        a_mail(sender=POSTMASTER),
        a_mail(sender=POSTMASTER, subject="Re: Undelivered Mail Returned to Sender", body="C'est réparé."),
        a_mail(
            sender=POSTMASTER,
            subject="Échec de remise",
            body=f"Bonjour,\n\nVotre message n'a pas pu être remis à {BOB} : sa boîte est pleine.\n\nLuc",
        ),
        a_mail(
            subject="Undelivered Mail Returned to Sender",
            body=f"J'ai reçu ceci :\n\n<{BOB}>: 550 5.1.1 User unknown",
        ),
        a_mail(
            subject="Fwd: failure notice", body=f"This is the qmail-send program.\n<{BOB}>:\nno such user"
        ),
        a_mail(sender="From: No Way <noreply@exemple.example>", subject="Question", body="Je ne peux plus."),
        a_mail(subject="Livraison", body="Le colis n'a pas pu être livré à jean@exemple.example"),
        a_mail(
            sender="From: Jean Daemon <jean.daemon@exemple.example>", subject="Failure notice of my phone"
        ),
    ],
)
def test_what_a_person_writes_is_a_person_s(raw: bytes) -> None:
    assert kind(raw) == (Kind.HUMAN, "")


@pytest.mark.parametrize(
    "raw",
    [
        a_multipart(
            (PLAIN, "Je vous transmets ce retour."),
            ("message/rfc822", a_report(a_recipient()).decode()),
            content_type="multipart/mixed",
            sender="From: alice.martin@exemple.example",
            subject="TR: Undelivered Mail Returned to Sender",
        ),
        a_multipart(
            (PLAIN, "Je vous transmets ce retour."),
            ("message/delivery-status", a_recipient()),
            ("text/rfc822-headers", RETURNED),
            content_type="multipart/mixed",
            sender="From: alice.martin@exemple.example",
            subject="Fwd: Undelivered Mail Returned to Sender",
        ),
        a_multipart(
            (PLAIN, "On s'est plaint de vous ?"),
            ("message/feedback-report", "Feedback-Type: abuse"),
            content_type="multipart/mixed",
            sender="From: alice.martin@exemple.example",
        ),
    ],
)
def test_a_report_that_a_person_forwards_is_that_person_s_mail(raw: bytes) -> None:
    incoming = parse(raw, mailbox=MAILBOX)

    assert (incoming.kind, incoming.failures) == (Kind.HUMAN, ())


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (a_report(a_recipient()), (Kind.BOUNCE, "report")),
        (a_report(a_recipient(action="delayed", status="4.4.1")), (Kind.DELAY, "report")),
        (
            a_report(a_recipient(action="delayed"), a_recipient("ann@exemple.example")),
            (Kind.BOUNCE, "report"),
        ),
        (a_report(a_recipient(action="delivered", status="2.0.0")), (Kind.AUTO, "delivered")),
        (a_report(a_recipient(action="relayed", status="2.0.0")), (Kind.AUTO, "delivered")),
        (a_mail(headers='Content-Type: multipart/report; boundary="b"'), (Kind.BOUNCE, "report")),
        (
            a_mail(headers="Content-Type: message/delivery-status", body=a_recipient()),
            (Kind.BOUNCE, "report"),
        ),
        (
            a_report(a_recipient(), sender="From: alice.martin@exemple.example", subject="Re: Oui"),
            (Kind.BOUNCE, "report"),
        ),
        (a_report(a_recipient(), headers="Auto-Submitted: auto-replied"), (Kind.BOUNCE, "report")),
        (
            a_report(a_recipient(), content_type="multipart/mixed", subject="Delivery status"),
            (Kind.BOUNCE, "report"),
        ),
        (
            a_multipart(
                (PLAIN, "Lu."), ("message/disposition-notification", f"Final-Recipient: rfc822;{BOB}")
            ),
            (Kind.AUTO, "read receipt"),
        ),
        (
            a_multipart(
                (PLAIN, "Lu."), content_type="multipart/report; report-type=disposition-notification"
            ),
            (Kind.AUTO, "read receipt"),
        ),
        (
            a_multipart((PLAIN, "TLS"), content_type="multipart/report; report-type=tlsrpt"),
            (Kind.AUTO, "report: tlsrpt"),
        ),
    ],
)
def test_a_report_says_by_itself_what_it_is(raw: bytes, expected: tuple[Kind, str]) -> None:
    assert kind(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (a_notice(f"<{BOB}>:", "Sorry, no mailbox here by that name."), (Kind.BOUNCE, "daemon")),
        (a_notice("Rien n'a pu être remis."), (Kind.BOUNCE, "daemon")),
        (a_notice("x", sender="From: MAILER-DAEMON (Mail Delivery System)"), (Kind.BOUNCE, "daemon")),
        (
            a_notice("A message that you sent has not yet been delivered to:", f"  {BOB}"),
            (Kind.DELAY, "daemon"),
        ),
        (a_notice(f"  {BOB}", subject="Warning: message 1a-2b delayed 24 hours"), (Kind.DELAY, "daemon")),
        (a_notice(f"  {BOB}", subject="Undeliverable: Retard de Bob"), (Kind.BOUNCE, "daemon")),
        (
            a_notice(f"{BOB}: user unknown", sender=POSTMASTER, subject="Undeliverable: Accepteriez-vous ?"),
            (Kind.BOUNCE, "delivery notice"),
        ),
        (
            a_notice(
                "did not reach the following recipient(s):",
                f"{BOB} on Monday",
                sender=f"Return-Path: <>\n{POSTMASTER}",
            ),
            (Kind.BOUNCE, "delivery notice"),
        ),
        (
            a_notice(
                "Delivery failed.",
                sender="From: relay@exemple.example",
                headers=f"Auto-Submitted: auto-generated\nX-Failed-Recipients: {BOB}",
            ),
            (Kind.BOUNCE, "failed recipients"),
        ),
    ],
)
def test_a_server_s_notice_in_free_text_is_a_bounce_or_a_delay(
    raw: bytes, expected: tuple[Kind, str]
) -> None:
    assert kind(raw) == expected


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ("Auto-Submitted: auto-replied", "auto-submitted: auto-replied"),
        ("Auto-Submitted: auto-generated", "auto-submitted: auto-generated"),
        ("Auto-Submitted: auto-replied\nReturn-Path: <>", "auto-submitted: auto-replied"),
        ("Return-Path: <>", "null sender"),
        ("X-Autoreply: yes", "auto-reply"),
        ("X-Autorespond: Re: Accepteriez-vous ?", "auto-reply"),
        ("Precedence: auto_reply", "auto-reply"),
        ("X-Apple-Action: VACATION", "vacation"),
    ],
)
def test_an_absence_is_automatic_even_with_nobody_as_its_sender(headers: str, reason: str) -> None:
    away = f"Je suis absent. En cas d'urgence :\n{BOB}\nVotre message ne sera pas transmis."

    incoming = parse(a_mail(headers=headers, subject="Absence du bureau", body=away), mailbox=MAILBOX)

    assert (incoming.kind, incoming.kind_reason, incoming.failures) == (Kind.AUTO, reason, ())


def test_an_absence_sent_in_bulk_is_automatic_by_both_signs_together() -> None:
    raw = a_mail(subject="Réponse automatique : Accepteriez-vous ?", headers="Precedence: junk")

    assert kind(raw) == (Kind.AUTO, "precedence and subject")


@pytest.mark.parametrize(
    ("subject", "hint"),
    [
        ("Absence du bureau : Re: Accepteriez-vous ?", "Absence"),
        ("Réponse automatique : Accepteriez-vous ?", "Réponse automatique"),
        ("=?utf-8?Q?R=C3=A9ponse_automatique?=", "Réponse automatique"),
        ("Automatic reply: Accepteriez-vous ?", "Automatic reply"),
        ("Out of Office Re: Accepteriez-vous ?", "Out of Office"),
        ("Re: [Auto-Reply] Accepteriez-vous ?", "Auto-Reply"),
        ("Automatische Antwort: Accepteriez-vous ?", "Automatische Antwort"),
        ("En congés", "En congés"),
        ("Re: Accepteriez-vous ?", ""),
        ("Absolument", ""),
    ],
)
def test_a_subject_alone_is_a_hint_and_the_mail_stays_a_person_s(subject: str, hint: str) -> None:
    incoming = parse(a_mail(subject=subject), mailbox=MAILBOX)

    assert (incoming.kind, incoming.kind_reason, incoming.hint) == (
        Kind.HUMAN,
        "subject only" if hint else "",
        hint,
    )


def test_a_mail_that_a_mailbox_s_rules_sent_is_left_to_a_person() -> None:
    raw = a_mail(headers="X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent")

    assert (parse(raw).kind, parse(raw).hint) == (Kind.HUMAN, "Mailbox Rules Agent")


CALENDAR = "text/calendar; charset=utf-8; method="


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (a_mail(headers=f"Content-Type: {CALENDAR}REPLY"), (Kind.CALENDAR, "calendar: reply")),
        (a_mail(headers="Content-Type: text/calendar", body="x"), (Kind.CALENDAR, "calendar")),
        *(
            (
                a_multipart(
                    (PLAIN, "Invitation"),
                    (f"{CALENDAR}{method}", a_calendar(method)),
                    content_type="multipart/alternative",
                    sender="From: alice.martin@exemple.example",
                    headers="Auto-Submitted: auto-generated",
                ),
                (Kind.CALENDAR, f"calendar: {method.casefold()}"),
            )
            for method in ("REPLY", "REQUEST", "CANCEL", "COUNTER")
        ),
        (
            a_multipart(
                (PLAIN, "Bob a accepté."),
                ("application/ics; name=invite.ics\nContent-Disposition: attachment", a_calendar()),
                content_type="multipart/mixed",
                sender=f"From: {BOB}",
            ),
            (Kind.CALENDAR, "calendar: reply"),
        ),
        (
            a_multipart(
                (PLAIN, "Voici mes disponibilités."),
                ("text/calendar; name=rdv.ics\nContent-Disposition: attachment", a_calendar("PUBLISH")),
                content_type="multipart/mixed",
                sender=f"From: {BOB}",
            ),
            (Kind.HUMAN, ""),
        ),
        (
            a_multipart(
                (PLAIN, "Je vous renvoie votre invitation, elle ne s'ouvre pas."),
                ("text/calendar; name=rdv.ics\nContent-Disposition: attachment", a_calendar("REQUEST")),
                content_type="multipart/mixed",
                sender=f"From: {BOB}",
            ),
            (Kind.HUMAN, ""),
        ),
        (a_report(a_recipient(), headers=f"X-Part: {CALENDAR}REPLY"), (Kind.BOUNCE, "report")),
    ],
)
def test_what_a_calendar_sends_is_a_calendar_s_and_an_attached_file_is_a_person_s(
    raw: bytes, expected: tuple[Kind, str]
) -> None:
    assert kind(raw) == expected


@pytest.mark.parametrize(
    "headers",
    ["List-Id: <promo.exemple.example>", "List-Post: <mailto:p@exemple.example>", "Precedence: bulk"],
)
def test_what_a_list_passes_on_is_a_list_s(headers: str) -> None:
    assert kind(a_mail(headers=headers, subject="Digest, Vol 12")) == (Kind.LIST, "list")


@pytest.mark.parametrize(
    "sender",
    [
        "From: Programme <mentoring@ponts.example>",
        "From: MENTORING@Ponts.example",
        "From: mentoring+m7k2q4fxd-0123456789abcdef@ponts.example",
    ],
)
def test_what_the_mailbox_wrote_itself_is_our_own(sender: str) -> None:
    assert kind(a_mail(sender=sender)) == (Kind.OWN, "our own")


def test_a_bounce_under_the_mailbox_s_name_is_a_bounce() -> None:
    assert kind(a_report(a_recipient(), sender=f"From: {MAILBOX}")) == (Kind.BOUNCE, "report")


def test_without_a_mailbox_nothing_is_our_own() -> None:
    assert parse(a_mail(sender=f"From: {MAILBOX}")).kind is Kind.HUMAN


def a_complaint(*fields: str, **settings: str) -> Incoming:
    raw = a_multipart(
        (PLAIN, "This is an email abuse report."),
        ("message/feedback-report", "\n".join(("Feedback-Type: abuse", "Version: 1", *fields))),
        ("message/rfc822", RETURNED),
        content_type="multipart/report; report-type=feedback-report",
        sender="From: fbl@exemple.example",
        **settings,
    )
    return parse(raw, mailbox=MAILBOX)


def test_a_complaint_says_who_complained_and_of_which_mail() -> None:
    incoming = a_complaint("Original-Rcpt-To: <Bob.Durand@exemple.example>", subject="Abuse report")

    assert (incoming.kind, incoming.kind_reason) == (Kind.COMPLAINT, "feedback report")
    assert (incoming.complainants, incoming.failures) == ((BOB,), ())
    assert incoming.about_ids == ("<m-7k2q-4fxd@ponts.example>",)
    assert "Réf. M-7K2Q-4FXD" in incoming.returned_text


def test_a_complaint_that_names_nobody_comes_from_whom_the_mail_was_sent_to() -> None:
    assert a_complaint().complainants == (BOB,)


def test_a_report_of_failed_authentication_is_nobody_s_complaint() -> None:
    raw = a_multipart(
        ("message/feedback-report", f"Feedback-Type: auth-failure\nOriginal-Rcpt-To: {BOB}"),
        content_type="multipart/report; report-type=feedback-report",
    )

    assert (parse(raw).kind, parse(raw).complainants) == (Kind.COMPLAINT, ())


def test_the_older_form_of_complaint_is_known_too() -> None:
    raw = a_multipart(
        ("message/rfc822", f"X-HmXmrOriginalRecipient: {BOB}\n{RETURNED}"),
        content_type="multipart/mixed",
        sender="From: staff@hotmail.example",
        subject="complaint about message from 192.0.2.1",
    )

    assert (parse(raw).kind, parse(raw).complainants) == (Kind.COMPLAINT, (BOB,))


def test_a_daemon_is_known_by_its_address_alone() -> None:
    raw = b"From: Mail Delivery <MAILER-DAEMON@mx.exemple.example>\n\nx"

    assert kind(raw) == (Kind.BOUNCE, "daemon")
