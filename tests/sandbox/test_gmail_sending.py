"""Drafts, sending, delivery: what Gmail rewrites, where mail lands, which conversation it joins."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaIoBaseUpload

from ponts_flows.sandbox.server import Running
from tests.sandbox.gmail_builders import (
    ALICE,
    BRUNO,
    PROGRAMME,
    a_message,
    deliver,
    emptied,
    encoded,
    headers_of,
    listed,
    mail_service,
    newest,
    refusal,
    send,
)


@pytest.fixture
def sandbox(shared_sandbox: Running) -> Iterator[Running]:
    with emptied(shared_sandbox) as empty:
        yield empty


@pytest.fixture
def programme(sandbox: Running) -> Any:
    return mail_service(sandbox, PROGRAMME)


@pytest.fixture
def alice(sandbox: Running) -> Any:
    return mail_service(sandbox, ALICE)


@pytest.fixture
def bruno(sandbox: Running) -> Any:
    return mail_service(sandbox, BRUNO)


def draft(service: Any, message: EmailMessage) -> dict[str, Any]:
    body = {"message": {"raw": encoded(message)}}
    created: dict[str, Any] = service.users().drafts().create(userId="me", body=body).execute()
    return created


def test_a_sent_draft_is_gone_and_a_new_message_is_in_its_thread(programme: Any) -> None:
    created = draft(programme, a_message())

    sent = programme.users().drafts().send(userId="me", body={"id": created["id"]}).execute()

    assert sent["labelIds"] == ["SENT"]
    assert sent["threadId"] == created["message"]["threadId"]
    assert sent["id"] != created["message"]["id"]
    assert listed(programme) == [sent["id"]]
    assert programme.users().drafts().list(userId="me").execute() == {"resultSizeEstimate": 0}


def test_a_second_send_of_a_draft_finds_nothing_and_sends_nothing(programme: Any, alice: Any) -> None:
    created = draft(programme, a_message())
    programme.users().drafts().send(userId="me", body={"id": created["id"]}).execute()

    with pytest.raises(HttpError) as caught:
        programme.users().drafts().send(userId="me", body={"id": created["id"]}).execute()

    assert refusal(caught.value) == (404, "Requested entity was not found.")
    assert len(listed(alice)) == 1


@pytest.mark.parametrize("query", ["arbres", "filename:charte.pdf has:attachment", "subject:Bonjour"])
def test_what_was_a_draft_is_found_by_its_words_and_its_files_on_both_sides(
    programme: Any, alice: Any, query: str
) -> None:
    message = a_message(text="Des arbres.\n", html="<p>Des arbres.</p>")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="charte.pdf")

    programme.users().drafts().send(userId="me", body={"id": draft(programme, message)["id"]}).execute()

    for mailbox in (programme, alice):
        found = mailbox.users().messages().get(userId="me", id=newest(mailbox, q=query)).execute()
        assert found["snippet"] == "Des arbres."
        assert [part["filename"] for part in found["payload"]["parts"]] == ["", "charte.pdf"]


def test_a_draft_that_is_edited_keeps_its_id_while_its_message_changes(programme: Any) -> None:
    created = draft(programme, a_message(text="Avant.\n"))

    body = {"message": {"raw": encoded(a_message(text="Après.\n"))}}
    edited = programme.users().drafts().update(userId="me", id=created["id"], body=body).execute()

    assert edited["id"] == created["id"]
    assert edited["message"]["id"] != created["message"]["id"]
    assert edited["message"]["threadId"] == created["message"]["threadId"]
    shown = programme.users().drafts().get(userId="me", id=created["id"]).execute()
    assert shown["message"]["snippet"] == "Après."
    assert listed(programme, labelIds=["DRAFT"]) == [edited["message"]["id"]]


def test_a_deleted_draft_is_gone(programme: Any) -> None:
    created = draft(programme, a_message())

    programme.users().drafts().delete(userId="me", id=created["id"]).execute()

    with pytest.raises(HttpError) as caught:
        programme.users().drafts().get(userId="me", id=created["id"]).execute()
    assert caught.value.resp.status == 404
    assert listed(programme) == []


def test_a_draft_that_can_not_be_sent_stays(programme: Any) -> None:
    created = draft(programme, a_message(to=""))

    with pytest.raises(HttpError) as caught:
        programme.users().drafts().send(userId="me", body={"id": created["id"]}).execute()

    assert refusal(caught.value) == (400, "Recipient address required")
    assert programme.users().drafts().get(userId="me", id=created["id"]).execute()["id"] == created["id"]


def test_the_service_writes_its_own_message_id_and_every_copy_has_it(programme: Any, alice: Any) -> None:
    sent = send(programme, a_message(Message_ID="<la-mienne@asso.example>"))

    own = headers_of(programme, sent["id"])["Message-ID"]
    assert re.fullmatch(r"<CA[\w=-]+@mail\.gmail\.com>", own)
    assert headers_of(alice, newest(alice))["Message-ID"] == own


def test_a_blind_copy_is_delivered_and_seen_by_its_sender_only(
    programme: Any, alice: Any, bruno: Any
) -> None:
    sent = send(programme, a_message(Bcc=BRUNO))

    assert headers_of(programme, sent["id"])["Bcc"] == BRUNO
    assert "Bcc" not in headers_of(alice, newest(alice))
    hidden = headers_of(bruno, newest(bruno))
    assert (hidden["To"], hidden["Delivered-To"], "Bcc" in hidden) == (ALICE, BRUNO, False)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (f"Le mentorat <{PROGRAMME}>", f"Le mentorat <{PROGRAMME}>"),
        ("Mentorat <mentorat+p7@asso.example>", "Mentorat <mentorat+p7@asso.example>"),
        ("Président <president@etat.example>", PROGRAMME),
    ],
)
def test_from_is_an_address_of_the_mailbox_or_becomes_one(programme: Any, written: str, kept: str) -> None:
    sent = send(programme, a_message(sender=written))

    assert headers_of(programme, sent["id"])["From"] == kept


def test_an_alias_may_be_written_from_once_it_is_declared(programme: Any) -> None:
    alias = {"sendAsEmail": "binomes@asso.example", "displayName": "Les binômes"}
    programme.users().settings().sendAs().create(userId="me", body=alias).execute()

    sent = send(programme, a_message(sender="binomes@asso.example"))

    assert headers_of(programme, sent["id"])["From"] == "Les binômes <binomes@asso.example>"
    known = programme.users().settings().sendAs().list(userId="me").execute()["sendAs"]
    assert [item["sendAsEmail"] for item in known] == [PROGRAMME, "binomes@asso.example"]


def test_mail_to_an_address_with_a_tag_lands_in_the_mailbox_and_keeps_the_tag(
    alice: Any, programme: Any
) -> None:
    send(alice, a_message(to="mentorat+p7k2@asso.example", sender=ALICE))

    received = headers_of(programme, newest(programme))
    assert received["Delivered-To"] == "mentorat+p7k2@asso.example"
    assert received["To"] == "mentorat+p7k2@asso.example"


def test_each_recipient_gets_one_copy_however_often_they_are_named(
    programme: Any, alice: Any, bruno: Any
) -> None:
    send(
        programme,
        a_message(to=f"{ALICE}, {BRUNO}", Cc=f"Alice <{ALICE.upper()}>, alice.martin+x@exemple.example"),
    )

    assert (len(listed(alice)), len(listed(bruno))) == (1, 1)


def test_mail_to_oneself_is_one_message_both_sent_and_received(alice: Any) -> None:
    sent = send(alice, a_message(to=ALICE, sender=ALICE))

    assert listed(alice) == [sent["id"]]
    assert set(sent["labelIds"]) == {"UNREAD", "CATEGORY_PERSONAL", "INBOX", "SENT"}


def test_honest_local_mail_arrives_authenticated(programme: Any, alice: Any) -> None:
    send(programme, a_message())

    received = headers_of(alice, newest(alice))
    verdict = received["Authentication-Results"]
    assert verdict.startswith("mx.google.com;")
    assert [
        word for word in verdict.split() if "=" in word and word.split("=")[0] in ("dkim", "spf", "dmarc")
    ] == [
        "dkim=pass",
        "spf=pass",
        "dmarc=pass",
    ]
    assert "header.from=asso.example" in verdict
    assert received["Return-Path"] == f"<{PROGRAMME}>"


def test_a_non_ascii_address_works_both_ways(programme: Any, sandbox: Running) -> None:
    soren = mail_service(sandbox, "søren@exemple.example")
    raw = "To: Søren <søren+1@exemple.example>\r\nSubject: Été\r\n\r\nBonjour\r\n".encode()

    send(programme, raw)
    received = headers_of(soren, newest(soren))
    assert received["To"] == "Søren <søren+1@exemple.example>"
    assert received["Delivered-To"] == "søren+1@exemple.example"
    assert received["Subject"] == "Été"

    send(soren, a_message(to=PROGRAMME, sender=""))
    assert headers_of(programme, newest(programme, labelIds=["INBOX"]))["From"] == "søren@exemple.example"
    assert len(listed(programme, q="from:søren@exemple.example")) == 1


@pytest.mark.parametrize("name", ["To", "Cc", "Bcc"])
def test_an_address_that_can_not_be_read_is_refused(programme: Any, name: str) -> None:
    raw = f"{name}: pas une adresse\r\nSubject: x\r\n\r\nx\r\n".encode()

    with pytest.raises(HttpError) as caught:
        send(programme, raw)

    assert refusal(caught.value) == (400, f"Invalid {name} header")


def test_a_send_without_content_is_refused_in_the_service_words(programme: Any) -> None:
    with pytest.raises(HttpError) as caught:
        programme.users().messages().send(userId="me", body={}).execute()

    wanted = "'raw' RFC822 payload message string or uploading message via /upload/* URL required"
    assert refusal(caught.value) == (400, wanted)


def test_a_message_may_be_uploaded_as_media(programme: Any, alice: Any) -> None:
    message = a_message(subject="Par envoi", html="<p>Un mot.</p>")
    media = MediaIoBaseUpload(io.BytesIO(message.as_bytes()), mimetype="message/rfc822")

    programme.users().messages().send(userId="me", media_body=media).execute()

    assert headers_of(alice, newest(alice))["Subject"] == "Par envoi"


def test_an_uploaded_draft_may_come_with_its_thread(programme: Any, alice: Any) -> None:
    first = send(programme, a_message())
    own = headers_of(programme, first["id"])["Message-ID"]
    again = a_message(subject="Re: Bonjour", In_Reply_To=own, References=own)
    media = MediaIoBaseUpload(io.BytesIO(again.as_bytes()), mimetype="message/rfc822")

    body = {"message": {"threadId": first["threadId"]}}
    created = programme.users().drafts().create(userId="me", body=body, media_body=media).execute()

    assert created["message"]["threadId"] == first["threadId"]


def test_a_message_over_25_megabytes_is_refused(programme: Any) -> None:
    raw = f"To: {ALICE}\r\n\r\n".encode() + b"x" * (25 * 1024 * 1024)
    media = MediaIoBaseUpload(io.BytesIO(raw), mimetype="message/rfc822")

    with pytest.raises(HttpError) as caught:
        programme.users().messages().send(userId="me", media_body=media).execute()

    assert caught.value.resp.status == 413


# Conversations


def test_an_answer_with_thread_subject_and_reference_joins_its_thread_on_both_sides(
    programme: Any, alice: Any
) -> None:
    first = send(programme, a_message())
    received = newest(alice)
    reference = headers_of(alice, received)["Message-ID"]
    thread = alice.users().messages().get(userId="me", id=received, format="minimal").execute()["threadId"]

    answer = send(
        alice,
        a_message(
            to=PROGRAMME, sender=ALICE, subject="RE: Bonjour", In_Reply_To=reference, References=reference
        ),
        thread=thread,
    )

    assert answer["threadId"] == thread
    arrived = programme.users().messages().get(userId="me", id=newest(programme), format="minimal").execute()
    assert arrived["threadId"] == first["threadId"]


@pytest.mark.parametrize(
    ("subject", "with_reference", "with_thread"),
    [("Autre chose", True, True), ("Re: Bonjour", False, True), ("Re: Bonjour", True, False)],
)
def test_without_all_three_a_message_starts_a_new_thread(
    programme: Any, subject: str, with_reference: bool, with_thread: bool
) -> None:
    first = send(programme, a_message())
    reference = (
        headers_of(programme, first["id"])["Message-ID"] if with_reference else "<autre@exemple.example>"
    )

    second = send(
        programme,
        a_message(subject=subject, References=reference),
        thread=first["threadId"] if with_thread else None,
    )

    assert second["threadId"] == second["id"]


@pytest.mark.parametrize(
    ("thread", "wanted"),
    [
        ("18c0ffee00000000", (404, "Requested entity was not found.")),
        ("nonsense", (400, "Invalid thread_id value")),
    ],
)
def test_an_unknown_thread_is_refused(programme: Any, thread: str, wanted: tuple[int, str]) -> None:
    with pytest.raises(HttpError) as caught:
        send(programme, a_message(), thread=thread)

    assert refusal(caught.value) == wanted


# From outside


def test_a_forged_authentication_stays_below_the_true_one(sandbox: Running, alice: Any) -> None:
    forged = "mx.google.com; dkim=pass; spf=pass; dmarc=pass header.from=asso.example"

    deliver(sandbox, a_message(Authentication_Results=forged), ALICE, spf="fail", dkim="none", dmarc="fail")

    found = alice.users().messages().get(userId="me", id=newest(alice), format="metadata").execute()
    verdicts = [
        header["value"]
        for header in found["payload"]["headers"]
        if header["name"] == "Authentication-Results"
    ]
    assert len(verdicts) == 2
    assert "spf=fail" in verdicts[0]
    assert "dmarc=fail" in verdicts[0]
    assert "dkim" not in verdicts[0]
    assert verdicts[1] == forged


def test_a_bounce_has_the_null_sender(sandbox: Running, alice: Any) -> None:
    deliver(
        sandbox,
        a_message(sender="Mail Delivery Subsystem <mailer-daemon@ailleurs.example>"),
        ALICE,
        mail_from="",
    )

    assert headers_of(alice, newest(alice))["Return-Path"] == "<>"


def test_spam_is_filed_apart(sandbox: Running, alice: Any) -> None:
    delivered = deliver(sandbox, a_message(), ALICE, spam=True)

    assert listed(alice) == []
    assert listed(alice, labelIds=["SPAM"]) == [delivered["id"]]
    assert listed(alice, q="in:spam") == [delivered["id"]]
    assert listed(alice, includeSpamTrash=True) == [delivered["id"]]
