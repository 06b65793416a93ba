"""Reading a mailbox through the API: formats, parts, lists, labels, threads, history."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from googleapiclient.errors import HttpError

from ponts_flows.sandbox.server import Running
from tests.sandbox.gmail_builders import (
    ALICE,
    a_message,
    deliver,
    emptied,
    encoded,
    headers_of,
    listed,
    mail_service,
    refusal,
    set_clock,
)


@pytest.fixture
def sandbox(shared_sandbox: Running) -> Iterator[Running]:
    with emptied(shared_sandbox) as empty:
        yield empty


@pytest.fixture
def alice(sandbox: Running) -> Any:
    return mail_service(sandbox, ALICE)


def inserted(service: Any, message: Any, *labels: str, **query: Any) -> dict[str, Any]:
    body = {"raw": encoded(message), "labelIds": list(labels)}
    answer: dict[str, Any] = service.users().messages().insert(userId="me", body=body, **query).execute()
    return answer


def data_of(body: dict[str, Any]) -> str:
    return base64.urlsafe_b64decode(body["data"]).decode()


def label_of(service: Any, name: str) -> str:
    answer = service.users().labels().create(userId="me", body={"name": name}).execute()
    return str(answer["id"])


# Who may read


def test_a_mailbox_is_its_own_persons(alice: Any) -> None:
    assert alice.users().getProfile(userId="Alice.Martin@exemple.example").execute()["emailAddress"] == ALICE

    with pytest.raises(HttpError) as caught:
        alice.users().getProfile(userId="bruno.petit@exemple.example").execute()

    assert refusal(caught.value) == (403, f"Delegation denied for {ALICE}")


def test_a_service_account_that_acts_for_nobody_has_no_mailbox(sandbox: Running) -> None:
    service = mail_service(sandbox, None)

    with pytest.raises(HttpError) as caught:
        service.users().getProfile(userId="me").execute()

    assert refusal(caught.value) == (400, "Precondition check failed.")


def test_the_metadata_scope_shows_no_body_and_searches_nothing(alice: Any, sandbox: Running) -> None:
    found = inserted(alice, a_message(), "INBOX")
    limited = (
        mail_service(sandbox, ALICE, "https://www.googleapis.com/auth/gmail.metadata").users().messages()
    )

    assert limited.get(userId="me", id=found["id"], format="metadata").execute()["id"] == found["id"]
    for refused in (limited.get(userId="me", id=found["id"]), limited.list(userId="me", q="bonjour")):
        with pytest.raises(HttpError) as caught:
            refused.execute()
        assert caught.value.resp.status == 403


def test_the_profile_counts_messages_and_threads(alice: Any) -> None:
    before = alice.users().getProfile(userId="me").execute()
    inserted(alice, a_message(), "INBOX")
    inserted(alice, a_message(), "INBOX")

    after = alice.users().getProfile(userId="me").execute()

    assert (before["messagesTotal"], before["threadsTotal"]) == (0, 0)
    assert (after["messagesTotal"], after["threadsTotal"]) == (2, 2)
    assert int(after["historyId"]) > int(before["historyId"])


# One message


def test_the_full_format_holds_the_parts_with_their_numbers_and_text_in_utf_8(alice: Any) -> None:
    message = a_message(subject="Élève", text="Été\n", html="<p>Été</p>")
    message.add_attachment(b"a;b\n", maintype="text", subtype="csv", filename="Présences.csv")
    found = inserted(alice, message, "INBOX", "UNREAD")

    payload = alice.users().messages().get(userId="me", id=found["id"]).execute()["payload"]

    assert (payload["partId"], payload["mimeType"], payload["filename"]) == ("", "multipart/mixed", "")
    assert payload["body"] == {"size": 0}
    assert {h["name"]: h["value"] for h in payload["headers"]}["Subject"] == "Élève"
    alternative, csv = payload["parts"]
    assert [(part["partId"], part["mimeType"]) for part in alternative["parts"]] == [
        ("0.0", "text/plain"),
        ("0.1", "text/html"),
    ]
    assert data_of(alternative["parts"][0]["body"]).strip() == "Été"
    assert (csv["partId"], csv["filename"], "data" in csv["body"]) == ("1", "Présences.csv", False)
    fetched = (
        alice.users()
        .messages()
        .attachments()
        .get(userId="me", messageId=found["id"], id=csv["body"]["attachmentId"])
        .execute()
    )
    assert (data_of(fetched), fetched["size"]) == ("a;b\n", csv["body"]["size"])


def test_text_in_another_charset_is_given_in_utf_8(alice: Any) -> None:
    raw = "Subject: x\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\nÉté\r\n".encode("latin-1")
    found = inserted(alice, raw, "INBOX")

    payload = alice.users().messages().get(userId="me", id=found["id"]).execute()["payload"]

    assert data_of(payload["body"]) == "Été\r\n"
    assert payload["body"]["size"] == len("Été\r\n".encode())


def test_a_delivery_report_is_a_container_with_its_fields_in_a_child(alice: Any) -> None:
    raw = (
        "Subject: Delivery Status Notification\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nÉchec\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; ailleurs.example\r\n\r\n"
        "Final-Recipient: rfc822; x@ailleurs.example\r\nStatus: 5.1.1\r\n"
        "\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: Perdu\r\n\r\nTexte\r\n--b--\r\n"
    ).encode()
    found = inserted(alice, raw, "INBOX")

    _, status, original = (
        alice.users().messages().get(userId="me", id=found["id"]).execute()["payload"]["parts"]
    )

    assert (status["mimeType"], status["body"]) == ("message/delivery-status", {"size": 0})
    assert "Final-Recipient: rfc822; x@ailleurs.example" in data_of(status["parts"][0]["body"])
    assert [h["value"] for h in original["parts"][0]["headers"] if h["name"] == "Subject"] == ["Perdu"]


def test_each_format_shows_what_it_should(alice: Any) -> None:
    message = a_message(text="« Bonjour » & 'merci' <3\n", X_Essai="oui")
    found = inserted(alice, message, "INBOX")
    get = alice.users().messages().get
    index = {"id", "threadId", "labelIds", "snippet", "sizeEstimate", "historyId", "internalDate"}

    minimal = get(userId="me", id=found["id"], format="minimal").execute()
    metadata = get(
        userId="me", id=found["id"], format="metadata", metadataHeaders=["x-essai", "To"]
    ).execute()
    raw = get(userId="me", id=found["id"], format="raw").execute()

    assert set(minimal) == index
    assert minimal["snippet"] == "« Bonjour » &amp; &#39;merci&#39; &lt;3"
    assert metadata["payload"] == {
        "mimeType": "text/plain",
        "headers": [{"name": "To", "value": ALICE}, {"name": "X-Essai", "value": "oui"}],
    }
    assert set(raw) == index | {"raw"}
    assert base64.urlsafe_b64decode(raw["raw"]).endswith(message.as_bytes().replace(b"\n", b"\r\n"))


@pytest.mark.parametrize(
    ("id", "wanted"),
    [
        ("18c0ffee00000000", (404, "Requested entity was not found.")),
        ("FMfcgzQgLj", (400, "Invalid id value")),
    ],
)
def test_an_id_that_is_not_there_is_told_from_one_that_can_not_be(
    alice: Any, id: str, wanted: tuple[int, str]
) -> None:
    with pytest.raises(HttpError) as caught:
        alice.users().messages().get(userId="me", id=id).execute()

    assert refusal(caught.value) == wanted


def test_an_imported_message_is_dated_by_its_header_and_keeps_its_message_id(alice: Any) -> None:
    message = a_message(Date="Mon, 05 Jan 2026 10:00:00 +0100", Message_ID="<ancien@ailleurs.example>")
    body = {"raw": encoded(message), "labelIds": ["INBOX"]}

    found = alice.users().messages().import_(userId="me", body=body).execute()

    shown = alice.users().messages().get(userId="me", id=found["id"]).execute()
    assert shown["internalDate"] == "1767603600000"
    assert headers_of(alice, found["id"])["Message-ID"] == "<ancien@ailleurs.example>"


# Lists


def test_pages_follow_each_other_without_a_gap_or_a_double(alice: Any) -> None:
    sent = [inserted(alice, a_message(subject=str(i)), "INBOX")["id"] for i in range(7)]

    request, seen = alice.users().messages().list(userId="me", maxResults=3), []
    while request is not None:
        answer = request.execute()
        seen.append([item["id"] for item in answer["messages"]])
        assert answer["resultSizeEstimate"] == 7
        inserted(alice, a_message(), "SPAM")
        request = alice.users().messages().list_next(request, answer)

    newest_first = sent[::-1]
    assert seen == [newest_first[:3], newest_first[3:6], newest_first[6:]]


def test_an_empty_mailbox_has_no_list_but_an_estimate(alice: Any) -> None:
    assert alice.users().messages().list(userId="me").execute() == {"resultSizeEstimate": 0}
    assert alice.users().threads().list(userId="me").execute() == {"resultSizeEstimate": 0}


def test_all_labels_asked_for_must_be_there(alice: Any) -> None:
    both = inserted(alice, a_message(), "INBOX", "STARRED")["id"]
    inserted(alice, a_message(), "INBOX")
    inserted(alice, a_message(), "STARRED")

    assert listed(alice, labelIds=["INBOX", "STARRED"]) == [both]


def test_threads_are_listed_once_by_their_newest_message(alice: Any, sandbox: Running) -> None:
    first = deliver(sandbox, a_message(Message_ID="<un@asso.example>"), ALICE)
    other = deliver(sandbox, a_message(subject="Autre"), ALICE)
    again = deliver(
        sandbox, a_message(subject="Re: Bonjour", References="<un@asso.example>", text="Deux\n"), ALICE
    )

    answer = alice.users().threads().list(userId="me").execute()
    thread = alice.users().threads().get(userId="me", id=first["thread_id"], format="minimal").execute()

    assert [(item["id"], item["snippet"]) for item in answer["threads"]] == [
        (first["thread_id"], "Deux"),
        (other["thread_id"], "Un mot."),
    ]
    assert answer["resultSizeEstimate"] == 2
    assert [message["id"] for message in thread["messages"]] == [first["id"], again["id"]]


# Labels


def test_labels_change_by_what_a_call_adds_and_removes(alice: Any) -> None:
    done = label_of(alice, "Mentorat/traité")
    found = inserted(alice, a_message(), "INBOX", "UNREAD")

    body = {"addLabelIds": [done], "removeLabelIds": ["UNREAD"]}
    changed = alice.users().messages().modify(userId="me", id=found["id"], body=body).execute()

    assert changed == {"id": found["id"], "threadId": found["threadId"], "labelIds": ["INBOX", done]}
    assert listed(alice, labelIds=[done]) == [found["id"]]
    assert listed(alice, q="is:unread") == []


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ({"addLabelIds": ["SENT"]}, "Invalid label: SENT"),
        ({"removeLabelIds": ["DRAFT"]}, "Invalid label: DRAFT"),
        ({"addLabelIds": ["Label_99"]}, "Invalid label: Label_99"),
        ({}, "No label add or removes specified"),
    ],
)
def test_labels_that_can_not_be_set_are_refused(alice: Any, body: dict[str, Any], wanted: str) -> None:
    found = inserted(alice, a_message(), "INBOX")

    with pytest.raises(HttpError) as caught:
        alice.users().messages().modify(userId="me", id=found["id"], body=body).execute()

    assert refusal(caught.value) == (400, wanted)


def test_the_trash_takes_a_message_out_of_sight_and_gives_it_back(alice: Any) -> None:
    found = inserted(alice, a_message(), "INBOX")
    messages = alice.users().messages()

    assert messages.trash(userId="me", id=found["id"]).execute()["labelIds"] == ["TRASH"]
    assert listed(alice) == []
    assert listed(alice, q="in:trash") == [found["id"]]
    assert "labelIds" not in messages.untrash(userId="me", id=found["id"]).execute()
    assert listed(alice) == [found["id"]]


def test_many_messages_are_changed_and_deleted_at_once_unknown_ids_passed_over(alice: Any) -> None:
    ids = [inserted(alice, a_message(), "INBOX", "UNREAD")["id"] for _ in range(3)]

    body = {"ids": [*ids, "18c0ffee00000000"], "removeLabelIds": ["UNREAD"]}
    alice.users().messages().batchModify(userId="me", body=body).execute()
    assert listed(alice, labelIds=["UNREAD"]) == []

    alice.users().messages().batchDelete(userId="me", body={"ids": ids[:2]}).execute()
    assert listed(alice) == [ids[2]]


def test_a_label_can_be_made_renamed_counted_and_deleted(alice: Any) -> None:
    labels = alice.users().labels()
    made = labels.create(userId="me", body={"name": "Mentorat"}).execute()
    below = label_of(alice, "Mentorat/À traiter")
    found = inserted(alice, a_message(), "INBOX", "UNREAD", below)

    assert made == {
        "id": "Label_1",
        "name": "Mentorat",
        "messageListVisibility": "show",
        "labelListVisibility": "labelShow",
        "type": "user",
    }
    counted = labels.get(userId="me", id=below).execute()
    assert {key: value for key, value in counted.items() if key.endswith(("Total", "Unread"))} == {
        "messagesTotal": 1,
        "messagesUnread": 1,
        "threadsTotal": 1,
        "threadsUnread": 1,
    }
    assert labels.patch(userId="me", id=below, body={"name": "Traité"}).execute()["name"] == "Traité"
    labels.delete(userId="me", id=below).execute()
    shown = alice.users().messages().get(userId="me", id=found["id"], format="minimal").execute()
    assert shown["labelIds"] == ["INBOX", "UNREAD"]
    names = [
        label["name"] for label in labels.list(userId="me").execute()["labels"] if label["type"] == "user"
    ]
    assert names == ["Mentorat"]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("MENTORAT", (409, "Label name exists or conflicts")),
        ("Inbox", (400, "Invalid label name")),
        ("", (400, "Invalid label name")),
        ("a//b", (400, "Invalid label name")),
    ],
)
def test_a_label_name_that_is_taken_or_can_not_be_is_refused(
    alice: Any, name: str, wanted: tuple[int, str]
) -> None:
    label_of(alice, "Mentorat")

    with pytest.raises(HttpError) as caught:
        label_of(alice, name)

    assert refusal(caught.value) == wanted


def test_system_labels_are_there_and_stay(alice: Any) -> None:
    labels = alice.users().labels()
    known = {label["id"] for label in labels.list(userId="me").execute()["labels"]}
    assert {"INBOX", "SENT", "DRAFT", "SPAM", "TRASH", "UNREAD", "STARRED", "IMPORTANT"} <= known

    with pytest.raises(HttpError) as caught:
        labels.delete(userId="me", id="INBOX").execute()
    assert refusal(caught.value) == (400, "Invalid delete request")


# History


def history(service: Any, start: str, **query: Any) -> dict[str, Any]:
    answer: dict[str, Any] = (
        service.users().history().list(userId="me", startHistoryId=start, **query).execute()
    )
    return answer


def test_the_history_tells_each_change_in_order(alice: Any) -> None:
    start = alice.users().getProfile(userId="me").execute()["historyId"]
    found = inserted(alice, a_message(), "INBOX", "UNREAD")
    alice.users().messages().modify(
        userId="me", id=found["id"], body={"removeLabelIds": ["UNREAD"]}
    ).execute()
    alice.users().messages().modify(userId="me", id=found["id"], body={"addLabelIds": ["STARRED"]}).execute()
    alice.users().messages().delete(userId="me", id=found["id"]).execute()

    answer = history(alice, start)

    ids = {"id": found["id"], "threadId": found["threadId"]}
    changes = [
        {key: value for key, value in record.items() if key not in ("id", "messages")}
        for record in answer["history"]
    ]
    assert changes == [
        {"messagesAdded": [{"message": {**ids, "labelIds": ["INBOX", "UNREAD"]}}]},
        {"labelsRemoved": [{"message": {**ids, "labelIds": ["INBOX"]}, "labelIds": ["UNREAD"]}]},
        {"labelsAdded": [{"message": {**ids, "labelIds": ["INBOX", "STARRED"]}, "labelIds": ["STARRED"]}]},
        {"messagesDeleted": [{"message": {**ids, "labelIds": ["INBOX", "STARRED"]}}]},
    ]
    assert answer["historyId"] == answer["history"][-1]["id"]
    assert history(alice, answer["historyId"]) == {"historyId": answer["historyId"]}


def test_the_history_can_be_narrowed_and_paged(alice: Any) -> None:
    start = alice.users().getProfile(userId="me").execute()["historyId"]
    ids = [inserted(alice, a_message(), "INBOX")["id"] for _ in range(3)]
    inserted(alice, a_message(), "SPAM")
    alice.users().messages().modify(userId="me", id=ids[0], body={"addLabelIds": ["STARRED"]}).execute()

    request, seen = (
        alice.users()
        .history()
        .list(
            userId="me", startHistoryId=start, historyTypes=["messageAdded"], labelId="INBOX", maxResults=2
        ),
        [],
    )
    while request is not None:
        answer = request.execute()
        seen.append([record["messagesAdded"][0]["message"]["id"] for record in answer["history"]])
        request = alice.users().history().list_next(request, answer)

    assert seen == [ids[:2], ids[2:]]


def test_history_older_than_a_week_is_forgotten(alice: Any, sandbox: Running) -> None:
    set_clock(sandbox, "2026-03-02T09:00:00+01:00")
    start = alice.users().getProfile(userId="me").execute()["historyId"]
    inserted(alice, a_message(), "INBOX")
    set_clock(sandbox, "2026-03-08T09:00:00+01:00")
    middle = history(alice, start)["historyId"]
    late = inserted(alice, a_message(), "INBOX")["id"]
    set_clock(sandbox, "2026-03-10T09:00:00+01:00")

    service = alice.users()
    with pytest.raises(HttpError) as caught:
        service.history().list(userId="me", startHistoryId=start).execute()

    assert refusal(caught.value) == (404, "Requested entity was not found.")
    assert [record["messages"][0]["id"] for record in history(alice, middle)["history"]] == [late]


@pytest.mark.parametrize("start", ["999999999", "1"])
def test_a_history_id_never_given_out_is_not_found(alice: Any, start: str) -> None:
    with pytest.raises(HttpError) as caught:
        history(alice, start)

    assert caught.value.resp.status == 404


# Several calls in one request


def test_calls_in_a_batch_are_answered_each_for_itself(alice: Any) -> None:
    ids = [inserted(alice, a_message(subject=f"Élève {i}"), "INBOX")["id"] for i in range(2)]
    answers: dict[str, Any] = {}

    def keep(id: str, answer: Any, error: HttpError | None) -> None:
        answers[id] = refusal(error) if error else answer["labelIds"]

    batch = alice.new_batch_http_request(callback=keep)
    messages = alice.users().messages()
    for id in [*ids, "18c0ffee00000000"]:
        batch.add(messages.get(userId="me", id=id, format="minimal"), request_id=id)
    body = {"addLabelIds": ["STARRED"]}
    batch.add(messages.modify(userId="me", id=ids[0], body=body), request_id="a change")
    batch.execute()

    assert answers == {
        ids[0]: ["INBOX"],
        ids[1]: ["INBOX"],
        "18c0ffee00000000": (404, "Requested entity was not found."),
        "a change": ["INBOX", "STARRED"],
    }
    assert listed(alice, labelIds=["STARRED"]) == [ids[0]]
