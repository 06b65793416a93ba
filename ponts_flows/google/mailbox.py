"""The programme's mailbox: drafts handed over one by one, and what came in since last time."""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from ponts_flows.errors import GivenUp, GoogleRefused, GoogleUnreachable
from ponts_flows.google.batch import read_together
from ponts_flows.google.pages import pages
from ponts_flows.google.transport import Google, execute
from ponts_flows.google.unlogged import unlogged


@dataclass(frozen=True, kw_only=True)
class SentMail:
    """A mail that left, under the identifiers that Gmail gave it."""

    gmail_id: str
    thread_id: str


@dataclass(frozen=True, kw_only=True)
class ReceivedMail:
    """A mail of the inbox or of the spam folder, raw (base64url)."""

    gmail_id: str
    thread_id: str
    received_at: datetime
    raw: str
    spam: bool = False


@dataclass(frozen=True, kw_only=True)
class Received:
    """What a reading of the mailbox found, where the next one goes on, and which mails could not be read, and why."""

    cursor: str
    mails: tuple[ReceivedMail, ...]
    unread: Mapping[str, Exception]


class File(StrEnum):
    """Where a received mail stands, as its label in the mailbox says. Stored: never renamed."""

    DONE = "done"
    WAITING = "waiting"


LABELS = {File.DONE: "Mentoring/traité", File.WAITING: "Mentoring/à traiter"}
_MOST_FILED = 1000


class Mailbox:
    """The mailbox of `google.mailbox`. Nothing here is repeated by itself: the caller knows what may be."""

    def __init__(self, google: Google) -> None:
        self._google = google
        self._service: Any = google.collection("gmail", "v1")
        self._users: Any = google.collection("gmail", "v1", "users")
        self._drafts: Any = google.collection("gmail", "v1", "users", "drafts")
        self._messages: Any = google.collection("gmail", "v1", "users", "messages")
        self._labels: Any = google.collection("gmail", "v1", "users", "labels")
        self._histories: Any = google.collection("gmail", "v1", "users", "history")

    def create_draft(self, mime: bytes, *, thread_id: str | None = None) -> str:
        """Create a draft and return its identifier."""
        message = {"raw": base64.urlsafe_b64encode(mime).decode("ascii")}
        if thread_id:
            message["threadId"] = thread_id
        created = execute(self._drafts.create(userId="me", body={"message": message}))
        return str(created["id"])

    def draft_with(self, reference: str) -> str | None:
        """The draft whose text holds a visible reference, if there is one."""
        found = execute(self._drafts.list(userId="me", q=f'"{reference}"', maxResults=2))
        drafts = found.get("drafts", [])
        return str(drafts[0]["id"]) if drafts else None

    def draft_exists(self, draft_id: str) -> bool:
        """Whether a draft is still there: as long as it is, it has not left."""
        try:
            execute(self._drafts.get(userId="me", id=draft_id, format="minimal"))
        except GoogleRefused as error:
            if error.status == 404:
                return False
            raise
        return True

    def send_draft(self, draft_id: str) -> SentMail:
        """Hand a draft over. Raises OutcomeUnknown when no answer came: it may have left."""
        return _sent(execute(self._drafts.send(userId="me", body={"id": draft_id})))

    def sent_with(self, reference: str) -> SentMail | None:
        """The sent mail whose text holds a visible reference, if it is found (Gmail's index may lag)."""
        found = execute(self._messages.list(userId="me", q=f'in:sent "{reference}"', maxResults=2))
        messages = found.get("messages", [])
        return _sent(messages[0]) if messages else None

    def message_ids(self, gmail_ids: Sequence[str]) -> list[str | None]:
        """The Message-ID of each sent mail, all read together; "" for one that is no longer there, None: not now.

        Gmail rewrites the one it is given: the real one is read back, for the replies that will name it.
        """
        asked = [
            self._messages.get(
                userId="me",
                id=gmail_id,
                format="metadata",
                metadataHeaders=["Message-ID"],
                fields="payload/headers",
            )
            for gmail_id in gmail_ids
        ]
        found = read_together(self._google, self._service, asked)
        return [_message_id(one) for one in found]

    def file(self, gmail_ids: Sequence[str], file: File) -> None:
        """Give mails their label, in place of the other one; what is done is marked as read and leaves the inbox.

        Repeating it changes nothing.
        """
        known = {label["name"]: label["id"] for label in execute(self._labels.list(userId="me"))["labels"]}
        away = [known[name] for other, name in LABELS.items() if other is not file and name in known]
        if file is File.DONE:
            away += ["INBOX", "UNREAD"]
        name = LABELS[file]
        id = known.get(name) or execute(self._labels.create(userId="me", body={"name": name}))["id"]
        for start in range(0, len(gmail_ids), _MOST_FILED):
            ids = list(gmail_ids[start : start + _MOST_FILED])
            body = {"ids": ids, "addLabelIds": [id], "removeLabelIds": away}
            execute(self._messages.batchModify(userId="me", body=body))

    def exchanged_with(self, addresses: Collection[str]) -> list[str]:
        """The mails to or from some addresses, but for the bin and what Gmail took for spam."""
        queries = [f"{where}:{address}" for address in sorted(addresses) for where in ("from", "to")]
        with unlogged():
            return list(dict.fromkeys(id for query in queries for id in self._listed(query, hidden=False)))

    def bin(self, gmail_ids: Sequence[str]) -> None:
        """Put mails in the bin, which Gmail empties of them after 30 days; for good is not in this account's power.

        Repeating it changes nothing; mails that are not there are passed over.
        """
        for start in range(0, len(gmail_ids), _MOST_FILED):
            body = {"ids": list(gmail_ids[start : start + _MOST_FILED]), "addLabelIds": ["TRASH"]}
            execute(self._messages.batchModify(userId="me", body=body))

    def delete_draft(self, draft_id: str) -> None:
        """Delete a draft for good; one that is not there any more is no error."""
        try:
            execute(self._drafts.delete(userId="me", id=draft_id))
        except GoogleRefused as error:
            if error.status != 404:
                raise

    def received_since(self, cursor: str | None, again: Sequence[str] = ()) -> Received:
        """The mails received since a cursor, spam included, and those of `again`, which could not be read before.

        A first reading, and one whose cursor Gmail no longer knows, lists everything: the caller drops what it has.
        Raises GoogleUnreachable when not one of several could be read.
        """
        ids, following = self._news(cursor)
        mails: list[ReceivedMail] = []
        unread: dict[str, Exception] = {}
        for id in dict.fromkeys((*again, *ids)):
            try:
                mails += self._received(id)
            except GivenUp:
                raise
            except (GoogleUnreachable, KeyError, ValueError, TypeError) as error:
                unread[id] = error
        silent = [why for why in unread.values() if isinstance(why, GoogleUnreachable)]
        if silent and len(unread) > 1 and not mails:
            raise silent[0]
        return Received(cursor=following, mails=tuple(mails), unread=unread)

    def _news(self, cursor: str | None) -> tuple[list[str], str]:
        if cursor is not None:
            try:
                return self._history(cursor)
            except GoogleRefused as error:
                if error.status != 404:
                    raise
        return self._everything()

    def _history(self, cursor: str) -> tuple[list[str], str]:
        ids: dict[str, None] = {}
        asked = {"userId": "me", "startHistoryId": cursor, "historyTypes": ["messageAdded"]}
        following = cursor
        # The most there is: what we sent ourselves counts here too, and should not cost pages.
        for page in pages(self._histories, **asked, maxResults=500):
            following = str(page["historyId"])
            for record in page.get("history", []):
                for added in record.get("messagesAdded", []):
                    labels = added["message"].get("labelIds", [])
                    if "INBOX" in labels or "SPAM" in labels:
                        ids[str(added["message"]["id"])] = None
        return list(ids), following

    def _everything(self) -> tuple[list[str], str]:
        """The cursor is taken first: what arrives while listing is then seen twice, never missed."""
        cursor = str(execute(self._users.getProfile(userId="me"))["historyId"])
        return list(self._listed("in:inbox OR in:spam")), cursor

    def _listed(self, query: str, *, hidden: bool = True) -> Iterator[str]:
        asked = {"userId": "me", "q": query, "includeSpamTrash": hidden, "maxResults": 500}
        for page in pages(self._messages, **asked):
            yield from (str(message["id"]) for message in page.get("messages", []))

    def _received(self, gmail_id: str) -> list[ReceivedMail]:
        """One mail; none when it was deleted between the listing and now."""
        try:
            found = execute(self._messages.get(userId="me", id=gmail_id, format="raw"))
        except GoogleRefused as error:
            if error.status == 404:
                return []
            raise
        return [ReceivedMail(**as_kept(found))]


def as_kept(found: dict[str, Any]) -> dict[str, Any]:
    """The fields of a ReceivedMail, of a message that Gmail gave in its raw form."""
    return {
        "gmail_id": str(found["id"]),
        "thread_id": str(found["threadId"]),
        "received_at": datetime.fromtimestamp(int(found["internalDate"]) / 1000, UTC),
        "raw": found["raw"],
        "spam": "SPAM" in found.get("labelIds", []),
    }


def _sent(message: dict[str, Any]) -> SentMail:
    return SentMail(gmail_id=str(message["id"]), thread_id=str(message["threadId"]))


def _message_id(message: dict[str, Any] | GoogleRefused | GoogleUnreachable) -> str | None:
    if isinstance(message, Exception):
        return "" if isinstance(message, GoogleRefused) else None
    headers = message.get("payload", {}).get("headers", [])
    return next((str(header["value"]) for header in headers if header["name"].lower() == "message-id"), "")
