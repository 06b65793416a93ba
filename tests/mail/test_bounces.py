"""Who did not receive what was sent: the forms of the servers that matter, in words made up here."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ponts_flows.mail.received.incoming import Incoming, parse
from ponts_flows.mail.received.kinds import Kind
from ponts_flows.mail.received.undelivered.failures import Failure, Severity
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

ANN = "ann.petit@exemple.example"


def read(raw: bytes) -> Incoming:
    return parse(raw, mailbox=MAILBOX)


def addresses(raw: bytes) -> tuple[str, ...]:
    return tuple(each.address for each in read(raw).failures)


def test_a_report_is_read_field_by_field() -> None:
    raw = a_report(a_recipient("Bob.Durand@Exemple.example", said="550 5.1.1\n <bob> no\n such user"))

    assert read(raw).failures == (
        Failure(address=BOB, severity=Severity.HARD, status="5.1.1", text="550 5.1.1 <bob> no such user"),
    )


def test_each_recipient_of_a_report_has_its_own_words() -> None:
    raw = a_report(
        a_recipient(said="550 no such user"), a_recipient(ANN, status="5.2.2", said="552 Over quota")
    )

    assert [(each.address, each.severity) for each in read(raw).failures] == [
        (BOB, Severity.HARD),
        (ANN, Severity.SOFT),
    ]


def test_a_recipient_who_was_reached_did_not_fail_and_one_who_waits_is_delayed() -> None:
    raw = a_report(
        a_recipient("x@exemple.example", action="relayed"),
        a_recipient(),
        a_recipient(ANN, action="delayed", status="4.4.1"),
    )

    assert [(each.address, each.delayed) for each in read(raw).failures] == [(BOB, False), (ANN, True)]


def test_the_address_that_was_written_to_comes_before_the_one_its_mail_is_forwarded_to() -> None:
    raw = a_report(
        f"Final-Recipient: rfc822; {ANN}\nOriginal-Recipient: rfc822;{BOB}\nAction: failed\nStatus: 5.1.1"
    )

    (found,) = read(raw).failures
    assert (found.address, found.other_names) == (BOB, (ANN,))


@pytest.mark.parametrize("said", [f"(generated from {BOB})", f"(expanded from <{BOB}>): no such user"])
def test_a_notice_too_tells_where_mail_is_forwarded_to(said: str) -> None:
    (found,) = read(a_notice("The following address(es) failed:", "", f"  {ANN}", f"    {said}")).failures

    assert (found.address, found.other_names) == (BOB, (ANN,))


def test_an_address_that_a_server_keeps_to_itself_is_the_one_that_was_written_to() -> None:
    raw = a_notice("failed:", "  an undisclosed address", f"    (generated from {BOB})", "    no such user")

    assert addresses(raw) == (BOB,)


@pytest.mark.parametrize(
    "recipient",
    [
        f"Final-Recipient: RFC822;<{BOB}>",
        f"Final-recipient: {BOB}",
        f"Final-Recipient: LOCAL; {BOB}",
        f"final-recipient:rfc822;@relay.exemple.example:{BOB}",
        f"Final-Recipient: rfc822; |/usr/bin/procmail\nX-Actual-Recipient: rfc822; {BOB}",
        f"Original-Recipient: rfc822;{BOB}\nFinal-Recipient: X-unknown; ?",
        f"X-Actual-Recipient: RFC822; {BOB}",
    ],
)
def test_the_recipient_of_a_report_is_read_however_it_is_written(recipient: str) -> None:
    assert addresses(a_report(f"{recipient}\nAction: failed\nStatus: 5.1.1")) == (BOB,)


def test_a_report_that_names_nobody_leaves_the_naming_to_its_notice() -> None:
    raw = a_report(
        "Final-Recipient: x400; /G=Bob/S=Durand/\nAction: failed\nStatus: 5.2.2",
        notice=f"did not reach the following recipient(s):\n\n{BOB} on Monday",
    )

    (found,) = read(raw).failures
    assert (found.address, found.status) == (BOB, "5.2.2")


def test_a_report_without_a_reason_takes_it_from_its_notice() -> None:
    raw = a_report(a_recipient(status="5.0.0"), notice=f"Failed:\n\n{BOB}: 552 5.2.2 Mailbox full\n")

    (found,) = read(raw).failures
    assert (found.status, found.severity, found.text) == ("5.2.2", Severity.SOFT, "552 5.2.2 Mailbox full")


def test_a_report_that_does_not_say_what_was_done_leaves_that_to_its_notice() -> None:
    raw = a_report(
        f"Final-Recipient: rfc822; {BOB}\nStatus: 4.4.1", notice="No action is required on your part."
    )

    assert (read(raw).kind, [each.delayed for each in read(raw).failures]) == (Kind.DELAY, [True])


@pytest.mark.parametrize("broken", [b'boundary="c"', b"boundary=", b""])
def test_a_report_whose_parts_fell_apart_is_read_all_the_same(broken: bytes) -> None:
    raw = a_report(a_recipient(said="550 no such user")).replace(b'boundary="b"', broken)

    assert (read(raw).kind, addresses(raw)) == (Kind.BOUNCE, (BOB,))


@pytest.mark.parametrize(
    "fields",
    [
        a_recipient(MAILBOX),
        a_recipient("mentoring+m7k2@ponts.example"),
        a_recipient("MAILER-DAEMON@x.example"),
    ],
)
def test_the_mailbox_and_the_servers_never_fail(fields: str) -> None:
    raw = a_report(fields, notice="Nothing was delivered.").replace(b"To: Bob Durand <bob.durand@", b"X: <x@")

    assert read(raw).failures == ()


NOTICES = {
    "qmail": [
        "Hi. This is the qmail-send program at mx.exemple.example.",
        "I'm afraid I wasn't able to deliver your message to the following addresses.",
        "",
        f"<{BOB}>:",
        "Sorry, no mailbox here by that name. (#5.1.1)",
        "",
        "--- Below this line is a copy of the message.",
        "",
        RETURNED,
    ],
    "exim": [
        "This message was created automatically by mail delivery software.",
        "",
        "The following address(es) failed:",
        "",
        f"  {BOB}",
        "    SMTP error from remote mail server after RCPT TO:",
        "    550 5.1.1 user unknown",
        "",
        "------ This is a copy of the message, including all the headers. ------",
        "",
        RETURNED,
    ],
    "exim, in German": ["Ihre Nachricht konnte nicht zugestellt werden:", "", f"  {BOB}", "    unbekannt"],
    "sendmail": [
        "   ----- The following addresses had permanent fatal errors -----",
        f"<{BOB}>",
        f"    (reason: 550 5.1.1 <{BOB}>... User unknown)",
        "",
        "   ----- Transcript of session follows -----",
        "... while talking to mx.exemple.example.:",
        ">>> DATA",
    ],
    "an old sendmail": [
        "   ----- Transcript of session follows -----",
        f">>> RCPT To:<{BOB}>",
        f"<<< 550 <{BOB}>, User Unknown",
        "",
        "   ----- Unsent message follows -----",
        RETURNED,
    ],
    "postfix without a report": [
        "This is the mail system at host mx.exemple.example.",
        "",
        f"<{BOB}>: host mx.exemple.example[192.0.2.1] said: 550 5.1.1",
        f"    <{BOB}>: Recipient address rejected: User unknown (in reply to RCPT TO command)",
    ],
    "Exchange": [
        "Your message",
        "",
        f"  To:      {BOB}",
        "  Subject: Accepteriez-vous ?",
        "",
        "did not reach the following recipient(s):",
        "",
        f"{BOB} on Mon, 23 Nov 2026 10:12:00 +0100",
        "    The recipient name is not recognized",
    ],
    "Exchange, in French": [
        "Échec de la remise pour ces destinataires ou listes de distribution :",
        "",
        f"Bob Durand<mailto:{BOB}>",
        "L'adresse de messagerie que vous avez entrée est introuvable.",
        "",
        "Informations de diagnostic pour les administrateurs :",
        "",
        f"{BOB}",
        "#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##",
    ],
    "Domino": [
        "Your message",
        "",
        "  Subject: Accepteriez-vous ?",
        "",
        "was not delivered to:",
        "",
        f"  {BOB}",
        "",
        "because:",
        "",
        f"  User bob ({BOB}) not listed in Domino Directory",
    ],
    "MailMarshal": [
        "Your message:",
        f"   From:    {MAILBOX}",
        "",
        "Could not be delivered because of",
        "",
        "550 5.1.1 User unknown",
        "",
        "The following recipients were affected:",
        f"    {BOB}",
    ],
    "Gmail": [
        "Delivery to the following recipient failed permanently:",
        "",
        f"     {BOB}",
        "",
        "Technical details of permanent failure:",
        "The error that the other server returned was:",
        f"550 5.1.1 <{BOB}>... User Unknown",
        "",
        "----- Original message -----",
        "",
        RETURNED,
    ],
    "Gmail of today": [
        "** Address not found **",
        "",
        f"Your message wasn't delivered to {BOB} because the address couldn't be found.",
    ],
    "GMX": [
        "The following address failed:",
        "",
        f'"{BOB}":',
        "SMTP error from remote server after RCPT command:",
        "5.1.1 User unknown",
    ],
    "Yahoo": [
        "Sorry, we were unable to deliver your message to the following address.",
        "",
        f"<{BOB}>:",
        "Remote host said: 550 5.1.1 User Unknown [RCPT_TO]",
        "",
        "--- Below this line is a copy of the message.",
        RETURNED,
    ],
    "Orange": [
        "Votre message n'a pas pu être délivré à l'adresse suivante :",
        "",
        BOB,
        "",
        "Adresse inconnue",
    ],
    "Courier": [
        "                           UNDELIVERABLE MAIL",
        "",
        "Your message to the following recipients cannot be delivered:",
        "",
        f"<{BOB}>:",
        ">>> RCPT TO:<x>",
        "<<< 550 5.1.1 User Unknown",
    ],
    "a phone company": ["    Could not be delivered to: <" + BOB + ">", "    No such user."],
    "James": ["Message details:", f"  MAIL FROM: {MAILBOX}", f"  RCPT TO: {BOB}", "no such user here"],
    "IMail": [f"Unknown user: {BOB}", "", "Original message follows.", "", RETURNED],
    "Notes": ["------- Failure Reasons  --------", "", "User not listed in public Name & Address Book", BOB],
    "m-FILTER": [
        "以下のメールアドレスへの送信に失敗しました。",
        BOB,
        "",
        "-------server message",
        "550 unknown user",
    ],
    "an unknown one": [
        f"SMTP Server <mx.exemple.example> rejected recipient <{BOB}>",
        "[550 5.1.1 User unknown]",
    ],
    "another": [f"{BOB} [User unknown]"],
    "a third": ["Delivery failed permanently:", "", f"  * {BOB}", "", "553 5.3.0 No such user here"],
    "only the mail itself": ["550 5.1.1 User unknown", f"sent by {MAILBOX}", "", RETURNED],
}


@pytest.mark.parametrize("server", NOTICES)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_notice_in_free_text_tells_who_and_why(server: str, line_end: str) -> None:
    raw = a_notice(*NOTICES[server]).replace(b"\n", line_end.encode())

    incoming = read(raw)

    assert incoming.kind is Kind.BOUNCE
    assert [(each.address, each.severity) for each in incoming.failures] == [(BOB, Severity.HARD)]
    assert incoming.failures[0].explained == "Cette adresse n’existe pas (ou plus)."


def test_each_address_of_a_notice_has_its_own_words() -> None:
    raw = a_notice(f"<{BOB}>:", "no such user", "", f"<{ANN}>:", "mailbox is full")

    assert [(each.address, each.text) for each in read(raw).failures] == [
        (BOB, "no such user"),
        (ANN, "mailbox is full"),
    ]


def test_a_header_names_whom_the_text_does_not() -> None:
    raw = a_notice("Something went wrong.", headers=f"X-Failed-Recipients: {BOB}, {ANN}")

    assert sorted(addresses(raw)) == [ANN, BOB]


def test_a_notice_in_html_alone_is_read() -> None:
    raw = a_notice(
        f"<p>Delivery failed:</p><p>{BOB}</p><p>no such user</p>", headers="Content-Type: text/html"
    )

    assert addresses(raw) == (BOB,)


def test_whoever_wrote_the_returned_mail_or_stands_at_the_foot_of_a_notice_did_not_fail() -> None:
    raw = a_notice(
        f"<{BOB}>: no such user",
        "",
        "For help write to",
        "postmaster@exemple.example",
        "",
        "--- Below this line is a copy of the message.",
        "",
        "Received: from x",
        "From: Claire <claire@exemple.example>",
        f"To: {BOB}, {ANN}",
        "",
        "claire@exemple.example",
    )

    assert addresses(raw) == (BOB,)


def test_a_report_that_another_server_s_notice_returns_is_read() -> None:
    raw = a_multipart(
        ("text/plain", "Your mail came back."),
        ("message/rfc822", a_report(a_recipient()).decode()),
        content_type="multipart/mixed",
    )

    assert (read(raw).kind, addresses(raw)) == (Kind.BOUNCE, (BOB,))


def test_a_message_identifier_is_no_address() -> None:
    raw = a_notice(f"{BOB} Invalid Address", "", "Message-ID:<14a3.10b1@zoho.exemple.example>", f"To:<{BOB}>")

    assert addresses(raw) == (BOB,)


def test_a_returned_mail_sent_to_several_people_does_not_say_which_of_them_failed() -> None:
    raw = a_notice("550 5.1.1 User unknown", "sent by x@y", "", RETURNED.replace("<bob", f"<{ANN}>, <bob"))

    assert read(raw).failures == ()


def test_the_returned_mail_is_decoded_and_its_identifiers_are_told() -> None:
    incoming = read(a_report(a_recipient(), headers="In-Reply-To: <m-7k2q-4fxd@ponts.example>"))

    assert incoming.about_ids == ("<m-7k2q-4fxd@ponts.example>",)
    assert "reply-to: mentoring+m7k2q4fxd-0123456789abcdef@ponts.example" in incoming.returned_text
    assert incoming.returned_text.endswith("\n\nRéf. M-7K2Q-4FXD")


@pytest.mark.parametrize("server", ["qmail", "exim", "an old sendmail", "Gmail", "Yahoo", "IMail"])
def test_a_mail_returned_in_the_text_itself_is_found_there(server: str) -> None:
    incoming = read(a_notice(*NOTICES[server]))

    assert incoming.about_ids == ("<m-7k2q-4fxd@ponts.example>",)
    assert "Réf. M-7K2Q-4FXD" in incoming.returned_text


def test_returned_headers_alone_tell_which_mail_it_was() -> None:
    raw = a_multipart(
        ("message/delivery-status", a_recipient()), ("text/rfc822-headers", RETURNED.partition("\n\n")[0])
    )

    assert read(raw).about_ids == ("<m-7k2q-4fxd@ponts.example>",)


def test_the_returned_text_is_capped() -> None:
    returned = RETURNED.partition("Content-Type")[0] + "\n" + "x" * 50_000

    text = read(
        a_multipart(("message/delivery-status", a_recipient()), ("message/rfc822", returned))
    ).returned_text

    assert len(text) <= 20_000


def test_a_person_s_mail_has_neither_failures_nor_anything_returned() -> None:
    incoming = read(a_mail(body=f"<{BOB}>:\n550 5.1.1 no such user\n\n{RETURNED}"))

    assert (incoming.kind, incoming.failures, incoming.about_ids, incoming.returned_text) == (
        Kind.HUMAN,
        (),
        (),
        "",
    )


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain; charset*0=a; charset*1*=%ff''b",
        "text/plain; charset=klingon",
        "multipart/report; boundary*=x",
    ],
)
def test_forged_parameters_and_encodings_do_not_hide_a_report(content_type: str) -> None:
    raw = a_notice(
        f"<{BOB}>: no such user",
        "",
        "Received: from x",
        "Subject: =?utf-8?b?a?=",
        headers=f"Content-Type: {content_type}\nX-Name: =?utf-8?b?a?=",
        subject="=?utf-8?b?a?=",
    )

    assert (read(raw).problem.partition(" (")[0] != "the mail can't be read", addresses(raw)) == (
        True,
        (BOB,),
    )


def test_hundreds_of_recipients_are_capped() -> None:
    raw = a_report(*(a_recipient(f"p{n}@exemple.example") for n in range(5000)))

    assert len(read(raw).failures) == 200


SEEDS = (
    a_report(a_recipient(said="550 no such user"), a_recipient(ANN, action="delayed")),
    a_multipart(
        ("message/feedback-report", f"Feedback-Type: abuse\nOriginal-Rcpt-To: {BOB}"),
        ("message/rfc822", RETURNED),
        content_type="multipart/report; report-type=feedback-report",
    ),
    a_multipart(
        ("text/calendar; method=REPLY", a_calendar()), content_type="multipart/mixed", sender=f"From: {BOB}"
    ),
    *(a_notice(*NOTICES[server]) for server in ("qmail", "exim", "Exchange", "sendmail")),
)
PIECES = st.sampled_from(
    (
        *(
            b"\r\n\r\n",
            b"\n ",
            b"--b",
            b"--b--",
            b"\x00",
            b"\xff",
            b"=?utf-8?q?=",
            b"<>",
            b"@",
            b"..",
            b":",
            b";",
        ),
        *(b"Content-Type: message/rfc822\n\n", b"Content-Transfer-Encoding: base64\n", b"charset=klingon"),
        *(
            b"Final-Recipient: ",
            b"rfc822;",
            b"Return-Path: <>\n",
            b"BEGIN:VEVENT\r\n",
            b"boundary*0*=",
            b"method*=",
        ),
    )
)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 60), PIECES | st.binary(max_size=8)), max_size=8),
)
def test_no_mutilated_report_stops_the_reading_or_names_the_mailbox(
    raw: bytes, cuts: list[tuple[int, int, bytes]]
) -> None:
    for start, length, piece in cuts:
        raw = raw[:start] + piece + raw[start + length :]

    incoming = read(raw)

    assert "can't be read" not in incoming.problem
    assert MAILBOX not in {each.address for each in incoming.failures}
    assert all(len(each.text) <= 300 and "\n" not in each.text for each in incoming.failures)
