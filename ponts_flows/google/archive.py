"""All that the mailbox holds, read from its beginning: what left, what is drafted, what came in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ponts_flows.errors import GoogleRefused
from ponts_flows.google.batch import read_together
from ponts_flows.google.mailbox import LABELS, File, ReceivedMail, as_kept
from ponts_flows.google.pages import pages
from ponts_flows.google.transport import Google, execute

AT_ONCE = 50


@dataclass(frozen=True, kw_only=True)
class ArchivedMail(ReceivedMail):
    """A mail as the mailbox keeps it. `filed`: as its label says; `draft_id`: of one not sent.

    `received_at`: when it came into the mailbox, or left it.
    """

    filed: File | None
    draft_id: str | None = None


class Archive:
    """The programme's mailbox, read whole; nothing here changes it."""

    def __init__(self, google: Google) -> None:
        self._google = google
        self._service: Any = google.collection("gmail", "v1")
        self._users: Any = google.collection("gmail", "v1", "users")
        self._drafts: Any = google.collection("gmail", "v1", "users", "drafts")
        self._messages: Any = google.collection("gmail", "v1", "users", "messages")
        labels = execute(google.collection("gmail", "v1", "users", "labels").list(userId="me"))["labels"]
        named = {label["name"]: label["id"] for label in labels}
        self._files = {named[name]: file for file, name in LABELS.items() if name in named}

    def cursor(self) -> str:
        """From where reading goes on; taken before the rest is read, so that nothing is missed."""
        return str(execute(self._users.getProfile(userId="me"))["historyId"])

    def sent(self, since: datetime | None = None) -> Iterator[ArchivedMail]:
        """Every mail that left, since a moment if one is given."""
        return self._read(self._listed("in:sent" + _after(since)))

    def received(self, since: datetime | None = None) -> Iterator[ArchivedMail]:
        """Every mail that came in, wherever it was moved since, but for the bin."""
        for where in ("-in:sent -in:drafts -in:spam", "in:spam"):
            yield from self._read(self._listed(where + _after(since)))

    def drafts(self) -> Iterator[ArchivedMail]:
        """Every draft."""
        found = {
            str(one["message"]["id"]): str(one["id"])
            for page in pages(self._drafts, userId="me", maxResults=500)
            for one in page.get("drafts", [])
        }
        return self._read(iter(found), found)

    def _listed(self, query: str) -> Iterator[str]:
        for page in pages(self._messages, userId="me", q=query, maxResults=500):
            yield from (str(message["id"]) for message in page.get("messages", []))

    def _read(self, ids: Iterator[str], drafts: dict[str, str] | None = None) -> Iterator[ArchivedMail]:
        """The mails of a list, so many at once; one deleted since it was listed is left out."""
        wanted = list(ids)
        for start in range(0, len(wanted), AT_ONCE):
            here = wanted[start : start + AT_ONCE]
            asked = [self._messages.get(userId="me", id=id, format="raw") for id in here]
            for found in read_together(self._google, self._service, asked):
                if isinstance(found, GoogleRefused):
                    if found.status != 404:
                        raise found
                    continue
                yield self._mail(found, (drafts or {}).get(str(found["id"])))

    def _mail(self, found: dict[str, Any], draft_id: str | None) -> ArchivedMail:
        labels = found.get("labelIds", [])
        return ArchivedMail(
            **as_kept(found),
            filed=next((self._files[label] for label in labels if label in self._files), None),
            draft_id=draft_id,
        )


def _after(since: datetime | None) -> str:
    return "" if since is None else f" after:{int(since.timestamp())}"
